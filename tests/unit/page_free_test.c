// SPDX-License-Identifier: MIT
/*
 * Wrong frees: each reported with its reason, nothing lost that was not the
 * caller's, nothing in the free lists that should not be. Pages that end in
 * quarantine are taken out of it again, so that the machine is as before.
 */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/mm.h>

#include <octavo/machine.h>

#include "log_capture.h"
#include "page_snapshot.h"

static struct page_snapshot before;
static struct log_capture log;

static int snapshot_init(struct kunit *test)
{
	/* Reports are limited in number: each case starts afresh. */
	atomic_long_set(&this_machine()->page_alloc.bad_limit.made, 0);
	before = page_snapshot_take();
	return 0;
}

static void snapshot_exit(struct kunit *test)
{
	page_snapshot_check(test, &before);
}

static long quarantined(void)
{
	return atomic_long_read(&this_machine()->page_alloc.nr_quarantined);
}

static void captured(struct kunit *test, const char *text)
{
	log_capture_end(&log);
	KUNIT_CHECK(test, log_captured(&log, text), 0,
		    "expected \"%s\" in the log, which says: %s", text,
		    log.text);
}

/* Gives 2^@order quarantined pages to the free lists after all. */
static void release(struct page *page, unsigned int order)
{
	atomic_long_sub(1L << order,
			&this_machine()->page_alloc.nr_quarantined);
	ClearPageQuarantine(page);
	init_page_count(page);
	if (order)
		page_type_write(page + 1, page_type_make(PGTY_block, order));
	__free_pages(page, order);
}

static void double_free_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	long kept = quarantined();

	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
	log_capture_start(&log);
	__free_page(page);
	captured(test, "page has no reference to drop (double free?)");
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "BUG: Bad page state in process"));
	KUNIT_EXPECT_EQ(test, quarantined(), kept);
	log_capture_start(&log);
	folio_put((struct folio *)page);
	captured(test, "page has no reference to drop (double free?)");
}

static void reserved_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	mark_page_reserved(page);
	log_capture_start(&log);
	__free_page(page);
	captured(test, "freeing a reserved page");
	KUNIT_EXPECT_TRUE(test, PageReserved(page));
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	log_capture_start(&log);
	__free_pages(page, MAX_PAGE_ORDER + 1);
	captured(test, "freed with an order that is too large");
	free_reserved_page(page);
}

static void foreign_pointer_test(struct kunit *test)
{
	struct page not_a_page = { .flags = 0 };

	log_capture_start(&log);
	__free_page(&not_a_page);
	captured(test, "BUG: Bad page free in process");
	log_capture_start(&log);
	__free_page((struct page *)((char *)pfn_to_page(1) + 4));
	captured(test, "no frame has a struct page at");
	log_capture_start(&log);
	folio_put((struct folio *)&not_a_page);
	captured(test, "no frame has a struct page at");
	log_capture_start(&log);
	__free_page(NULL);
	captured(test, "no frame has a struct page at");
}

static void wrong_address_test(struct kunit *test)
{
	unsigned long addr = __get_free_page(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, addr);
	log_capture_start(&log);
	free_pages(addr + 8, 0);
	captured(test, "not aligned to a page:");
	log_capture_start(&log);
	free_pages(PAGE_SIZE, 0);
	captured(test, "not in the direct map:");
	free_page(addr);
}

