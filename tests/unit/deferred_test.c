// SPDX-License-Identifier: MIT
/*
 * Struct pages made late. The last free frames of a zone are made deferred
 * again: taken, forgotten and counted as start-up would; then they come back
 * by threads, and by requests that need them.
 */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/vmstat.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>
#include <octavo/run_queue.h>

#include "../../mm/page/internal.h"
#include "page_snapshot.h"

#define MAX_USED	1024	/* frames in use among the last */

static struct page_snapshot before;

/*
 * Frames at the end of memory that are in use: memblock is told that they were
 * taken before the hand-over, for as long as a case runs.
 */
static struct {
	unsigned long pfn;
	struct page page;	/* as it was */
} used[MAX_USED];
static unsigned int nr_used;

static int snapshot_init(struct kunit *test)
{
	before = page_snapshot_take();
	nr_used = 0;
	return 0;
}

static void snapshot_exit(struct kunit *test)
{
	while (nr_used--) {
		unsigned long pfn = used[nr_used].pfn;

		memblock_phys_free(PFN_PHYS(pfn), PAGE_SIZE);
		*pfn_to_page(pfn) = used[nr_used].page;
	}
	page_snapshot_check(test, &before);
}

static bool use_before_start(unsigned long pfn)
{
	if (nr_used == MAX_USED || memblock_reserve(PFN_PHYS(pfn), PAGE_SIZE))
		return false;
	used[nr_used].pfn = pfn;
	used[nr_used++].page = *pfn_to_page(pfn);
	return true;
}

/* Lists of CPUs are empty: what is free is in a block of the zone. */
static bool frame_is_free(struct zone *zone, unsigned long pfn)
{
	unsigned long flags;
	unsigned int order;
	bool is_free;

	spin_lock_irqsave(&zone->lock, flags);
	is_free = buddy_find_block(zone, pfn, &order);
	spin_unlock_irqrestore(&zone->lock, flags);
	return is_free;
}

/* Frames that neither start-up leaves alone nor those that are in use. */
static bool frame_is_ours(unsigned long pfn)
{
	return !PageReserved(pfn_to_page(pfn)) &&
	       !memblock_is_reserved(PFN_PHYS(pfn));
}

/* Where the run of frames that are ours ends which begins at @pfn. */
static unsigned long run_end(unsigned long pfn, unsigned long end)
{
	while (pfn < end && frame_is_ours(pfn))
		pfn++;
	return pfn;
}

/* Gives back what range_take() took of [pfn, end). */
static void range_give(unsigned long pfn, unsigned long end)
{
	unsigned long stop;

	for (; pfn < end; pfn = stop + 1) {
		stop = run_end(pfn, end);
		if (stop > pfn)
			free_contig_range(pfn, stop - pfn);
	}
}

/* Takes the free frames of [start, end), or none; how many. */
static unsigned long range_take(unsigned long start, unsigned long end)
{
	unsigned long pfn, stop, taken = 0;

	for (pfn = start; pfn < end; pfn = stop + 1) {
		stop = run_end(pfn, end);
		if (stop == pfn)
			continue;
		if (alloc_contig_range(pfn, stop, MIGRATE_MOVABLE,
				       GFP_KERNEL)) {
			range_give(start, pfn);
			return 0;
		}
		taken += stop - pfn;
	}
	return taken;
}

/* All frames of [pfn, end) that were taken become nobody's. */
static void range_forget(unsigned long pfn, unsigned long end)
{
	for (; pfn < end; pfn++)
		if (frame_is_ours(pfn))
			set_page_count(pfn_to_page(pfn), 0);
}

/*
 * Whether @page may be made anew while the test runs: it is put back only at
 * the end, and objects come and go meanwhile.
 */
static bool page_rests(struct page *page)
{
	return !PageSlab(compound_head(page));
}

/* The start of the last frames with two max-order blocks' free ones. */
static unsigned long defer_start(struct zone *zone)
{
	unsigned long pfn = zone_end_pfn(zone), nr_free = 0;

	while (pfn > zone->zone_start_pfn && nr_free < 2 * MAX_ORDER_NR_PAGES) {
		pfn--;
		if (!pfn_valid(pfn) || page_zone(pfn_to_page(pfn)) != zone)
			return 0;
		if (frame_is_free(zone, pfn))
			nr_free++;
		else if (!PageReserved(pfn_to_page(pfn)) &&
			 (!page_rests(pfn_to_page(pfn)) ||
			  !use_before_start(pfn)))
			return 0;
	}
	return ALIGN(pfn, MAX_ORDER_NR_PAGES);
}

/* The last zone of node @nid, with its last blocks deferred. */
static struct zone *node_defer(struct kunit *test, int nid)
{
	unsigned long start, end, taken, flags;
	struct zone *zone, *last = NULL;

