// SPDX-License-Identifier: MIT
/*
 * Pageblocks kept for who cannot wait.
 *
 * Someone who can wait gets a block of several pages in the end: reclaim and
 * compaction make one. An interrupt handler cannot. So when a request of
 * order 1 or more that cannot wait was served, the rest of the pageblock that
 * it was served from is kept for its like: it becomes MIGRATE_HIGHATOMIC, and
 * its free pages do not count for anybody else.
 *
 *   reserve     after such a request, until the zone keeps 1% of its pages
 *               (up to the next whole pageblock); nothing in zones of which
 *               that is less than a pageblock
 *   use         first by requests with ALLOC_HIGHATOMIC; when nothing else is
 *               left also by single pages of who cannot wait, and by victims
 *   unreserve   when reclaim freed pages and a request still found none (all
 *               but one pageblock), and before somebody is ended for memory
 *
 * Terms. nr_reserved_highatomic: pages of all such pageblocks of a zone, free
 * or not. nr_free_highatomic: the free ones, which the watermark test leaves
 * out for ordinary requests.
 *
 * Both counts follow the type whoever changes it (buddy.c, I5): a range that
 * is isolated may take a pageblock away, and its undo may bring it back.
 *
 * Locks: zone->lock for all of it.
 */
#include "internal.h"

#include <linux/kernel.h>

/* How many pages @zone may keep; 0: it is too small to keep any. */
static unsigned long highatomic_limit(const struct zone *zone)
{
	unsigned long percent = zone_managed_pages(zone) / 100;

	if (percent < pageblock_nr_pages)
		return 0;
	return ALIGN(percent, pageblock_nr_pages);
}

/* Zone lock held. */
static void highatomic_reserve_locked(struct zone *zone, struct page *page)
{
	unsigned long start = pageblock_start_pfn(page_to_pfn(page));
	struct page *first = pfn_to_page(start);
	int old = get_pageblock_migratetype(first);
	long moved;

	if (zone->nr_reserved_highatomic >= highatomic_limit(zone) ||
	    !pageblock_owned(zone, first, start) || old >= MIGRATE_PCPTYPES)
		return;
	moved = (long)buddy_pageblock_retype(zone, start, MIGRATE_HIGHATOMIC);
	zone_count_free(zone, -moved, old);
	zone_count_free(zone, moved, PLANT(highatomic_uncounted) ?
				     old : MIGRATE_HIGHATOMIC);
}

void highatomic_reserve(struct zone *zone, struct page *page,
			unsigned int order)
{
	unsigned long flags;

	/* Nothing would be left of the pageblock; of several, less. Mostly
	 * there is enough: one look without the lock. */
	if (order > pageblock_order ||
	    READ_ONCE(zone->nr_reserved_highatomic) >= highatomic_limit(zone))
		return;
	spin_lock_irqsave(&zone->lock, flags);
	highatomic_reserve_locked(zone, page);
	spin_unlock_irqrestore(&zone->lock, flags);
}

/*
 * Makes the pageblock of a free reserved page one of @type. False when no
 * reserved page is free. Zone lock held.
 */
static bool highatomic_release(struct zone *zone, int type)
{
	struct page *page = buddy_alloc_smallest(zone, 0, MIGRATE_HIGHATOMIC);
	unsigned long pfn;
	long moved;

	if (!page)
		return false;
	pfn = page_to_pfn(page);
	buddy_block_free(zone, page, pfn, 0, MIGRATE_HIGHATOMIC);
	moved = (long)buddy_pageblock_retype(zone, pfn, type);
	zone_count_free(zone, -moved, MIGRATE_HIGHATOMIC);
	zone_count_free(zone, moved, type);
	return true;
}

bool highatomic_unreserve(const struct alloc_context *ac, bool all)
{
	unsigned long least = all ? 0 : pageblock_nr_pages;
	struct zoneref *z;
	struct zone *zone;

	for_each_zone_zonelist_nodemask(zone, z, ac->zonelist,
					ac->highest_zoneidx, ac->nodemask) {
		unsigned long flags;
		bool released;

		if (READ_ONCE(zone->nr_reserved_highatomic) <= least)
			continue;
		spin_lock_irqsave(&zone->lock, flags);
		released = highatomic_release(zone, ac->migratetype);
		spin_unlock_irqrestore(&zone->lock, flags);
		if (released)
			return true;
	}
	return false;
}
