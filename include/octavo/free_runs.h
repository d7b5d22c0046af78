/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_FREE_RUNS_H
#define _OCTAVO_FREE_RUNS_H

struct zone;

/*
 * Calls @fn for each run of frames in @zone's free lists, in order of
 * addresses; a run ends with its pageblock at the latest. @fn runs under the
 * zone's lock, which is dropped between pageblocks: during the call, nobody
 * gets the frames. Frames that CPUs keep, and those without struct pages yet,
 * are left out. Any context but NMI.
 */
void zone_for_each_free_run(struct zone *zone,
			    void (*fn)(void *ctx, unsigned long pfn,
				       unsigned long nr),
			    void *ctx);

#endif
