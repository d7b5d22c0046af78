// SPDX-License-Identifier: MIT
/*
 * Requests at their limits: bulk requests that are full or find little,
 * boosted marks, costly orders, marks of zones that are described here.
 */
#include <kunit/test.h>
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

#include "../../mm/page/internal.h"
#include "log_capture.h"
#include "page_snapshot.h"

#define BULK	8	/* pages */

static struct log_capture log;
static struct page_snapshot before;
static const struct page_upcalls *others;	/* registered before */
static unsigned long chain;	/* pages held: PFN + 1, linked by private */
static int kills, wakeups;

static bool answer_kill(struct oom_control *oc)
{
	kills++;
	return false;
}

static void answer_wakeup(struct zone *zone, gfp_t gfp, int order,
			  enum zone_type highest)
{
	wakeups++;
}

static const struct page_upcalls answers = {
	.wakeup_kswapd = answer_wakeup,
	.out_of_memory = answer_kill,
};

static struct zone *dma_zone(void)
{
	return &first_online_pgdat()->node_zones[ZONE_DMA];
}

static gfp_t dma_gfp(gfp_t how)
{
	return how | __GFP_DMA | __GFP_THISNODE | __GFP_NOWARN;
}

static struct page *dma_alloc(gfp_t how, unsigned int order)
{
	return alloc_pages_node(zone_to_nid(dma_zone()), dma_gfp(how), order);
}

static void dma_exhaust(void)
{
	struct page *page;

	while ((page = dma_alloc(GFP_ATOMIC | __GFP_MEMALLOC, 0))) {
		set_page_private(page, chain);
		chain = page_to_pfn(page) + 1;
	}
}

static void chain_free(unsigned long n)
{
	while (chain && n--) {
		struct page *page = pfn_to_page(chain - 1);

		chain = page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
}

static int edges_init(struct kunit *test)
{
	before = page_snapshot_take();
	others = this_machine()->page_alloc.upcalls;
	chain = 0;
	kills = wakeups = 0;
	return 0;
}

static void edges_exit(struct kunit *test)
{
	page_upcalls_register(others);
	chain_free(ULONG_MAX);
	page_snapshot_check(test, &before);
}

static void bulk_test(struct kunit *test)
{
	int nid = zone_to_nid(dma_zone());
	struct page *pages[BULK] = { NULL };
	unsigned long i, n;

	KUNIT_EXPECT_EQ(test, alloc_pages_bulk_array_node(GFP_KERNEL,
			NUMA_NO_NODE, BULK, pages), (unsigned long)BULK);
	/* Nothing is empty: nothing to do. */
	KUNIT_EXPECT_EQ(test, alloc_pages_bulk_array_node(GFP_KERNEL, nid,
			BULK, pages), (unsigned long)BULK);
	for (i = 0; i < BULK; i++) {
		__free_page(pages[i]);
		pages[i] = NULL;
	}
	/* Three pages are left, which only atomic requests may have. */
	dma_exhaust();
	chain_free(3);
	n = alloc_pages_bulk_array_node(dma_gfp(GFP_ATOMIC | __GFP_MEMALLOC),
					nid, BULK, pages);
	KUNIT_EXPECT_EQ(test, n, 3UL);
	KUNIT_EXPECT_NULL(test, pages[3]);
	for (i = 0; i < n; i++)
		__free_page(pages[i]);
}

/* Reclaim's boost keeps ordinary requests away, not those that cannot wait. */
static void boosted_mark_test(struct kunit *test)
{
	struct zone *zone = dma_zone();
	struct page *page;

	WRITE_ONCE(zone->watermark_boost, 8 * zone_managed_pages(zone));
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 0));
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_ATOMIC, 1));
	page = dma_alloc(GFP_ATOMIC, 0);
	WRITE_ONCE(zone->watermark_boost, 0);
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

static void nobody_is_killed_test(struct kunit *test)
{
	dma_exhaust();
	page_upcalls_register(&answers);
	KUNIT_EXPECT_NULL(test, dma_alloc(__GFP_DIRECT_RECLAIM, 0));
	KUNIT_EXPECT_EQ(test, wakeups, 0);
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 0));
	KUNIT_EXPECT_GT(test, wakeups, 0);
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL | __GFP_RETRY_MAYFAIL,
					  PAGE_ALLOC_COSTLY_ORDER + 1));
	/* Killing does not make large blocks. */
	KUNIT_EXPECT_NULL(test, alloc_pages(GFP_KERNEL | __GFP_NOWARN,
					    MAX_PAGE_ORDER + 1));
	KUNIT_EXPECT_EQ(test, kills, 0);
}