static void wrong_order_test(struct kunit *test)
{
	static const struct { unsigned int alloc, freed; } cases[] = {
		{ 0, 2 }, { 2, 0 }, { 3, 1 }, { 1, 3 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct page *big = alloc_pages(GFP_KERNEL, 5), *page;
		long kept = quarantined();

		KUNIT_ASSERT_NOT_NULL(test, big);
		/* Aligned to every order in use here. */
		split_page(big, 5);
		page = big;
		if (cases[i].alloc) {
			unsigned long j;

			for (j = 1; j < 1UL << cases[i].alloc; j++)
				set_page_count(page + j, 0);
			page_type_write(page + 1, page_type_make(PGTY_block,
							cases[i].alloc));
		}
		log_capture_start(&log);
		__free_pages(page, cases[i].freed);
		captured(test, "another order than it was allocated with");
		KUNIT_EXPECT_EQ(test, quarantined() - kept,
				1L << cases[i].alloc);
		release(page, cases[i].alloc);
		for (unsigned long j = 1UL << cases[i].alloc; j < 32; j++)
			__free_page(big + j);
	}
}

static void unaligned_order_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);

	KUNIT_ASSERT_NOT_NULL(test, page);
	split_page(page, 2);
	log_capture_start(&log);
	__free_pages(page + 1, 1);
	captured(test, "freed with an order that it is not aligned to");
	release(page + 1, 0);
	__free_page(page);
	__free_page(page + 2);
	__free_page(page + 3);
}

static void compound_order_test(struct kunit *test)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 3);

	KUNIT_ASSERT_NOT_NULL(test, folio);
	log_capture_start(&log);
	__free_pages(&folio->page, 2);
	captured(test, "another order than it was allocated with");
	atomic_long_sub(8, &this_machine()->page_alloc.nr_quarantined);
	folio_clear_quarantine(folio);
	log_capture_start(&log);
	__free_page(folio_page(folio, 3));
	captured(test, "freeing a tail page");
	folio_put(folio);
}

static void put_page_of_block_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);

	KUNIT_ASSERT_NOT_NULL(test, page);
	log_capture_start(&log);
	put_page(page);
	captured(test, "another order than it was allocated with");
	release(page, 2);
}

static void mapped_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	atomic_inc(&page->_mapcount);
	log_capture_start(&log);
	__free_page(page);
	captured(test, "nonzero mapcount");
	page_mapcount_reset(page);
	release(page, 0);
}

static void typed_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	__SetPageTable(page);
	log_capture_start(&log);
	__free_page(page);
	captured(test, "page has a type");
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "(table)"));
	__ClearPageTable(page);
	release(page, 0);
}

static void flags_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	SetPageLRU(page);
	log_capture_start(&log);
	__free_page(page);
	captured(test, "PAGE_FLAGS_CHECK_AT_FREE flag(s) set");
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "lru"));
	ClearPageLRU(page);
	/* In quarantine it stays, even when freed once more. */
	init_page_count(page);
	log_capture_start(&log);
	__free_page(page);
	captured(test, "freeing a quarantined page");
	release(page, 0);
}

static void referenced_tail_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);

	KUNIT_ASSERT_NOT_NULL(test, page);
	init_page_count(page + 2);
	log_capture_start(&log);
	__free_pages(page, 2);
	captured(test, "nonzero _refcount");
	set_page_count(page + 2, 0);
	release(page, 2);
}

/* A tail with a reference that nobody can have taken. */
static void tail_test(struct kunit *test)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 2);
	struct page *tail;

	KUNIT_ASSERT_NOT_NULL(test, folio);
	tail = folio_page(folio, 3);
	init_page_count(tail);
	log_capture_start(&log);
	__free_page(tail);
	captured(test, "freeing a tail page");
	set_page_count(tail, 0);
	ClearPageQuarantine(tail);
	atomic_long_dec(&this_machine()->page_alloc.nr_quarantined);
	folio_put(folio);
}

/* A type that has no name is shown as such. */
static void unknown_type_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	page_type_write(page, 0xfeu << PAGE_TYPE_SHIFT);
	log_capture_start(&log);
	dump_page(page, "a test");
	captured(test, "(unknown)");
	page_type_write(page, PAGE_TYPE_NONE);
	__free_page(page);
}

