/* SPDX-License-Identifier: MIT */
/*
 * What buddy.c, block by block, and buddy_bulk.c, many at once, share: the
 * choice of a pageblock, and how one is opened, changed and closed. The theory
 * stands in buddy.c. The zone's lock is held in all of these.
 */
#ifndef _MM_PAGE_BUDDY_H
#define _MM_PAGE_BUDDY_H

#include "internal.h"

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <octavo/plant.h>

#include "pageblock.h"

/* buddy.c: into the set of @class, from that of the class it had. Unsealed. */
void buddy_class_change(struct zone *zone, struct pageblock *pb,
			unsigned long number, unsigned int class);
/* One or two whole pageblocks from @number on, which is opened. */
struct page *buddy_take_wholes(struct zone *zone, struct pageblock *pb,
			       unsigned long number, unsigned int order);

/* @n free blocks more, or fewer, in pageblocks of @type. */
static inline void area_count(struct zone *zone, unsigned int order, int type,
			      long n)
{
	struct free_area *area = &zone->free_area[order];

	/* Read without the lock, as hints. */
	__atomic_store_n(&area->nr_free, area->nr_free + (unsigned long)n,
			 __ATOMIC_RELAXED);
	__atomic_store_n(&area->nr_type[type],
			 area->nr_type[type] + (unsigned long)n,
			 __ATOMIC_RELAXED);
}

static inline void count_up(struct zone *zone, struct pageblock *pb,
			    unsigned int order)
{
	pageblock_count_up(pb, order);
	area_count(zone, order, pb->type, 1);
}

static inline void count_down(struct zone *zone, struct pageblock *pb,
			      unsigned int order)
{
	pageblock_count_down(pb, order);
	area_count(zone, order, pb->type, -1);
}

/* The pageblock to change, mended if it was damaged. */
static inline struct pageblock *pageblock_open(struct zone *zone,
					       unsigned long number)
{
	struct pageblock *pb = &zone->pageblocks[number];

	VM_BUG_ON(number >= zone->block_sets.nr_members);
	if (unlikely(pageblock_sum(pb)))
		buddy_repair(zone, number);
	return pb;
}

/* After changes of the map and the counts. */
static inline void pageblock_close(struct zone *zone, struct pageblock *pb,
				   unsigned long number)
{
	unsigned int class = pageblock_class(pb);

	if (class != pb->class && !PLANT(set_stale))
		buddy_class_change(zone, pb, number, class);
	pageblock_seal(pb);
}

/* The pageblock to free frames into, which is of the type its byte says. */
static inline struct pageblock *pageblock_open_free(struct zone *zone,
						    unsigned long number)
{
	struct pageblock *pb = pageblock_open(zone, number);

	if (unlikely(pb->type != pageblock_type_of(zone, number)))
		buddy_repair(zone, number);
	return pb;
}

/* The buddy would hand frames of this pageblock out before those it did. */
static inline void front_lower(struct zone *zone, const struct pageblock *pb,
			       unsigned long number)
{
	unsigned long end = pageblock_pfn(zone, number + 1);

	if (pb->type < MIGRATE_PCPTYPES && end < zone->take_front[pb->type] &&
	    !pageblock_whole(pb))
		WRITE_ONCE(zone->take_front[pb->type], end);
}

/*
 * The pageblock that serves 2^@order frames of @type, and its class; or
 * BLOCK_SET_NONE, BLOCK_SET_DAMAGED.
 */
static __always_inline unsigned long
pageblock_choose(const struct zone *zone, unsigned int order, int type,
		 unsigned int *class)
{
	const struct block_sets *sets = &zone->block_sets;
	u32 orders = sets->orders[type] & ((1U << NR_PAGE_ORDERS) - 1);
	unsigned long lowest;
	u32 others;

	orders = orders >> order << order;
	if (!orders)
		return BLOCK_SET_NONE;
	*class = (unsigned int)__ffs(orders);
	lowest = block_set_first(sets, *class, type);
	if (order > PAGE_ALLOC_COSTLY_ORDER || !class_is_partial(*class))
		return lowest;
	others = orders & (orders - 1) & ((1U << pageblock_order) - 1);
	for (; others; others &= others - 1) {
		unsigned int other = (unsigned int)__ffs(others);
		unsigned long number = block_set_first(sets, other, type);

		if (number < lowest) {
			lowest = number;
			*class = other;
		}
	}
	return lowest;
}

/* The pageblock to take 2^@order frames of @type from, or NULL. */
static __always_inline struct pageblock *
pageblock_open_take(struct zone *zone, unsigned int order, int type,
		    unsigned long *number)
{
	unsigned int class = 0;

	for (;;) {
		*number = pageblock_choose(zone, order, type, &class);
		if (*number == BLOCK_SET_NONE)
			return NULL;
		if (likely(pageblock_sound(zone, *number, class, type)))
			return &zone->pageblocks[*number];
		buddy_repair(zone, *number);
	}
}

/* Takes the first @nr frames of the free block of @order at @frame. */
static __always_inline void
frames_take(struct zone *zone, struct pageblock *pb, unsigned int frame,
	    unsigned int order, unsigned int nr)
{
	unsigned int rest = (1U << order) - nr;

	if (likely((frame & 63) + nr < 64))
		pb->map[frame / 64] &= ~(((1ULL << nr) - 1) << (frame & 63));
	else
		pageblock_map_clear(pb, frame, nr);
	pb->nr_free -= (u16)nr;
	if (order < pageblock_order)
		count_down(zone, pb, order);
	/* What is left are blocks of the orders of its length's bits. */
	for (; rest; rest &= rest - 1)
		if (!PLANT(cut_rest_lost) || rest & 1)
			count_up(zone, pb, (unsigned int)__ffs(rest));
}

/*
 * The free block to cut 2^@order frames from: its first frame, and its order,
 * PAGEBLOCK_FULL when there is none.
 */
static __always_inline unsigned int
pageblock_smallest(const struct pageblock *pb, unsigned int order,
		   unsigned int *found)
{
	u32 orders = (u32)pb->orders >> order << order;

	if (unlikely(pageblock_whole(pb))) {
		*found = pageblock_order;
		return 0;
	}
	*found = orders ? (unsigned int)__ffs(orders) : PAGEBLOCK_FULL;
	return orders ? pageblock_find(pb, *found) : 0;
}

#endif