	for_each_populated_zone(zone)
		if (zone_to_nid(zone) == nid)
			last = zone;
	if (!last)
		kunit_skip(test, "a node without memory");
	end = zone_end_pfn(last);
	start = defer_start(last);
	taken = start && last->first_deferred_pfn == ULONG_MAX ?
		range_take(start, end) : 0;
	if (!taken)
		kunit_skip(test, "the end of memory is in use");
	range_forget(start, end);
	spin_lock_irqsave(&last->lock, flags);
	last->nr_deferred_free = taken;
	last->first_deferred_pfn = start;
	atomic_long_add((long)taken, &last->vm_stat[NR_FREE_PAGES]);
	spin_unlock_irqrestore(&last->lock, flags);
	return last;
}

static struct zone *zone_defer(struct kunit *test)
{
	struct pglist_data *pgdat, *last = NULL;

	for_each_online_pgdat(pgdat)
		last = pgdat;
	return node_defer(test, last->node_id);
}

/* A thread on its way out still holds its stack. */
static void threads_end(void)
{
	int i;

	for (i = 0; i < 200 && page_snapshot_take().nr_free != before.nr_free;
	     i++) {
		msleep(10);
		sched_reap();
	}
}

static void threads_test(struct kunit *test)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	struct zone *zone = zone_defer(test);
	bool lazy = pa->deferred_lazy;

	KUNIT_EXPECT_TRUE(test, buddy_check());
	pa->deferred_lazy = true;
	page_alloc_init_late();
	KUNIT_EXPECT_NE(test, zone->first_deferred_pfn, ULONG_MAX);
	pa->deferred_lazy = false;
	page_alloc_init_late();
	pa->deferred_lazy = lazy;
	KUNIT_EXPECT_EQ(test, zone->first_deferred_pfn, ULONG_MAX);
	KUNIT_EXPECT_EQ(test, zone->nr_deferred_free, 0UL);
	threads_end();
}

/* This CPU is of the node: it needs no thread. */
static void own_node_test(struct kunit *test)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	struct zone *zone = node_defer(test, numa_node_id());
	bool lazy = pa->deferred_lazy;

	pa->deferred_lazy = false;
	page_alloc_init_late();
	pa->deferred_lazy = lazy;
	KUNIT_EXPECT_EQ(test, zone->first_deferred_pfn, ULONG_MAX);
	KUNIT_EXPECT_EQ(test, zone->nr_deferred_free, 0UL);
	threads_end();
}

/* No memory for a thread's stack: who wanted it does the work. */
static void no_thread_test(struct kunit *test)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	struct zone *zone = zone_defer(test);
	bool lazy = pa->deferred_lazy;

	pa->deferred_lazy = false;
	page_alloc_fail_nth(1);
	page_alloc_init_late();
	page_alloc_fail_nth(0);
	pa->deferred_lazy = lazy;
	KUNIT_EXPECT_EQ(test, zone->first_deferred_pfn, ULONG_MAX);
	KUNIT_EXPECT_EQ(test, zone->nr_deferred_free, 0UL);
	threads_end();
}

static void on_demand_test(struct kunit *test)
{
	struct zone *zone;
	struct page *page;
	u64 chain = 0, next;

	if (totalram_pages() > 1UL << 16)
		kunit_skip(test, "a large machine");
	zone = zone_defer(test);
	while ((page = alloc_pages_node(zone_to_nid(zone),
					zone_only_gfp(zone), 0))) {
		set_page_private(page, chain);
		chain = page_to_pfn(page) + 1;
	}
	KUNIT_EXPECT_EQ(test, zone->nr_deferred_free, 0UL);
	KUNIT_EXPECT_EQ(test, zone_page_state(zone, NR_FREE_PAGES), 0UL);
	for (; chain; chain = next) {
		page = pfn_to_page((unsigned long)chain - 1);
		next = page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
}

static void contig_reaches_it_test(struct kunit *test)
{
	struct zone *zone = zone_defer(test);
	unsigned long start = zone->first_deferred_pfn, count[MIGRATE_TYPES];

	/* Not until it is made. */
	KUNIT_EXPECT_NE(test, alloc_contig_range(start, start + 4,
			MIGRATE_MOVABLE, GFP_KERNEL), 0);
	zone_pageblock_info(zone, count);
	KUNIT_EXPECT_GT(test, count[MIGRATE_MOVABLE], 0UL);
	KUNIT_EXPECT_NULL(test, alloc_contig_pages(max_pfn + 1, GFP_HIGHUSER,
						   zone_to_nid(zone), NULL));
	KUNIT_EXPECT_EQ(test, zone->first_deferred_pfn, ULONG_MAX);
	while (!frame_is_ours(start))
		start += 4;
	KUNIT_ASSERT_EQ(test, alloc_contig_range(start, start + 4,
			MIGRATE_MOVABLE, GFP_KERNEL), 0);
	free_contig_range(start, 4);
}

static struct kunit_case deferred_cases[] = {
	KUNIT_CASE(threads_test),
	KUNIT_CASE(own_node_test),
	KUNIT_CASE(no_thread_test),
	KUNIT_CASE(on_demand_test),
	KUNIT_CASE(contig_reaches_it_test),
	{ 0 }
};

static struct kunit_suite deferred_suite = {
	.name = "deferred",
	.init = snapshot_init,
	.exit = snapshot_exit,
	.test_cases = deferred_cases,
};
kunit_test_suite(deferred_suite);
