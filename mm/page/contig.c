// SPDX-License-Identifier: MIT
/*
 * Ranges of frames that lie one after another, larger than any block or in
 * a given place.
 *
 *   1  isolate   the pageblocks that the range touches become
 *                MIGRATE_ISOLATE: their free pages leave the other types, and
 *                what is freed in them does not come back into use
 *   2  migrate   pages in use are moved away (an upcall; until a later stage
 *                answers it, a range with a page in use is refused)
 *   3  take      the free frames of the range are taken out of the maps; each
 *                page gets a reference
 *   4  undo      the pageblocks get their type back, with what stayed free
 *
 *   blocks    |---------|---------|---------|
 *   range          [===============)
 *   isolated  [=============================)
 *
 * CPUs keep no pages of the zone meanwhile (zone_pcp_disable()): those would
 * be neither free nor in use.
 *
 * Isolated pages are not counted as free: NR_FREE_PAGES falls in step 1 and
 * rises in step 4.
 *
 * Locks: zone->lock, for each pageblock anew. alloc_contig_range() may sleep
 * while pages are moved.
 */
#include "internal.h"

#include "page_debug.h"

#include <linux/errno.h>
#include <linux/kernel.h>

#include <trace/events/kmem.h>
#include <trace/events/page_isolation.h>

/* The pageblock becomes one of @type; keeps the books. */
static void pageblock_retype(struct zone *zone, unsigned long start, int type)
{
	struct page *page = pfn_to_page(start);
	int old = get_pfnblock_migratetype(page, start);
	unsigned long moved;

	moved = buddy_pageblock_retype(zone, start, type);
	if (PLANT(isolate_uncounted))
		return;
	zone_count_free(zone, -(long)moved, old);
	zone_count_free(zone, (long)moved, type);
}

/* Whether the page in use could be moved out of the way. */
static bool page_unmovable(const struct page *page)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;

	if (PageReserved(page) || PageQuarantine(page))
		return true;
	return !up || !up->page_movable || !up->page_movable(page);
}

/*
 * The first frame of [start, end) whose page is neither free nor movable;
 * @end when there is none.
 */
static unsigned long unmovable_in(struct zone *zone, unsigned long start,
				  unsigned long end)
{
	unsigned long pfn = start;

	while (pfn < end) {
		struct page *page = pfn_to_page(pfn), *head;
		unsigned int order;

		head = buddy_find_block(zone, pfn, &order);
		if (head) {
			pfn = page_to_pfn(head) + (1UL << order);
			continue;
		}
		if (page_unmovable(page))
			return pfn;
		pfn++;
	}
	return end;
}

static bool pageblock_in_zone(struct zone *zone, unsigned long start)
{
	return pfn_valid(start) && !zone_pfn_deferred(zone, start) &&
	       page_zone(pfn_to_page(start)) == zone;
}

/* One pageblock; [from, to) is the part of it that is wanted. */
static int set_migratetype_isolate(struct zone *zone, unsigned long start,
				   unsigned long from, unsigned long to)
{
	unsigned long flags;
	int ret = -EBUSY;

	if (!pageblock_in_zone(zone, start))
		return -EBUSY;
	spin_lock_irqsave(&zone->lock, flags);
	if (!is_migrate_isolate(get_pageblock_migratetype(pfn_to_page(start)))
	    && unmovable_in(zone, from, to) == to) {
		pageblock_retype(zone, start, MIGRATE_ISOLATE);
		ret = 0;
	}
	spin_unlock_irqrestore(&zone->lock, flags);
	return ret;
}

static void unset_migratetype_isolate(struct zone *zone, unsigned long start,
				      int type)
{
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	if (is_migrate_isolate(get_pageblock_migratetype(pfn_to_page(start))))
		pageblock_retype(zone, start, type);
	spin_unlock_irqrestore(&zone->lock, flags);
}

/* The zone of the range's first frame; NULL when that is no memory. */
static struct zone *range_zone(unsigned long start)
{
	struct pglist_data *pgdat;
	struct zone *zone;
	int i;

	for_each_online_pgdat(pgdat) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			zone = &pgdat->node_zones[i];
			if (!zone_spans_pfn(zone, start) || !pfn_valid(start) ||
			    zone_pfn_deferred(zone, start))
				continue;
			if (page_zone(pfn_to_page(start)) == zone)
				return zone;
		}
	}
	return NULL;
}

