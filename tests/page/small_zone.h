/* SPDX-License-Identifier: MIT */
/*
 * A machine whose ZONE_DMA is as small as a test wants it, so that its every
 * byte can be looked at: requests with __GFP_DMA are served from there alone.
 * One thread is all of its CPUs in turn.
 *
 *   |  first third   |      the rest       |           16 MiB ... 32 MiB
 *     unmovable      ^     movable                     everything else
 *                 SMALL_EDGE, where two pageblocks meet
 */
#ifndef _TESTS_SMALL_ZONE_H
#define _TESTS_SMALL_ZONE_H

#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/irqflags.h>
#include <linux/page-isolation.h>
#include <linux/percpu.h>

#include <octavo/machine.h>
#include <octavo/port.h>

#include "../../mm/page/page_debug.h"
#include "../../mm/page/pcp.h"
#include "../early/early_machine.h"

#define SMALL_EDGE	0x800UL		/* PFN */
#define SMALL_MAX	2048U		/* pages of the zone at most */

/* The zone's first frame, when it has @pages. */
static inline unsigned long small_zone_start(unsigned int pages)
{
	return SMALL_EDGE - pages / 3;
}

static inline void small_zone_cpus(unsigned int cpus)
{
	struct machine *m = this_machine();
	unsigned int cpu;

	m->nr_cpus = cpus;
	for (cpu = 0; cpu < cpus; cpu++) {
		cpumask_set_cpu(cpu, &m->cpu_possible);
		cpumask_set_cpu(cpu, &m->cpu_present);
		cpumask_set_cpu(cpu, &m->cpu_online);
		m->cpu_node[cpu] = 0;
	}
}

/* The pageblocks before the edge become unmovable; all is free. */
static inline void small_zone_types(unsigned long start)
{
	unsigned long pfn;

	if (start == SMALL_EDGE)
		return;
	if (alloc_contig_range(start, SMALL_EDGE, MIGRATE_MOVABLE, GFP_ATOMIC))
		panic("small zone: [%#lx, %#lx) is not free", start,
		      SMALL_EDGE);
	for (pfn = start; pfn < SMALL_EDGE; pfn = pageblock_end_pfn(pfn))
		set_pageblock_migratetype(pfn_to_page(pfn), MIGRATE_UNMOVABLE);
	free_contig_range(start, SMALL_EDGE - start);
}

/* So many pages would make lists of all orders below the pageblock's. */
#define SMALL_SHARE	(PCP_FRACTION_OF_LISTS << PAGE_ALLOC_COSTLY_ORDER)
#define PCP_FRACTION_OF_LISTS	2048UL

/*
 * Lists of at most @keep blocks on each CPU: as for a large zone, then cut.
 * With 0 there are none.
 */
static inline void small_zone_lists(struct zone *zone, unsigned int keep)
{
	long managed = atomic_long_read(&zone->managed_pages);
	struct pcp_list *list;
	unsigned int cpu;

	page_slow_set(PAGE_SLOW_STARTING, false);
	if (!keep)
		return;
	atomic_long_set(&zone->managed_pages, SMALL_SHARE);
	setup_per_cpu_pageset();
	atomic_long_set(&zone->managed_pages, managed);
	for_each_online_cpu(cpu) {
		struct per_cpu_pages *pcp = pcp_of(cpu, zone);

		if (!pcp)
			panic("small zone: CPU %u has no lists", cpu);
		for_each_pcp_list(list, pcp) {
			list->capacity = min(list->capacity, keep);
			list->room = (u16)min(list->capacity, 1U);
			list->back_high = list->room;
			list->high = list->capacity;
			list->batch = (u16)max(list->capacity / 4, 1U);
		}
	}
}

/* On a machine that has not started (harness_machine()). */
static inline struct zone *small_zone_machine(unsigned int pages,
					      unsigned int cpus,
					      unsigned int keep)
{
	unsigned long start = small_zone_start(pages);
	const struct early_range ranges[] = {
		{ PFN_PHYS(start), PFN_PHYS(start + pages), 0 },
		{ M(16), M(32), 0 }, { 0, 0 },
	};

	BUG_ON(pages > SMALL_MAX);
	this_arch()->clock_step = 1;
	small_zone_cpus(cpus);
	early_memory(ranges);
	early_start_pc();
	setup_per_cpu_areas();
	build_all_zonelists(NULL);
	page_alloc_init();
	mem_init();
	small_zone_types(start);
	small_zone_lists(&NODE_DATA(0)->node_zones[ZONE_DMA], keep);
	local_irq_enable();
	return &NODE_DATA(0)->node_zones[ZONE_DMA];
}

/* The calling thread goes on as another CPU. */
static inline void small_zone_cpu(unsigned int cpu)
{
	port_switch_percpu(per_cpu_offset(cpu));
}

#endif
