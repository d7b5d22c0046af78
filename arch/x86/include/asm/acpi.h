/* SPDX-License-Identifier: MIT */
/*
 * ACPI tables: finding them, and what they say of processors and nodes.
 * Nothing but the static tables is read. Every length is checked against the
 * bytes that are there before it is used. Boot only, one CPU.
 */
#ifndef _ASM_ACPI_H
#define _ASM_ACPI_H

#include <linux/compiler.h>
#include <asm/acpi_types.h>

#define ACPI_SIG_RSDP		"RSD PTR "
#define ACPI_SIG_MADT		"APIC"
#define ACPI_SIG_SRAT		"SRAT"
#define ACPI_SIG_SLIT		"SLIT"

struct acpi_table_rsdp {
	char signature[8];
	u8 checksum;		/* the first 20 bytes add up to 0 */
	char oem_id[6];
	u8 revision;		/* 2 and up: the second half is there */
	u32 rsdt_physical_address;
	u32 length;
	u64 xsdt_physical_address;
	u8 extended_checksum;	/* all of them add up to 0 */
	u8 reserved[3];
} __packed;

struct acpi_table_header {
	char signature[4];
	u32 length;		/* bytes, with this header */
	u8 revision;
	u8 checksum;		/* all bytes add up to 0 */
	char oem_id[6];
	char oem_table_id[8];
	u32 oem_revision;
	char asl_compiler_id[4];
	u32 asl_compiler_revision;
} __packed;
static_assert(sizeof(struct acpi_table_header) == 36, "ACPI table header");

/* What MADT and SRAT are made of. */
struct acpi_subtable_header {
	u8 type;
	u8 length;		/* bytes, with this header */
} __packed;

/*
 * Takes a table from the caller, who keeps it readable during boot. 0;
 * -EINVAL for one that is too short, whose length or checksum is wrong
 * (logged with its name), -ENOSPC. Tables that were given go before those
 * that firmware has.
 */
int acpi_table_give(const void *table, size_t len);
/*
 * Finds RSDP, root table and all tables, logs and reserves them. @rsdp: what
 * the loader said, or 0: search.
 */
void acpi_boot_table_init(phys_addr_t rsdp);
/* Makes the memory of every table found unavailable to memblock. */
void acpi_reserve_tables(void);
/*
 * Calls @fn with the table called @sig, header checked. -ENODEV when there
 * is none, else what @fn returns.
 */
int acpi_table_parse(const char *sig,
		     int (*fn)(const struct acpi_table_header *table));
/* True when @len bytes at @table hold a table with a right checksum. */
bool acpi_table_sound(const void *table, size_t len, const char **reason);
/*
 * Calls @fn for each entry of a table whose entries start at @offset.
 * Returns the entries seen, or -EINVAL for one that is cut short or runs over
 * the end; @fn returns 0 or an -errno that ends the walk.
 */
int acpi_table_walk(const struct acpi_table_header *table, u32 offset,
		    int (*fn)(const struct acpi_subtable_header *entry,
			      void *ctx), void *ctx);

/* MADT: processors become possible and present. */
int acpi_parse_madt(const struct acpi_table_header *table);
/* Reads the MADT, settles nr_cpu_ids and the CPU masks. */
void acpi_boot_init(void);

/* SRAT and SLIT into the numa_* state. 0, or -errno: use another source. */
int acpi_numa_parse_srat(const struct acpi_table_header *table);
int acpi_numa_parse_slit(const struct acpi_table_header *table);
/* Both, from the tables found; a source for numa_init(). */
int x86_acpi_numa_init(void);

#endif
