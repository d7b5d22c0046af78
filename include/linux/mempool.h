/* SPDX-License-Identifier: MIT */
/*
 * Pools: a number of elements that are always there, for who must not fail.
 *
 * An element is what a pair of functions allocates and frees. A pool of @min_nr
 * keeps so many in reserve, takes from it when an allocation fails, and fills
 * it up before any element is freed. So who gives back what it got in the end
 * gets an element again, whatever memory does. The theory stands in
 * mm/slab/mempool.c.
 *
 * Who gets an element owns it until mempool_free(). What it holds is not
 * defined: __GFP_ZERO is left out (and reported in debug builds).
 *
 * Differs from Linux: a pool counts its elements, and one that has some out
 * is not ended but reported and stays as it was; waiters get elements in the
 * order in which they came; mempool_resize() that fails changes nothing. The
 * wait queue is private, and the struct has other fields beyond min_nr,
 * curr_nr, elements, pool_data, alloc, free.
 */
#ifndef _LINUX_MEMPOOL_H
#define _LINUX_MEMPOOL_H

#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/numa.h>
#include <linux/slab.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>

/* An element, or NULL. Sleeps only if @gfp says so. */
typedef void *(mempool_alloc_t)(gfp_t gfp, void *pool_data);
/* Any context in which mempool_free() is called. */
typedef void (mempool_free_t)(void *element, void *pool_data);

/* c: constant; l: lock */
typedef struct mempool_s {
	mempool_alloc_t *alloc;		/* c */
	mempool_free_t *free;		/* c */
	void *pool_data;		/* c: their second argument */
	struct kmem_cache *slab;	/* c: that elements are objects of, as
					 * far as their functions tell; or NULL */
	long __percpu *out;		/* c: elements that users got on a CPU
					 * less those that they freed on it */
	int wanted;			/* l, read without: a free looks only
					 * here; 0: the element can go */
	spinlock_t lock;		/* of what follows; interrupts off */
	int min_nr;			/* l, read without */
	int curr_nr;			/* l, read without: in reserve */
	void **elements;		/* l: the reserve, last in first out */
	int nr_waiting;			/* l */
	struct list_head waiting;	/* l: oldest first */
} mempool_t;

/* Whether mempool_init() went well and mempool_exit() did not follow. */
static inline bool mempool_initialized(mempool_t *pool)
{
	return pool->elements != NULL;
}

/* Whether a free would give memory back. Any context; a guess. */
static inline bool mempool_is_saturated(mempool_t *pool)
{
	return READ_ONCE(pool->curr_nr) >= READ_ONCE(pool->min_nr);
}

/*
 * A pool of @min_nr elements, 0 and up; NULL when memory lacks, or when an
 * argument is bad, which is reported. Sleeps; the last one as @gfp says, with
 * the pool's own memory of node @nid if there is some.
 */
mempool_t *mempool_create(int min_nr, mempool_alloc_t *alloc_fn,
			  mempool_free_t *free_fn, void *pool_data);
mempool_t *mempool_create_node(int min_nr, mempool_alloc_t *alloc_fn,
			       mempool_free_t *free_fn, void *pool_data,
			       gfp_t gfp, int nid);
/* Ends it; NULL is let pass. May sleep. With elements out: see above. */
void mempool_destroy(mempool_t *pool);

/* The same in memory of the caller. 0, -ENOMEM, -EINVAL. */
int mempool_init(mempool_t *pool, int min_nr, mempool_alloc_t *alloc_fn,
		 mempool_free_t *free_fn, void *pool_data);
int mempool_init_node(mempool_t *pool, int min_nr, mempool_alloc_t *alloc_fn,
		      mempool_free_t *free_fn, void *pool_data, gfp_t gfp,
		      int nid);
/* A struct of zeroes is let pass. */
void mempool_exit(mempool_t *pool);

/*
 * A reserve of @new_min_nr, 1 and up, while others use the pool. 0; -ENOMEM
 * and nothing changed; -EINVAL, reported. May sleep.
 */
int mempool_resize(mempool_t *pool, int new_min_nr);

/*
 * An element: a new one, or one of the reserve. With __GFP_DIRECT_RECLAIM never
 * NULL, but it may wait until somebody frees one. Without it, any context
 * but NMI.
 */
void *mempool_alloc(mempool_t *pool, gfp_t gfp) __malloc;
/* One of the reserve, or NULL. Any context but NMI. */
void *mempool_alloc_preallocated(mempool_t *pool) __malloc;
/*
 * To the one who waits longest, to the reserve, or away; NULL is let pass.
 * What is none of the pool's is reported, as far as that can be seen, and
 * left alone. Any context but NMI.
 */
void mempool_free(void *element, mempool_t *pool);

/* Verifies @pool, which nobody uses: 0 or the number of a broken invariant. */
int mempool_check(mempool_t *pool);

/* ---- stock pairs ------------------------------------------------------ */

/* Objects of the cache @pool_data. */
void *mempool_alloc_slab(gfp_t gfp, void *pool_data);
void mempool_free_slab(void *element, void *pool_data);

#define mempool_init_slab_pool(pool, min_nr, cache)			\
	mempool_init(pool, min_nr, mempool_alloc_slab,			\
		     mempool_free_slab, (void *)(cache))
#define mempool_create_slab_pool(min_nr, cache)				\
	mempool_create(min_nr, mempool_alloc_slab, mempool_free_slab,	\
		       (void *)(cache))

/* kmalloc(), of as many bytes as @pool_data says. */
void *mempool_kmalloc(gfp_t gfp, void *pool_data);
void mempool_kfree(void *element, void *pool_data);

#define mempool_init_kmalloc_pool(pool, min_nr, size)			\
	mempool_init(pool, min_nr, mempool_kmalloc, mempool_kfree,	\
		     (void *)(unsigned long)(size))
#define mempool_create_kmalloc_pool(min_nr, size)			\
	mempool_create(min_nr, mempool_kmalloc, mempool_kfree,		\
		       (void *)(unsigned long)(size))

/* The same of kvmalloc(); to be freed in task context. */
void *mempool_kvmalloc(gfp_t gfp, void *pool_data);
void mempool_kvfree(void *element, void *pool_data);

/* Blocks of pages of the order @pool_data; an element is a struct page *. */
void *mempool_alloc_pages(gfp_t gfp, void *pool_data);
void mempool_free_pages(void *element, void *pool_data);

#define mempool_init_page_pool(pool, min_nr, order)			\
	mempool_init(pool, min_nr, mempool_alloc_pages,			\
		     mempool_free_pages, (void *)(long)(order))
#define mempool_create_page_pool(min_nr, order)				\
	mempool_create(min_nr, mempool_alloc_pages, mempool_free_pages,	\
		       (void *)(long)(order))

#endif
