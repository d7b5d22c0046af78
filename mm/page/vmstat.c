// SPDX-License-Identifier: MIT
/*
 * Counters: what /proc/vmstat, /proc/zoneinfo, /proc/buddyinfo and
 * /proc/pagetypeinfo show. The files themselves are fs/'s; this gives them
 * names and values.
 *
 * Events are counted per CPU and added up by the reader. A zone's free pages
 * are counted under its lock, without atomics; so are its NUMA events but
 * NUMA_FOREIGN. Sums over zones of what is counted that way are made by the
 * reader, too.
 *
 * Names and their order are Linux 6.12's.
 */
#include "internal.h"

#include "pcp.h"

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/string.h>

DEFINE_PER_CPU(struct vm_event_state, vm_event_states);

#define NUMA_BASE	NR_VM_ZONE_STAT_ITEMS
#define NODE_BASE	(NUMA_BASE + NR_VM_NUMA_EVENT_ITEMS)
#define VM_BASE		(NODE_BASE + NR_VM_NODE_STAT_ITEMS)
#define EVENT_BASE	(VM_BASE + NR_VM_STAT_ITEMS)

#define ZONE(item)	[item]
#define NUMA(item)	[NUMA_BASE + (item)]
#define NODE(item)	[NODE_BASE + (item)]
#define VM(item)	[VM_BASE + (item)]
#define EVENT(item, text) [EVENT_BASE + (item)] = text,

const char *const vmstat_text[NR_VMSTAT_ITEMS] = {
	ZONE(NR_FREE_PAGES) = "nr_free_pages",
	ZONE(NR_ZONE_INACTIVE_ANON) = "nr_zone_inactive_anon",
	ZONE(NR_ZONE_ACTIVE_ANON) = "nr_zone_active_anon",
	ZONE(NR_ZONE_INACTIVE_FILE) = "nr_zone_inactive_file",
	ZONE(NR_ZONE_ACTIVE_FILE) = "nr_zone_active_file",
	ZONE(NR_ZONE_UNEVICTABLE) = "nr_zone_unevictable",
	ZONE(NR_ZONE_WRITE_PENDING) = "nr_zone_write_pending",
	ZONE(NR_MLOCK) = "nr_mlock",
	ZONE(NR_BOUNCE) = "nr_bounce",
	ZONE(NR_ZSPAGES) = "nr_zspages",
	ZONE(NR_FREE_CMA_PAGES) = "nr_free_cma",
	ZONE(NR_UNACCEPTED) = "nr_unaccepted",

	NUMA(NUMA_HIT) = "numa_hit",
	NUMA(NUMA_MISS) = "numa_miss",
	NUMA(NUMA_FOREIGN) = "numa_foreign",
	NUMA(NUMA_INTERLEAVE_HIT) = "numa_interleave",
	NUMA(NUMA_LOCAL) = "numa_local",
	NUMA(NUMA_OTHER) = "numa_other",

	NODE(NR_INACTIVE_ANON) = "nr_inactive_anon",
	NODE(NR_ACTIVE_ANON) = "nr_active_anon",
	NODE(NR_INACTIVE_FILE) = "nr_inactive_file",
	NODE(NR_ACTIVE_FILE) = "nr_active_file",
	NODE(NR_UNEVICTABLE) = "nr_unevictable",
	NODE(NR_SLAB_RECLAIMABLE_B) = "nr_slab_reclaimable",
	NODE(NR_SLAB_UNRECLAIMABLE_B) = "nr_slab_unreclaimable",
	NODE(NR_ISOLATED_ANON) = "nr_isolated_anon",
	NODE(NR_ISOLATED_FILE) = "nr_isolated_file",
	NODE(WORKINGSET_NODES) = "workingset_nodes",
	NODE(WORKINGSET_REFAULT_ANON) = "workingset_refault_anon",
	NODE(WORKINGSET_REFAULT_FILE) = "workingset_refault_file",
	NODE(WORKINGSET_ACTIVATE_ANON) = "workingset_activate_anon",
	NODE(WORKINGSET_ACTIVATE_FILE) = "workingset_activate_file",
	NODE(WORKINGSET_RESTORE_ANON) = "workingset_restore_anon",
	NODE(WORKINGSET_RESTORE_FILE) = "workingset_restore_file",
	NODE(WORKINGSET_NODERECLAIM) = "workingset_nodereclaim",
	NODE(NR_ANON_MAPPED) = "nr_anon_pages",
	NODE(NR_FILE_MAPPED) = "nr_mapped",
	NODE(NR_FILE_PAGES) = "nr_file_pages",
	NODE(NR_FILE_DIRTY) = "nr_dirty",
	NODE(NR_WRITEBACK) = "nr_writeback",
	NODE(NR_WRITEBACK_TEMP) = "nr_writeback_temp",
	NODE(NR_SHMEM) = "nr_shmem",
	NODE(NR_SHMEM_THPS) = "nr_shmem_hugepages",
	NODE(NR_SHMEM_PMDMAPPED) = "nr_shmem_pmdmapped",
	NODE(NR_FILE_THPS) = "nr_file_hugepages",
	NODE(NR_FILE_PMDMAPPED) = "nr_file_pmdmapped",
	NODE(NR_ANON_THPS) = "nr_anon_transparent_hugepages",
	NODE(NR_VMSCAN_WRITE) = "nr_vmscan_write",
	NODE(NR_VMSCAN_IMMEDIATE) = "nr_vmscan_immediate_reclaim",
	NODE(NR_DIRTIED) = "nr_dirtied",
	NODE(NR_WRITTEN) = "nr_written",
	NODE(NR_THROTTLED_WRITTEN) = "nr_throttled_written",
	NODE(NR_KERNEL_MISC_RECLAIMABLE) = "nr_kernel_misc_reclaimable",
	NODE(NR_FOLL_PIN_ACQUIRED) = "nr_foll_pin_acquired",
	NODE(NR_FOLL_PIN_RELEASED) = "nr_foll_pin_released",
	NODE(NR_KERNEL_STACK_KB) = "nr_kernel_stack",
	NODE(NR_PAGETABLE) = "nr_page_table_pages",
	NODE(NR_SECONDARY_PAGETABLE) = "nr_sec_page_table_pages",
	NODE(NR_IOMMU_PAGES) = "nr_iommu_pages",
	NODE(NR_SWAPCACHE) = "nr_swapcached",
	NODE(PGPROMOTE_SUCCESS) = "pgpromote_success",
	NODE(PGPROMOTE_CANDIDATE) = "pgpromote_candidate",
	NODE(PGDEMOTE_KSWAPD) = "pgdemote_kswapd",
	NODE(PGDEMOTE_DIRECT) = "pgdemote_direct",
	NODE(PGDEMOTE_KHUGEPAGED) = "pgdemote_khugepaged",

	VM(NR_DIRTY_THRESHOLD) = "nr_dirty_threshold",
	VM(NR_DIRTY_BG_THRESHOLD) = "nr_dirty_background_threshold",
	VM(NR_MEMMAP_PAGES) = "nr_memmap_pages",
	VM(NR_MEMMAP_BOOT_PAGES) = "nr_memmap_boot_pages",

	VM_EVENTS(EVENT)
};

