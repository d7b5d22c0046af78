// SPDX-License-Identifier: MIT
/*
 * Segments: the space cut in pieces without a gap, each free, in use or
 * waiting for a purge. Free ones are in lists by the power of two of their
 * size, so that any of a class above the one of a request is good at once;
 * only when there is none are those of its own class looked through. A
 * request for a window of addresses looks through the segments in it.
 *
 * A segment keeps its start for as long as it lives. What is cut off behind
 * is a new one, and of two that become one the lower stays. So a request
 * takes two at most, which are made before the lock is taken, and where a
 * segment starts in a leaf of the table that is not there yet, the lock is
 * left to make it, and the search begins again.
 */
#include "va_internal.h"

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/smp.h>

/* A cut leaves at most one piece in front and one behind. */
#define VA_CUT_SEGS	2

/* What was allocated before the lock was taken. */
struct va_stock {
	struct va_seg *seg[VA_CUT_SEGS];	/* NULL: used */
	struct va_leaf *leaf;			/* NULL: none was lacking */
	unsigned long leaf_at;			/* its address */
};

unsigned long va_lock(struct va_space *space)
{
	unsigned long flags;

	spin_lock_irqsave(&space->lock, flags);
	WRITE_ONCE(space->holder, smp_processor_id() + 1);
	return flags;
}

void va_unlock(struct va_space *space, unsigned long flags)
{
	WRITE_ONCE(space->holder, 0);
	spin_unlock_irqrestore(&space->lock, flags);
}

/* ---- free ones -------------------------------------------------------- */

static void free_insert(struct va_space *space, struct va_seg *seg)
{
	unsigned int k = va_class(seg->size);

	seg->state = VA_FREE;
	list_add(&seg->link, &space->free[k]);
	space->classes |= BIT_ULL(k);
}

static void free_remove(struct va_space *space, struct va_seg *seg)
{
	unsigned int k = va_class(seg->size);

	list_del(&seg->link);
	if (list_empty(&space->free[k]))
		space->classes &= ~BIT_ULL(k);
}

/* Where in @seg the request fits, or 0. */
static unsigned long seg_fit(const struct va_seg *seg,
			     const struct va_request *req)
{
	unsigned long end = min(va_seg_end(seg), req->max);
	unsigned long from = max(seg->start, req->min);
	unsigned long at = ALIGN(from, req->align);

	if (seg->state != VA_FREE || at < from || at >= end ||
	    end - at < req->size)
		return 0;
	return at;
}

static bool anywhere(const struct va_space *space,
		     const struct va_request *req)
{
	return req->min == space->start && req->max == space->end;
}

/* One of the lists of @classes, the lowest first. */
static struct va_seg *pick_listed(struct va_space *space, u64 classes,
				  const struct va_request *req,
				  unsigned long *at)
{
	struct va_seg *seg;

	for (; classes; classes &= classes - 1) {
		list_for_each_entry(seg, &space->free[__ffs64(classes)], link) {
			*at = seg_fit(seg, req);
			if (*at)
				return seg;
		}
	}
	return NULL;
}

static struct va_seg *pick_window(struct va_space *space,
				  const struct va_request *req,
				  unsigned long *at)
{
	struct va_seg *seg = va_table_at(space, req->min);

	list_for_each_entry_from(seg, &space->segs, order) {
		if (seg->start >= req->max)
			break;
		*at = seg_fit(seg, req);
		if (*at)
			return seg;
	}
	return NULL;
}

/* A free segment and where in it; NULL: there is none. */
static struct va_seg *seg_pick(struct va_space *space,
			       const struct va_request *req, unsigned long *at)
{
	unsigned long room = req->size + req->align - PAGE_SIZE;
	u64 fits, sure = 0;
	struct va_seg *seg;

	if (!anywhere(space, req))
		return pick_window(space, req, at);
	fits = space->classes & (~0ULL << va_class(req->size));
	/* Of these, each has room for any alignment. */
	if (room >= req->size && fls_long((room - 1) >> PAGE_SHIFT) < 64)
		sure = fits & (~0ULL << fls_long((room - 1) >> PAGE_SHIFT));
	seg = pick_listed(space, sure, req, at);
	return seg ?: pick_listed(space, fits & ~sure, req, at);
}

/* ---- cuts and merges -------------------------------------------------- */

/* What is left of @seg from @at on is a segment of its own: @rest. */
static void seg_split(struct va_space *space, struct va_seg *seg,
		      unsigned long at, struct va_seg *rest)
{
	rest->start = at;
	rest->size = va_seg_end(seg) - at;
	rest->owner = NULL;
	seg->size = at - seg->start;
	list_add(&rest->order, &seg->order);
	va_table_enter(space, rest);
	space->nr_segs++;
}

static struct va_seg *stock_take(struct va_stock *stock)
{
	unsigned int i = stock->seg[0] ? 0 : 1;
	struct va_seg *seg = stock->seg[i];

	stock->seg[i] = NULL;
	return seg;
}

/* The part of @seg that the request gets. */
static struct va_seg *seg_cut(struct va_space *space, struct va_seg *seg,
			      unsigned long at, const struct va_request *req,
			      struct va_stock *stock)
{
	struct va_seg *rest;

	free_remove(space, seg);
	if (at > seg->start) {
		rest = stock_take(stock);
		seg_split(space, seg, at, rest);
		free_insert(space, seg);
		seg = rest;
	}
	if (seg->size > req->size) {
		rest = stock_take(stock);
		seg_split(space, seg, at + req->size, rest);
		free_insert(space, rest);
	}
	return seg;
}

