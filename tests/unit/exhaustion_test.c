// SPDX-License-Identifier: MIT
/*
 * Every context takes single pages until it is refused: then each zone is
 * left with exactly what the request was not entitled to, and all that was
 * taken comes back.
 *
 *   left in a zone = what the flags leave of its min mark
 *                    + what it keeps for requests that could go higher
 */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

#include "../../mm/upcalls.h"
#include "page_snapshot.h"

/* What the flags leave of the min mark, as it is and by the task's standing. */
enum claim {
	CLAIM_NONE,		/* all of it */
	CLAIM_HIGH,		/* half */
	CLAIM_ATOMIC,		/* half, less a quarter */
	CLAIM_ALL		/* nothing, nor what zones keep */
};

enum standing { ORDINARY, FREES_MEMORY, VICTIM };

struct entitlement {
	const char *name;
	gfp_t gfp;
	enum zone_type highest;		/* that it may go to: highest_of() */
	enum claim claim;
	enum standing standing;
};

static const struct entitlement entitlements[] = {
	{ "GFP_KERNEL", GFP_KERNEL, ZONE_NORMAL, CLAIM_NONE, ORDINARY },
	{ "GFP_USER", GFP_USER, ZONE_NORMAL, CLAIM_NONE, ORDINARY },
	{ "GFP_NOIO", GFP_NOIO, ZONE_NORMAL, CLAIM_NONE, ORDINARY },
	{ "GFP_NOFS", GFP_NOFS, ZONE_NORMAL, CLAIM_NONE, ORDINARY },
	{ "GFP_NOWAIT", GFP_NOWAIT, ZONE_NORMAL, CLAIM_NONE, ORDINARY },
	{ "no flag", 0, ZONE_NORMAL, CLAIM_NONE, ORDINARY },
	{ "GFP_HIGHUSER", GFP_HIGHUSER, ZONE_HIGHMEM, CLAIM_NONE, ORDINARY },
	{ "GFP_HIGHUSER_MOVABLE", GFP_HIGHUSER_MOVABLE, ZONE_MOVABLE,
	  CLAIM_NONE, ORDINARY },
	{ "GFP_DMA", GFP_KERNEL | __GFP_DMA, ZONE_DMA, CLAIM_NONE, ORDINARY },
	{ "GFP_DMA32", GFP_KERNEL | __GFP_DMA32, ZONE_DMA32, CLAIM_NONE,
	  ORDINARY },
	{ "reclaimable", GFP_KERNEL | __GFP_RECLAIMABLE, ZONE_NORMAL,
	  CLAIM_NONE, ORDINARY },
	{ "NORETRY", GFP_KERNEL | __GFP_NORETRY, ZONE_NORMAL, CLAIM_NONE,
	  ORDINARY },
	{ "RETRY_MAYFAIL", GFP_KERNEL | __GFP_RETRY_MAYFAIL, ZONE_NORMAL,
	  CLAIM_NONE, ORDINARY },
	{ "NOMEMALLOC", GFP_KERNEL | __GFP_NOMEMALLOC, ZONE_NORMAL, CLAIM_NONE,
	  FREES_MEMORY },
	{ "GFP_ATOMIC", GFP_ATOMIC, ZONE_NORMAL, CLAIM_ATOMIC, ORDINARY },
	{ "atomic DMA", GFP_ATOMIC | __GFP_DMA, ZONE_DMA, CLAIM_ATOMIC,
	  ORDINARY },
	{ "atomic DMA32", GFP_ATOMIC | __GFP_DMA32, ZONE_DMA32, CLAIM_ATOMIC,
	  ORDINARY },
	{ "GFP_ATOMIC NOMEMALLOC", GFP_ATOMIC | __GFP_NOMEMALLOC, ZONE_NORMAL,
	  CLAIM_HIGH, ORDINARY },
	{ "HIGH", GFP_KERNEL | __GFP_HIGH, ZONE_NORMAL, CLAIM_HIGH, ORDINARY },
	{ "NOFAIL", GFP_KERNEL | __GFP_NOFAIL, ZONE_NORMAL, CLAIM_HIGH,
	  ORDINARY },
	{ "victim", GFP_KERNEL, ZONE_NORMAL, CLAIM_HIGH, VICTIM },
	{ "MEMALLOC", GFP_KERNEL | __GFP_MEMALLOC, ZONE_NORMAL, CLAIM_ALL,
	  ORDINARY },
	{ "atomic MEMALLOC", GFP_ATOMIC | __GFP_MEMALLOC, ZONE_NORMAL,
	  CLAIM_ALL, ORDINARY },
	{ "DMA MEMALLOC", GFP_KERNEL | __GFP_DMA | __GFP_MEMALLOC, ZONE_DMA,
	  CLAIM_ALL, ORDINARY },
	{ "PF_MEMALLOC", GFP_KERNEL, ZONE_NORMAL, CLAIM_ALL, FREES_MEMORY },
	{ "PF_MEMALLOC that cannot wait", GFP_NOWAIT, ZONE_NORMAL, CLAIM_ALL,
	  FREES_MEMORY },
};

static struct page_snapshot before;
static const struct page_upcalls *others;	/* registered before */
static u64 chain;	/* pages held: PFN + 1, linked by private; 0: none */
static int rounds;	/* of reclaim in this request */

