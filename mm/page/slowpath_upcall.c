// SPDX-License-Identifier: MIT
/*
 * What later stages do for a request: reclaim, compaction, a victim; and the
 * tries that follow each.
 *
 * A task that reclaims or compacts has PF_MEMALLOC meanwhile, so that what it
 * needs for that does not make it start over. The time counts as a stall.
 *
 * Locks: oom_lock, so that one request at a time looks for a victim; the
 * others wait a tick and go around, as that one's progress is theirs too.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/psi.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>

void psi_memstall_enter(unsigned long *was)
{
	*was = current->flags & PF_MEMSTALL;
	if (*was)
		return;
	current->flags |= PF_MEMSTALL;
	current->stall_start = port_clock_ns();
}

void psi_memstall_leave(const unsigned long *was)
{
	u64 ns = port_clock_ns() - current->stall_start;

	if (*was)
		return;
	current->flags &= ~PF_MEMSTALL;
	atomic_long_add((long)ns, &page_alloc_state()->memstall_ns);
}

static struct page *retry(const struct slow_request *rq)
{
	return page_alloc_from_zonelist(rq->gfp, rq->alloc_flags, rq->ac);
}

void slow_wake_kswapds(const struct slow_request *rq)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;
	const struct alloc_context *ac = rq->ac;
	struct pglist_data *last = NULL;
	struct zoneref *z;
	struct zone *zone;

	if (!(rq->alloc_flags & ALLOC_KSWAPD) || !up || !up->wakeup_kswapd)
		return;
	for_each_zone_zonelist_nodemask(zone, z, ac->zonelist,
					ac->highest_zoneidx, ac->nodemask) {
		if (!managed_zone(zone) || zone->zone_pgdat == last)
			continue;
		up->wakeup_kswapd(zone, rq->gfp, (int)ac->order,
				  ac->highest_zoneidx);
		last = zone->zone_pgdat;
	}
}

static enum compact_result compact(const struct slow_request *rq,
				   enum compact_priority priority)
{
	const struct compact_request request = {
		.zonelist = rq->ac->zonelist,
		.nodemask = rq->ac->nodemask,
		.highest_zoneidx = rq->ac->highest_zoneidx,
		.gfp_mask = rq->gfp,
		.migratetype = rq->ac->migratetype,
		.order = rq->ac->order,
		.alloc_flags = rq->alloc_flags,
		.priority = priority,
	};
	enum compact_result result;
	unsigned int scope;
	unsigned long stall;

	psi_memstall_enter(&stall);
	scope = memalloc_noreclaim_save();
	result = page_alloc_state()->upcalls->try_to_compact_pages(&request);
	memalloc_noreclaim_restore(scope);
	psi_memstall_leave(&stall);
	return result;
}

/*
 * Whether some zone has free pages enough for a large block, which only lie
 * apart. Where memory is what is missing, moving pages does not help.
 */
static bool pages_lie_apart(const struct slow_request *rq)
{
	int most = READ_ONCE(page_alloc_state()->extfrag_threshold);
	const struct alloc_context *ac = rq->ac;
	struct zoneref *z;
	struct zone *zone;

	for_each_zone_zonelist_nodemask(zone, z, ac->zonelist,
					ac->highest_zoneidx, ac->nodemask) {
		int index = fragmentation_index(zone, ac->order);

		if (index < 0 || index > most)
			return true;
	}
	return false;
}

struct page *slow_compact(struct slow_request *rq, enum compact_priority prio)
{
	struct page *page;

	if (!rq->can_compact)
		return NULL;
	if (rq->costly && !pages_lie_apart(rq))
		rq->compacted = COMPACT_SKIPPED;
	else
		rq->compacted = compact(rq, prio);
	if (rq->compacted == COMPACT_SKIPPED)
		return NULL;
	count_vm_event(COMPACTSTALL);
	page = retry(rq);
	if (page) {
		count_vm_event(COMPACTSUCCESS);
		return page;
	}
	count_vm_event(COMPACTFAIL);
	cond_resched();
	return NULL;
}

static unsigned long reclaim(const struct slow_request *rq)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;
	const struct alloc_context *ac = rq->ac;
	unsigned long freed;
	unsigned int scope;

	if (!up || !up->try_to_free_pages)
		return 0;
	cond_resched();
	count_vm_event((enum vm_event_item)
		       (ALLOCSTALL_DMA + ac->highest_zoneidx));
	scope = memalloc_noreclaim_save();
	freed = up->try_to_free_pages(ac->zonelist, (int)ac->order, rq->gfp,
				      ac->nodemask);
	memalloc_noreclaim_restore(scope);
	cond_resched();
	return freed;
}

struct page *slow_reclaim(struct slow_request *rq)
{
	struct page *page = NULL;
	unsigned long stall;

	psi_memstall_enter(&stall);
	rq->progress = reclaim(rq);
	if (rq->progress) {
		page = retry(rq);
		if (!page) {
			/* What was freed may lie where only others look. */
			highatomic_unreserve(rq->ac, false);
			drain_all_pages(NULL);
			page = retry(rq);
		}
	}
	psi_memstall_leave(&stall);
	return page;
}

/* Whether ending somebody would help, and may be done for this request. */
static bool victim_helps(const struct slow_request *rq)
{
	/* No victim makes large blocks, low memory, or memory of a node. */
	return !rq->costly && rq->ac->highest_zoneidx >= ZONE_NORMAL &&
	       !(rq->gfp & (__GFP_RETRY_MAYFAIL | __GFP_THISNODE));
}

/* With oom_lock: a block, or whether there was a victim in @rq->progress. */
static struct page *oom_locked(struct slow_request *rq)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;
	struct oom_control oc = {
		.zonelist = rq->ac->zonelist,
		.nodemask = rq->ac->nodemask,
		.gfp_mask = rq->gfp,
		.order = (int)rq->ac->order,
	};
	struct page *page;

	/* Another's victim may be gone by now: then there is plenty. */
	page = page_alloc_from_zonelist((rq->gfp | __GFP_HARDWALL) &
					~__GFP_DIRECT_RECLAIM,
					ALLOC_WMARK_HIGH | ALLOC_CPUSET,
					rq->ac);
	if (page || !victim_helps(rq) || !up || !up->out_of_memory)
		return page;
	if (!up->out_of_memory(&oc) && !(rq->gfp & __GFP_NOFAIL))
		return NULL;
	rq->progress = 1;
	if (!(rq->gfp & __GFP_NOFAIL))
		return NULL;
	return page_alloc_from_zonelist(rq->gfp, ALLOC_NO_WATERMARKS, rq->ac);
}

struct page *slow_oom(struct slow_request *rq)
{
	struct mutex *lock = &page_alloc_state()->oom_lock;
	struct page *page;

	rq->progress = 0;
	if (!mutex_trylock(lock)) {
		rq->progress = 1;
		schedule_timeout_uninterruptible(1);
		return NULL;
	}
	page = oom_locked(rq);
	mutex_unlock(lock);
	return page;
}
