// SPDX-License-Identifier: MIT
/*
 * Many free blocks at once, between the buddy system and those who keep
 * blocks of one order: CPUs' lists above all. The theory of free frames
 * stands in buddy.c and pageblock.h.
 *
 * Terms. A gift is an array of blocks that become free. A word is 64 frames
 * of a pageblock, as they lie in its map.
 *
 * Giving. Blocks of a gift that follow each other in one word become one mask,
 * and the mask's aligned blocks are joined with what is free beside them:
 *
 *   used   1011 0010 1110 0011      the used bits next to the block at x, on
 *                     x             both sides; the order of the block that
 *           ◄─────── ─ ─────►       results is that of the highest bit in
 *                                   which x differs from both
 *
 * A pageblock's seal is carried along: what the changed words gained and lost
 * goes into it, so that damage shows as before, without the other words being
 * looked at. The whole seal is looked at where a damaged pageblock could do
 * harm: before one moves to another set, and when frames are found free that
 * should be in use. Changes of free_area are gathered and added at the end.
 *
 * Taking. What is taken under the lock is words and masks; they are made into
 * an array of first frames after it is dropped. A pageblock that has less than
 * is wanted gives all that it has, without a look at how that is divided.
 *
 * Invariants: those of buddy.c hold between any two calls, not within one.
 *
 * Locks: zone->lock, but for taken_expand_down().
 */
#include "buddy.h"

#include <linux/string.h>

/* ---- giving ---- */

/* z: all */
struct gift {
	struct zone *zone;
	unsigned long number;		/* its number */
	unsigned long lowest;		/* number of the lowest that was given
					 * to, of type; ULONG_MAX: none */
	unsigned int order;		/* of all blocks */
	int type;			/* of pb; < 0: of none yet */
	u64 state[PAGEBLOCK_STATE_WORDS];	/* what of pb's is in its seal */
	long frames;			/* given, not counted yet */
	long blocks[pageblock_order];	/* change of free_area, not made yet */
};

/* Makes the changes that were gathered. */
static noinline void gift_flush(struct gift *g)
{
	unsigned int order;

	if (!g->frames)
		return;
	for (order = 0; order < pageblock_order; order++) {
		if (!g->blocks[order])
			continue;
		area_count(g->zone, order, g->type, g->blocks[order]);
		g->blocks[order] = 0;
	}
	zone_count_free(g->zone, g->frames, g->type);
	g->frames = 0;
	if (g->lowest < g->zone->nr_pageblocks)
		front_lower(g->zone, &g->zone->pageblocks[g->lowest],
			    g->lowest);
	g->lowest = ULONG_MAX;
}

/* What of the pageblock's counts is in its seal. */
static __always_inline void gift_remember(struct gift *g,
					  const struct pageblock *pb)
{
	unsigned int i;

	for (i = 0; i < PAGEBLOCK_STATE_WORDS; i++)
		g->state[i] = pb->state[i];
}

/* What became of the counts goes into the seal; the map's changes are in. */
static __always_inline void gift_settle(struct gift *g, struct pageblock *pb)
{
	u64 change = 0;
	unsigned int i;

	for (i = 0; i < PAGEBLOCK_STATE_WORDS; i++)
		change ^= g->state[i] ^ pb->state[i];
	pb->seal ^= change;
}

static void noinline gift_repair(struct gift *g)
{
	gift_flush(g);
	buddy_repair(g->zone, g->number);
}

/* The used bit nearest to @bit on either side decides; 6: none is used. */
static inline unsigned int order_joined(u64 used, unsigned int bit)
{
	u64 below = used & ((1ULL << bit) - 1), above = used ^ below;
	unsigned int near = 64;

	if (above)
		near = bit ^ block_set_lowest_bit(above);
	if (below)
		near = min(near, bit ^ block_set_highest_bit(below));
	return 31 - (unsigned int)__builtin_clz(near);
}

/* The same when the word at @i is all free, for the pageblock's words. */
static unsigned int order_joined_words(const struct pageblock *pb,
				       unsigned int i)
{
	return 6 + order_joined(~pageblock_free_words(pb), i);
}

