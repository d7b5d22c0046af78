// SPDX-License-Identifier: MIT
/*
 * The objects of a cache that are still out when it is to end, a line each:
 *
 *   Object ffff888003a61180 @offset=384
 *
 * and, past LIVE_LINES, one that says how many more there are. The caches'
 * mutex keeps the cache; arrays have been drained, so what no free index has
 * is its user's. Others may still free, and are seen or not.
 *
 * Locks: kmem_cache_node.lock, under which the lines are written.
 */
#include "internal.h"

#include <linux/bitops.h>
#include <linux/kernel.h>

/* As many as a log's end can show beside other things. */
#define LIVE_LINES	64

static void slab_list_live(const struct kmem_cache *cache, struct page *slab,
			   unsigned long *nr)
{
	const char *page = lowmem_page_address(slab), *object;
	unsigned int i;

	for (i = 0; i < cache->num; i++) {
		if (*slab_index_word(cache, slab, i) >> (i % 64) & 1)
			continue;
		object = slab_objects(cache, slab) + (size_t)i * cache->size;
		if (++*nr <= LIVE_LINES)
			pr_err("Object %px @offset=%lu\n", object,
			       (unsigned long)(object - page));
	}
}

static void slabs_list_live(const struct kmem_cache *cache,
			    struct page_list *slabs, unsigned long *nr)
{
	struct page *slab;

	page_list_for_each(slab, slabs)
		slab_list_live(cache, slab, nr);
}

void cache_list_live(struct kmem_cache *cache)
{
	struct kmem_cache_node *n;
	unsigned long flags, nr = 0;

	for_each_cache_node(n, cache) {
		spin_lock_irqsave(&n->lock, flags);
		slabs_list_live(cache, &n->full, &nr);
		slabs_list_live(cache, &n->partial, &nr);
		spin_unlock_irqrestore(&n->lock, flags);
	}
	if (nr > LIVE_LINES)
		pr_err("... and %lu objects more\n", nr - LIVE_LINES);
}
