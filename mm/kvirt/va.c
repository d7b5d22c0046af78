// SPDX-License-Identifier: MIT
/*
 * The allocator of kernel addresses: which range of a space is whose.
 *
 * Terms. A space is cut into segments without a gap (va_seg.c): instant fit
 * by lists of powers of two, boundary tags in address order. A chunk is a
 * segment (2 MiB, 512 KiB on 32 bits) that is cut up for ranges of up to 64
 * pages, by CPUs that have one each, without a lock (va_chunk.c, va_map.h). A
 * table of slots of that size leads from an address to its chunk, or to its
 * segment (va_table.c). A purge makes what was released free (va_purge.c).
 *
 *   slots   |        |        |        |        |        |        |
 *   space   [ free  ][a][ b  ][ chunk ][lazy][ c     ][ chunk ][ free    ]
 *                              |               small ranges,
 *                              +-------------> 512 bits, owners
 *
 * A range is owned, then disowned (its owner takes its mappings away), lazy
 * (released; some CPU may still remember how it was translated), purging, and
 * free again.
 *
 * Large ranges, and those for which a window of addresses or an alignment of
 * more than 64 pages was asked, are segments. So are all in a space that has
 * not room for several chunks for each CPU. When there is no segment left for
 * a request, empty chunks are given back, and small ranges go to whatever
 * chunk has room; then, if the request may sleep, a purge follows and CPUs
 * give their chunks up.
 *
 * Invariants: va_check.c.
 *
 * Locks. purge_lock, of who purges or claims the CPUs' sections, who may
 * sleep; inside of it, or of a section, the space's lock, with interrupts
 * off. Nothing is allocated or freed, and no callback made, with the lock
 * held; callbacks make no requests of the same space that may sleep. A fault
 * under the lock would wait for itself, so the lock says which CPU has it, and
 * va_find() on that one answers that it does not know. In chunks va_find()
 * takes no lock.
 *
 * Failure. A request that finds no memory for its bookkeeping has changed
 * nothing. What is released is noted in what it has. A wrong call is one
 * warning, and changes nothing.
 *
 * Differs from Linux: no tree, neither of what is free nor of what is in use;
 * a small range lies in no order of addresses; nobody but who asks for a
 * purge makes one.
 */
#include "va_range.h"

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/smp.h>

int va_space_create(struct va_space **spacep, unsigned long start,
		    unsigned long end, const struct va_space_ops *ops,
		    void *ctx)
{
	struct va_space *space;
	int err;

	if (!start || start >= end || !PAGE_ALIGNED(start) ||
	    !PAGE_ALIGNED(end))
		return -EINVAL;
	space = kzalloc(sizeof(*space), GFP_KERNEL);
	if (!space)
		return -ENOMEM;
	space->start = start;
	space->end = end;
	va_limits_set(space);
	space->ops = ops;
	space->ctx = ctx;
	spin_lock_init(&space->lock);
	mutex_init(&space->purge_lock);
	err = va_chunks_create(space);
	if (!err)
		err = va_table_create(space);
	if (!err)
		err = va_segs_create(space);
	if (err) {
		va_table_destroy(space);
		va_chunks_destroy(space);
		kfree(space);
		return err;
	}
	*spacep = space;
	return 0;
}

/* Pages in ranges that are owned or disowned. */
static unsigned long pages_used(struct va_space *space)
{
	struct va_cpu sums;

	va_cpu_sums(space, &sums);
	return READ_ONCE(space->used) + (unsigned long)sums.used;
}

void va_shrink(struct va_space *space)
{
	va_purge(space);
	va_chunks_drain(space);
	va_chunks_trim(space);
}

void va_space_destroy(struct va_space *space)
{
	va_purge(space);
	WARN(pages_used(space), "%lu pages of a space of addresses [%#lx, %#lx) that goes are in use\n",
	     pages_used(space), space->start, space->end);
	va_segs_destroy(space);
	va_table_destroy(space);
	va_chunks_destroy(space);
	mutex_destroy(&space->purge_lock);
	kfree(space);
}

/* ---- requests --------------------------------------------------------- */

static bool request_is_wrong(const struct va_request *req)
{
	return WARN(!req->size || !is_power_of_2(req->align) || !req->owner ||
		    (req->size | req->align) & ~PAGE_MASK,
		    "va_alloc: %#lx bytes on a multiple of %#lx for %p\n",
		    req->size, req->align, req->owner);
}

static unsigned long alloc_try(struct va_space *space,
			       const struct va_request *req, bool *full)
{
	const struct va_seg *seg;
	unsigned long at;

	if (va_is_small(space, req)) {
		at = va_chunk_alloc(space, req, full);
		if (at)
			return at;
	}
	seg = va_seg_alloc(space, req, full);
	return seg ? seg->start : 0;
}

/* The same when there is hardly anything left. */
static unsigned long alloc_rest(struct va_space *space,
				const struct va_request *req, bool *full)
{
	const struct va_seg *seg;
	unsigned long at;

	if (va_is_small(space, req)) {
		at = va_chunk_alloc_any(space, req);
		if (at)
			return at;
	}
	if (!va_chunks_trim(space) && !*full)
		return 0;
	seg = va_seg_alloc(space, req, full);
	return seg ? seg->start : 0;
}