/* Isolates the pageblocks of [first, last); [start, end) is wanted. */
static int isolate_range(struct zone *zone, unsigned long start,
			 unsigned long end, int type)
{
	unsigned long first = pageblock_start_pfn(start);
	unsigned long last = pageblock_align(end);
	unsigned long pfn;

	for (pfn = first; pfn < last; pfn += pageblock_nr_pages) {
		unsigned long from = max(pfn, start);
		unsigned long to = min(pfn + pageblock_nr_pages, end);

		if (set_migratetype_isolate(zone, pfn, from, to)) {
			undo_isolate_page_range(first, pfn, type);
			return -EBUSY;
		}
	}
	return 0;
}

int start_isolate_page_range(unsigned long start_pfn, unsigned long end_pfn,
			     int migratetype, int flags, gfp_t gfp)
{
	struct zone *zone = range_zone(start_pfn);
	int ret;

	(void)flags;
	(void)gfp;
	if (!IS_ALIGNED(start_pfn | end_pfn, pageblock_nr_pages))
		return -EINVAL;
	if (!zone)
		return -EBUSY;
	zone_pcp_disable(zone);
	ret = isolate_range(zone, start_pfn, end_pfn, migratetype);
	zone_pcp_enable(zone);
	return ret;
}

void undo_isolate_page_range(unsigned long start_pfn, unsigned long end_pfn,
			     int migratetype)
{
	unsigned long pfn;

	for (pfn = start_pfn; pfn < end_pfn; pfn += pageblock_nr_pages)
		if (pfn_valid(pfn))
			unset_migratetype_isolate(page_zone(pfn_to_page(pfn)),
						  pfn, migratetype);
}

/* The first frame from @pfn on that is not free; @end or more: all are. */
static unsigned long range_free_up_to(struct zone *zone, unsigned long pfn,
				      unsigned long end)
{
	while (pfn < end) {
		unsigned int order;
		struct page *head = buddy_find_block(zone, pfn, &order);

		if (!head)
			break;
		pfn = page_to_pfn(head) + (1UL << order);
	}
	return pfn;
}

bool range_is_free(struct zone *zone, unsigned long pfn, unsigned long end)
{
	return range_free_up_to(zone, pfn, end) >= end;
}

int test_pages_isolated(unsigned long start_pfn, unsigned long end_pfn,
			int isol_flags)
{
	struct zone *zone = range_zone(start_pfn);
	unsigned long flags;
	unsigned long fin;

	(void)isol_flags;
	if (!zone)
		return -EBUSY;
	spin_lock_irqsave(&zone->lock, flags);
	fin = range_free_up_to(zone, start_pfn, end_pfn);
	spin_unlock_irqrestore(&zone->lock, flags);
	trace_test_pages_isolated(start_pfn, end_pfn, fin);
	return fin >= end_pfn ? 0 : -EBUSY;
}

/* Takes the free frames [start, end), which are isolated. */
static int range_take(struct zone *zone, unsigned long start,
		      unsigned long end)
{
	unsigned long flags;
	int ret = -EBUSY;

	spin_lock_irqsave(&zone->lock, flags);
	if (range_free_up_to(zone, start, end) >= end) {
		buddy_take_range(zone, start, end);
		ret = 0;
	}
	spin_unlock_irqrestore(&zone->lock, flags);
	return ret;
}

void range_prepare(unsigned long pfn, unsigned long end, gfp_t gfp)
{
	for (; pfn < end; pfn++) {
		struct page *page = pfn_to_page(pfn);

		page->private = 0;
		page->index = 0;
		set_page_refcounted(page);
		pages_unpoison(page, 0);
		page_debug_alloc(page, 0, gfp);
		if (gfp & __GFP_ZERO)
			clear_highpage(page);
	}
}

/* Pages in use that are to move, and how many of them are mapped. */
struct range_use {
	unsigned long used;
	unsigned long mapped;
};

static struct range_use range_use_count(unsigned long pfn, unsigned long end)
{
	struct range_use use = { 0 };

	for (; pfn < end; pfn++) {
		const struct page *page = pfn_to_page(pfn);

		if (!page_ref_count(page))
			continue;
		use.used++;
		use.mapped += page_mapcount(page) > 0;
	}
	return use;
}

static int range_migrate(unsigned long start, unsigned long end,
			 unsigned int migratetype, gfp_t gfp)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;
	struct range_use use = { 0 };
	int ret;

	if (trace_mm_alloc_contig_migrate_range_info_enabled())
		use = range_use_count(start, end);
	if (!test_pages_isolated(start, end, 0))
		ret = 0;
	/* Isolated with pages in use: somebody said that they can move. */
	else if (!up->migrate_range)
		ret = -EBUSY;
	else
		ret = up->migrate_range(start, end, gfp);
	/* Nothing is reclaimed rather than moved. */
	if (!ret)
		trace_mm_alloc_contig_migrate_range_info(start, end, use.used,
							 0, use.mapped,
							 (int)migratetype);
	return ret;
}

