// SPDX-License-Identifier: MIT
/* How much room the ordered sets of a zone's pageblocks take. */
#include "early.h"

#include <linux/bug.h>
#include <linux/math.h>
#include <octavo/pageblock_types.h>

unsigned long block_sets_shape(struct block_sets *sets, unsigned long nr)
{
	unsigned long words = nr, total = 0;
	u32 level = 0;

	do {
		BUG_ON(level == BLOCK_SET_LEVELS);
		words = DIV_ROUND_UP(words, 64);
		sets->level_start[level] = (u32)total;
		sets->level_words[level] = (u32)words;
		total += words;
		level++;
	} while (words > 1);
	sets->nr_levels = level;
	sets->nr_members = (u32)nr;
	sets->set_words = (u32)total;
	return total * NR_PAGE_ORDERS * MIGRATE_TYPES;
}
