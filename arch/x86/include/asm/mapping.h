/* SPDX-License-Identifier: MIT */
/* The kernel's own page tables: direct map, image, device registers. */
#ifndef _ASM_MAPPING_H
#define _ASM_MAPPING_H

#include <linux/types.h>
#include <asm/pgtable_types.h>
#include <asm/pgtable_walk.h>

/* First of all: makes fixed addresses usable where the early tables can. */
void early_fixmap_init(void);
/*
 * Maps memblock's memory below max_low_pfn at PAGE_OFFSET, the image with its
 * rights, and makes these tables the CPU's. Before: memblock's memory and
 * reserved are known, the early tables are in use. After: what is no RAM is
 * not mapped any more (early_memremap), memblock allocates from all that is.
 * Stops the machine when memory for tables lacks.
 */
void init_mem_mapping(void);
/* The end of the RAM that can have an address for good; may lower max_pfn. */
unsigned long low_pfn_limit(void);
/* Once nodes are known: says what is mapped, makes the rest of the tables. */
void pagetable_init(void);
/* Is all of [start_pfn, end_pfn) in the direct map? */
bool pfn_range_is_mapped(unsigned long start_pfn, unsigned long end_pfn);
/* Programs this CPU's page attribute table. Each CPU once. */
void pat_init(void);
/* WP, SMEP, SMAP, UMIP, PGE, NX as the booting CPU found them. Each CPU. */
void cpu_protection_init(void);

/*
 * Verifies that nothing of the kernel is both writable and executable; logs
 * each mapping that is, and the result. Returns the number of such pages.
 */
unsigned long ptdump_check_wx(void);
/* The entries that translate @addr into @buf, from the tables in use. */
void kernel_dump_pagetable(unsigned long addr, char *buf, size_t size);
/* @prot less the bits that this CPU lacks (NX, global). */
pgprotval_t kernel_prot(pgprot_t prot);
/* The kernel's tables, for reading. */
const struct pgtable *kernel_pgtable(void);

/* Addresses are all given away: logs where things lie, where that differs. */
void areas_report(void);

/* Entries of [start, end), whole ones of the table that leads to base pages'
 * tables, are written by somebody else from here on. */
void kernel_pgtable_leave(unsigned long start, unsigned long end);
/* From here on tables come from the page allocator, not from memblock. */
void kernel_pgtable_leave_boot(void);

/*
 * RAM that misreads a pattern (memtest=N, N of them) is reserved and logged.
 * From init_mem_mapping().
 */
void early_memtest(phys_addr_t start, phys_addr_t end);

/*
 * The pages below 1 MiB from which other CPUs start; reserved early, since
 * everything else there may be taken. Calls after the first do nothing;
 * init_mem_mapping() makes one. Base 0: none could be had.
 */
void reserve_real_mode(void);
phys_addr_t real_mode_base(void);

#endif
