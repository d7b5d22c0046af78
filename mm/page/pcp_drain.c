// SPDX-License-Identifier: MIT
/*
 * Taking pages out of CPUs' lists from outside, and what others may know of
 * the lists.
 *
 * Who claims lists does so for a set of CPUs at once, under one lock: sets
 * their `claimed`, has one barrier run on all of them, waits for each to be
 * outside of its section, and then has the lists to himself until he lets go
 * (pcp.c has the picture). A CPU does not wait for those that have claimed
 * its lists: it goes to the buddy system.
 *
 * Counters. A list counts what it handed out (nr_alloc) and what it got from
 * the buddy system less what it gave (net). What was freed to it follows:
 *
 *   freed = nr_alloc + count + back - net
 *
 * A reader takes the four at slightly different times; it reads again until
 * they stand still, and is exact whenever the CPU does nothing else.
 *
 * Locks: page_alloc.pcp_lock -> zone->lock. Claims wait for other CPUs, so
 * they need interrupts on, and no lock that is held with interrupts off
 * elsewhere: task context. From others, only this CPU's lists are drained.
 */
#include "pcp.h"

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/smp.h>

/* Readings of a list's counters until they stand still. */
#define READ_TRIES	16

void pcp_claim(const struct cpumask *cpus)
{
	unsigned int cpu;

	spin_lock(&page_alloc_state()->pcp_lock);
	for_each_cpu(cpu, cpus) {
		port_locked_point(&per_cpu(pcp_front, cpu).claimed);
		__atomic_fetch_or(&per_cpu(pcp_front, cpu).claimed,
				  PCP_CLAIMED, __ATOMIC_RELAXED);
	}
	if (!PLANT(pcp_no_barrier))
		port_cpu_barrier(cpus);
	for_each_cpu(cpu, cpus)
		/* Pairs with the release in pcp_section_leave(). */
		while (port_load(&per_cpu(pcp_front, cpu).busy,
				 __ATOMIC_ACQUIRE) &&
		       !PLANT(pcp_busy_unseen))
			cpu_relax();
}

void pcp_release(const struct cpumask *cpus)
{
	unsigned int cpu;

	for_each_cpu(cpu, cpus) {
		port_locked_point(&per_cpu(pcp_front, cpu).claimed);
		/* Pairs with the acquire in pcp_section_enter(). */
		__atomic_fetch_and(&per_cpu(pcp_front, cpu).claimed,
				   ~PCP_CLAIMED, __ATOMIC_RELEASE);
	}
	spin_unlock(&page_alloc_state()->pcp_lock);
}

/* ---- what others may know --------------------------------------------- */

/* Pages that @pcp holds, at some moment of late. */
static unsigned long pcp_pages(const struct per_cpu_pages *pcp)
{
	const struct pcp_list *list;
	unsigned long pages = 0;

	for_each_pcp_list(list, pcp)
		pages += (unsigned long)(__atomic_load_n(&list->count,
							 __ATOMIC_RELAXED) +
					 __atomic_load_n(&list->back,
							 __ATOMIC_RELAXED)) <<
			 list->order;
	return pages;
}

unsigned long zone_pcp_pages(struct zone *zone)
{
	unsigned long pages = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		const struct per_cpu_pages *pcp = pcp_of(cpu, zone);

		if (pcp)
			pages += pcp_pages(pcp);
	}
	return pages;
}

void zone_pageset_info(struct zone *zone, unsigned int cpu,
		       struct zone_pageset_info *info)
{
	struct per_cpu_pages *pcp = pcp_of(cpu, zone);
	const struct pcp_list *list;

	*info = (struct zone_pageset_info){ .batch = 1 };
	if (!pcp)
		return;
	info->count = (int)pcp_pages(pcp);
	for_each_pcp_list(list, pcp)
		info->high += (int)(READ_ONCE(list->high) << list->order);
	info->batch = (int)max(READ_ONCE(pcp->list[0].batch), 1U);
}

