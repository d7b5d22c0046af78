// SPDX-License-Identifier: MIT
/*
 * Shrinkers: users' caches that get smaller when memory is short.
 *
 *   alloc ──► register ──► called, by any number of tasks ──► free
 *             refs = 1       refs + 1 each                     refs - 1, wait
 *                                                              for 0, unlink,
 *                                                              grace period
 *
 * Tasks walk the list in a read section, which they leave for each call: the
 * reference keeps the shrinker, and its place on the list, meanwhile.
 *
 * How many objects a pass scans. With `count` that could go, seeks s and
 * priority p: count / 2^p * 4 / s, or half of count when s is 0. They go in
 * batches; what is less than a batch, and what could not be done (SHRINK_STOP,
 * or a request that may not do what it takes), is kept for the next pass on
 * that node, up to twice of what there is, so that small shares add up.
 *
 * Invariants (shrinkers_check())
 *   I1  nr_shrinkers is the length of the list
 *   I2  each on it is registered, has both callbacks and a reference
 *   I3  deferred objects are at least 0
 *
 * Locks: reclaim.mutex for the list's changes; callbacks are called with none.
 *
 * Failure: without memory shrinker_alloc() returns NULL. Registering never
 * fails.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stdarg.h>
#include <linux/vmstat.h>
#include <trace/events/vmscan.h>

#define SHRINKER_USER_FLAGS						\
	(SHRINKER_NUMA_AWARE | SHRINKER_MEMCG_AWARE | SHRINKER_NONSLAB)

/* ---- life ------------------------------------------------------------- */

static void shrinker_destroy(struct shrinker *s)
{
	kfree(s->nr_deferred);
	kfree(s->name);
	kfree(s);
}

struct shrinker *shrinker_alloc(unsigned int flags, const char *fmt, ...)
{
	size_t nodes = (size_t)this_machine()->nr_nodes;
	struct shrinker *s;
	va_list args;

	if (flags & ~SHRINKER_USER_FLAGS) {
		pr_err("shrinker_alloc: '%s': flags %#x mean nothing\n", fmt,
		       flags & ~(unsigned int)SHRINKER_USER_FLAGS);
		return NULL;
	}
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return NULL;
	va_start(args, fmt);
	s->name = kvasprintf(GFP_KERNEL, fmt, args);
	va_end(args);
	s->nr_deferred = kcalloc(nodes, sizeof(*s->nr_deferred), GFP_KERNEL);
	if (!s->name || !s->nr_deferred) {
		shrinker_destroy(s);
		return NULL;
	}
	s->flags = flags | SHRINKER_ALLOCATED;
	s->seeks = DEFAULT_SEEKS;
	init_completion(&s->done);
	return s;
}

void shrinker_register(struct shrinker *s)
{
	struct reclaim_state *r = reclaim_state();

	if (!(s->flags & SHRINKER_ALLOCATED)) {
		pr_err("shrinker_register: it does not come from shrinker_alloc()\n");
		return;
	}
	if (!s->count_objects || !s->scan_objects) {
		pr_err("shrinker_register: '%s' has no %s\n", s->name,
		       s->count_objects ? "scan_objects" : "count_objects");
		return;
	}
	mutex_lock(&r->mutex);
	if (s->flags & SHRINKER_REGISTERED) {
		pr_err("shrinker_register: '%s' is registered\n", s->name);
	} else {
		s->flags |= SHRINKER_REGISTERED;
		atomic_set(&s->refs, 1);
		list_add_tail_rcu(&s->list, &r->shrinkers);
		r->nr_shrinkers++;
	}
	mutex_unlock(&r->mutex);
}

static bool shrinker_try_get(struct shrinker *s)
{
	return atomic_inc_not_zero(&s->refs);
}

static void shrinker_put(struct shrinker *s)
{
	if (atomic_dec_and_test(&s->refs))
		complete(&s->done);
}

static void shrinker_free_rcu(struct rcu_head *head)
{
	shrinker_destroy(container_of(head, struct shrinker, rcu));
}