/* Must not fail, and must not wait: it fails in the end. */
static void nofail_from_nothing_test(struct kunit *test)
{
	struct page *page;

	dma_exhaust();
	log_capture_start(&log);
	page = dma_alloc(GFP_NOWAIT | __GFP_NOFAIL, 0);
	log_capture_end(&log);
	KUNIT_EXPECT_NULL(test, page);
}

/* Both zones of a node are short: its thread is woken once. */
static void one_wakeup_a_node_test(struct kunit *test)
{
	gfp_t gfp = GFP_ATOMIC | __GFP_MEMALLOC | __GFP_NOWARN | __GFP_DMA32 |
		    __GFP_THISNODE;
	int nid = zone_to_nid(dma_zone());
	unsigned int order = MAX_PAGE_ORDER;
	unsigned long held = 0;
	struct page *page;

	while ((page = alloc_pages_node(nid, gfp, order))) {
		set_page_private(page, held);
		held = page_to_pfn(page) + 1;
	}
	page_upcalls_register(&answers);
	KUNIT_EXPECT_NULL(test, alloc_pages_node(nid, GFP_NOWAIT |
			__GFP_NOWARN | __GFP_DMA32 | __GFP_THISNODE, order));
	KUNIT_EXPECT_EQ(test, wakeups, 1);
	while (held) {
		page = pfn_to_page(held - 1);
		held = page_private(page);
		set_page_private(page, 0);
		__free_pages(page, order);
	}
}

/* What a zone with one free block of each kind says to each claim. */
static void lists_that_serve_test(struct kunit *test)
{
	static struct zone zone;
	struct free_area *area = &zone.free_area[3];

	memset(&zone, 0, sizeof(zone));
	area->nr_free = 1;
	area->nr_type[MIGRATE_CMA] = 1;
	KUNIT_EXPECT_FALSE(test, zone_watermark_test(&zone, 2, 0, 0, 0, 64));
	KUNIT_EXPECT_TRUE(test, zone_watermark_test(&zone, 2, 0, 0, ALLOC_CMA,
						    64));
	area->nr_type[MIGRATE_CMA] = 0;
	KUNIT_EXPECT_FALSE(test, zone_watermark_test(&zone, 2, 0, 0,
						     ALLOC_CMA, 64));
	KUNIT_EXPECT_FALSE(test, zone_watermark_test(&zone, 2, 0, 0,
						     ALLOC_HIGHATOMIC, 64));
	area->nr_type[MIGRATE_HIGHATOMIC] = 1;
	KUNIT_EXPECT_TRUE(test, zone_watermark_test(&zone, 2, 0, 0,
						    ALLOC_HIGHATOMIC, 64));
	KUNIT_EXPECT_TRUE(test, zone_watermark_test(&zone, 2, 0, 0, ALLOC_OOM,
						    64));
	KUNIT_EXPECT_FALSE(test, zone_watermark_test(&zone, 2, 0, 0, 0, 64));
}

/* Movable requests take from CMA blocks first where those are the most. */
static void cma_first_test(struct kunit *test)
{
	struct page *block = alloc_pages(GFP_KERNEL | __GFP_DMA,
					 pageblock_order);
	unsigned long pfn, end;
	struct page *page;
	int type, nid;

	KUNIT_ASSERT_NOT_NULL(test, block);
	pfn = page_to_pfn(block);
	end = pfn + pageblock_nr_pages;
	type = get_pageblock_migratetype(block);
	nid = page_to_nid(block);
	__free_pages(block, pageblock_order);
	KUNIT_ASSERT_EQ(test, start_isolate_page_range(pfn, end, type, 0, 0),
			0);
	undo_isolate_page_range(pfn, end, MIGRATE_CMA);
	dma_exhaust();		/* all but CMA: not for unmovable ones */
	KUNIT_EXPECT_EQ(test, zone_page_state(page_zone(block),
					      NR_FREE_CMA_PAGES),
			pageblock_nr_pages);
	page = alloc_pages_node(nid, dma_gfp(GFP_KERNEL | __GFP_MOVABLE |
					     __GFP_MEMALLOC), 0);
	KUNIT_EXPECT_NOT_NULL(test, page);
	if (page) {
		KUNIT_EXPECT_TRUE(test, is_migrate_cma(
				get_pageblock_migratetype(page)));
		__free_page(page);
	}
	chain_free(ULONG_MAX);
	KUNIT_ASSERT_EQ(test, start_isolate_page_range(pfn, end, MIGRATE_CMA,
						       0, 0), 0);
	undo_isolate_page_range(pfn, end, type);
}

