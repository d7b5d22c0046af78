// SPDX-License-Identifier: MIT
/*
 * When no zone had pages above its low mark.
 *
 *   1  wake the reclaim threads; again down to the min mark, and below it as
 *      far as the request's flags entitle it
 *   2  a task that frees memory itself: without any mark
 *   3  who may sleep: reclaim, or for higher orders compaction first, and
 *      try again as long as that brings something
 *   4  end a victim, unless the request would rather fail
 *   5  fail, with a report
 *
 * Steps 1, 3 and 4 are upcalls: until a later stage registers its answers
 * (page_upcalls_register()), they free nothing and the request goes from 2 to
 * 5. A __GFP_NOFAIL request never gets to 5: it goes around from 1 and gives
 * the CPU away in between; when it may not sleep it uses the reserves and
 * fails with them.
 *
 * Locks: none. Sleeps only with __GFP_DIRECT_RECLAIM.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/sched.h>

/* Rounds of reclaim without success before a request gives up. */
#define MAX_RECLAIM_RETRIES	16

void page_upcalls_register(const struct page_upcalls *ops)
{
	page_alloc_state()->upcalls = ops;
}

static void kswapds_wake(gfp_t gfp, const struct alloc_context *ac)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;
	struct pglist_data *last = NULL;
	struct zoneref *z;
	struct zone *zone;

	if (!up || !up->wakeup_kswapd)
		return;
	for_each_zone_zonelist_nodemask(zone, z, ac->zonelist,
					ac->highest_zoneidx, ac->nodemask) {
		if (!managed_zone(zone) || zone->zone_pgdat == last)
			continue;
		up->wakeup_kswapd(zone, gfp, (int)ac->order,
				  ac->highest_zoneidx);
		last = zone->zone_pgdat;
	}
}

/* What a task that frees memory, or that is to die, may use besides. */
static unsigned int reserve_flags(gfp_t gfp)
{
	const struct task_struct *task = current;

	if (gfp & __GFP_NOMEMALLOC)
		return 0;
	if (gfp & __GFP_MEMALLOC)
		return ALLOC_NO_WATERMARKS;
	if (task && task->flags & PF_MEMALLOC && !in_interrupt())
		return ALLOC_NO_WATERMARKS;
	return 0;
}

/* Whether compaction made a block. */
static bool compact(gfp_t gfp, const struct alloc_context *ac)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;

	if (!ac->order || !up || !up->try_to_compact_pages)
		return false;
	count_vm_event(COMPACTSTALL);
	if (up->try_to_compact_pages(gfp, ac->order, ac->zonelist,
				     ac->nodemask) == COMPACT_SUCCESS) {
		count_vm_event(COMPACTSUCCESS);
		return true;
	}
	count_vm_event(COMPACTFAIL);
	return false;
}

/* Whether reclaim freed pages. */
static bool reclaim(gfp_t gfp, const struct alloc_context *ac)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;

	if (!up || !up->try_to_free_pages)
		return false;
	count_vm_event((enum vm_event_item)
		       (ALLOCSTALL_DMA + ac->highest_zoneidx));
	return up->try_to_free_pages(ac->zonelist, (int)ac->order, gfp,
				     ac->nodemask) > 0;
}

/* Whether a victim's memory will come back. */
static bool kill_victim(gfp_t gfp, const struct alloc_context *ac)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;
	struct oom_control oc = {
		.zonelist = ac->zonelist,
		.nodemask = ac->nodemask,
		.gfp_mask = gfp,
		.order = (int)ac->order,
	};

	if (!up || !up->out_of_memory)
		return false;
	/* No victim makes large blocks, nor low memory; and it may be asked
	 * to stay away. */
	if (ac->order > PAGE_ALLOC_COSTLY_ORDER ||
	    ac->highest_zoneidx < ZONE_NORMAL ||
	    gfp & (__GFP_NORETRY | __GFP_RETRY_MAYFAIL | __GFP_THISNODE))
		return false;
	return up->out_of_memory(&oc);
}

/* Whether one more turn is worth it; @progress: this one freed something. */
static bool retry_worth(gfp_t gfp, const struct alloc_context *ac,
			bool progress, unsigned int *idle)
{
	if (gfp & __GFP_NOFAIL)
		return true;
	if (gfp & __GFP_NORETRY)
		return false;
	if (ac->order > PAGE_ALLOC_COSTLY_ORDER &&
	    !(gfp & __GFP_RETRY_MAYFAIL))
		return false;
	if (progress) {
		*idle = 0;
		return true;
	}
	return page_alloc_state()->upcalls && ++*idle < MAX_RECLAIM_RETRIES;
}

struct page *page_alloc_slowpath(gfp_t gfp, struct alloc_context *ac)
{
	unsigned int flags = page_alloc_flags(gfp, ac->order);
	unsigned int idle = 0;
	struct page *page;
	bool progress;

	flags |= reserve_flags(gfp);
	for (;;) {
		if (flags & ALLOC_KSWAPD)
			kswapds_wake(gfp, ac);
		page = page_alloc_from_zonelist(gfp, flags, ac);
		if (page)
			return page;
		if (!(gfp & __GFP_DIRECT_RECLAIM))
			break;
		/* A task that is freeing memory must not start over. There
		 * is a task: what may reclaim was masked until threads ran. */
		if (current->flags & PF_MEMALLOC)
			break;
		progress = compact(gfp, ac) || reclaim(gfp, ac) ||
			   kill_victim(gfp, ac);
		if (!retry_worth(gfp, ac, progress, &idle))
			break;
		if (!progress)
			cond_resched();
	}
	if (gfp & __GFP_NOFAIL) {
		page = page_alloc_from_zonelist(gfp,
				flags | ALLOC_NO_WATERMARKS, ac);
		if (page)
			return page;
	}
	page_alloc_failed(gfp, ac);
	return NULL;
}
