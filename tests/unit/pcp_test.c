// SPDX-License-Identifier: MIT
/*
 * Pages that CPUs keep: what stays with a CPU and what does not, and that
 * others get at it when they must.
 */
#include <kunit/test.h>

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

#include "page_snapshot.h"
#include "threads.h"

#define NR		48	/* pages of a case */
#define ROUNDS		2000

static struct page_snapshot before;
static struct page *pages[NR];

static int pcp_init(struct kunit *test)
{
	before = page_snapshot_take();
	memset(pages, 0, sizeof(pages));
	return 0;
}

static void pcp_exit(struct kunit *test)
{
	page_snapshot_check(test, &before);
}

static unsigned long kept(void)
{
	unsigned long sum = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		sum += zone_pcp_pages(zone);
	return sum;
}

static void pages_get(struct kunit *test, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		KUNIT_EXPECT_NOT_NULL(test, pages[i]);
	}
}

static void pages_put(unsigned int n)
{
	while (n--)
		if (pages[n])
			__free_page(pages[n]);
}

/* What was freed last goes out first, of each order that is kept. */
static void lifo_test(struct kunit *test)
{
	static const unsigned int orders[] = { 0, 1, 2, 3 };
	unsigned int i, order;

	preempt_disable();
	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		struct page *a, *b;

		order = orders[i];
		a = alloc_pages(GFP_NOWAIT, order);
		b = alloc_pages(GFP_NOWAIT, order);
		KUNIT_EXPECT_TRUE(test, a && b && a != b);
		if (!a || !b)
			break;
		__free_pages(a, order);
		__free_pages(b, order);
		KUNIT_EXPECT_GE(test, kept(), 2UL << order);
		KUNIT_EXPECT_PTR_EQ(test, alloc_pages(GFP_NOWAIT, order), b);
		KUNIT_EXPECT_PTR_EQ(test, alloc_pages(GFP_NOWAIT, order), a);
		__free_pages(a, order);
		__free_pages(b, order);
	}
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, pcp_check());
}

/* A refill brings more than was asked for; a drain leaves nothing. */
static void refill_and_drain_test(struct kunit *test)
{
	unsigned long nr_free = global_zone_page_state(NR_FREE_PAGES);

	KUNIT_EXPECT_EQ(test, kept(), 0UL);
	pages_get(test, 1);
	KUNIT_EXPECT_EQ(test, global_zone_page_state(NR_FREE_PAGES) + kept() + 1,
			nr_free);
	pages_put(1);
	KUNIT_EXPECT_GT(test, kept(), 0UL);
	drain_local_pages(page_zone(pages[0]));
	drain_all_pages(NULL);
	KUNIT_EXPECT_EQ(test, kept(), 0UL);
	KUNIT_EXPECT_EQ(test, global_zone_page_state(NR_FREE_PAGES), nr_free);
}

/* Lists that nothing is asked of become empty, in time. */
static void decay_test(struct kunit *test)
{
	unsigned int i;

	pages_get(test, NR);
	preempt_disable();
	pages_put(NR);
	for (i = 0; i < 16; i++)
		decay_pcp_high();
	preempt_enable();
	drain_zone_pages(page_zone(pages[0]));
	KUNIT_EXPECT_TRUE(test, pcp_check());
}

/* A zone of which nothing may be kept, twice over. */
static void disabled_test(struct kunit *test)
{
	struct zone *zone;

	pages_get(test, NR);
	zone = page_zone(pages[0]);
	zone_pcp_disable(zone);
	zone_pcp_disable(zone);
	pages_put(NR);
	zone_pcp_enable(zone);
	KUNIT_EXPECT_EQ(test, zone_pcp_pages(zone), 0UL);
	pages_get(test, 1);
	KUNIT_EXPECT_EQ(test, zone_pcp_pages(zone), 0UL);
	pages_put(1);
	zone_pcp_enable(zone);
	pages_get(test, 1);
	pages_put(1);
	KUNIT_EXPECT_TRUE(test, pcp_check());
}

