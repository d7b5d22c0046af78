/* SPDX-License-Identifier: MIT */
/*
 * Folds the P4D level away: a table of one entry, which is the PGD entry
 * above it. A walk written for five levels then compiles to four.
 * The port has defined pgd_t, pgdval_t, pgd_val() and __pgd().
 */
#ifndef _ASM_GENERIC_PGTABLE_NOP4D_H
#define _ASM_GENERIC_PGTABLE_NOP4D_H

#define __PAGETABLE_P4D_FOLDED	1

typedef struct { pgd_t pgd; } p4d_t;

#define P4D_SHIFT	PGDIR_SHIFT
#define PTRS_PER_P4D	1
#define P4D_SIZE	(1UL << P4D_SHIFT)
#define P4D_MASK	(~(P4D_SIZE - 1))

#define p4d_val(x)	(pgd_val((x).pgd))
#define __p4d(x)	((p4d_t) { __pgd(x) })

/* The one entry is always there; what it holds is p4d_*'s to say. */
static inline int pgd_none(pgd_t pgd) { return 0; }
static inline int pgd_bad(pgd_t pgd) { return 0; }
static inline int pgd_present(pgd_t pgd) { return 1; }
static inline int pgd_leaf(pgd_t pgd) { return 0; }
static inline void pgd_clear(pgd_t *pgd) { }

static inline p4d_t *p4d_offset(pgd_t *pgd, unsigned long addr)
{
	return (p4d_t *)pgd;
}

#endif
