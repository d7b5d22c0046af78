/* SPDX-License-Identifier: MIT */
/*
 * Three levels: an entry has two words. The CPU looks at the present bit of
 * the low one first, so an entry that comes is written from its high word, and
 * one that goes from its low word. To change a present one, all 64 bits are
 * exchanged at once.
 */
#ifndef _ASM_PGTABLE_3LEVEL_H
#define _ASM_PGTABLE_3LEVEL_H

#include <asm-generic/pgtable-nopud.h>

typedef struct { pmdval_t pmd; } pmd_t;

#define pmd_val(x)	((x).pmd)
#define __pmd(x)	((pmd_t) { (pmdval_t)(x) })

__PGTABLE_TABLE_ENTRY(pud, pud_t)
__PGTABLE_TABLE_ENTRY(pmd, pmd_t)

__PGTABLE_OFFSET(pmd, pmd_t, pud, pud_t, PMD_SHIFT, PTRS_PER_PMD)

/* An entry that is not there comes. */
static inline void set_pte(pte_t *ptep, pte_t pte)
{
	u32 *word = (u32 *)ptep;

	WRITE_ONCE(word[1], (u32)(pte_val(pte) >> 32));
	barrier();
	WRITE_ONCE(word[0], (u32)pte_val(pte));
}

/* An entry that may be there changes. */
static inline void set_pmd(pmd_t *pmdp, pmd_t pmd)
{
	__atomic_store_n((u64 *)pmdp, pmd_val(pmd), __ATOMIC_SEQ_CST);
}

static inline void set_pud(pud_t *pudp, pud_t pud)
{
	__atomic_store_n((u64 *)pudp, pud_val(pud), __ATOMIC_SEQ_CST);
}

static inline void set_p4d(p4d_t *p4dp, p4d_t p4d)
{
	__atomic_store_n((u64 *)p4dp, p4d_val(p4d), __ATOMIC_SEQ_CST);
}

#endif
