/* SPDX-License-Identifier: MIT */
/*
 * The structures of the allocator of kernel addresses and the calls between
 * its files. The theory stands in va.c.
 */
#ifndef _MM_KVIRT_VA_INTERNAL_H
#define _MM_KVIRT_VA_INTERNAL_H

#include "va.h"

#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

/* A slot: what one entry of the table stands for. */
#define VA_SLOT_SHIFT	21
#define VA_SLOT_SIZE	(1UL << VA_SLOT_SHIFT)
/* Classes of free segments: [2^k, 2^(k+1)) pages. */
#define VA_CLASSES	(BITS_PER_LONG - PAGE_SHIFT)

enum va_state {
	VA_FREE,	/* in the free list of its class */
	VA_OWNED,
	VA_DISOWNED,	/* between va_disown() and what ends it */
	VA_LAZY,	/* released, waits for a purge */
	VA_PURGING,	/* a purge has it */
};

/* l: the space's lock */
struct va_seg {
	unsigned long start;		/* l: bytes */
	unsigned long size;		/* l: bytes */
	struct list_head order;		/* l: va_space.segs, by address */
	struct list_head link;		/* l: free: its class; lazy: va_space.lazy;
					 * purging: the purge's list */
	void *owner;			/* l: of VA_OWNED */
	enum va_state state;		/* l */
};

/* Slots of a leaf: 128 MiB of addresses to 8 GiB. */
#define VA_LEAF_MIN_SHIFT	6
#define VA_LEAF_MAX_SHIFT	12
#define VA_LEAF_WORDS		(1UL << (VA_LEAF_MAX_SHIFT - 6))

/* l: the space's lock */
struct va_leaf {
	u64 words;			/* l: which of used[] are not 0 */
	u64 used[VA_LEAF_WORDS];	/* l: slots in which a segment starts */
	struct va_seg *first[];		/* l: by slot: the lowest of them */
};

/* c: constant; l: lock; m: purge_lock; a: atomic */
struct va_space {
	unsigned long start, end;	/* c: bytes */
	const struct va_space_ops *ops;	/* c: or NULL */
	void *ctx;			/* c: theirs */
	spinlock_t lock;		/* any context but NMI */
	unsigned int holder;		/* a: the CPU that has it, and 1; 0 */

	struct list_head segs;		/* l: all, by address */
	struct list_head free[VA_CLASSES];	/* l: free ones, by size */
	u64 classes;			/* l: which are not empty */
	struct list_head lazy;		/* l: released ones */

	struct va_leaf **leaf;		/* l: the table; c: the array */
	unsigned long nr_leaves;	/* c: of the array */
	unsigned int leaf_shift;	/* c: log2 of slots of a leaf */

	unsigned long nr_areas;		/* l: owned segments */
	unsigned long nr_segs;		/* l: all segments */
	unsigned long nr_tables;	/* l: leaves there are */
	unsigned long used;		/* l: pages, in owned and disowned */
	atomic_long_t lazy_pages;	/* a: pages, released and purging */
	struct mutex purge_lock;	/* one purge at a time; outside of lock */
};

/* What a request says: bytes. */
struct va_request {
	unsigned long size, align;
	unsigned long min, max;		/* [min, max), within the space */
	void *owner;
	gfp_t gfp;
};

/* ---- va_table.c: which segments start in which slot. Under the lock. ---- */

static inline unsigned long va_slot(const struct va_space *space,
				    unsigned long addr)
{
	return (addr >> VA_SLOT_SHIFT) - (space->start >> VA_SLOT_SHIFT);
}

int va_table_create(struct va_space *space);
void va_table_destroy(struct va_space *space);
/* Bytes of a leaf. */
size_t va_leaf_size(const struct va_space *space);
/* Whether a segment may start at @addr: there is a leaf for it. */
bool va_table_ready(const struct va_space *space, unsigned long addr);
/* Gives it one; false when it had one: the caller keeps @leaf. */
bool va_table_add(struct va_space *space, unsigned long addr,
		  struct va_leaf *leaf);
/* @seg, which is in the list of all, starts now; or no longer does. */
void va_table_enter(struct va_space *space, struct va_seg *seg);
void va_table_leave(struct va_space *space, struct va_seg *seg);
/* The segment that @addr, an address of the space, is in. */
struct va_seg *va_table_at(const struct va_space *space, unsigned long addr);
/* The lowest segment of @slot, or NULL. */
struct va_seg *va_table_first(const struct va_space *space,
			      unsigned long slot);

/* ---- va_seg.c: segments ------------------------------------------------ */

unsigned long va_lock(struct va_space *space);
void va_unlock(struct va_space *space, unsigned long flags);

/*
 * A segment in the state VA_OWNED, or NULL: there is none (*@full) or no
 * memory. Takes the lock.
 */
struct va_seg *va_seg_alloc(struct va_space *space,
			    const struct va_request *req, bool *full);
/*
 * Makes @seg free, which is in no list of its own, and merges it with its
 * neighbours. What that leaves over goes to @spent, by link, for
 * va_segs_free() outside of the lock. Under the lock.
 */
void va_seg_free(struct va_space *space, struct va_seg *seg,
		 struct list_head *spent);
void va_segs_free(struct list_head *spent);
/* The first segment: all of the space is free. 0 or -ENOMEM. */
int va_segs_create(struct va_space *space);
/* Frees all that there are, in whatever state. */
void va_segs_destroy(struct va_space *space);

static inline unsigned int va_class(unsigned long bytes)
{
	return (unsigned int)__fls(bytes >> PAGE_SHIFT);
}

static inline unsigned long va_seg_end(const struct va_seg *seg)
{
	return seg->start + seg->size;
}

#endif
