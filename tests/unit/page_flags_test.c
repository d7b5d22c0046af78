// SPDX-License-Identifier: MIT
/* Flags, types, references and the places that a struct page knows. */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/mm.h>

#include "page_snapshot.h"

static void sizes_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sizeof(struct page), (size_t)32);
	KUNIT_EXPECT_EQ(test, sizeof(struct folio), sizeof(struct page));
	KUNIT_EXPECT_LE(test, (int)__NR_PAGEFLAGS, (int)NODES_PGSHIFT);
}

#define CHECK_FLAG(test, page, Name, name) do {				\
	struct folio *__f = page_folio(page);				\
									\
	KUNIT_EXPECT_FALSE(test, Page##Name(page));			\
	SetPage##Name(page);						\
	KUNIT_EXPECT_TRUE(test, Page##Name(page));			\
	KUNIT_EXPECT_TRUE(test, folio_test_##name(__f));		\
	KUNIT_EXPECT_TRUE(test, TestSetPage##Name(page));		\
	KUNIT_EXPECT_TRUE(test, TestClearPage##Name(page));		\
	KUNIT_EXPECT_FALSE(test, folio_test_set_##name(__f));		\
	KUNIT_EXPECT_TRUE(test, folio_test_clear_##name(__f));		\
	__SetPage##Name(page);						\
	__ClearPage##Name(page);					\
	folio_set_##name(__f);						\
	folio_clear_##name(__f);					\
	__folio_set_##name(__f);					\
	__folio_clear_##name(__f);					\
	ClearPage##Name(page);						\
	KUNIT_EXPECT_FALSE(test, Page##Name(page));			\
} while (0)

static void flags_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned int id;

	KUNIT_ASSERT_NOT_NULL(test, page);
	id = page_zone_id(page);
	CHECK_FLAG(test, page, Locked, locked);
	CHECK_FLAG(test, page, Dirty, dirty);
	CHECK_FLAG(test, page, LRU, lru);
	CHECK_FLAG(test, page, Active, active);
	CHECK_FLAG(test, page, Private, private);
	CHECK_FLAG(test, page, SwapCache, swapcache);
	CHECK_FLAG(test, page, HWPoison, hwpoison);
	CHECK_FLAG(test, page, Mlocked, mlocked);
	CHECK_FLAG(test, page, Reported, reported);
	KUNIT_EXPECT_EQ(test, page_zone_id(page), id);
	__free_page(page);
}

static void head_has_the_flags_test(struct kunit *test)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 2);

	KUNIT_ASSERT_NOT_NULL(test, folio);
	SetPageDirty(folio_page(folio, 3));
	KUNIT_EXPECT_TRUE(test, folio_test_dirty(folio));
	KUNIT_EXPECT_FALSE(test, page_flag_test(folio_page(folio, 3),
						PG_dirty));
	folio_clear_dirty(folio);
	SetPageHWPoison(folio_page(folio, 3));
	KUNIT_EXPECT_FALSE(test, folio_test_hwpoison(folio));
	ClearPageHWPoison(folio_page(folio, 3));
	folio_put(folio);
}

static void types_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_FALSE(test, page_has_type(page));
	__SetPageTable(page);
	KUNIT_EXPECT_TRUE(test, PageTable(page) && page_has_type(page));
	KUNIT_EXPECT_FALSE(test, PageSlab(page) || PageBuddy(page));
	KUNIT_EXPECT_EQ(test, page_mapcount(page), 0);
	__ClearPageTable(page);
	__folio_set_slab(page_folio(page));
	KUNIT_EXPECT_TRUE(test, folio_test_slab(page_folio(page)));
	__folio_clear_slab(page_folio(page));
	KUNIT_EXPECT_FALSE(test, page_mapcount_is_type(0));
	KUNIT_EXPECT_FALSE(test, page_mapcount_is_type(1));
	KUNIT_EXPECT_TRUE(test, page_mapcount_is_type(
			page_type_make(PGTY_slab, 0) + 1));
	__free_page(page);
}

static void references_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct folio *folio;

	KUNIT_ASSERT_NOT_NULL(test, page);
	folio = page_folio(page);
	get_page(page);
	KUNIT_EXPECT_EQ(test, page_count(page), 2);
	KUNIT_EXPECT_TRUE(test, get_page_unless_zero(page));
	KUNIT_EXPECT_TRUE(test, try_get_page(page));
	page_ref_add(page, 2);
	page_ref_sub(page, 2);
	KUNIT_EXPECT_EQ(test, page_ref_inc_return(page), 5);
	KUNIT_EXPECT_EQ(test, page_ref_dec_return(page), 4);
	KUNIT_EXPECT_FALSE(test, page_ref_sub_and_test(page, 1));
	KUNIT_EXPECT_FALSE(test, page_ref_dec_and_test(page));
	KUNIT_EXPECT_FALSE(test, put_page_testzero(page));
	KUNIT_EXPECT_FALSE(test, page_ref_freeze(page, 2));
	KUNIT_EXPECT_TRUE(test, page_ref_freeze(page, 1));
	KUNIT_EXPECT_FALSE(test, get_page_unless_zero(page));
	KUNIT_EXPECT_FALSE(test, folio_try_get(folio));
	page_ref_unfreeze(page, 1);
	folio_ref_add(folio, 2);
	folio_ref_sub(folio, 1);
	folio_ref_inc(folio);
	folio_ref_dec(folio);
	KUNIT_EXPECT_FALSE(test, folio_ref_sub_and_test(folio, 1));
	KUNIT_EXPECT_TRUE(test, folio_ref_freeze(folio, 1));
	folio_ref_unfreeze(folio, 1);
	KUNIT_EXPECT_TRUE(test, folio_put_testzero(folio));
	free_unref_page(page, 0);
}

static void mapping_tags_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct folio *folio;

	KUNIT_ASSERT_NOT_NULL(test, page);
	folio = page_folio(page);
	KUNIT_EXPECT_FALSE(test, PageAnon(page));
	KUNIT_EXPECT_NULL(test, folio_mapping(folio));
	page->mapping = 0x1000 | PAGE_MAPPING_ANON;
	KUNIT_EXPECT_TRUE(test, PageAnon(page));
	KUNIT_EXPECT_NULL(test, folio_mapping(folio));
	page->mapping = 0x1000 | PAGE_MAPPING_KSM;
	KUNIT_EXPECT_TRUE(test, folio_test_ksm(folio));
	page->mapping = 0x1000 | PAGE_MAPPING_MOVABLE;
	KUNIT_EXPECT_TRUE(test, __folio_test_movable(folio));
	page->mapping = 0x1000;
	KUNIT_EXPECT_PTR_EQ(test, folio_mapping(folio), (void *)0x1000);
	page->mapping = 0;
	set_page_private(page, 7);
	KUNIT_EXPECT_EQ(test, page_private(page), 7ULL);
	__free_page(page);
}

static void places_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct page copy;

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_PTR_EQ(test, page_zone(page),
			    &NODE_DATA(page_to_nid(page))->
				node_zones[page_zonenum(page)]);
	KUNIT_EXPECT_TRUE(test, zone_spans_pfn(page_zone(page),
					       page_to_pfn(page)));
	KUNIT_EXPECT_TRUE(test, page_pointer_valid(page));
	copy = *page;
	set_page_links(&copy, ZONE_MOVABLE, 63, 0);
	KUNIT_EXPECT_EQ(test, (int)page_zonenum(&copy), (int)ZONE_MOVABLE);
	KUNIT_EXPECT_EQ(test, page_to_nid(&copy), 63);
	__free_page(page);
}

