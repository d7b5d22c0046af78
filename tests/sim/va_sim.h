/* SPDX-License-Identifier: MIT */
/* What the files of the kernel addresses' program share. */
#ifndef OCTAVO_TESTS_SIM_VA_SIM_H
#define OCTAVO_TESTS_SIM_VA_SIM_H

#include "program.h"

#include <linux/sizes.h>

#include "../../mm/kvirt/va_internal.h"

#define NR_RANGES	128	/* owned or disowned */
#define NR_LAZY		512	/* released, not yet flushed */
/* Bytes of ranges of which few are in use: their chunks are often empty. */
#define RANGE_RARE	(10 * PAGE_SIZE)

/* Bytes; nothing is mapped there. Room for chunks, and for little more. */
#define SPACE_START	0x7e0000100000UL
#define SPACE_SIZE	(SIM_CPUS * VA_KINDS * 4 * VA_SLOT_SIZE + SZ_1M)

enum range_state {
	RANGE_NONE,
	RANGE_COMING,		/* va_alloc() has not returned */
	RANGE_OWNED,
	RANGE_DISOWNED,
};

/* An owner: what va_alloc() was given. */
struct range {
	enum range_state state;
	u32 turn;			/* of this place: ranges it had */
	u32 trying;			/* CPUs that are at va_disown() of it */
	unsigned long addr, size;	/* bytes */
};

/*
 * A released range; of a chunk's that lies in two words of its map, a part:
 * a purge may come in between.
 */
struct lazy {
	unsigned long addr, size;	/* bytes; size 0: none */
	u64 number;			/* of all releases */
	u64 released;			/* the time; 0: not yet over */
	bool cleaned;			/* in the purge that is under way */
};

/* Part of each state, and put back with it. */
struct ranges {
	struct va_space *space;
	struct range range[NR_RANGES];
	struct lazy lazy[NR_LAZY];
	u64 now;			/* releases and purges so far */
	u64 releases;
};
extern struct ranges ranges;

/* These end the run when something is wrong. */

/* A place for a range, taken for the caller; NULL: all are in use. */
struct range *range_reserve(void);
/*
 * In @turn it got [addr, addr + size); 0: nothing, and the place is free
 * again. Somebody may have disowned it already.
 */
void range_got(struct range *r, u32 turn, unsigned long addr,
	       unsigned long size);
/* Some owned one, by @rng, if there is of @size (0: any); NULL: none. It may
 * go at the next point. */
struct range *range_some(u64 *rng, unsigned long size);
/* Around va_disown() of @addr, its address in @turn: whose it was by now. */
void range_disown(struct range *r);
struct range *range_disowned(struct range *r, u32 turn, unsigned long addr,
			     void *owner, unsigned long size);
/* Around va_release() and va_cancel(). */
u64 range_release(struct range *r);	/* 0: no room for more */
void range_released(u64 number);
void range_cancel(struct range *r);
/* Around va_purge(). */
u64 purge_start(void);
void purge_done(u64 start);

extern const struct va_space_ops sim_space_ops;

#endif
