/* SPDX-License-Identifier: MIT */
/*
 * The map of a pageblock, and what follows from it.
 *
 * Terms. The free blocks of a pageblock are the largest aligned blocks of
 * free frames: a block of order n is one when all its bits are set and not
 * all of its buddy's. So nothing is ever split or merged; the bits change and
 * the free blocks with them. The class of a pageblock is the order of its
 * largest free block. A pageblock is whole when all of it is free, full when
 * none is, and partial otherwise.
 *
 *   map     1111 0110 0000 0001   free blocks: 0-3 of order 2, 5, 6 and 15
 *   count   3, 0, 1               of order 0; class 2
 *
 * Two whole pageblocks that are buddies are one free block of the largest
 * order, where that is larger than a pageblock (a pair; both are of its
 * class), if types allow.
 *
 * Invariants:
 *   P1  nr_free is the number of bits set in the map
 *   P2  count[n] is the number of free blocks of order n, all of them smaller
 *       than the pageblock; orders has the bits of those that are not 0
 *   P3  class is the largest order present: the pageblock's or MAX_PAGE_ORDER
 *       for a whole one, PAGEBLOCK_FULL for a full one
 *   P4  all words and PAGEBLOCK_SEALED give 0 by exclusive or (the seal)
 *
 * Locks: the zone's for everything.
 */
#ifndef _MM_PAGE_PAGEBLOCK_H
#define _MM_PAGE_PAGEBLOCK_H

#include <linux/kernel.h>
#include <linux/mmzone.h>
#include <octavo/pageblock_types.h>

#include "block_set.h"

#define PAGEBLOCK_NO_FRAME	((unsigned int)pageblock_nr_pages)

/* So that a pageblock that was never made, all zeroes, is not sealed. */
#define PAGEBLOCK_SEALED	0x9e3779b97f4a7c15ULL

/* Whether two pageblocks make a larger block. */
#define PAGEBLOCKS_PAIR		(MAX_PAGE_ORDER > pageblock_order)

/* The number of @pfn's pageblock in @zone. */
static inline unsigned long pageblock_number(const struct zone *zone,
					     unsigned long pfn)
{
	return (pfn >> pageblock_order) - zone->pageblock_base;
}

/* The first frame of a pageblock. */
static inline unsigned long pageblock_pfn(const struct zone *zone,
					  unsigned long number)
{
	return (zone->pageblock_base + number) << pageblock_order;
}

/* The type that frames freed in the pageblock are of; any value if damaged. */
static inline int pageblock_type_of(const struct zone *zone,
				    unsigned long number)
{
	/* A frame of another zone, by a page whose flags are damaged. */
	if (unlikely(number >= zone->nr_pageblocks))
		return MIGRATE_ISOLATE;
	return __atomic_load_n(&zone->pageblock_type[number],
			       __ATOMIC_RELAXED) & PAGEBLOCK_TYPE_MASK;
}

/* Of the 2^@order frames at a multiple of that, the bits of their word. */
static inline u64 frames_mask(unsigned int frame, unsigned int order)
{
	return (~0ULL >> (64 - (1U << order))) << (frame & 63);
}

/*
 * 0 when the pageblock is as it was sealed. Spelt out: this is done each time
 * that a pageblock is looked at, and a loop would cost four times as much.
 */
static inline u64 pageblock_sum(const struct pageblock *pb)
{
	u64 sum = PAGEBLOCK_SEALED ^ pb->seal;
	unsigned int i;

	for (i = 0; i < PAGEBLOCK_WORDS; i += 8)
		sum ^= pb->map[i] ^ pb->map[i + 1] ^ pb->map[i + 2] ^
		       pb->map[i + 3] ^ pb->map[i + 4] ^ pb->map[i + 5] ^
		       pb->map[i + 6] ^ pb->map[i + 7];
	sum ^= pb->state[0] ^ pb->state[1] ^ pb->state[2];
	for (i = 3; i < PAGEBLOCK_STATE_WORDS; i++)
		sum ^= pb->state[i];
	return sum;
}