/* @next, behind @seg, becomes part of it. */
static void seg_merge(struct va_space *space, struct va_seg *seg,
		      struct va_seg *next, struct va_spent *spent)
{
	VM_BUG_ON(va_seg_end(seg) != next->start);
	va_table_leave(space, next);
	list_del(&next->order);
	seg->size += next->size;
	list_add(&next->link, &spent->segs);
	space->nr_segs--;
}

void va_seg_free(struct va_space *space, struct va_seg *seg,
		 struct va_spent *spent)
{
	struct va_seg *near;

	VM_BUG_ON(seg->state == VA_FREE);
	seg->owner = NULL;
	if (!list_is_last(&seg->order, &space->segs)) {
		near = list_next_entry(seg, order);
		if (near->state == VA_FREE) {
			free_remove(space, near);
			seg_merge(space, seg, near, spent);
		}
	}
	if (!list_is_first(&seg->order, &space->segs)) {
		near = list_prev_entry(seg, order);
		if (near->state == VA_FREE) {
			free_remove(space, near);
			seg_merge(space, near, seg, spent);
			seg = near;
		}
	}
	free_insert(space, seg);
}

/* Who looks at a chunk without the lock may still do so. */
void va_spent_free(struct va_spent *spent)
{
	struct va_seg *seg, *next;
	struct va_chunk *chunk;

	list_for_each_entry_safe(seg, next, &spent->segs, link)
		kfree(seg);
	INIT_LIST_HEAD(&spent->segs);
	while (spent->chunks) {
		chunk = spent->chunks;
		spent->chunks = chunk->next;
		kfree_rcu(chunk, rcu);
	}
}

/* ---- requests --------------------------------------------------------- */

static bool stock_fill(struct va_stock *stock, gfp_t gfp)
{
	unsigned int i;

	for (i = 0; i < VA_CUT_SEGS; i++) {
		stock->seg[i] = kmalloc(sizeof(struct va_seg), gfp);
		if (!stock->seg[i])
			return false;
	}
	return true;
}

static void stock_drop(struct va_stock *stock)
{
	unsigned int i;

	for (i = 0; i < VA_CUT_SEGS; i++)
		kfree(stock->seg[i]);
	kfree(stock->leaf);
}

/*
 * Whether there is a leaf for all that starts when [at, at + size) is cut out
 * of @seg; if not, where one lacks.
 */
static bool tables_ready(const struct va_space *space,
			 const struct va_seg *seg, unsigned long at,
			 unsigned long size, unsigned long *lacks)
{
	*lacks = at;
	if (!va_table_ready(space, at))
		return false;
	*lacks = at + size;
	return *lacks == va_seg_end(seg) || va_table_ready(space, *lacks);
}

/* @seg, which was cut for it, is what the request wanted. */
static void seg_use(struct va_space *space, struct va_seg *seg,
		    const struct va_request *req)
{
	if (req->chunk) {
		va_chunk_enter(space, req->chunk, seg);
		return;
	}
	seg->state = VA_OWNED;
	seg->owner = req->owner;
	space->nr_areas++;
	space->used += seg->size >> PAGE_SHIFT;
}

enum va_try { VA_GOT, VA_FULL, VA_LACKS_LEAF };

/* One search, with what is in stock. */
static enum va_try seg_try(struct va_space *space,
			   const struct va_request *req,
			   struct va_stock *stock, struct va_seg **segp)
{
	unsigned long flags = va_lock(space), at;
	enum va_try got = VA_FULL;
	struct va_seg *seg;

	if (stock->leaf && va_table_add(space, stock->leaf_at, stock->leaf))
		stock->leaf = NULL;
	seg = seg_pick(space, req, &at);
	if (seg && !tables_ready(space, seg, at, req->size, &stock->leaf_at)) {
		got = VA_LACKS_LEAF;
	} else if (seg) {
		seg = seg_cut(space, seg, at, req, stock);
		seg_use(space, seg, req);
		*segp = seg;
		got = VA_GOT;
	}
	va_unlock(space, flags);
	return got;
}

struct va_seg *va_seg_alloc(struct va_space *space,
			    const struct va_request *req, bool *full)
{
	gfp_t gfp = req->gfp & VA_META_GFP;
	struct va_stock stock = { .leaf = NULL };
	struct va_seg *seg = NULL;
	enum va_try got = VA_LACKS_LEAF;

	*full = false;
	if (!stock_fill(&stock, gfp))
		goto out;
	for (;;) {
		got = seg_try(space, req, &stock, &seg);
		if (got != VA_LACKS_LEAF)
			break;
		/* Somebody else made the one before? It may be reused. */
		if (!stock.leaf)
			stock.leaf = kzalloc(va_leaf_size(space), gfp);
		if (!stock.leaf)
			break;
	}
	*full = got == VA_FULL;
out:
	stock_drop(&stock);
	return seg;
}

int va_segs_create(struct va_space *space)
{
	struct va_seg *seg = kzalloc(sizeof(*seg), GFP_KERNEL);
	struct va_leaf *leaf = kzalloc(va_leaf_size(space), GFP_KERNEL);
	unsigned int k;

	if (!seg || !leaf) {
		kfree(seg);
		kfree(leaf);
		return -ENOMEM;
	}
	INIT_LIST_HEAD(&space->segs);
	INIT_LIST_HEAD(&space->lazy);
	for (k = 0; k < VA_CLASSES; k++)
		INIT_LIST_HEAD(&space->free[k]);
	seg->start = space->start;
	seg->size = space->end - space->start;
	list_add(&seg->order, &space->segs);
	va_table_add(space, seg->start, leaf);
	va_table_enter(space, seg);
	free_insert(space, seg);
	space->nr_segs = 1;
	return 0;
}

void va_segs_destroy(struct va_space *space)
{
	struct va_seg *seg, *next;

	list_for_each_entry_safe(seg, next, &space->segs, order)
		kfree(seg);
}
