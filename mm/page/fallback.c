// SPDX-License-Identifier: MIT
/*
 * Whose pageblocks to take when those of the wanted type have no room, so
 * that as few as possible hold pages of more than one type.
 *
 * Terms. To steal is to take a whole pageblock over: its free pages become
 * the new type's, and what is freed in it later follows. To borrow is to take
 * one block of pages and leave the pageblock's type as it is.
 *
 *   wanted \ tried   first          then
 *   UNMOVABLE        RECLAIMABLE    MOVABLE
 *   MOVABLE          RECLAIMABLE    UNMOVABLE
 *   RECLAIMABLE      UNMOVABLE      MOVABLE
 *
 * The pageblock with the largest free block is looked for first: it is most
 * likely to be free as a whole. Unmovable and reclaimable requests always try
 * to steal, as a borrowed page would pin the pageblock anyway. A movable
 * request steals only where at least half of a pageblock is at hand, and else
 * borrows the smallest block that fits: movable pages in an unmovable
 * pageblock do little harm, since they can be moved out again.
 *
 * Among pageblocks that are as good, a movable request takes the lowest. The
 * others keep together, in a region that starts at the zone's upper end, where
 * movable pages come last:
 *
 *   | movable, lowest first ....      whole ....     <-|unmovable|  |
 *                                                      ^ unmovable_at
 *
 * They take the pageblock nearest to the one that was taken last, so that the
 * region grows by its neighbours and goes where there is room. Where nothing
 * is whole and nothing could be stolen, they borrow from the pageblock that
 * they borrowed from last for as long as it has room: one is spoilt rather
 * than many.
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
 * ALLOC_NOFRAGMENT: only whole pageblocks are taken; the caller has another
 * zone to try first.
 *
 * Differs from Linux: of a block larger than a pageblock only as many
 * pageblocks change their type as the request needs; where they lie counts.
 *
 * Locks: zone->lock.
 */
#include "internal.h"

#include <linux/kernel.h>

#include <trace/events/kmem.h>

#include "pageblock.h"

#define NR_FALLBACKS	(MIGRATE_PCPTYPES - 1)

static const u8 fallbacks[MIGRATE_PCPTYPES][NR_FALLBACKS] = {
	[MIGRATE_UNMOVABLE]   = { MIGRATE_RECLAIMABLE, MIGRATE_MOVABLE },
	[MIGRATE_MOVABLE]     = { MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE },
	[MIGRATE_RECLAIMABLE] = { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE },
};

/* What a request of another type has found to take from. */
struct prey {
	unsigned long number;		/* of the pageblock */
	unsigned int class;		/* its largest free block's order */
	int type;			/* that it has */
};

/* Whether a request of @type tries to steal on finding a block of @order. */
static bool may_steal(unsigned int order, int type)
{
	if (order >= pageblock_order / 2)
		return true;
	return type != MIGRATE_MOVABLE;
}

