// SPDX-License-Identifier: MIT
/* Ranges: isolation, contiguous allocation, CMA and HIGHATOMIC pageblocks. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

#include "log_capture.h"
#include "page_snapshot.h"

static struct page_snapshot before;

static int snapshot_init(struct kunit *test)
{
	before = page_snapshot_take();
	return 0;
}

static void snapshot_exit(struct kunit *test)
{
	page_snapshot_check(test, &before);
}

/* A pageblock without a page in use; its type goes to @type. */
static unsigned long free_pageblock(struct kunit *test, int *type)
{
	struct page *page = alloc_pages(GFP_KERNEL, pageblock_order);
	unsigned long pfn;

	KUNIT_ASSERT_NOT_NULL(test, page);
	pfn = page_to_pfn(page);
	*type = get_pageblock_migratetype(page);
	__free_pages(page, pageblock_order);
	return pfn;
}

/* Turns a free pageblock into one of another type. */
static void pageblock_make(struct kunit *test, unsigned long pfn, int from,
			   int to)
{
	KUNIT_ASSERT_EQ(test, start_isolate_page_range(pfn,
			pfn + pageblock_nr_pages, from, 0, GFP_KERNEL), 0);
	undo_isolate_page_range(pfn, pfn + pageblock_nr_pages, to);
	KUNIT_EXPECT_EQ(test, get_pageblock_migratetype(pfn_to_page(pfn)), to);
}

static void isolate_test(struct kunit *test)
{
	unsigned long free_pages = before.nr_free, pfn;
	int type;

	pfn = free_pageblock(test, &type);
	KUNIT_EXPECT_EQ(test, start_isolate_page_range(pfn + 1,
			pfn + pageblock_nr_pages, type, 0, 0), -EINVAL);
	KUNIT_ASSERT_EQ(test, start_isolate_page_range(pfn,
			pfn + pageblock_nr_pages, type, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, start_isolate_page_range(pfn,
			pfn + pageblock_nr_pages, type, 0, 0), -EBUSY);
	KUNIT_EXPECT_EQ(test, global_zone_page_state(NR_FREE_PAGES),
			free_pages - pageblock_nr_pages);
	KUNIT_EXPECT_EQ(test, test_pages_isolated(pfn,
			pfn + pageblock_nr_pages, 0), 0);
	KUNIT_EXPECT_TRUE(test, is_migrate_isolate(
			get_pageblock_migratetype(pfn_to_page(pfn))));
	KUNIT_EXPECT_TRUE(test, buddy_check());
	undo_isolate_page_range(pfn, pfn + pageblock_nr_pages, type);
}

static void freed_while_isolated_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, pageblock_order);
	unsigned long pfn, free_pages;
	int type;

	KUNIT_ASSERT_NOT_NULL(test, page);
	pfn = page_to_pfn(page);
	type = get_pageblock_migratetype(page);
	/* In use: cannot be isolated. */
	KUNIT_EXPECT_EQ(test, start_isolate_page_range(pfn,
			pfn + pageblock_nr_pages, type, 0, 0), -EBUSY);
	KUNIT_EXPECT_EQ(test, alloc_contig_range(pfn, pfn + 4,
			MIGRATE_MOVABLE, GFP_KERNEL), -EBUSY);
	/* Isolated by force, as migration would find it. */
	split_page(page, pageblock_order);
	set_pageblock_migratetype(page, MIGRATE_ISOLATE);
	free_pages = global_zone_page_state(NR_FREE_PAGES);
	__free_page(page);
	KUNIT_EXPECT_EQ(test, global_zone_page_state(NR_FREE_PAGES),
			free_pages);
	KUNIT_EXPECT_EQ(test, test_pages_isolated(pfn,
			pfn + pageblock_nr_pages, 0), -EBUSY);
	undo_isolate_page_range(pfn, pfn + pageblock_nr_pages, type);
	KUNIT_EXPECT_EQ(test, global_zone_page_state(NR_FREE_PAGES),
			free_pages + 1);
	for (pfn = 1; pfn < pageblock_nr_pages; pfn++)
		__free_page(page + pfn);
}