/* Failed requests are reported so often in a stretch of time. */
static void limited_failures_test(struct kunit *test)
{
	struct report_limit *limit =
		&this_machine()->page_alloc.failed_limit;
	nodemask_t none;
	int i;

	nodes_clear(none);
	log_capture_start(&log);
	for (i = 0; i < 12; i++)
		__alloc_pages(GFP_ATOMIC, 0, numa_node_id(), &none);
	log_capture_end(&log);
	KUNIT_EXPECT_GE(test, atomic_long_read(&limit->missed), 1L);
	atomic_long_set(&limit->period, 0);
	atomic_long_set(&limit->missed, 0);
}

static void broken_compound_test(struct kunit *test)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 2);
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, folio);
	page = &folio->page;
	page[2].lru_next++;
	log_capture_start(&log);
	folio_put(folio);
	captured(test, "compound_head not consistent");
	/* The first tail was undone before the fault was met. */
	prep_compound_page(page, 2);
	ClearPageQuarantine(page);
	atomic_long_sub(4, &this_machine()->page_alloc.nr_quarantined);
	init_page_count(page);
	page_flag_clear(page + 3, PG_tail);
	log_capture_start(&log);
	folio_put(folio);
	captured(test, "not PageTail in a compound page");
	prep_compound_page(page, 2);
	ClearPageQuarantine(page);
	atomic_long_sub(4, &this_machine()->page_alloc.nr_quarantined);
	init_page_count(page);
	folio_put(folio);
}

/* What may be wrong with a tail, and what a free then says. */
enum tail_damage { REFERENCED, MAPPED, FLAGGED, LEFT, STRAYED, NR_DAMAGES };

static const char *const tail_reasons[NR_DAMAGES] = {
	[REFERENCED] = "nonzero _refcount",
	[MAPPED] = "nonzero mapcount",
	[FLAGGED] = "PAGE_FLAGS_CHECK_AT_FREE flag(s) set",
	[LEFT] = "not PageTail in a compound page",
	[STRAYED] = "compound_head not consistent",
};

/* Damages a sound tail, or mends it but for what prep_compound_page() does. */
static void tail_damage(struct page *tail, enum tail_damage damage, bool make)
{
	switch (damage) {
	case REFERENCED:
		set_page_count(tail, make);
		break;
	case MAPPED:
		atomic_set(&tail->_mapcount, make - 1);
		break;
	case FLAGGED:
		if (make)
			page_flag_set(tail, PG_lru);
		else
			page_flag_clear(tail, PG_lru);
		break;
	case LEFT:
		if (make)
			page_flag_clear(tail, PG_tail);
		break;
	default:
		tail->lru_next += make;
	}
}

/* A block whose @i-th page is damaged is not freed; and is, when mended. */
static void damaged_tail(struct kunit *test, unsigned int order, bool compound,
			 unsigned long i, enum tail_damage damage)
{
	struct page *page = alloc_pages(compound ? GFP_KERNEL | __GFP_COMP :
					GFP_KERNEL, order);
	char where[32];

	KUNIT_ASSERT_NOT_NULL(test, page);
	snprintf(where, sizeof(where), "pfn:%#lx",
		 page_to_pfn(page + i));
	tail_damage(page + i, damage, true);
	log_capture_start(&log);
	__free_pages(page, order);
	captured(test, tail_reasons[damage]);
	KUNIT_CHECK(test, log_captured(&log, where), 0,
		    "order %u, page %lu: expected \"%s\", the log says: %s",
		    order, i, where, log.text);
	tail_damage(page + i, damage, false);
	if (!compound) {
		release(page, order);
		return;
	}
	prep_compound_page(page, order);
	ClearPageQuarantine(page);
	atomic_long_sub(1L << order,
			&this_machine()->page_alloc.nr_quarantined);
	init_page_count(page);
	__free_pages(page, order);
}

