/* SPDX-License-Identifier: MIT */
/*
 * The firmware's memory map: a list of typed ranges of physical addresses.
 */
#ifndef _ASM_E820_TYPES_H
#define _ASM_E820_TYPES_H

#include <linux/limits.h>
#include <linux/numa.h>
#include <linux/types.h>

/*
 * Numbers below 128 are the firmware's own (ACPI 6, "Address Range Types").
 * Where ranges overlap the higher number holds.
 */
enum e820_type {
	E820_TYPE_RAM		= 1,
	E820_TYPE_RESERVED	= 2,
	E820_TYPE_ACPI		= 3,	/* tables; RAM once they are read */
	E820_TYPE_NVS		= 4,	/* kept over sleep for the firmware */
	E820_TYPE_UNUSABLE	= 5,	/* RAM with errors */
	E820_TYPE_PMEM		= 7,	/* persistent */
	E820_TYPE_PRAM		= 12,	/* persistent, before ACPI 6 */
	E820_TYPE_RESERVED_KERN	= 128,	/* RAM the loader's data is in */
	E820_TYPE_SOFT_RESERVED	= 0xefffffff, /* RAM set aside by EFI */
};

/* size is not 0, and addr + size is at most 2^64. */
struct e820_entry {
	u64 addr;		/* first byte */
	u64 size;		/* bytes */
	enum e820_type type;
};

/* What boot_params holds, and as many again for three ranges a node. */
/* What the chipset and old adapters have of the first MiB. */
#define ISA_START_ADDRESS	0xa0000
#define ISA_END_ADDRESS		0x100000

#define E820_MAX_ENTRIES_BOOT	128
#define E820_MAX_ENTRIES	(E820_MAX_ENTRIES_BOOT + 3 * MAX_NUMNODES)

/*
 * Ranges may overlap in any order until e820_table_sanitize(); the rest of
 * the calls keep a sanitized table sanitized, but for the add call and for
 * new neighbours that could be merged. Invariants in e820_table.c.
 */
struct e820_table {
	u32 nr_entries;		/* in use, from index 0 */
	u32 nr_lost;		/* ranges that did not fit */
	struct e820_entry entries[E820_MAX_ENTRIES];
};

/* What mem= and memmap= said. b: boot only */
struct e820_options {
	bool userdef;		/* b: the table is not the firmware's alone */
	u64 mem_limit;		/* b: bytes of mem=; 0: none */
};

#endif