static void ranges_test(struct kunit *test)
{
	unsigned long pfn, i;
	void *bytes;
	int type;

	pfn = free_pageblock(test, &type);
	KUNIT_EXPECT_EQ(test, alloc_contig_range(pfn, pfn, (unsigned int)type,
						 GFP_KERNEL), -EINVAL);
	KUNIT_ASSERT_EQ(test, alloc_contig_range(pfn + 3, pfn + 200,
			(unsigned int)type, GFP_KERNEL | __GFP_ZERO), 0);
	for (i = pfn + 3; i < pfn + 200; i++)
		KUNIT_EXPECT_EQ(test, page_count(pfn_to_page(i)), 1);
	bytes = kmap_local_page(pfn_to_page(pfn + 3));
	KUNIT_EXPECT_NULL(test, memchr_inv(bytes, 0, PAGE_SIZE));
	kunmap_local(bytes);
	KUNIT_EXPECT_EQ(test, alloc_contig_range(pfn, pfn + 4,
			(unsigned int)type, GFP_KERNEL), -EBUSY);
	KUNIT_EXPECT_TRUE(test, buddy_check());
	free_contig_range(pfn + 3, 197);
	/* Frame numbers that are no memory. */
	KUNIT_EXPECT_EQ(test, alloc_contig_range(max_pfn + MAX_ORDER_NR_PAGES,
			max_pfn + MAX_ORDER_NR_PAGES + 1, MIGRATE_MOVABLE,
			GFP_KERNEL), -EBUSY);
	KUNIT_EXPECT_EQ(test, start_isolate_page_range(
			pageblock_align(max_pfn) + MAX_ORDER_NR_PAGES,
			pageblock_align(max_pfn) + 2 * MAX_ORDER_NR_PAGES,
			MIGRATE_MOVABLE, 0, GFP_KERNEL), -EBUSY);
}

static void pages_test(struct kunit *test)
{
	static const unsigned long sizes[] = { 1, 7, 512, 700, 1024, 1500 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct page *page = alloc_contig_pages(sizes[i], GFP_KERNEL,
						       NUMA_NO_NODE, NULL);

		if (!page && sizes[i] > pageblock_nr_pages)
			continue;	/* a small machine */
		KUNIT_ASSERT_NOT_NULL(test, page);
		if (!(sizes[i] & (sizes[i] - 1)))
			KUNIT_EXPECT_TRUE(test, IS_ALIGNED(page_to_pfn(page),
							   sizes[i]));
		free_contig_range(page_to_pfn(page), sizes[i]);
	}
	KUNIT_EXPECT_NULL(test, alloc_contig_pages(0, GFP_KERNEL, 0, NULL));
	KUNIT_EXPECT_NULL(test, alloc_contig_pages(max_pfn + 1, GFP_KERNEL, 0,
						   NULL));
}

/* A pageblock reserved at boot for contiguous requests. */
static void cma_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, pageblock_order), *other;
	unsigned long pfn, cma, i;
	int type;

	KUNIT_ASSERT_NOT_NULL(test, page);
	pfn = page_to_pfn(page);
	type = get_pageblock_migratetype(page);
	cma = global_zone_page_state(NR_FREE_CMA_PAGES);
	page_type_write(page + 1, PAGE_TYPE_NONE);
	for (i = 0; i < pageblock_nr_pages; i++) {
		init_page_count(page + i);
		mark_page_reserved(page + i);
	}
	init_cma_reserved_pageblock(page);
	KUNIT_EXPECT_TRUE(test, is_migrate_cma(
			get_pageblock_migratetype(page)));
	KUNIT_EXPECT_EQ(test, global_zone_page_state(NR_FREE_CMA_PAGES),
			cma + pageblock_nr_pages);
	KUNIT_EXPECT_TRUE(test, buddy_check());
	/* What cannot be moved keeps out of it. */
	other = alloc_pages(GFP_KERNEL, 3);
	KUNIT_ASSERT_NOT_NULL(test, other);
	KUNIT_EXPECT_FALSE(test, is_migrate_cma(
			get_pageblock_migratetype(other)));
	__free_pages(other, 3);
	KUNIT_ASSERT_EQ(test, alloc_contig_range(pfn,
			pfn + pageblock_nr_pages, MIGRATE_CMA, GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, global_zone_page_state(NR_FREE_CMA_PAGES), cma);
	free_contig_range(pfn, pageblock_nr_pages);
	pageblock_make(test, pfn, MIGRATE_CMA, type);
}

