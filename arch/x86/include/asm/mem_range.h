/* SPDX-License-Identifier: MIT */
/*
 * How a range of RAM is cut into pieces that one page size maps; theory in
 * arch/x86/mm/mem_range.c. No privileged instruction.
 */
#ifndef _ASM_MEM_RANGE_H
#define _ASM_MEM_RANGE_H

#include <linux/types.h>

/* A page size is named by the level of its table: bit PG_LEVEL_* of a mask. */
enum pg_level { PG_LEVEL_4K, PG_LEVEL_2M, PG_LEVEL_1G, PG_LEVEL_NUM };

/* Unaligned 4K head, 2M head, 1G body, 2M tail, 4K tail. */
#define NR_RANGE_MR	5

/* [start, end) in bytes, mapped with the largest size of the mask. */
struct map_range {
	phys_addr_t start;
	phys_addr_t end;
	unsigned int page_size_mask;	/* of 1 << PG_LEVEL_2M and _1G */
};

/*
 * Cuts [start, end) into at most NR_RANGE_MR ranges, in order, without gap;
 * returns their number. Ends are page-aligned; @mask tells which large sizes
 * the CPU has. Ranges below the first boundary of a large page, and RAM
 * whose size does not fill one, are mapped with smaller ones.
 */
int split_mem_range(struct map_range *mr, phys_addr_t start, phys_addr_t end,
		    unsigned int mask);

/* "4k", "2M", "1G" (32 bits without PAE: "4M"): what @mr is mapped with. */
const char *page_size_string(const struct map_range *mr);

/*
 * A sorted set of disjoint ranges of PFNs, merged where they touch.
 *  I1: range[i].start < range[i].end
 *  I2: range[i].end < range[i + 1].start
 */
struct pfn_range {
	unsigned long start, end;
};

struct pfn_range_set {
	int nr;				/* in use */
	int max;			/* places in range[] */
	struct pfn_range *range;
};

/* 0, or -ENOSPC when the set would need more than max ranges. */
int pfn_range_set_add(struct pfn_range_set *set, unsigned long start,
		      unsigned long end);
/* Does one range hold all of [start, end)? */
bool pfn_range_set_covers(const struct pfn_range_set *set, unsigned long start,
			  unsigned long end);
void pfn_range_set_check(const struct pfn_range_set *set);

#endif
