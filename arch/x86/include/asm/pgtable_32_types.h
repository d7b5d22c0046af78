/* SPDX-License-Identifier: MIT */
/*
 * With PAE three levels of entries of 64 bits, the top one of 4 entries;
 * without, two levels of 1024 entries of 32 bits. What lacks is folded.
 */
#ifndef _ASM_PGTABLE_32_TYPES_H
#define _ASM_PGTABLE_32_TYPES_H

#include <linux/types.h>

#ifdef CONFIG_X86_PAE

typedef u64	pteval_t;
typedef u64	pmdval_t;
typedef u64	pudval_t;
typedef u64	pgdval_t;
typedef u64	pgprotval_t;

#define CONFIG_PGTABLE_LEVELS	3

#define PTRS_PER_PTE		512
#define PTRS_PER_PMD		512
#define PTRS_PER_PGD		4
#define PGDIR_SHIFT		30

#define _PAGE_NX		(1ULL << 63)
/* Bits 12 to 51: what the architecture lets an address have. */
#define PTE_PFN_MASK		0x000ffffffffff000ULL

#else

typedef u32	pteval_t;
typedef u32	pmdval_t;
typedef u32	pudval_t;
typedef u32	pgdval_t;
typedef u32	pgprotval_t;

#define CONFIG_PGTABLE_LEVELS	2

#define PTRS_PER_PTE		1024
#define PTRS_PER_PGD		1024
#define PGDIR_SHIFT		22

/* No bit forbids execution. */
#define _PAGE_NX		0U
#define PTE_PFN_MASK		0xfffff000U

#endif

#endif
