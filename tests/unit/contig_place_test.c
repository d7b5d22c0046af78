// SPDX-License-Identifier: MIT
/* Blocks at a place with conditions: octavo/contig.h. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>

#include <octavo/contig.h>
#include <octavo/fail_page.h>
#include <octavo/machine.h>

#include "../../mm/upcalls.h"
#include "log_capture.h"
#include "page_snapshot.h"

#define QUIET	(GFP_KERNEL | __GFP_NOWARN)
#define MIB	(1UL << 20)

static struct page_snapshot before;
static struct log_capture place_log;

static int place_test_init(struct kunit *test)
{
	before = page_snapshot_take();
	return 0;
}

static void place_test_exit(struct kunit *test)
{
	page_alloc_fail_nth(0);
	page_snapshot_check(test, &before);
}

static struct page *take(size_t size, const struct contig_place *place)
{
	return alloc_contig_pages_within(size, place, QUIET, NUMA_NO_NODE,
					 NULL);
}

static bool place_holds(phys_addr_t start, size_t size,
			const struct contig_place *place)
{
	phys_addr_t end = start + PAGE_ALIGN(size);

	return start >= place->low && (!place->high || end <= place->high) &&
	       (!place->align || IS_ALIGNED(start, place->align)) &&
	       (!place->boundary ||
		(start & ~(place->boundary - 1)) ==
		((end - 1) & ~(place->boundary - 1)));
}

static void conditions_test(struct kunit *test)
{
	static const struct {
		size_t size;
		struct contig_place place;
	} cases[] = {
		{ 1, { 0 } },
		{ PAGE_SIZE, { .high = 16 * MIB } },
		{ 5 * PAGE_SIZE + 1, { .low = MIB, .high = 12 * MIB } },
		{ 3 * PAGE_SIZE, { .align = 64 << 10 } },
		{ 3 * PAGE_SIZE, { .align = 4 } },
		{ 12 * PAGE_SIZE, { .boundary = 64 << 10 } },
		{ 64 << 10, { .boundary = 64 << 10 } },
		{ 9 * PAGE_SIZE, { .align = 64 << 10, .boundary = 64 << 10 } },
		{ 700 * PAGE_SIZE, { .high = 1ULL << 32 } },
		{ 7 * PAGE_SIZE, { .high = (1UL << 24), .align = 32 << 10,
				   .boundary = MIB } },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct contig_place *place = &cases[i].place;
		struct page *page = take(cases[i].size, place);
		unsigned long pfn, n;

		KUNIT_CHECK(test, page != NULL, 1, "case %u", i);
		pfn = page_to_pfn(page);
		KUNIT_CHECK(test, place_holds(PFN_PHYS(pfn), cases[i].size,
					      place), 0, "case %u at %#lx", i,
			    pfn);
		for (n = 0; n < PFN_UP(cases[i].size); n++)
			KUNIT_EXPECT_EQ(test, page_count(pfn_to_page(pfn + n)),
					1);
		KUNIT_EXPECT_TRUE(test, buddy_check());
		free_contig_pages_within(page, cases[i].size);
	}
}

/* The accounts of the zone say of it what they say of any block. */
static void accounts_test(struct kunit *test)
{
	const struct contig_place place = { .high = 16 * MIB };
	struct page *page = take(37 * PAGE_SIZE, &place);
	struct zone *zone;

	KUNIT_ASSERT_NOT_NULL(test, page);
	zone = page_zone(page);
	KUNIT_EXPECT_EQ(test, zone_idx(zone), ZONE_DMA);
	KUNIT_EXPECT_EQ(test, page_snapshot_take().nr_free,
			before.nr_free - 37);
	/* The pages are the caller's one by one. */
	__free_page(page + 36);
	KUNIT_EXPECT_EQ(test, page_snapshot_take().nr_free,
			before.nr_free - 36);
	free_contig_pages_within(page, 36 * PAGE_SIZE);
}

