// SPDX-License-Identifier: MIT
/*
 * vm.zone_reclaim_mode: when a node is reclaimed from for a request that finds
 * nothing there. What reclaims is the test's own.
 */
#include <kunit/test.h>

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/topology.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

#include "../../mm/upcalls.h"
#include "page_snapshot.h"

static struct page_snapshot before;

static struct {
	const struct page_upcalls *others;	/* registered before */
	u64 chain;		/* pages held: PFN + 1, linked by private */
	unsigned int nr_asked;
	bool frees;		/* all that is held, when asked */
	bool lax;		/* asked in a task that may reclaim */
	bool inside;		/* the node was not marked as reclaimed from */
	int nid;		/* asked for last */
} help;

static void chain_free(void)
{
	while (help.chain) {
		struct page *page = pfn_to_page((unsigned long)help.chain - 1);

		help.chain = page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
}

static unsigned long help_node(struct pglist_data *pgdat, gfp_t gfp, int order)
{
	help.nr_asked++;
	help.nid = pgdat->node_id;
	help.lax |= !(current->flags & PF_MEMALLOC) ||
		    !(current->flags & PF_MEMSTALL);
	help.inside |= !pgdat->node_reclaiming;
	if (!help.frees || !help.chain)
		return 0;
	chain_free();
	return 1UL << order;
}

static const struct page_upcalls reclaiming = { .node_reclaim = help_node };

/* The DMA zone of the first node: small on every machine. */
static struct pglist_data *node(void)
{
	return first_online_pgdat();
}

static struct page *dma_alloc(gfp_t how)
{
	return alloc_pages_node(node()->node_id, how | __GFP_DMA |
				__GFP_THISNODE | __GFP_NOWARN, 0);
}

static void dma_exhaust(void)
{
	struct page *page;

	while ((page = dma_alloc(GFP_ATOMIC | __GFP_MEMALLOC))) {
		set_page_private(page, help.chain);
		help.chain = page_to_pfn(page) + 1;
	}
}

static int reclaim_init(struct kunit *test)
{
	before = page_snapshot_take();
	help.others = this_machine()->page_alloc.upcalls;
	help.nr_asked = 0;
	help.frees = help.lax = help.inside = false;
	page_upcalls_register(&reclaiming);
	dma_exhaust();
	return 0;
}

static void reclaim_exit(struct kunit *test)
{
	this_machine()->page_alloc.zone_reclaim_mode = 0;
	chain_free();
	page_upcalls_register(help.others);
	page_snapshot_check(test, &before);
}

static bool node_has_cpus(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (cpu_to_node((int)cpu) == node()->node_id)
			return true;
	return false;
}

/* Whether this thread's node is the one, or nobody's. */
static bool node_is_mine(void)
{
	return numa_node_id() == node()->node_id || !node_has_cpus();
}

/* Whether a request of @gfp asks, with the node's counters as they are. */
static bool asks(unsigned int mode, gfp_t gfp)
{
	unsigned int asked = help.nr_asked;
	struct page *page;

	this_machine()->page_alloc.zone_reclaim_mode = (int)mode;
	page = dma_alloc(gfp | __GFP_NORETRY);
	if (page)
		__free_page(page);
	return help.nr_asked != asked;
}

static void only_with_cache_test(struct kunit *test)
{
	long enough = (long)node()->min_unmapped_pages + 1;
	bool mine = node_is_mine();

	KUNIT_EXPECT_FALSE(test, asks(RECLAIM_ZONE, GFP_KERNEL));
	mod_node_page_state(node(), NR_INACTIVE_FILE, enough - 1);
	KUNIT_EXPECT_FALSE(test, asks(RECLAIM_ZONE, GFP_KERNEL));
	mod_node_page_state(node(), NR_ACTIVE_FILE, 1);
	KUNIT_EXPECT_EQ(test, asks(RECLAIM_ZONE, GFP_KERNEL), mine);
	KUNIT_EXPECT_FALSE(test, asks(0, GFP_KERNEL));
	/* What is mapped, or has to be written first, is not for all. */
	mod_node_page_state(node(), NR_FILE_PAGES, enough);
	mod_node_page_state(node(), NR_FILE_MAPPED, 1);
	KUNIT_EXPECT_FALSE(test, asks(RECLAIM_ZONE, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, asks(RECLAIM_ZONE | RECLAIM_UNMAP, GFP_KERNEL),
			mine);
	mod_node_page_state(node(), NR_FILE_MAPPED, -1);
	mod_node_page_state(node(), NR_FILE_DIRTY, 1);
	KUNIT_EXPECT_FALSE(test, asks(RECLAIM_ZONE, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, asks(RECLAIM_ZONE | RECLAIM_WRITE, GFP_KERNEL),
			mine);
	mod_node_page_state(node(), NR_FILE_DIRTY, -1);
	mod_node_page_state(node(), NR_FILE_PAGES, -enough);
	mod_node_page_state(node(), NR_ACTIVE_FILE, -1);
	mod_node_page_state(node(), NR_INACTIVE_FILE, 1 - enough);
}

static void slab_alone_test(struct kunit *test)
{
	long bytes = (long)((node()->min_slab_pages + 1) << PAGE_SHIFT);

	mod_node_page_state(node(), NR_SLAB_RECLAIMABLE_B, bytes);
	KUNIT_EXPECT_EQ(test, asks(RECLAIM_ZONE, GFP_KERNEL), node_is_mine());
	mod_node_page_state(node(), NR_SLAB_RECLAIMABLE_B, -bytes);
	KUNIT_EXPECT_FALSE(test, asks(RECLAIM_ZONE, GFP_KERNEL));
}

/* Who may not sleep, who reclaims already, and a node that somebody is at. */
static void not_for_all_test(struct kunit *test)
{
	long enough = (long)node()->min_unmapped_pages + 1;
	unsigned int scope;

	mod_node_page_state(node(), NR_INACTIVE_FILE, enough);
	KUNIT_EXPECT_FALSE(test, asks(RECLAIM_ZONE, GFP_NOWAIT));
	KUNIT_EXPECT_FALSE(test, asks(RECLAIM_ZONE, GFP_ATOMIC));
	scope = memalloc_noreclaim_save();
	KUNIT_EXPECT_FALSE(test, asks(RECLAIM_ZONE, GFP_KERNEL));
	memalloc_noreclaim_restore(scope);
	node()->node_reclaiming = 1;
	KUNIT_EXPECT_FALSE(test, asks(RECLAIM_ZONE, GFP_KERNEL));
	node()->node_reclaiming = 0;
	page_upcalls_register(NULL);
	KUNIT_EXPECT_FALSE(test, asks(RECLAIM_ZONE, GFP_KERNEL));
	mod_node_page_state(node(), NR_INACTIVE_FILE, -enough);
}

/* The request is served from the zone that it wanted first. */
static void served_test(struct kunit *test)
{
	long enough = (long)node()->min_unmapped_pages + 1;
	unsigned long ev[NR_VM_EVENT_ITEMS], now[NR_VM_EVENT_ITEMS];
	struct page *page;

	if (!node_is_mine())
		return;
	mod_node_page_state(node(), NR_INACTIVE_FILE, enough);
	all_vm_events(ev);
	KUNIT_EXPECT_TRUE(test, asks(RECLAIM_ZONE, GFP_KERNEL));
	all_vm_events(now);
	KUNIT_EXPECT_GT(test, now[PGSCAN_ZONE_RECLAIM_FAILED],
			ev[PGSCAN_ZONE_RECLAIM_FAILED]);
	help.frees = true;
	page = dma_alloc(GFP_KERNEL | __GFP_NORETRY);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, page_zonenum(page), (enum zone_type)ZONE_DMA);
	KUNIT_EXPECT_EQ(test, help.nid, node()->node_id);
	KUNIT_EXPECT_FALSE(test, help.lax);
	KUNIT_EXPECT_FALSE(test, help.inside);
	KUNIT_EXPECT_EQ(test, node()->node_reclaiming, 0U);
	__free_page(page);
	all_vm_events(now);
	KUNIT_EXPECT_GT(test, now[PGSCAN_ZONE_RECLAIM_SUCCESS],
			ev[PGSCAN_ZONE_RECLAIM_SUCCESS]);
	mod_node_page_state(node(), NR_INACTIVE_FILE, -enough);
}

static struct kunit_case node_reclaim_cases[] = {
	KUNIT_CASE(only_with_cache_test),
	KUNIT_CASE(slab_alone_test),
	KUNIT_CASE(not_for_all_test),
	KUNIT_CASE(served_test),
	{ 0 }
};

static struct kunit_suite node_reclaim_suite = {
	.name = "node_reclaim",
	.init = reclaim_init,
	.exit = reclaim_exit,
	.test_cases = node_reclaim_cases,
};
kunit_test_suite(node_reclaim_suite);
