// SPDX-License-Identifier: MIT
/*
 * When no zone had pages above its low mark.
 *
 *   first    wake the reclaim threads
 *            try down to the min mark, and below it as far as the request's
 *              flags entitle it
 *            a high order: compact, without waiting for anything
 *   round    try with what the task is entitled to now
 *            the first time: drain the CPUs' lists as far as the context
 *              allows, and try
 *   (until   -- who may not sleep, or frees memory itself, has come to the end
 *   served   reclaim, and try; drain the lists of all CPUs and give a reserved
 *              pageblock back, and try
 *   or over) compact, and try
 *            -- __GFP_NORETRY and most of the costly orders: the end
 *            one more round, if reclaim (slowpath_retry.c), or compaction
 *              with more effort, may still help
 *            end a victim, and one more round if one was found
 *            wake the reclaim threads again
 *   over     __GFP_NOFAIL: a little deeper into the reserves, give the CPU
 *              away, one more round
 *            fail, with a report
 *
 * What depends on flags:
 *
 *   __GFP_KSWAPD_RECLAIM  wakes the reclaim threads
 *   __GFP_DIRECT_RECLAIM  may sleep; without it nothing but the tries happens
 *   __GFP_IO, __GFP_FS    handed to reclaim, which does no more than they
 *                         say; without __GFP_IO nothing is compacted
 *   __GFP_NORETRY         one round, of which the costly orders' compaction
 *                         waits for nothing
 *   __GFP_RETRY_MAYFAIL   costly orders go around too; nobody is ended for it
 *   __GFP_NOFAIL          never over; an order above 1 is reported, as it may
 *                         take for ever, and so is one that may not sleep,
 *                         which can fail
 *   __GFP_HIGH            half of the min mark
 *   __GFP_MEMALLOC        everything
 *   __GFP_NOMEMALLOC      nothing below min, whoever asks
 *   __GFP_THISNODE        nobody is ended for it: that may not help this node
 *   __GFP_ACCOUNT         nothing: there are no groups to charge
 *   __GFP_ZEROTAGS        nothing: memory of these ports has no tags
 *
 * A task's own standing goes before: PF_MEMALLOC entitles to everything, and
 * a victim to half of the min mark (ALLOC_OOM), unless it is an interrupt that
 * asks, or __GFP_NOMEMALLOC.
 *
 * Reclaim, compaction and the search for a victim are upcalls: until a later
 * stage registers its answers (page_upcalls_register()), they free nothing.
 *
 * Locks: none on entry. oom_lock while a victim is sought. Sleeps only with
 * __GFP_DIRECT_RECLAIM.
 *
 * Differs from Linux: zonelists do not change under a request, and a task's
 * nodes only by its own hand, so nothing starts over for them.
 */
#include "internal.h"

#include "pcp.h"

#include <linux/kernel.h>
#include <linux/oom.h>
#include <linux/sched.h>

void page_upcalls_register(const struct page_upcalls *ops)
{
	page_alloc_state()->upcalls = ops;
}

unsigned int page_alloc_flags(gfp_t gfp, unsigned int order)
{
	unsigned int flags = ALLOC_WMARK_MIN | ALLOC_CPUSET;

	if (gfp & __GFP_HIGH)
		flags |= ALLOC_MIN_RESERVE;
	if (gfp & __GFP_KSWAPD_RECLAIM)
		flags |= ALLOC_KSWAPD;
	if (!(gfp & __GFP_DIRECT_RECLAIM)) {
		if (!(gfp & __GFP_NOMEMALLOC)) {
			flags |= ALLOC_NON_BLOCK;
			if (order)
				flags |= ALLOC_HIGHATOMIC;
		}
		if (flags & ALLOC_MIN_RESERVE)
			flags &= ~ALLOC_CPUSET;
	}
	if (gfp_migratetype(gfp) == MIGRATE_MOVABLE)
		flags |= ALLOC_CMA;
	return flags;
}

/* What a task that frees memory, or that is to die, may use instead. */
static unsigned int reserve_flags(gfp_t gfp)
{
	const struct task_struct *task = current;

	if (gfp & __GFP_NOMEMALLOC)
		return 0;
	if (gfp & __GFP_MEMALLOC)
		return ALLOC_NO_WATERMARKS;
	if (in_interrupt() || !task)
		return 0;
	if (task->flags & PF_MEMALLOC)
		return ALLOC_NO_WATERMARKS;
	return tsk_is_oom_victim(task) ? ALLOC_OOM : 0;
}

static struct page *slow_try(const struct slow_request *rq,
			     unsigned int alloc_flags)
{
	return page_alloc_from_zonelist(rq->gfp, alloc_flags, rq->ac);
}

/* A promise that can be kept only by luck; each is kept as far as it can be. */
static void nofail_check(gfp_t gfp, unsigned int order)
{
	if (!(gfp & __GFP_NOFAIL))
		return;
	WARN_ONCE(order > 1,
		  "__GFP_NOFAIL with order %u: it may take for ever\n", order);
	WARN_ONCE(!(gfp & __GFP_DIRECT_RECLAIM),
		  "__GFP_NOFAIL of who cannot sleep: it may fail\n");
	WARN_ONCE(current && current->flags & PF_MEMALLOC,
		  "__GFP_NOFAIL of a task that frees memory: only others can help it\n");
}

