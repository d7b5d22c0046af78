// SPDX-License-Identifier: MIT
/*
 * Free blocks in a map of bits: see pageblock.h.
 *
 * A block of order n <= 5 lies within a word, where its bits are found by
 * combining each bit with those to its left:
 *
 *   free        1111 0110 0000 0001
 *   order 1     x x  0 0  0 0  0 0      bits i and i + 1, at even i
 *   order 2     x    0    0    0        what is left of those, at i % 4 = 0
 *
 * Blocks of order 6 and more are whole words, of which a second word is made,
 * a bit for each; there the same is done with the order less 6.
 */
#include "pageblock.h"

#include <linux/string.h>

/* The bits of the word that @frame is in, from it on, at most @nr. */
static inline u64 word_part(unsigned int frame, unsigned int nr)
{
	u64 mask = ~0ULL << (frame & 63);

	return (frame & 63) + nr < 64 ? mask & ~(~0ULL << ((frame & 63) + nr)) :
					mask;
}

void pageblock_map_set(struct pageblock *pb, unsigned int frame,
		       unsigned int nr)
{
	while (nr) {
		unsigned int part = min(64 - (frame & 63), nr);

		pb->map[frame / 64] |= word_part(frame, part);
		frame += part;
		nr -= part;
	}
}

void pageblock_map_clear(struct pageblock *pb, unsigned int frame,
			 unsigned int nr)
{
	while (nr) {
		unsigned int part = min(64 - (frame & 63), nr);

		pb->map[frame / 64] &= ~word_part(frame, part);
		frame += part;
		nr -= part;
	}
}

unsigned int pageblock_order_at(const struct pageblock *pb, unsigned int frame)
{
	unsigned int order = 0;

	if (!pageblock_frames_free(pb, frame, 0))
		return PAGEBLOCK_FULL;
	while (order < pageblock_order) {
		unsigned int next = order + 1;

		if (!pageblock_frames_free(pb, frame & ~((1U << next) - 1),
					   next))
			break;
		order = next;
	}
	return order;
}

void pageblock_recount(struct pageblock *pb)
{
	unsigned int order, i;

	memset(pb->count, 0, sizeof(pb->count));
	pb->nr_free = 0;
	pb->orders = 0;
	for (i = 0; i < PAGEBLOCK_WORDS; i++)
		pb->nr_free += (u16)hweight64(pb->map[i]);
	if (!pb->nr_free || pageblock_whole(pb))
		return;
	for (order = 0; order < pageblock_order; order++) {
		unsigned int n = 0;

		if (order >= 6)
			n = hweight64(word_blocks(pageblock_free_words(pb), order - 6));
		for (i = 0; i < PAGEBLOCK_WORDS && order < 6; i++)
			if (pb->map[i] != ~0ULL)
				n += hweight64(word_blocks(pb->map[i], order));
		pb->count[order] = (u16)n;
		pb->orders |= (u16)(!!n << order);
	}
}

int pageblock_check(const struct pageblock *pb)
{
	struct pageblock now = *pb;
	unsigned int order;

	pageblock_recount(&now);
	if (now.nr_free != pb->nr_free)
		return 1;
	for (order = 0; order < pageblock_order; order++)
		if (now.count[order] != pb->count[order])
			return 2;
	if (now.orders != pb->orders)
		return 2;
	if (pb->class != pageblock_class(pb) &&
	    !(PAGEBLOCKS_PAIR && pageblock_whole(pb) &&
	      pb->class == MAX_PAGE_ORDER))
		return 3;
	return pageblock_sum(pb) ? 4 : 0;
}
