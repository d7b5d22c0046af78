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

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <octavo/free_runs.h>

#include "buddy.h"

typedef void (*run_fn)(void *ctx, unsigned long pfn, unsigned long nr);

/* Whether the frame @i of @pb is free. */
static bool frame_is_free(const struct pageblock *pb, unsigned int i)
{
	return pb->map[i / 64] >> (i % 64) & 1;
}

/* Where the frames from @i on change, or the pageblock ends. */
static unsigned int run_end(const struct pageblock *pb, unsigned int i)
{
	u64 flip = frame_is_free(pb, i) ? ~0ULL : 0, word;

	for (;; i = ALIGN(i + 1, 64)) {
		if (i >= pageblock_nr_pages)
			return pageblock_nr_pages;
		word = (pb->map[i / 64] ^ flip) >> (i % 64);
		if (word)
			return i + (unsigned int)__ffs(word);
	}
}

static void pageblock_for_each_run(const struct pageblock *pb,
				   unsigned long pfn, run_fn fn, void *ctx)
{
	unsigned int i, end;

	for (i = 0; i < pageblock_nr_pages; i = end) {
		end = run_end(pb, i);
		if (frame_is_free(pb, i))
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
