// SPDX-License-Identifier: MIT
/* Walking over nodes, zones and zonelists. */
#include <linux/mmzone.h>

static struct pglist_data *pgdat_or_null(int nid)
{
	return nid < MAX_NUMNODES ? NODE_DATA(nid) : NULL;
}

struct pglist_data *first_online_pgdat(void)
{
	return pgdat_or_null(first_node(this_machine()->node_masks[N_ONLINE]));
}

struct pglist_data *next_online_pgdat(struct pglist_data *pgdat)
{
	return pgdat_or_null(next_node(pgdat->node_id,
				       this_machine()->node_masks[N_ONLINE]));
}

struct zone *next_zone(struct zone *zone)
{
	struct pglist_data *pgdat = zone->zone_pgdat;

	if (zone < &pgdat->node_zones[MAX_NR_ZONES - 1])
		return zone + 1;
	pgdat = next_online_pgdat(pgdat);
	return pgdat ? pgdat->node_zones : NULL;
}

static bool zref_in_nodemask(const struct zoneref *zref,
			     const nodemask_t *nodes)
{
	return !nodes || node_isset(zonelist_node_idx(zref), *nodes);
}

struct zoneref *next_zones_zonelist(struct zoneref *z,
				    enum zone_type highest_zoneidx,
				    const nodemask_t *nodes)
{
	while (z->zone && (zonelist_zone_idx(z) > (int)highest_zoneidx ||
			   !zref_in_nodemask(z, nodes)))
		z++;
	return z;
}
