// SPDX-License-Identifier: MIT
/* The rarer questions about ordered sets of pageblocks: see block_set.h. */
#include "block_set.h"

#include <linux/minmax.h>
#include <linux/string.h>

/* Down from the word @at of @level: the lowest or the highest member. */
static unsigned long set_descend(const struct block_sets *sets, const u64 *set,
				 u32 level, unsigned long at, bool lowest)
{
	for (;;) {
		u64 word;

		if (at >= sets->level_words[level])
			return BLOCK_SET_DAMAGED;
		word = set[sets->level_start[level] + at];
		if (!word)
			return BLOCK_SET_DAMAGED;
		at = at * 64 + (lowest ? block_set_lowest_bit(word) :
					 block_set_highest_bit(word));
		if (!level)
			break;
		level--;
	}
	return at < sets->nr_members ? at : BLOCK_SET_DAMAGED;
}

unsigned long block_set_next(const struct block_sets *sets, unsigned int order,
			     int type, unsigned long from)
{
	const u64 *set = block_set_of(sets, order, type);
	u32 level;

	for (level = 0; level < sets->nr_levels; level++) {
		unsigned long at = from / 64;
		u64 word;

		if (at >= sets->level_words[level])
			return BLOCK_SET_NONE;
		word = set[sets->level_start[level] + at] &
		       ~0ULL << (from & 63);
		if (word) {
			at = at * 64 + block_set_lowest_bit(word);
			if (level)
				return set_descend(sets, set, level - 1, at,
						   true);
			return at < sets->nr_members ? at : BLOCK_SET_DAMAGED;
		}
		/* Above: only words after this one. */
		from = at + 1;
	}
	return BLOCK_SET_NONE;
}

unsigned long block_set_prev(const struct block_sets *sets, unsigned int order,
			     int type, unsigned long from)
{
	const u64 *set = block_set_of(sets, order, type);
	u32 level;

	from = min(from, (unsigned long)sets->nr_members - 1);
	for (level = 0; level < sets->nr_levels; level++) {
		unsigned long at = from / 64;
		u64 word = set[sets->level_start[level] + at] &
			   ~0ULL >> (63 - (from & 63));

		if (word) {
			at = at * 64 + block_set_highest_bit(word);
			return level ? set_descend(sets, set, level - 1, at,
						   false) : at;
		}
		if (!at)
			return BLOCK_SET_NONE;
		from = at - 1;
	}
	return BLOCK_SET_NONE;
}

bool block_set_has(const struct block_sets *sets, unsigned int order, int type,
		   unsigned long member)
{
	return block_set_of(sets, order, type)[member / 64] >> (member & 63) &
	       1;
}

void block_sets_clear(struct block_sets *sets)
{
	memset(sets->words, 0, sizeof(u64) * sets->set_words *
			       NR_PAGE_ORDERS * MIGRATE_TYPES);
	memset(sets->orders, 0, sizeof(sets->orders));
}

/* Whether all levels lie in the set, and each has room for what is below. */
static bool shape_check(const struct block_sets *sets)
{
	u64 nr = sets->nr_members;
	u32 level;

	if (sets->nr_levels > BLOCK_SET_LEVELS)
		return false;
	for (level = 0; level < sets->nr_levels; level++) {
		u64 words = sets->level_words[level];

		if (nr > words * 64 ||
		    sets->level_start[level] + words > sets->set_words)
			return false;
		nr = words;
	}
	return true;
}

/* Whether each bit of @level says truly what is below it. */
static bool level_check(const struct block_sets *sets, const u64 *set,
			u32 level)
{
	const u64 *words = set + sets->level_start[level];
	unsigned long nr = level ? sets->level_words[level - 1] :
				   sets->nr_members;
	unsigned long i;

	if (nr % 64 && words[nr / 64] >> nr % 64)
		return false;
	for (i = 0; level && i < nr; i++) {
		bool bit = words[i / 64] >> i % 64 & 1;

		if (bit != !!set[sets->level_start[level - 1] + i])
			return false;
	}
	return true;
}

bool block_set_check(const struct block_sets *sets, unsigned int order,
		     int type, unsigned long *members)
{
	const u64 *set = block_set_of(sets, order, type);
	u32 level, i;

	*members = 0;
	if (!shape_check(sets))
		return false;
	for (level = 0; level < sets->nr_levels; level++)
		if (!level_check(sets, set, level))
			return false;
	for (i = 0; i < sets->level_words[0]; i++)
		*members += hweight64(set[i]);
	return !*members == !(sets->orders[type] >> order & 1);
}