/* The frames of an aligned block of @order become free, all within a word. */
static __always_inline void gift_block(struct gift *g, struct pageblock *pb,
			      unsigned int frame, unsigned int order)
{
	u64 word = pb->map[frame / 64] | frames_mask(frame, order);
	unsigned int end = order_joined(~word, frame & 63);

	pb->map[frame / 64] = word;
	pb->nr_free += (u16)(1U << order);
	g->frames += 1L << order;
	if (unlikely(end == 6))
		end = order_joined_words(pb, frame / 64);
	if (PLANT(merge_lost) && order <= 3 && end > 3)
		end = 3;
	for (; order < end; order++) {
		pageblock_count_down(pb, order);
		g->blocks[order]--;
	}
	if (unlikely(order == pageblock_order))
		return;
	pageblock_count_up(pb, order);
	g->blocks[order]++;
}

/* The frames of @mask in the word at @i, by aligned blocks. */
static void gift_mask(struct gift *g, struct pageblock *pb, unsigned int i,
		      u64 mask)
{
	while (mask) {
		unsigned int bit = block_set_lowest_bit(mask);
		u64 gap = ~(mask >> bit);
		unsigned int length = gap ? block_set_lowest_bit(gap) : 64;
		unsigned int order = 31 - (unsigned int)__builtin_clz(length);

		/* The first frame allows no larger block; a multiple of 64
		 * allows one of 64. */
		order = min(order, block_set_lowest_bit(bit | 64));
		gift_block(g, pb, i * 64 + bit, order);
		mask &= ~frames_mask(bit, order);
	}
}

/*
 * Frames of @mask in the word at @i are free already: what is left when the
 * blocks that they are of are left out, after the pageblock was mended if it
 * is damaged.
 */
static u64 noinline gift_refuse(struct gift *g, struct pageblock *pb,
				  unsigned int i, u64 mask)
{
	unsigned int bit;

	gift_settle(g, pb);
	if (pageblock_sum(pb))
		gift_repair(g);
	gift_remember(g, pb);
	for (bit = 0; bit < 64; bit += 1U << g->order) {
		u64 block = frames_mask(bit, g->order);

		if (!(mask & block & pb->map[i]))
			continue;
		bad_page(pfn_to_page(pageblock_pfn(g->zone, g->number) +
				     i * 64 + bit), "freed frames are free");
		mask &= ~block;
	}
	return mask;
}

/* One block becomes part of what is given of its word; a second time: no. */
static inline u64 gift_gather(u64 mask, u32 pfn, unsigned int order)
{
	u64 block = frames_mask(pfn & 63, order);

	if (unlikely(mask & block))
		bad_page(pfn_to_page((unsigned long)pfn),
			 "freed frames are free");
	return mask | block;
}

/* Two blocks or more that lie in one word; how many they are. */
static noinline unsigned int gift_word(struct gift *g, struct pageblock *pb,
				       const u32 *pfns, unsigned int nr)
{
	unsigned int i = (pfns[0] & (pageblock_nr_pages - 1)) / 64, n = 1;
	u64 mask = frames_mask(pfns[0], g->order);

	while (n < nr && pfns[n] >> 6 == pfns[0] >> 6)
		mask = gift_gather(mask, pfns[n++], g->order);
	if (unlikely(pb->map[i] & mask))
		mask = gift_refuse(g, pb, i, mask);
	pb->seal ^= mask;
	gift_mask(g, pb, i, mask);
	return n;
}

/* One block. */
static __always_inline void gift_one(struct gift *g, struct pageblock *pb,
				     u32 pfn, unsigned int order)
{
	unsigned int frame = pfn & (pageblock_nr_pages - 1);
	u64 mask = frames_mask(frame, order);

	if (unlikely(pb->map[frame / 64] & mask)) {
		mask = gift_refuse(g, pb, frame / 64, mask);
		if (!mask)
			return;
	}
	pb->seal ^= mask;
	gift_block(g, pb, frame, order);
}

