// SPDX-License-Identifier: MIT
/*
 * How large the lists of a CPU are, and when they come and go.
 *
 * A CPU's share of a zone is an eighth of it, divided by the CPUs of the
 * zone's node; for zones of other nodes, where a CPU only frees, little, and
 * on large machines nothing.
 * It bounds the arrays, which are made once for each CPU and zone:
 *
 *   order 0       share / 12 blocks for each of the three types
 *   orders 1 to 3 share / 28 pages
 *   orders 4, 5   share / 150 pages
 *   orders 6 to 8 share / 75 pages
 *   a pageblock   share / 12 pages
 *
 * which add up to the share; what goes back to the buddy system is gathered in
 * another quarter, three for single pages of long lists.
 * vm.percpu_pagelist_high_fraction makes the share smaller while it is set, of
 * the same arrays, and the lists may have all of it from the start. Besides,
 * no array is longer than what a cache
 * holds of struct pages and arrays. How much of it a list uses adapts: high
 * starts low, rises with every refill and falls when the CPU turns to other
 * work.
 *
 *   pages:  per_cpu_pages | arrays, list by list      1 to 8
 *
 * A CPU that gets no memory for this works without lists.
 *
 * Locks: page_alloc.pcp_lock by way of pcp_claim(). May allocate pages, not
 * sleep for them.
 */
#include "pcp.h"
#include "tails.h"

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/string.h>

/*
 * Pages of a list at most: as many as two pageblocks have, so that who only
 * allocates or only frees rarely meets others at the zone's lock; half of that
 * for orders 1 to 3, and a few blocks of larger ones. All lists of a CPU for a
 * zone are to fit into eight pages.
 */
#define PCP_MOST		1024UL
/* Pages of a list from which on it is long. */
#define PCP_LONG		256U
#define PCP_MOST_SMALL		480UL
#define PCP_MOST_COSTLY		128UL
#define PCP_MOST_LARGE		512UL
#define PCP_LARGE_ORDER		6	/* the first that is large */
/* The same for zones of other nodes. */
#define PCP_MOST_REMOTE		64UL
#define PCP_MOST_PAGEBLOCKS	8UL
/* CPUs times nodes, up to which CPUs have lists for other nodes' zones. */
#define PCP_MOST_REMOTE_LISTS	256U
/* The most that CPUs hold together of a zone: one part in so many. */
#define PCP_FRACTION		8
/* Parts of a CPU's share that a list gets; the sum over all is below 1. */
#define PCP_PART_0		12
#define PCP_PART_SMALL		28
#define PCP_PART_COSTLY		150
#define PCP_PART_LARGE		75
#define PCP_PART_PAGEBLOCK	12

/* Online CPUs of the zone's node; all of them when it has none. */
static unsigned int zone_cpus(const struct zone *zone)
{
	unsigned int n = 0, cpu;

	for_each_online_cpu(cpu)
		if (cpu_to_node((int)cpu) == zone_to_nid(zone))
			n++;
	return n ? n : max(num_online_cpus(), 1U);
}

static u32 list_capacity(unsigned int slot, unsigned long share, bool local)
{
	unsigned long part = PCP_PART_SMALL, most = PCP_MOST_SMALL;

	if (slot == PCP_SLOT_PAGEBLOCK)
		return local ? (u32)min(share / PCP_PART_PAGEBLOCK >>
					pageblock_order, PCP_MOST_PAGEBLOCKS) :
			       0;
	if (!slot) {
		part = PCP_PART_0;
		most = PCP_MOST;
	} else if (slot >= PCP_LARGE_ORDER) {
		part = PCP_PART_LARGE;
		most = PCP_MOST_LARGE;
	} else if (slot > PAGE_ALLOC_COSTLY_ORDER) {
		part = PCP_PART_COSTLY;
		most = PCP_MOST_COSTLY;
	}
	if (!local)
		most = PCP_MOST_REMOTE;
	return (u32)min(share / part, most) >> slot;
}

/* A long list of single pages may gather most of a pair to give at once. */
static u16 list_room(unsigned int slot, u32 capacity)
{
	if (!slot && capacity >= PCP_LONG)
		return (u16)(capacity - capacity / 4);
	return (u16)DIV_ROUND_UP(capacity, 4);
}

