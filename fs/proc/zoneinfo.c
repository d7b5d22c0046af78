// SPDX-License-Identifier: MIT
/*
 * /proc/zoneinfo: every zone of every node, the empty ones with their marks
 * alone. A node's own counters stand in its first zone that has memory.
 */
#include "internal.h"

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/vmstat.h>

static bool zone_is_first_populated(const struct pglist_data *pgdat,
				    const struct zone *zone)
{
	const struct zone *z;

	for (z = pgdat->node_zones; z < zone; z++)
		if (populated_zone(z))
			return false;
	return populated_zone(zone);
}

static void zoneinfo_node(struct seq_file *m, struct pglist_data *pgdat)
{
	int i;

	seq_puts(m, "\n  per-node stats");
	for (i = 0; i < NR_VM_NODE_STAT_ITEMS; i++)
		seq_printf(m, "\n      %-12s %lu", node_stat_name(i),
			   node_page_state_pages(pgdat, i));
}

/* What must stay free of this zone for requests that wanted a higher one. */
static void zoneinfo_protection(struct seq_file *m, const struct zone *zone)
{
	bool more = false;
	int i;

	seq_puts(m, "\n        protection: (");
	for (i = 0; i < MAX_NR_ZONES; i++) {
		if (!zone_type_known((int)i))
			continue;
		seq_printf(m, "%s%ld", more ? ", " : "",
			   zone->lowmem_reserve[i]);
		more = true;
	}
	seq_putc(m, ')');
}

static void zoneinfo_marks(struct seq_file *m, struct zone *zone)
{
	seq_printf(m,
		   "\n  pages free     %lu"
		   "\n        boost    %lu"
		   "\n        min      %lu"
		   "\n        low      %lu"
		   "\n        high     %lu"
		   "\n        promo    %lu",
		   zone_page_state(zone, NR_FREE_PAGES),
		   zone->watermark_boost, min_wmark_pages(zone),
		   low_wmark_pages(zone), high_wmark_pages(zone),
		   zone->_watermark[WMARK_PROMO] + zone->watermark_boost);
	seq_printf(m,
		   "\n        spanned  %lu"
		   "\n        present  %lu"
		   "\n        managed  %lu"
		   "\n        cma      %lu",
		   zone->spanned_pages, zone->present_pages,
		   zone_managed_pages(zone),
		   zone_page_state(zone, NR_FREE_CMA_PAGES));
	zoneinfo_protection(m, zone);
}

static void zoneinfo_pagesets(struct seq_file *m, struct zone *zone)
{
	int cpu;

	seq_puts(m, "\n  pagesets");
	for_each_online_cpu(cpu) {
		struct zone_pageset_info info;

		zone_pageset_info(zone, (unsigned int)cpu, &info);
		seq_printf(m,
			   "\n    cpu: %i"
			   "\n              count: %i"
			   "\n              high:  %i"
			   "\n              batch: %i"
			   "\n  vm stats threshold: %d",
			   cpu, info.count, info.high, info.batch,
			   calculate_normal_threshold(zone));
	}
}

static void zoneinfo_zone(struct seq_file *m, struct pglist_data *pgdat,
			  struct zone *zone)
{
	int i;

	seq_printf(m, "Node %d, zone %8s", pgdat->node_id, zone->name);
	if (zone_is_first_populated(pgdat, zone))
		zoneinfo_node(m, pgdat);
	zoneinfo_marks(m, zone);
	if (!populated_zone(zone)) {
		seq_putc(m, '\n');
		return;
	}
	for (i = 0; i < NR_VM_ZONE_STAT_ITEMS; i++)
		seq_printf(m, "\n      %-12s %lu", zone_stat_name(i),
			   zone_page_state(zone, i));
	for (i = 0; i < NR_VM_NUMA_EVENT_ITEMS; i++)
		seq_printf(m, "\n      %-12s %lu", numa_stat_name(i),
			   zone_numa_event_state(zone, i));
	zoneinfo_pagesets(m, zone);
	seq_printf(m,
		   "\n  node_unreclaimable:  %u"
		   "\n  start_pfn:           %lu\n",
		   0,	/* nothing has tried in vain to reclaim */
		   zone->zone_start_pfn);
}

int zoneinfo_show(struct seq_file *m)
{
	struct pglist_data *pgdat;
	struct zone *zone;

	for_each_online_pgdat(pgdat)
		for_each_proc_zone(zone, pgdat)
			zoneinfo_zone(m, pgdat, zone);
	return 0;
}