/* All of a zone's movable requests together also get what is in CMA. */
static void cma_used_test(struct kunit *test)
{
	gfp_t gfp = GFP_ATOMIC | __GFP_MOVABLE | __GFP_NOWARN |
		    __GFP_MEMALLOC | __GFP_THISNODE | __GFP_DMA;
	struct zone *zone = &first_online_pgdat()->node_zones[ZONE_DMA];
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_DMA,
					pageblock_order);
	u64 chain = 0, next;
	unsigned long pfn;
	int type;

	KUNIT_ASSERT_NOT_NULL(test, page);
	pfn = page_to_pfn(page);
	type = get_pageblock_migratetype(page);
	__free_pages(page, pageblock_order);
	pageblock_make(test, pfn, type, MIGRATE_CMA);
	while ((page = alloc_pages_node(zone_to_nid(zone), gfp, 0))) {
		set_page_private(page, chain);
		chain = page_to_pfn(page) + 1;
	}
	KUNIT_EXPECT_EQ(test, zone_page_state(zone, NR_FREE_CMA_PAGES), 0UL);
	for (; chain; chain = next) {
		page = pfn_to_page((unsigned long)chain - 1);
		next = page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
	pageblock_make(test, pfn, MIGRATE_CMA, type);
}

/* Pageblocks kept for high orders of those who cannot wait. */
static void highatomic_test(struct kunit *test)
{
	gfp_t dma = __GFP_DMA | __GFP_NOWARN | __GFP_THISNODE;
	struct zone *zone = &first_online_pgdat()->node_zones[ZONE_DMA];
	struct page *page, *atomic;
	unsigned long pfn;
	int type, mark;

	page = alloc_pages_node(zone_to_nid(zone), dma, pageblock_order);
	KUNIT_ASSERT_NOT_NULL(test, page);
	pfn = page_to_pfn(page);
	type = get_pageblock_migratetype(page);
	__free_pages(page, pageblock_order);
	pageblock_make(test, pfn, type, MIGRATE_HIGHATOMIC);
	KUNIT_EXPECT_EQ(test, zone->nr_reserved_highatomic, pageblock_nr_pages);
	/* From the watermark down, it is there for who has ALLOC_HIGHATOMIC. */
	for (mark = WMARK_MIN; mark <= WMARK_HIGH; mark++)
		zone->_watermark[mark] = zone_managed_pages(zone);
	KUNIT_EXPECT_NULL(test, alloc_pages_node(zone_to_nid(zone),
						 GFP_NOWAIT | dma |
						 __GFP_NOMEMALLOC, 3));
	zone->_watermark[WMARK_MIN] = 0;
	zone->_watermark[WMARK_LOW] = zone_managed_pages(zone);
	atomic = alloc_pages_node(zone_to_nid(zone), GFP_ATOMIC | dma, 3);
	KUNIT_EXPECT_NOT_NULL(test, atomic);
	if (atomic) {
		KUNIT_EXPECT_TRUE(test, is_migrate_highatomic(
				get_pageblock_migratetype(atomic)));
		__free_pages(atomic, 3);
	}
	pageblock_make(test, pfn, MIGRATE_HIGHATOMIC, type);
	KUNIT_EXPECT_EQ(test, zone->nr_reserved_highatomic, 0UL);
	init_per_zone_wmark_min();
}

static void busy_range_test(struct kunit *test)
{
	static struct log_capture log;
	struct page *page = alloc_contig_pages(4, GFP_KERNEL, NUMA_NO_NODE,
					       NULL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	get_page(page + 1);
	log_capture_start(&log);
	free_contig_range(page_to_pfn(page), 4);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
					     "1 pages are still in use!"));
	put_page(page + 1);
}

static struct kunit_case contig_cases[] = {
	KUNIT_CASE(isolate_test),
	KUNIT_CASE(freed_while_isolated_test),
	KUNIT_CASE(ranges_test),
	KUNIT_CASE(pages_test),
	KUNIT_CASE(cma_test),
	KUNIT_CASE(cma_used_test),
	KUNIT_CASE(highatomic_test),
	KUNIT_CASE(busy_range_test),
	{ 0 }
};

static struct kunit_suite contig_suite = {
	.name = "contig",
	.init = snapshot_init,
	.exit = snapshot_exit,
	.test_cases = contig_cases,
};
kunit_test_suite(contig_suite);
