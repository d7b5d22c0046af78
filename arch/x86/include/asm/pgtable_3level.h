/* SPDX-License-Identifier: MIT */
/*
 * Three levels: an entry has two words; asm/entry_write.h says what follows.
 * The CPU reads the four entries at the top when CR3 is written and then no
 * more: who changes one of a tree in use has CR3 written on all CPUs.
 */
#ifndef _ASM_PGTABLE_3LEVEL_H
#define _ASM_PGTABLE_3LEVEL_H

#include <asm/entry_write.h>
#include <asm-generic/pgtable-nopud.h>

typedef struct { pmdval_t pmd; } pmd_t;

#define pmd_val(x)	((x).pmd)
#define __pmd(x)	((pmd_t) { (pmdval_t)(x) })

static inline void __pgtable_entry_clear(void *e)
{
	entry_goes(e);
}

__PGTABLE_TABLE_ENTRY(pud, pud_t)
__PGTABLE_TABLE_ENTRY(pmd, pmd_t)

__PGTABLE_OFFSET(pmd, pmd_t, pud, pud_t, PMD_SHIFT, PTRS_PER_PMD)

/* Of an entry that is not present, which is what most callers fill. */
static inline void set_pte(pte_t *ptep, pte_t pte)
{
	entry_comes(&ptep->pte, pte_val(pte));
}

/* Of one that may be present. */
static inline void set_pte_atomic(pte_t *ptep, pte_t pte)
{
	entry_changes(&ptep->pte, pte_val(pte));
}

/* These are written now and then: whatever the entry was. */
static inline void set_pmd(pmd_t *pmdp, pmd_t pmd)
{
	entry_changes(&pmdp->pmd, pmd_val(pmd));
}

static inline void set_pgd(pgd_t *pgdp, pgd_t pgd)
{
	entry_changes(&pgdp->pgd, pgd_val(pgd));
}

static inline void set_p4d(p4d_t *p4dp, p4d_t p4d)
{
	set_pgd(&p4dp->pgd, __pgd(p4d_val(p4d)));
}

static inline void set_pud(pud_t *pudp, pud_t pud)
{
	set_p4d(&pudp->p4d, __p4d(pud_val(pud)));
}

#endif
