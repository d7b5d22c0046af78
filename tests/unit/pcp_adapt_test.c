// SPDX-License-Identifier: MIT
/*
 * Which lists a CPU's requests start at, on machines of several nodes, and
 * how much the lists hold and move by what the CPU does.
 */
#include <kunit/test.h>

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/vmstat.h>

#include "../../mm/page/pcp.h"
#include "page_snapshot.h"
#include "threads.h"

#define NR		24	/* pages of a case */
#define BATCH		7	/* a zone of 128 MiB has it */

static struct page_snapshot before;
static struct page *pages[NR];

static int adapt_init(struct kunit *test)
{
	before = page_snapshot_take();
	return 0;
}

static void adapt_exit(struct kunit *test)
{
	page_snapshot_check(test, &before);
}

/* ---- nodes ---- */

/* The zone that comes first for @gfp on @nid, unless it is another node's. */
static struct zone *own_zone(int nid, gfp_t gfp)
{
	struct zone *zone = &NODE_DATA(nid)->node_zones[gfp_zone(gfp)];

	while (!populated_zone(zone) && zone_idx(zone))
		zone--;
	return populated_zone(zone) ? zone : NULL;
}

static void front_test(struct kunit *test)
{
	static const gfp_t requests[] = {
		0, __GFP_RECLAIMABLE, __GFP_MOVABLE, __GFP_DMA, __GFP_DMA32,
		__GFP_DMA32 | __GFP_RECLAIMABLE, __GFP_HIGHMEM,
		__GFP_HIGHMEM | __GFP_MOVABLE,
	};
	unsigned int cpu, i;

	for_each_online_cpu(cpu)
		for (i = 0; i < ARRAY_SIZE(requests); i++) {
			struct zone *zone = own_zone(per_cpu(numa_node, cpu),
						     requests[i]);
			struct pcp_list *list;

			list = per_cpu(pcp_front, cpu)
			       .alloc[requests[i] & PCP_GFP_MASK];
			if (!zone) {
				KUNIT_EXPECT_TRUE(test, !list ||
						  !list->capacity);
				continue;
			}
			KUNIT_ASSERT_NOT_NULL(test, list);
			KUNIT_EXPECT_PTR_EQ(test, list->pcp->zone, zone);
			KUNIT_EXPECT_EQ(test, list->pcp->cpu, cpu);
			KUNIT_EXPECT_TRUE(test, list->pcp->local);
			KUNIT_EXPECT_EQ(test, (unsigned int)list->order, 0U);
			KUNIT_EXPECT_EQ(test, (int)list->type,
					gfp_migratetype(requests[i]));
		}
}

struct taker {
	int nid;		/* of its CPU */
	unsigned int others;	/* pages that it got of another node */
};

static void take_body(void *arg)
{
	struct taker *t = arg;
	struct page *mine[8];
	unsigned int i;

	t->nid = numa_mem_id();
	for (i = 0; i < ARRAY_SIZE(mine); i++) {
		mine[i] = alloc_page(GFP_KERNEL);
		t->others += !mine[i] || page_to_nid(mine[i]) != t->nid;
	}
	while (i--)
		if (mine[i])
			__free_page(mine[i]);
}

/* Each CPU gets of its own node, from each order of refill and hit. */
static void each_cpu_test(struct kunit *test)
{
	unsigned int n;

	for (n = 0; n < num_online_cpus(); n++) {
		struct taker t = { .nid = NUMA_NO_NODE };
		struct test_thread thread;

		KUNIT_ASSERT_TRUE(test, test_thread_start(&thread, take_body,
							  &t, test_cpu(n)));
		test_thread_join(&thread);
		KUNIT_EXPECT_NE(test, t.nid, NUMA_NO_NODE);
		KUNIT_EXPECT_EQ(test, t.others, 0U);
	}
}

/* The first node besides this CPU's that has memory; or this one's. */
static int other_node(void)
{
	int nid, own = numa_node_id();

	for_each_node_state(nid, N_NORMAL_MEMORY)
		if (nid != own)
			return nid;
	return own;
}

/*
 * Another node's pages that a CPU frees stay with it, for requests that name
 * the node, and for no others.
 */
static void others_pages_test(struct kunit *test)
{
	gfp_t gfp = GFP_NOWAIT | __GFP_THISNODE;
	int own, other = other_node();
	unsigned long hits, elsewhere;
	struct page *page;
	unsigned int i;

	preempt_disable();
	own = numa_node_id();
	hits = sum_zone_numa_event_state(other, NUMA_HIT);
	elsewhere = sum_zone_numa_event_state(other, NUMA_OTHER);
	for (i = 0; i < NR; i++) {
		pages[i] = alloc_pages_node(other, gfp, 0);
		KUNIT_EXPECT_TRUE(test, pages[i] &&
					page_to_nid(pages[i]) == other);
	}
	KUNIT_EXPECT_EQ(test, sum_zone_numa_event_state(other, NUMA_HIT),
			hits + NR);
	KUNIT_EXPECT_EQ(test, sum_zone_numa_event_state(other, NUMA_OTHER),
			elsewhere + (own == other ? 0 : NR));
	for (i = NR; i-- > 0; )
		if (pages[i])
			__free_page(pages[i]);
	page = alloc_page(GFP_NOWAIT);
	KUNIT_EXPECT_TRUE(test, page && page_to_nid(page) == own);
	if (page)
		__free_page(page);
	page = alloc_pages_node(other, gfp, 0);
	KUNIT_EXPECT_PTR_EQ(test, page, pages[0]);
	if (page)
		__free_page(page);
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, pcp_check());
}