/* Makes the pageblock of @pfn the one that is given to. */
static __always_inline struct pageblock *gift_open(struct gift *g, u32 pfn)
{
	struct zone *zone = g->zone;
	struct pageblock *pb;

	g->number = pageblock_number(zone, pfn);
	VM_BUG_ON(g->number >= zone->block_sets.nr_members);
	pb = &zone->pageblocks[g->number];
	if (unlikely(pb->type != pageblock_type_of(zone, g->number)))
		gift_repair(g);
	if (unlikely(pb->type != g->type)) {
		gift_flush(g);
		g->type = pb->type;
	}
	gift_remember(g, pb);
	return pb;
}

/* Its class is not what it was: a full look, then the other set. */
static void noinline gift_class_change(struct gift *g, struct pageblock *pb)
{
	if (unlikely(pageblock_sum(pb)))
		gift_repair(g);
	pageblock_close(g->zone, pb, g->number);
}

static __always_inline void gift_close(struct gift *g, struct pageblock *pb)
{
	gift_settle(g, pb);
	if (unlikely(pageblock_class(pb) != pb->class))
		gift_class_change(g, pb);
	if (g->number < g->lowest && !pageblock_whole(pb))
		g->lowest = g->number;
}

/* Blocks smaller than a word. */
static __always_inline void gift_give(struct gift *g, const u32 *pfns,
				      unsigned int nr, unsigned int order)
{
	unsigned int i = 0;

	do {
		struct pageblock *pb = gift_open(g, pfns[i]);
		u32 block = pfns[i] >> pageblock_order;

		do {
			if (i + 1 < nr && pfns[i + 1] >> 6 == pfns[i] >> 6)
				i += gift_word(g, pb, pfns + i, nr - i);
			else
				gift_one(g, pb, pfns[i++], order);
		} while (i < nr && pfns[i] >> pageblock_order == block);
		gift_close(g, pb);
	} while (i < nr);
	gift_flush(g);
}

void buddy_give_bulk(struct zone *zone, unsigned int order, u32 *pfns,
		     unsigned int nr)
{
	unsigned int i;

	if (order < 6 && nr) {
		struct gift gift = { .zone = zone, .order = order, .type = -1,
				     .lowest = ULONG_MAX };

		/* Once more, for the one order that counts. */
		if (likely(!order))
			gift_give(&gift, pfns, nr, 0);
		else
			gift_give(&gift, pfns, nr, order);
		return;
	}
	for (i = 0; i < nr; i++) {
		struct page *page = pfn_to_page((unsigned long)pfns[i]);
		int type = buddy_type_at(zone, pfns[i]);

		zone_count_free(zone, 1L << order, type);
		buddy_block_free(zone, page, pfns[i], order, type);
	}
}

/* ---- taking ---- */

/* @mask: where blocks begin in the 64 frames from @pfn on. */
static inline void taken_add(struct taken_blocks *t, u32 pfn, u64 mask,
			     unsigned int nr)
{
	t->word[t->nr_words++] = (struct taken_word){ mask, pfn };
	t->nr += nr;
}

static inline bool taken_full(const struct taken_blocks *t)
{
	return t->nr_words == TAKEN_WORDS || t->nr == t->want;
}

/* The lowest @nr bits of @word. */
static u64 bits_lowest(u64 word, unsigned int nr)
{
	u64 rest = word;

	while (nr--)
		rest &= rest - 1;
	return word ^ rest;
}

/* All single pages of a pageblock that has no more than are wanted. */
static void take_all(struct zone *zone, struct pageblock *pb, u32 first,
		     struct taken_blocks *t)
{
	unsigned int i, order;

	for (i = 0; i < PAGEBLOCK_WORDS; i++)
		if (pb->map[i])
			taken_add(t, first + i * 64, pb->map[i], 0);
	t->nr += pb->nr_free;
	for (order = 0; pb->orders >> order; order++) {
		if (pb->count[order])
			area_count(zone, order, pb->type,
				   -(long)pb->count[order]);
		pb->count[order] = 0;
	}
	memset(pb->map, 0, sizeof(pb->map));
	pb->orders = 0;
	pb->nr_free = 0;
}