/* Pages of pageblocks that are set apart are not kept. */
static void isolated_is_not_kept_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, pageblock_order);
	unsigned long flags;
	struct zone *zone;
	int type;

	if (!page)
		kunit_skip(test, "no whole pageblock");
	zone = page_zone(page);
	type = get_pageblock_migratetype(page);
	split_page(page, pageblock_order);
	drain_all_pages(NULL);
	spin_lock_irqsave(&zone->lock, flags);
	set_pageblock_migratetype(page, MIGRATE_CMA);
	spin_unlock_irqrestore(&zone->lock, flags);
	__free_page(page + 5);
	KUNIT_EXPECT_EQ(test, zone_pcp_pages(zone), 0UL);
	KUNIT_EXPECT_EQ(test, zone_page_state(zone, NR_FREE_CMA_PAGES), 1UL);
	KUNIT_EXPECT_EQ(test, alloc_contig_range(page_to_pfn(page) + 5,
			page_to_pfn(page) + 6, MIGRATE_CMA, GFP_KERNEL), 0);
	spin_lock_irqsave(&zone->lock, flags);
	set_pageblock_migratetype(page, type);
	spin_unlock_irqrestore(&zone->lock, flags);
	free_contig_range(page_to_pfn(page), pageblock_nr_pages);
}

/* Events are exact, wherever they were counted. */
static void counted_test(struct kunit *test)
{
	static unsigned long then[NR_VM_EVENT_ITEMS], now[NR_VM_EVENT_ITEMS];
	unsigned long allocs = 0, hits, hits_now;
	int nid = numa_node_id(), i;

	hits = sum_zone_numa_event_state(nid, NUMA_HIT);
	all_vm_events(then);
	pages_get(test, NR);
	pages_put(NR);
	all_vm_events(now);
	hits_now = sum_zone_numa_event_state(nid, NUMA_HIT);
	for (i = 0; i < MAX_NR_ZONES; i++)
		allocs += now[PGALLOC_DMA + i] - then[PGALLOC_DMA + i];
	KUNIT_EXPECT_EQ(test, allocs, (unsigned long)NR);
	KUNIT_EXPECT_EQ(test, now[PGFREE] - then[PGFREE], (unsigned long)NR);
	KUNIT_EXPECT_EQ(test, hits_now - hits, (unsigned long)NR);
}

/* A page that its owner shares stops to be his alone. */
static void sole_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, page_ref_raw(page), PAGE_REF_SOLE);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	KUNIT_EXPECT_FALSE(test, get_page_unless_zero(page));
	get_page(page);
	KUNIT_EXPECT_EQ(test, page_ref_raw(page), 2);
	KUNIT_EXPECT_TRUE(test, get_page_unless_zero(page));
	put_page(page);
	put_page(page);
	KUNIT_EXPECT_EQ(test, page_ref_raw(page), 1);
	__free_page(page);
	page = alloc_page(GFP_KERNEL | __GFP_MOVABLE);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, page_ref_raw(page), 1);
	__free_page(page);
	page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_FALSE(test, page_ref_freeze(page, 2));
	KUNIT_EXPECT_TRUE(test, page_ref_freeze(page, 1));
	page_ref_unfreeze(page, 1);
	__free_page(page);
}

struct worker {
	bool stop;		/* a */
	unsigned long wrong;	/* requests that failed */
};

static void worker_body(void *arg)
{
	struct worker *w = arg;
	unsigned int i;

	for (i = 0; !__atomic_load_n(&w->stop, __ATOMIC_RELAXED); i++) {
		struct page *page = alloc_pages(GFP_KERNEL, i % 4);

		if (page)
			__free_pages(page, i % 4);
		else
			w->wrong++;
		if (i % 8 == 0)
			cond_resched();
	}
}

/* Somebody else takes what a CPU keeps while that is at it. */
static void remote_drain_test(struct kunit *test)
{
	struct worker w = { .stop = false };
	struct test_thread t;
	unsigned int i;

	if (num_online_cpus() < 2)
		kunit_skip(test, "one CPU");
	KUNIT_ASSERT_TRUE(test, test_thread_start(&t, worker_body, &w,
				test_cpu(raw_smp_processor_id() + 1)));
	for (i = 0; i < ROUNDS; i++) {
		drain_all_pages(NULL);
		if (i % 64 == 0)
			KUNIT_EXPECT_TRUE(test, pcp_check());
		cond_resched();
	}
	__atomic_store_n(&w.stop, true, __ATOMIC_RELAXED);
	test_thread_join(&t);
	KUNIT_EXPECT_EQ(test, w.wrong, 0UL);
}

static void pair_in_interrupt(void *info)
{
	unsigned long *failed = info;
	struct page *page = alloc_page(GFP_ATOMIC);

	if (page)
		__free_page(page);
	else
		++*failed;
}

