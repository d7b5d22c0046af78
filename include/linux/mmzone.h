/* SPDX-License-Identifier: MIT */
/* Nodes and zones: the calls. The structures stand in mmzone_types.h. */
#ifndef _LINUX_MMZONE_H
#define _LINUX_MMZONE_H

#include <linux/align.h>
#include <linux/atomic.h>
#include <linux/mmzone_types.h>
#include <linux/page-flags-layout.h>
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

static inline bool zone_is_initialized(const struct zone *zone)
{
	return zone->initialized;
}

static inline bool zone_is_empty(const struct zone *zone)
{
	return zone->spanned_pages == 0;
}

static inline bool zone_is_zone_device(const struct zone *zone)
{
	return zone_idx(zone) == ZONE_DEVICE;
}

/* Some frame of [start_pfn, start_pfn + nr_pages) is within its span. */
static inline bool zone_intersects(const struct zone *zone,
				   unsigned long start_pfn,
				   unsigned long nr_pages)
{
	return !zone_is_empty(zone) && start_pfn < zone_end_pfn(zone) &&
	       start_pfn + nr_pages > zone->zone_start_pfn;
}

static inline bool pgdat_is_empty(const pg_data_t *pgdat)
{
	return !pgdat->node_start_pfn && !pgdat->node_spanned_pages;
}

/* Whether machines of this port can have zones of this kind. */
static inline bool zone_type_known(int idx)
{
	return PORT_ZONES >> idx & 1;
}

/* The machine may have such a zone, though it may be empty. */
bool zone_exists(enum zone_type idx);
/* What ZONE_MOVABLE takes its memory from: the highest populated zone. */
int zone_movable_index(void);

/* Its pages have no address in the direct map. */
static inline bool is_highmem_idx(enum zone_type idx)
{
	return idx == ZONE_HIGHMEM ||
	       (idx == ZONE_MOVABLE && zone_movable_index() == ZONE_HIGHMEM);
}

static inline bool is_highmem(const struct zone *zone)
{
	return is_highmem_idx((enum zone_type)zone_idx(zone));
}

/* Zone and node of a page, from its flags; valid once it is initialised. */
static inline enum zone_type page_zonenum(const struct page *page)
{
	return (enum zone_type)((READ_ONCE(page->flags) >> ZONES_PGSHIFT) &
				ZONES_MASK);
}

static inline int page_to_nid(const struct page *page)
{
	return (int)((READ_ONCE(page->flags) >> NODES_PGSHIFT) & NODES_MASK);
}

static inline struct pglist_data *page_pgdat(const struct page *page)
{
	return NODE_DATA(page_to_nid(page));
}

static inline struct zone *page_zone(const struct page *page)
{
	return &NODE_DATA(page_to_nid(page))->node_zones[page_zonenum(page)];
}

/* Zone and node as one number: equal for pages of the same zone. */
static inline u32 page_zone_id(const struct page *page)
{
	return READ_ONCE(page->flags) >> NODES_PGSHIFT;
}

/* The bits of page->flags that say zone and node. */
static inline u32 page_links(enum zone_type zone, int nid)
{
	return (u32)zone << ZONES_PGSHIFT | (u32)nid << NODES_PGSHIFT;
}

/* Only while nobody else can see the page. */
static inline void set_page_links(struct page *page, enum zone_type zone,
				  unsigned long nid, unsigned long pfn)
{
	const u32 mask = page_links((enum zone_type)ZONES_MASK, NODES_MASK);

	page->flags = (page->flags & ~mask) | page_links(zone, (int)nid);
}

static inline bool is_zone_device_page(const struct page *page)
{
	return page_zonenum(page) == ZONE_DEVICE;
}

static inline bool is_zone_movable_page(const struct page *page)
{
	return page_zonenum(page) == ZONE_MOVABLE;
}

#define min_wmark_pages(z)	((z)->_watermark[WMARK_MIN] + (z)->watermark_boost)
#define low_wmark_pages(z)	((z)->_watermark[WMARK_LOW] + (z)->watermark_boost)
#define high_wmark_pages(z)	((z)->_watermark[WMARK_HIGH] + (z)->watermark_boost)

/*
 * Whether @zone can serve 2^@order pages for a request that may go up to
 * @highest_zoneidx and must leave @mark pages; @alloc_flags: mm/page's. What
 * it reads changes under way: a hint. Any context.
 */
bool zone_watermark_ok(struct zone *zone, unsigned int order,
		       unsigned long mark, int highest_zoneidx,
		       unsigned int alloc_flags);
bool zone_watermark_ok_safe(struct zone *zone, unsigned int order,
			    unsigned long mark, int highest_zoneidx);

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

