// SPDX-License-Identifier: MIT
/*
 * Nodes and zones, from memblock's regions and the port's zone limits.
 *
 * Terms. A zone's bounds in a node are the node's span cut by the zone's
 * limits. Spanned counts the frames in the bounds, present those of them that
 * are memory. Managed pages are the page allocator's and 0 here.
 *
 *   limits   | DMA |       DMA32        |        Normal              |
 *   node 0   .=====|====================.
 *   node 1                              .====|====   ================.
 *                                         DMA32^hole^   Normal
 *
 * Invariants, verified by zone_check() and pgdat_check() in mm_check.c.
 *
 * The order of free_area_init(): nodes for memory that has none; zone limits;
 * ZONE_MOVABLE's starts; spans; room for struct pages (the memory model);
 * their values (memmap_init.c). All of it by the booting CPU, from memblock.
 *
 * Failure. Without memory for a node or its zones the machine stops.
 *
 * Differs from Linux: present pages are never lowered by what struct pages
 * take; managed pages start at 0; a port says that it has no such zone by
 * a limit of 0, so one kernel serves machines with and without high memory.
 */
#include "early.h"

#include <linux/bug.h>
#include <linux/math.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <octavo/pageblock_types.h>

static const char *const zone_names[MAX_NR_ZONES] = {
	[ZONE_DMA] = "DMA",
	[ZONE_DMA32] = "DMA32",
	[ZONE_NORMAL] = "Normal",
	[ZONE_HIGHMEM] = "HighMem",
	[ZONE_MOVABLE] = "Movable",
	[ZONE_DEVICE] = "Device",
};

bool zone_exists(enum zone_type idx)
{
	if (idx == ZONE_MOVABLE || idx == ZONE_DEVICE)
		return zone_type_known(idx);
	return this_machine()->arch_zone_highest[idx] != 0;
}

int zone_movable_index(void)
{
	const struct machine *m = this_machine();
	int idx;

	for (idx = ZONE_MOVABLE - 1; idx > 0; idx--)
		if (m->arch_zone_highest[idx] > m->arch_zone_lowest[idx])
			break;
	return idx;
}

/* ---- questions about nodes, answered by memblock ---- */

void get_pfn_range_for_nid(unsigned int nid, unsigned long *start_pfn,
			   unsigned long *end_pfn)
{
	unsigned long start, end;
	int i;

	*start_pfn = ULONG_MAX;
	*end_pfn = 0;
	for_each_mem_pfn_range(i, (int)nid, &start, &end, NULL) {
		*start_pfn = min(*start_pfn, start);
		*end_pfn = max(*end_pfn, end);
	}
	if (*start_pfn == ULONG_MAX)
		*start_pfn = 0;
}

unsigned long __absent_pages_in_range(int nid, unsigned long range_start_pfn,
				      unsigned long range_end_pfn)
{
	unsigned long absent = range_end_pfn - range_start_pfn;
	struct pfn_span r;
	int i;

	for_each_mem_pfn_range(i, nid, &r.start, &r.end, NULL) {
		r = pfn_span_clip(r, range_start_pfn, range_end_pfn);
		absent -= pfn_span_size(r);
	}
	return absent;
}

unsigned long absent_pages_in_range(unsigned long start_pfn,
				    unsigned long end_pfn)
{
	return __absent_pages_in_range(MAX_NUMNODES, start_pfn, end_pfn);
}

int early_pfn_to_nid(unsigned long pfn)
{
	int nid = memblock_search_pfn_nid(pfn, NULL, NULL);

	if (nid < 0 || nid >= MAX_NUMNODES)
		nid = first_node(this_machine()->node_masks[N_ONLINE]);
	return nid;
}

