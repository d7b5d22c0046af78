// SPDX-License-Identifier: MIT
/*
 * Whose pageblocks to take when the lists of the wanted type are empty, so
 * that as few blocks as possible hold pages of more than one type.
 *
 * Terms. To steal is to take a whole pageblock over: its free pages move to
 * the lists of the new type, and what is freed in it later follows. To borrow
 * is to take one block of pages and leave the pageblock's type as it is.
 *
 *   wanted \ tried   first          then
 *   UNMOVABLE        RECLAIMABLE    MOVABLE
 *   MOVABLE          RECLAIMABLE    UNMOVABLE
 *   RECLAIMABLE      UNMOVABLE      MOVABLE
 *
 * The largest free block is looked for first: it most likely brings a whole
 * pageblock along. Unmovable and reclaimable requests always try to steal,
 * as a borrowed page would pin the block anyway. A movable request steals
 * only where at least half of a pageblock is at hand, and else borrows
 * the smallest block that fits: movable pages in an unmovable block do little
 * harm, since they can be moved out again.
 *
 * A pageblock is stolen when its free pages, and those in use that suit the
 * new type, are at least half of it. What is in use is counted like this: a
 * movable request counts pages that can be moved; another counts those that
 * cannot, if the block was movable before, and none otherwise, as it cannot
 * tell the other two types' pages apart.
 *
 * CMA and HIGHATOMIC pageblocks are never stolen and ISOLATE ones not even
 * looked at. Movable requests may borrow from CMA (ALLOC_CMA), and are sent
 * there first while more than half of the free pages are there, so that CMA
 * blocks fill along with the others.
 *
 * On a machine too small for pageblocks of several types every request is
 * unmovable and every pageblock too: nothing here is ever found.
 *
 * ALLOC_NOFRAGMENT: only free blocks of a pageblock or more are taken; the
 * caller has another zone to try first.
 *
 * Locks: zone->lock.
 */
#include "internal.h"

#include <linux/kernel.h>

#define NR_FALLBACKS	(MIGRATE_PCPTYPES - 1)

static const u8 fallbacks[MIGRATE_PCPTYPES][NR_FALLBACKS] = {
	[MIGRATE_UNMOVABLE]   = { MIGRATE_RECLAIMABLE, MIGRATE_MOVABLE },
	[MIGRATE_MOVABLE]     = { MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE },
	[MIGRATE_RECLAIMABLE] = { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE },
};

void pageblock_range_set_type(struct page *page, unsigned long pfn,
			      unsigned int order, int type)
{
	unsigned long n = order > pageblock_order ? 1UL << order :
						    pageblock_nr_pages;
	unsigned long i;

	VM_BUG_ON(!IS_ALIGNED(pfn, 1UL << order));
	for (i = 0; i < n; i += pageblock_nr_pages)
		set_pageblock_migratetype(page + i, type);
}

/* Whether a request of @type tries to steal on finding a block of @order. */
static bool may_steal(unsigned int order, int type)
{
	if (order >= pageblock_order / 2)
		return true;
	return type != MIGRATE_MOVABLE;
}

/* The type to raid for @type at @order; -1 when all lists are empty. */
static int fallback_find(const struct free_area *area, int type)
{
	unsigned int i;

	for (i = 0; i < NR_FALLBACKS; i++)
		if (!page_list_empty(&area->free_list[fallbacks[type][i]]))
			return fallbacks[type][i];
	return -1;
}

/* What a pageblock holds, in pages. */
struct pageblock_use {
	unsigned long free;
	unsigned long movable;		/* in use, and can be moved */
	unsigned long other;		/* in use, holes, reserved */
};

static bool page_can_move(const struct page *page)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;

	return up && up->page_movable && up->page_movable(page);
}

static void pageblock_use_count(struct zone *zone, struct page *first,
				struct pageblock_use *use)
{
	unsigned long i = 0;

	use->free = use->movable = use->other = 0;
	while (i < pageblock_nr_pages) {
		struct page *page = first + i;

		if (PageBuddy(page) && page_zone(page) == zone) {
			use->free += 1UL << buddy_order(page);
			i += 1UL << buddy_order(page);
			continue;
		}
		if (page_can_move(page))
			use->movable++;
		else
			use->other++;
		i++;
	}
}

