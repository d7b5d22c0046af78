// SPDX-License-Identifier: MIT
/*
 * The buddy system: the free frames of a zone, in blocks.
 *
 * Terms. A block of order n is 2^n frames that begin at a multiple of 2^n.
 * Its buddy is the other half of the block of order n + 1 that it is half of.
 * A pageblock is an aligned block of pageblock_order, and has one migratetype:
 * what the pages in it are used for, so that pages that can be moved away lie
 * together. What is free in it says its map (pageblock.h, with the meaning of
 * free block, class, whole, partial and full).
 *
 *   zone->pageblocks     0      1      2      3      4      5
 *   class                full   2      whole  0      pair ─ pair
 *   sets of MOVABLE
 *     order 0                                 x
 *     order 2                   x
 *     order 9                          x
 *     order 10                                       x
 *
 * Each pageblock with room is in one set: that of its class and type; a pair
 * is in the set of the largest order under its first. A request of order n
 * can be served where the class is at least n. It goes to
 *
 *   1  a partial pageblock: for the orders that CPUs keep lists of the lowest
 *      of all that fit, for larger ones the lowest of the smallest class
 *   2  the lowest whole pageblock
 *   3  the lowest pair
 *
 * and there to the smallest free block that fits, the lowest of those. So a
 * whole pageblock is never broken while a partial one of its type has room,
 * and what is free gathers at the upper end. Lowest first, without regard to
 * the class, heals as well as the tightest fit (98% of the possible whole
 * pageblocks after a turnover of 10 of a half full machine), and it draws
 * a front: all below it is in use. A page freed below the front may as well
 * be kept by its CPU, one above it comes here, and the pageblocks there drain
 * (zone->take_front). Requests of larger orders are too few to draw it; they
 * look into one set only.
 *
 * Invariants, checked by buddy_check.c, besides P1 to P4 of each pageblock
 * and S1 to S3 of each set:
 *   I1  a free frame lies within the zone, and its page is the zone's
 *   I2  a pageblock is in the set of its class and type, and in no other
 *   I3  two whole pageblocks that are buddies are a pair, unless their types
 *       must not mix
 *   I4  free_area[n].nr_type[t] is the number of free blocks of order n in
 *       pageblocks of type t, and nr_free their sum
 *   I5  NR_FREE_PAGES is the sum of all free frames but the isolated ones,
 *       plus the frames whose struct pages are not made yet; NR_FREE_CMA_PAGES
 *       that of the frames in CMA pageblocks, nr_free_highatomic that of
 *       those in HIGHATOMIC ones; nr_reserved_highatomic is what all frames
 *       of these are, free or not
 *   I7  a pageblock is of the type that its byte says
 *   I8  the page of a free frame has no reference, no type and none of the
 *       flags that a free page must not have
 *
 * Damage. A pageblock is looked at only when its seal holds and its class and
 * type are those of the set that named it; else buddy_repair() mends it. What
 * it hands out is checked page by page by the caller (pages_prep_check).
 *
 * Locks: zone->lock for everything here. Types are also read without it, as
 * hints.
 *
 * Differs from Linux: no lists and nothing in struct page; placement is by
 * address; NR_FREE_PAGES is changed once for each request.
 */
#include "internal.h"

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "buddy.h"

/* ---- types ---- */

int buddy_type_at(const struct zone *zone, unsigned long pfn)
{
	return pageblock_type_of(zone, pageblock_number(zone, pfn));
}

int get_pfnblock_migratetype(const struct page *page, unsigned long pfn)
{
	return buddy_type_at(page_zone(page), pfn);
}

int get_pageblock_migratetype(const struct page *page)
{
	return get_pfnblock_migratetype(page, page_to_pfn(page));
}

/* What pageblocks are when they should be @type. */
static int type_possible(int type)
{
	BUG_ON(type < 0 || type >= MIGRATE_TYPES);
	if (page_alloc_state()->page_group_by_mobility_disabled &&
	    type < MIGRATE_PCPTYPES)
		return MIGRATE_UNMOVABLE;
	return type;
}