unsigned long node_map_pfn_alignment(void)
{
	unsigned long start, end, last_end = 0, align = 0, mask;
	int i, nid, last_nid = NUMA_NO_NODE;

	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid) {
		if (start && last_nid >= 0 && last_nid != nid) {
			/* The coarsest that still parts the two. */
			mask = ~(start & -start) + 1;
			while (mask && last_end <= (start & (mask << 1)))
				mask <<= 1;
			align |= mask;
		}
		last_nid = nid;
		last_end = end;
	}
	return ~align + 1;
}

/* ---- nodes ---- */

void alloc_node_data(int nid)
{
	const size_t size = ALIGN(sizeof(pg_data_t), SMP_CACHE_BYTES);
	phys_addr_t pa, last;
	int where;

	pa = memblock_phys_alloc_try_nid(size, SMP_CACHE_BYTES, nid);
	if (!pa)
		panic("Cannot allocate %zu bytes for node %d data\n", size,
		      nid);
	last = pa + size - 1;
	pr_info("NODE_DATA(%d) allocated [mem %#010llx-%#010llx]\n", nid,
		(u64)pa, (u64)last);
	where = early_pfn_to_nid(PHYS_PFN(pa));
	if (where != nid)
		pr_info("    NODE_DATA(%d) on node %d\n", nid, where);
	node_data[nid] = memset(__va(pa), 0, size);
	node_data[nid]->node_id = nid;
}

static struct memblock_region *region_without_node(void)
{
	struct memblock_region *r;

	for_each_mem_region(r)
		if (r->nid < 0 || r->nid >= MAX_NUMNODES)
			return r;
	return NULL;
}

/* Memory that nobody gave a node is node 0's, as on a machine without NUMA. */
static void nodes_complete_memory(void)
{
	struct memblock_region *r;

	while ((r = region_without_node()))
		if (memblock_set_node(r->base, r->size, &memblock.memory, 0))
			panic("memblock: no room to give [mem %pa, %pa bytes] a node",
			      &r->base, &r->size);
}

/* Every node with memory is online; every one that is possible has data. */
static void nodes_setup(void)
{
	unsigned long start, end;
	int i, nid;

	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid) {
		node_set_state(nid, N_POSSIBLE);
		node_set_state(nid, N_ONLINE);
	}
	for_each_node(nid) {
		if (!NODE_DATA(nid))
			alloc_node_data(nid);
		NODE_DATA(nid)->node_id = nid;
		nr_node_ids = max(nr_node_ids, nid + 1);
	}
}

/* ---- zones ---- */

static void zone_limits_setup(const unsigned long *max_zone_pfn)
{
	struct machine *m = this_machine();
	unsigned long start = PFN_UP(memblock_start_of_DRAM());
	enum zone_type idx;

	for (idx = 0; idx < MAX_NR_ZONES; idx++) {
		m->arch_zone_lowest[idx] = m->arch_zone_highest[idx] = 0;
		if (idx == ZONE_MOVABLE || !max_zone_pfn[idx])
			continue;
		m->arch_zone_lowest[idx] = start;
		start = max(start, max_zone_pfn[idx]);
		m->arch_zone_highest[idx] = start;
	}
}

/*
 * Where ZONE_MOVABLE takes over from the zone that it is cut from, that zone
 * ends; but not when mirrored memory decides, where both share the bounds.
 */
struct pfn_span zone_bounds(int nid, enum zone_type idx,
			     struct pfn_span node)
{
	const struct machine *m = this_machine();
	unsigned long movable = m->zone_movable_pfn[nid];
	enum zone_type from = (enum zone_type)zone_movable_index();
	struct pfn_span r;

	if (idx == ZONE_MOVABLE) {
		if (!movable)
			return (struct pfn_span){ node.end, node.end };
		return pfn_span_clip(node, max(movable,
						m->arch_zone_lowest[from]),
				      max(movable,
					  m->arch_zone_highest[from]));
	}
	r = pfn_span_clip(node, m->arch_zone_lowest[idx],
			   m->arch_zone_highest[idx]);
	if (idx == from && movable && !m->early.kernelcore_mirror)
		r = pfn_span_clip(r, 0, movable);
	return r;
}