static inline struct zone *zonelist_zone(const struct zoneref *zoneref)
{
	return zoneref->zone;
}

static inline int zonelist_zone_idx(const struct zoneref *zoneref)
{
	return zoneref->zone_idx;
}

static inline int zonelist_node_idx(const struct zoneref *zoneref)
{
	return zone_to_nid(zoneref->zone);
}

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

#define for_next_zone_zonelist_nodemask(zone, z, highidx, nodemask)	\
	for ((zone) = (z)->zone; (zone);				\
	     (z) = next_zones_zonelist((z) + 1, highidx, nodemask),	\
	     (zone) = (z)->zone)

/*
 * Makes both zonelists of every online node: with @pgdat NULL at start-up,
 * where it also finds room for them (or stops the machine) and logs; else
 * again, after a zone of @pgdat came or went, which cannot fail. The caller
 * keeps allocations away meanwhile.
 */
void build_all_zonelists(pg_data_t *pgdat);
/* The node with memory that is nearest to @node. */
int local_memory_node(int node);
/* Verifies both lists of @pgdat: 0 or the number of a broken invariant. */
int zonelist_check(const pg_data_t *pgdat);

/*
 * PFN <-> struct page, by the memory model that the build chose:
 *
 *  pfn_to_page(pfn), page_to_pfn(page)   the frame is valid
 *  pfn_valid(pfn)     its pageblock holds memory, so it has a struct page,
 *                     reserved if the frame itself is a hole
 *  pfn_to_nid(pfn)    its node
 *
 * Struct pages exist, and once initialised can be looked at, in every whole
 * max-order block that holds memory, so the buddy of a block can be examined
 * without asking whether it is valid.
 */
#include <octavo/memory_model.h>

/* The struct page when the frame is system RAM, else NULL. */
static inline struct page *pfn_to_online_page(unsigned long pfn)
{
	struct page *page;

	if (!pfn_valid(pfn))
		return NULL;
	page = pfn_to_page(pfn);
	return is_zone_device_page(page) ? NULL : page;
}

/*
 * Early boot, in mm/early/mm_init.c. Nodes, zones and struct pages from
 * memblock: @max_zone_pfn[zone] is the end of each zone, 0 for zones that
 * the machine has not. Stops the machine when memory lacks.
 */
void free_area_init(unsigned long *max_zone_pfn);
/* Memory for NODE_DATA(nid), on that node if it has any; logged. */
void alloc_node_data(int nid);
/* First and end frame of a node; both 0 when it has no memory. */
void get_pfn_range_for_nid(unsigned int nid, unsigned long *start_pfn,
			   unsigned long *end_pfn);
/* Frames of the range that are no memory. */
unsigned long absent_pages_in_range(unsigned long start_pfn,
				    unsigned long end_pfn);
unsigned long __absent_pages_in_range(int nid, unsigned long range_start_pfn,
				      unsigned long range_end_pfn);
/* The power of two to which all nodes' boundaries are aligned; 0: one node. */
unsigned long node_map_pfn_alignment(void);
/* The node of a frame, from memblock; the first online one for a hole. */
int early_pfn_to_nid(unsigned long pfn);

/*
 * Struct pages. On a large machine those of [zone->first_deferred_pfn, end
 * of the zone), reserved ones included, hold no values yet when
 * free_area_init() returns: nobody may look at them. Whoever then calls
 * deferred_init_pages() for parts of it, on any CPU, each frame once, has
 * them initialised: reserved where memblock says so or there is no memory,
 * else ready for __free_pages_core(). Returns the frames that are not
 * reserved. memblock must still be there and no longer change.
 */
unsigned long deferred_init_pages(struct zone *zone, unsigned long start_pfn,
				  unsigned long end_pfn);
/* @pfn's struct page holds no values yet. */
static inline bool zone_pfn_deferred(const struct zone *zone, unsigned long pfn)
{
	return pfn >= READ_ONCE(zone->first_deferred_pfn) &&
	       pfn < zone_end_pfn(zone);
}

/*
 * Marks the initialised struct pages of every reserved range PG_reserved.
 * Once, before free memory goes to the page allocator.
 */
void memmap_init_reserved_pages(void);
/* The same for the bytes [start, end), whose node is @nid. */
void reserve_bootmem_region(phys_addr_t start, phys_addr_t end, int nid);
/* One struct page: a reference, no mapping, zone and node; nothing else. */
void __init_single_page(struct page *page, unsigned long pfn,
			unsigned long zone, int nid);

/* Verify invariants (mm/early/mm_check.c): 0 or the broken one's number. */
int zone_check(const struct zone *zone);
int pgdat_check(const pg_data_t *pgdat);

#endif
