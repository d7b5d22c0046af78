// SPDX-License-Identifier: MIT
/*
 * A request that finds nothing: who is asked for help, how often, and what
 * comes of it. The answers of later stages are the test's own.
 */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

#include "../../mm/upcalls.h"
#include "page_snapshot.h"

static struct page_snapshot before;

/* What the answers have seen, and what they can give. */
static struct {
	const struct page_upcalls *others;	/* registered before */
	u64 chain;		/* pages held: PFN + 1, linked by private */
	int wakeups, reclaims, compactions, kills;
	int give_after;		/* reclaims without success before it gives */
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

static void help_wakeup(struct zone *zone, gfp_t gfp, int order,
			enum zone_type highest)
{
	help.wakeups++;
}

static unsigned long help_reclaim(struct zonelist *zonelist, int order,
				  gfp_t gfp, const nodemask_t *nodes)
{
	if (++help.reclaims <= help.give_after)
		return 0;
	chain_free();
	return 1;
}

static enum compact_result help_compact(gfp_t gfp, unsigned int order,
					struct zonelist *zonelist,
					const nodemask_t *nodes)
{
	if (++help.compactions < 2)
		return COMPACT_COMPLETE;
	chain_free();
	return COMPACT_SUCCESS;
}

static bool help_kill(struct oom_control *oc)
{
	help.kills++;
	chain_free();
	return true;
}

static const struct page_upcalls reclaiming = {
	.wakeup_kswapd = help_wakeup,
	.try_to_free_pages = help_reclaim,
};
static const struct page_upcalls compacting = {
	.try_to_compact_pages = help_compact,
};
static const struct page_upcalls killing = { .out_of_memory = help_kill };

/* The DMA zone of the first node: small on every machine. */
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

/* Holds every page of the DMA zone. */
static void dma_exhaust(void)
{
	struct page *page;

	while ((page = dma_alloc(GFP_ATOMIC | __GFP_MEMALLOC, 0))) {
		set_page_private(page, help.chain);
		help.chain = page_to_pfn(page) + 1;
	}
}

static int slowpath_init(struct kunit *test)
{
	before = page_snapshot_take();
	memset(&help, 0, sizeof(help));
	help.others = this_machine()->page_alloc.upcalls;
	page_upcalls_register(NULL);
	return 0;
}

static void slowpath_exit(struct kunit *test)
{
	chain_free();
	page_upcalls_register(help.others);
	page_snapshot_check(test, &before);
}

static void nothing_registered_test(struct kunit *test)
{
	dma_exhaust();
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 0));
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_ATOMIC, 0));
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL | __GFP_NOMEMALLOC, 3));
}

static void reclaim_test(struct kunit *test)
{
	struct page *page;

	dma_exhaust();
	page_upcalls_register(&reclaiming);
	help.give_after = 3;
	page = dma_alloc(GFP_KERNEL, 0);
	KUNIT_EXPECT_EQ(test, help.reclaims, 4);
	KUNIT_EXPECT_GT(test, help.wakeups, 0);
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

static void reclaim_gives_up_test(struct kunit *test)
{
	dma_exhaust();
	page_upcalls_register(&reclaiming);
	help.give_after = 1000;
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 0));
	KUNIT_EXPECT_EQ(test, help.reclaims, 16);
	help.reclaims = 0;
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL | __GFP_NORETRY, 0));
	KUNIT_EXPECT_EQ(test, help.reclaims, 1);
	help.reclaims = 0;
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL,
					  PAGE_ALLOC_COSTLY_ORDER + 1));
	KUNIT_EXPECT_EQ(test, help.reclaims, 1);
	help.reclaims = 0;
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_ATOMIC, 0));
	KUNIT_EXPECT_EQ(test, help.reclaims, 0);
}

