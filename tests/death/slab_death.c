// SPDX-License-Identifier: MIT
/* Misuse of objects: the line each reports; the machine goes on. */
#include "death.h"

#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/slab.h>

#define BAD_FREE(what) "BUG: Bad object free in process *: " what

static struct kmem_cache *cache_of(unsigned int size)
{
	return kmem_cache_create("victim", size, 0, SLAB_NO_MERGE, NULL);
}

static void object_freed_twice(void)
{
	void *p = kmalloc(100, GFP_KERNEL);

	kfree(p);
	kfree(p);
}
DEATH_TEST(object_freed_twice, SURVIVES,
	   BAD_FREE("double free of * (cache kmalloc-112)"));

/* Not one after the other: seen when they come back to their slab. */
static void object_freed_twice_with_others_between(void)
{
	struct kmem_cache *cache = cache_of(64);
	void *p = kmem_cache_alloc(cache, GFP_KERNEL);
	void *q = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, p);
	kmem_cache_free(cache, q);
	kmem_cache_free(cache, p);
	kmem_cache_shrink(cache);
}
DEATH_TEST(object_freed_twice_with_others_between, SURVIVES,
	   BAD_FREE("double free of * (cache victim)"));

static void inside_of_an_object(void)
{
	struct kmem_cache *cache = cache_of(72);
	char *p = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	kmem_cache_free(cache, p + 8);
}
DEATH_TEST(inside_of_an_object, SURVIVES,
	   BAD_FREE("not the start of an object: * (cache victim)"));

static void to_another_cache(void)
{
	struct kmem_cache *cache = cache_of(64);

	kmem_cache_free(cache, kmalloc(64, GFP_KERNEL));
}
DEATH_TEST(to_another_cache, SURVIVES,
	   BAD_FREE("an object of another cache: * (cache kmalloc-64)"));

static void page_as_an_object(void)
{
	kfree((void *)__get_free_page(GFP_KERNEL));
}
DEATH_TEST(page_as_an_object, SURVIVES, BAD_FREE("no object's memory: *"));

static void variable_as_an_object(void)
{
	int on_stack = 0;

	kfree(&on_stack);
}
DEATH_TEST(variable_as_an_object, SURVIVES,
	   BAD_FREE("not in the direct map: *"));

static void inside_of_a_large_block(void)
{
	kfree((char *)kmalloc(KMALLOC_MAX_CACHE_SIZE + 1, GFP_KERNEL) + PAGE_SIZE);
}
DEATH_TEST(inside_of_a_large_block, SURVIVES,
	   BAD_FREE("not the start of an object: *"));

static void large_block_freed_twice(void)
{
	void *p = kmalloc(KMALLOC_MAX_CACHE_SIZE + 1, GFP_KERNEL);

	kfree(p);
	kfree(p);
}
DEATH_TEST(large_block_freed_twice, SURVIVES,
	   BAD_FREE("no object's memory: *"));

static void large_block_to_a_cache(void)
{
	kmem_cache_free(cache_of(64), kmalloc(KMALLOC_MAX_CACHE_SIZE + 1, GFP_KERNEL));
}
DEATH_TEST(large_block_to_a_cache, SURVIVES,
	   BAD_FREE("no object of a cache: * (cache victim)"));

static void size_of_a_page(void)
{
	(void)ksize((void *)__get_free_page(GFP_KERNEL));
}
DEATH_TEST(size_of_a_page, SURVIVES, BAD_FREE("no object's memory: *"));

static void slab_freed_as_a_page(void)
{
	__free_page(virt_to_page(kmalloc(64, GFP_KERNEL)));
}
DEATH_TEST(slab_freed_as_a_page, SURVIVES,
	   "BUG: Bad page state in process *  pfn:?????");

static void cache_with_live_objects(void)
{
	struct kmem_cache *cache = cache_of(64);

	if (kmem_cache_alloc(cache, GFP_KERNEL))
		kmem_cache_destroy(cache);
}
DEATH_TEST(cache_with_live_objects, SURVIVES,
	   "BUG: kmem_cache_destroy victim: Slab cache still has objects when called from *: 1 of 64 bytes",
	   "Object ???????????????? @offset=*");

static void cache_with_many_live_objects(void)
{
	struct kmem_cache *cache = cache_of(256);
	unsigned int i;

	for (i = 0; i < 100; i++)
		if (!kmem_cache_alloc(cache, GFP_KERNEL))
			return;
	kmem_cache_destroy(cache);
}
DEATH_TEST(cache_with_many_live_objects, SURVIVES,
	   "BUG: kmem_cache_destroy victim: Slab cache still has objects when called from *: 100 of 256 bytes",
	   "Object ???????????????? @offset=0",
	   "Object ???????????????? @offset=3840",
	   "... and 36 objects more");

static void cache_of_kmalloc(void)
{
	kmem_cache_destroy(kmalloc_caches[KMALLOC_NORMAL][0]);
}
DEATH_TEST(cache_of_kmalloc, SURVIVES,
	   "BUG: kmem_cache_destroy kmalloc-8: the cache is not its caller's, who is *");

static void flags_of_high_memory(void)
{
	kfree(kmem_cache_alloc(cache_of(64), GFP_KERNEL | __GFP_HIGHMEM));
}
DEATH_TEST(flags_of_high_memory, SURVIVES,
	   "BUG: Bad flags 0x2 in a request to cache victim at *: left out");

static void dma_of_a_cache_without(void)
{
	kfree(kmem_cache_alloc(cache_of(64), GFP_KERNEL | GFP_DMA));
}
DEATH_TEST(dma_of_a_cache_without, SURVIVES,
	   "BUG: Bad flags 0x1 in a request to cache victim at *: left out");

static void object_in_atomic_context(void)
{
	preempt_disable();
	kfree(kmalloc(64, GFP_KERNEL));
	preempt_enable();
}
DEATH_TEST(object_in_atomic_context, SURVIVES,
	   "BUG: sleeping function called from invalid context at *");

static void cache_that_must_be(void)
{
	kmem_cache_create("vital", 0, 0, SLAB_PANIC, NULL);
}
DEATH_TEST(cache_that_must_be, DIES,
	   "kmem_cache_create: cache 'vital' of size 0, align 0, flags 0x40000: its size is 0",
	   "Kernel panic - not syncing: kmem_cache_create: Failed to create slab 'vital'. Error -22");