void shrinker_free(struct shrinker *s)
{
	struct reclaim_state *r = reclaim_state();

	might_sleep();
	if (!s)
		return;
	if (!(s->flags & SHRINKER_REGISTERED)) {
		shrinker_destroy(s);
		return;
	}
	shrinker_put(s);
	wait_for_completion(&s->done);
	mutex_lock(&r->mutex);
	list_del_rcu(&s->list);
	r->nr_shrinkers--;
	mutex_unlock(&r->mutex);
	/* A walker may be about to try for a reference. */
	call_rcu(&s->rcu, shrinker_free_rcu);
}

/* ---- calls ------------------------------------------------------------ */

/* Objects that this pass takes of @count, besides deferred ones. */
static long objects_due(const struct shrinker *s, unsigned long count,
			int priority)
{
	if (!s->seeks)
		return (long)(count / 2);
	return (long)((count >> priority) * 4 / (unsigned long)s->seeks);
}

/* Scans up to @*due objects in batches; the freed. @*due: what is left. */
static unsigned long scan_batches(struct shrinker *s,
				  struct shrink_control *sc, long count,
				  long *due)
{
	long batch = s->batch ?: SHRINK_BATCH;
	unsigned long freed = 0, got;

	/* Less than a batch only if that is all there is. */
	while (*due > 0 && (*due >= batch || *due >= count)) {
		sc->nr_to_scan = (unsigned long)min(batch, *due);
		sc->nr_scanned = sc->nr_to_scan;
		got = s->scan_objects(s, sc);
		if (got == SHRINK_STOP)
			break;
		freed += got;
		count_vm_events(SLABS_SCANNED, (long)sc->nr_scanned);
		*due -= (long)sc->nr_scanned;
		/* One that looks at nothing would be asked for ever. */
		if (!sc->nr_scanned)
			break;
		cond_resched();
	}
	return freed;
}

static unsigned long shrinker_call(struct shrinker *s, gfp_t gfp, int nid,
				   int priority)
{
	struct shrink_control sc = {
		.gfp_mask = gfp,
		.nid = s->flags & SHRINKER_NUMA_AWARE ? nid : 0,
	};
	atomic_long_t *deferred = &s->nr_deferred[sc.nid];
	unsigned long objects = s->count_objects(s, &sc), freed;
	long count, was, share, due, left, undone;

	if (!objects || objects == SHRINK_EMPTY)
		return 0;
	count = (long)min(objects, (unsigned long)LONG_MAX / 8);
	was = atomic_long_xchg(deferred, 0);
	share = objects_due(s, (unsigned long)count, priority);
	due = left = min((was >> priority) + share, 2 * count);
	trace_mm_shrink_slab_start(s, &sc, was, (unsigned long)count,
				   (unsigned long long)share,
				   (unsigned long)due, priority);
	freed = scan_batches(s, &sc, count, &left);
	undone = left;
	left += was + share - due;
	if (left > 0)
		atomic_long_add(min(left, 2 * count), deferred);
	trace_mm_shrink_slab_end(s, sc.nid, (int)freed, was,
				 atomic_long_read(deferred), undone);
	return freed;
}

unsigned long shrink_slab(gfp_t gfp, int nid, int priority)
{
	struct reclaim_state *r = reclaim_state();
	unsigned long freed = 0;
	struct shrinker *s;

	rcu_read_lock();
	list_for_each_entry_rcu(s, &r->shrinkers, list) {
		if (!shrinker_try_get(s))
			continue;
		rcu_read_unlock();
		freed += shrinker_call(s, gfp, nid, priority);
		rcu_read_lock();
		/* Its place on the list was kept until here. */
		shrinker_put(s);
	}
	rcu_read_unlock();
	return freed;
}

void shrinkers_check(void)
{
	struct reclaim_state *r = reclaim_state();
	const struct shrinker *s;
	unsigned int nr = 0;
	int nid;

	mutex_lock(&r->mutex);
	list_for_each_entry(s, &r->shrinkers, list) {
		BUG_ON(!(s->flags & SHRINKER_REGISTERED));	/* I2 */
		BUG_ON(!s->count_objects || !s->scan_objects);
		for (nid = 0; nid < this_machine()->nr_nodes; nid++)
			BUG_ON(atomic_long_read(&s->nr_deferred[nid]) < 0);
		nr++;
	}
	BUG_ON(nr != r->nr_shrinkers);				/* I1 */
	mutex_unlock(&r->mutex);
}
