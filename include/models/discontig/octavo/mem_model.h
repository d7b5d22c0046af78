/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_MEM_MODEL_H
#define _OCTAVO_MEM_MODEL_H

#include <linux/types.h>

/* Frames of one node, for blocks that more than one node shares. */
struct pfn_node_range {
	unsigned long start_pfn;	/* b: PFN */
	int nid;			/* b: of it and all up to the next */
};

/* DISCONTIGMEM: an array for each node; theory in mm/early/discontig.c. */
struct mem_model {
	u8 *physnode_map;		/* b: node of a block, PHYSNODE_* */
	unsigned long nr_physnode;	/* b: bytes in it, from PFN 0 on */
	struct pfn_node_range *ranges;	/* b: sorted; NULL: no mixed block */
	unsigned long nr_ranges;	/* b */
	unsigned long *valid;		/* b: one bit a pageblock with memory */
	unsigned long nr_blocks;	/* b: bits in valid, from PFN 0 on */
};

#endif
