// SPDX-License-Identifier: MIT
/*
 * FLATMEM: one array of struct pages from the first frame of memory to the
 * last, holes included; for machines whose holes are small.
 *
 *   frames   ....|#########|  hole  |##########|
 *   mem_map      |=============================|
 *                start_pfn                     end_pfn
 */
#include "early.h"

#include <linux/printk.h>

#include "valid_map.h"

void mem_model_setup(void)
{
	struct mem_model *m = &this_machine()->mem_model;
	phys_addr_t bytes;
	int nid;

	valid_map_setup();
	m->start_pfn = ALIGN_DOWN(PFN_DOWN(memblock_start_of_DRAM()),
				  MAX_ORDER_NR_PAGES);
	m->end_pfn = ALIGN(PFN_UP(memblock_end_of_DRAM()), MAX_ORDER_NR_PAGES);
	bytes = (phys_addr_t)(m->end_pfn - m->start_pfn) * sizeof(struct page);
	m->map = memblock_alloc_try_nid_raw(bytes, PAGE_SIZE,
					    PFN_PHYS(MAX_DMA_PFN),
					    MEMBLOCK_ALLOC_ACCESSIBLE,
					    NUMA_NO_NODE);
	if (!m->map)
		panic("Failed to allocate %llu bytes for the memory map\n",
		      (u64)bytes);
	for_each_online_node(nid)
		if (NODE_DATA(nid)->node_spanned_pages)
			NODE_DATA(nid)->node_mem_map =
				pfn_to_page(NODE_DATA(nid)->node_start_pfn);
}