/* Blocks of orders 1 to 3, 4 to 8, and a pageblock, and a quarter more. */
#define PCP_MOST_OTHERS		((PCP_MOST_SMALL * 7 / 8 +		\
				  PCP_MOST_COSTLY * 3 / 32 +		\
				  PCP_MOST_LARGE * 7 / 256 +		\
				  PCP_MOST_PAGEBLOCKS) * 5 / 4)
static_assert(sizeof(struct per_cpu_pages) +
	      (PCP_MOST * 7 / 4 + PCP_MOST_OTHERS) * MIGRATE_PCPTYPES *
	      sizeof(u32) <= 8 * PAGE_SIZE, "see PCP_MOST");

static size_t pcp_size(unsigned long share, bool local)
{
	size_t n = 0;
	unsigned int slot;

	for (slot = 0; slot < NR_PCP_SLOTS; slot++) {
		u32 capacity = list_capacity(slot, share, local);

		n += MIGRATE_PCPTYPES * (capacity + list_room(slot, capacity));
	}
	return sizeof(struct per_cpu_pages) + n * sizeof(u32);
}

static bool pcp_high_is_set(void)
{
	return READ_ONCE(page_alloc_state()->percpu_pagelist_high_fraction) > 0;
}

u32 pcp_list_least(const struct pcp_list *list)
{
	if (pcp_high_is_set())
		return list->capacity;
	return min((u32)list->capacity, 4U * list->batch);
}

void pcp_list_reset(struct pcp_list *list)
{
	u32 batch = (u32)list->pcp->zone->pageset_batch >> list->order;

	batch = clamp(batch, 1U, max(list->capacity / 4U, 1U));
	list->batch = (u16)batch;
	list->back_high = pcp_back_least(list);
	list->take_front = PFN_NONE;
	list->high = list->pcp->zone->pcp_disabled ? 0 : pcp_list_least(list);
}

/* What its lists, all empty, may hold by the settings of now. */
static void pcp_shape(struct per_cpu_pages *pcp)
{
	unsigned long share = pcp->share;
	struct pcp_list *list;
	unsigned int slot;
	int type;

	if (pcp_high_is_set())
		share = min(share, (unsigned long)
			    READ_ONCE(pcp->zone->pageset_high_max));
	for (slot = 0; slot < NR_PCP_SLOTS; slot++)
		for (type = 0; type < MIGRATE_PCPTYPES; type++) {
			list = pcp_at(pcp, slot, type);
			VM_BUG_ON(list->count || list->back);
			list->capacity = (u16)list_capacity(slot, share,
							    pcp->local);
			list->room = list_room(slot, list->capacity);
			pcp_list_reset(list);
		}
}

static void pcp_fill(struct per_cpu_pages *pcp)
{
	u32 own = (u32)page_to_pfn(virt_to_page(pcp));
	size_t size = pcp_size(pcp->share, pcp->local);
	u32 *pfns = pcp->pfns, *p;
	unsigned int slot;
	int type;

	/* Where none was yet stands a page that is in use, so that a damaged
	 * count does not make it look free. */
	for (p = pfns; (char *)p < (char *)pcp + size; p++)
		*p = own;
	for (slot = 0; slot < NR_PCP_SLOTS; slot++) {
		u32 capacity = list_capacity(slot, pcp->share, pcp->local);

		for (type = 0; type < MIGRATE_PCPTYPES; type++) {
			struct pcp_list *list = pcp_at(pcp, slot, type);

			list->pcp = pcp;
			list->order = (u8)(slot == PCP_SLOT_PAGEBLOCK ?
					   pageblock_order : slot);
			list->type = (u8)type;
			list->pfns = pfns;
			pfns += capacity + list_room(slot, capacity);
		}
		/* No such type. */
		pcp_at(pcp, slot, type)->pcp = pcp;
	}
	pcp_shape(pcp);
}

static void *pcp_memory(unsigned int cpu, size_t size)
{
	return alloc_pages_exact_nid(per_cpu(numa_node, cpu), size,
				     GFP_NOWAIT);
}