/*
 * Whoever gives a HIGHATOMIC pageblock another type, be it for a time only
 * (contig.c), takes it from what is reserved.
 */
static void reserved_count(struct zone *zone, int old, int type)
{
	unsigned long pages = zone->nr_reserved_highatomic;

	if (old == MIGRATE_HIGHATOMIC && !PLANT(highatomic_kept))
		pages -= min(pages, pageblock_nr_pages);
	if (type == MIGRATE_HIGHATOMIC)
		pages += pageblock_nr_pages;
	WRITE_ONCE(zone->nr_reserved_highatomic, pages);
}

static void type_store(struct zone *zone, unsigned long number, int type)
{
	u8 *byte = &zone->pageblock_type[number];

	if (PLANT(steal_type_kept) && type < MIGRATE_PCPTYPES)
		return;
	reserved_count(zone, *byte & PAGEBLOCK_TYPE_MASK, type);
	__atomic_store_n(byte, (*byte & ~PAGEBLOCK_TYPE_MASK) | type,
			 __ATOMIC_RELAXED);
}

/* Changes the class and type of a sealed pageblock: it stays as well sealed. */
static void pageblock_reseal(struct pageblock *pb, unsigned int class,
			     int type)
{
	u64 before = pageblock_sum(pb);

	pb->class = (u8)class;
	pb->type = (u8)type;
	pb->seal ^= before ^ pageblock_sum(pb);
}

void set_pageblock_migratetype(struct page *page, int migratetype)
{
	struct zone *zone = page_zone(page);
	unsigned long number = pageblock_number(zone, page_to_pfn(page));
	struct pageblock *pb = &zone->pageblocks[number];
	int type = type_possible(migratetype);

	type_store(zone, number, type);
	/* Free frames are moved by whoever changes the type under them. */
	if (!pb->nr_free)
		pageblock_reseal(pb, pb->class, type);
}

/* Types whose pageblocks may become each other's. */
static inline bool types_mix(int a, int b)
{
	return a == b || (a < MIGRATE_PCPTYPES && b < MIGRATE_PCPTYPES);
}

/* ---- pageblocks in sets ---- */

static inline void set_insert(struct zone *zone, unsigned int order, int type,
			      unsigned long number)
{
	block_set_add(&zone->block_sets, order, type, number);
}

static inline void set_delete(struct zone *zone, unsigned int order, int type,
			      unsigned long number)
{
	block_set_remove(&zone->block_sets, order, type, number);
}

/*
 * The pageblock is whole and in no set: in it goes, together with its buddy
 * if that is whole. The buddy then takes the type on.
 */
static void whole_insert(struct zone *zone, struct pageblock *pb,
			 unsigned long number)
{
	struct pageblock *buddy = &zone->pageblocks[number ^ 1];

	if (!PAGEBLOCKS_PAIR || buddy->class != pageblock_order ||
	    !types_mix(pb->type, buddy->type)) {
		pb->class = (u8)pageblock_order;
		set_insert(zone, pageblock_order, pb->type, number);
		area_count(zone, pageblock_order, pb->type, 1);
		return;
	}
	set_delete(zone, pageblock_order, buddy->type, number ^ 1);
	area_count(zone, pageblock_order, buddy->type, -1);
	type_store(zone, number ^ 1, pb->type);
	pageblock_reseal(buddy, MAX_PAGE_ORDER, pb->type);
	pb->class = MAX_PAGE_ORDER;
	set_insert(zone, MAX_PAGE_ORDER, pb->type, number & ~1UL);
	area_count(zone, MAX_PAGE_ORDER, pb->type, 1);
}

/* A whole pageblock leaves its set; its buddy stays behind alone. */
static void whole_delete(struct zone *zone, struct pageblock *pb,
			 unsigned long number)
{
	if (!PAGEBLOCKS_PAIR || pb->class == pageblock_order) {
		set_delete(zone, pageblock_order, pb->type, number);
		area_count(zone, pageblock_order, pb->type, -1);
		return;
	}
	set_delete(zone, MAX_PAGE_ORDER, pb->type, number & ~1UL);
	area_count(zone, MAX_PAGE_ORDER, pb->type, -1);
	pageblock_reseal(&zone->pageblocks[number ^ 1], pageblock_order,
			 pb->type);
	set_insert(zone, pageblock_order, pb->type, number ^ 1);
	area_count(zone, pageblock_order, pb->type, 1);
}