/* A hole of nine frames is found where no block of the buddy system fits. */
static void found_between_test(struct kunit *test)
{
	struct page *page = alloc_pages(QUIET | __GFP_DMA, pageblock_order);
	struct contig_place place;
	unsigned long i;

	KUNIT_ASSERT_NOT_NULL(test, page);
	split_page(page, pageblock_order);
	for (i = 12; i < 21; i++)
		__free_page(page + i);
	drain_all_pages(NULL);
	place.low = page_to_phys(page);
	place.high = place.low + (pageblock_nr_pages << PAGE_SHIFT);
	place.align = place.boundary = 0;
	KUNIT_EXPECT_NULL(test, take(10 * PAGE_SIZE, &place));
	KUNIT_EXPECT_PTR_EQ(test, take(9 * PAGE_SIZE, &place), page + 12);
	free_contig_pages_within(page + 12, 9 * PAGE_SIZE);
	drain_all_pages(NULL);
	place.align = 4 * PAGE_SIZE;
	KUNIT_EXPECT_PTR_EQ(test, take(4 * PAGE_SIZE, &place), page + 16);
	KUNIT_EXPECT_PTR_EQ(test, take(4 * PAGE_SIZE, &place), page + 12);
	place.align = 8 * PAGE_SIZE;
	KUNIT_EXPECT_NULL(test, take(PAGE_SIZE, &place));
	place.align = 0;
	KUNIT_EXPECT_PTR_EQ(test, take(PAGE_SIZE, &place), page + 20);
	for (i = 0; i < pageblock_nr_pages; i++)
		__free_page(page + i);
}

