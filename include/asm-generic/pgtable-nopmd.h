/* SPDX-License-Identifier: MIT */
/*
 * Folds the PMD level into the PUD entry above it; see pgtable-nop4d.h.
 */
#ifndef _ASM_GENERIC_PGTABLE_NOPMD_H
#define _ASM_GENERIC_PGTABLE_NOPMD_H

#include <asm-generic/pgtable-nopud.h>

#define __PAGETABLE_PMD_FOLDED	1

typedef struct { pud_t pud; } pmd_t;

#ifndef PMD_SHIFT
#define PMD_SHIFT	PUD_SHIFT
#endif
#define PTRS_PER_PMD	1

#define pmd_val(x)	(pud_val((x).pud))
#define __pmd(x)	((pmd_t) { __pud(x) })

static inline int pud_none(pud_t pud) { return 0; }
static inline int pud_bad(pud_t pud) { return 0; }
static inline int pud_present(pud_t pud) { return 1; }
static inline int pud_leaf(pud_t pud) { return 0; }
static inline void pud_clear(pud_t *pud) { }
/* No entry of this level points to a table. */
static inline unsigned long pud_pfn(pud_t pud) { return 0; }

static inline pmd_t *pmd_offset(pud_t *pud, unsigned long addr)
{
	return (pmd_t *)pud;
}

#endif