static void damaged_tails_test(struct kunit *test)
{
	static const unsigned int orders[] = { 1, 2, 4, 6, 9, 10 };
	unsigned int o, damage;

	for (o = 0; o < ARRAY_SIZE(orders); o++)
		for (damage = 0; damage < NR_DAMAGES; damage++) {
			unsigned long n = 1UL << orders[o], i;

			for (i = 1; i < n; i = i < 4 ? i + 1 : 2 * i - 1) {
				if (damage < LEFT && i > 1)
					damaged_tail(test, orders[o], false, i,
						     damage);
				damaged_tail(test, orders[o], true, i, damage);
				atomic_long_set(&this_machine()->
					page_alloc.bad_limit.made, 0);
			}
			damaged_tail(test, orders[o], true, n - 1, damage);
		}
}

/* What owners may leave behind on tails is gone when the block is free. */
static void leftovers_test(struct kunit *test)
{
	static const unsigned int orders[] = { 2, 4, 6, 10 };
	struct page *page;
	unsigned int o;

	for (o = 0; o < 2 * ARRAY_SIZE(orders); o++) {
		unsigned int order = orders[o / 2];
		unsigned long last = (1UL << order) - 1;

		page = alloc_pages(o & 1 ? GFP_KERNEL | __GFP_COMP :
				   GFP_KERNEL, order);
		KUNIT_ASSERT_NOT_NULL(test, page);
		page_flag_set(page + 2, PG_uptodate);
		page[3].private = 7;
		page[last].index = 9;
		__free_pages(page, order);
		KUNIT_EXPECT_EQ(test, page[2].flags & PAGEFLAGS_MASK, 0u);
		KUNIT_EXPECT_EQ(test, page[3].private, 0ULL);
		KUNIT_EXPECT_EQ(test, page[last].index, 0u);
		KUNIT_EXPECT_EQ(test, page[last].flags & PAGEFLAGS_MASK, 0u);
	}
}

static void refs_test(struct kunit *test)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 0);

	KUNIT_ASSERT_NOT_NULL(test, folio);
	folio_get(folio);
	log_capture_start(&log);
	folio_put_refs(folio, 3);
	captured(test, "more references dropped than there are");
	folio_put_refs(folio, 2);
}

static void limited_reports_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct report_limit *limit =
		&this_machine()->page_alloc.bad_limit;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
	log_capture_start(&log);
	for (i = 0; i < 70; i++)
		__free_page(page);
	free_pages(PAGE_SIZE, 0);
	log_capture_end(&log);
	KUNIT_EXPECT_GE(test, atomic_long_read(&limit->missed), 1L);
	atomic_long_set(&limit->period, -1);
	log_capture_start(&log);
	__free_page(page);
	captured(test, "reports left out");
}

static struct kunit_case page_free_cases[] = {
	KUNIT_CASE(double_free_test),
	KUNIT_CASE(reserved_test),
	KUNIT_CASE(foreign_pointer_test),
	KUNIT_CASE(wrong_address_test),
	KUNIT_CASE(wrong_order_test),
	KUNIT_CASE(unaligned_order_test),
	KUNIT_CASE(compound_order_test),
	KUNIT_CASE(put_page_of_block_test),
	KUNIT_CASE(mapped_test),
	KUNIT_CASE(typed_test),
	KUNIT_CASE(flags_test),
	KUNIT_CASE(referenced_tail_test),
	KUNIT_CASE(tail_test),
	KUNIT_CASE(unknown_type_test),
	KUNIT_CASE(limited_failures_test),
	KUNIT_CASE(broken_compound_test),
	KUNIT_CASE(damaged_tails_test),
	KUNIT_CASE(leftovers_test),
	KUNIT_CASE(refs_test),
	KUNIT_CASE(limited_reports_test),
	{ 0 }
};

static struct kunit_suite page_free_suite = {
	.name = "page_free",
	.init = snapshot_init,
	.exit = snapshot_exit,
	.test_cases = page_free_cases,
};
kunit_test_suite(page_free_suite);