static inline void pageblock_seal(struct pageblock *pb)
{
	pb->seal ^= pageblock_sum(pb);
}

static inline bool pageblock_whole(const struct pageblock *pb)
{
	return pb->nr_free == pageblock_nr_pages;
}

/* A pageblock that is neither whole nor in the sets of whole ones. */
static inline bool class_is_partial(unsigned int class)
{
	return class < pageblock_order;
}

static inline void pageblock_count_up(struct pageblock *pb,
				      unsigned int order)
{
	pb->count[order]++;
	pb->orders |= (u16)(1U << order);
}

static inline void pageblock_count_down(struct pageblock *pb,
					unsigned int order)
{
	if (!--pb->count[order])
		pb->orders &= (u16)~(1U << order);
}

/*
 * Whether the pageblock that a set of @class and @type named is sealed and
 * says the same itself; @number may be one that is not there.
 */
static inline bool pageblock_sound(const struct zone *zone,
				   unsigned long number, unsigned int class,
				   int type)
{
	const struct pageblock *pb;

	if (unlikely(number >= zone->block_sets.nr_members))
		return false;
	pb = &zone->pageblocks[number];
	return !pageblock_sum(pb) && pb->class == class && pb->type == type &&
	       pageblock_type_of(zone, number) == type;
}

/* Of an aligned block of 2^@order frames: all are free, none is. */
static inline bool pageblock_frames_free(const struct pageblock *pb,
					 unsigned int frame,
					 unsigned int order)
{
	unsigned int i, end = (frame + (1U << order)) / 64;

	if (likely(order < 6)) {
		u64 mask = frames_mask(frame, order);

		return (pb->map[frame / 64] & mask) == mask;
	}
	for (i = frame / 64; i < end; i++)
		if (pb->map[i] != ~0ULL)
			return false;
	return true;
}

static inline bool pageblock_frames_used(const struct pageblock *pb,
					 unsigned int frame,
					 unsigned int order)
{
	unsigned int i, end = (frame + (1U << order)) / 64;

	if (likely(order < 6))
		return !(pb->map[frame / 64] & frames_mask(frame, order));
	for (i = frame / 64; i < end; i++)
		if (pb->map[i])
			return false;
	return true;
}

static inline bool pageblock_frame_free(const struct pageblock *pb,
					unsigned int frame)
{
	return pb->map[frame / 64] >> (frame % 64) & 1;
}

/* Where the frames from @frame on change, or the pageblock ends. */
static inline unsigned int pageblock_run_end(const struct pageblock *pb,
					     unsigned int frame)
{
	u64 flip = pageblock_frame_free(pb, frame) ? ~0ULL : 0, word;

	for (;; frame = ALIGN(frame + 1, 64)) {
		if (frame >= pageblock_nr_pages)
			return PAGEBLOCK_NO_FRAME;
		word = (pb->map[frame / 64] ^ flip) >> (frame % 64);
		if (word)
			return frame + block_set_lowest_bit(word);
	}
}

/* The first of the frames that lie below @frame and are as it is. */
static inline unsigned int pageblock_run_start(const struct pageblock *pb,
					       unsigned int frame)
{
	u64 flip = pageblock_frame_free(pb, frame) ? ~0ULL : 0, word;

	for (;; frame = ALIGN_DOWN(frame, 64) - 1) {
		word = (pb->map[frame / 64] ^ flip) << (63 - frame % 64);
		if (word)
			return frame + 1 - (63 - block_set_highest_bit(word));
		if (frame < 64)
			return 0;
	}
}

/* Sets or clears the bits of @nr frames from @frame on. */
void pageblock_map_set(struct pageblock *pb, unsigned int frame,
		       unsigned int nr);
void pageblock_map_clear(struct pageblock *pb, unsigned int frame,
			 unsigned int nr);
/* Bits that can begin a block of order n + 1, for n up to 5. */
#define BLOCK_STARTS(n)		(~0ULL / ((2ULL << ((2U << (n)) - 1)) - 1))

