// SPDX-License-Identifier: MIT
/* Folios and compound pages. */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/mm.h>

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

static void every_order_test(struct kunit *test)
{
	unsigned int order;

	for (order = 0; order <= MAX_PAGE_ORDER; order++) {
		struct folio *folio = folio_alloc(GFP_KERNEL, order);
		unsigned long i, n = 1UL << order;

		KUNIT_ASSERT_NOT_NULL(test, folio);
		KUNIT_EXPECT_EQ(test, folio_order(folio), order);
		KUNIT_EXPECT_EQ(test, folio_nr_pages(folio), n);
		KUNIT_EXPECT_EQ(test, folio_size(folio), PAGE_SIZE << order);
		KUNIT_EXPECT_EQ(test, folio_shift(folio), PAGE_SHIFT + order);
		KUNIT_EXPECT_EQ(test, folio_test_large(folio), order > 0);
		for (i = 0; i < n; i++) {
			struct page *page = folio_page(folio, i);

			KUNIT_EXPECT_PTR_EQ(test, page_folio(page), folio);
			KUNIT_EXPECT_EQ(test, folio_page_idx(folio, page), i);
			KUNIT_EXPECT_EQ(test, PageTail(page), i > 0);
			KUNIT_EXPECT_EQ(test, PageCompound(page), order > 0);
		}
		folio_put(folio);
	}
}

static void references_test(struct kunit *test)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 3);

	KUNIT_ASSERT_NOT_NULL(test, folio);
	get_page(folio_page(folio, 7));
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 2);
	KUNIT_EXPECT_EQ(test, page_count(folio_page(folio, 5)), 2);
	put_page(folio_page(folio, 1));
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 1);
	folio_get(folio);
	folio_get(folio);
	folio_put_refs(folio, 3);
	folio = folio_alloc(GFP_KERNEL, 4);
	KUNIT_ASSERT_NOT_NULL(test, folio);
	__free_pages(&folio->page, 4);
}

static void mapcount_test(struct kunit *test)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 2);

	KUNIT_ASSERT_NOT_NULL(test, folio);
	KUNIT_EXPECT_FALSE(test, folio_mapped(folio));
	atomic_inc(&folio_page(folio, 1)->_mapcount);
	atomic_add(2, &folio_page(folio, 3)->_mapcount);
	KUNIT_EXPECT_EQ(test, folio_mapcount(folio), 3);
	KUNIT_EXPECT_TRUE(test, page_mapped(folio_page(folio, 3)));
	KUNIT_EXPECT_FALSE(test, page_mapped(folio_page(folio, 2)));
	page_mapcount_reset(folio_page(folio, 1));
	page_mapcount_reset(folio_page(folio, 3));
	folio_put(folio);
}

static void places_test(struct kunit *test)
{
	int nid;

	for_each_online_node(nid) {
		struct folio *folio = __folio_alloc_node(GFP_KERNEL |
					__GFP_THISNODE | __GFP_NOWARN, 1, nid);

		if (!folio)
			continue;
		KUNIT_EXPECT_EQ(test, folio_nid(folio), nid);
		KUNIT_EXPECT_PTR_EQ(test, folio_pgdat(folio), NODE_DATA(nid));
		KUNIT_EXPECT_PTR_EQ(test, folio_zone(folio),
				    page_zone(&folio->page));
		KUNIT_EXPECT_EQ(test, (int)folio_zonenum(folio),
				zone_idx(folio_zone(folio)));
		KUNIT_EXPECT_PTR_EQ(test, pfn_folio(folio_pfn(folio) + 1),
				    folio);
		KUNIT_EXPECT_PTR_EQ(test, virt_to_folio(folio_address(folio)),
				    folio);
		KUNIT_EXPECT_PTR_EQ(test, folio_next(folio),
				    &folio->page + 2);
		folio_put(folio);
	}
}

static struct kunit_case folio_cases[] = {
	KUNIT_CASE(every_order_test),
	KUNIT_CASE(references_test),
	KUNIT_CASE(mapcount_test),
	KUNIT_CASE(places_test),
	{ 0 }
};

static struct kunit_suite folio_suite = {
	.name = "folio",
	.init = snapshot_init,
	.exit = snapshot_exit,
	.test_cases = folio_cases,
};
kunit_test_suite(folio_suite);
