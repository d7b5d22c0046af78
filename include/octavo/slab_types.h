/* SPDX-License-Identifier: MIT */
/* What mm/slab keeps for the whole machine. The theory: mm/slab/slab.c. */
#ifndef _OCTAVO_SLAB_TYPES_H
#define _OCTAVO_SLAB_TYPES_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mutex_types.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>
#include <octavo/slab_debug_types.h>

struct kmem_cache;

/* The kinds of memory that kmalloc() serves. */
enum kmalloc_cache_type {
	KMALLOC_NORMAL,
	KMALLOC_RECLAIM,	/* __GFP_RECLAIMABLE: freed by shrinkers */
	KMALLOC_DMA,		/* GFP_DMA */
	NR_KMALLOC_TYPES
};

/* 8, 16 ... 64 bytes, then four classes for each doubling to 32768. */
#define KMALLOC_SMALL_CLASSES	8
#define NR_KMALLOC_CLASSES	(KMALLOC_SMALL_CLASSES + 4 * 9)

/* Lengths of per-CPU arrays that there are: see slab_internal.h. */
#define NR_SLAB_ARRAY_SIZES	5

/* Caches known by number: blocks of them, and what a block holds. */
#define SLAB_ID_BLOCKS		256
#define SLAB_ID_BLOCK		256

/* b: written at start-up, constant later; m: mutex; a: atomic */
struct slab_state {
	struct mutex mutex;		/* of caches coming and going */
	struct list_head caches;	/* m: by kmem_cache.list */
	/* By id; a block stays where it is once it was made. a: entries */
	struct kmem_cache **by_block[SLAB_ID_BLOCKS];	/* m: NULL: not made */
	unsigned int nr_ids;		/* m: that slot tables have room for */
	unsigned int low_id;		/* m: all ids below are taken */
	unsigned int node_shift;	/* b: slots of a cache = 1 << that */
	spinlock_t claim_lock;		/* of who claims CPUs' arrays */
	void *no_slots;			/* m: slots that hold nothing, or NULL */

	u16 **frames;			/* b, a: chunks: kind of each frame */
	unsigned long nr_frames;	/* b: that it knows */
	u16 *no_frames;			/* b: chunk of frames that have none */

	struct kmem_cache *boot_cache;	/* b: of struct kmem_cache */
	struct kmem_cache *index_cache;	/* b: of free indices of small objects */
	struct kmem_cache *array_cache[NR_SLAB_ARRAY_SIZES];	/* b */
	struct kmem_cache *kmalloc[NR_KMALLOC_TYPES][NR_KMALLOC_CLASSES]; /* b */

	struct slab_debug_state debug;	/* own locks */
	atomic_long_t nr_bad;		/* a: wrong frees and uses reported */
	atomic_long_t nr_given;		/* a: pages that caches, and large
					 * blocks, ever gave back */
	atomic_long_t nr_large;		/* a: pages of large kmalloc() blocks */
	atomic_long_t nr_pools;		/* a: pools that there are (mempool.c) */
	atomic_long_t pool_wanted;	/* a: elements that they are to keep */
	atomic_long_t pool_kept;	/* a: that they keep */
};

#endif