static void hold(struct page *page)
{
	set_page_private(page, chain);
	chain = page_to_pfn(page) + 1;
}

static void release(void)
{
	struct page *page = pfn_to_page((unsigned long)chain - 1);

	chain = page_private(page);
	set_page_private(page, 0);
	__free_page(page);
}

/* A request that never fails is over when it came around: it gets a page. */
static unsigned long reclaim_one(struct zonelist *zonelist, int order,
				 gfp_t gfp, const nodemask_t *nodes)
{
	if (!(gfp & __GFP_NOFAIL) || ++rounds < 2)
		return 0;
	release();
	return 1;
}

static const struct page_upcalls reclaiming = {
	.try_to_free_pages = reclaim_one,
};

static int exhaustion_init(struct kunit *test)
{
	before = page_snapshot_take();
	others = this_machine()->page_alloc.upcalls;
	page_upcalls_register(&reclaiming);
	chain = 0;
	return 0;
}

static void exhaustion_exit(struct kunit *test)
{
	while (chain)
		release();
	page_upcalls_register(others);
	page_snapshot_check(test, &before);
}

static unsigned int standing_take(enum standing standing)
{
	if (standing == FREES_MEMORY)
		return memalloc_noreclaim_save();
	current->oom_victim = standing == VICTIM;
	return 0;
}

static void standing_leave(unsigned int was)
{
	memalloc_noreclaim_restore(was);
	current->oom_victim = false;
}

static void take_all(const struct entitlement *e)
{
	unsigned int was = standing_take(e->standing);
	struct page *page;

	do {
		rounds = 0;
		page = alloc_page(e->gfp | __GFP_NOWARN);
		if (page)
			hold(page);
	} while (page && rounds < 2);
	standing_leave(was);
	drain_all_pages(NULL);
}

/* Where no zone is DMA32, all that has an address is as good. */
static enum zone_type highest_of(const struct entitlement *e)
{
	return e->highest == ZONE_DMA32 && !zone_type_known(ZONE_DMA32) ?
	       ZONE_NORMAL : e->highest;
}

/* Pages that must be left in @zone, which had @free. */
static unsigned long left_in(const struct zone *zone,
			     const struct entitlement *e, unsigned long free)
{
	unsigned long least = zone->_watermark[WMARK_MIN];

	if (zone_idx(zone) > (int)highest_of(e))
		return free;
	if (e->claim == CLAIM_ALL)
		return 0;
	if (e->claim != CLAIM_NONE)
		least -= least / 2;
	if (e->claim == CLAIM_ATOMIC)
		least -= least / 4;
	least += (unsigned long)zone->lowmem_reserve[highest_of(e)];
	return min(least, free);
}

#define ZONES	SNAPSHOT_ZONES

static void exhaust(struct kunit *test, const struct entitlement *e)
{
	unsigned long free[ZONES];
	struct zone *zone;
	unsigned int i = 0;

	drain_all_pages(NULL);
	for_each_populated_zone(zone)
		free[i++] = zone_page_state(zone, NR_FREE_PAGES);
	take_all(e);
	i = 0;
	for_each_populated_zone(zone) {
		unsigned long left = left_in(zone, e, free[i++]);
		unsigned long now = zone_page_state(zone, NR_FREE_PAGES);

		KUNIT_CHECK(test, now == left, 0,
			    "%s: node %d %s: %lu pages left, not %lu",
			    e->name, zone_to_nid(zone), zone->name, now, left);
	}
	while (chain)
		release();
	drain_all_pages(NULL);
	i = 0;
	for_each_populated_zone(zone)
		KUNIT_EXPECT_EQ(test, zone_page_state(zone, NR_FREE_PAGES),
				free[i++]);
}

static void contexts_test(struct kunit *test)
{
	const struct entitlement *e;

	if (totalram_pages() > 1UL << 16)
		kunit_skip(test, "a large machine");
	for (e = entitlements; e < entitlements + ARRAY_SIZE(entitlements); e++)
		exhaust(test, e);
}

/* The same where the marks are other than start-up made them. */
static void settings_test(struct kunit *test)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	int kbytes = pa->min_free_kbytes;
	const struct entitlement *e;

	if (totalram_pages() > 1UL << 16)
		kunit_skip(test, "a large machine");
	pa->min_free_kbytes = 3 * kbytes + 52;
	pa->lowmem_reserve_ratio[ZONE_DMA] = 31;
	setup_per_zone_wmarks();
	setup_per_zone_lowmem_reserve();
	for (e = entitlements; e < entitlements + ARRAY_SIZE(entitlements); e++)
		exhaust(test, e);
	pa->min_free_kbytes = kbytes;
	pa->lowmem_reserve_ratio[ZONE_DMA] = 256;
	setup_per_zone_wmarks();
	setup_per_zone_lowmem_reserve();
}

static struct kunit_case exhaustion_cases[] = {
	KUNIT_CASE(contexts_test),
	KUNIT_CASE(settings_test),
	{ 0 }
};

static struct kunit_suite exhaustion_suite = {
	.name = "exhaustion",
	.init = exhaustion_init,
	.exit = exhaustion_exit,
	.test_cases = exhaustion_cases,
};
kunit_test_suite(exhaustion_suite);
