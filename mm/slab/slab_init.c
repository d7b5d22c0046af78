// SPDX-License-Identifier: MIT
/*
 * kmem_cache_init(): from pages to kmalloc().
 *
 *   1  the table of frames: root, and a chunk wherever there is memory, as
 *      far as a small machine goes (slab_frames.c)
 *   2  each possible CPU's slots
 *   3  the cache of caches, in pages of its own
 *   4  caches of arrays and of free indices, made as all others are
 *   5  kmalloc()'s caches
 *
 * From the third step on every call works as it does later; what is missing
 * (arrays) looks like memory that lacks, and objects come from slabs one by
 * one. Without memory for it the machine stops.
 *
 * Locks: none, the booting CPU is alone.
 */
#include "slab_watch.h"

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mutex.h>
#include <linux/string.h>

/* Caches that CPUs have slots for to begin with: more than start-up makes. */
#define SLAB_FIRST_IDS		256

/* Bytes of an array of each size, its head included. */
static const struct {
	const char *name;
	unsigned int size;
} array_caches[NR_SLAB_ARRAY_SIZES] = {
	{ "slab_array-1k", 1024 }, { "slab_array-512", 512 },
	{ "slab_array-256", 256 }, { "slab_array-128", 128 },
	{ "slab_array-64", 64 },
};

void *__init slab_init_pages(size_t size)
{
	void *p = alloc_pages_exact(size, GFP_NOWAIT | __GFP_ZERO);

	if (!p)
		panic("kmem_cache_init: no memory for %zu bytes", size);
	return p;
}

/* The cache of caches cannot come from itself. */
static void __init boot_cache_create(struct slab_state *s)
{
	size_t size = sizeof(struct kmem_cache) +
		      (size_t)this_machine()->nr_nodes *
		      sizeof(struct kmem_cache_node);
	struct kmem_cache *cache = slab_init_pages(size);

	cache->name = "kmem_cache";
	cache->internal = CACHE_STATIC | CACHE_NO_ARRAYS | CACHE_UNWATCHED;
	cache->users = 1;
	cache->max_free_slabs = 2;
	if (!cache_layout(cache, (unsigned int)size, L1_CACHE_BYTES, 0) ||
	    cache_enter(cache))
		panic("kmem_cache_init: no memory for the first cache");
	s->boot_cache = cache;
}

static struct kmem_cache *__init
internal_cache(const char *name, unsigned int size, unsigned int internal)
{
	static const struct kmem_cache_args args;
	struct kmem_cache *cache;

	cache = cache_create(name, size, &args, SLAB_NO_MERGE,
			     internal | CACHE_STATIC | CACHE_UNWATCHED);
	if (!cache)
		panic("kmem_cache_init: no memory for %s", name);
	return cache;
}

struct kmem_cache *__init slab_inner_cache(const char *name, unsigned int size)
{
	return internal_cache(name, size, 0);
}

void __init kmem_cache_init(void)
{
	struct slab_state *s = slab_state();
	unsigned int i;

	mutex_init(&s->mutex);
	spin_lock_init(&s->claim_lock);
	INIT_LIST_HEAD(&s->caches);
	s->node_shift = (unsigned int)
		ilog2(roundup_pow_of_two((unsigned long)
					 this_machine()->nr_nodes));
	slab_frames_init();
	if (slab_tables_grow(SLAB_FIRST_IDS))
		panic("kmem_cache_init: no memory for slots");
	slab_fronts_start();
	boot_cache_create(s);
	for (i = 0; i < NR_SLAB_ARRAY_SIZES; i++)
		s->array_cache[i] = internal_cache(array_caches[i].name,
						   array_caches[i].size,
						   CACHE_NO_ARRAYS);
	/* One bit for each of the smallest objects of a page. */
	s->index_cache = internal_cache("slab_index",
					PAGE_SIZE / KMALLOC_MIN_SIZE / 8, 0);
	slab_watch_setup();
	kmalloc_caches_create();
}
