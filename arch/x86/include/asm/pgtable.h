/* SPDX-License-Identifier: MIT */
/*
 * Page tables by type: one set of accessors for PGD, P4D, PUD, PMD and PTE.
 * A level that the CPU lacks is folded (asm-generic/pgtable-nop*.h), so the
 * same walk serves 2, 3 and 4 levels. Code that handles whole ranges or
 * formats other than the running one uses asm/pgtable_walk.h.
 *
 *   pgd = pgd_offset_pgd(root, addr);   p4d = p4d_offset(pgd, addr);
 *   pud = pud_offset(p4d, addr);        pmd = pmd_offset(pud, addr);
 *   pte = pte_offset_kernel(pmd, addr);
 *
 * An X_offset() may be called only when the entry above is present and no
 * leaf. Entries are read and written whole; who may write is up to the lock
 * that guards the table. set_pte() is for an entry that is not present,
 * set_pte_atomic() for any.
 */
#ifndef _ASM_PGTABLE_H
#define _ASM_PGTABLE_H

#include <linux/compiler.h>
#include <asm/pgtable_types.h>

/* For an entry that points to a table or is a large leaf. */
#define __PGTABLE_TABLE_ENTRY(name, type)				\
static inline int name##_none(type e)					\
{									\
	return !name##_val(e);						\
}									\
static inline int name##_present(type e)				\
{									\
	return !!(name##_val(e) & _PAGE_PRESENT);			\
}									\
static inline int name##_leaf(type e)					\
{									\
	return (name##_val(e) & (_PAGE_PRESENT | _PAGE_PSE)) ==		\
	       (_PAGE_PRESENT | _PAGE_PSE);				\
}									\
/* Neither empty nor a pointer to a table. */				\
static inline int name##_bad(type e)					\
{									\
	return (name##_val(e) & (_PAGE_PRESENT | _PAGE_PSE)) !=		\
	       _PAGE_PRESENT;						\
}									\
static inline unsigned long name##_pfn(type e)				\
{									\
	pteval_t pat = name##_leaf(e) ? _PAGE_PAT_LARGE : 0;		\
									\
	return (unsigned long)((name##_val(e) & PTE_PFN_MASK & ~pat)	\
			       >> PAGE_SHIFT);				\
}									\
/* Direct-map address of the table below. */				\
static inline unsigned long name##_page_vaddr(type e)			\
{									\
	return (unsigned long)__va(name##_val(e) & PTE_PFN_MASK);	\
}									\
static inline void name##_clear(type *e)				\
{									\
	__pgtable_entry_clear(e);					\
}

/* Entry of @addr in the table that the entry @up points to. */
#define __PGTABLE_OFFSET(name, type, up, uptype, shift, ptrs)		\
static inline unsigned long name##_index(unsigned long addr)		\
{									\
	return (addr >> (shift)) & ((ptrs) - 1);			\
}									\
static inline type *name##_offset(uptype *e, unsigned long addr)	\
{									\
	return (type *)up##_page_vaddr(*e) + name##_index(addr);	\
}

#ifdef CONFIG_64BIT
#include <asm/pgtable_64.h>
#else
#include <asm/pgtable_32.h>
#endif

#define PMD_SIZE	(1UL << PMD_SHIFT)
#define PMD_MASK	(~((long)PMD_SIZE - 1))
#define PUD_SIZE	(1UL << PUD_SHIFT)
#define PUD_MASK	(~((long)PUD_SIZE - 1))
#define PGDIR_SIZE	(1UL << PGDIR_SHIFT)
#define PGDIR_MASK	(~((long)PGDIR_SIZE - 1))

__PGTABLE_OFFSET(pte, pte_t, pmd, pmd_t, PAGE_SHIFT, PTRS_PER_PTE)
#define pte_offset_kernel(pmd, addr)	pte_offset(pmd, addr)

static inline unsigned long pgd_index(unsigned long addr)
{
	return (addr >> PGDIR_SHIFT) & (PTRS_PER_PGD - 1);
}

static inline pgd_t *pgd_offset_pgd(pgd_t *root, unsigned long addr)
{
	return root + pgd_index(addr);
}

/* Last-level entries. */

static inline pte_t pfn_pte(unsigned long pfn, pgprot_t prot)
{
	return __pte(((pteval_t)pfn << PAGE_SHIFT) | pgprot_val(prot));
}

static inline pmd_t pfn_pmd(unsigned long pfn, pgprot_t prot)
{
	pteval_t pat = pgprot_val(prot) & _PAGE_PAT ? _PAGE_PAT_LARGE : 0;

	return __pmd(((pteval_t)pfn << PAGE_SHIFT) | pgprot_val(prot) |
		     _PAGE_PSE | pat);
}

static inline unsigned long pte_pfn(pte_t pte)
{
	return (unsigned long)((pte_val(pte) & PTE_PFN_MASK) >> PAGE_SHIFT);
}

static inline pgprot_t pte_pgprot(pte_t pte)
{
	return __pgprot(pte_val(pte) & ~PTE_PFN_MASK);
}

static inline int pte_none(pte_t pte) { return !pte_val(pte); }
static inline int pte_same(pte_t a, pte_t b) { return pte_val(a) == pte_val(b); }
static inline int pte_present(pte_t pte)
{
	return !!(pte_val(pte) & _PAGE_PRESENT);
}
static inline int pte_write(pte_t pte) { return !!(pte_val(pte) & _PAGE_RW); }
static inline int pte_exec(pte_t pte) { return !(pte_val(pte) & _PAGE_NX); }
static inline int pte_dirty(pte_t pte) { return !!(pte_val(pte) & _PAGE_DIRTY); }
static inline int pte_young(pte_t pte)
{
	return !!(pte_val(pte) & _PAGE_ACCESSED);
}
static inline int pte_special(pte_t pte)
{
	return !!(pte_val(pte) & _PAGE_SPECIAL);
}

static inline pte_t pte_set_flags(pte_t pte, pteval_t set)
{
	return __pte(pte_val(pte) | set);
}

static inline pte_t pte_clear_flags(pte_t pte, pteval_t clear)
{
	return __pte(pte_val(pte) & ~clear);
}

static inline pte_t pte_mkwrite_novma(pte_t pte)
{
	return pte_set_flags(pte, _PAGE_RW);
}
static inline pte_t pte_wrprotect(pte_t pte)
{
	return pte_clear_flags(pte, _PAGE_RW);
}
static inline pte_t pte_mkdirty(pte_t pte)
{
	return pte_set_flags(pte, _PAGE_DIRTY);
}
static inline pte_t pte_mkclean(pte_t pte)
{
	return pte_clear_flags(pte, _PAGE_DIRTY);
}
static inline pte_t pte_mkyoung(pte_t pte)
{
	return pte_set_flags(pte, _PAGE_ACCESSED);
}
static inline pte_t pte_mkold(pte_t pte)
{
	return pte_clear_flags(pte, _PAGE_ACCESSED);
}
static inline pte_t pte_mkexec(pte_t pte)
{
	return pte_clear_flags(pte, _PAGE_NX);
}
static inline pte_t pte_mkspecial(pte_t pte)
{
	return pte_set_flags(pte, _PAGE_SPECIAL);
}

/* Keeps the frame and what the CPU noted, takes the rest from @prot. */
static inline pte_t pte_modify(pte_t pte, pgprot_t prot)
{
	pteval_t keep = PTE_PFN_MASK | _PAGE_ACCESSED | _PAGE_DIRTY |
			_PAGE_SPECIAL;

	return __pte((pte_val(pte) & keep) | (pgprot_val(prot) & ~keep));
}

static inline void pte_clear(pte_t *ptep)
{
	__pgtable_entry_clear(ptep);
}

#endif
