// SPDX-License-Identifier: MIT
/* Many single pages at once: how far it gets when memory or a test says no. */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/vmstat.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>

#include "log_capture.h"
#include "page_snapshot.h"

#define NR	16

static struct page_snapshot before;
static struct page *pages[NR];

static int bulk_init(struct kunit *test)
{
	before = page_snapshot_take();
	memset(pages, 0, sizeof(pages));
	return 0;
}

static void bulk_exit(struct kunit *test)
{
	page_snapshot_check(test, &before);
}

static struct zone *dma_zone(void)
{
	return &first_online_pgdat()->node_zones[ZONE_DMA];
}

static gfp_t dma_gfp(void)
{
	return GFP_ATOMIC | __GFP_DMA | __GFP_THISNODE | __GFP_NOWARN;
}

static void fail_nth(long nth)
{
	page_alloc_fail_nth(nth);
}

static void refused_test(struct kunit *test)
{
	int nid = zone_to_nid(dma_zone());
	nodemask_t none;

	nodes_clear(none);
	KUNIT_EXPECT_EQ(test, alloc_pages_bulk_noprof(GFP_KERNEL |
			__GFP_NOWARN, nid, &none, NR, pages), 0UL);
	fail_nth(1);
	KUNIT_EXPECT_EQ(test, alloc_pages_bulk_noprof(GFP_KERNEL, nid, NULL,
						      NR, pages), 0UL);
	KUNIT_EXPECT_NULL(test, memchr_inv(pages, 0, sizeof(pages)));
	/* The first request is the whole one, the second is for the gap. */
	pages[1] = alloc_page(GFP_KERNEL);
	fail_nth(2);
	KUNIT_EXPECT_EQ(test, alloc_pages_bulk_noprof(GFP_KERNEL, nid, NULL,
						      2, pages), 0UL);
	KUNIT_EXPECT_NULL(test, pages[0]);
	__free_page(pages[1]);
}

static void movable_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, alloc_pages_bulk_array_node(
			GFP_KERNEL | __GFP_MOVABLE, numa_node_id(), NR, pages),
			(unsigned long)NR);
	release_pages(pages, NR);
}

/* A zone with fewer pages free than asked for gives those it has. */
static void runs_out_test(struct kunit *test)
{
	struct zone *zone = dma_zone();
	unsigned long mark = zone->_watermark[WMARK_LOW], got;
	unsigned long min = zone->_watermark[WMARK_MIN];
	struct page *page;
	u64 chain = 0, next;
	int i;

	while ((page = alloc_pages_node(zone_to_nid(zone), dma_gfp() |
					__GFP_MEMALLOC, 0))) {
		set_page_private(page, chain);
		chain = page_to_pfn(page) + 1;
	}
	for (i = 0; i < 5; i++) {
		page = pfn_to_page((unsigned long)chain - 1);
		chain = page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
	/* Above no mark: one by one, as far as the reserves go. */
	got = alloc_pages_bulk_noprof(dma_gfp() | __GFP_MEMALLOC,
				      zone_to_nid(zone), NULL, NR, pages);
	KUNIT_EXPECT_EQ(test, got, 5UL);
	release_pages(pages, (int)got);
	memset(pages, 0, sizeof(pages));
	/* Free pages that are counted and are in no list that serves. */
	zone->_watermark[WMARK_LOW] = zone->_watermark[WMARK_MIN] = 0;
	atomic_long_add(NR, &zone->vm_stat[NR_FREE_PAGES]);
	got = alloc_pages_bulk_noprof(dma_gfp(), zone_to_nid(zone), NULL, NR,
				      pages);
	atomic_long_sub(NR, &zone->vm_stat[NR_FREE_PAGES]);
	zone->_watermark[WMARK_LOW] = mark;
	zone->_watermark[WMARK_MIN] = min;
	KUNIT_EXPECT_EQ(test, got, 5UL);
	release_pages(pages, (int)got);
	for (; chain; chain = next) {
		page = pfn_to_page((unsigned long)chain - 1);
		next = page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
}

/* A free page that somebody wrote to is kept, the others are given. */
static void written_page_test(struct kunit *test)
{
	static struct log_capture log;
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	struct zone *zone = dma_zone();
	long kept = atomic_long_read(&pa->nr_quarantined);
	struct page *page = alloc_pages_node(zone_to_nid(zone), dma_gfp(), 0);
	gfp_t gfp = dma_gfp();

	KUNIT_ASSERT_NOT_NULL(test, page);
	/* It goes to the list of its pageblock's type. */
	if (!this_machine()->page_alloc.page_group_by_mobility_disabled)
		gfp |= (gfp_t)get_pageblock_migratetype(page) <<
		       GFP_MOVABLE_SHIFT;
	__free_page(page);
	SetPageDirty(page);
	atomic_long_set(&pa->bad_limit.made, 0);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, alloc_pages_bulk_noprof(gfp,
			zone_to_nid(zone), NULL, NR, pages), (unsigned long)NR);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"PAGE_FLAGS_CHECK_AT_PREP flag(s) set"));
	KUNIT_EXPECT_EQ(test, atomic_long_read(&pa->nr_quarantined), kept + 1);
	release_pages(pages, NR);
	atomic_long_dec(&pa->nr_quarantined);
	ClearPageQuarantine(page);
	ClearPageDirty(page);
	init_page_count(page);
	__free_page(page);
}

static struct kunit_case bulk_cases[] = {
	KUNIT_CASE(refused_test),
	KUNIT_CASE(movable_test),
	KUNIT_CASE(runs_out_test),
	KUNIT_CASE(written_page_test),
	{ 0 }
};

static struct kunit_suite bulk_suite = {
	.name = "bulk",
	.init = bulk_init,
	.exit = bulk_exit,
	.test_cases = bulk_cases,
};
kunit_test_suite(bulk_suite);
