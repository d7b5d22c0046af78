// SPDX-License-Identifier: MIT
/* Free blocks by zone: /proc/buddyinfo and /proc/pagetypeinfo. */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/vmstat.h>

struct zone *proc_zone_from(struct pglist_data *pgdat, struct zone *zone)
{
	for (; zone < pgdat->node_zones + MAX_NR_ZONES; zone++)
		if (zone_type_known(zone_idx(zone)))
			return zone;
	return NULL;
}

int buddyinfo_show(struct seq_file *m)
{
	struct zone_free_info info;
	struct zone *zone;
	int order;

	for_each_populated_zone(zone) {
		zone_free_info(zone, &info);
		seq_printf(m, "Node %d, zone %8s ", zone_to_nid(zone),
			   zone->name);
		for (order = 0; order < NR_PAGE_ORDERS; order++)
			seq_printf(m, "%6lu ", info.nr_free[order]);
		seq_putc(m, '\n');
	}
	return 0;
}

static void pagetypeinfo_free(struct seq_file *m, struct pglist_data *pgdat)
{
	struct zone_free_info info;
	struct zone *zone;
	int order, type;

	seq_printf(m, "%-43s ", "Free pages count per migrate type at order");
	for (order = 0; order < NR_PAGE_ORDERS; order++)
		seq_printf(m, "%6d ", order);
	seq_putc(m, '\n');
	for_each_proc_zone(zone, pgdat) {
		if (!populated_zone(zone))
			continue;
		zone_free_info(zone, &info);
		for (type = 0; type < MIGRATE_TYPES; type++) {
			seq_printf(m, "Node %4d, zone %8s, type %12s ",
				   pgdat->node_id, zone->name,
				   migratetype_names[type]);
			for (order = 0; order < NR_PAGE_ORDERS; order++)
				seq_printf(m, "%6lu ",
					   info.nr_type[type][order]);
			seq_putc(m, '\n');
		}
	}
}

static void pagetypeinfo_blocks(struct seq_file *m, struct pglist_data *pgdat)
{
	unsigned long count[MIGRATE_TYPES];
	struct zone *zone;
	int type;

	seq_printf(m, "\n%-23s", "Number of blocks type ");
	for (type = 0; type < MIGRATE_TYPES; type++)
		seq_printf(m, "%12s ", migratetype_names[type]);
	seq_putc(m, '\n');
	for_each_proc_zone(zone, pgdat) {
		if (!populated_zone(zone))
			continue;
		zone_pageblock_info(zone, count);
		seq_printf(m, "Node %d, zone %8s ", pgdat->node_id,
			   zone->name);
		for (type = 0; type < MIGRATE_TYPES; type++)
			seq_printf(m, "%12lu ", count[type]);
		seq_putc(m, '\n');
	}
}

int pagetypeinfo_show(struct seq_file *m)
{
	struct pglist_data *pgdat;

	for_each_online_pgdat(pgdat) {
		if (!pgdat->node_present_pages)
			continue;
		seq_printf(m, "Page block order: %d\n", pageblock_order);
		seq_printf(m, "Pages per block:  %lu\n\n", pageblock_nr_pages);
		pagetypeinfo_free(m, pgdat);
		pagetypeinfo_blocks(m, pgdat);
	}
	return 0;
}
