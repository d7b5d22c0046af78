// SPDX-License-Identifier: MIT
/*
 * What must be left when requests without any claim to the reserves find
 * nothing more: of each zone that had more than its min mark, and what it
 * keeps from requests that could have gone higher, exactly that much. One
 * page less, and some reserve is not held; more is not asked for here, since
 * a watermark can be raised for a time.
 */
#include "sim_test.h"

#include <linux/kernel.h>
#include <linux/mmzone.h>
#include <linux/vmstat.h>

#define NR_ZONES	4	/* more than the machine has */

/* Pages of @zone that such a request may have. */
static long spare(struct zone *zone)
{
	return (long)zone_page_state(zone, NR_FREE_PAGES) -
	       (long)zone_page_state(zone, NR_FREE_CMA_PAGES) -
	       zone->nr_free_highatomic - (long)min_wmark_pages(zone) -
	       zone->lowmem_reserve[gfp_zone(GFP_NOWAIT)];
}

const char *reserves_check(void)
{
	const char *why = NULL;
	long before[NR_ZONES];
	struct page *page, *next;
	struct zone *zone;
	u64 chain = 0;
	unsigned int n = 0;

	for_each_populated_zone(zone)
		before[n++] = spare(zone);
	while ((page = alloc_page(GFP_NOWAIT | __GFP_NOWARN))) {
		set_page_private(page, chain);
		chain = (u64)(unsigned long)page;
	}
	n = 0;
	for_each_populated_zone(zone)
		if (before[n++] >= 0 && spare(zone) < 0)
			why = "a request without a claim took of the reserve";
	for (page = (struct page *)(unsigned long)chain; page; page = next) {
		next = (struct page *)(unsigned long)page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
	drain_all_pages(NULL);
	return why;
}
