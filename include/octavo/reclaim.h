/* SPDX-License-Identifier: MIT */
/* Reclaim, as start-up and ports see it: mm/reclaim/vmscan.c. */
#ifndef _OCTAVO_RECLAIM_H
#define _OCTAVO_RECLAIM_H

#include <linux/list.h>
#include <linux/mutex_types.h>
#include <linux/types.h>

/* m: mutex */
struct reclaim_state {
	struct mutex mutex;		/* of shrinkers coming and going */
	struct list_head shrinkers;	/* m, or RCU: by shrinker.list */
	unsigned int nr_shrinkers;	/* m */
};

/* Start-up, after kmem_cache_init(); and when threads can be made. */
void reclaim_setup(void);
void reclaim_setup_late(void);
/*
 * Gives back what caches that nobody has used since the last call keep, and
 * has kfree_rcu()'s objects freed; the pages that became free. Called every
 * two seconds by a thread of ports with a tick. May sleep.
 */
unsigned long reclaim_idle(void);

#endif
