/* SPDX-License-Identifier: MIT */
/*
 * Ranges of kernel addresses: who has which. What is mapped there is the
 * caller's business, but for one thing: an address whose translation some CPU
 * may still remember is not given to anybody until all CPUs have flushed.
 *
 *   va_alloc() -> owned -> va_release() -> lazy -> purge (flush) -> free
 *                       -> va_cancel() ---------------------------> free
 *
 * Addresses and sizes are bytes, multiples of PAGE_SIZE. Guard pages are the
 * caller's: it asks for a size with them in.
 */
#ifndef _MM_KVIRT_VA_H
#define _MM_KVIRT_VA_H

#include <linux/gfp_types.h>
#include <linux/types.h>

struct va_space;

/* One owned range. */
struct va_area {
	unsigned long start;
	unsigned long size;	/* with what alignment to pages added */
	void *owner;		/* as given to va_alloc() */
};

/* What the ranges of a space are, pages. */
struct va_stats {
	unsigned long nr_areas;	/* owned ranges */
	unsigned long used;	/* in owned ranges */
	unsigned long lazy;	/* released, not yet purged */
	unsigned long free;
	unsigned long largest;	/* the longest free run */
	unsigned long meta;	/* taken for bookkeeping */
};

/*
 * A space of [start, end). @flush makes every CPU forget translations of
 * [start, end) of ranges that were released: it is called in task context
 * with no lock held that an interrupt takes, once for each purge with the
 * hull of all, after @clean was called for each maximal run of released
 * ranges. Both may be NULL. -ENOMEM, -EINVAL.
 */
/* They make no request of the same space that may sleep. A range may be
 * cleaned in two parts when its release and a purge meet. */
struct va_space_ops {
	void (*clean)(void *ctx, unsigned long start, unsigned long end);
	void (*flush)(void *ctx, unsigned long start, unsigned long end);
};
int va_space_create(struct va_space **spacep, unsigned long start,
		    unsigned long end, const struct va_space_ops *ops,
		    void *ctx);
/* Gives everything back; no range may be owned. */
void va_space_destroy(struct va_space *space);

/*
 * @size bytes at a multiple of @align (a power of two, at least PAGE_SIZE)
 * within [@min, @max) for @owner, which is not NULL. Returns the address, or 0
 * and nothing is changed: no such range even after a purge (where @gfp lets
 * it sleep), or no memory for bookkeeping under @gfp. Any context that @gfp
 * suits, but NMI.
 */
unsigned long va_alloc(struct va_space *space, unsigned long size,
		       unsigned long align, unsigned long min,
		       unsigned long max, void *owner, gfp_t gfp);
/*
 * The range at @addr, the start of one, has no owner from now on: va_find()
 * does not see it. Returns its owner; NULL when no owned range starts there,
 * and then nothing is changed. Of several callers with one address exactly
 * one gets the owner. Any context but NMI. The caller then clears its
 * mappings and ends with va_release() or va_cancel().
 */
#define VA_ANY_KIND	0xfU
/*
 * The same if the two low bits of the owner, as a number, are one of @kinds
 * (bits): who has aligned owners says in them what the range is for.
 */
void *va_disown_kind(struct va_space *space, unsigned long addr,
		     unsigned int kinds, unsigned long *sizep);

static inline void *va_disown(struct va_space *space, unsigned long addr,
			      unsigned long *sizep)
{
	return va_disown_kind(space, addr, VA_ANY_KIND, sizep);
}

static inline bool va_kind_fits(const void *owner, unsigned int kinds)
{
	return kinds >> ((unsigned long)owner & 3) & 1;
}

/* A disowned range whose translations CPUs may remember. Any context. */
void va_release(struct va_space *space, unsigned long addr);
/* A disowned range that never was mapped. Any context. */
void va_cancel(struct va_space *space, unsigned long addr);

/* Whether more is lazy than is good, so that va_purge() is due: Linux's 32 MiB
 * times fls(online CPUs), or an eighth of a space that is smaller, give or take
 * 64 pages for each CPU. Any context. */
bool va_purge_due(const struct va_space *space);
/* What that compares, pages. Any context. */
void va_get_lazy(const struct va_space *space, unsigned long *lazy,
		 unsigned long *max);
/* Flushes and frees all that was released before the call. May sleep. */
void va_purge(struct va_space *space);

/*
 * The same, and gives back what CPUs keep of bookkeeping for ranges to come.
 * Task context with interrupts on; may sleep.
 */
void va_shrink(struct va_space *space);

/*
 * The owned range that @addr lies in; false when there is none. Any context
 * but NMI, faults too: for ranges of up to 64 pages it takes no lock, and for
 * longer ones a spin lock that is held for a bounded time; should this CPU
 * itself have that, it says false. What it says holds as long as the caller
 * keeps the owner from going.
 */
bool va_find(struct va_space *space, unsigned long addr,
	     struct va_area *area);
/* The owned range with the lowest start at or above @addr. Any context but
 * NMI; takes the lock, for as long as what is not owned goes on. */
bool va_next(struct va_space *space, unsigned long addr,
	     struct va_area *area);
void va_get_stats(struct va_space *space, struct va_stats *stats);
/* Verifies all invariants; true, or false with a line that names one. Nobody
 * else is at the space. */
bool va_space_check(struct va_space *space);

#endif
