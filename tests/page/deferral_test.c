// SPDX-License-Identifier: MIT
/*
 * Struct pages made late, from start-up on: with holes, reserved frames and
 * frames that are no memory among those deferred. No threads: this CPU does
 * all of it.
 */
#include "page_machine.h"

#include <linux/init.h>
#include <linux/page-isolation.h>
#include <linux/sched.h>

#include <octavo/machine.h>

/* A chunk is 128 MiB, and the first 128 MiB of a zone are made at once. */
static const struct early_range large[] = {
	{ M(1), M(64), 0 }, { G(4), G(4) + M(704), 0 },
	{ G(5), G(5) + M(256), 0 }, { 0, 0 },
};

static void deferred_start(void)
{
	parse_early_options("deferred_init=on");
	early_memory(large);
	/* Chunks with pieces in use, and one of which nothing is free. */
	memblock_reserve(G(4) + M(130), M(2));
	memblock_reserve(G(4) + M(300), K(2));
	memblock_reserve(G(4) + M(384), M(128));
	memblock_mark_nomap(G(4) + M(600), M(1));
	early_start_pc();
	build_all_zonelists(NULL);
	page_alloc_init();
	mem_init();
}

static void expect_all_made(struct kunit *test, unsigned long nr_free)
{
	struct zone *zone = zone_of(0, ZONE_NORMAL);

	KUNIT_EXPECT_EQ(test, zone->first_deferred_pfn, ULONG_MAX);
	KUNIT_EXPECT_EQ(test, zone->nr_deferred_free, 0UL);
	KUNIT_EXPECT_EQ(test, global_zone_page_state(NR_FREE_PAGES), nr_free);
	KUNIT_EXPECT_TRUE(test, buddy_check());
	KUNIT_EXPECT_TRUE(test, PageReserved(pfn_to_page(PFN_DOWN(G(4) +
							 M(300)))));
	KUNIT_EXPECT_TRUE(test, PageReserved(pfn_to_page(PFN_DOWN(G(4) +
							 M(600)))));
	KUNIT_EXPECT_FALSE(test, PageReserved(pfn_to_page(PFN_DOWN(G(5)))));
}

static void late_test(struct kunit *test)
{
	static struct task_struct self;
	struct zone *zone;
	unsigned long nr_free;

	/* Who waits must be somebody, though all is done when it does. */
	current = &self;
	deferred_start();
	zone = zone_of(0, ZONE_NORMAL);
	nr_free = global_zone_page_state(NR_FREE_PAGES);
	KUNIT_EXPECT_EQ(test, zone->first_deferred_pfn,
			PFN_DOWN(G(4) + M(128)));
	KUNIT_EXPECT_GT(test, zone->nr_deferred_free, 0UL);
	KUNIT_EXPECT_TRUE(test, buddy_check());
	page_alloc_init_late();
	expect_all_made(test, nr_free);
}

static void lazy_test(struct kunit *test)
{
	static struct log_capture log;
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	unsigned long pfn = PFN_DOWN(G(5)), nr_free, late;
	struct held held = { 0, 0 };
	struct zone *zone;

	log_capture_start(&log);
	parse_early_options("lazy_struct_pages=1");
	log_capture_end(&log);
	KUNIT_EXPECT_FALSE(test, pa->deferred_lazy);
	parse_early_options("lazy_struct_pages");
	KUNIT_EXPECT_TRUE(test, pa->deferred_lazy);
	deferred_start();
	zone = zone_of(0, ZONE_NORMAL);
	nr_free = global_zone_page_state(NR_FREE_PAGES);
	late = zone->nr_deferred_free;
	page_alloc_init_late();
	KUNIT_EXPECT_EQ(test, zone->nr_deferred_free, late);
	/* Not made: it cannot be asked for by its place. */
	KUNIT_EXPECT_EQ(test, start_isolate_page_range(pfn,
			pfn + pageblock_nr_pages, MIGRATE_MOVABLE, 0, 0),
			-EBUSY);
	pfn = zone->first_deferred_pfn;
	KUNIT_EXPECT_EQ(test, alloc_contig_range(pfn - 4, pfn + 4,
			MIGRATE_MOVABLE, GFP_ATOMIC), -EBUSY);
	held_exhaust(&held, __GFP_MOVABLE);
	KUNIT_EXPECT_EQ(test, held.nr, nr_free);
	held_free(&held);
	expect_all_made(test, nr_free);
}

/* More than a chunk has, for one request of many pages. */
static void contig_makes_all_test(struct kunit *test)
{
	unsigned long nr_free, nr = PFN_DOWN(M(200));
	struct page *page;

	parse_early_options("lazy_struct_pages");
	deferred_start();
	nr_free = global_zone_page_state(NR_FREE_PAGES);
	page = alloc_contig_pages(nr, GFP_ATOMIC, 0, NULL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, page_to_pfn(page), PFN_DOWN(G(5)));
	free_contig_range(page_to_pfn(page), nr);
	expect_all_made(test, nr_free);
}

/* Chunks of which little is free: one after another for one large block. */
static void sparse_chunks_test(struct kunit *test)
{
	unsigned long nr_free;
	struct page *page;
	phys_addr_t at;

	parse_early_options("deferred_init=on lazy_struct_pages");
	early_memory(large);
	/* Every second megabyte: no chunk has a block of 4 MiB. */
	for (at = G(4); at < G(4) + M(704); at += M(2))
		memblock_reserve(at, M(1));
	memblock_reserve(G(5) + M(1), M(255));
	early_start_pc();
	build_all_zonelists(NULL);
	page_alloc_init();
	mem_init();
	nr_free = zone_page_state(zone_of(0, ZONE_NORMAL), NR_FREE_PAGES);
	page = alloc_pages(GFP_ATOMIC | __GFP_NOWARN, MAX_PAGE_ORDER);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, (int)page_zonenum(page), (int)ZONE_DMA32);
	__free_pages(page, MAX_PAGE_ORDER);
	KUNIT_EXPECT_EQ(test, zone_page_state(zone_of(0, ZONE_NORMAL),
					      NR_FREE_PAGES), nr_free);
	KUNIT_EXPECT_EQ(test, zone_of(0, ZONE_NORMAL)->nr_deferred_free, 0UL);
	KUNIT_EXPECT_TRUE(test, buddy_check());
}

static struct kunit_case deferral_cases[] = {
	KUNIT_CASE(late_test),
	KUNIT_CASE(lazy_test),
	KUNIT_CASE(contig_makes_all_test),
	KUNIT_CASE(sparse_chunks_test),
	{ 0 }
};

static struct kunit_suite deferral_suite = {
	.name = "page_deferral",
	.test_cases = deferral_cases,
};
kunit_test_suite(deferral_suite);
