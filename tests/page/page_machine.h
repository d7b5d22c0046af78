/* SPDX-License-Identifier: MIT */
/* Machines of the tests of mm/page: described, then handed over by hand. */
#ifndef _TESTS_PAGE_MACHINE_H
#define _TESTS_PAGE_MACHINE_H

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/vmstat.h>

#include "../early/early_machine.h"

/* Pages held by a test: the first's PFN + 1, linked by private; 0: none. */
struct held {
	u64 chain;
	unsigned long nr;
};

static inline void held_add(struct held *h, struct page *page)
{
	set_page_private(page, h->chain);
	h->chain = page_to_pfn(page) + 1;
	h->nr++;
}

static inline void held_free(struct held *h)
{
	while (h->chain) {
		struct page *page = pfn_to_page((unsigned long)h->chain - 1);

		h->chain = page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
	h->nr = 0;
}

/* Takes single pages until there is none left for @gfp. */
static inline void held_exhaust(struct held *h, gfp_t gfp)
{
	struct page *page;

	gfp |= GFP_ATOMIC | __GFP_MEMALLOC | __GFP_NOWARN;
	while ((page = alloc_page(gfp)))
		held_add(h, page);
}

/* Takes one page; its frame, or 0 when there is none. */
static inline unsigned long held_one(struct held *h, gfp_t gfp)
{
	struct page *page = alloc_page(GFP_ATOMIC | __GFP_NOWARN |
				       __GFP_MEMALLOC | gfp);

	if (!page)
		return 0;
	held_add(h, page);
	return page_to_pfn(page);
}

/* From zones to free lists; @limits NULL: a PC's zones. */
static inline void page_machine_start(const struct early_range *r,
				      unsigned long *limits)
{
	early_memory(r);
	if (limits)
		free_area_init(limits);
	else
		early_start_pc();
	build_all_zonelists(NULL);
	page_alloc_init();
	mem_init();
}

static inline struct zone *zone_of(int nid, enum zone_type type)
{
	return &NODE_DATA(nid)->node_zones[type];
}

#endif
