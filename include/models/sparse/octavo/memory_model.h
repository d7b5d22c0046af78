/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_MEMORY_MODEL_H
#define _OCTAVO_MEMORY_MODEL_H

#include <octavo/section.h>

/*
 * The struct pages of a section fill one block, aligned to its own size:
 * 32 bytes for each of 32768 frames make 1 MiB.
 */
#define MEMMAP_BLOCK_SHIFT	(PFN_SECTION_SHIFT + 5)
#define MEMMAP_BLOCK_SIZE	(1UL << MEMMAP_BLOCK_SHIFT)
static_assert(sizeof(struct page) << PFN_SECTION_SHIFT == MEMMAP_BLOCK_SIZE,
	      "a section's struct pages fill a block");

/* 1024 blocks to a table: a page of u32. */
#define MEMMAP_TABLE_SHIFT	10

#define pfn_to_page(pfn) ({						\
	unsigned long __pfn = (pfn);					\
	__pfn_to_section(__pfn)->map + (__pfn & ~PAGE_SECTION_MASK); })

/* @page is the struct page of a valid frame. */
static inline unsigned long page_to_pfn(const struct page *page)
{
	phys_addr_t addr = __pa(page);
	unsigned long block = (unsigned long)(addr >> MEMMAP_BLOCK_SHIFT);
	u32 *table = this_machine()->mem_model.section_of[
						block >> MEMMAP_TABLE_SHIFT];
	u32 nr = table[block & ((1UL << MEMMAP_TABLE_SHIFT) - 1)];

	return section_nr_to_pfn(nr) +
	       ((unsigned long)addr & (MEMMAP_BLOCK_SIZE - 1)) /
	       sizeof(struct page);
}

/* Whether @page is the struct page of a frame, whatever it points at. */
static inline bool page_pointer_valid(const struct page *page)
{
	const struct mem_model *m = &this_machine()->mem_model;
	phys_addr_t addr = __pa(page);
	phys_addr_t table = addr >> (MEMMAP_BLOCK_SHIFT + MEMMAP_TABLE_SHIFT);
	unsigned long pfn;

	if (addr % sizeof(*page) || table >= m->nr_tables ||
	    !m->section_of[table])
		return false;
	pfn = page_to_pfn(page);
	return pfn_valid(pfn) && pfn_to_page(pfn) == page;
}

#endif
