/* SPDX-License-Identifier: MIT */
/*
 * Shrinkers: who keeps objects that are not needed now says how many, and
 * frees some when memory is short. See mm/reclaim/shrinker.c.
 */
#ifndef _LINUX_SHRINKER_H
#define _LINUX_SHRINKER_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/completion.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct mem_cgroup;

/* What a call of a shrinker is about. */
struct shrink_control {
	gfp_t gfp_mask;		/* of the request: what may be done for it */
	int nid;		/* node that is short; 0 without NUMA_AWARE */
	unsigned long nr_to_scan;	/* objects to look at */
	unsigned long nr_scanned;	/* and how many scan_objects looked at,
					 * which may set it */
	struct mem_cgroup *memcg;	/* NULL */
};

#define SHRINK_STOP	(~0UL)		/* scan: no progress is possible now */
#define SHRINK_EMPTY	(~0UL - 1)	/* count: there is nothing at all */
#define DEFAULT_SEEKS	2
#define SHRINK_BATCH	128

#define SHRINKER_REGISTERED	BIT(0)	/* set by shrinker_register() */
#define SHRINKER_ALLOCATED	BIT(1)	/* set by shrinker_alloc() */
#define SHRINKER_NUMA_AWARE	BIT(2)	/* counts and scans one node's */
#define SHRINKER_MEMCG_AWARE	BIT(3)	/* nothing: there are no groups */
#define SHRINKER_NONSLAB	BIT(4)	/* objects are no slab's */

/*
 * u: its user, before shrinker_register(); r: mm/reclaim.
 *
 * count_objects: how many could be freed, SHRINK_EMPTY or 0 for none; cheap.
 * scan_objects: frees up to nr_to_scan, those longest not used first; how many
 * were freed, or SHRINK_STOP. Both may be called at any time from register to
 * free, by several tasks at once; they may sleep, and may allocate: what they
 * ask for then comes from reserves and reclaims nothing.
 */
struct shrinker {
	unsigned long (*count_objects)(struct shrinker *s,
				       struct shrink_control *sc);	/* u */
	unsigned long (*scan_objects)(struct shrinker *s,
				      struct shrink_control *sc);	/* u */
	long batch;		/* u: objects a scan; 0: SHRINK_BATCH */
	int seeks;		/* u: cost of making an object anew: the higher
				 * the fewer go; 0: half of all at once */
	unsigned int flags;	/* r: SHRINKER_* */
	atomic_t refs;		/* r: calls under way, and the registration */
	struct completion done;	/* r: refs are 0 */
	struct rcu_head rcu;	/* r */
	void *private_data;	/* u */
	struct list_head list;	/* r: reclaim.shrinkers */
	atomic_long_t *nr_deferred;	/* r: by node: objects that were to be
					 * scanned and could not be */
	char *name;		/* r */
};

/*
 * A shrinker that is not in use yet: its user sets the callbacks and calls
 * shrinker_register(). NULL when memory lacks. May sleep.
 */
struct shrinker * __printf(2, 3)
shrinker_alloc(unsigned int flags, const char *fmt, ...);
/* From now on it is called. One without callbacks is reported, and is not. */
void shrinker_register(struct shrinker *shrinker);
/*
 * Ends @shrinker, registered or not, and frees it; waits for calls under way,
 * so not from a callback. NULL is let pass. May sleep.
 */
void shrinker_free(struct shrinker *shrinker);

#endif
