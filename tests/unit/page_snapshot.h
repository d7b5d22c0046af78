/* SPDX-License-Identifier: MIT */
/*
 * What every case about pages must leave as it found it: the free pages and
 * blocks of each zone.
 */
#ifndef _TESTS_PAGE_SNAPSHOT_H
#define _TESTS_PAGE_SNAPSHOT_H

#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/vmstat.h>

#define SNAPSHOT_ZONES	32	/* zones of the machines under test */

struct page_snapshot {
	unsigned long nr_free;		/* pages */
	unsigned long managed;		/* pages */
};

static inline struct page_snapshot page_snapshot_take(void)
{
	/*
	 * What CPUs and caches keep does not count as free, and may be given
	 * back at any time; what waits for a grace period as well.
	 */
	rcu_barrier();
	kvfree_rcu_barrier();
	kmem_caches_reap_all();
	drain_all_pages(NULL);
	return (struct page_snapshot){
		.nr_free = global_zone_page_state(NR_FREE_PAGES),
		.managed = totalram_pages(),
	};
}

/* The lists agree with the counters, and those with @before. */
static inline void page_snapshot_check(struct kunit *test,
				       const struct page_snapshot *before)
{
	struct page_snapshot now = page_snapshot_take();

	KUNIT_EXPECT_EQ(test, now.nr_free, before->nr_free);
	KUNIT_EXPECT_EQ(test, now.managed, before->managed);
	KUNIT_EXPECT_TRUE(test, buddy_check());
	KUNIT_EXPECT_TRUE(test, pcp_check());
}

/* The zones that requests can be sent to alone, one by one. */
static inline gfp_t zone_only_gfp(const struct zone *zone)
{
	gfp_t gfp = GFP_ATOMIC | __GFP_THISNODE | __GFP_NOWARN |
		    __GFP_MEMALLOC;

	switch (zone_idx(zone)) {
	case ZONE_DMA:
		return gfp | __GFP_DMA;
	case ZONE_DMA32:
		return gfp | __GFP_DMA32;
	case ZONE_HIGHMEM:
		return gfp | __GFP_HIGHMEM;
	case ZONE_MOVABLE:
		return gfp | __GFP_HIGHMEM | __GFP_MOVABLE;
	default:
		return gfp;
	}
}

#endif
