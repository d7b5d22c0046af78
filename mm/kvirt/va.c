// SPDX-License-Identifier: MIT
/*
 * The allocator of kernel addresses: which range of a space is whose.
 *
 * A space is cut into segments (va_seg.c) without a gap. Each is free, owned,
 * disowned (its owner takes its mappings away), lazy (released; some CPU may
 * still remember how it was translated) or being purged. A table leads from
 * an address to its segment (va_table.c), and a purge makes what is lazy free
 * (va_purge.c).
 *
 * Invariants: va_check.c.
 *
 * Locks. purge_lock, of who purges, who may sleep; inside of it the space's
 * lock, with interrupts off, over all of the above. Nothing is allocated or
 * freed, and no callback made, with the lock held. A fault under the lock
 * would wait for itself, so the lock says which CPU has it, and va_find() on
 * that one answers that it does not know.
 *
 * Failure. A request that finds no memory for segments has changed nothing.
 * What is released is linked by what it has. A wrong call is one warning, and
 * changes nothing.
 */
#include "va_internal.h"

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
	space->ops = ops;
	space->ctx = ctx;
	spin_lock_init(&space->lock);
	mutex_init(&space->purge_lock);
	err = va_table_create(space);
	if (!err)
		err = va_segs_create(space);
	if (err) {
		va_table_destroy(space);
		kfree(space);
		return err;
	}
	*spacep = space;
	return 0;
}

void va_space_destroy(struct va_space *space)
{
	va_purge(space);
	WARN(space->used, "%lu pages of a space of addresses [%#lx, %#lx) that goes are in use\n",
	     space->used, space->start, space->end);
	va_segs_destroy(space);
	va_table_destroy(space);
	mutex_destroy(&space->purge_lock);
	kfree(space);
}

/* ---- requests --------------------------------------------------------- */

static bool request_wrong(unsigned long size, unsigned long align,
			  const void *owner)
{
	return WARN(!size || !PAGE_ALIGNED(size) || !is_power_of_2(align) ||
		    align < PAGE_SIZE || !owner,
		    "va_alloc: %#lx bytes on a multiple of %#lx for %p\n",
		    size, align, owner);
}

unsigned long va_alloc(struct va_space *space, unsigned long size,
		       unsigned long align, unsigned long min,
		       unsigned long max, void *owner, gfp_t gfp)
{
	struct va_request req = {
		.size = size, .align = align, .owner = owner, .gfp = gfp,
		.min = max(min, space->start), .max = min(max, space->end),
	};
	struct va_seg *seg;
	bool full;

	if (request_wrong(size, align, owner))
		return 0;
	if (req.min >= req.max || req.max - req.min < size)
		return 0;
	seg = va_seg_alloc(space, &req, &full);
	if (!seg && full && gfpflags_allow_blocking(gfp) &&
	    atomic_long_read(&space->lazy_pages)) {
		va_purge(space);
		seg = va_seg_alloc(space, &req, &full);
	}
	return seg ? seg->start : 0;
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

void *va_disown(struct va_space *space, unsigned long addr,
		unsigned long *sizep)
{
	unsigned long flags = va_lock(space);
	struct va_seg *seg = seg_starts(space, addr, VA_OWNED);
	void *owner = NULL;

	if (seg) {
		owner = seg->owner;
		seg->owner = NULL;
		seg->state = VA_DISOWNED;
		space->nr_areas--;
		*sizep = seg->size;
	}
	va_unlock(space, flags);
	return owner;
}

void va_release(struct va_space *space, unsigned long addr)
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
	WARN(!seg, "va_release: no disowned range starts at %#lx\n", addr);
}

void va_cancel(struct va_space *space, unsigned long addr)
{
	unsigned long flags = va_lock(space);
	struct va_seg *seg = seg_starts(space, addr, VA_DISOWNED);
	LIST_HEAD(spent);

	if (seg) {
		space->used -= seg->size >> PAGE_SHIFT;
		va_seg_free(space, seg, &spent);
	}
	va_unlock(space, flags);
	va_segs_free(&spent);
	WARN(!seg, "va_cancel: no disowned range starts at %#lx\n", addr);
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

bool va_find(struct va_space *space, unsigned long addr,
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
		found = seg->start >= addr && seg_tell(seg, area);
		if (found)
			break;
	}
	va_unlock(space, flags);
	return found;
}

/* The longest free segment, bytes. Locked. */
static unsigned long longest_free(const struct va_space *space)
{
	unsigned long longest = 0;
	const struct va_seg *seg;

	if (!space->classes)
		return 0;
	list_for_each_entry(seg, &space->free[fls64(space->classes) - 1], link)
		longest = max(longest, seg->size);
	return longest;
}

void va_get_stats(struct va_space *space, struct va_stats *stats)
{
	unsigned long pages = (space->end - space->start) >> PAGE_SHIFT;
	unsigned long flags = va_lock(space);
	size_t meta = sizeof(*space) + space->nr_segs * sizeof(struct va_seg) +
		      space->nr_leaves * sizeof(*space->leaf) +
		      space->nr_tables * va_leaf_size(space);

	stats->nr_areas = space->nr_areas;
	stats->used = space->used;
	stats->lazy = (unsigned long)atomic_long_read(&space->lazy_pages);
	stats->free = pages - stats->used - stats->lazy;
	stats->largest = longest_free(space) >> PAGE_SHIFT;
	stats->meta = DIV_ROUND_UP(meta, PAGE_SIZE);
	va_unlock(space, flags);
}