int alloc_contig_range(unsigned long start, unsigned long end,
		       unsigned int migratetype, gfp_t gfp)
{
	struct zone *zone;
	int ret;

	if (start >= end)
		return -EINVAL;
	zone = range_zone(start);
	if (!zone || !zone_spans_pfn(zone, end - 1))
		return -EBUSY;
	/* Pages on a CPU's list are neither free nor anybody's to move. */
	zone_pcp_disable(zone);
	ret = isolate_range(zone, start, end, (int)migratetype);
	if (ret)
		goto out;
	ret = range_migrate(start, end, migratetype, gfp);
	if (!ret)
		ret = range_take(zone, start, end);
	undo_isolate_page_range(pageblock_start_pfn(start),
				pageblock_align(end), (int)migratetype);
out:
	zone_pcp_enable(zone);
	if (!ret)
		range_prepare(start, end, gfp);
	return ret;
}

/* Reports frames that have no page, before one of those is touched. */
static bool contig_known(unsigned long pfn, unsigned long nr)
{
	unsigned long i;

	for (i = 0; i < nr; i++) {
		if (likely(pfn + i >= pfn && pfn_valid(pfn + i)))
			continue;
		page_free_report("free_contig_range() of a frame that is no memory:",
				 (void *)(pfn + i));
		return false;
	}
	return true;
}

void free_contig_range(unsigned long pfn, unsigned long nr_pages)
{
	unsigned long busy = 0;

	if (!contig_known(pfn, nr_pages))
		return;
	for (; nr_pages; pfn++, nr_pages--) {
		struct page *page = pfn_to_page(pfn);

		busy += page_ref_count(page) != 1;
		__free_page(page);
	}
	WARN(busy, "%lu pages are still in use!\n", busy);
}

/* Whether every frame of the range is @zone's and none is reserved. */
static bool range_suits(struct zone *zone, unsigned long start,
			unsigned long end)
{
	unsigned long pfn;

	for (pfn = start; pfn < end; pfn++) {
		struct page *page;

		if (zone_pfn_deferred(zone, pfn) || !pfn_valid(pfn))
			return false;
		page = pfn_to_page(pfn);
		if (page_zone(page) != zone || PageReserved(page) ||
		    page_ref_count(page) > 0)
			return false;
	}
	return true;
}

static struct page *zone_alloc_contig(struct zone *zone, unsigned long nr,
				      unsigned long align, gfp_t gfp)
{
	unsigned long pfn = ALIGN(zone->zone_start_pfn, align);

	for (; pfn + nr <= zone_end_pfn(zone); pfn += align) {
		int type;

		if (!range_suits(zone, pfn, pfn + nr))
			continue;
		type = get_pageblock_migratetype(pfn_to_page(pfn));
		if (type >= MIGRATE_PCPTYPES)
			continue;
		if (!alloc_contig_range(pfn, pfn + nr, (unsigned int)type,
					gfp))
			return pfn_to_page(pfn);
	}
	return NULL;
}

struct page *alloc_contig_pages(unsigned long nr_pages, gfp_t gfp, int nid,
				nodemask_t *nodemask)
{
	unsigned long align;
	struct zoneref *z;
	struct zone *zone;

	if (!nr_pages)
		return NULL;
	if (nid == NUMA_NO_NODE)
		nid = numa_node_id();
	/* Not a power of two: any start will do, tried block by block. */
	align = nr_pages & (nr_pages - 1) ? pageblock_nr_pages : nr_pages;
	for_each_zone_zonelist_nodemask(zone, z, node_zonelist(nid, gfp),
					gfp_zone(gfp), nodemask) {
		struct page *page;

		do {
			page = zone_alloc_contig(zone, nr_pages, align, gfp);
			if (page)
				return page;
		} while (deferred_grow_zone(zone, MAX_PAGE_ORDER));
	}
	return NULL;
}

void init_cma_reserved_pageblock(struct page *page)
{
	unsigned long pfn = page_to_pfn(page), i;

	VM_BUG_ON(!IS_ALIGNED(pfn, pageblock_nr_pages));
	for (i = 0; i < pageblock_nr_pages; i++) {
		__page_flag_clear(page + i, PG_reserved);
		set_page_count(page + i, 0);
	}
	set_pageblock_migratetype(page, MIGRATE_CMA);
	adjust_managed_page_count(page, (long)pageblock_nr_pages);
	page_init_free_range(page_zone(page), pfn, pfn + pageblock_nr_pages,
			     false);
}