static void set_leave(struct zone *zone, struct pageblock *pb,
		      unsigned long number)
{
	if (class_is_partial(pb->class))
		set_delete(zone, pb->class, pb->type, number);
	else if (pb->class != PAGEBLOCK_FULL)
		whole_delete(zone, pb, number);
	pb->class = PAGEBLOCK_FULL;
}

static void set_enter(struct zone *zone, struct pageblock *pb,
		      unsigned long number, unsigned int class)
{
	pb->class = (u8)class;
	if (class_is_partial(class))
		set_insert(zone, class, pb->type, number);
	else if (class != PAGEBLOCK_FULL)
		whole_insert(zone, pb, number);
}

void buddy_class_change(struct zone *zone, struct pageblock *pb,
			unsigned long number, unsigned int class)
{
	set_leave(zone, pb, number);
	set_enter(zone, pb, number, class);
}

void buddy_pageblocks_init(struct zone *zone, unsigned long pfn,
			   unsigned long end)
{
	unsigned long number = pageblock_number(zone, pfn);
	unsigned long last;

	/* Whole pairs: a pageblock's buddy can be looked at. */
	last = pageblock_number(zone, ALIGN(end, MAX_ORDER_NR_PAGES));
	for (; number < last; number++) {
		struct pageblock *pb = &zone->pageblocks[number];

		memset(pb, 0, sizeof(*pb));
		pb->class = PAGEBLOCK_FULL;
		pb->type = (u8)pageblock_type_of(zone, number);
		pageblock_seal(pb);
	}
}

unsigned long buddy_pageblocks_made(const struct zone *zone)
{
	unsigned long end = zone_end_pfn(zone);

	/* The end of what is made is a pair's edge, or the zone's. */
	end = ALIGN(min(zone->first_deferred_pfn, end), MAX_ORDER_NR_PAGES);
	return zone->spanned_pages ? pageblock_number(zone, end) : 0;
}

void buddy_sets_rebuild(struct zone *zone)
{
	unsigned long i, nr = buddy_pageblocks_made(zone);
	unsigned int order;

	memset(zone->free_area, 0, sizeof(zone->free_area));
	block_sets_clear(&zone->block_sets);
	for (i = 0; i < nr; i++)
		zone->pageblocks[i].class = PAGEBLOCK_FULL;
	for (i = 0; i < nr; i++) {
		struct pageblock *pb = &zone->pageblocks[i];

		for (order = 0; order < pageblock_order; order++)
			area_count(zone, order, pb->type, pb->count[order]);
		set_enter(zone, pb, i, pageblock_class(pb));
	}
	for (i = 0; i < nr; i++)
		pageblock_seal(&zone->pageblocks[i]);
}

void buddy_zone_init(struct zone *zone)
{
	unsigned int type;

	memset(zone->free_area, 0, sizeof(zone->free_area));
	for (type = 0; type < MIGRATE_PCPTYPES; type++)
		zone->take_front[type] = ULONG_MAX;
	zone->unmovable_at = ULONG_MAX;
	if (!zone->spanned_pages)
		return;
	block_sets_clear(&zone->block_sets);
	memset(zone->pageblock_type, type_possible(MIGRATE_MOVABLE),
	       zone->block_sets.nr_members);
	buddy_pageblocks_init(zone, zone->pageblock_base << pageblock_order,
			      min(zone->first_deferred_pfn,
				  zone_end_pfn(zone)));
}

/* ---- giving ---- */

/*
 * Block by block upwards, as far as buddies are free: from the free block of
 * @order at @frame, which is not counted, to the one that it is part of.
 */
static void blocks_join(struct zone *zone, struct pageblock *pb,
			unsigned int frame, unsigned int order)
{
	while (pageblock_frames_free(pb, frame ^ (1U << order), order)) {
		if (PLANT(merge_lost) && order == 3)
			break;
		count_down(zone, pb, order);
		frame &= ~(1U << order);
		if (++order == pageblock_order)
			return;
	}
	count_up(zone, pb, order);
}