/* Free blocks of exactly @order, within words; false: there are none. */
static bool take_exact(struct zone *zone, struct pageblock *pb,
		       unsigned int order, u32 first, struct taken_blocks *t)
{
	unsigned int i, had = t->nr, nr;

	for (i = 0; i < PAGEBLOCK_WORDS && !taken_full(t); i++) {
		u64 found = pb->map[i];

		if (!found || found == ~0ULL)
			continue;
		found = word_blocks(found, order);
		if (!found)
			continue;
		nr = hweight64(found);
		if (nr > t->want - t->nr) {
			nr = t->want - t->nr;
			found = bits_lowest(found, nr);
		}
		taken_add(t, first + i * 64, found, nr);
		/* A block's bits, from its first one's. */
		pb->map[i] &= ~(found * frames_mask(0, order));
	}
	nr = t->nr - had;
	pb->nr_free -= (u16)(nr << order);
	pb->count[order] -= (u16)nr;
	if (!pb->count[order])
		pb->orders &= (u16)~(1U << order);
	area_count(zone, order, pb->type, -(long)nr);
	return nr;
}

/* From the front of a larger block; false: there is none. */
static bool take_cut(struct zone *zone, struct pageblock *pb,
		     unsigned int order, u32 first, struct taken_blocks *t)
{
	unsigned int found, frame, nr;

	frame = pageblock_smallest(pb, order, &found);
	if (found == PAGEBLOCK_FULL)
		return false;
	BUG_ON(frame == PAGEBLOCK_NO_FRAME);
	nr = min(t->want - t->nr, 1U << (found - order));
	if (order >= 6)
		nr = min(nr, TAKEN_WORDS - t->nr_words);
	else if (found > 6)
		nr = min(nr, (TAKEN_WORDS - t->nr_words) << (6 - order));
	frames_take(zone, pb, frame, found, nr << order);
	while (nr) {
		unsigned int some = order < 6 ? 1U << (6 - order) : 1;

		/* What is smaller than a word lies in one. */
		some = min(nr, some);
		taken_add(t, first + (frame & ~63U),
			  bits_lowest(block_starts(order), some) <<
			  (frame & 63), some);
		frame += some << order;
		nr -= some;
	}
	return true;
}

/* Blocks smaller than the pageblock. */
static void take_from(struct zone *zone, struct pageblock *pb,
		      unsigned int order, u32 first, struct taken_blocks *t)
{
	if (!order && pb->nr_free <= t->want - t->nr &&
	    t->nr_words + PAGEBLOCK_WORDS <= TAKEN_WORDS) {
		take_all(zone, pb, first, t);
		return;
	}
	while (!taken_full(t)) {
		bool some;

		if (order < 6 && pb->orders >> order & 1)
			some = take_exact(zone, pb, order, first, t);
		else
			some = take_cut(zone, pb, order, first, t);
		/* Nothing is left, or the counts do not tell the truth. */
		if (!some)
			break;
	}
}

/* Whether all pages of two pageblocks are wanted. */
static bool take_pair_fits(const struct taken_blocks *t)
{
	return PAGEBLOCKS_PAIR && t->want - t->nr >= 2 * pageblock_nr_pages &&
	       TAKEN_WORDS - t->nr_words >= 2 * PAGEBLOCK_WORDS;
}

/* All pages of a pair. */
static void take_pair(struct zone *zone, struct pageblock *pb,
		      unsigned long number, struct taken_blocks *t)
{
	u32 first = (u32)pageblock_pfn(zone, number);
	unsigned int i;

	buddy_take_wholes(zone, pb, number, MAX_PAGE_ORDER);
	for (i = 0; i < 2 * PAGEBLOCK_WORDS; i++)
		taken_add(t, first + i * 64, ~0ULL, 64);
}

/* From one pageblock of @type; false: there is none to take from. */
static bool take_some(struct zone *zone, unsigned int order, int type,
		      struct taken_blocks *t)
{
	unsigned int had = t->nr;
	struct pageblock *pb;
	unsigned long number;

