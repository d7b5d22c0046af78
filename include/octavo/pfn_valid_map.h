/* SPDX-License-Identifier: MIT */
/* pfn_valid() of FLATMEM and DISCONTIGMEM: one bit for each pageblock. */
#ifndef _OCTAVO_PFN_VALID_MAP_H
#define _OCTAVO_PFN_VALID_MAP_H

#include <linux/bitops.h>
#include <octavo/machine.h>

/* True when the pageblock of @pfn holds memory; any context. */
static inline bool pfn_valid(unsigned long pfn)
{
	const struct mem_model *m = &this_machine()->mem_model;
	unsigned long block = pfn >> pageblock_order;

	return block < m->nr_blocks && test_bit(block, m->valid);
}

#endif
