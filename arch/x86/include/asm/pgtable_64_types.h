/* SPDX-License-Identifier: MIT */
/* Four levels of 512 entries of 64 bits; P4D is folded. */
#ifndef _ASM_PGTABLE_64_TYPES_H
#define _ASM_PGTABLE_64_TYPES_H

#include <linux/types.h>

typedef u64	pteval_t;
typedef u64	pmdval_t;
typedef u64	pudval_t;
typedef u64	pgdval_t;
typedef u64	pgprotval_t;

#define CONFIG_PGTABLE_LEVELS	4

#define PTRS_PER_PTE		512
#define PTRS_PER_PMD		512
#define PTRS_PER_PUD		512
#define PTRS_PER_PGD		512
#define PGDIR_SHIFT		39

#define _PAGE_NX		(1ULL << 63)
/* Bits 12 to 51: what the architecture lets an address have. */
#define PTE_PFN_MASK		0x000ffffffffff000ULL

#endif