/* One step up: the bits of @word at which two blocks of @order begin. */
#define WORD_PAIRS(word, order)						\
	((word) & (word) >> (1U << (order)) & BLOCK_STARTS(order))

/* Where in a word blocks of @order can begin. */
static inline u64 block_starts(unsigned int order)
{
	if (!order)
		return ~0ULL;
	return order < 6 ? BLOCK_STARTS(order - 1) : 1;
}

/*
 * In bits of @word, the first frames of its free blocks of exactly @order, at
 * most 5; those of a word that is all free count as of order 5.
 */
static inline u64 word_blocks(u64 word, unsigned int order)
{
	u64 next;

	switch (order) {
	case 0:
		next = WORD_PAIRS(word, 0);
		break;
	case 1:
		word = WORD_PAIRS(word, 0);
		next = WORD_PAIRS(word, 1);
		break;
	case 2:
		word = WORD_PAIRS(word, 0);
		word = WORD_PAIRS(word, 1);
		next = WORD_PAIRS(word, 2);
		break;
	case 3:
		word = WORD_PAIRS(word, 0);
		word = WORD_PAIRS(word, 1);
		word = WORD_PAIRS(word, 2);
		next = WORD_PAIRS(word, 3);
		break;
	case 4:
		word = WORD_PAIRS(word, 0);
		word = WORD_PAIRS(word, 1);
		word = WORD_PAIRS(word, 2);
		word = WORD_PAIRS(word, 3);
		next = WORD_PAIRS(word, 4);
		break;
	default:
		word = WORD_PAIRS(word, 0);
		word = WORD_PAIRS(word, 1);
		word = WORD_PAIRS(word, 2);
		word = WORD_PAIRS(word, 3);
		return WORD_PAIRS(word, 4);
	}
	/* Both halves of a block of the next order are none of this one. */
	return word & ~(next | next << (1U << order));
}

/* A bit for each word of the map that is all free. */
static inline u64 pageblock_free_words(const struct pageblock *pb)
{
	u64 words = 0;
	unsigned int i;

	for (i = 0; i < PAGEBLOCK_WORDS; i++)
		words |= (u64)(pb->map[i] == ~0ULL) << i;
	return words;
}

/* A bit for each word of the map that is all free. */
u64 pageblock_free_words(const struct pageblock *pb);
/*
 * The lowest frame that begins a free block of exactly @order, which is
 * smaller than the pageblock, or PAGEBLOCK_NO_FRAME.
 */
static inline unsigned int pageblock_find(const struct pageblock *pb,
					  unsigned int order)
{
	unsigned int i;
	u64 found;

	if (order >= 6) {
		found = word_blocks(pageblock_free_words(pb), order - 6);
		return found ? block_set_lowest_bit(found) * 64 :
			       PAGEBLOCK_NO_FRAME;
	}
	for (i = 0; i < PAGEBLOCK_WORDS; i++) {
		u64 word = pb->map[i];

		/* Neither 0 nor all ones. */
		if (word + 1 <= 1)
			continue;
		found = word_blocks(word, order);
		if (found)
			return i * 64 + block_set_lowest_bit(found);
	}
	return PAGEBLOCK_NO_FRAME;
}

/* The order of the free block that holds @frame; PAGEBLOCK_FULL: it is used. */
unsigned int pageblock_order_at(const struct pageblock *pb,
				unsigned int frame);
/* Makes nr_free, count and orders anew from the map. */
void pageblock_recount(struct pageblock *pb);
/* The class that the counts say, for a pageblock that is not in a pair. */
static inline unsigned int pageblock_class(const struct pageblock *pb)
{
	if (likely(pb->orders))
		return 31 - (unsigned int)__builtin_clz(pb->orders);
	return pb->nr_free ? pageblock_order : PAGEBLOCK_FULL;
}

/* 0, or which of P1 to P4 does not hold. */
int pageblock_check(const struct pageblock *pb);

#endif
