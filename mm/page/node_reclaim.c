// SPDX-License-Identifier: MIT
/*
 * Reclaim of a near node before a request goes to a farther one.
 *
 * Terms. vm.zone_reclaim_mode is 0, or a sum of
 *
 *   1  RECLAIM_ZONE   a node that is short is reclaimed from at all
 *   2  RECLAIM_WRITE  and may write pages out for it
 *   4  RECLAIM_UNMAP  and may unmap and swap pages
 *
 * A request passes over its zones by distance. With a mode set, a zone below
 * its mark whose node is within node_reclaim_distance of where the request is
 * made is not left at once: what its node has of cache that can go is freed
 * first, by a later stage (page_upcalls.node_reclaim).
 *
 * This is worth it only where there is much to be had: more pages of files
 * that nobody maps than vm.min_unmapped_ratio percent of the node, or more
 * reclaimable slab pages than vm.min_slab_ratio percent. And it is a node's
 * own CPUs' business, or anybody's when it has none; one task at a time.
 *
 * Locks: pgdat->node_reclaiming, tried and never waited for; settings_lock
 * where limits change.
 *
 * Failure: what the request would have met without, the next zone.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/psi.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/topology.h>

void nodes_update_reclaim_limits(void)
{
	const struct page_alloc_state *pa = page_alloc_state();
	struct pglist_data *pgdat;
	unsigned int i;

	for_each_online_pgdat(pgdat) {
		unsigned long managed = 0;

		for (i = 0; i < MAX_NR_ZONES; i++)
			managed += zone_managed_pages(&pgdat->node_zones[i]);
		WRITE_ONCE(pgdat->min_unmapped_pages, (unsigned long)
			   ((u64)managed * (u32)pa->min_unmapped_ratio / 100));
		WRITE_ONCE(pgdat->min_slab_pages, (unsigned long)
			   ((u64)managed * (u32)pa->min_slab_ratio / 100));
	}
}

/* Pages of files that can go, as @mode allows. */
static unsigned long node_cache_reclaimable(struct pglist_data *pgdat,
					    unsigned int mode)
{
	unsigned long mapped = node_page_state(pgdat, NR_FILE_MAPPED);
	unsigned long dirty = node_page_state(pgdat, NR_FILE_DIRTY);
	unsigned long pages;

	if (mode & RECLAIM_UNMAP) {
		pages = node_page_state(pgdat, NR_FILE_PAGES);
	} else {
		pages = node_page_state(pgdat, NR_INACTIVE_FILE) +
			node_page_state(pgdat, NR_ACTIVE_FILE);
		/* Mapped pages of memory files are on other lists. */
		pages -= min(pages, mapped);
	}
	return mode & RECLAIM_WRITE ? pages : pages - min(pages, dirty);
}

static bool node_has_cpus(int nid)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (cpu_to_node((int)cpu) == nid)
			return true;
	return false;
}

static bool node_worth_reclaim(struct pglist_data *pgdat, unsigned int mode)
{
	return node_cache_reclaimable(pgdat, mode) >
	       READ_ONCE(pgdat->min_unmapped_pages) ||
	       node_page_state_pages(pgdat, NR_SLAB_RECLAIMABLE_B) >
	       READ_ONCE(pgdat->min_slab_pages);
}

/* Whether this task may, here and now. */
static bool node_reclaim_allowed(const struct pglist_data *pgdat, gfp_t gfp)
{
	if (!(gfp & __GFP_DIRECT_RECLAIM) || !current ||
	    current->flags & PF_MEMALLOC)
		return false;
	return pgdat->node_id == numa_node_id() ||
	       !node_has_cpus(pgdat->node_id);
}

/* The pages that the later stage freed. */
static unsigned long node_reclaim_run(struct pglist_data *pgdat, gfp_t gfp,
				      unsigned int order)
{
	unsigned long freed, stall;
	unsigned int scope;

	psi_memstall_enter(&stall);
	scope = memalloc_noreclaim_save();
	freed = page_alloc_state()->upcalls->node_reclaim(pgdat, gfp,
							  (int)order);
	memalloc_noreclaim_restore(scope);
	psi_memstall_leave(&stall);
	return freed;
}

bool node_reclaim(struct pglist_data *pgdat, gfp_t gfp, unsigned int order)
{
	const struct page_alloc_state *pa = page_alloc_state();
	unsigned int mode = (unsigned int)READ_ONCE(pa->zone_reclaim_mode);
	unsigned long freed;

	if (!pa->upcalls || !pa->upcalls->node_reclaim ||
	    !node_reclaim_allowed(pgdat, gfp) ||
	    !node_worth_reclaim(pgdat, mode))
		return false;
	/* Pairs with the release below. */
	if (__atomic_exchange_n(&pgdat->node_reclaiming, 1, __ATOMIC_ACQUIRE))
		return false;
	freed = node_reclaim_run(pgdat, gfp, order);
	__atomic_store_n(&pgdat->node_reclaiming, 0, __ATOMIC_RELEASE);
	count_vm_event(freed >= 1UL << order ? PGSCAN_ZONE_RECLAIM_SUCCESS :
					       PGSCAN_ZONE_RECLAIM_FAILED);
	return freed;
}

bool zone_allows_reclaim(const struct zone *local, const struct zone *zone)
{
	return node_distance(zone_to_nid(local), zone_to_nid(zone)) <=
	       node_reclaim_distance;
}
