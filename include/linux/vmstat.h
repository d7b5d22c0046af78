/* SPDX-License-Identifier: MIT */
/*
 * Counters of pages (per zone, per node) and of events (per CPU). The
 * machine keeps the sums over all nodes. Those over zones are made by the
 * reader: there are few, and what changes most, NR_FREE_PAGES, is counted
 * under the zone's lock without atomics.
 */
#ifndef _LINUX_VMSTAT_H
#define _LINUX_VMSTAT_H

#include <linux/mmzone.h>
#include <linux/percpu.h>
#include <linux/vm_event_item.h>
#include <octavo/machine.h>

struct vm_event_state {
	unsigned long event[NR_VM_EVENT_ITEMS];	/* p: this CPU's count */
};

DECLARE_PER_CPU(struct vm_event_state, vm_event_states);

static inline void count_vm_events(enum vm_event_item item, long delta)
{
	this_cpu_add(vm_event_states.event[item], (unsigned long)delta);
}

static inline void count_vm_event(enum vm_event_item item)
{
	count_vm_events(item, 1);
}

/*
 * /proc/vmstat, a name a line: first the zone, NUMA, node and machine
 * counters, then the events. The zone item i is vmstat_text[i], the NUMA
 * item i vmstat_text[NR_VM_ZONE_STAT_ITEMS + i], and so on in that order.
 */
#define NR_VMSTAT_ITEMS							\
	(NR_VM_ZONE_STAT_ITEMS + NR_VM_NUMA_EVENT_ITEMS +		\
	 NR_VM_NODE_STAT_ITEMS + NR_VM_STAT_ITEMS + NR_VM_EVENT_ITEMS)
extern const char *const vmstat_text[NR_VMSTAT_ITEMS];
extern const char *const migratetype_names[MIGRATE_TYPES];

/* Names of single items. */
const char *zone_stat_name(enum zone_stat_item item);
const char *numa_stat_name(enum numa_stat_item item);
const char *node_stat_name(enum node_stat_item item);
const char *vm_stat_name(enum vm_stat_item item);
const char *vm_event_name(enum vm_event_item item);

/*
 * The value of every line of vmstat_text, with byte items in pages; @v has
 * NR_VMSTAT_ITEMS places.
 */
void vmstat_read(unsigned long *v);
/* Whether line @i is shown: not so for zones that the port has not. */
bool vmstat_shown(unsigned int i);

/* Sums over all CPUs; @ret has NR_VM_EVENT_ITEMS places. */
void all_vm_events(unsigned long *ret);
/* Adds the events of @cpu, which is offline, to this CPU's. */
void vm_events_fold_cpu(int cpu);

/* Pages of struct page: got from memblock at boot, from the page allocator. */
void memmap_boot_pages_add(long delta);
void memmap_pages_add(long delta);

/*
 * What a zone's free lists hold at one moment: blocks of each order on each
 * list, and pageblocks of each type. Takes the zone's lock.
 */
struct zone_free_info {
	unsigned long nr_free[NR_PAGE_ORDERS];	/* blocks, of all types */
	unsigned long nr_type[MIGRATE_TYPES][NR_PAGE_ORDERS]; /* blocks */
};
void zone_free_info(struct zone *zone, struct zone_free_info *info);
/*
 * Why @zone has no block of @order: towards 0 for lack of memory, towards 1000
 * because what is free lies apart; -1000 when it has one. Takes no lock.
 */
int fragmentation_index(struct zone *zone, unsigned int order);
/* Pageblocks by type, those with a present frame; @count per type. */
void zone_pageblock_info(struct zone *zone, unsigned long *count);
/* What the CPUs' lists and the zone itself have counted. */
unsigned long zone_numa_event_state(struct zone *zone,
				    enum numa_stat_item item);

/* What CPU @cpu keeps of @zone, for /proc/zoneinfo. */
struct zone_pageset_info {
	int count;		/* pages held */
	int high;		/* pages held at most, for now */
	int batch;		/* single pages moved at once */
};
void zone_pageset_info(struct zone *zone, unsigned int cpu,
		       struct zone_pageset_info *info);
/* Pages of @zone that CPUs keep. */
unsigned long zone_pcp_pages(struct zone *zone);

/* The same over all zones of node @nid. */
unsigned long sum_zone_numa_event_state(int nid, enum numa_stat_item item);
unsigned long sum_zone_node_page_state(int nid, enum zone_stat_item item);
/* Node counters kept in bytes, given in pages. */
unsigned long node_page_state_pages(struct pglist_data *pgdat,
				    enum node_stat_item item);

/* True for items counted in bytes. */
static inline bool vmstat_item_in_bytes(enum node_stat_item item)
{
	return item == NR_SLAB_RECLAIMABLE_B ||
	       item == NR_SLAB_UNRECLAIMABLE_B;
}

/* Free pages above which a counter per CPU would be exact: zoneinfo's. */
int calculate_normal_threshold(struct zone *zone);

/* Not for NR_FREE_PAGES and NR_FREE_CMA_PAGES: mm/page's own. */
static inline void mod_zone_page_state(struct zone *zone,
				       enum zone_stat_item item, long delta)
{
	atomic_long_add(delta, &zone->vm_stat[item]);
}

static inline void mod_node_page_state(struct pglist_data *pgdat,
				       enum node_stat_item item, long delta)
{
	atomic_long_add(delta, &pgdat->vm_stat[item]);
	atomic_long_add(delta, &this_machine()->vm_node_stat[item]);
}

static inline void inc_zone_page_state(struct zone *zone,
				       enum zone_stat_item item)
{
	mod_zone_page_state(zone, item, 1);
}

static inline void dec_zone_page_state(struct zone *zone,
				       enum zone_stat_item item)
{
	mod_zone_page_state(zone, item, -1);
}

#define __mod_zone_page_state(z, i, d)	mod_zone_page_state(z, i, d)
#define __mod_node_page_state(n, i, d)	mod_node_page_state(n, i, d)

static inline unsigned long zone_page_state(struct zone *zone,
					    enum zone_stat_item item)
{
	long x = atomic_long_read(&zone->vm_stat[item]);

	return x < 0 ? 0 : (unsigned long)x;
}

static inline unsigned long node_page_state(struct pglist_data *pgdat,
					    enum node_stat_item item)
{
	long x = atomic_long_read(&pgdat->vm_stat[item]);

	return x < 0 ? 0 : (unsigned long)x;
}

/* The sum over all zones. */
unsigned long global_zone_page_state(enum zone_stat_item item);

static inline unsigned long global_node_page_state(enum node_stat_item item)
{
	long x = atomic_long_read(&this_machine()->vm_node_stat[item]);

	return x < 0 ? 0 : (unsigned long)x;
}

#endif
