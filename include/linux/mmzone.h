/* SPDX-License-Identifier: MIT */
/* Nodes and zones: the calls. The structures stand in mmzone_types.h. */
#ifndef _LINUX_MMZONE_H
#define _LINUX_MMZONE_H

#include <linux/align.h>
#include <linux/atomic.h>
#include <linux/mmzone_types.h>
#include <octavo/machine.h>

#define NODE_DATA(nid)		(this_machine()->nodes[nid])
#define contig_page_data	(*NODE_DATA(0))
#define node_start_pfn(nid)	(NODE_DATA(nid)->node_start_pfn)
#define node_present_pages(nid)	(NODE_DATA(nid)->node_present_pages)
#define node_spanned_pages(nid)	(NODE_DATA(nid)->node_spanned_pages)

static inline unsigned long zone_end_pfn(const struct zone *zone)
{
	return zone->zone_start_pfn + zone->spanned_pages;
}

static inline bool zone_spans_pfn(const struct zone *zone, unsigned long pfn)
{
	return zone->zone_start_pfn <= pfn && pfn < zone_end_pfn(zone);
}

static inline unsigned long pgdat_end_pfn(const pg_data_t *pgdat)
{
	return pgdat->node_start_pfn + pgdat->node_spanned_pages;
}

static inline int zone_idx(const struct zone *zone)
{
	return (int)(zone - zone->zone_pgdat->node_zones);
}

static inline int zone_to_nid(const struct zone *zone)
{
	return zone->node;
}

static inline unsigned long zone_managed_pages(const struct zone *zone)
{
	return (unsigned long)atomic_long_read(&zone->managed_pages);
}

static inline bool managed_zone(const struct zone *zone)
{
	return zone_managed_pages(zone) != 0;
}

static inline bool populated_zone(const struct zone *zone)
{
	return zone->present_pages != 0;
}

#define min_wmark_pages(z)	((z)->_watermark[WMARK_MIN] + (z)->watermark_boost)
#define low_wmark_pages(z)	((z)->_watermark[WMARK_LOW] + (z)->watermark_boost)
#define high_wmark_pages(z)	((z)->_watermark[WMARK_HIGH] + (z)->watermark_boost)

/* Over all online nodes, over all their zones, over those with memory. */
struct pglist_data *first_online_pgdat(void);
struct pglist_data *next_online_pgdat(struct pglist_data *pgdat);
struct zone *next_zone(struct zone *zone);
#define for_each_online_pgdat(pgdat)					\
	for ((pgdat) = first_online_pgdat(); (pgdat);			\
	     (pgdat) = next_online_pgdat(pgdat))
#define for_each_zone(zone)						\
	for ((zone) = first_online_pgdat()->node_zones; (zone);		\
	     (zone) = next_zone(zone))
#define for_each_populated_zone(zone)					\
	for_each_zone(zone)						\
		if (populated_zone(zone))
#define for_each_migratetype_order(order, type)				\
	for ((order) = 0; (order) < NR_PAGE_ORDERS; (order)++)		\
		for ((type) = 0; (type) < MIGRATE_TYPES; (type)++)

/*
 * The first entry at or after @z whose zone index is at most
 * @highest_zoneidx and whose node is in @nodes (NULL: any).
 */
struct zoneref *next_zones_zonelist(struct zoneref *z,
				    enum zone_type highest_zoneidx,
				    const nodemask_t *nodes);

static inline struct zoneref *
first_zones_zonelist(struct zonelist *zl, enum zone_type highest_zoneidx,
		     const nodemask_t *nodes)
{
	return next_zones_zonelist(zl->_zonerefs, highest_zoneidx, nodes);
}

#define for_each_zone_zonelist_nodemask(zone, z, zlist, highidx, nodemask) \
	for ((z) = first_zones_zonelist(zlist, highidx, nodemask),	\
	     (zone) = (z)->zone; (zone);				\
	     (z) = next_zones_zonelist((z) + 1, highidx, nodemask),	\
	     (zone) = (z)->zone)
#define for_each_zone_zonelist(zone, z, zlist, highidx)			\
	for_each_zone_zonelist_nodemask(zone, z, zlist, highidx, NULL)

/* PFN <-> struct page, by the memory model that the build chose. */
#include <octavo/memory_model.h>

#endif
