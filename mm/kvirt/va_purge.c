// SPDX-License-Identifier: MIT
/*
 * Purges: what was released becomes free, once no CPU remembers how it was
 * translated.
 *
 *   collect    all that is lazy, by address          under the lock
 *   clean      each maximal run                      may sleep
 *   flush      the hull of all runs, once            may sleep
 *   free       one after another                     under the lock
 *
 * One purge runs at a time, so whoever comes to the second step knows that
 * what was released before its call is collected by itself, or was by the one
 * that it waited for, and is free by now.
 */
#include "va_internal.h"

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/list_sort.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <octavo/machine.h>
#include <octavo/plant.h>
#include <trace/events/vmalloc.h>

/* Linux's measure: 32 MiB, and as much for each doubling of CPUs; but what is
 * lazy takes an eighth of a small space at most. */
#define VA_LAZY_PAGES	(SZ_32M >> PAGE_SHIFT)
#define VA_LAZY_PART	8
/* Pages of memory for each empty chunk, whose struct takes 5 KiB. */
#define VA_CHUNK_RAM	512

/*
 * Empty chunks that are kept: those between two purges, since the next ones
 * need them, unless they take more than a 400th of memory.
 */
void va_limits_set(struct va_space *space)
{
	unsigned long lazy = (unsigned long)fls(num_online_cpus()) *
			     VA_LAZY_PAGES;
	unsigned long most = (space->end - space->start) / VA_LAZY_PART >>
			     PAGE_SHIFT;

	lazy = min(lazy, most);
	WRITE_ONCE(space->lazy_max, (long)lazy);
	WRITE_ONCE(space->empty_max, min(lazy / VA_CHUNK_PAGES,
					 totalram_pages() / VA_CHUNK_RAM));
}

bool va_purge_due(const struct va_space *space)
{
	return atomic_long_read(&space->lazy_pages) >
	       READ_ONCE(space->lazy_max);
}

void va_get_lazy(const struct va_space *space, unsigned long *lazy,
		 unsigned long *max)
{
	*lazy = (unsigned long)atomic_long_read(&space->lazy_pages);
	*max = (unsigned long)READ_ONCE(space->lazy_max);
}

/* All that is lazy comes to @batch. */
static void purge_collect(struct va_space *space, struct list_head *batch)
{
	unsigned long flags = va_lock(space);
	struct va_seg *seg;

	list_splice_init(&space->lazy, batch);
	list_for_each_entry(seg, batch, link) {
		if (seg->state == VA_CHUNK)
			va_chunk_collect(seg->chunk);
		else
			seg->state = VA_PURGING;
	}
	va_unlock(space, flags);
}

static int by_address(void *priv, const struct list_head *a,
		      const struct list_head *b)
{
	const struct va_seg *x = list_entry(a, struct va_seg, link);
	const struct va_seg *y = list_entry(b, struct va_seg, link);

	return x->start < y->start ? -1 : x->start > y->start;
}

/* What is known of the run that grows. */
struct va_runs {
	struct va_space *space;
	unsigned long start, end;	/* bytes; the run; empty at first */
	unsigned long low;		/* bytes; where the first one began */
	unsigned int nr;		/* ranges, or runs of them in a chunk */
};

static void runs_end(struct va_runs *r)
{
	const struct va_space_ops *ops = r->space->ops;

	if (r->start < r->end && ops && ops->clean)
		ops->clean(r->space->ctx, r->start, r->end);
}

/* [start, end) is to be cleaned, and lies above all before. */
static void runs_add(struct va_runs *r, unsigned long start,
		     unsigned long end)
{
	if (start != r->end) {
		runs_end(r);
		r->start = start;
	}
	if (!r->low)
		r->low = start;
	r->end = end;
	r->nr++;
}

static void runs_add_chunk(struct va_runs *r, const struct va_chunk *chunk)
{
	unsigned int i, end;

	for (i = va_map_next(chunk->purging, 0, true); i < VA_CHUNK_PAGES;
	     i = va_map_next(chunk->purging, end, true)) {
		end = va_map_next(chunk->purging, i, false);
		runs_add(r, chunk->start + i * PAGE_SIZE,
			 chunk->start + end * PAGE_SIZE);
	}
}

static void purge_clean(struct va_space *space, struct list_head *batch)
{
	const struct va_space_ops *ops = space->ops;
	struct va_runs r = { .space = space };
	struct va_seg *seg;

	list_for_each_entry(seg, batch, link) {
		if (seg->state == VA_CHUNK)
			runs_add_chunk(&r, seg->chunk);
		else
			runs_add(&r, seg->start, va_seg_end(seg));
	}
	runs_end(&r);
	if (r.low && ops && ops->flush && !PLANT(va_no_flush))
		ops->flush(space->ctx, r.low, r.end);
	if (r.nr)
		trace_purge_vmap_area_lazy(r.low, r.end, r.nr);
}

static void purge_free(struct va_space *space, struct list_head *batch)
{
	struct va_seg *seg, *next;
	VA_SPENT(spent);

	list_for_each_entry_safe(seg, next, batch, link) {
		unsigned long flags = va_lock(space);

		list_del(&seg->link);
		if (seg->state == VA_CHUNK) {
			va_chunk_purged(space, seg->chunk, &spent);
		} else {
			atomic_long_sub((long)(seg->size >> PAGE_SHIFT),
					&space->lazy_pages);
			va_seg_free(space, seg, &spent);
		}
		va_unlock(space, flags);
		va_spent_free(&spent);
	}
}

void va_purge(struct va_space *space)
{
	LIST_HEAD(batch);

	mutex_lock(&space->purge_lock);
	/* CPUs may have come or gone. */
	va_limits_set(space);
	purge_collect(space, &batch);
	if (!list_empty(&batch)) {
		list_sort(NULL, &batch, by_address);
		purge_clean(space, &batch);
		purge_free(space, &batch);
	}
	mutex_unlock(&space->purge_lock);
}
