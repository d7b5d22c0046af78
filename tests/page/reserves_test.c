// SPDX-License-Identifier: MIT
/*
 * Pageblocks kept for who cannot wait, and marks that boost: on machines with
 * zones large enough to keep any.
 */
#include "page_machine.h"

#include <linux/page-isolation.h>
#include <octavo/machine.h>

#include "../../mm/page/internal.h"

static int wakeups;
static struct zone *woken;

static void note_wakeup(struct zone *zone, gfp_t gfp, int order,
			enum zone_type highest)
{
	wakeups++;
	woken = zone;
}

static const struct page_upcalls waking = { .wakeup_kswapd = note_wakeup };

/* DMA32 of 1008 MiB: it keeps 1% of it, rounded up to 5 pageblocks. */
static struct zone *gigabyte_start(void)
{
	static const struct early_range gigabyte[] = {
		{ K(4), K(636), 0 }, { M(1), M(1024), 0 }, { 0, 0 },
	};

	page_machine_start(gigabyte, NULL);
	page_alloc_init_late();
	page_upcalls_register(NULL);
	return zone_of(0, ZONE_DMA32);
}

/* Below the low mark, who cannot wait is served by the slow path. */
static struct page *atomic_request(struct zone *zone, unsigned int order)
{
	struct zone *dma = zone_of(0, ZONE_DMA);
	unsigned long low = zone->_watermark[WMARK_LOW];
	unsigned long dma_low = dma->_watermark[WMARK_LOW];
	struct page *page;

	drain_all_pages(NULL);
	zone->_watermark[WMARK_LOW] = zone_managed_pages(zone);
	dma->_watermark[WMARK_LOW] = zone_managed_pages(dma);
	page = alloc_pages(GFP_ATOMIC | __GFP_DMA32 | __GFP_NOWARN, order);
	zone->_watermark[WMARK_LOW] = low;
	dma->_watermark[WMARK_LOW] = dma_low;
	return page;
}

static void context_of(struct alloc_context *ac, struct zone *zone, int type)
{
	*ac = (struct alloc_context){
		.zonelist = node_zonelist(zone_to_nid(zone), 0),
		.highest_zoneidx = (enum zone_type)zone_idx(zone),
		.migratetype = type,
	};
}

/* Pages of HIGHATOMIC pageblocks, by the pageblocks. */
static unsigned long highatomic_pages(struct zone *zone)
{
	unsigned long count[MIGRATE_TYPES];

	zone_pageblock_info(zone, count);
	return count[MIGRATE_HIGHATOMIC] << pageblock_order;
}

#define KEPT	5UL		/* pageblocks: 1% of 257,000 pages, rounded up */

static void highatomic_reserve_test(struct kunit *test)
{
	struct zone *zone = gigabyte_start();
	unsigned long nr_free = zone_page_state(zone, NR_FREE_PAGES), i;
	unsigned int order = pageblock_order - 1;
	struct alloc_context ac;
	struct page *pages[2 * KEPT + 4];

	/* A request that waits reserves nothing; nor does a single page. */
	pages[0] = alloc_pages(GFP_ATOMIC | __GFP_DMA32, 3);
	pages[1] = atomic_request(zone, 0);
	KUNIT_EXPECT_EQ(test, zone->nr_reserved_highatomic, 0UL);
	__free_pages(pages[0], 3);
	__free_page(pages[1]);
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		pages[i] = atomic_request(zone, order);
		KUNIT_ASSERT_NOT_NULL(test, pages[i]);
		KUNIT_EXPECT_EQ(test, zone->nr_reserved_highatomic,
				highatomic_pages(zone));
	}
	KUNIT_EXPECT_EQ(test, zone->nr_reserved_highatomic,
			KEPT * pageblock_nr_pages);
	KUNIT_EXPECT_TRUE(test, buddy_check());
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		__free_pages(pages[i], order);
	drain_all_pages(NULL);
	KUNIT_EXPECT_EQ(test, zone->nr_free_highatomic,
			(long)(KEPT * pageblock_nr_pages));
	KUNIT_EXPECT_EQ(test, zone_page_state(zone, NR_FREE_PAGES), nr_free);
	/* All but one under some pressure; that one under more. */
	context_of(&ac, zone, MIGRATE_UNMOVABLE);
	for (i = 1; i < KEPT; i++)
		KUNIT_EXPECT_TRUE(test, highatomic_unreserve(&ac, false));
	KUNIT_EXPECT_FALSE(test, highatomic_unreserve(&ac, false));
	KUNIT_EXPECT_EQ(test, zone->nr_free_highatomic,
			(long)pageblock_nr_pages);
	KUNIT_EXPECT_TRUE(test, highatomic_unreserve(&ac, true));
	KUNIT_EXPECT_FALSE(test, highatomic_unreserve(&ac, true));
	KUNIT_EXPECT_EQ(test, zone->nr_reserved_highatomic, 0UL);
	KUNIT_EXPECT_EQ(test, zone->nr_free_highatomic, 0L);
	KUNIT_EXPECT_EQ(test, highatomic_pages(zone), 0UL);
	KUNIT_EXPECT_EQ(test, zone_page_state(zone, NR_FREE_PAGES), nr_free);
	KUNIT_EXPECT_TRUE(test, buddy_check());
}

