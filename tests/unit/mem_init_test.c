// SPDX-License-Identifier: MIT
/* What start-up handed over, and giving reserved frames back later. */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mm.h>

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

static void counts_test(struct kunit *test)
{
	struct zone *zone;
	unsigned long total = 0;

	for_each_populated_zone(zone) {
		KUNIT_EXPECT_LE(test, zone->present_pages,
				zone->spanned_pages);
		KUNIT_EXPECT_LE(test, zone_managed_pages(zone),
				zone->present_pages);
		total += zone_managed_pages(zone);
	}
	KUNIT_EXPECT_EQ(test, total, totalram_pages());
}

/* No free page is one that memblock never had, or kept out of the map. */
static void free_pages_are_memory_test(struct kunit *test)
{
	unsigned long pfn, bad = 0;

	for (pfn = 0; pfn < max_pfn; pfn++) {
		if (!pfn_valid(pfn)) {
			pfn = pageblock_end_pfn(pfn) - 1;
			continue;
		}
		if (buddy_order(pfn_to_page(pfn)) > MAX_PAGE_ORDER)
			continue;
		bad += !memblock_is_map_memory(PFN_PHYS(pfn));
		bad += PageReserved(pfn_to_page(pfn));
	}
	KUNIT_EXPECT_EQ(test, bad, 0UL);
}

static void reserved_area_test(struct kunit *test)
{
	static struct log_capture log;
	char *p = alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL);
	unsigned long i;

	KUNIT_ASSERT_NOT_NULL(test, p);
	for (i = 0; i < 3; i++)
		mark_page_reserved(virt_to_page(p + i * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, totalram_pages(), before.managed - 3);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, free_reserved_area(p + 1,
			p + 3 * PAGE_SIZE - 1, 0xcc, "test"), 1UL);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
					     "Freeing test memory: 4K"));
	KUNIT_EXPECT_EQ(test, free_reserved_area(p, p + PAGE_SIZE, -1, NULL),
			1UL);
	KUNIT_EXPECT_EQ(test, free_initmem_default(-1, p + 2 * PAGE_SIZE,
						   p + 3 * PAGE_SIZE), 1UL);
	KUNIT_EXPECT_EQ(test, free_reserved_area(p, p, -1, "nothing"), 0UL);
}

static void not_reserved_test(struct kunit *test)
{
	static struct log_capture log;
	unsigned long addr = __get_free_page(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, addr);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, free_reserved_area((void *)addr,
			(void *)(addr + PAGE_SIZE), -1, NULL), 0UL);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "is not reserved"));
	free_page(addr);
}

static void core_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);

	KUNIT_ASSERT_NOT_NULL(test, page);
	split_page(page, 2);
	adjust_managed_page_count(page, -4);
	memblock_free_pages(page, page_to_pfn(page), 2);
}

/* Part of a frame at either end stays reserved. */
static void late_test(struct kunit *test)
{
	char *p = alloc_pages_exact(4 * PAGE_SIZE, GFP_KERNEL);
	phys_addr_t base;
	unsigned long i;

	KUNIT_ASSERT_NOT_NULL(test, p);
	base = __pa(p);
	for (i = 0; i < 4; i++)
		mark_page_reserved(virt_to_page(p + i * PAGE_SIZE));
	memblock_free_late(base + 1, 4 * PAGE_SIZE - 2);
	KUNIT_EXPECT_EQ(test, totalram_pages(), before.managed - 2);
	KUNIT_EXPECT_TRUE(test, PageReserved(virt_to_page(p)));
	KUNIT_EXPECT_TRUE(test, PageReserved(virt_to_page(p + 3 * PAGE_SIZE)));
	memblock_free_late(base, PAGE_SIZE);
	memblock_free_late(base + 3 * PAGE_SIZE, PAGE_SIZE);
}

static struct kunit_case mem_init_cases[] = {
	KUNIT_CASE(counts_test),
	KUNIT_CASE(free_pages_are_memory_test),
	KUNIT_CASE(reserved_area_test),
	KUNIT_CASE(not_reserved_test),
	KUNIT_CASE(core_test),
	KUNIT_CASE(late_test),
	{ 0 }
};

static struct kunit_suite mem_init_suite = {
	.name = "mem_init",
	.init = snapshot_init,
	.exit = snapshot_exit,
	.test_cases = mem_init_cases,
};
kunit_test_suite(mem_init_suite);