static void nofail_test(struct kunit *test)
{
	struct page *page;

	dma_exhaust();
	page_upcalls_register(&reclaiming);
	help.give_after = 50;
	page = dma_alloc(GFP_KERNEL | __GFP_NOFAIL, 0);
	KUNIT_EXPECT_EQ(test, help.reclaims, 51);
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

static void nofail_atomic_test(struct kunit *test)
{
	struct page *page;

	/* All but the last pages, which are below every mark. */
	dma_exhaust();
	page = pfn_to_page((unsigned long)help.chain - 1);
	help.chain = page_private(page);
	set_page_private(page, 0);
	__free_page(page);
	dma_zone()->_watermark[WMARK_MIN] += 8;
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_NOWAIT | __GFP_NOMEMALLOC, 0));
	page = dma_alloc(GFP_NOWAIT | __GFP_NOFAIL, 0);
	dma_zone()->_watermark[WMARK_MIN] -= 8;
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

static void compaction_test(struct kunit *test)
{
	struct page *page;

	dma_exhaust();
	page_upcalls_register(&compacting);
	page = dma_alloc(GFP_KERNEL, 2);
	KUNIT_EXPECT_EQ(test, help.compactions, 2);
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_pages(page, 2);
}

static void memalloc_task_test(struct kunit *test)
{
	struct page *page;

	page_upcalls_register(&reclaiming);
	dma_exhaust();
	page = pfn_to_page((unsigned long)help.chain - 1);
	help.chain = page_private(page);
	set_page_private(page, 0);
	__free_page(page);
	dma_zone()->_watermark[WMARK_MIN] += 8;
	current->flags |= PF_MEMALLOC;
	page = dma_alloc(GFP_KERNEL, 0);
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_KERNEL, 0));
	current->flags &= ~PF_MEMALLOC;
	dma_zone()->_watermark[WMARK_MIN] -= 8;
	KUNIT_EXPECT_EQ(test, help.reclaims, 0);
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

/* An interrupt is not the task that frees memory, whoever it met. */
static void memalloc_interrupt_test(struct kunit *test)
{
	struct page *page;

	dma_exhaust();
	page = pfn_to_page((unsigned long)help.chain - 1);
	help.chain = page_private(page);
	set_page_private(page, 0);
	__free_page(page);
	dma_zone()->_watermark[WMARK_MIN] += 8;
	current->flags |= PF_MEMALLOC;
	preempt_count_add(HARDIRQ_OFFSET);
	KUNIT_EXPECT_NULL(test, dma_alloc(GFP_NOWAIT, 0));
	preempt_count_sub(HARDIRQ_OFFSET);
	page = dma_alloc(GFP_NOWAIT, 0);
	current->flags &= ~PF_MEMALLOC;
	dma_zone()->_watermark[WMARK_MIN] -= 8;
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

static void kill_test(struct kunit *test)
{
	gfp_t gfp = GFP_ATOMIC | __GFP_MEMALLOC | __GFP_NOWARN;
	struct page *page;

	if (totalram_pages() > 1UL << 16)
		kunit_skip(test, "a large machine");
	while ((page = alloc_page(gfp))) {
		set_page_private(page, help.chain);
		help.chain = page_to_pfn(page) + 1;
	}
	page_upcalls_register(&killing);
	KUNIT_EXPECT_NULL(test, alloc_page(GFP_KERNEL | __GFP_NOWARN |
					   __GFP_RETRY_MAYFAIL));
	KUNIT_EXPECT_EQ(test, help.kills, 0);
	page = alloc_page(GFP_KERNEL | __GFP_NOWARN);
	KUNIT_EXPECT_EQ(test, help.kills, 1);
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

static struct kunit_case slowpath_cases[] = {
	KUNIT_CASE(nothing_registered_test),
	KUNIT_CASE(reclaim_test),
	KUNIT_CASE(reclaim_gives_up_test),
	KUNIT_CASE(nofail_test),
	KUNIT_CASE(nofail_atomic_test),
	KUNIT_CASE(compaction_test),
	KUNIT_CASE(memalloc_task_test),
	KUNIT_CASE(memalloc_interrupt_test),
	KUNIT_CASE(kill_test),
	{ 0 }
};

static struct kunit_suite slowpath_suite = {
	.name = "slowpath",
	.init = slowpath_init,
	.exit = slowpath_exit,
	.test_cases = slowpath_cases,
};
kunit_test_suite(slowpath_suite);