struct pcp_counts {
	unsigned long alloc;	/* blocks handed out */
	unsigned long held;	/* blocks on the list */
	long net;		/* blocks from the buddy system, less those to it */
};

static struct pcp_counts pcp_counts_once(const struct pcp_list *list)
{
	struct pcp_counts c;

	c.alloc = __atomic_load_n(&list->nr_alloc, __ATOMIC_ACQUIRE);
	c.held = __atomic_load_n(&list->count, __ATOMIC_ACQUIRE);
	c.held += __atomic_load_n(&list->back, __ATOMIC_ACQUIRE);
	c.net = __atomic_load_n(&list->net, __ATOMIC_ACQUIRE);
	return c;
}

static struct pcp_counts pcp_counts_read(const struct pcp_list *list)
{
	struct pcp_counts a = pcp_counts_once(list), b;
	unsigned int i;

	for (i = 0; i < READ_TRIES; i++, a = b) {
		b = pcp_counts_once(list);
		if (a.alloc == b.alloc && a.held == b.held && a.net == b.net)
			break;
	}
	return a;
}

static void pcp_events_add(const struct per_cpu_pages *pcp, unsigned long *ev)
{
	unsigned int item = PGALLOC_DMA + (unsigned int)zone_idx(pcp->zone);
	const struct pcp_list *list;

	for_each_pcp_list(list, pcp) {
		struct pcp_counts c = pcp_counts_read(list);
		unsigned long freed = c.alloc + c.held - (unsigned long)c.net;

		ev[item] += c.alloc << list->order;
		ev[PGFREE] += freed << list->order;
	}
}

void pcp_vm_events(unsigned int cpu, unsigned long *ev)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		const struct per_cpu_pages *pcp = pcp_of(cpu, zone);

		if (pcp)
			pcp_events_add(pcp, ev);
	}
}

static s64 pcp_numa_events(const struct per_cpu_pages *pcp,
			   enum numa_stat_item item)
{
	s64 n = __atomic_load_n(&pcp->numa[item], __ATOMIC_RELAXED);
	const struct pcp_list *list;

	if (item != NUMA_HIT && item != NUMA_LOCAL)
		return n;
	for_each_pcp_list(list, pcp)
		n += (s64)__atomic_load_n(&list->nr_alloc, __ATOMIC_RELAXED);
	return n;
}

unsigned long zone_numa_event_state(struct zone *zone,
				    enum numa_stat_item item)
{
	long n = atomic_long_read(&zone->vm_numa_event[item]);
	unsigned int cpu;

	if (!READ_ONCE(page_alloc_state()->numa_stat))
		return 0;
	for_each_possible_cpu(cpu) {
		const struct per_cpu_pages *pcp = pcp_of(cpu, zone);

		if (pcp)
			n += pcp_numa_events(pcp, item);
	}
	return (unsigned long)n;
}

/* ---- draining --------------------------------------------------------- */

/* Whether @cpu holds anything of @zone (NULL: of any). */
static bool cpu_holds(unsigned int cpu, struct zone *only)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		const struct per_cpu_pages *pcp;

		if (only && zone != only)
			continue;
		pcp = pcp_of(cpu, zone);
		if (pcp && pcp_pages(pcp))
			return true;
	}
	return false;
}

/* Claimed, or inside. How many pages. */
static unsigned long cpu_give_all(unsigned int cpu, struct zone *only)
{
	unsigned long pages = 0;
	struct zone *zone;

	for_each_populated_zone(zone) {
		struct per_cpu_pages *pcp;

		if (only && zone != only)
			continue;
		pcp = pcp_of(cpu, zone);
		if (pcp)
			pages += pcp_give_all(pcp);
	}
	return pages;
}

