/* SPDX-License-Identifier: MIT */
/*
 * Folds the PUD level into the P4D entry above it; see pgtable-nop4d.h.
 */
#ifndef _ASM_GENERIC_PGTABLE_NOPUD_H
#define _ASM_GENERIC_PGTABLE_NOPUD_H

#include <asm-generic/pgtable-nop4d.h>

#define __PAGETABLE_PUD_FOLDED	1

typedef struct { p4d_t p4d; } pud_t;

#ifndef PUD_SHIFT
#define PUD_SHIFT	P4D_SHIFT
#endif
#define PTRS_PER_PUD	1

#define pud_val(x)	(p4d_val((x).p4d))
#define __pud(x)	((pud_t) { __p4d(x) })

static inline int p4d_none(p4d_t p4d) { return 0; }
static inline int p4d_bad(p4d_t p4d) { return 0; }
static inline int p4d_present(p4d_t p4d) { return 1; }
static inline int p4d_leaf(p4d_t p4d) { return 0; }
static inline void p4d_clear(p4d_t *p4d) { }

static inline pud_t *pud_offset(p4d_t *p4d, unsigned long addr)
{
	return (pud_t *)p4d;
}

#endif