/*
 * Frames that are in use become free: the bits, and the counts of the blocks
 * that they make with their buddies. Less than a pageblock. False, with
 * nothing changed, when one of them is free.
 */
static __always_inline bool
frames_release(struct zone *zone, struct pageblock *pb, unsigned int frame,
	       unsigned int order)
{
	if (unlikely(!pageblock_frames_used(pb, frame, order)))
		return false;
	pb->nr_free += (u16)(1U << order);
	if (unlikely(order >= 6)) {
		pageblock_map_set(pb, frame, 1U << order);
		blocks_join(zone, pb, frame, order);
		return true;
	}
	pb->map[frame / 64] |= frames_mask(frame, order);
	/* Mostly the buddy of a single page is in use. */
	if (pageblock_frames_free(pb, frame ^ (1U << order), order))
		blocks_join(zone, pb, frame, order);
	else
		count_up(zone, pb, order);
	return true;
}

static void pageblock_release(struct zone *zone, unsigned long pfn)
{
	unsigned long number = pageblock_number(zone, pfn);
	struct pageblock *pb = pageblock_open_free(zone, number);

	if (unlikely(pb->nr_free)) {
		bad_page(pfn_to_page(pfn), "freed frames are free");
		zone_count_free(zone, -(long)pageblock_nr_pages, pb->type);
		return;
	}
	memset(pb->map, 0xff, sizeof(pb->map));
	pb->nr_free = (u16)pageblock_nr_pages;
	pageblock_close(zone, pb, number);
}

void buddy_block_free(struct zone *zone, struct page *page, unsigned long pfn,
		      unsigned int order, int type)
{
	unsigned int frame = (unsigned int)pfn & (pageblock_nr_pages - 1);
	unsigned long number = pageblock_number(zone, pfn);
	unsigned long end = pfn + (1UL << order);
	struct pageblock *pb;

	VM_BUG_ON(!IS_ALIGNED(pfn, 1UL << order));
	VM_BUG_ON(!zone_spans_pfn(zone, pfn));
	if (order >= pageblock_order) {
		for (; pfn < end; pfn += pageblock_nr_pages)
			pageblock_release(zone, pfn);
		return;
	}
	pb = pageblock_open_free(zone, number);
	if (unlikely(pb->type != type)) {
		/* The byte was damaged when the caller read it. */
		zone_count_free(zone, -(1L << order), type);
		zone_count_free(zone, 1L << order, pb->type);
	}
	if (unlikely(!frames_release(zone, pb, frame, order))) {
		bad_page(page, "freed frames are free");
		zone_count_free(zone, -(1L << order), pb->type);
		return;
	}
	front_lower(zone, pb, number);
	pageblock_close(zone, pb, number);
}

/* ---- taking ---- */

/* All of a whole pageblock, which the caller has opened. */
static void pageblock_take(struct zone *zone, struct pageblock *pb,
			   unsigned long number)
{
	memset(pb->map, 0, sizeof(pb->map));
	pb->nr_free = 0;
	pageblock_close(zone, pb, number);
}

struct page *buddy_take_wholes(struct zone *zone, struct pageblock *pb,
			       unsigned long number, unsigned int order)
{
	if (PAGEBLOCKS_PAIR && order > pageblock_order) {
		struct pageblock *second = pageblock_open(zone, number + 1);

		pageblock_take(zone, pb, number);
		pageblock_take(zone, second, number + 1);
	} else {
		pageblock_take(zone, pb, number);
	}
	return pfn_to_page(pageblock_pfn(zone, number));
}

struct page *buddy_alloc_smallest(struct zone *zone, unsigned int order,
				  int type)
{
	unsigned int frame, found;
	unsigned long number;
	struct pageblock *pb;

	pb = pageblock_open_take(zone, order, type, &number);
	if (!pb)
		return NULL;
	if (order >= pageblock_order)
		return buddy_take_wholes(zone, pb, number, order);
	frame = pageblock_smallest(pb, order, &found);
	BUG_ON(found == PAGEBLOCK_FULL || frame == PAGEBLOCK_NO_FRAME);
	frames_take(zone, pb, frame, found, 1U << order);
	pageblock_close(zone, pb, number);
	return pfn_to_page(pageblock_pfn(zone, number) + frame);
}

