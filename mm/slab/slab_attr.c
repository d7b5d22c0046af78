// SPDX-License-Identifier: MIT
/*
 * Caches by name, for files and for programs. A cache stays while the mutex
 * is held; what is said of it is true of one moment, at which all CPUs' slots
 * are claimed.
 *
 * Locks: slab_state.mutex -> claim_lock -> kmem_cache_node.lock.
 */
#include "slab_watch.h"

#include <octavo/slab_attr.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/string.h>

/* Mutex. */
static struct kmem_cache *cache_named(const char *name)
{
	struct kmem_cache *cache;

	list_for_each_entry(cache, &slab_state()->caches, list)
		if (!strcmp(cache->name, name))
			return cache;
	return NULL;
}

/* Adds what @n has to @info. Claimed. */
static void node_info_add(struct kmem_cache *cache, struct kmem_cache_node *n,
			  struct slab_attr *info)
{
	const struct slab_array *array;
	const struct page *slab;
	unsigned long flags, cached = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct slab_slot *slot = slab_slot_of(cpu, cache, (int)n->nid);

		cached += slot->count;
		if (slot->spare)
			cached += slot->spare->count;
	}
	info->cpu_cached += cached;
	spin_lock_irqsave(&n->lock, flags);
	for (array = n->arrays; array; array = array->next)
		cached += array->count;
	info->slabs += n->nr_slabs;
	info->free_slabs += n->nr_free_slabs;
	page_list_for_each(slab, &n->partial)
		info->partial++;
	info->objects += n->nr_out - cached;
	info->cached += cached;
	spin_unlock_irqrestore(&n->lock, flags);
}

static void cache_info(struct kmem_cache *cache, int nid,
		       struct slab_attr *info)
{
	struct kmem_cache_node *n;

	strscpy(info->name, cache->name, sizeof(info->name));
	info->object_size = cache->object_size;
	info->slab_size = cache->size;
	info->align = cache->align;
	info->objs_per_slab = cache->num;
	info->order = cache->order;
	info->users = cache->users;
	info->flags = cache->flags;
	info->ctor = cache->ctor;
	info->array_limit = slab_array_limit(cache);
	slab_claim();
	for_each_cache_node(n, cache)
		if (nid == NUMA_NO_NODE || (int)n->nid == nid)
			node_info_add(cache, n, info);
	slab_release();
}

bool slab_attr_read(const char *name, int nid, struct slab_attr *info)
{
	struct kmem_cache *cache;

	memset(info, 0, sizeof(*info));
	mutex_lock(&slab_state()->mutex);
	cache = cache_named(name);
	if (cache)
		cache_info(cache, nid, info);
	mutex_unlock(&slab_state()->mutex);
	return cache;
}

bool slab_attr_name(unsigned int index, char name[SLAB_NAME_MAX])
{
	struct kmem_cache *cache;
	bool found = false;

	mutex_lock(&slab_state()->mutex);
	list_for_each_entry(cache, &slab_state()->caches, list)
		if (!index--) {
			strscpy(name, cache->name, SLAB_NAME_MAX);
			found = true;
			break;
		}
	mutex_unlock(&slab_state()->mutex);
	return found;
}

int slab_attr_shrink(const char *name)
{
	struct kmem_cache *cache;

	mutex_lock(&slab_state()->mutex);
	cache = cache_named(name);
	if (cache)
		kmem_cache_shrink(cache);
	mutex_unlock(&slab_state()->mutex);
	return cache ? 0 : -ENOENT;
}

#ifdef CONFIG_SLAB_DEBUG

int slab_attr_validate(const char *name)
{
	struct kmem_cache *cache;

	mutex_lock(&slab_state()->mutex);
	cache = cache_named(name);
	if (cache)
		slab_debug_validate(cache);
	mutex_unlock(&slab_state()->mutex);
	return cache ? 0 : -ENOENT;
}

/* Caches with arrays are traced by watching all. Mutex. */
static void trace_update(void)
{
	struct kmem_cache *cache;
	bool any = false;

	list_for_each_entry(cache, &slab_state()->caches, list)
		any |= cache->flags & SLAB_TRACE &&
		       !(cache->internal & CACHE_NO_ARRAYS);
	slab_watch_set(SLAB_WATCH_TRACE, any);
}

int slab_attr_flag(const char *name, slab_flags_t flag, bool on)
{
	struct kmem_cache *cache;
	int err = 0;

	mutex_lock(&slab_state()->mutex);
	cache = cache_named(name);
	if (!cache)
		err = -ENOENT;
	else if (cache->users > 1 || cache->internal & CACHE_UNWATCHED)
		err = -EINVAL;
	else
		WRITE_ONCE(cache->flags, on ? cache->flags | flag :
					      cache->flags & ~flag);
	if (!err && flag == SLAB_TRACE)
		trace_update();
	mutex_unlock(&slab_state()->mutex);
	return err;
}

int slab_attr_calls(const char *name, bool frees, bool stacks,
		    struct seq_file *m)
{
	struct kmem_cache *cache;
	int err = -ENOENT;

	mutex_lock(&slab_state()->mutex);
	cache = cache_named(name);
	if (cache)
		err = slab_calls_show(cache, frees, stacks, m);
	mutex_unlock(&slab_state()->mutex);
	return err;
}

#else

int slab_attr_validate(const char *name)
{
	return -EOPNOTSUPP;
}

int slab_attr_flag(const char *name, slab_flags_t flag, bool on)
{
	return -EOPNOTSUPP;
}

int slab_attr_calls(const char *name, bool frees, bool stacks,
		    struct seq_file *m)
{
	return -ENOSYS;
}

#endif
