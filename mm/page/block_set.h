/* SPDX-License-Identifier: MIT */
/*
 * Ordered sets of a zone's pageblocks, by number: one for each order and
 * migratetype. Add, remove and find the lowest cost one word a level:
 *
 *   level 2   [1                     ]            a bit: the word below it
 *   level 1   [0110  ][      ]...                 has a bit set
 *   level 0   [      ][1   1 ][ 1    ][      ]    a bit: this pageblock
 *
 * A set of up to 64 pageblocks is a single word, one of 4096 has two levels.
 *
 * Invariants:
 *   S1  a bit above level 0 is set exactly when the word below it is not 0
 *   S2  no bit stands for a word or a pageblock that is not there
 *   S3  block_sets.orders[type] has the orders whose set is not empty
 *
 * A search that meets a word that breaks S1 or S2 answers BLOCK_SET_DAMAGED;
 * buddy_repair() makes the sets anew from the pageblocks.
 *
 * Locks: the zone's. Nobody else looks.
 */
#ifndef _MM_PAGE_BLOCK_SET_H
#define _MM_PAGE_BLOCK_SET_H

#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <octavo/pageblock_types.h>

/* Answers that are no pageblock. */
#define BLOCK_SET_NONE		ULONG_MAX
#define BLOCK_SET_DAMAGED	(ULONG_MAX - 1)

static inline unsigned int block_set_lowest_bit(u64 word)
{
	return __ffs64(word);
}

static inline unsigned int block_set_highest_bit(u64 word)
{
	return (unsigned int)fls64(word) - 1;
}

static inline u64 *block_set_of(const struct block_sets *sets,
				unsigned int order, int type)
{
	return sets->words + (size_t)sets->set_words *
			     (order * MIGRATE_TYPES + (unsigned int)type);
}

/* Puts @member into the set; no change when it is there. */
static inline void block_set_add(struct block_sets *sets, unsigned int order,
				 int type, unsigned long member)
{
	u64 *set = block_set_of(sets, order, type);
	u32 level = 0;

	for (;;) {
		u64 *word = &set[sets->level_start[level] + member / 64];
		u64 old = *word;

		*word = old | 1ULL << (member & 63);
		if (old)
			return;
		if (++level == sets->nr_levels)
			break;
		member /= 64;
	}
	sets->orders[type] |= (u16)(1U << order);
}

/* Takes @member out of the set; no change when it is not there. */
static inline void block_set_remove(struct block_sets *sets,
				    unsigned int order, int type,
				    unsigned long member)
{
	u64 *set = block_set_of(sets, order, type);
	u32 level = 0;

	for (;;) {
		u64 *word = &set[sets->level_start[level] + member / 64];

		*word &= ~(1ULL << (member & 63));
		if (*word)
			return;
		if (++level == sets->nr_levels)
			break;
		member /= 64;
	}
	sets->orders[type] &= (u16)~(1U << order);
}

/* A step down to @level: the bit below @at, or BLOCK_SET_DAMAGED. */
static inline unsigned long block_set_down(const struct block_sets *sets,
					   const u64 *set, u32 level,
					   unsigned long at)
{
	u64 word;

	if (unlikely(at >= sets->level_words[level]))
		return BLOCK_SET_DAMAGED;
	word = set[sets->level_start[level] + at];
	return likely(word) ? at * 64 + block_set_lowest_bit(word) :
			      BLOCK_SET_DAMAGED;
}

/* The lowest member of a set that has some, or BLOCK_SET_DAMAGED. */
static inline unsigned long block_set_first(const struct block_sets *sets,
					    unsigned int order, int type)
{
	const u64 *set = block_set_of(sets, order, type);
	unsigned long at = 0;

	BUILD_BUG_ON(BLOCK_SET_LEVELS != 4);
	switch (sets->nr_levels) {
	case 4:
		at = block_set_down(sets, set, 3, at);
		fallthrough;
	case 3:
		at = block_set_down(sets, set, 2, at);
		fallthrough;
	case 2:
		at = block_set_down(sets, set, 1, at);
		fallthrough;
	default:
		at = block_set_down(sets, set, 0, at);
	}
	return likely(at < sets->nr_members) ? at : BLOCK_SET_DAMAGED;
}

/*
 * The lowest member that is not below @from, and the highest that is not
 * above it; BLOCK_SET_NONE, BLOCK_SET_DAMAGED.
 */
unsigned long block_set_next(const struct block_sets *sets, unsigned int order,
			     int type, unsigned long from);
unsigned long block_set_prev(const struct block_sets *sets, unsigned int order,
			     int type, unsigned long from);
bool block_set_has(const struct block_sets *sets, unsigned int order, int type,
		   unsigned long member);
/* Empties all sets. */
void block_sets_clear(struct block_sets *sets);
/* Whether S1 to S3 hold for the set; how many members it has. */
bool block_set_check(const struct block_sets *sets, unsigned int order,
		     int type, unsigned long *members);

#endif