/* Interrupts that want pages, wherever the CPU just is. */
static void interrupted_test(struct kunit *test)
{
	struct worker w = { .stop = false };
	unsigned int i, cpu = test_cpu(raw_smp_processor_id() + 1);
	unsigned long failed = 0;
	struct test_thread t;

	if (num_online_cpus() < 2)
		kunit_skip(test, "one CPU");
	KUNIT_ASSERT_TRUE(test, test_thread_start(&t, worker_body, &w, cpu));
	for (i = 0; i < ROUNDS; i++)
		smp_call_function_single((int)cpu, pair_in_interrupt, &failed,
					 1);
	__atomic_store_n(&w.stop, true, __ATOMIC_RELAXED);
	test_thread_join(&t);
	KUNIT_EXPECT_EQ(test, w.wrong + failed, 0UL);
	KUNIT_EXPECT_TRUE(test, pcp_check());
}

/* A CPU that goes keeps nothing, and counts nothing twice. */
static void offline_test(struct kunit *test)
{
	static unsigned long then[NR_VM_EVENT_ITEMS], now[NR_VM_EVENT_ITEMS];
	unsigned int cpu = raw_smp_processor_id();

	preempt_disable();
	pages[0] = alloc_page(GFP_NOWAIT);
	preempt_enable();
	all_vm_events(then);
	KUNIT_EXPECT_EQ(test, page_alloc_cpu_dead(cpu), 0);
	all_vm_events(now);
	KUNIT_EXPECT_EQ(test, now[PGFREE], then[PGFREE]);
	KUNIT_EXPECT_TRUE(test, pcp_check());
	pages_put(1);
	pages_get(test, NR);
	pages_put(NR);
	KUNIT_EXPECT_TRUE(test, pcp_check());
	KUNIT_EXPECT_EQ(test, page_alloc_cpu_online(cpu), 0);
	pages_get(test, NR);
	pages_put(NR);
}

/* The last pages of a zone are not laid aside for who comes first. */
static void reserve_is_not_kept_test(struct kunit *test)
{
	struct zone *zone = &first_online_pgdat()->node_zones[ZONE_DMA];
	unsigned long mark = zone->_watermark[WMARK_LOW];
	unsigned long nr_free, min = zone->_watermark[WMARK_MIN];
	struct page *page;

	if (!populated_zone(zone))
		kunit_skip(test, "no such zone");
	nr_free = zone_page_state(zone, NR_FREE_PAGES);
	zone->_watermark[WMARK_LOW] = nr_free - 2;
	zone->_watermark[WMARK_MIN] = 0;
	page = alloc_pages_node(zone_to_nid(zone), GFP_ATOMIC | __GFP_DMA |
				__GFP_THISNODE, 0);
	KUNIT_EXPECT_EQ(test, zone_page_state(zone, NR_FREE_PAGES),
			nr_free - 1);
	KUNIT_EXPECT_EQ(test, zone_pcp_pages(zone), 0UL);
	zone->_watermark[WMARK_LOW] = mark;
	zone->_watermark[WMARK_MIN] = min;
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

/* Each place is filled, out of lists and past them. */
static void bulk_test(struct kunit *test)
{
	unsigned int round, i;

	for (round = 0; round < 4; round++) {
		memset(pages, 0, sizeof(pages));
		pages[3] = alloc_page(GFP_KERNEL);
		KUNIT_EXPECT_EQ(test, alloc_pages_bulk(GFP_KERNEL | __GFP_ZERO,
						       NR, pages), (unsigned long)NR);
		for (i = 0; i < NR; i++)
			KUNIT_EXPECT_EQ(test, page_count(pages[i]), 1);
		KUNIT_EXPECT_TRUE(test, pcp_check());
		release_pages(pages, NR);
	}
}

static struct kunit_case pcp_cases[] = {
	KUNIT_CASE(lifo_test),
	KUNIT_CASE(refill_and_drain_test),
	KUNIT_CASE(decay_test),
	KUNIT_CASE(disabled_test),
	KUNIT_CASE(isolated_is_not_kept_test),
	KUNIT_CASE(counted_test),
	KUNIT_CASE(sole_test),
	KUNIT_CASE(remote_drain_test),
	KUNIT_CASE(interrupted_test),
	KUNIT_CASE(offline_test),
	KUNIT_CASE(reserve_is_not_kept_test),
	KUNIT_CASE(bulk_test),
	{ 0 }
};

static struct kunit_suite pcp_suite = {
	.name = "pcp",
	.init = pcp_init,
	.exit = pcp_exit,
	.test_cases = pcp_cases,
};
kunit_test_suite(pcp_suite);