struct page *buddy_take_in(struct zone *zone, unsigned long number,
			   unsigned int order)
{
	struct pageblock *pb = pageblock_open(zone, number);
	unsigned int found, frame;

	VM_BUG_ON(order >= pageblock_order);
	frame = pageblock_smallest(pb, order, &found);
	if (found == PAGEBLOCK_FULL)
		return NULL;
	frames_take(zone, pb, frame, found, 1U << order);
	pageblock_close(zone, pb, number);
	return pfn_to_page(pageblock_pfn(zone, number) + frame);
}

/* ---- places ---- */

unsigned int buddy_order_at(const struct zone *zone, unsigned long pfn)
{
	unsigned long number = pageblock_number(zone, pfn);
	const struct pageblock *pb = &zone->pageblocks[number];
	unsigned int order;

	order = pageblock_order_at(pb, (unsigned int)pfn &
				       (pageblock_nr_pages - 1));
	return PAGEBLOCKS_PAIR && order == pageblock_order &&
	       pb->class == MAX_PAGE_ORDER ? MAX_PAGE_ORDER : order;
}

struct page *buddy_find_block(struct zone *zone, unsigned long pfn,
			      unsigned int *order)
{
	*order = buddy_order_at(zone, pfn);
	if (*order == PAGEBLOCK_FULL)
		return NULL;
	return pfn_to_page(ALIGN_DOWN(pfn, 1UL << *order));
}

unsigned int buddy_order(const struct page *page)
{
	const struct zone *zone = page_zone(page);
	unsigned long pfn = page_to_pfn(page);

	if (!zone_spans_pfn(zone, pfn) || zone_pfn_deferred(zone, pfn))
		return PAGEBLOCK_FULL;
	return buddy_order_at(zone, pfn);
}

bool PageBuddy(const struct page *page)
{
	unsigned int order = buddy_order(page);

	return order != PAGEBLOCK_FULL &&
	       IS_ALIGNED(page_to_pfn(page), 1UL << order);
}

unsigned long buddy_pageblock_retype(struct zone *zone, unsigned long pfn,
				     int type)
{
	unsigned long number = pageblock_number(zone, pfn);
	struct pageblock *pb = pageblock_open(zone, number);
	unsigned int class = pageblock_class(pb), order;

	type = type_possible(type);
	set_leave(zone, pb, number);
	for (order = 0; order < pageblock_order; order++) {
		area_count(zone, order, pb->type, -(long)pb->count[order]);
		area_count(zone, order, type, (long)pb->count[order]);
	}
	type_store(zone, number, type);
	pb->type = (u8)type;
	set_enter(zone, pb, number, class);
	front_lower(zone, pb, number);
	pageblock_seal(pb);
	return pb->nr_free;
}

unsigned long buddy_move_range(struct zone *zone, unsigned long start,
			       unsigned long end, int type)
{
	unsigned long moved = 0;

	for (; start < end; start += pageblock_nr_pages)
		moved += buddy_pageblock_retype(zone, start, type);
	return moved;
}

void buddy_take_range(struct zone *zone, unsigned long pfn, unsigned long end)
{
	while (pfn < end) {
		unsigned long stop = min(pageblock_end_pfn(pfn), end);
		unsigned long number = pageblock_number(zone, pfn);
		struct pageblock *pb = pageblock_open(zone, number);
		unsigned int order;

		for (order = 0; order < pageblock_order; order++)
			area_count(zone, order, pb->type,
				   -(long)pb->count[order]);
		pageblock_map_clear(pb, (unsigned int)pfn &
				    (pageblock_nr_pages - 1),
				    (unsigned int)(stop - pfn));
		pageblock_recount(pb);
		for (order = 0; order < pageblock_order; order++)
			area_count(zone, order, pb->type,
				   (long)pb->count[order]);
		pageblock_close(zone, pb, number);
		pfn = stop;
	}
}