/*
 * Whether CPUs have lists for other nodes' zones. On machines where those are
 * thousands, their memory and the time to make them are worth more.
 */
static bool remote_lists_wanted(void)
{
	return num_online_cpus() * num_online_nodes() <= PCP_MOST_REMOTE_LISTS;
}

/* What a CPU may have of each zone. */
static void zones_share(void)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		zone->pcp_share = zone_managed_pages(zone) / PCP_FRACTION /
				  zone_cpus(zone);
}

static struct per_cpu_pages *pcp_create(unsigned int cpu, struct zone *zone)
{
	bool local = zone_to_nid(zone) == per_cpu(numa_node, cpu);
	unsigned long share = zone->pcp_share;
	struct per_cpu_pages *pcp;

	if (!local && !remote_lists_wanted())
		return NULL;
	pcp = pcp_memory(cpu, pcp_size(share, local));
	if (!pcp)
		return NULL;
	memset(pcp, 0, sizeof(*pcp));
	pcp->zone = zone;
	pcp->cpu = cpu;
	pcp->local = local;
	pcp->share = share;
	pcp_fill(pcp);
	return pcp;
}

struct per_cpu_pages *pcp_of(unsigned int cpu, const struct zone *zone)
{
	struct per_cpu_pages **by_zone;

	/* Pairs with the release in pcp_front_create(). */
	by_zone = smp_load_acquire(&per_cpu(pcp_front, cpu).by_zone);
	if (!by_zone)
		return NULL;
	return smp_load_acquire(&by_zone[zone_id(zone)]);
}

/* Makes what @cpu has not yet; false: memory lacks for its table. */
static bool pcp_front_create(unsigned int cpu)
{
	struct pcp_front *front = per_cpu_ptr(&pcp_front, cpu);
	struct per_cpu_pages **by_zone = front->by_zone;
	size_t size = NR_ZONE_IDS * sizeof(*by_zone);
	struct zone *zone;

	if (!by_zone) {
		by_zone = pcp_memory(cpu, size);
		if (!by_zone)
			return false;
		memset(by_zone, 0, size);
		smp_store_release(&front->by_zone, by_zone);
	}
	for_each_populated_zone(zone)
		if (!by_zone[zone_id(zone)])
			smp_store_release(&by_zone[zone_id(zone)],
					  pcp_create(cpu, zone));
	return true;
}

/* Where requests find nothing that the lists are not for; never written. */
static const struct pcp_list no_lists[NR_PCP_LISTS];

/* The list for requests with these bits of gfp. */
static struct pcp_list *front_list(unsigned int cpu, gfp_t gfp)
{
	struct pcp_list *none = (struct pcp_list *)no_lists;
	int nid = per_cpu(numa_node, cpu);
	struct per_cpu_pages *pcp;
	struct zone *zone;

	if (gfp_zones_conflict(gfp) ||
	    (gfp & GFP_MOVABLE_MASK) == GFP_MOVABLE_MASK)
		return none;
	zone = first_zones_zonelist(node_zonelist(nid, gfp), gfp_zone(gfp),
				    NULL)->zone;
	/* Hits of its lists count as local ones. */
	if (!zone || zone_to_nid(zone) != nid)
		return none;
	pcp = pcp_of(cpu, zone);
	return pcp ? pcp_at(pcp, 0, gfp_migratetype(gfp)) : none;
}

/*
 * The zone of the node that most requests end in: the first for ordinary
 * ones, unless it has less than HOME_SHARE of the pages. A PC of 4 GiB has
 * three quarters of them below 4 GiB, and gives those last. Where there is
 * high memory, users have that and the kernel the ordinary zone, however small.
 */
#define HOME_SHARE	8	/* the n-th part */

static struct zone *home_zone(int nid, unsigned int i)
{
	struct pglist_data *pgdat = NODE_DATA(nid);
	struct zone *zone = &pgdat->node_zones[ZONE_NORMAL];
	struct zone *high = &pgdat->node_zones[ZONE_HIGHMEM];

