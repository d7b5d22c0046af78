/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_MEM_MODEL_H
#define _OCTAVO_MEM_MODEL_H

struct page;

/* FLATMEM: one array for all frames; theory in mm/early/flat.c. */
struct mem_model {
	struct page *map;		/* b: of frame start_pfn */
	unsigned long start_pfn;	/* b: PFN, a max-order block's first */
	unsigned long end_pfn;		/* b: PFN, a max-order block's end */
	unsigned long *valid;		/* b: one bit a pageblock with memory */
	unsigned long nr_blocks;	/* b: bits in valid, from PFN 0 on */
};

#endif
