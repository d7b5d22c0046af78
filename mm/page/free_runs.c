// SPDX-License-Identifier: MIT
/*
 * Which frames are free: for an owner of the memory behind them who wants to
 * do something to it meanwhile, such as giving it back to a system below.
 *
 * A pageblock's map has a bit for each frame, so a run is a run of bits.
 *
 * Locks: zone->lock, for each pageblock anew.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <octavo/free_runs.h>

#include "buddy.h"

typedef void (*run_fn)(void *ctx, unsigned long pfn, unsigned long nr);

static void pageblock_for_each_run(const struct pageblock *pb,
				   unsigned long pfn, run_fn fn, void *ctx)
{
	unsigned int i, end;

	for (i = 0; i < pageblock_nr_pages; i = end) {
		end = pageblock_run_end(pb, i);
		if (pageblock_frame_free(pb, i))
			fn(ctx, pfn + i, end - i);
	}
}

void zone_for_each_free_run(struct zone *zone, run_fn fn, void *ctx)
{
	unsigned long number, pfn, flags;

	for (number = 0; number < zone->nr_pageblocks; number++) {
		pfn = pageblock_pfn(zone, number);
		spin_lock_irqsave(&zone->lock, flags);
		if (pfn >= READ_ONCE(zone->first_deferred_pfn)) {
			spin_unlock_irqrestore(&zone->lock, flags);
			break;
		}
		pageblock_for_each_run(pageblock_open(zone, number), pfn, fn,
				       ctx);
		spin_unlock_irqrestore(&zone->lock, flags);
	}
}
