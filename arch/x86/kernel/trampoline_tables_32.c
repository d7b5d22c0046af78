// SPDX-License-Identifier: MIT
/*
 * Base pages for the first table's worth of addresses: 4 MiB; 2 MiB with PAE,
 * whose middle directory stands between. An entry of PAE's top table has a
 * present bit, and all that protects is reserved.
 */
#include "trampoline.h"

#include <linux/string.h>
#include <asm/mapping.h>
#include <asm/page.h>

void trampoline_tables(phys_addr_t at)
{
	pgdval_t *pgd = __va(at);
	pteval_t *pte = __va(at + PAGE_SIZE);
	pmdval_t *pmd = __va(at + 2 * PAGE_SIZE);
	unsigned int i;

	memcpy(pgd, __va(kernel_pgtable()->root),
	       PTRS_PER_PGD * sizeof(*pgd));
	for (i = 0; i < PTRS_PER_PTE; i++)
		pte[i] = (pteval_t)i * PAGE_SIZE | _KERNPG_TABLE;
	if (CONFIG_PGTABLE_LEVELS == 2) {
		pgd[0] = __pa(pte) | _KERNPG_TABLE;
		return;
	}
	memset(pmd, 0, PAGE_SIZE);
	pmd[0] = __pa(pte) | _KERNPG_TABLE;
	pgd[0] = __pa(pmd) | _PAGE_PRESENT;
}
