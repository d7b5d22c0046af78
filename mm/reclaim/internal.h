/* SPDX-License-Identifier: MIT */
/* Calls between the files of mm/reclaim. */
#ifndef _MM_RECLAIM_INTERNAL_H
#define _MM_RECLAIM_INTERNAL_H

#include <linux/shrinker.h>

#include <octavo/machine.h>
#include <octavo/reclaim.h>

/* How hard to try: a pass takes one object in 2^priority. */
#define DEF_PRIORITY	12

/*
 * Has each shrinker free its share of what it has of node @nid; the objects
 * that were freed. May sleep.
 */
unsigned long shrink_slab(gfp_t gfp, int nid, int priority);
/* Stops the machine unless the invariants in shrinker.c hold. May sleep. */
void shrinkers_check(void);

static inline struct reclaim_state *reclaim_state(void)
{
	return &this_machine()->reclaim;
}

#endif
