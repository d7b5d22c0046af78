// SPDX-License-Identifier: MIT
/* Misuse of pools: the line each reports; the machine goes on. */
#include "death.h"

#include <linux/errno.h>
#include <linux/mempool.h>
#include <linux/preempt.h>

#define BAD_FREE(what) "BUG: Bad object free in process *: " what

static mempool_t *pool_of(size_t size)
{
	return mempool_create_kmalloc_pool(2, size);
}

static void pool_with_elements_out(void)
{
	mempool_t *pool = pool_of(64);

	if (mempool_alloc(pool, GFP_KERNEL))
		mempool_destroy(pool);
}
DEATH_TEST(pool_with_elements_out, SURVIVES,
	   "BUG: mempool_destroy: 1 elements of the pool are out, 0 users wait, when called from *: it stays");

static void own_pool_with_elements_out(void)
{
	static mempool_t pool;

	if (!mempool_init_page_pool(&pool, 1, 0) &&
	    mempool_alloc_preallocated(&pool))
		mempool_exit(&pool);
}
DEATH_TEST(own_pool_with_elements_out, SURVIVES,
	   "BUG: mempool_exit: 1 elements of the pool are out, 0 users wait, when called from *: it stays");

static void element_freed_twice(void)
{
	mempool_t *pool = pool_of(64);
	void *p = mempool_alloc_preallocated(pool);
	void *q = mempool_alloc_preallocated(pool);

	mempool_free(p, pool);
	mempool_free(p, pool);
	mempool_free(q, pool);
	if (!mempool_check(pool))
		mempool_destroy(pool);
}
DEATH_TEST(element_freed_twice, SURVIVES,
	   "BUG: Bad mempool free in process *: double free of *");

/* Past the reserve it is the cache that sees it. */
static void element_freed_twice_to_memory(void)
{
	mempool_t *pool = pool_of(64);
	void *p = mempool_alloc(pool, GFP_KERNEL);

	mempool_free(p, pool);
	mempool_free(p, pool);
}
DEATH_TEST(element_freed_twice_to_memory, SURVIVES,
	   BAD_FREE("double free of * (cache kmalloc-64)"));

static void element_of_another_cache(void)
{
	struct kmem_cache *cache = kmem_cache_create("victim", 64, 0,
						     SLAB_NO_MERGE, NULL);
	mempool_t *pool = mempool_create_slab_pool(1, cache);
	void *p = mempool_alloc_preallocated(pool);

	mempool_free(kmalloc(64, GFP_KERNEL), pool);
	mempool_free(p, pool);
	if (!mempool_check(pool))
		mempool_destroy(pool);
}
DEATH_TEST(element_of_another_cache, SURVIVES,
	   BAD_FREE("an object of another cache: * (cache kmalloc-64)"));

static void inside_of_an_element(void)
{
	mempool_t *pool = pool_of(64);
	char *p = mempool_alloc_preallocated(pool);

	mempool_free(p + 16, pool);
}
DEATH_TEST(inside_of_an_element, SURVIVES,
	   BAD_FREE("not the start of an object: * (cache kmalloc-64)"));

static void element_in_atomic_context(void)
{
	mempool_t *pool = pool_of(64);

	preempt_disable();
	mempool_free(mempool_alloc(pool, GFP_KERNEL), pool);
	preempt_enable();
}
DEATH_TEST(element_in_atomic_context, SURVIVES,
	   "BUG: sleeping function called from invalid context at *");

static void zeroed_element(void)
{
	mempool_t *pool = pool_of(64);

	mempool_free(mempool_alloc(pool, GFP_KERNEL | __GFP_ZERO), pool);
}
DEATH_TEST(zeroed_element, SURVIVES, "gfp & *");

static void pool_of_less_than_none(void)
{
	mempool_destroy(mempool_create_kmalloc_pool(-3, 64));
}
DEATH_TEST(pool_of_less_than_none, SURVIVES,
	   "mempool_init: a pool of -3 elements, alloc mempool_kmalloc, free mempool_kfree");