/* ---- how much ---- */

/* This CPU's list for ordinary requests, as after start-up. Preemption off. */
static struct pcp_list *fresh_list(void)
{
	struct zone *zone = own_zone(numa_node_id(), GFP_KERNEL);

	return pcp_at(pcp_of(smp_processor_id(), zone), 0, MIGRATE_UNMOVABLE);
}

/* Lists as after start-up, of a zone large enough for @batch. */
static void lists_start(struct zone *zone, int batch)
{
	zone_pcp_disable(zone);
	zone->pageset_batch = batch;
	zone_pcp_enable(zone);
}

static bool list_is_sane(const struct pcp_list *list)
{
	return list->count <= list->high && list->high <= list->capacity &&
	       list->batch && list->batch <= list->capacity &&
	       list->back <= list->room;
}

/* A list that runs dry wants more each time, and may hold more. */
static void grows_test(struct kunit *test)
{
	struct zone *zone = own_zone(numa_node_id(), GFP_KERNEL);
	u64 chain = 0, refills = 0;
	struct pcp_list *list;
	struct page *page;
	unsigned int i, batch, high;
	int was_batch = zone->pageset_batch;

	lists_start(zone, BATCH);
	preempt_disable();
	list = fresh_list();
	batch = list->batch;
	high = list->high;
	KUNIT_EXPECT_EQ(test, high, min((u32)list->capacity, 4 * batch));
	for (i = 0; i < 8U * list->capacity; i++) {
		u32 was = list->count;

		page = alloc_page(GFP_NOWAIT);
		if (!page)
			break;
		set_page_private(page, chain);
		chain = page_to_pfn(page);
		KUNIT_ASSERT_TRUE(test, list_is_sane(list));
		if (was)
			continue;
		refills++;
		KUNIT_EXPECT_GE(test, list->batch, batch);
		KUNIT_EXPECT_LE(test, list->batch, 2 * batch);
		KUNIT_EXPECT_GE(test, list->high, high);
		batch = list->batch;
		high = list->high;
	}
	/* All of it, and far fewer refills than with the first batch. */
	KUNIT_EXPECT_EQ(test, list->high, (u32)list->capacity);
	KUNIT_EXPECT_EQ(test, (u32)list->batch, (u32)list->capacity);
	KUNIT_EXPECT_LE(test, refills, 24ULL);
	while (chain) {
		page = pfn_to_page((unsigned long)chain);
		chain = page_private(page);
		set_page_private(page, 0);
		__free_page(page);
		KUNIT_ASSERT_TRUE(test, list_is_sane(list));
	}
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, pcp_check());
	lists_start(zone, was_batch);
}

/* One that is left alone holds half as much each time, down to nothing. */
static void shrinks_test(struct kunit *test)
{
	struct pcp_list *list;
	unsigned int i, count, high;

	preempt_disable();
	list = fresh_list();
	for (i = 0; i < NR; i++)
		pages[i] = alloc_page(GFP_NOWAIT);
	for (i = 0; i < NR; i++)
		if (pages[i])
			__free_page(pages[i]);
	/* The first look is when it starts to be left alone. */
	decay_pcp_high();
	KUNIT_EXPECT_GT(test, list->count, 0U);
	for (i = 0; i < 16; i++) {
		count = list->count;
		high = list->high;
		decay_pcp_high();
		KUNIT_EXPECT_EQ(test, list->count, count / 2);
		KUNIT_EXPECT_LE(test, list->high, high);
		KUNIT_EXPECT_GE(test, list->high, pcp_list_least(list));
	}
	KUNIT_EXPECT_EQ(test, list->count + list->back, 0U);
	KUNIT_EXPECT_EQ(test, list->high, pcp_list_least(list));
	KUNIT_EXPECT_EQ(test, (u32)list->batch, (u32)pcp_batch_least(list));
	preempt_enable();
}

static struct kunit_case adapt_cases[] = {
	KUNIT_CASE(front_test),
	KUNIT_CASE(each_cpu_test),
	KUNIT_CASE(others_pages_test),
	KUNIT_CASE(grows_test),
	KUNIT_CASE(shrinks_test),
	{ 0 }
};

static struct kunit_suite adapt_suite = {
	.name = "pcp_adapt",
	.init = adapt_init,
	.exit = adapt_exit,
	.test_cases = adapt_cases,
};
kunit_test_suite(adapt_suite);
