/* SPDX-License-Identifier: MIT */
/* The levels that 64 bits have of their own: PUD and PMD. */
#ifndef _ASM_PGTABLE_64_H
#define _ASM_PGTABLE_64_H

#include <asm-generic/pgtable-nop4d.h>

typedef struct { pudval_t pud; } pud_t;
typedef struct { pmdval_t pmd; } pmd_t;

#define pud_val(x)	((x).pud)
#define __pud(x)	((pud_t) { (pudval_t)(x) })
#define pmd_val(x)	((x).pmd)
#define __pmd(x)	((pmd_t) { (pmdval_t)(x) })

static inline void __pgtable_entry_clear(void *e)
{
	WRITE_ONCE(*(pgdval_t *)e, 0);
}

__PGTABLE_TABLE_ENTRY(p4d, p4d_t)
__PGTABLE_TABLE_ENTRY(pud, pud_t)
__PGTABLE_TABLE_ENTRY(pmd, pmd_t)

__PGTABLE_OFFSET(pud, pud_t, p4d, p4d_t, PUD_SHIFT, PTRS_PER_PUD)
__PGTABLE_OFFSET(pmd, pmd_t, pud, pud_t, PMD_SHIFT, PTRS_PER_PMD)

static inline void set_pgd(pgd_t *pgdp, pgd_t pgd) { WRITE_ONCE(*pgdp, pgd); }
static inline void set_p4d(p4d_t *p4dp, p4d_t p4d) { WRITE_ONCE(*p4dp, p4d); }
static inline void set_pud(pud_t *pudp, pud_t pud) { WRITE_ONCE(*pudp, pud); }
static inline void set_pmd(pmd_t *pmdp, pmd_t pmd) { WRITE_ONCE(*pmdp, pmd); }
static inline void set_pte(pte_t *ptep, pte_t pte) { WRITE_ONCE(*ptep, pte); }
#define set_pte_atomic(ptep, pte)	set_pte(ptep, pte)

#endif
