// SPDX-License-Identifier: MIT
/*
 * Checks of zones and nodes, for tests and debug=check.
 *
 * Of a zone:
 *  I1  it knows its node, its pglist_data and its name
 *  I2  spanned >= present >= managed
 *  I3  an empty zone has no frames and no pageblock flags; another has flags
 *  I4  its frames are within its node's, and do not wrap
 *  I5  first_deferred_pfn is inside the zone, at a max-order block, or none
 *
 * Of a node:
 *  N1  it stands in node_data[] under its number
 *  N2  its zones are sound
 *  N3  its present pages are its zones' together
 *  N4  nr_zones is one more than the highest zone with frames
 *  N5  zones do not overlap (unless mirrored memory shares them out)
 *  N6  N_MEMORY says whether it has memory
 */
#include "early.h"

#include <linux/limits.h>
#include <linux/printk.h>

static int zone_broken(const struct zone *zone, int invariant)
{
	pr_err("zone_check: I%d broken by node %d, zone %s: start %lu spanned %lu present %lu managed %lu\n",
	       invariant, zone->node, zone->name ? zone->name : "?",
	       zone->zone_start_pfn, zone->spanned_pages, zone->present_pages,
	       zone_managed_pages(zone));
	return invariant;
}

static bool zone_in_node(const struct zone *zone)
{
	const pg_data_t *pgdat = zone->zone_pgdat;

	return zone->zone_start_pfn >= pgdat->node_start_pfn &&
	       zone_end_pfn(zone) >= zone->zone_start_pfn &&
	       zone_end_pfn(zone) <= pgdat_end_pfn(pgdat);
}

static bool zone_deferral_sound(const struct zone *zone)
{
	return zone->first_deferred_pfn == ULONG_MAX ||
	       (zone_spans_pfn(zone, zone->first_deferred_pfn) &&
		IS_MAX_ORDER_ALIGNED(zone->first_deferred_pfn));
}

int zone_check(const struct zone *zone)
{
	if (!zone->zone_pgdat || !zone->name ||
	    zone->node != zone->zone_pgdat->node_id)
		return zone_broken(zone, 1);
	if (zone->spanned_pages < zone->present_pages ||
	    zone->present_pages < zone_managed_pages(zone))
		return zone_broken(zone, 2);
	if (zone_is_empty(zone) != !zone->pageblocks ||
	    zone_is_empty(zone) == zone_is_initialized(zone))
		return zone_broken(zone, 3);
	if (!zone_is_empty(zone) && !zone_in_node(zone))
		return zone_broken(zone, 4);
	if (!zone_deferral_sound(zone))
		return zone_broken(zone, 5);
	return 0;
}

static int pgdat_broken(const pg_data_t *pgdat, int invariant)
{
	pr_err("pgdat_check: N%d broken by node %d: start %lu spanned %lu present %lu zones %d\n",
	       invariant, pgdat->node_id, pgdat->node_start_pfn,
	       pgdat->node_spanned_pages, pgdat->node_present_pages,
	       pgdat->nr_zones);
	return invariant;
}

static bool zones_overlap(const pg_data_t *pgdat)
{
	unsigned long end = 0;
	int idx;

	for (idx = 0; idx < MAX_NR_ZONES; idx++) {
		const struct zone *zone = &pgdat->node_zones[idx];

		if (zone_is_empty(zone))
			continue;
		if (zone->zone_start_pfn < end)
			return true;
		end = zone_end_pfn(zone);
	}
	return false;
}

int pgdat_check(const pg_data_t *pgdat)
{
	unsigned long present = 0;
	int idx, nr_zones = 0;

	if (pgdat->node_id < 0 || pgdat->node_id >= MAX_NUMNODES ||
	    NODE_DATA(pgdat->node_id) != pgdat)
		return pgdat_broken(pgdat, 1);
	for (idx = 0; idx < MAX_NR_ZONES; idx++) {
		const struct zone *zone = &pgdat->node_zones[idx];

		if (zone_check(zone))
			return pgdat_broken(pgdat, 2);
		present += zone->present_pages;
		if (!zone_is_empty(zone))
			nr_zones = idx + 1;
	}
	if (present != pgdat->node_present_pages)
		return pgdat_broken(pgdat, 3);
	if (nr_zones != pgdat->nr_zones)
		return pgdat_broken(pgdat, 4);
	if (!this_machine()->early.kernelcore_mirror && zones_overlap(pgdat))
		return pgdat_broken(pgdat, 5);
	if (!node_state(pgdat->node_id, N_MEMORY) != !present)
		return pgdat_broken(pgdat, 6);
	return 0;
}