/*
 * Pageblocks that the zone's ends cut belong in part to someone else. So do
 * some inside where zones overlap; only the zone of @first has their type.
 */
bool pageblock_owned(struct zone *zone, const struct page *first,
		     unsigned long start)
{
	return zone_spans_pfn(zone, start) &&
	       zone_spans_pfn(zone, start + pageblock_nr_pages - 1) &&
	       page_zone(first) == zone;
}

/*
 * Takes over the pageblock of @page, which is of @old, if enough of it is
 * free or suits @type. True when it did.
 */
static bool pageblock_steal(struct zone *zone, struct page *page,
			    unsigned long pfn, int old, int type)
{
	unsigned long start = pageblock_start_pfn(pfn);
	struct page *first = page - (pfn - start);
	struct pageblock_use use;
	unsigned long alike = 0;

	if (!pageblock_owned(zone, first, start))
		return false;
	pageblock_use_count(zone, first, &use);
	if (type == MIGRATE_MOVABLE)
		alike = use.movable;
	else if (old == MIGRATE_MOVABLE)
		alike = use.other;
	if (use.free + alike < pageblock_nr_pages / 2)
		return false;
	set_pageblock_migratetype(first, type);
	buddy_move_range(zone, start, start + pageblock_nr_pages, type);
	return true;
}

/* Serves 2^@order pages of @type from the block @page of @found_order. */
static struct page *fallback_take(struct zone *zone, struct page *page,
				  unsigned int found_order, unsigned int order,
				  int type, bool steal)
{
	unsigned long pfn = page_to_pfn(page);
	int old = buddy_type(page);

	if (found_order >= pageblock_order) {
		buddy_list_del(zone, page, found_order);
		pageblock_range_set_type(page, pfn, found_order, type);
		buddy_expand(zone, page, pfn, order, found_order, type);
		return page;
	}
	if (steal && pageblock_steal(zone, page, pfn, old, type))
		return buddy_alloc_smallest(zone, order, type);
	buddy_list_del(zone, page, found_order);
	buddy_expand(zone, page, pfn, order, found_order, old);
	return page;
}

/* From the smallest block that fits; there is one of order @largest. */
static struct page *fallback_borrow(struct zone *zone, unsigned int order,
				    int type, unsigned int largest)
{
	unsigned int o = order;
	int old;

	for (;;) {
		old = fallback_find(&zone->free_area[o], type);
		if (old >= 0)
			break;
		BUG_ON(o == largest);
		o++;
	}
	return fallback_take(zone,
			     page_list_first(&zone->free_area[o].free_list[old]),
			     o, order, type, false);
}

static struct page *buddy_alloc_fallback(struct zone *zone, unsigned int order,
					 int type, unsigned int alloc_flags)
{
	unsigned int least = order;
	unsigned int o;

	if (alloc_flags & ALLOC_NOFRAGMENT && order < pageblock_order)
		least = pageblock_order;
	for (o = NR_PAGE_ORDERS; o-- > least; ) {
		struct free_area *area = &zone->free_area[o];
		int old = fallback_find(area, type);

		if (old < 0)
			continue;
		if (!may_steal(o, type))
			return fallback_borrow(zone, order, type, o);
		return fallback_take(zone,
				     page_list_first(&area->free_list[old]),
				     o, order, type, true);
	}
	return NULL;
}

/* More than half of what is free lies in CMA blocks. */
static bool cma_first(const struct zone *zone)
{
	return atomic_long_read(&zone->vm_stat[NR_FREE_CMA_PAGES]) >
	       atomic_long_read(&zone->vm_stat[NR_FREE_PAGES]) / 2;
}

struct page *buddy_alloc(struct zone *zone, unsigned int order, int type,
			 unsigned int alloc_flags)
{
	struct page *page;

	if (unlikely(alloc_flags & ALLOC_CMA && cma_first(zone))) {
		page = buddy_alloc_smallest(zone, order, MIGRATE_CMA);
		if (page)
			return page;
	}
	page = buddy_alloc_smallest(zone, order, type);
	if (likely(page))
		return page;
	if (alloc_flags & ALLOC_CMA) {
		page = buddy_alloc_smallest(zone, order, MIGRATE_CMA);
		if (page)
			return page;
	}
	return buddy_alloc_fallback(zone, order, type, alloc_flags);
}
