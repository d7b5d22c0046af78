// SPDX-License-Identifier: MIT
/*
 * What must be left when requests find nothing more: of each zone that had
 * more than its min mark, and what it keeps from requests that could have gone
 * higher, exactly that much. One page less, and some reserve is not held; more
 * is not asked for here, since a watermark can be raised for a time.
 *
 * First of requests without any claim to the reserves, for whom pages kept for
 * HIGHATOMIC requests are as good as none. Then of those that cannot wait:
 * these may have such pages, and may leave others for the mark.
 */
#include "sim_test.h"

#include <linux/kernel.h>
#include <linux/mmzone.h>
#include <linux/vmstat.h>

#define NR_ZONES	4	/* more than the machine has */

static const struct claim {
	gfp_t gfp;
	bool highatomic;	/* may have pages kept for HIGHATOMIC */
	const char *broken;	/* what it is when they got too much */
} claims[] = {
	{ GFP_NOWAIT | __GFP_NOMEMALLOC | __GFP_NOWARN, false,
	  "a request without a claim took of the reserve" },
	{ GFP_NOWAIT | __GFP_NOWARN, true,
	  "a request that cannot wait took of the reserve" },
};

/* Pages of @zone that requests with @claim may have. */
static long spare(struct zone *zone, const struct claim *claim)
{
	return (long)zone_page_state(zone, NR_FREE_PAGES) -
	       (long)zone_page_state(zone, NR_FREE_CMA_PAGES) -
	       (claim->highatomic ? 0 : zone->nr_free_highatomic) -
	       (long)min_wmark_pages(zone) -
	       zone->lowmem_reserve[gfp_zone(claim->gfp)];
}

/* Takes all that there is for @claim, onto @chain; whether that was right. */
static bool claim_held(const struct claim *claim, u64 *chain)
{
	long before[NR_ZONES];
	struct page *page;
	struct zone *zone;
	unsigned int n = 0;

	for_each_populated_zone(zone)
		before[n++] = spare(zone, claim);
	while ((page = alloc_page(claim->gfp))) {
		set_page_private(page, *chain);
		*chain = (u64)(unsigned long)page;
	}
	n = 0;
	for_each_populated_zone(zone)
		if (before[n++] >= 0 && spare(zone, claim) < 0)
			return false;
	return true;
}

const char *reserves_check(void)
{
	const char *why = NULL;
	struct page *page, *next;
	u64 chain = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(claims) && !why; i++)
		if (!claim_held(&claims[i], &chain))
			why = claims[i].broken;
	for (page = (struct page *)(unsigned long)chain; page; page = next) {
		next = (struct page *)(unsigned long)page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
	drain_all_pages(NULL);
	return why;
}
