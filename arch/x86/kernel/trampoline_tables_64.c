// SPDX-License-Identifier: MIT
/* Top table, page upper and page middle directory: 2 MiB at address 0. */
#include "trampoline.h"

#include <linux/string.h>
#include <asm/mapping.h>
#include <asm/page.h>

void trampoline_tables(phys_addr_t at)
{
	u64 *pgd = __va(at), *pud = __va(at + PAGE_SIZE);
	u64 *pmd = __va(at + 2 * PAGE_SIZE);

	memcpy(pgd, __va(kernel_pgtable()->root), PAGE_SIZE);
	memset(pud, 0, 2 * PAGE_SIZE);
	pgd[0] = __pa(pud) | _KERNPG_TABLE;
	pud[0] = __pa(pmd) | _KERNPG_TABLE;
	pmd[0] = _KERNPG_TABLE | _PAGE_PSE;
}
