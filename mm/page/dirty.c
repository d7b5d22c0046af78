// SPDX-License-Identifier: MIT
/*
 * How much of memory may hold data that has yet to be written to a device.
 *
 * Dirtyable pages are those that are free, less the reserves, and those of
 * the page cache. Of these, dirty_background_ratio percent may be dirty
 * before write-back starts, dirty_ratio before who dirties more is made to
 * wait. Either may be given in bytes instead; then the ratio is 0. High memory
 * counts with vm.highmem_is_dirtyable only.
 *
 * A node has its share, by its own dirtyable pages: a request for a page that
 * will be dirtied (__GFP_WRITE) passes over nodes whose share is used up, as
 * long as there are others, so that reclaim of a node does not meet dirty
 * pages alone.
 *
 * Locks: none. What is read changes meanwhile; a few pages do not matter.
 */
#include "internal.h"

#include <linux/kernel.h>

/*
 * Of @total, what is high memory: who writes back needs low memory for it, so
 * that a machine with little of that is not to have much dirty.
 */
static unsigned long highmem_dirtyable_pages(unsigned long total)
{
	unsigned long x = 0, nr_free;
	struct zone *zone;

	for_each_populated_zone(zone) {
		if (!is_highmem(zone))
			continue;
		nr_free = zone_page_state(zone, NR_FREE_PAGES);
		x += nr_free - min(nr_free, high_wmark_pages(zone));
		x += zone_page_state(zone, NR_ZONE_INACTIVE_FILE);
		x += zone_page_state(zone, NR_ZONE_ACTIVE_FILE);
	}
	return min(x, total);
}

/* Free but for the reserves, or cache. */
static unsigned long dirtyable_pages(void)
{
	unsigned long x = global_zone_page_state(NR_FREE_PAGES);

	x -= min(x, page_alloc_state()->totalreserve_pages);
	x += global_node_page_state(NR_INACTIVE_FILE);
	x += global_node_page_state(NR_ACTIVE_FILE);
	if (!READ_ONCE(page_alloc_state()->highmem_is_dirtyable))
		x -= highmem_dirtyable_pages(x);
	return x + 1;
}

/* @bytes in pages, or @percent of @available when that is 0. */
static unsigned long dirty_limit(unsigned long bytes, int percent,
				 unsigned long available)
{
	/* In pages of a page: no product overflows 32 bits' RAM. */
	unsigned long ratio = (unsigned long)percent * PAGE_SIZE / 100;

	if (bytes)
		return DIV_ROUND_UP(bytes, PAGE_SIZE);
	return (unsigned long)((u64)ratio * available / PAGE_SIZE);
}

void global_dirty_limits(unsigned long *pbackground, unsigned long *pdirty)
{
	const struct page_alloc_state *pa = page_alloc_state();
	unsigned long available = dirtyable_pages();

	*pdirty = dirty_limit(pa->dirty_bytes, pa->dirty_ratio, available);
	*pbackground = dirty_limit(pa->dirty_background_bytes,
				   pa->dirty_background_ratio, available);
	if (*pbackground >= *pdirty)
		*pbackground = *pdirty / 2;
}

static unsigned long node_dirtyable_pages(struct pglist_data *pgdat)
{
	unsigned long x = sum_zone_node_page_state(pgdat->node_id,
						   NR_FREE_PAGES);

	x -= min(x, pgdat->totalreserve_pages);
	x += node_page_state(pgdat, NR_INACTIVE_FILE);
	x += node_page_state(pgdat, NR_ACTIVE_FILE);
	return x;
}

static unsigned long node_dirty_limit(struct pglist_data *pgdat)
{
	const struct page_alloc_state *pa = page_alloc_state();
	unsigned long available = node_dirtyable_pages(pgdat);
	unsigned long limit;

	if (pa->dirty_bytes)
		limit = (unsigned long)((u64)
			DIV_ROUND_UP(pa->dirty_bytes, PAGE_SIZE) * available /
			dirtyable_pages());
	else
		limit = dirty_limit(0, pa->dirty_ratio, available);
	return limit;
}

bool node_dirty_ok(struct pglist_data *pgdat)
{
	return node_page_state(pgdat, NR_FILE_DIRTY) +
	       node_page_state(pgdat, NR_WRITEBACK) <= node_dirty_limit(pgdat);
}