/* What is free of them is left by others, and is there for its own. */
static void highatomic_use_test(struct kunit *test)
{
	struct zone *zone = gigabyte_start();
	struct held held = { 0, 0 };
	struct page *page, *block;
	unsigned long kept;

	block = atomic_request(zone, 4);
	KUNIT_ASSERT_NOT_NULL(test, block);
	kept = (unsigned long)zone->nr_free_highatomic;
	KUNIT_EXPECT_GT(test, kept, 0UL);
	while ((page = alloc_page(__GFP_DMA32 | __GFP_NOMEMALLOC |
				  __GFP_NOWARN)))
		held_add(&held, page);
	drain_all_pages(NULL);
	KUNIT_EXPECT_EQ(test, zone_page_state(zone, NR_FREE_PAGES),
			zone->_watermark[WMARK_MIN] + kept);
	/* Nobody else's blocks are so large any more. */
	page = alloc_pages(GFP_ATOMIC | __GFP_DMA32 | __GFP_NOWARN, 4);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, get_pageblock_migratetype(page),
			MIGRATE_HIGHATOMIC);
	__free_pages(page, 4);
	__free_pages(block, 4);
	held_free(&held);
	KUNIT_EXPECT_TRUE(test, buddy_check());
}

/* Zones of which 1% is less than a pageblock keep none. */
static void highatomic_small_test(struct kunit *test)
{
	static const struct early_range small[] = {
		{ M(1), M(128), 0 }, { 0, 0 },
	};
	struct zone *zone;
	struct page *page;

	page_machine_start(small, NULL);
	page_alloc_init_late();
	zone = zone_of(0, ZONE_DMA32);
	page = atomic_request(zone, 3);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, zone->nr_reserved_highatomic, 0UL);
	__free_pages(page, 3);
}

/* Unmovable pages into a movable machine: marks rise, kswapd is woken. */
static void boost_test(struct kunit *test)
{
	struct zone *zone = gigabyte_start();
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	unsigned long most = zone->_watermark[WMARK_HIGH] * 3 / 2;
	unsigned long low = low_wmark_pages(zone);
	struct held held = { 0, 0 };
	struct page *page;
	unsigned long i;

	most = max(most, pageblock_nr_pages);
	/* Each second page free: no pageblock is. */
	held_exhaust(&held, __GFP_DMA32 | __GFP_MOVABLE);
	for (i = 0, page = NULL; held.chain; i++) {
		page = pfn_to_page((unsigned long)held.chain - 1);
		held.chain = page_private(page);
		set_page_private(page, 0);
		if (page_to_pfn(page) & 1)
			__free_page(page);
	}
	/* Nobody would take them down again: they do not rise. */
	drain_all_pages(NULL);
	page = alloc_page(GFP_ATOMIC | __GFP_DMA32 | __GFP_RECLAIMABLE);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, zone->watermark_boost, 0UL);
	__free_page(page);
	drain_all_pages(NULL);
	page_upcalls_register(&waking);
	wakeups = 0;
	page = alloc_page(GFP_ATOMIC | __GFP_DMA32);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, zone->watermark_boost, pageblock_nr_pages);
	KUNIT_EXPECT_EQ(test, low_wmark_pages(zone), low + pageblock_nr_pages);
	KUNIT_EXPECT_EQ(test, wakeups, 1);
	KUNIT_EXPECT_PTR_EQ(test, (void *)woken, (void *)zone);
	KUNIT_EXPECT_FALSE(test, zone->flags & ZONE_BOOSTED_WATERMARK);
	/* No further than the factor says. */
	for (i = 0; i < 100; i++)
		zone_types_mix(zone, 0);
	KUNIT_EXPECT_EQ(test, zone->watermark_boost, most);
	pa->watermark_boost_factor = 0;
	WRITE_ONCE(zone->watermark_boost, 0);
	zone_types_mix(zone, 0);
	KUNIT_EXPECT_EQ(test, zone->watermark_boost, 0UL);
	pa->watermark_boost_factor = 15000;
	/* A zone of a few pageblocks never rises. */
	zone_types_mix(zone_of(0, ZONE_MOVABLE), 0);
	KUNIT_EXPECT_EQ(test, zone_of(0, ZONE_MOVABLE)->watermark_boost, 0UL);
	/* Reclaim takes down what it has answered. */
	zone_types_mix(zone, 0);
	zone_types_mix(zone, 0);
	zone_unboost_marks(zone, pageblock_nr_pages);
	KUNIT_EXPECT_EQ(test, zone->watermark_boost,
			min(2 * pageblock_nr_pages, most) - pageblock_nr_pages);
	zone_unboost_marks(zone, ULONG_MAX);
	KUNIT_EXPECT_EQ(test, zone->watermark_boost, 0UL);
	page_upcalls_register(NULL);
}

static struct kunit_case reserves_cases[] = {
	KUNIT_CASE(highatomic_reserve_test),
	KUNIT_CASE(highatomic_use_test),
	KUNIT_CASE(highatomic_small_test),
	KUNIT_CASE(boost_test),
	{ 0 }
};

static struct kunit_suite reserves_suite = {
	.name = "page_reserves",
	.test_cases = reserves_cases,
};
kunit_test_suite(reserves_suite);