static void orders_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, get_order(1), 0);
	KUNIT_EXPECT_EQ(test, get_order(PAGE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, get_order(PAGE_SIZE + 1), 1);
	KUNIT_EXPECT_EQ(test, get_order(5 * PAGE_SIZE), 3);
	KUNIT_EXPECT_GT(test, get_order(0), MAX_PAGE_ORDER);
}

static void flag_text_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	char text[200], small[8];

	KUNIT_ASSERT_NOT_NULL(test, page);
	SetPageDirty(page);
	SetPageLocked(page);
	page_flags_format(text, sizeof(text), page);
	KUNIT_EXPECT_TRUE(test, !strncmp(text, "locked|dirty|node=", 18));
	page_flags_format(small, sizeof(small), page);
	KUNIT_EXPECT_STREQ(test, small, "locked|");
	ClearPageDirty(page);
	ClearPageLocked(page);
	__free_page(page);
}

static struct kunit_case page_flags_cases[] = {
	KUNIT_CASE(sizes_test),
	KUNIT_CASE(flags_test),
	KUNIT_CASE(head_has_the_flags_test),
	KUNIT_CASE(types_test),
	KUNIT_CASE(references_test),
	KUNIT_CASE(mapping_tags_test),
	KUNIT_CASE(places_test),
	KUNIT_CASE(orders_test),
	KUNIT_CASE(flag_text_test),
	{ 0 }
};

static struct kunit_suite page_flags_suite = {
	.name = "page_flags",
	.test_cases = page_flags_cases,
};
kunit_test_suite(page_flags_suite);
