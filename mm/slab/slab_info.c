// SPDX-License-Identifier: MIT
/* Figures of caches: each is exact, together they are of one moment only while
 * nobody uses the cache. */
#include <octavo/slab_info.h>

#include "internal.h"

#include <linux/mutex.h>

static void slab_info_read(struct kmem_cache *cache, struct slab_info *info)
{
	struct cache_sums sums;

	cache_sums_read(cache, &sums);
	*info = (struct slab_info){
		.name = cache->name,
		.object_size = cache->object_size,
		.size = cache->size,
		.per_slab = cache->num,
		.slab_pages = 1U << cache->order,
		.used = sums.out - sums.cached,
		.cached = sums.cached,
		.slabs = sums.slabs + sums.free_slabs,
		.empty_slabs = sums.free_slabs,
	};
}

void slab_info_for_each(void (*fn)(const struct slab_info *info, void *ctx),
			void *ctx)
{
	struct slab_state *s = slab_state();
	struct kmem_cache *cache;
	struct slab_info info;

	mutex_lock(&s->mutex);
	list_for_each_entry(cache, &s->caches, list) {
		slab_info_read(cache, &info);
		fn(&info, ctx);
	}
	mutex_unlock(&s->mutex);
}