static noinline unsigned long alloc_slow(struct va_space *space,
					 unsigned long size,
					 unsigned long align,
					 unsigned long min, unsigned long max,
					 void *owner, gfp_t gfp)
{
	struct va_request req = {
		.size = size, .align = align, .owner = owner, .gfp = gfp,
		.min = max(min, space->start), .max = min(max, space->end),
	};
	bool full = false;
	unsigned long at;

	if (request_is_wrong(&req))
		return 0;
	if (req.min >= req.max || req.max - req.min < size)
		return 0;
	at = alloc_try(space, &req, &full);
	if (!at)
		at = alloc_rest(space, &req, &full);
	if (at || !gfpflags_allow_blocking(gfp))
		return at;
	va_purge(space);
	va_chunks_drain(space);
	return alloc_rest(space, &req, &full);
}

/* Whether nothing is said that the fast path does not look at. */
static __always_inline bool request_is_plain(const struct va_space *space,
					     unsigned long size,
					     unsigned long align,
					     unsigned long min,
					     unsigned long max)
{
	return size - 1 < VA_RANGE_MAX * PAGE_SIZE && align == PAGE_SIZE &&
	       !(size & ~PAGE_MASK) && min <= space->start &&
	       max >= space->end;
}

unsigned long va_alloc(struct va_space *space, unsigned long size,
		       unsigned long align, unsigned long min,
		       unsigned long max, void *owner, gfp_t gfp)
{
	unsigned long at;

	if (likely(request_is_plain(space, size, align, min, max) && owner &&
		   space->cpu)) {
		at = va_range_alloc(space, (unsigned int)(size >> PAGE_SHIFT),
				    owner);
		if (likely(at))
			return at;
	}
	return alloc_slow(space, size, align, min, max, owner, gfp);
}

/* ---- what becomes of them --------------------------------------------- */

/* The segment that starts at @addr and is in @state, or NULL. Locked. */
static struct va_seg *seg_starts(struct va_space *space, unsigned long addr,
				 enum va_state state)
{
	struct va_seg *seg;

	if (addr < space->start || addr >= space->end)
		return NULL;
	seg = va_table_at(space, addr);
	return seg->start == addr && seg->state == state ? seg : NULL;
}

static void *seg_disown(struct va_space *space, unsigned long addr,
			unsigned int kinds, unsigned long *sizep)
{
	unsigned long flags = va_lock(space);
	struct va_seg *seg = seg_starts(space, addr, VA_OWNED);
	void *owner = NULL;

	if (seg && va_kind_fits(seg->owner, kinds)) {
		owner = seg->owner;
		seg->owner = NULL;
		seg->state = VA_DISOWNED;
		space->nr_areas--;
		*sizep = seg->size;
	}
	va_unlock(space, flags);
	return owner;
}

static bool seg_release(struct va_space *space, unsigned long addr)
{
	unsigned long flags = va_lock(space);
	struct va_seg *seg = seg_starts(space, addr, VA_DISOWNED);

	if (seg) {
		seg->state = VA_LAZY;
		list_add_tail(&seg->link, &space->lazy);
		space->used -= seg->size >> PAGE_SHIFT;
		atomic_long_add((long)(seg->size >> PAGE_SHIFT),
				&space->lazy_pages);
	}
	va_unlock(space, flags);
	return seg;
}

static bool seg_cancel(struct va_space *space, unsigned long addr)
{
	unsigned long flags = va_lock(space);
	struct va_seg *seg = seg_starts(space, addr, VA_DISOWNED);
	VA_SPENT(spent);

	if (seg) {
		space->used -= seg->size >> PAGE_SHIFT;
		va_seg_free(space, seg, &spent);
	}
	va_unlock(space, flags);
	va_spent_free(&spent);
	return seg;
}

void *va_disown_kind(struct va_space *space, unsigned long addr,
		     unsigned int kinds, unsigned long *sizep)
{
	struct va_chunk *chunk;
	void *owner;

	preempt_disable();
	chunk = va_chunk_at(space, addr);
	if (likely(chunk))
		owner = va_range_disown(space, chunk, addr, kinds, sizep);
	else
		owner = seg_disown(space, addr, kinds, sizep);
	preempt_enable();
	return owner;
}

void va_release(struct va_space *space, unsigned long addr)
{
	struct va_chunk *chunk;
	bool ok;

	preempt_disable();
	chunk = va_chunk_at(space, addr);
	if (likely(chunk))
		ok = va_range_release(space, chunk, addr);
	else
		ok = seg_release(space, addr);
	preempt_enable();
	WARN(!ok, "va_release: no disowned range starts at %#lx\n", addr);
}

static bool range_cancel(struct va_space *space, struct va_chunk *chunk,
			 unsigned long addr)
{
	unsigned int n = va_range_end(this_cpu_ptr(space->cpu), chunk, addr);

	if (n)
		va_chunk_free(space, chunk, va_page(addr), n);
	return n;
}