static void zeroed_test(struct kunit *test)
{
	const struct contig_place place = { .align = PAGE_SIZE };
	struct page *page;

	page = take(4 * PAGE_SIZE, &place);
	KUNIT_ASSERT_NOT_NULL(test, page);
	memset(page_address(page), 0x5a, 4 * PAGE_SIZE);
	free_contig_pages_within(page, 4 * PAGE_SIZE);
	page = alloc_contig_pages_within(4 * PAGE_SIZE, &place,
					 QUIET | __GFP_ZERO, NUMA_NO_NODE,
					 NULL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_NULL(test, memchr_inv(page_address(page), 0,
					   4 * PAGE_SIZE));
	free_contig_pages_within(page, 4 * PAGE_SIZE);
}

/* Who may not sleep gets what is free, and leaves the reserves alone. */
static void atomic_test(struct kunit *test)
{
	const struct contig_place place = { .high = 16 * MIB };
	unsigned long flags;
	struct page *page;

	local_irq_save(flags);
	page = alloc_contig_pages_within(3 * PAGE_SIZE, &place,
					 GFP_ATOMIC | __GFP_NOWARN,
					 NUMA_NO_NODE, NULL);
	local_irq_restore(flags);
	KUNIT_ASSERT_NOT_NULL(test, page);
	local_irq_save(flags);
	free_contig_pages_within(page, 3 * PAGE_SIZE);
	local_irq_restore(flags);
}

/* To the last: the zone's mark stays, and all comes back. */
static void exhausted_test(struct kunit *test)
{
	const struct contig_place place = { .high = 16 * MIB };
	struct zone *zone = &first_online_pgdat()->node_zones[ZONE_DMA];
	struct page *page;
	u64 chain = 0;

	while ((page = take(33 * PAGE_SIZE, &place))) {
		set_page_private(page, chain);
		chain = page_to_pfn(page) + 1;
	}
	KUNIT_EXPECT_TRUE(test, chain);
	KUNIT_EXPECT_GE(test, zone_page_state(zone, NR_FREE_PAGES),
			zone->_watermark[WMARK_MIN]);
	KUNIT_EXPECT_TRUE(test, buddy_check());
	while (chain) {
		page = pfn_to_page((unsigned long)chain - 1);
		chain = page_private(page);
		set_page_private(page, 0);
		free_contig_pages_within(page, 33 * PAGE_SIZE);
	}
}

static void fault_test(struct kunit *test)
{
	const struct contig_place place = { .high = 16 * MIB };

	page_alloc_fail_nth(1);
	KUNIT_EXPECT_NULL(test, take(3 * PAGE_SIZE, &place));
	KUNIT_EXPECT_EQ(test, page_alloc_fail_left(), 0);
}

static struct page *stuck;	/* that migration is asked to move */
static unsigned int nr_moved;

static bool stuck_movable(const struct page *page)
{
	return page == stuck;
}

static int stuck_migrate(unsigned long start, unsigned long end, gfp_t gfp)
{
	unsigned long pfn = page_to_pfn(stuck);

	if (pfn < start || pfn >= end)
		return -EBUSY;
	nr_moved++;
	__free_page(stuck);
	return 0;
}

/* What is free does not do: a page in use is moved out of the way. */
static void moved_test(struct kunit *test)
{
	static const struct page_upcalls upcalls = {
		.page_movable = stuck_movable, .migrate_range = stuck_migrate,
	};
	const struct page_upcalls **up = (const struct page_upcalls **)
					 &this_machine()->page_alloc.upcalls;
	const struct page_upcalls *was = *up;
	struct page *page = alloc_pages(QUIET, pageblock_order), *got;
	struct contig_place place;
	unsigned long i;

	KUNIT_ASSERT_NOT_NULL(test, page);
	split_page(page, pageblock_order);
	place.low = page_to_phys(page);
	place.high = place.low + (pageblock_nr_pages << PAGE_SHIFT);
	place.align = place.boundary = 0;
	stuck = page + 77;
	nr_moved = 0;
	for (i = 0; i < pageblock_nr_pages; i++)
		if (page + i != stuck)
			__free_page(page + i);
	drain_all_pages(NULL);
	KUNIT_EXPECT_NULL(test, take(pageblock_nr_pages << PAGE_SHIFT,
				     &place));
	*up = &upcalls;
	got = take(pageblock_nr_pages << PAGE_SHIFT, &place);
	*up = was;
	KUNIT_EXPECT_PTR_EQ(test, got, page);
	KUNIT_EXPECT_EQ(test, nr_moved, 1u);
	if (got)
		free_contig_pages_within(got, pageblock_nr_pages <<
					 PAGE_SHIFT);
	else
		__free_page(stuck);
}

static void refused(struct kunit *test, size_t size,
		    struct contig_place place, const char *line)
{
	log_capture_start(&place_log);
	KUNIT_EXPECT_NULL(test, alloc_contig_pages_within(size, &place,
			GFP_KERNEL, NUMA_NO_NODE, NULL));
	log_capture_end(&place_log);
	KUNIT_CHECK(test, log_captured(&place_log, line), 0, "%s\nlogged: %s",
		    line, place_log.text);
}

static void refused_test(struct kunit *test)
{
	refused(test, 0, (struct contig_place){ .high = 16 * MIB },
		"contig: no block of 0 bytes in [mem 0x0-0xffffff], alignment 0x0, boundary 0x0: it is of no size");
	refused(test, SIZE_MAX, (struct contig_place){ 0 },
		"it is larger than any memory");
	refused(test, 1, (struct contig_place){ .align = 3 * PAGE_SIZE },
		"alignment 0x3000, boundary 0x0: the alignment is no power of two");
	refused(test, 1, (struct contig_place){ .boundary = 0x5000 },
		"the boundary is no power of two");
	refused(test, 5 * PAGE_SIZE, (struct contig_place){ .boundary =
		4 * PAGE_SIZE }, "the boundary is smaller than the size");
	refused(test, 1, (struct contig_place){ .low = MIB, .high = MIB },
		"the range is empty");
	refused(test, 2 * MIB, (struct contig_place){ .low = MIB,
		.high = 2 * MIB }, "the range is smaller than the size");
	refused(test, MIB, (struct contig_place){ .low = 1ULL << 45 },
		"no such run of frames is free");
}

static struct kunit_case place_cases[] = {
	KUNIT_CASE(conditions_test),
	KUNIT_CASE(accounts_test),
	KUNIT_CASE(found_between_test),
	KUNIT_CASE(zeroed_test),
	KUNIT_CASE(atomic_test),
	KUNIT_CASE(exhausted_test),
	KUNIT_CASE(fault_test),
	KUNIT_CASE(moved_test),
	KUNIT_CASE(refused_test),
	{ 0 }
};

static struct kunit_suite place_suite = {
	.name = "contig_place",
	.init = place_test_init,
	.exit = place_test_exit,
	.test_cases = place_cases,
};
kunit_test_suite(place_suite);
