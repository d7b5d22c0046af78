/* SPDX-License-Identifier: MIT */
/*
 * The direct map's private calls: init.c, and what differs between 64 and 32
 * bits in init_64.c and init_32.c. Start-up, booting CPU.
 */
#ifndef _X86_MM_INIT_H
#define _X86_MM_INIT_H

#include <asm/fixmap.h>
#include <asm/page.h>
#include <asm/pgtable.h>
#include <asm/pgtable_walk.h>

/* The image is no larger than this, bytes. */
#define IMAGE_MAX		(32UL << 20)

/*
 * KERNEL_PGTABLE: the format of the kernel's tables. UPPER_TABLES: how many of
 * pgt_buf lie between the root and the last ones: on 64 bits a PUD and a PMD
 * each for image and fixmap, ISA range, first step. FIXMAP_TABLES: the last
 * ones of the fixmap; on 32 bits they do not come from pgt_buf.
 */
#ifdef CONFIG_64BIT
#define KERNEL_PGTABLE		pgtable_4level
#define UPPER_TABLES		(3 * 2)
#define FIXMAP_TABLES		(__end_of_fixed_addresses / PTRS_PER_PTE + 2)
#else
#define FIXMAP_TABLES		0
#ifdef CONFIG_X86_PAE
#define KERNEL_PGTABLE		pgtable_pae
#define UPPER_TABLES		PTRS_PER_PGD
#else
#define KERNEL_PGTABLE		pgtable_2level
#define UPPER_TABLES		0
#endif
#endif

/* The image's parts and what may be done with each. */
#define NR_IMAGE_PARTS		6
extern const struct image_part {
	const char *start, *end;
	pgprotval_t prot;
} image_parts[NR_IMAGE_PARTS];

/* Maps one range with leaves of @level; stops the machine if it cannot. */
void kernel_map(unsigned long va, phys_addr_t phys, u64 size, int level,
		pgprot_t prot);
/* Maps the RAM within [r_start, r_end) at PAGE_OFFSET; returns its bytes. */
u64 init_range_memory_mapping(phys_addr_t r_start, phys_addr_t r_end);

/* Before anything is mapped: takes RAM out of memblock that is not used. */
void mapping_prepare(void);
/*
 * Maps the image's parts with their rights, and RAM from 0 on up to what is
 * returned, @end at most. The CPU does not use these tables yet.
 */
phys_addr_t map_image(phys_addr_t end);
/* 32 bits: the tables below a root whose entries are never to change. */
void top_tables_init(void);
/* 32 bits: entries of kmap() and kmap_local_page() are theirs from now on. */
void fixmap_leave(void);
/* All is mapped: what must not change must not change at any address. */
void protect_image_alias(void);
/* Init memory is given back: its frames become ordinary ones. */
void retire_init_image(unsigned long start, unsigned long end);

#endif