void va_cancel(struct va_space *space, unsigned long addr)
{
	struct va_chunk *chunk;
	bool ok;

	preempt_disable();
	chunk = va_chunk_at(space, addr);
	if (chunk)
		ok = range_cancel(space, chunk, addr);
	else
		ok = seg_cancel(space, addr);
	preempt_enable();
	WARN(!ok, "va_cancel: no disowned range starts at %#lx\n", addr);
}

/* ---- questions -------------------------------------------------------- */

/* Whether this CPU has the lock: it faulted, or was interrupted, inside. */
static bool lock_is_mine(const struct va_space *space)
{
	unsigned int holder;

	preempt_disable();
	holder = port_load(&space->holder, __ATOMIC_RELAXED);
	holder = holder == smp_processor_id() + 1;
	preempt_enable();
	return holder;
}

static bool seg_tell(const struct va_seg *seg, struct va_area *area)
{
	if (seg->state != VA_OWNED)
		return false;
	area->start = seg->start;
	area->size = seg->size;
	area->owner = seg->owner;
	return true;
}

static bool seg_find(struct va_space *space, unsigned long addr,
		     struct va_area *area)
{
	unsigned long flags;
	bool found;

	if (addr < space->start || addr >= space->end || lock_is_mine(space))
		return false;
	flags = va_lock(space);
	found = seg_tell(va_table_at(space, addr), area);
	va_unlock(space, flags);
	return found;
}

bool va_find(struct va_space *space, unsigned long addr,
	     struct va_area *area)
{
	const struct va_chunk *chunk;
	bool found;

	preempt_disable();
	chunk = va_chunk_at(space, addr);
	if (chunk)
		found = va_chunk_find(chunk, addr, area);
	else
		found = seg_find(space, addr, area);
	preempt_enable();
	return found;
}

/* The first owned range from @addr on that begins in @seg. */
static bool seg_next(const struct va_seg *seg, unsigned long addr,
		     struct va_area *area)
{
	if (seg->state == VA_CHUNK)
		return va_chunk_next(seg->chunk, addr, area);
	return seg->start >= addr && seg_tell(seg, area);
}

bool va_next(struct va_space *space, unsigned long addr,
	     struct va_area *area)
{
	struct va_seg *seg;
	unsigned long flags;
	bool found = false;

	addr = max(addr, space->start);
	if (addr >= space->end || lock_is_mine(space))
		return false;
	flags = va_lock(space);
	seg = va_table_at(space, addr);
	list_for_each_entry_from(seg, &space->segs, order) {
		found = seg_next(seg, addr, area);
		if (found)
			break;
	}
	va_unlock(space, flags);
	return found;
}

/* The longest run of free pages of a chunk that no CPU has. Locked. */
static unsigned long chunk_longest(const struct va_chunk *chunk)
{
	unsigned int i, end, longest = 0;

	for (i = va_map_next(chunk->free, 0, true); i < VA_CHUNK_PAGES;
	     i = va_map_next(chunk->free, end, true)) {
		end = va_map_next(chunk->free, i, false);
		longest = max(longest, end - i);
	}
	return longest;
}

/* Pages. Chunks count when there is no segment longer than they. Locked. */
static unsigned long longest_free(const struct va_space *space)
{
	const struct va_chunk *chunk;
	const struct va_seg *seg;
	unsigned long longest = 0;

	if (space->classes)
		list_for_each_entry(seg, &space->free[fls64(space->classes) - 1],
				    link)
			longest = max(longest, seg->size >> PAGE_SHIFT);
	if (longest >= VA_CHUNK_PAGES)
		return longest;
	list_for_each_entry(chunk, &space->chunks, all)
		if (chunk->place != VA_ATTACHED)
			longest = max(longest, chunk_longest(chunk));
	return longest;
}

/* Bytes. Locked. */
static size_t meta_size(const struct va_space *space)
{
	size_t size = sizeof(*space) + space->nr_segs * sizeof(struct va_seg) +
		      space->nr_chunks * sizeof(struct va_chunk) +
		      space->nr_leaves * sizeof(*space->leaf) +
		      space->nr_tables * va_leaf_size(space);

	if (space->cpu)
		size += num_possible_cpus() * sizeof(struct va_cpu);
	return size;
}

void va_get_stats(struct va_space *space, struct va_stats *stats)
{
	unsigned long pages = (space->end - space->start) >> PAGE_SHIFT;
	unsigned long flags = va_lock(space);
	struct va_cpu sums;

	va_cpu_sums(space, &sums);
	stats->nr_areas = space->nr_areas + (unsigned long)sums.areas;
	stats->used = space->used + (unsigned long)sums.used;
	stats->lazy = (unsigned long)(atomic_long_read(&space->lazy_pages) +
				      sums.lazy);
	stats->free = pages - stats->used - stats->lazy;
	stats->largest = longest_free(space);
	stats->meta = DIV_ROUND_UP(meta_size(space), PAGE_SIZE);
	va_unlock(space, flags);
}