static unsigned long drain_this_cpu(struct zone *zone)
{
	unsigned int count;
	struct pcp_front *front = pcp_lock(&count);
	unsigned long pages;

	if (!front)
		return 0;
	pages = cpu_give_all(smp_processor_id(), zone);
	pcp_unlock(front, count);
	return pages;
}

static unsigned long drain_cpus(const struct cpumask *cpus, struct zone *zone)
{
	unsigned long pages = 0;
	unsigned int cpu;

	if (cpumask_empty(cpus))
		return 0;
	pcp_claim(cpus);
	if (PLANT(pcp_claim_short))
		pcp_release(cpus);
	for_each_cpu(cpu, cpus)
		pages += cpu_give_all(cpu, zone);
	if (!PLANT(pcp_claim_short))
		pcp_release(cpus);
	return pages;
}

/* Those CPUs that hold something. */
static unsigned long drain_holders(struct zone *zone)
{
	struct cpumask cpus;
	unsigned int cpu;

	cpumask_clear(&cpus);
	for_each_online_cpu(cpu)
		if (cpu_holds(cpu, zone))
			cpumask_set_cpu(cpu, &cpus);
	return drain_cpus(&cpus, zone);
}

void drain_local_pages(struct zone *zone)
{
	drain_this_cpu(zone);
}

void drain_all_pages(struct zone *zone)
{
	drain_holders(zone);
}

bool pcp_drain_for_request(void)
{
	/* Who cannot wait for other CPUs has what this one holds. */
	if (!preemptible() && num_online_cpus() > 1)
		return drain_this_cpu(NULL) > 0;
	return drain_holders(NULL) > 0;
}

void drain_zone_pages(struct zone *zone)
{
	drain_this_cpu(zone);
}

/* Half of what a list that was not asked for anything holds, and may hold. */
static void pcp_list_decay(struct pcp_list *list)
{
	u32 least;

	if (list->idle == (u32)list->nr_alloc && (list->count || list->back)) {
		pcp_list_give(list, DIV_ROUND_UP(list->count, 2));
		list->batch = max((u16)(list->batch / 2),
				  pcp_batch_least(list));
	}
	least = pcp_list_least(list);
	list->idle = (u32)list->nr_alloc;
	list->back_high = pcp_back_least(list);
	if (list->high > least && list->count <= list->high / 2)
		list->high = max(list->high / 2, least);
}

void decay_pcp_high(void)
{
	unsigned int count;
	struct pcp_front *front = pcp_lock(&count);
	struct pcp_list *list;
	struct zone *zone;

	if (!front)
		return;
	for_each_populated_zone(zone) {
		struct per_cpu_pages *pcp = front->by_zone[zone_id(zone)];

		if (!pcp)
			continue;
		for_each_pcp_list(list, pcp)
			pcp_list_decay(list);
	}
	pcp_unlock(front, count);
}

/* ---- zones that are to be left alone ---------------------------------- */

/* All lists of @zone become empty, and what pcp_disabled says they may be. */
static void zone_pcp_reset(struct zone *zone)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct per_cpu_pages *pcp = pcp_of(cpu, zone);
		struct pcp_list *list;

		if (!pcp)
			continue;
		pcp_give_all(pcp);
		for_each_pcp_list(list, pcp)
			pcp_list_reset(list);
	}
}

void zone_pcp_disable(struct zone *zone)
{
	/* All: a CPU may come on-line while this one waits for others. */
	pcp_claim(cpu_possible_mask);
	/* Claimed even when it is disabled already: pages that were freed as
	 * of another type are with the buddy system after this. */
	if (!zone->pcp_disabled++)
		zone_pcp_reset(zone);
	pcp_release(cpu_possible_mask);
}

void zone_pcp_enable(struct zone *zone)
{
	pcp_claim(cpu_possible_mask);
	BUG_ON(!zone->pcp_disabled);
	if (!--zone->pcp_disabled)
		zone_pcp_reset(zone);
	pcp_release(cpu_possible_mask);
}
