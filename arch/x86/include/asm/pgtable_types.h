/* SPDX-License-Identifier: MIT */
/*
 * Bits of page-table entries, the same at every level but where noted, and
 * the protections made of them. No privileged instruction.
 */
#ifndef _ASM_PGTABLE_TYPES_H
#define _ASM_PGTABLE_TYPES_H

#include <linux/types.h>
#include <asm/page.h>
#ifdef CONFIG_64BIT
#include <asm/pgtable_64_types.h>
#else
#include <asm/pgtable_32_types.h>
#endif

#define _PAGE_PRESENT	((pteval_t)1 << 0)
#define _PAGE_RW	((pteval_t)1 << 1)
#define _PAGE_USER	((pteval_t)1 << 2)
#define _PAGE_PWT	((pteval_t)1 << 3)	/* low bit of the PAT index */
#define _PAGE_PCD	((pteval_t)1 << 4)	/* middle bit of the index */
#define _PAGE_ACCESSED	((pteval_t)1 << 5)
#define _PAGE_DIRTY	((pteval_t)1 << 6)
#define _PAGE_PSE	((pteval_t)1 << 7)	/* leaf, above the last level */
#define _PAGE_PAT	((pteval_t)1 << 7)	/* high bit, last level */
#define _PAGE_GLOBAL	((pteval_t)1 << 8)
#define _PAGE_SPECIAL	((pteval_t)1 << 9)	/* software: no struct page */
#define _PAGE_PAT_LARGE	((pteval_t)1 << 12)	/* high bit, other leaves */

#define _PAGE_CACHE_MASK	(_PAGE_PWT | _PAGE_PCD | _PAGE_PAT)
#define _KERNPG_TABLE	(_PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY)
#define _PAGE_TABLE	(_KERNPG_TABLE | _PAGE_USER)

/* What a protection says: every bit of a 4K leaf but its frame. */
typedef struct { pgprotval_t pgprot; } pgprot_t;
#define pgprot_val(x)	((x).pgprot)
#define __pgprot(x)	((pgprot_t) { (pgprotval_t)(x) })

#define __KERNEL_COMMON	(_PAGE_PRESENT | _PAGE_ACCESSED | _PAGE_GLOBAL)
#define __PAGE_KERNEL	(__KERNEL_COMMON | _PAGE_RW | _PAGE_DIRTY | _PAGE_NX)
#define PAGE_KERNEL		__pgprot(__PAGE_KERNEL)
#define PAGE_KERNEL_RO		__pgprot(__KERNEL_COMMON | _PAGE_NX)
#define PAGE_KERNEL_ROX		__pgprot(__KERNEL_COMMON)
#define PAGE_KERNEL_NOCACHE						\
	__pgprot(__PAGE_KERNEL | _PAGE_PCD | _PAGE_PWT)

typedef struct { pteval_t pte; } pte_t;
typedef struct { pgdval_t pgd; } pgd_t;

#define pte_val(x)	((x).pte)
#define __pte(x)	((pte_t) { (pteval_t)(x) })
#define pgd_val(x)	((x).pgd)
#define __pgd(x)	((pgd_t) { (pgdval_t)(x) })

/*
 * How the CPU may cache a page. The PAT is programmed so that the low four
 * indices mean what they do without one, but for WC in place of WT:
 *
 *   index  PAT PCD PWT   with PAT   without
 *     0     0   0   0      WB         WB
 *     1     0   0   1      WC         WT
 *     2     0   1   0      UC-        UC-
 *     3     0   1   1      UC         UC
 *     4     1   0   0      WB
 *     5     1   0   1      WP
 *     6     1   1   0      UC-
 *     7     1   1   1      WT
 */
enum page_cache_mode {
	_PAGE_CACHE_MODE_WB,
	_PAGE_CACHE_MODE_WC,
	_PAGE_CACHE_MODE_UC_MINUS,
	_PAGE_CACHE_MODE_UC,
	_PAGE_CACHE_MODE_WT,
	_PAGE_CACHE_MODE_WP,
	_PAGE_CACHE_MODE_NUM
};

/*
 * The _PAGE_CACHE_MASK bits of a 4K leaf that make it @mode. A mode that a
 * CPU without PAT (@pat false) lacks gets the nearest one that is no laxer.
 */
pgprotval_t cachemode2protval(enum page_cache_mode mode, bool pat);
/* The mode that the bits of a 4K leaf mean. */
enum page_cache_mode pgprot2cachemode(pgprot_t prot, bool pat);
/* The value of the PAT register of the table above. */
u64 pat_msr_value(void);

#endif
