/* SPDX-License-Identifier: MIT */
/* Two levels: an entry of 32 bits is read and written whole. */
#ifndef _ASM_PGTABLE_2LEVEL_H
#define _ASM_PGTABLE_2LEVEL_H

#include <asm-generic/pgtable-nopmd.h>

static inline void __pgtable_entry_clear(void *e)
{
	WRITE_ONCE(*(pgdval_t *)e, 0);
}

__PGTABLE_TABLE_ENTRY(pmd, pmd_t)

static inline void set_pgd(pgd_t *pgdp, pgd_t pgd) { WRITE_ONCE(*pgdp, pgd); }
static inline void set_p4d(p4d_t *p4dp, p4d_t p4d) { WRITE_ONCE(*p4dp, p4d); }
static inline void set_pud(pud_t *pudp, pud_t pud) { WRITE_ONCE(*pudp, pud); }
static inline void set_pmd(pmd_t *pmdp, pmd_t pmd) { WRITE_ONCE(*pmdp, pmd); }
static inline void set_pte(pte_t *ptep, pte_t pte) { WRITE_ONCE(*ptep, pte); }
#define set_pte_atomic(ptep, pte)	set_pte(ptep, pte)

#endif