	pb = pageblock_open_take(zone, order, type, &number);
	/* One hold of the lock breaks no whole pageblock for a remainder. */
	if (!pb || (had && t->may_stop && order < pageblock_order &&
		    pageblock_whole(pb)))
		return false;
	if (!order && pb->class == MAX_PAGE_ORDER && take_pair_fits(t)) {
		take_pair(zone, pb, number, t);
	} else if (order >= pageblock_order) {
		buddy_take_wholes(zone, pb, number, order);
		taken_add(t, (u32)pageblock_pfn(zone, number), 1, 1);
	} else {
		take_from(zone, pb, order, (u32)pageblock_pfn(zone, number),
			  t);
		pageblock_close(zone, pb, number);
	}
	zone_count_free(zone, -((long)(t->nr - had) << order), type);
	return t->nr > had;
}

/* One block, of whatever type there is. */
static bool take_any(struct zone *zone, unsigned int order, int type,
		     unsigned int alloc_flags, struct taken_blocks *t)
{
	struct page *page = buddy_alloc(zone, order, type, alloc_flags);
	unsigned long pfn;

	if (!page)
		return false;
	pfn = page_to_pfn(page);
	/* Starts in a word, or is many of them. */
	taken_add(t, (u32)pfn & ~63U, 1ULL << (pfn & 63), 1);
	zone_count_free(zone, -(1L << order), buddy_type_at(zone, pfn));
	return true;
}

/* To the end of the pageblock that single pages of @type come from next. */
static void front_move(struct zone *zone, int type)
{
	unsigned long number, front = ULONG_MAX;
	unsigned int class;

	if (type >= MIGRATE_PCPTYPES)
		return;
	number = pageblock_choose(zone, 0, type, &class);
	if (number < BLOCK_SET_DAMAGED)
		front = pageblock_pfn(zone, number + 1);
	if (front != zone->take_front[type])
		WRITE_ONCE(zone->take_front[type], front);
}

void buddy_take(struct zone *zone, unsigned int order, int type,
		unsigned int alloc_flags, struct taken_blocks *t)
{
	bool cma_first = buddy_cma_first(zone, alloc_flags);

	VM_BUG_ON(t->nr || t->nr_words);
	while (!taken_full(t)) {
		if (!cma_first && take_some(zone, order, type, t))
			continue;
		if (t->nr && t->may_stop)
			break;
		if (!take_any(zone, order, type, alloc_flags, t))
			break;
		cma_first = buddy_cma_first(zone, alloc_flags);
	}
	front_move(zone, type);
}

/* From @to on, one every @step: up or down. */
static __always_inline u32 *taken_expand(const struct taken_word *word,
					 u32 *to, int step)
{
	u64 mask = word->mask;
	unsigned int i;

	if (mask == ~0ULL) {
		for (i = 0; i < 64; i++, to += step)
			*to = word->pfn + i;
		return to;
	}
	for (; mask; mask &= mask - 1, to += step)
		*to = word->pfn + block_set_lowest_bit(mask);
	return to;
}

void taken_expand_down(const struct taken_blocks *t, u32 *pfns)
{
	u32 *to = pfns + t->nr - 1;
	unsigned int i;

	for (i = 0; i < t->nr_words; i++)
		to = taken_expand(&t->word[i], to, -1);
	BUG_ON(to != pfns - 1);
}

unsigned int buddy_take_bulk(struct zone *zone, unsigned int order, int type,
			     unsigned int alloc_flags, unsigned int nr,
			     u32 *pfns)
{
	unsigned int n = 0, i;
	u32 *to = pfns;

	while (n < nr) {
		struct taken_blocks t;

		taken_init(&t, nr - n, false);
		buddy_take(zone, order, type, alloc_flags, &t);
		if (!t.nr)
			break;
		for (i = 0; i < t.nr_words; i++)
			to = taken_expand(&t.word[i], to, 1);
		n += t.nr;
	}
	return n;
}
