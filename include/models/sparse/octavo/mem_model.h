/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_MEM_MODEL_H
#define _OCTAVO_MEM_MODEL_H

#include <linux/types.h>

struct mem_section;

/* SPARSEMEM: an array for each section; theory in mm/early/sparse.c. */
struct mem_model {
	struct mem_section **roots;	/* b: NULL where there is no memory */
	unsigned long nr_sections;	/* b: up to the last with memory */
	u32 **section_of;		/* b: section whose struct pages lie in
					 * a block, by its number; NULL: none */
	unsigned long nr_tables;	/* b: places in section_of */
};

#endif
