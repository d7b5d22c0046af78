// SPDX-License-Identifier: MIT
/*
 * failslab: requests for objects that fail by the rules of linux/
 * fault-inject.h, of which `size` is the size of the object.
 *
 *   failslab=<interval>,<probability>,<space>,<times>    at start-up
 *   failslab/<file>                                      later
 *   failslab_fail_nth()                                  the k-th of all
 *   fault_task_nth(), self/fail-nth                      of one thread
 *
 * Left alone, whatever the rules say:
 *
 *   __GFP_NOFAIL          never fails
 *   __GFP_DIRECT_RECLAIM  unless ignore-gfp-wait is 0
 *   caches without SLAB_FAILSLAB, if cache-filter is 1; large blocks then too
 *   the allocator's own caches, and start-up's requests
 *
 * A number counts all but the last kind, so that a sweep meets each request
 * of a call, whether it may sleep or not.
 *
 * Requests are watched (slab_watch.c) while the probability is not 0, or a
 * number or a thread counts down. Threads' countdowns are not searched for:
 * once one was set, requests stay watched until one is set to 0.
 *
 * Locks: none here; slab_watch_set() takes claim_lock.
 */
#include "slab_watch.h"

#include <octavo/failslab.h>

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

static struct failslab *this_fail(void)
{
	struct failslab *f = &slab_debug_state()->fail;

	/* Zeroed so far: what Linux begins with. */
	if (unlikely(!f->attr.name)) {
		f->attr = (struct fault_attr){ FAULT_ATTR_VALUES };
		f->ignore_gfp_wait = true;
		f->attr.name = "failslab";
	}
	return f;
}

static void fail_update(void)
{
	const struct failslab *f = this_fail();

	slab_watch_set(SLAB_WATCH_FAIL, f->attr.probability || f->tasks ||
		       atomic_long_read(&f->nth) > 0);
}

static int __init option_failslab(char *val)
{
	const char *fault = fault_attr_parse(&this_fail()->attr, val);

	return fault ? option_malformed("failslab", val, fault) : 0;
}
early_param("failslab", option_failslab);

void __init failslab_setup(void)
{
	fail_update();
}

/* Whether this is the request that failslab_fail_nth() named. */
static bool nth_fails(struct failslab *f)
{
	long nth = atomic_long_read(&f->nth), old;

	while (nth > 0) {
		old = atomic_long_cmpxchg(&f->nth, nth, nth - 1);
		if (old == nth)
			return nth == 1;
		nth = old;
	}
	return false;
}

bool should_failslab(const struct kmem_cache *cache, size_t size, gfp_t gfp)
{
	struct failslab *f = this_fail();

	if (gfp & __GFP_NOFAIL || system_state == SYSTEM_BOOTING)
		return false;
	if (unlikely(nth_fails(f)))
		return true;
	if (f->ignore_gfp_wait && gfp & __GFP_DIRECT_RECLAIM)
		return false;
	if (f->cache_filter && !(cache && cache->flags & SLAB_FAILSLAB))
		return false;
	return should_fail_ex(&f->attr, (ssize_t)size,
			      gfp & __GFP_NOWARN ? FAULT_NOWARN : 0);
}

void failslab_fail_nth(long nth)
{
	atomic_long_set(&this_fail()->nth, nth);
	fail_update();
}

long failslab_fail_left(void)
{
	long nth = atomic_long_read(&this_fail()->nth);

	return nth > 0 ? nth : 0;
}

void failslab_fail_task_nth(unsigned int nth)
{
	this_fail()->tasks = nth;
	fault_task_nth(nth);
	fail_update();
}

/* ---- the files --------------------------------------------------------- */

int failslab_read(const char *name, long *value)
{
	const struct failslab *f = this_fail();

	if (!strcmp(name, "ignore-gfp-wait"))
		*value = f->ignore_gfp_wait;
	else if (!strcmp(name, "cache-filter"))
		*value = f->cache_filter;
	else
		return fault_attr_read(&f->attr, name, value);
	return 0;
}

int failslab_write(const char *name, long value)
{
	struct failslab *f = this_fail();
	bool *flag = NULL;
	int err = 0;

	if (!strcmp(name, "ignore-gfp-wait"))
		flag = &f->ignore_gfp_wait;
	else if (!strcmp(name, "cache-filter"))
		flag = &f->cache_filter;
	if (!flag)
		err = fault_attr_write(&f->attr, name, value);
	else if (value < 0 || value > 1)
		err = -EINVAL;
	else
		*flag = value;
	if (!err)
		fail_update();
	return err;
}