static void dump_without_reason_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, 1);

	KUNIT_ASSERT_NOT_NULL(test, page);
	log_capture_start(&log);
	dump_page(page, NULL);
	dump_page(page + 1, "it is asked for");
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "refcount:1 "));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "(block)"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
				"page dumped because: it is asked for"));
	__free_pages(page, 1);
}

/* What a CPU counted stays counted when the CPU goes. */
static void events_of_a_dead_cpu_test(struct kunit *test)
{
	unsigned long then[NR_VM_EVENT_ITEMS], now[NR_VM_EVENT_ITEMS];
	unsigned int cpu = nr_cpu_ids - 1;

	if (cpu == 0)
		kunit_skip(test, "one CPU");
	all_vm_events(then);
	per_cpu_ptr(&vm_event_states, cpu)->event[THP_SPLIT_PAGE] += 3;
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
	all_vm_events(now);
	KUNIT_EXPECT_EQ(test, now[THP_SPLIT_PAGE], then[THP_SPLIT_PAGE] + 3);
	KUNIT_EXPECT_EQ(test, per_cpu_ptr(&vm_event_states, cpu)
			->event[THP_SPLIT_PAGE], 0UL);
	KUNIT_EXPECT_EQ(test, add_cpu(cpu), 0);
	log_capture_end(&log);
	per_cpu_ptr(&vm_event_states, raw_smp_processor_id())
		->event[THP_SPLIT_PAGE] -= 3;
}

static void bulk_from_no_node_test(struct kunit *test)
{
	struct page *pages[BULK] = { NULL };

	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, alloc_pages_bulk_array_node(GFP_KERNEL,
			MAX_NUMNODES, BULK, pages), 0UL);
	KUNIT_EXPECT_EQ(test, alloc_pages_bulk_array_node(GFP_KERNEL,
			MAX_NUMNODES - 1, BULK, pages), 0UL);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "which is not online"));
}

static void unknown_flags_are_shown_test(struct kunit *test)
{
	char buf[128];

	gfp_flags_format(buf, sizeof(buf), GFP_KERNEL | (gfp_t)(1u << 31));
	KUNIT_EXPECT_STREQ(test, buf, "GFP_KERNEL|0x80000000");
}

/* More free than the zone has; a block on another type's list. */
static void damage_is_seen_test(struct kunit *test)
{
	struct page *block = alloc_pages(GFP_KERNEL | __GFP_DMA,
					 pageblock_order);
	struct zone *zone = page_zone(block);
	long managed = atomic_long_read(&zone->managed_pages);
	int type = get_pageblock_migratetype(block);

	__free_pages(block, pageblock_order);
	log_capture_start(&log);
	atomic_long_set(&zone->managed_pages, 1);
	KUNIT_EXPECT_FALSE(test, buddy_check());
	atomic_long_set(&zone->managed_pages, managed);
	set_pageblock_migratetype(block, MIGRATE_CMA);
	KUNIT_EXPECT_FALSE(test, buddy_check());
	set_pageblock_migratetype(block, type);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "I7: "));
	KUNIT_EXPECT_TRUE(test, buddy_check());
}

static struct kunit_case edges_cases[] = {
	KUNIT_CASE(bulk_test),
	KUNIT_CASE(boosted_mark_test),
	KUNIT_CASE(nobody_is_killed_test),
	KUNIT_CASE(nofail_from_nothing_test),
	KUNIT_CASE(one_wakeup_a_node_test),
	KUNIT_CASE(lists_that_serve_test),
	KUNIT_CASE(cma_first_test),
	KUNIT_CASE(dump_without_reason_test),
	KUNIT_CASE(events_of_a_dead_cpu_test),
	KUNIT_CASE(bulk_from_no_node_test),
	KUNIT_CASE(unknown_flags_are_shown_test),
	KUNIT_CASE(damage_is_seen_test),
	{ 0 }
};

static struct kunit_suite edges_suite = {
	.name = "request_edges",
	.init = edges_init,
	.exit = edges_exit,
	.test_cases = edges_cases,
};
kunit_test_suite(edges_suite);