static void slow_begin(struct slow_request *rq, gfp_t gfp,
		       struct alloc_context *ac)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;
	bool can_reclaim = gfp & __GFP_DIRECT_RECLAIM;

	*rq = (struct slow_request){
		.gfp = gfp,
		.ac = ac,
		.alloc_flags = page_alloc_flags(gfp, ac->order),
		.can_reclaim = can_reclaim,
		.can_compact = can_reclaim && gfp & __GFP_IO && ac->order &&
			       up && up->try_to_compact_pages,
		.costly = ac->order > PAGE_ALLOC_COSTLY_ORDER,
		.priority = DEF_COMPACT_PRIORITY,
		.compacted = COMPACT_SKIPPED,
	};
}

/*
 * Blocks of a high order are more often lacking than pages are, so those are
 * made before any page is reclaimed; unmovable ones too, as what compaction
 * frees for them are blocks of their own type.
 */
static struct page *slow_compact_first(struct slow_request *rq)
{
	struct page *page;

	if (!rq->can_compact || reserve_flags(rq->gfp))
		return NULL;
	if (!rq->costly && rq->ac->migratetype == MIGRATE_MOVABLE)
		return NULL;
	page = slow_compact(rq, INIT_COMPACT_PRIORITY);
	if (page || !rq->costly || !(rq->gfp & __GFP_NORETRY))
		return page;
	/* One light try is all that it wants. */
	rq->over = rq->compacted == COMPACT_SKIPPED ||
		   rq->compacted == COMPACT_DEFERRED;
	rq->priority = INIT_COMPACT_PRIORITY;
	return NULL;
}

static struct page *slow_first(struct slow_request *rq)
{
	struct page *page;

	slow_wake_kswapds(rq);
	page = slow_try(rq, rq->alloc_flags);
	return page ? page : slow_compact_first(rq);
}

/* Takes what the task is entitled to, which may change between rounds. */
static void slow_entitle(struct slow_request *rq)
{
	struct alloc_context *ac = rq->ac;
	unsigned int reserve = reserve_flags(rq->gfp);

	if (reserve) {
		rq->alloc_flags &= ALLOC_KSWAPD | ALLOC_CMA;
		rq->alloc_flags |= reserve;
	}
	/* What the system itself depends on may come from any node. */
	if (rq->alloc_flags & ALLOC_CPUSET && !reserve)
		return;
	ac->nodemask = NULL;
	ac->preferred = first_zones_zonelist(ac->zonelist,
					     ac->highest_zoneidx, NULL);
}

/* Whether the request would rather fail than go on. */
static bool slow_gives_up(const struct slow_request *rq)
{
	if (rq->gfp & __GFP_NORETRY)
		return true;
	return rq->costly &&
	       (!rq->can_compact || !(rq->gfp & __GFP_RETRY_MAYFAIL));
}

/* A victim that found nothing in what it may have will not by waiting. */
static bool victim_is_done(const struct slow_request *rq)
{
	return tsk_is_oom_victim(current) &&
	       (rq->alloc_flags & ALLOC_OOM || rq->gfp & __GFP_NOMEMALLOC);
}

/* What CPUs keep may be what is missing, or may merge to it. */
static struct page *slow_drain(struct slow_request *rq)
{
	if (rq->drained)
		return NULL;
	rq->drained = true;
	return pcp_drain_for_request() ? slow_try(rq, rq->alloc_flags) : NULL;
}

/* A block; or NULL, and @rq->over when another round will not help. */
static struct page *slow_round(struct slow_request *rq)
{
	struct page *page;

	slow_entitle(rq);
	page = slow_try(rq, rq->alloc_flags);
	if (!page)
		page = slow_drain(rq);
	if (page)
		return page;
	/* There is a task: what may reclaim was masked until threads ran. */
	rq->over = !rq->can_reclaim || current->flags & PF_MEMALLOC;
	if (rq->over)
		return NULL;
	page = slow_reclaim(rq);
	if (!page)
		page = slow_compact(rq, rq->priority);
	if (page)
		return page;
	rq->over = slow_gives_up(rq);
	if (rq->over || reclaim_retry_worth(rq) ||
	    (rq->progress && compact_retry_worth(rq)))
		return NULL;
	page = slow_oom(rq);
	if (page)
		return page;
	rq->over = victim_is_done(rq) || !rq->progress;
	rq->no_progress_loops = 0;
	return NULL;
}

/*
 * Who must not fail gets a little more, as who cannot wait does: not all, as
 * that would only be gone for those who free memory.
 */
static struct page *slow_nofail(struct slow_request *rq)
{
	struct page *page;

	rq->over = false;
	page = slow_try(rq, ALLOC_MIN_RESERVE | ALLOC_CPUSET);
	if (!page)
		page = slow_try(rq, ALLOC_MIN_RESERVE);
	if (!page)
		cond_resched();
	return page;
}

struct page *page_alloc_slowpath(gfp_t gfp, struct alloc_context *ac)
{
	struct slow_request rq;
	struct page *page;

	nofail_check(gfp, ac->order);
	slow_begin(&rq, gfp, ac);
	page = slow_first(&rq);
	while (!page) {
		if (!rq.over)
			page = slow_round(&rq);
		if (!page && rq.over) {
			if (!rq.can_reclaim || !(gfp & __GFP_NOFAIL))
				break;
			page = slow_nofail(&rq);
		}
		/* They must not fall asleep while somebody goes around. */
		if (!page)
			slow_wake_kswapds(&rq);
	}
	if (!page)
		page_alloc_failed(gfp, ac);
	return page;
}
