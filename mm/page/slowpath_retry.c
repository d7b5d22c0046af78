// SPDX-License-Identifier: MIT
/*
 * Whether a request that reclaim and compaction did not help goes around once
 * more.
 *
 * Reclaim: as long as some zone would be above the min mark if all that could
 * be reclaimed were, and at most MAX_RECLAIM_RETRIES times in a row without a
 * page freed. For costly orders pages freed count for nothing: they seldom
 * make a block.
 *
 * Compaction: it goes from COMPACT_PRIO_ASYNC over SYNC_LIGHT, where costly
 * orders end, to SYNC_FULL. When it had too few free pages to work with, once
 * reclaim could bring as many; when it made a block that somebody else took,
 * MAX_COMPACT_RETRIES times at each priority (costly orders a quarter of
 * that); else with the next priority.
 *
 * Locks: none.
 */
#include "internal.h"

#include <linux/sched.h>

#include <trace/events/oom.h>

#define MAX_RECLAIM_RETRIES	16
#define MAX_COMPACT_RETRIES	16

/* Free pages that moving pages around for a block of @order needs. */
static unsigned long compact_gap(unsigned int order)
{
	return 2UL << order;
}

static unsigned long reclaimable_pages(struct zone *zone)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;
	unsigned long pages = zone_page_state(zone, NR_ZONE_INACTIVE_FILE) +
			      zone_page_state(zone, NR_ZONE_ACTIVE_FILE);

	if (up && up->swappable_pages)
		pages += up->swappable_pages(zone);
	return pages;
}

/* Whether a zone could serve the request if everything were reclaimed. */
static bool reclaim_may_suffice(const struct slow_request *rq)
{
	const struct alloc_context *ac = rq->ac;
	struct zoneref *z;
	struct zone *zone;

	for_each_zone_zonelist_nodemask(zone, z, ac->zonelist,
					ac->highest_zoneidx, ac->nodemask) {
		unsigned long reclaimable = reclaimable_pages(zone);
		unsigned long could = reclaimable +
				      zone_page_state(zone, NR_FREE_PAGES);
		unsigned long mark = min_wmark_pages(zone);
		bool enough = zone_watermark_test(zone, ac->order, mark,
						  (int)ac->highest_zoneidx,
						  rq->alloc_flags, (long)could);

		trace_reclaim_retry_zone(z, (int)ac->order, reclaimable, could,
					 mark, rq->no_progress_loops, enough);
		if (enough)
			return true;
	}
	return false;
}

/* Somebody else has to run for memory to be freed. */
static void let_others_run(void)
{
	/* The work that frees memory may wait behind this one. */
	if (current->flags & PF_WQ_WORKER)
		schedule_timeout_uninterruptible(1);
	else
		cond_resched();
}

bool reclaim_retry_worth(struct slow_request *rq)
{
	if (rq->progress && !rq->costly)
		rq->no_progress_loops = 0;
	else
		rq->no_progress_loops++;
	if (rq->no_progress_loops <= MAX_RECLAIM_RETRIES) {
		bool worth = reclaim_may_suffice(rq);

		let_others_run();
		if (worth)
			return true;
	}
	/* Before anybody is ended, the last of what was kept. */
	return highatomic_unreserve(rq->ac, true);
}

/* Whether reclaim could bring what compaction needs to begin with. */
static bool compaction_may_begin(const struct slow_request *rq)
{
	const struct alloc_context *ac = rq->ac;
	struct zoneref *z;
	struct zone *zone;

	for_each_zone_zonelist_nodemask(zone, z, ac->zonelist,
					ac->highest_zoneidx, ac->nodemask) {
		/* Not all of it may come from where it is needed. */
		unsigned long could = reclaimable_pages(zone) / ac->order +
				      zone_page_state(zone, NR_FREE_PAGES);
		unsigned long mark = rq->costly ? low_wmark_pages(zone) :
						  min_wmark_pages(zone);

		if (zone_watermark_test(zone, 0, mark + compact_gap(ac->order),
					(int)ac->highest_zoneidx, ALLOC_CMA,
					(long)could))
			return true;
	}
	return false;
}

/* As Linux's events name what compaction came to. */
static int compact_feedback(enum compact_result result)
{
	switch (result) {
	case COMPACT_SUCCESS:
		return 3;	/* progress */
	case COMPACT_COMPLETE:
	case COMPACT_PARTIAL_SKIPPED:
		return 1;	/* failed */
	default:
		return 2;	/* withdrawn: it was not, or hardly, tried */
	}
}

static bool compact_retry_next(struct slow_request *rq, unsigned int retries)
{
	enum compact_priority hardest = rq->costly ?
		MIN_COMPACT_COSTLY_PRIORITY : MIN_COMPACT_PRIORITY;

	if (rq->compacted == COMPACT_SKIPPED)
		return compaction_may_begin(rq);
	if (rq->compacted == COMPACT_SUCCESS &&
	    ++rq->compaction_retries <= retries)
		return true;
	if (rq->priority <= hardest)
		return false;
	rq->priority--;
	rq->compaction_retries = 0;
	return true;
}

bool compact_retry_worth(struct slow_request *rq)
{
	unsigned int retries = MAX_COMPACT_RETRIES / (rq->costly ? 4 : 1);
	enum compact_priority priority = rq->priority;
	bool worth;

	if (!rq->can_compact)
		return false;
	worth = compact_retry_next(rq, retries);
	trace_compact_retry((int)rq->ac->order, (int)priority,
			    compact_feedback(rq->compacted),
			    (int)rq->compaction_retries, (int)retries, worth);
	return worth;
}
