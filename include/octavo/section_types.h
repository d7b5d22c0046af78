/* SPDX-License-Identifier: MIT */
/*
 * Sections: the unit in which SPARSEMEM notes where memory is. Roots are
 * arrays of sections, made only where there is memory.
 */
#ifndef _OCTAVO_SECTION_TYPES_H
#define _OCTAVO_SECTION_TYPES_H

#include <linux/types.h>
#include <asm/page.h>

#define PFN_SECTION_SHIFT	(SECTION_SIZE_BITS - PAGE_SHIFT)
#define PAGES_PER_SECTION	(1UL << PFN_SECTION_SHIFT)
#define PAGE_SECTION_MASK	(~(PAGES_PER_SECTION - 1))
#define NR_MEM_SECTIONS		(1UL << (MAX_PHYSMEM_BITS - SECTION_SIZE_BITS))

/* A subsection is a pageblock: what a hole can leave out. */
#define SUBSECTION_SHIFT	PMD_SHIFT
#define PFN_SUBSECTION_SHIFT	(SUBSECTION_SHIFT - PAGE_SHIFT)
#define PAGES_PER_SUBSECTION	(1UL << PFN_SUBSECTION_SHIFT)
#define SUBSECTIONS_PER_SECTION	(1U << (SECTION_SIZE_BITS - SUBSECTION_SHIFT))

struct mem_section {
	struct page *map;	/* b: of its first frame; SPARSEMEM only */
	DECLARE_BITMAP(valid, SUBSECTIONS_PER_SECTION);	/* b: has memory */
};

/* 256 sections to a root: 4 KiB, and 32 GiB of 128 MiB sections. */
#define SECTIONS_PER_ROOT	256UL

#endif
