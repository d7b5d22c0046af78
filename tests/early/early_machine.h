/* SPDX-License-Identifier: MIT */
/* Machines of the tests of mm/early: described, then started by hand. */
#ifndef _TESTS_EARLY_MACHINE_H
#define _TESTS_EARLY_MACHINE_H

#include <kunit/test.h>

#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mmzone.h>

#include "../unit/log_capture.h"

#define K(n)	((phys_addr_t)(n) << 10)
#define M(n)	((phys_addr_t)(n) << 20)
#define G(n)	((phys_addr_t)(n) << 30)

/* Address space of every such machine; memory is where the test says. */
#define EARLY_BYTES	G(8)

struct early_range {
	phys_addr_t start, end;		/* bytes; 0, 0 ends an array */
	int nid;
	enum memblock_flags flags;
};

/* Puts @r into memblock and lets arrays grow. */
static inline void early_memory(const struct early_range *r)
{
	for (; r->end; r++)
		memblock_add_node(r->start, r->end - r->start, r->nid,
				  r->flags);
	memblock_allow_resize();
}

/* A PC's zones: DMA, DMA32, Normal. */
static inline void early_start_pc(void)
{
	unsigned long end = PFN_DOWN(memblock_end_of_DRAM());
	unsigned long limits[MAX_NR_ZONES] = {
		[ZONE_DMA] = min(PFN_DOWN(M(16)), end),
		[ZONE_DMA32] = min(PFN_DOWN(G(4)), end),
		[ZONE_NORMAL] = end,
	};

	free_area_init(limits);
}

static inline void expect_zone(struct kunit *test, int nid, enum zone_type idx,
			       unsigned long start, unsigned long spanned,
			       unsigned long present)
{
	const struct zone *zone = &NODE_DATA(nid)->node_zones[idx];

	KUNIT_EXPECT_EQ(test, zone->zone_start_pfn, start);
	KUNIT_EXPECT_EQ(test, zone->spanned_pages, spanned);
	KUNIT_EXPECT_EQ(test, zone->present_pages, present);
}

/* Every structure is sound, and every frame of memory finds its page. */
static inline void expect_sound(struct kunit *test)
{
	unsigned long start, end, pfn, wrong = 0;
	pg_data_t *pgdat;
	int i, nid;

	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 0);
	for_each_online_pgdat(pgdat)
		KUNIT_EXPECT_EQ(test, pgdat_check(pgdat), 0);
	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid) {
		for (pfn = start; pfn < end; pfn++) {
			const struct page *page;

			if (pfn >= NODE_DATA(nid)->first_deferred_pfn)
				break;
			page = pfn_to_page(pfn);
			wrong += !pfn_valid(pfn) || page_to_nid(page) != nid ||
				 page_to_pfn(page) != pfn ||
				 pfn_to_nid(pfn) != nid ||
				 !zone_spans_pfn(page_zone(page), pfn);
		}
	}
	KUNIT_EXPECT_EQ(test, wrong, 0UL);
}

#endif