	if (populated_zone(high)) {
		if (!populated_zone(zone))
			return i ? NULL : high;
		return i ? high : zone;
	}
	while (zone > pgdat->node_zones &&
	       zone->present_pages < pgdat->node_present_pages / HOME_SHARE)
		zone--;
	/* The second is the next of any size. */
	while (i && zone > pgdat->node_zones) {
		zone--;
		if (populated_zone(zone))
			i--;
	}
	return i ? NULL : zone;
}

/* Whether the pageblock is all @zone's, its struct pages following @next. */
static bool home_goes_on(const struct zone *zone, unsigned long pfn,
			 const struct page *next)
{
	return pfn_valid(pfn) && (!next || pfn_to_page(pfn) == next);
}

/*
 * The longest run of @zone's pageblocks whose struct pages exist and lie one
 * after another. The one that the zone's start cuts is left out; what its end
 * leaves of the last counts, whole blocks of HOME_ORDER.
 */
static unsigned long home_find(const struct zone *zone, unsigned long *start)
{
	unsigned long pfn = pageblock_align(zone->zone_start_pfn);
	unsigned long end = ALIGN_DOWN(zone_end_pfn(zone), 1UL << HOME_ORDER);
	unsigned long first = pfn, longest = 0;
	const struct page *next = NULL;

	for (; pfn < end; pfn += pageblock_nr_pages) {
		unsigned long nr = min(pageblock_nr_pages, end - pfn);

		if (!home_goes_on(zone, pfn, next)) {
			first = pfn;
			if (!home_goes_on(zone, pfn, NULL)) {
				first += pageblock_nr_pages;
				next = NULL;
				continue;
			}
		}
		next = pfn_to_page(pfn) + pageblock_nr_pages;
		if (pfn + nr - first > longest) {
			longest = pfn + nr - first;
			*start = first;
		}
	}
	return longest;
}

/* What tails_sum() gives for a block that is its owner's. */
static unsigned long home_sum(unsigned int slot, u32 flags)
{
	unsigned int order = slot == PCP_SLOT_PAGEBLOCK ?
			     pageblock_order : slot;
	unsigned long nr = pcp_tails_checked(order);

	return order ? page_sums_of(nr, nr - 1, flags) : 0;
}

static void home_fill(struct pcp_home *home, unsigned int cpu,
		      struct zone *zone)
{
	struct per_cpu_pages *pcp = zone ? pcp_of(cpu, zone) : NULL;
	unsigned long start = 0;
	unsigned int slot;

	home->pages = 0;
	if (!pcp)
		return;
	if (!zone->home_pages) {
		zone->home_pages = home_find(zone, &start);
		zone->home_pfn = start;
	}
	home->page = pfn_to_page(zone->home_pfn);
	home->pages = zone->home_pages;
	home->pfn = (u32)zone->home_pfn;
	home->type = zone->pageblock_type - zone->pageblock_base;
	home->list = pcp->list;
	home->flags = page_links((enum zone_type)zone_idx(zone),
				 zone_to_nid(zone));
	for (slot = 0; slot < NR_PCP_SLOTS; slot++)
		home->sums[slot] = home_sum(slot, home->flags);
}

static void front_fill(unsigned int cpu)
{
	struct pcp_front *front = per_cpu_ptr(&pcp_front, cpu);
	unsigned int i;
	gfp_t gfp;

	for (gfp = 0; gfp < NR_PCP_GFP; gfp++)
		front->alloc[gfp] = front_list(cpu, gfp);
	for (i = 0; i < NR_PCP_HOMES; i++)
		home_fill(&front->home[i], cpu,
			  home_zone(per_cpu(numa_node, cpu), i));
}

/* The lists of @cpus may be used from now on; those without stay off. */
static void pcp_switch_on(const struct cpumask *cpus)
{
	unsigned int cpu;

	pcp_claim(cpus);
	for_each_cpu(cpu, cpus) {
		struct pcp_front *front = per_cpu_ptr(&pcp_front, cpu);

		front_fill(cpu);
		__atomic_fetch_and(&front->claimed, ~PCP_OFF,
				   __ATOMIC_RELAXED);
	}
	pcp_release(cpus);
}

void pcp_setup(void)
{
	struct cpumask cpus;
	unsigned int cpu;

	zones_share();
	cpumask_clear(&cpus);
	for_each_online_cpu(cpu)
		if (pcp_front_create(cpu))
			cpumask_set_cpu(cpu, &cpus);
	pcp_switch_on(&cpus);
}

