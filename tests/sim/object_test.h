/* SPDX-License-Identifier: MIT */
/* What the files of the objects' program share. */
#ifndef OCTAVO_TESTS_SIM_OBJECT_TEST_H
#define OCTAVO_TESTS_SIM_OBJECT_TEST_H

#include <linux/mempool.h>
#include <linux/slab.h>

#include "program.h"
#include "sim_test.h"

#define NR_HELD		96	/* objects that calls can free */
#define NR_CACHES	2
#define NR_ELEMENTS	3	/* that pools' memories have at most */

/* The pools, by what they are for. */
enum {
	POOL_WAIT,		/* one element, and memory has no other */
	POOL_NONE,		/* no reserve, and memory has one */
	POOL_RESIZED,		/* one to three of the three there are */
	NR_POOLS
};

/* What a slot's object is. */
enum held_kind { HELD_NONE, HELD_CACHE, HELD_KMALLOC, HELD_PERCPU };

struct held {
	enum held_kind kind;
	unsigned int cache;	/* of HELD_CACHE */
	u32 size;		/* bytes */
	void *p;
	u64 stamp;		/* its first and last word; of each CPU's copy
				 * with the CPU's number added */
};

/* What a pool's memory gives. */
struct element {
	u32 lent;		/* memory has given it */
	u32 held;		/* a user has it */
};

/* Part of each state, and put back with it. */
struct objects {
	struct kmem_cache *cache[NR_CACHES];
	mempool_t pool[NR_POOLS];
	struct element element[NR_POOLS][NR_ELEMENTS];
	struct held held[NR_HELD];
	u64 stamps;		/* ever written */
	unsigned long percpu;	/* objects in slots */
};
extern struct objects objects;

/* These end the run when something is wrong. */

/* An object that a call brought; false when no slot was left (then freed). */
bool object_own(enum held_kind kind, unsigned int cache, void *p, u32 size);
/* Some slot, by @rng, becomes the caller's to free; false: none. */
bool object_disown(u64 *rng, struct held *held);
void object_free(const struct held *held);
/* All slots. */
void objects_free(void);
/* The pair of all pools; data: the pool's number. */
void *element_alloc(gfp_t gfp, void *pool_data);
void element_free(void *element, void *pool_data);
/* A user got @element of pool @i; and is about to free it. */
void element_hold(unsigned int i, void *element);
void element_drop(unsigned int i, void *element);

#endif
