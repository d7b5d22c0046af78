// SPDX-License-Identifier: MIT
/*
 * Extents: memory in whole max-order blocks, which is where there must be
 * struct pages, whatever the memory model.
 *
 *   memory    .#####.  ####...........####|####....
 *   blocks    |-------|-------|-------|-------|-------|
 *   extents   |===============|       |=======|=======|
 *                                       node 0  node 1
 *
 * A block that holds memory of two nodes is the lower one's.
 */
#include "early.h"

/* The first extent that starts at @from or later; its end is cut nowhere. */
static bool first_extent(unsigned long from, struct pfn_span *out, int *nid)
{
	struct pfn_span r;
	int i;

	for_each_mem_pfn_range(i, MAX_NUMNODES, &r.start, &r.end, nid) {
		out->start = max(ALIGN_DOWN(r.start, MAX_ORDER_NR_PAGES), from);
		out->end = ALIGN(r.end, MAX_ORDER_NR_PAGES);
		if (out->start < out->end)
			return true;
	}
	return false;
}

bool memmap_next_extent(unsigned long *start, unsigned long *end, int *nid)
{
	struct pfn_span ext, next;
	int next_nid;

	if (!first_extent(*end, &ext, nid))
		return false;
	while (first_extent(ext.end, &next, &next_nid) &&
	       next.start == ext.end && next_nid == *nid)
		ext.end = next.end;
	*start = ext.start;
	*end = ext.end;
	return true;
}