const char *const migratetype_names[MIGRATE_TYPES] = {
	[MIGRATE_UNMOVABLE] = "Unmovable",
	[MIGRATE_MOVABLE] = "Movable",
	[MIGRATE_RECLAIMABLE] = "Reclaimable",
	[MIGRATE_HIGHATOMIC] = "HighAtomic",
	[MIGRATE_CMA] = "CMA",
	[MIGRATE_ISOLATE] = "Isolate",
};

const char *zone_stat_name(enum zone_stat_item item)
{
	return vmstat_text[item];
}

const char *numa_stat_name(enum numa_stat_item item)
{
	return vmstat_text[NUMA_BASE + item];
}

const char *node_stat_name(enum node_stat_item item)
{
	return vmstat_text[NODE_BASE + item];
}

const char *vm_stat_name(enum vm_stat_item item)
{
	return vmstat_text[VM_BASE + item];
}

const char *vm_event_name(enum vm_event_item item)
{
	return vmstat_text[EVENT_BASE + item];
}

bool vmstat_shown(unsigned int i)
{
	static const unsigned int per_zone[] = {
		EVENT_BASE + PGALLOC_DMA, EVENT_BASE + ALLOCSTALL_DMA,
		EVENT_BASE + PGSCAN_SKIP_DMA,
	};
	unsigned int j;

	for (j = 0; j < ARRAY_SIZE(per_zone); j++)
		if (i >= per_zone[j] && i < per_zone[j] + MAX_NR_ZONES)
			return zone_type_known((int)(i - per_zone[j]));
	return i < NR_VMSTAT_ITEMS;
}

void all_vm_events(unsigned long *ret)
{
	unsigned int cpu, i;

	memset(ret, 0, NR_VM_EVENT_ITEMS * sizeof(*ret));
	for_each_online_cpu(cpu) {
		const struct vm_event_state *state =
			per_cpu_ptr(&vm_event_states, cpu);

		for (i = 0; i < NR_VM_EVENT_ITEMS; i++)
			ret[i] += READ_ONCE(state->event[i]);
		pcp_vm_events(cpu, ret);
	}
}

void vm_events_fold_cpu(int cpu)
{
	struct vm_event_state *state = per_cpu_ptr(&vm_event_states, cpu);
	unsigned int i;

	/* Its own are where they belong. */
	if (state == this_cpu_ptr(&vm_event_states))
		return;
	for (i = 0; i < NR_VM_EVENT_ITEMS; i++) {
		count_vm_events((enum vm_event_item)i, (long)state->event[i]);
		state->event[i] = 0;
	}
}

