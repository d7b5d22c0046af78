/* SPDX-License-Identifier: MIT */
#ifndef _ASM_ACPI_TYPES_H
#define _ASM_ACPI_TYPES_H

#include <linux/threads.h>
#include <linux/types.h>

/* Tables that are kept; a PC's firmware has a dozen to forty. */
#define ACPI_MAX_TABLES		64

/* A table that was found. b: boot only */
struct acpi_table_desc {
	char signature[4];	/* b */
	u32 length;		/* b: bytes */
	phys_addr_t address;	/* b: physical; 0: given by the caller */
	const void *given;	/* b: the bytes, when given; or NULL */
};

struct acpi_state {
	phys_addr_t rsdp;	/* b: physical; 0: none */
	u32 nr_tables;		/* b */
	struct acpi_table_desc tables[ACPI_MAX_TABLES];	/* b */
	phys_addr_t lapic_addr;	/* b: of the local APICs; 0: not told */
	bool disabled;		/* b: acpi=off */
	bool srat_disabled;	/* b: numa=noacpi, or the SRAT was bad */
};

#endif
