// SPDX-License-Identifier: MIT
/*
 * Pages that can be moved: what isolation, ranges and the fallback between
 * types make of a later stage's answers, and a machine too small for types.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

#include "../../mm/upcalls.h"
#include "page_snapshot.h"

static struct page_snapshot before;
static const struct page_upcalls *others;	/* registered before */
static struct page *in_the_way;			/* a page in use */
static bool movable;				/* what is said of it */

static bool answer_movable(const struct page *page)
{
	return movable && page == in_the_way;
}

static bool answer_odd_movable(const struct page *page)
{
	return page_to_pfn(page) & 1;
}

/* Moving a page is freeing it, as the test holds nothing in it. */
static int answer_migrate(unsigned long start, unsigned long end, gfp_t gfp)
{
	__free_page(in_the_way);
	in_the_way = NULL;
	return 0;
}

static int answer_done(unsigned long start, unsigned long end, gfp_t gfp)
{
	return 0;
}

static const struct page_upcalls none = { .page_movable = NULL };
static const struct page_upcalls knowing = { .page_movable = answer_movable };
static const struct page_upcalls moving = {
	.page_movable = answer_movable,
	.migrate_range = answer_migrate,
};
static const struct page_upcalls lying = {
	.page_movable = answer_movable,
	.migrate_range = answer_done,
};
static const struct page_upcalls mixed = {
	.page_movable = answer_odd_movable,
};

static int mobility_init(struct kunit *test)
{
	before = page_snapshot_take();
	others = this_machine()->page_alloc.upcalls;
	return 0;
}

static void mobility_exit(struct kunit *test)
{
	page_upcalls_register(others);
	page_snapshot_check(test, &before);
}

/* A pageblock that is free but for one page, in_the_way. */
static unsigned long pageblock_with_page(struct kunit *test, int *type)
{
	struct page *page = alloc_pages(GFP_KERNEL, pageblock_order);

	KUNIT_ASSERT_NOT_NULL(test, page);
	*type = get_pageblock_migratetype(page);
	split_page(page, pageblock_order);
	in_the_way = page + 5;
	for (unsigned long i = 0; i < pageblock_nr_pages; i++)
		if (page + i != in_the_way)
			__free_page(page + i);
	return page_to_pfn(page);
}

static void range_with_page_in_use_test(struct kunit *test)
{
	int type;
	unsigned long pfn = pageblock_with_page(test, &type);
	unsigned long end = pfn + pageblock_nr_pages;
	struct page *page = in_the_way;

	page_upcalls_register(&none);
	KUNIT_EXPECT_EQ(test, alloc_contig_range(pfn, end, (unsigned int)type,
						 GFP_KERNEL), -EBUSY);
	movable = false;
	page_upcalls_register(&knowing);
	KUNIT_EXPECT_EQ(test, alloc_contig_range(pfn, end, (unsigned int)type,
						 GFP_KERNEL), -EBUSY);
	movable = true;		/* but nobody moves it */
	KUNIT_EXPECT_EQ(test, alloc_contig_range(pfn, end, (unsigned int)type,
						 GFP_KERNEL), -EBUSY);
	page_upcalls_register(&lying);
	KUNIT_EXPECT_EQ(test, alloc_contig_range(pfn, end, (unsigned int)type,
						 GFP_KERNEL), -EBUSY);
	KUNIT_EXPECT_EQ(test, get_pageblock_migratetype(page), type);
	page_upcalls_register(&moving);
	KUNIT_EXPECT_EQ(test, alloc_contig_range(pfn, end, (unsigned int)type,
						 GFP_KERNEL), 0);
	free_contig_range(pfn, pageblock_nr_pages);
}

static void isolation_edges_test(struct kunit *test)
{
	int type;
	unsigned long pfn = pageblock_with_page(test, &type);
	unsigned long end = pfn + pageblock_nr_pages;
	unsigned long past = ALIGN(max_pfn, MAX_ORDER_NR_PAGES) + (1UL << 18);
	struct page *page;

	__free_page(in_the_way);
	/* Nothing to undo; no memory to undo it to. */
	undo_isolate_page_range(pfn, end, type);
	undo_isolate_page_range(past, past + pageblock_nr_pages, type);
	KUNIT_EXPECT_EQ(test, test_pages_isolated(past, past + 1, 0), -EBUSY);
	KUNIT_EXPECT_EQ(test, start_isolate_page_range(past,
			past + pageblock_nr_pages, type, 0, 0), -EBUSY);
	KUNIT_ASSERT_EQ(test, start_isolate_page_range(pfn, end, type, 0, 0),
			0);
	KUNIT_EXPECT_TRUE(test, buddy_check());
	KUNIT_EXPECT_EQ(test, start_isolate_page_range(pfn, end, type, 0, 0),
			-EBUSY);
	/* A search for a range keeps away from what is isolated. */
	page = alloc_contig_pages(pageblock_nr_pages, GFP_KERNEL,
				  page_to_nid(pfn_to_page(pfn)), NULL);
	if (page) {
		KUNIT_EXPECT_NE(test, page_to_pfn(page), pfn);
		free_contig_range(page_to_pfn(page), pageblock_nr_pages);
	}
	undo_isolate_page_range(pfn, end, type);
}

/* Takes all of the DMA zone, types in turn, and gives it back. */
static void take_turns(struct kunit *test)
{
	gfp_t gfp = GFP_ATOMIC | __GFP_MEMALLOC | __GFP_NOWARN | __GFP_DMA |
		    __GFP_THISNODE;
	int nid = first_online_pgdat()->node_id;
	unsigned long chain = 0, n = 0;
	struct page *page;

	do {
		page = alloc_pages_node(nid, n % 3 == 2 ?
					gfp | __GFP_RECLAIMABLE :
					n % 3 ? gfp | __GFP_MOVABLE : gfp, 0);
		if (page) {
			set_page_private(page, chain);
			chain = page_to_pfn(page) + 1;
			n++;
		}
	} while (page);
	KUNIT_EXPECT_GT(test, n, 512UL);
	KUNIT_EXPECT_TRUE(test, buddy_check());
	while (chain) {
		page = pfn_to_page(chain - 1);
		chain = page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
}

static void types_fall_back_test(struct kunit *test)
{
	page_upcalls_register(&none);
	take_turns(test);
	page_upcalls_register(&mixed);
	take_turns(test);
}

/* As on a machine with less than a pageblock for each list. */
static void no_grouping_test(struct kunit *test)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	bool was = pa->page_group_by_mobility_disabled;
	int type;
	unsigned long pfn = pageblock_with_page(test, &type);

	pa->page_group_by_mobility_disabled = true;
	take_turns(test);
	set_pageblock_migratetype(in_the_way, MIGRATE_RECLAIMABLE);
	KUNIT_EXPECT_EQ(test, get_pageblock_migratetype(in_the_way),
			MIGRATE_UNMOVABLE);
	pa->page_group_by_mobility_disabled = was;
	set_pageblock_migratetype(pfn_to_page(pfn), type);
	__free_page(in_the_way);
}

static struct kunit_case mobility_cases[] = {
	KUNIT_CASE(range_with_page_in_use_test),
	KUNIT_CASE(isolation_edges_test),
	KUNIT_CASE(types_fall_back_test),
	KUNIT_CASE(no_grouping_test),
	{ 0 }
};

static struct kunit_suite mobility_suite = {
	.name = "mobility",
	.init = mobility_init,
	.exit = mobility_exit,
	.test_cases = mobility_cases,
};
kunit_test_suite(mobility_suite);
