// SPDX-License-Identifier: MIT
/* The map behind pfn_valid() of the models that have no sections. */
#include "valid_map.h"

#include <linux/math.h>
#include <linux/printk.h>

#include "early.h"

void valid_map_setup(void)
{
	struct mem_model *m = &this_machine()->mem_model;
	unsigned long start, end, block;
	size_t bytes;
	int i;

	m->nr_blocks = pageblock_align(PFN_DOWN(memblock_end_of_DRAM())) >>
		       pageblock_order;
	bytes = BITS_TO_LONGS(m->nr_blocks) * sizeof(long);
	m->valid = memblock_alloc(bytes, SMP_CACHE_BYTES);
	if (!m->valid)
		panic("memory model: no memory for %zu bytes of pfn_valid map",
		      bytes);
	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, NULL)
		for (block = start >> pageblock_order;
		     block << pageblock_order < end; block++)
			__set_bit(block, m->valid);
}
