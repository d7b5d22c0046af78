// SPDX-License-Identifier: MIT
/*
 * Cutting RAM into pieces that one page size maps, and remembering which
 * frames are mapped. Pure: linked into the host too.
 *
 * A range [start, end) becomes at most five pieces. Large pages need both
 * address and end aligned, so sizes climb to the largest and fall again:
 *
 *   start      2M boundary    1G boundary      1G boundary    2M        end
 *     |---4K---|------2M------|-------1G-------|------2M------|----4K----|
 *
 * A size the CPU lacks is served by the next smaller, and neighbours of equal
 * size become one piece.
 *
 * Differs from Linux: a range is never widened to a large page because RAM
 * happens to go on behind it; callers ask for whole RAM ranges.
 */
#include <asm/mem_range.h>

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/page.h>

static const u8 level_shift[PG_LEVEL_NUM] = {
	[PG_LEVEL_4K] = PAGE_SHIFT,
	[PG_LEVEL_2M] = PMD_SHIFT,
	[PG_LEVEL_1G] = 30,
};

/* Above all physical addresses, low enough that rounding up cannot wrap. */
#define ADDRESS_LIMIT	(1ULL << 56)

struct mem_split {
	struct map_range *mr;
	int nr;
	phys_addr_t pos;	/* all before it has been cut off */
	unsigned int sizes;	/* large sizes of the CPU */
};

static phys_addr_t level_down(phys_addr_t addr, int level)
{
	return addr & ~((1ULL << level_shift[level]) - 1);
}

static phys_addr_t level_up(phys_addr_t addr, int level)
{
	return level_down(addr + (1ULL << level_shift[level]) - 1, level);
}

/* Cuts [pos, end) off, for leaves of at most @level. */
static void mem_split_cut(struct mem_split *s, phys_addr_t end, int level)
{
	unsigned int mask = s->sizes & ((2U << level) - 1) &
			    ~(1U << PG_LEVEL_4K);
	struct map_range *last = s->nr ? &s->mr[s->nr - 1] : NULL;

	if (end <= s->pos)
		return;
	if (last && last->page_size_mask == mask) {
		last->end = end;
	} else {
		BUG_ON(s->nr == NR_RANGE_MR);
		s->mr[s->nr++] = (struct map_range) {
			.start = s->pos, .end = end, .page_size_mask = mask,
		};
	}
	s->pos = end;
}

int split_mem_range(struct map_range *mr, phys_addr_t start, phys_addr_t end,
		    unsigned int mask)
{
	struct mem_split s = { .mr = mr, .pos = start, .sizes = mask };
	int level;

	BUG_ON(start > end || end > ADDRESS_LIMIT);
	BUG_ON(!IS_ALIGNED(start | end, PAGE_SIZE));
	for (level = PG_LEVEL_4K; level < PG_LEVEL_1G; level++)
		mem_split_cut(&s, min(level_up(s.pos, level + 1),
				      level_down(end, level)), level);
	for (; level >= PG_LEVEL_4K; level--)
		mem_split_cut(&s, level_down(end, level), level);
	BUG_ON(start < end && s.pos != end);
	return s.nr;
}

const char *page_size_string(const struct map_range *mr)
{
	if (mr->page_size_mask & (1U << PG_LEVEL_1G))
		return "1G";
	if (mr->page_size_mask & (1U << PG_LEVEL_2M))
		return PMD_SHIFT == 22 ? "4M" : "2M";
	return "4k";
}

/* First range that ends at or behind @pfn. */
static int pfn_range_set_find(const struct pfn_range_set *set,
			      unsigned long pfn)
{
	int lo = 0, hi = set->nr;

	while (lo < hi) {
		int mid = (lo + hi) / 2;

		if (set->range[mid].end < pfn)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

int pfn_range_set_add(struct pfn_range_set *set, unsigned long start,
		      unsigned long end)
{
	int first, last;

	if (start >= end)
		return 0;
	first = pfn_range_set_find(set, start);
	for (last = first; last < set->nr && set->range[last].start <= end;
	     last++) {
		start = min(start, set->range[last].start);
		end = max(end, set->range[last].end);
	}
	if (first == last && set->nr == set->max)
		return -ENOSPC;
	/* [first, last) become one. */
	memmove(&set->range[first + 1], &set->range[last],
		(set->nr - last) * sizeof(set->range[0]));
	set->nr += 1 - (last - first);
	set->range[first].start = start;
	set->range[first].end = end;
	return 0;
}

bool pfn_range_set_covers(const struct pfn_range_set *set, unsigned long start,
			  unsigned long end)
{
	int i = pfn_range_set_find(set, end);

	if (start >= end)
		return true;
	return i < set->nr && set->range[i].start <= start;
}

void pfn_range_set_check(const struct pfn_range_set *set)
{
	int i;

	BUG_ON(set->nr < 0 || set->nr > set->max);
	for (i = 0; i < set->nr; i++) {
		BUG_ON(set->range[i].start >= set->range[i].end);
		BUG_ON(i && set->range[i - 1].end >= set->range[i].start);
	}
}