/* The type to raid for @type with pageblocks of @class; -1: there are none. */
static int fallback_find(const struct zone *zone, unsigned int class, int type)
{
	unsigned int i;

	for (i = 0; i < NR_FALLBACKS; i++)
		if (zone->block_sets.orders[fallbacks[type][i]] >> class & 1)
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

static void pageblock_use_count(const struct pageblock *pb,
				const struct page *first,
				struct pageblock_use *use)
{
	unsigned int i;

	use->free = pb->nr_free;
	use->movable = use->other = 0;
	for (i = 0; i < pageblock_nr_pages; i++) {
		if (pageblock_frames_free(pb, i, 0))
			continue;
		if (page_can_move(first + i))
			use->movable++;
		else
			use->other++;
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

/* Whether enough of the pageblock is free or suits @type to take it over. */
static bool pageblock_suits(struct zone *zone, const struct prey *prey,
			    int type)
{
	const struct pageblock *pb = &zone->pageblocks[prey->number];
	unsigned long start = pageblock_pfn(zone, prey->number);
	unsigned long alike = 0;
	struct pageblock_use use;

	if (prey->class >= pageblock_order)
		return true;
	if (!pageblock_owned(zone, pfn_to_page(start), start))
		return false;
	pageblock_use_count(pb, pfn_to_page(start), &use);
	if (type == MIGRATE_MOVABLE)
		alike = use.movable;
	else if (prey->type == MIGRATE_MOVABLE)
		alike = use.other;
	return use.free + alike >= pageblock_nr_pages / 2;
}

/* The nearer of two numbers, of which one may be none, to @at. */
static unsigned long nearer(unsigned long a, unsigned long b, unsigned long at)
{
	if (a >= BLOCK_SET_DAMAGED || b >= BLOCK_SET_DAMAGED)
		return min(a, b);
	return at - min(a, at) < max(b, at) - at ? a : b;
}

/* Of a pair that was found by its first, the half that is nearer to @at. */
static unsigned long pair_half(unsigned long first, unsigned long at)
{
	return first < at ? first + 1 : first;
}

/* The pageblock of the set that a request of @type would best take. */
static unsigned long pageblock_pick(const struct zone *zone,
				    unsigned int order, unsigned int class,
				    int prey_type, int type)
{
	const struct block_sets *sets = &zone->block_sets;
	unsigned long at = zone->unmovable_at, number;

	if (type == MIGRATE_MOVABLE)
		return block_set_first(sets, class, prey_type);
	at = min(at, (unsigned long)sets->nr_members - 1);
	number = nearer(block_set_prev(sets, class, prey_type, at),
			block_set_next(sets, class, prey_type, at), at);
	if (PAGEBLOCKS_PAIR && class == MAX_PAGE_ORDER && order < class &&
	    number < BLOCK_SET_DAMAGED)
		return pair_half(number, at);
	return number;
}

/* The pageblock that was borrowed from last, if it may serve once more. */
static bool prey_last(const struct zone *zone, unsigned int order, int type,
		      struct prey *prey)
{
	const struct pageblock *pb;

	if (type == MIGRATE_MOVABLE || prey->class >= pageblock_order ||
	    zone->unmovable_at >= buddy_pageblocks_made(zone))
		return false;
	pb = &zone->pageblocks[zone->unmovable_at];
	if (pb->type != prey->type || !class_is_partial(pb->class) ||
	    pb->class < order)
		return false;
	prey->number = zone->unmovable_at;
	prey->class = pb->class;
	return true;
}

/* Serves 2^@order pages of @type from the pageblock found. */
static struct page *prey_take(struct zone *zone, const struct prey *prey,
			      unsigned int order, int type)
{
	unsigned long pfn = pageblock_pfn(zone, prey->number);

	if (type != MIGRATE_MOVABLE)
		zone->unmovable_at = prey->number;
	if (!pageblock_suits(zone, prey, type))
		return buddy_take_in(zone, prey->number, order);
	buddy_pageblock_retype(zone, pfn, type);
	if (order > pageblock_order)
		buddy_pageblock_retype(zone, pfn + pageblock_nr_pages, type);
	/* Those of the type had no room: it is this one that is found. */
	return buddy_alloc_smallest(zone, order, type);
}

/* From the smallest block that fits; there is one of order @largest. */
static struct page *fallback_borrow(struct zone *zone, unsigned int order,
				    int type, unsigned int largest)
{
	unsigned int o, i;

	for (o = order; o <= largest; o++)
		for (i = 0; i < NR_FALLBACKS; i++) {
			int from = fallbacks[type][i];

			if (zone->free_area[o].nr_type[from])
				return buddy_alloc_smallest(zone, order, from);
		}
	return NULL;
}

/* The pageblock of the largest class, and of @least at least; or false. */
static bool prey_find(struct zone *zone, unsigned int order,
		      unsigned int least, int type, struct prey *prey)
{
	unsigned int class;

	for (class = NR_PAGE_ORDERS; class-- > least; ) {
		int from = fallback_find(zone, class, type);

		if (from < 0)
			continue;
		prey->class = class;
		prey->type = from;
		prey->number = pageblock_pick(zone, order, class, from, type);
		return true;
	}
	return false;
}

/* @page, of a pageblock of another type, serves a request of @type. */
static struct page *trace_fallback(struct zone *zone, unsigned int order,
				   int type, const struct prey *prey,
				   struct page *page)
{
	if (page)
		trace_mm_page_alloc_extfrag(page, (int)order, (int)prey->class,
					    type, prey->type);
	return page;
}

static struct page *buddy_alloc_fallback(struct zone *zone, unsigned int order,
					 int type, unsigned int alloc_flags)
{
	unsigned int least = order;
	struct prey prey;

	if (alloc_flags & ALLOC_NOFRAGMENT && order < pageblock_order)
		least = pageblock_order;
	while (prey_find(zone, order, least, type, &prey)) {
		if (prey.class < pageblock_order)
			zone_types_mix(zone, alloc_flags);
		if (!may_steal(prey.class, type))
			return trace_fallback(zone, order, type, &prey,
					      fallback_borrow(zone, order, type,
							      prey.class));
		if (likely(pageblock_sound(zone, prey.number, prey.class,
					   prey.type))) {
			prey_last(zone, order, type, &prey);
			return trace_fallback(zone, order, type, &prey,
					      prey_take(zone, &prey, order,
							type));
		}
		buddy_repair(zone, prey.number);
	}
	return NULL;
}

/* More than half of what is free lies in CMA blocks. */
bool buddy_cma_first(const struct zone *zone, unsigned int alloc_flags)
{
	return unlikely(alloc_flags & ALLOC_CMA) &&
	       atomic_long_read(&zone->vm_stat[NR_FREE_CMA_PAGES]) >
	       atomic_long_read(&zone->vm_stat[NR_FREE_PAGES]) / 2;
}

struct page *buddy_alloc(struct zone *zone, unsigned int order, int type,
			 unsigned int alloc_flags)
{
	struct page *page;

	if (unlikely(buddy_cma_first(zone, alloc_flags))) {
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
