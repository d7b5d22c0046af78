/* SPDX-License-Identifier: MIT */
/*
 * A pageblock as the buddy system keeps it. mm/early finds room for them,
 * mm/page owns them (mm/page/pageblock.h).
 */
#ifndef _OCTAVO_PAGEBLOCK_TYPES_H
#define _OCTAVO_PAGEBLOCK_TYPES_H

#include <linux/cache.h>
#include <linux/mmzone_types.h>

/* A map has 64 frames to a word; 9 orders of 2 MiB, 10 of 4 MiB. */
#define PAGEBLOCK_WORDS		(1U << (pageblock_order - 6))
/* A count for each order, nr_free, orders, class and type: 6 bytes besides. */
#define PAGEBLOCK_STATE_WORDS	((2 * pageblock_order + 6 + 7) / 8)
#define PAGEBLOCK_ALL_WORDS	(PAGEBLOCK_WORDS + PAGEBLOCK_STATE_WORDS + 1)

/* The class of a pageblock without a free frame. */
#define PAGEBLOCK_FULL		NR_PAGE_ORDERS

/*
 * All under the zone's lock. The words of a pageblock, the seal among them,
 * always give the same number by exclusive or, so that one changed bit
 * anywhere is seen.
 */
struct pageblock {
	union {
		struct {
			u64 map[PAGEBLOCK_WORDS];  /* a set bit: free frame */
			union {
				struct {
					u16 count[pageblock_order]; /* free
						* blocks of each order */
					u16 nr_free;	/* free frames */
					u16 orders;	/* whose count is not 0 */
					u8 class;	/* order of the largest
							 * block, or _FULL */
					u8 type;	/* whose free blocks they
							 * are, if any */
				};
				u64 state[PAGEBLOCK_STATE_WORDS];
			};
			u64 seal;
		};
		u64 words[PAGEBLOCK_ALL_WORDS];
	};
} ____cacheline_aligned;

/*
 * Works out the shape of @sets for members 0 to @nr - 1: the 64-bit words
 * that all the sets take. mm/early/block_sets.c
 */
unsigned long block_sets_shape(struct block_sets *sets, unsigned long nr);

#endif