/* Memory above the node's movable start is split by whether it is mirrored. */
static bool zone_takes(int nid, enum zone_type idx, struct pfn_span *range,
		       enum memblock_flags flags)
{
	const struct machine *m = this_machine();
	unsigned long movable = m->zone_movable_pfn[nid];

	if (!m->early.kernelcore_mirror || !movable)
		return true;
	if (idx == ZONE_MOVABLE)
		return !(flags & MEMBLOCK_MIRROR);
	if (!(flags & MEMBLOCK_MIRROR))
		*range = pfn_span_clip(*range, 0, movable);
	return true;
}

struct pfn_span zone_part(const struct zone *zone, struct pfn_span range,
			   enum memblock_flags flags)
{
	if (!zone_takes(zone_to_nid(zone), (enum zone_type)zone_idx(zone),
			&range, flags))
		return (struct pfn_span){ 0, 0 };
	return pfn_span_clip(range, zone->zone_start_pfn, zone_end_pfn(zone));
}

unsigned long zone_present_frames(int nid, enum zone_type idx,
				  struct pfn_span node)
{
	struct pfn_span bounds = zone_bounds(nid, idx, node), r;
	unsigned long present = 0;
	int i;

	for_each_mem_pfn_range(i, nid, &r.start, &r.end, NULL) {
		if (!zone_takes(nid, idx, &r, memblock.memory.regions[i].flags))
			continue;
		r = pfn_span_clip(r, bounds.start, bounds.end);
		present += pfn_span_size(r);
	}
	return present;
}

/*
 * One allocation for what the buddy system keeps of a zone's pageblocks. The
 * pageblocks themselves get values when their struct pages do, since on a
 * large machine they are many.
 *
 *   pageblocks | sets, empty | types, all movable
 */
static void zone_setup_pageblocks(struct zone *zone)
{
	const unsigned long first = ALIGN_DOWN(zone->zone_start_pfn,
					       MAX_ORDER_NR_PAGES);
	unsigned long nr = (ALIGN(zone_end_pfn(zone), MAX_ORDER_NR_PAGES) -
			    first) >> pageblock_order;
	size_t maps = nr * sizeof(struct pageblock), sets, bytes;
	char *p;

	sets = block_sets_shape(&zone->block_sets, nr) *
	       sizeof(*zone->block_sets.words);
	bytes = maps + sets + nr;
	p = memblock_alloc_try_nid_raw(bytes, SMP_CACHE_BYTES,
			MEMBLOCK_LOW_LIMIT, MEMBLOCK_ALLOC_ACCESSIBLE,
			zone_to_nid(zone));
	if (!p)
		panic("Failed to allocate %zu bytes for zone %s pageblocks on node %d\n",
		      bytes, zone->name, zone_to_nid(zone));
	zone->pageblock_base = first >> pageblock_order;
	zone->nr_pageblocks = nr;
	zone->pageblocks = (struct pageblock *)p;
	zone->block_sets.words = memset(p + maps, 0, sets);
	zone->pageblock_type = memset(p + maps + sets, MIGRATE_MOVABLE, nr);
}

static void zone_setup(pg_data_t *pgdat, enum zone_type idx,
		       struct pfn_span node)
{
	struct zone *zone = &pgdat->node_zones[idx];
	struct pfn_span bounds = zone_bounds(pgdat->node_id, idx, node);

	zone->name = zone_names[idx];
	zone->node = pgdat->node_id;
	zone->zone_pgdat = pgdat;
	zone->first_deferred_pfn = ULONG_MAX;
	spin_lock_init(&zone->lock);
	if (!pfn_span_size(bounds))
		return;
	zone->zone_start_pfn = bounds.start;
	zone->spanned_pages = pfn_span_size(bounds);
	zone->present_pages = zone_present_frames(pgdat->node_id, idx, node);
	zone->initialized = true;
	zone_setup_pageblocks(zone);
	pgdat->node_present_pages += zone->present_pages;
	pgdat->nr_zones = (int)idx + 1;
}

