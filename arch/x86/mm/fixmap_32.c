// SPDX-License-Identifier: MIT
/*
 * Page tables of fixed addresses and of kmap(), which are there from the first
 * line of C on and never go:
 *
 *   PKMAP_BASE               FIXADDR_START               FIXADDR_TOP
 *       | pkmap_page_table | ..... | fixmap_page_table ....... |
 *                                  | devices | early | kmap_local |
 *
 * At first they hang in the early tables, so that firmware's tables can be
 * read wherever they lie, then in the kernel's. Between the two no entry is
 * in use.
 *
 * Entries of kmap() and kmap_local_page() are written by those.
 */
#include "init.h"

#include <linux/init.h>
#include <linux/kernel.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>
#include <asm/highmem.h>
#include <asm/mapping.h>
#include <asm/msr.h>

#define NR_FIXMAP_TABLES						\
	((FIXADDR_TOP - 1 - FIXMAP_TABLES_START) / PMD_SIZE + 1)

pte_t fixmap_page_table[NR_FIXMAP_TABLES * PTRS_PER_PTE] __aligned(PAGE_SIZE);
pte_t pkmap_page_table[LAST_PKMAP] __aligned(PAGE_SIZE);

static struct pgtable *tables(void)
{
	return &this_arch()->port.map.kernel;
}

/* The table that is asked for. */
static phys_addr_t __init fixed_table(void *ctx)
{
	return __pa_symbol(ctx);
}

static void *__init early_table_at(void *ctx, phys_addr_t phys)
{
	return phys < EARLY_MAP_SIZE ? __va(phys) : NULL;
}

/* Hangs @nr of @table under the entries from @va on, which are empty. */
static void __init tables_hang(pte_t *table, unsigned long va, unsigned int nr)
{
	static const struct pgtable_ops ops __initconst = {
		fixed_table, early_table_at,
	};
	struct pgtable pt = *tables();

	/* The tables above are there: only last ones are asked for. */
	pt.ops = &ops;
	for (; nr; nr--, va += PMD_SIZE, table += PTRS_PER_PTE) {
		pt.ctx = table;
		BUG_ON(pgtable_reach(&pt, va, 0));
	}
	tables()->nr_tables = pt.nr_tables;
}

static void __init all_tables_hang(void)
{
	tables_hang(pkmap_page_table, PKMAP_BASE, PKMAP_SIZE / PMD_SIZE);
	tables_hang(fixmap_page_table, FIXMAP_TABLES_START, NR_FIXMAP_TABLES);
}

void __init early_fixmap_init(void)
{
	static const struct pgtable_ops ops __initconst = {
		NULL, early_table_at,
	};

	*tables() = (struct pgtable){
		.format = &KERNEL_PGTABLE, .ops = &ops,
		.root = read_cr3() & PAGE_MASK,
	};
	all_tables_hang();
	this_arch()->port.map.fixmap_ready = true;
}

void __init fixmap_tables_init(void)
{
	this_arch()->port.map.areas.pte_prot = kernel_prot(PAGE_KERNEL);
	top_tables_init();
	all_tables_hang();
}

void __init fixmap_leave(void)
{
	unsigned long kmap = fix_to_virt(FIX_KMAP_BEGIN);

	kernel_pgtable_leave(PKMAP_BASE, PKMAP_BASE + PKMAP_SIZE);
	kernel_pgtable_leave(kmap, fix_to_virt(FIX_KMAP_END) + PAGE_SIZE);
}
