/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_MEMORY_MODEL_H
#define _OCTAVO_MEMORY_MODEL_H

#include <octavo/pfn_valid_map.h>

/* Blocks of 64 MiB: a byte each, 64 KiB for a machine of 4 TiB. */
#define PHYSNODE_SHIFT	(26 - PAGE_SHIFT)
#define PHYSNODE_NONE	0xff	/* no memory in the block */
#define PHYSNODE_MIXED	0xfe	/* memory of several nodes: see ranges */

/* The node of @pfn, by bisection; a hole belongs to the range below it. */
int pfn_to_nid_mixed(unsigned long pfn);

/* The node of a frame with memory in its block, else NUMA_NO_NODE. */
static inline int pfn_to_nid(unsigned long pfn)
{
	const struct mem_model *m = &this_machine()->mem_model;
	unsigned long block = pfn >> PHYSNODE_SHIFT;

	if (block >= m->nr_physnode || m->physnode_map[block] == PHYSNODE_NONE)
		return NUMA_NO_NODE;
	if (unlikely(m->physnode_map[block] == PHYSNODE_MIXED))
		return pfn_to_nid_mixed(pfn);
	return m->physnode_map[block];
}

/* @pfn's node has memory. */
static inline struct page *pfn_to_page(unsigned long pfn)
{
	const struct pglist_data *pgdat = NODE_DATA(pfn_to_nid(pfn));

	return pgdat->node_mem_map +
	       (long)(pfn - pgdat->node_start_pfn);
}

/* @page has been initialised: its flags say which array it is in. */
static inline unsigned long page_to_pfn(const struct page *page)
{
	const struct pglist_data *pgdat = NODE_DATA(page_to_nid(page));

	return (unsigned long)(page - pgdat->node_mem_map) +
	       pgdat->node_start_pfn;
}

/* Whether @page is the struct page of a frame, whatever it points at. */
static inline bool page_pointer_valid(const struct page *page)
{
	int nid;

	for_each_online_node(nid) {
		const struct pglist_data *pgdat = NODE_DATA(nid);
		unsigned long bytes = (unsigned long)page -
				      (unsigned long)pgdat->node_mem_map;
		unsigned long pfn = bytes / sizeof(*page) +
				    pgdat->node_start_pfn;

		if (bytes % sizeof(*page) == 0 && pfn_valid(pfn) &&
		    pfn_to_nid(pfn) == nid && pfn_to_page(pfn) == page)
			return true;
	}
	return false;
}

#endif
