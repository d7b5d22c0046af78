// SPDX-License-Identifier: MIT
/*
 * DISCONTIGMEM: an array of struct pages for each node, over all its span,
 * in the node's own memory; for machines whose nodes lie far apart.
 *
 *   frames        |## node 0 ##|           |## node 1 ##|
 *   node_mem_map  |============|           |============|
 *   physnode_map   0  0  0  0   -  -  -  -   1  1  1  1
 *
 * A frame finds its node in physnode_map, a byte for each 64 MiB, and its
 * struct page in the node's array. A struct page finds its node in its flags.
 * Where a block is shared by nodes the map says so, and the sorted starts of
 * all ranges of memory decide.
 */
#include "early.h"

#include <linux/math.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "valid_map.h"

int pfn_to_nid_mixed(unsigned long pfn)
{
	const struct mem_model *m = &this_machine()->mem_model;
	unsigned long low = 0, high = m->nr_ranges;

	/* The last range that starts at @pfn or below. */
	while (low < high) {
		unsigned long mid = (low + high) / 2;

		if (m->ranges[mid].start_pfn <= pfn)
			low = mid + 1;
		else
			high = mid;
	}
	return m->ranges[low ? low - 1 : 0].nid;
}

static void *model_alloc(size_t bytes)
{
	void *p = memblock_alloc(bytes, SMP_CACHE_BYTES);

	if (!p)
		panic("discontig: no memory for %zu bytes of node maps", bytes);
	return p;
}

/* Notes that [start, end) is @nid's; true when it shares a block. */
static bool physnode_set(struct mem_model *m, unsigned long start,
			 unsigned long end, int nid)
{
	unsigned long block = start >> PHYSNODE_SHIFT;
	bool mixed = false;

	for (; block << PHYSNODE_SHIFT < end; block++) {
		u8 *entry = &m->physnode_map[block];

		if (*entry != PHYSNODE_NONE && *entry != nid) {
			*entry = PHYSNODE_MIXED;
			mixed = true;
		} else {
			*entry = (u8)nid;
		}
	}
	return mixed;
}

static void ranges_setup(struct mem_model *m)
{
	unsigned long start, n = 0;
	int i, nid;

	m->ranges = model_alloc(memblock.memory.cnt * sizeof(*m->ranges));
	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, NULL, &nid) {
		m->ranges[n].start_pfn = start;
		m->ranges[n++].nid = nid;
	}
	m->nr_ranges = n;
}

/*
 * The map covers whole max-order blocks, as the struct pages do, so that the
 * buddy of a block has a node too.
 */
static void physnode_setup(struct mem_model *m)
{
	unsigned long start, end;
	bool mixed = false;
	int i, nid;

	end = ALIGN(PFN_UP(memblock_end_of_DRAM()), MAX_ORDER_NR_PAGES);
	m->nr_physnode = DIV_ROUND_UP(end, 1UL << PHYSNODE_SHIFT);
	m->physnode_map = model_alloc(m->nr_physnode);
	memset(m->physnode_map, PHYSNODE_NONE, m->nr_physnode);
	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid)
		mixed |= physnode_set(m, start, end, nid);
	if (mixed)
		ranges_setup(m);
}

/* node_mem_map is of the node's first frame; the array starts at its block. */
static void node_map_setup(pg_data_t *pgdat)
{
	unsigned long start = ALIGN_DOWN(pgdat->node_start_pfn,
					 MAX_ORDER_NR_PAGES);
	unsigned long end = ALIGN(pgdat_end_pfn(pgdat), MAX_ORDER_NR_PAGES);
	phys_addr_t bytes = (phys_addr_t)(end - start) * sizeof(struct page);
	struct page *map;

	map = memblock_alloc_try_nid_raw(bytes, PAGE_SIZE,
					 PFN_PHYS(MAX_DMA_PFN),
					 MEMBLOCK_ALLOC_ACCESSIBLE,
					 pgdat->node_id);
	if (!map)
		panic("Failed to allocate %llu bytes for node %d memory map\n",
		      (u64)bytes, pgdat->node_id);
	pgdat->node_mem_map = map + (pgdat->node_start_pfn - start);
}

void mem_model_setup(void)
{
	int nid;

	valid_map_setup();
	physnode_setup(&this_machine()->mem_model);
	for_each_online_node(nid)
		if (NODE_DATA(nid)->node_spanned_pages)
			node_map_setup(NODE_DATA(nid));
}