unsigned long global_zone_page_state(enum zone_stat_item item)
{
	struct zone *zone;
	long sum = 0;

	for_each_populated_zone(zone)
		sum += atomic_long_read(&zone->vm_stat[item]);
	return sum < 0 ? 0 : (unsigned long)sum;
}

unsigned long sum_zone_node_page_state(int nid, enum zone_stat_item item)
{
	struct pglist_data *pgdat = NODE_DATA(nid);
	unsigned long sum = 0;
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++)
		sum += zone_page_state(&pgdat->node_zones[i], item);
	return sum;
}

unsigned long sum_zone_numa_event_state(int nid, enum numa_stat_item item)
{
	struct pglist_data *pgdat = NODE_DATA(nid);
	unsigned long sum = 0;
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++)
		sum += zone_numa_event_state(&pgdat->node_zones[i], item);
	return sum;
}

unsigned long node_page_state_pages(struct pglist_data *pgdat,
				    enum node_stat_item item)
{
	unsigned long v = node_page_state(pgdat, item);

	return vmstat_item_in_bytes(item) ? v >> PAGE_SHIFT : v;
}

void memmap_boot_pages_add(long delta)
{
	atomic_long_add(delta,
			&page_alloc_state()->vm_stat[NR_MEMMAP_BOOT_PAGES]);
}

void memmap_pages_add(long delta)
{
	atomic_long_add(delta, &page_alloc_state()->vm_stat[NR_MEMMAP_PAGES]);
}

static unsigned long numa_sum(enum numa_stat_item item)
{
	struct zone *zone;
	unsigned long sum = 0;

	for_each_populated_zone(zone)
		sum += zone_numa_event_state(zone, item);
	return sum;
}

void vmstat_read(unsigned long *v)
{
	const struct page_alloc_state *pa = page_alloc_state();
	unsigned int i;

	for (i = 0; i < NR_VM_ZONE_STAT_ITEMS; i++)
		v[i] = global_zone_page_state((enum zone_stat_item)i);
	for (i = 0; i < NR_VM_NUMA_EVENT_ITEMS; i++)
		v[NUMA_BASE + i] = numa_sum((enum numa_stat_item)i);
	for (i = 0; i < NR_VM_NODE_STAT_ITEMS; i++) {
		v[NODE_BASE + i] =
			global_node_page_state((enum node_stat_item)i);
		if (vmstat_item_in_bytes((enum node_stat_item)i))
			v[NODE_BASE + i] >>= PAGE_SHIFT;
	}
	global_dirty_limits(&v[VM_BASE + NR_DIRTY_BG_THRESHOLD],
			    &v[VM_BASE + NR_DIRTY_THRESHOLD]);
	for (i = NR_MEMMAP_PAGES; i < NR_VM_STAT_ITEMS; i++)
		v[VM_BASE + i] =
			(unsigned long)atomic_long_read(&pa->vm_stat[i]);
	all_vm_events(&v[EVENT_BASE]);
}

void zone_free_info(struct zone *zone, struct zone_free_info *info)
{
	unsigned long flags;
	unsigned int order;
	int type;

	memset(info, 0, sizeof(*info));
	if (!zone->initialized)
		return;
	spin_lock_irqsave(&zone->lock, flags);
	for_each_migratetype_order(order, type) {
		const struct free_area *area = &zone->free_area[order];

		info->nr_free[order] = area->nr_free;
		info->nr_type[type][order] = area->nr_type[type];
	}
	spin_unlock_irqrestore(&zone->lock, flags);
}

int fragmentation_index(struct zone *zone, unsigned int order)
{
	unsigned long blocks = 0, pages = 0;
	unsigned int o;

	for (o = 0; o < NR_PAGE_ORDERS; o++) {
		unsigned long n = READ_ONCE(zone->free_area[o].nr_free);

		if (n && o >= order)
			return -1000;
		blocks += n;
		pages += n << o;
	}
	if (!blocks)
		return 0;
	/* Thousandths: as many blocks as the pages would make at best. */
	return 1000 - (int)((1000 + (((u64)pages * 1000) >> order)) / blocks);
}

void zone_pageblock_info(struct zone *zone, unsigned long *count)
{
	unsigned long pfn = zone->zone_start_pfn;
	unsigned long end = zone_end_pfn(zone);

	memset(count, 0, MIGRATE_TYPES * sizeof(*count));
	for (; pfn < end; pfn = pageblock_end_pfn(pfn)) {
		struct page *page;

		if (!pfn_valid(pfn))
			continue;
		/* Its struct pages are still to be made; the type is not. */
		if (zone_pfn_deferred(zone, pfn)) {
			count[MIGRATE_MOVABLE]++;
			continue;
		}
		page = pfn_to_page(pfn);
		if (page_zone(page) == zone)
			count[get_pfnblock_migratetype(page, pfn)]++;
	}
}

int calculate_normal_threshold(struct zone *zone)
{
	unsigned long mem = zone_managed_pages(zone) >> (27 - PAGE_SHIFT);
	int threshold = 2 * fls(num_online_cpus()) * (1 + fls64(mem));

	return min(threshold, 125);
}