void pcp_reshape(void)
{
	struct per_cpu_pages *pcp;
	struct zone *zone;
	unsigned int cpu;

	/* All: a CPU may come on-line while this one waits for others. */
	pcp_claim(cpu_possible_mask);
	for_each_populated_zone(zone)
		for_each_possible_cpu(cpu) {
			pcp = pcp_of(cpu, zone);
			if (!pcp)
				continue;
			pcp_give_all(pcp);
			pcp_shape(pcp);
		}
	pcp_release(cpu_possible_mask);
}

/* From here on NUMA events of @pcp count from 0. */
static void pcp_numa_restart(struct per_cpu_pages *pcp)
{
	struct pcp_list *list;
	int i;

	for (i = 0; i < NR_VM_NUMA_EVENT_ITEMS; i++)
		pcp->numa[i] = 0;
	for_each_pcp_list(list, pcp) {
		pcp->numa[NUMA_HIT] -= (s64)list->nr_alloc;
		pcp->numa[NUMA_LOCAL] -= (s64)list->nr_alloc;
	}
}

void pcp_numa_stat_restart(void)
{
	struct per_cpu_pages *pcp;
	unsigned long flags;
	struct zone *zone;
	unsigned int cpu;
	int i;

	pcp_claim(cpu_possible_mask);
	for_each_populated_zone(zone) {
		for_each_possible_cpu(cpu) {
			pcp = pcp_of(cpu, zone);
			if (pcp)
				pcp_numa_restart(pcp);
		}
		spin_lock_irqsave(&zone->lock, flags);
		for (i = 0; i < NR_VM_NUMA_EVENT_ITEMS; i++)
			atomic_long_set(&zone->vm_numa_event[i], 0);
		spin_unlock_irqrestore(&zone->lock, flags);
	}
	pcp_release(cpu_possible_mask);
}

void pcp_cpu_online(unsigned int cpu)
{
	struct cpumask cpus;

	zones_share();
	cpumask_clear(&cpus);
	cpumask_set_cpu(cpu, &cpus);
	if (pcp_front_create(cpu))
		pcp_switch_on(&cpus);
}

/* What @pcp has counted goes to the zone and to this CPU; its lists are empty. */
static void pcp_fold(struct per_cpu_pages *pcp)
{
	struct zone *zone = pcp->zone;
	struct pcp_list *list;
	unsigned long flags;
	u64 hits = 0;
	int i;

	for_each_pcp_list(list, pcp) {
		count_vm_events((enum vm_event_item)
				(PGALLOC_DMA + zone_idx(zone)),
				(long)(list->nr_alloc << list->order));
		count_vm_events(PGFREE, (long)((list->nr_alloc -
						(unsigned long)list->net) <<
					       list->order));
		hits += list->nr_alloc;
		list->nr_alloc = 0;
		list->net = 0;
	}
	pcp->numa[NUMA_HIT] += (s64)hits;
	pcp->numa[NUMA_LOCAL] += (s64)hits;
	spin_lock_irqsave(&zone->lock, flags);
	for (i = 0; i < NR_VM_NUMA_EVENT_ITEMS; i++) {
		atomic_long_add((long)pcp->numa[i], &zone->vm_numa_event[i]);
		pcp->numa[i] = 0;
	}
	spin_unlock_irqrestore(&zone->lock, flags);
}

void pcp_cpu_dead(unsigned int cpu)
{
	struct pcp_front *front = per_cpu_ptr(&pcp_front, cpu);
	struct cpumask cpus;
	struct zone *zone;

	cpumask_clear(&cpus);
	cpumask_set_cpu(cpu, &cpus);
	pcp_claim(&cpus);
	__atomic_fetch_or(&front->claimed, PCP_OFF, __ATOMIC_RELAXED);
	for_each_populated_zone(zone) {
		struct per_cpu_pages *pcp = pcp_of(cpu, zone);

		if (!pcp)
			continue;
		if (!PLANT(pcp_dead_kept))
			pcp_give_all(pcp);
		pcp_fold(pcp);
	}
	pcp_release(&cpus);
}