/* ---- a node with its zones ---- */

static void node_set_memory_states(const pg_data_t *pgdat)
{
	enum zone_type idx;

	if (!pgdat->node_present_pages)
		return;
	node_set_state(pgdat->node_id, N_MEMORY);
	for (idx = 0; idx < ZONE_MOVABLE; idx++) {
		if (!populated_zone(&pgdat->node_zones[idx]))
			continue;
		node_set_state(pgdat->node_id, N_HIGH_MEMORY);
		if (idx <= ZONE_NORMAL)
			node_set_state(pgdat->node_id, N_NORMAL_MEMORY);
	}
}

static void free_area_init_node(int nid)
{
	pg_data_t *pgdat = NODE_DATA(nid);
	struct pfn_span node;
	enum zone_type idx;

	get_pfn_range_for_nid((unsigned int)nid, &node.start, &node.end);
	if (node.start != node.end)
		pr_info("Initmem setup node %d [mem %#018llx-%#018llx]\n", nid,
			(u64)PFN_PHYS(node.start), (u64)PFN_PHYS(node.end) - 1);
	else
		pr_info("Initmem setup node %d as memoryless\n", nid);

	pgdat->node_start_pfn = node.start;
	pgdat->node_spanned_pages = pfn_span_size(node);
	pgdat->node_present_pages = 0;
	pgdat->first_deferred_pfn = ULONG_MAX;
	init_waitqueue_head(&pgdat->kswapd_wait);
	init_waitqueue_head(&pgdat->pfmemalloc_wait);
	spin_lock_init(&pgdat->lru_lock);
	for (idx = 0; idx < MAX_NR_ZONES; idx++)
		zone_setup(pgdat, idx, node);
	node_set_memory_states(pgdat);
	deferred_setup(pgdat);
}

/* ---- what the log says ---- */

static void log_zone_ranges(void)
{
	const struct machine *m = this_machine();
	enum zone_type idx;

	pr_info("Zone ranges:\n");
	for (idx = 0; idx < MAX_NR_ZONES; idx++) {
		if (idx == ZONE_MOVABLE || !zone_exists(idx))
			continue;
		if (m->arch_zone_lowest[idx] == m->arch_zone_highest[idx]) {
			pr_info("  %-8s empty\n", zone_names[idx]);
			continue;
		}
		pr_info("  %-8s [mem %#018llx-%#018llx]\n", zone_names[idx],
			(u64)PFN_PHYS(m->arch_zone_lowest[idx]),
			(u64)PFN_PHYS(m->arch_zone_highest[idx]) - 1);
	}
}

static void log_movable_starts(void)
{
	const struct machine *m = this_machine();
	int nid;

	pr_info("Movable zone start for each node\n");
	for (nid = 0; nid < MAX_NUMNODES; nid++)
		if (m->zone_movable_pfn[nid])
			pr_info("  Node %d: %#018llx\n", nid,
				(u64)PFN_PHYS(m->zone_movable_pfn[nid]));
}

static void log_node_ranges(void)
{
	unsigned long start, end;
	int i, nid;

	pr_info("Early memory node ranges\n");
	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid)
		pr_info("  node %3d: [mem %#018llx-%#018llx]\n", nid,
			(u64)PFN_PHYS(start), (u64)PFN_PHYS(end) - 1);
}

void free_area_init(unsigned long *max_zone_pfn)
{
	int nid;

	if (!memblock.memory.cnt)
		panic("free_area_init: the machine has no memory");
	nodes_complete_memory();
	nodes_setup();
	reserve_mem_setup();
	zone_limits_setup(max_zone_pfn);
	movable_zone_setup();
	log_zone_ranges();
	log_movable_starts();
	log_node_ranges();
	for_each_node(nid)
		free_area_init_node(nid);
	mem_model_setup();
	memmap_init();
}
