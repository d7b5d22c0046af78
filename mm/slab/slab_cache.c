// SPDX-License-Identifier: MIT
/*
 * Caches: making, merging, shrinking and ending them.
 *
 * The order of a slab is the smallest with which at most a sixteenth of it is
 * left over and four objects fit, up to the order that requests find easily;
 * then the one of these that loses least.
 *
 * Two caches are alike when their objects are laid out alike and come from
 * the same memory, and neither has a constructor, a destructor, SLAB_NO_MERGE
 * or SLAB_TYPESAFE_BY_RCU. The second to come is the first, with one user more.
 *
 * A cache ends in two steps: all CPUs' arrays and the depot go to the slabs,
 * which shows whether an object is still out; if none is, its slots and its
 * memory go. If one is, nothing has changed but that the arrays are empty.
 *
 * Locks: slab_state.mutex.
 */
#include "slab_watch.h"

#include <linux/errno.h>
#include <linux/instruction_pointer.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include <octavo/slab_attr.h>

/* What a user may say. */
#define SLAB_USER_FLAGS							\
	(SLAB_HWCACHE_ALIGN | SLAB_CACHE_DMA | SLAB_CACHE_DMA32 |	\
	 SLAB_NO_MERGE | SLAB_RECLAIM_ACCOUNT | SLAB_PANIC |		\
	 SLAB_TYPESAFE_BY_RCU | SLAB_ACCOUNT | SLAB_NOLEAKTRACE |	\
	 SLAB_DEBUG_FLAGS)
/* What alike caches agree on. */
#define SLAB_MERGE_FLAGS						\
	(SLAB_CACHE_DMA | SLAB_CACHE_DMA32 | SLAB_RECLAIM_ACCOUNT |	\
	 SLAB_NOLEAKTRACE)
/* What keeps a cache to itself. */
#define SLAB_LONE_FLAGS		\
	(SLAB_NO_MERGE | SLAB_TYPESAFE_BY_RCU | SLAB_DEBUG_FLAGS)

/* The order is not raised further for the sake of what is left over. */
#define SLAB_MAX_ORDER		PAGE_ALLOC_COSTLY_ORDER
#define SLAB_MIN_OBJECTS	4
/* One part of a slab in so many may be left over. */
#define SLAB_WASTE		16
/* and of the slab of a cache that asks for little waste. */
#define SLAB_WASTE_TIGHT	32
/* Objects smaller than this have their free index in an object of its own. */
#define SLAB_INDEX_SIZE		64

/* The largest objects, in bytes, of the first, second ... size of array. */
static const unsigned int array_object_size[NR_SLAB_ARRAY_SIZES] = {
	256, 1024, 4096, 8192, UINT_MAX
};

/* ---- sizes ------------------------------------------------------------ */

unsigned int slab_order(unsigned int size, bool tight)
{
	unsigned int waste = tight ? SLAB_WASTE_TIGHT : SLAB_WASTE;
	unsigned int most = SLAB_MAX_ORDER + tight;
	unsigned int order = (unsigned int)get_order(size), best = order;
	unsigned long bytes, lost, least = ULONG_MAX;

	/* The index of small objects is one object of index_cache. */
	if (size < SLAB_INDEX_SIZE)
		return 0;
	for (; order <= most; order++) {
		bytes = PAGE_SIZE << order;
		lost = (bytes % size) << (most - order);
		if (bytes / size >= SLAB_MIN_OBJECTS &&
		    bytes % size <= bytes / waste)
			return order;
		if (lost < least) {
			least = lost;
			best = order;
		}
	}
	return best;
}

static unsigned int object_align(unsigned int size, unsigned int align,
				 slab_flags_t flags)
{
	unsigned int line = L1_CACHE_BYTES;

	if (flags & SLAB_HWCACHE_ALIGN) {
		/* Several small objects share a line, none is on two. */
		while (size <= line / 2)
			line /= 2;
		align = max(align, line);
	}
	return max(align, (unsigned int)ARCH_SLAB_MINALIGN);
}

bool cache_layout(struct kmem_cache *cache, unsigned int size,
		  unsigned int align, slab_flags_t flags)
{
	unsigned long bytes, left;
	unsigned int step;

	align = object_align(size, align, flags);
	cache->object_size = size;
	cache->align = align;
	cache->size = ALIGN(size, align);
	cache->flags = flags;
	if (unlikely(flags & SLAB_DEBUG_FLAGS))
		slab_debug_layout(cache);
	cache->order = slab_order(cache->size, cache->internal & CACHE_TIGHT);
	bytes = PAGE_SIZE << cache->order;
	cache->num = (unsigned int)(bytes / cache->size);
	left = bytes - (unsigned long)cache->num * cache->size;
	/* The address bits of a colour are those above the slab's size. */
	step = max(align, (unsigned int)L1_CACHE_BYTES << cache->order);
	cache->colour_shift = (unsigned int)ilog2(step);
	cache->colours = (unsigned int)rounddown_pow_of_two(left / step + 1) - 1;
	if (cache->size < SLAB_INDEX_SIZE)
		cache->internal |= CACHE_INDEX_OFF;
	if (cache->order)
		cache->gfp |= __GFP_COMP;
	if (flags & SLAB_CACHE_DMA)
		cache->gfp |= GFP_DMA;
	if (flags & SLAB_CACHE_DMA32)
		cache->gfp |= GFP_DMA32;
	if (flags & SLAB_RECLAIM_ACCOUNT)
		cache->gfp |= __GFP_RECLAIMABLE;
	while (cache->size > array_object_size[cache->array_size])
		cache->array_size++;
	if (cache->internal & CACHE_TIGHT && cache->array_size &&
	    cache->array_size < NR_SLAB_ARRAY_SIZES - 1)
		cache->array_size++;
	/* A slab is aligned to its size, and objects begin at its start. */
	return cache->num && align <= bytes;
}

/* ---- making ----------------------------------------------------------- */

/* The first kinds are no cache's (octavo/slab_slot.h). */
static unsigned int first_id(void)
{
	return ((FRAME_KINDS - 1) >> slab_state()->node_shift) + 1;
}

static unsigned int free_id(void)
{
	const struct slab_state *s = slab_state();
	unsigned int id = max(first_id(), s->low_id);

	while (id < s->nr_ids && cache_by_id(id))
		id++;
	return id;
}

/* The place of @id; NULL when there is no memory for its block. */
static struct kmem_cache **id_place(unsigned int id)
{
	struct kmem_cache ***block =
		&slab_state()->by_block[id / SLAB_ID_BLOCK];

	if (!*block)
		*block = alloc_pages_exact(SLAB_ID_BLOCK * sizeof(**block),
					   GFP_NOWAIT | __GFP_ZERO);
	return *block ? *block + id % SLAB_ID_BLOCK : NULL;
}

int cache_enter(struct kmem_cache *cache)
{
	struct slab_state *s = slab_state();
	struct kmem_cache **place;
	int nid, err;

	cache->id = free_id();
	place = id_place(cache->id);
	if (!place)
		return -ENOMEM;
	cache->slot_offset = ((unsigned long)cache->id << s->node_shift) *
			     sizeof(struct slab_slot);
	for (nid = 0; nid < this_machine()->nr_nodes; nid++)
		cache_node_init(cache, nid);
	err = slab_slots_prepare(cache);
	if (err)
		return err;
	WRITE_ONCE(*place, cache);
	s->low_id = cache->id + 1;
	list_add_tail(&cache->list, &s->caches);
	return 0;
}

struct kmem_cache *cache_create(const char *name, unsigned int size,
				const struct kmem_cache_args *args,
				slab_flags_t flags, unsigned int internal)
{
	struct kmem_cache *cache;

	cache = kmem_cache_alloc(slab_state()->boot_cache,
				 GFP_KERNEL | __GFP_ZERO);
	if (!cache)
		return NULL;
	cache->name = name;
	cache->internal = internal;
	cache->ctor = args->ctor;
	cache->dtor = args->dtor;
	cache->users = 1;
	if (!(internal & CACHE_UNWATCHED))
		flags = slab_debug_cache_flags(name, size, flags);
	if (!cache_layout(cache, size, args->align, flags))
		goto free;
	/* As many objects as a CPU has at most. */
	cache->max_free_slabs = 1 + 32 / cache->num;
	if (cache_enter(cache))
		goto free;
	return cache;
free:
	kmem_cache_free(slab_state()->boot_cache, cache);
	return NULL;
}

static bool cache_mergeable(const struct kmem_cache *cache)
{
	return !cache->ctor && !cache->dtor &&
	       !(cache->flags & SLAB_LONE_FLAGS) &&
	       !(cache->internal & CACHE_NO_ARRAYS);
}

/* A cache that objects of these arguments may as well come from. */
static struct kmem_cache *cache_find_alike(unsigned int size,
					   const struct kmem_cache_args *args,
					   slab_flags_t flags)
{
	unsigned int align = object_align(size, args->align, flags);
	struct kmem_cache *cache;

	if (args->ctor || args->dtor || flags & SLAB_LONE_FLAGS)
		return NULL;
	list_for_each_entry(cache, &slab_state()->caches, list)
		if (cache_mergeable(cache) &&
		    cache->size == ALIGN(size, align) &&
		    cache->size % align == 0 && cache->align >= align &&
		    !((cache->flags ^ flags) & SLAB_MERGE_FLAGS))
			return cache;
	return NULL;
}

/* The same for those that say something about the object's inside. */
static const char *layout_fault(unsigned int size,
				const struct kmem_cache_args *args,
				slab_flags_t flags)
{
	bool freeptr = args->use_freeptr_offset || args->freeptr_offset;

	if (args->useroffset > size || args->usersize > size - args->useroffset)
		return "its part for users lies outside";
	if (!args->usersize && args->useroffset)
		return "its part for users is empty";
	if (!freeptr)
		return NULL;
	if (!(flags & SLAB_TYPESAFE_BY_RCU) || args->ctor)
		return "only SLAB_TYPESAFE_BY_RCU without ctor has a place for its free pointer";
	if (args->freeptr_offset % sizeof(void *) || size < sizeof(void *) ||
	    args->freeptr_offset > size - sizeof(void *))
		return "the place for its free pointer is none";
	return NULL;
}

/* What is wrong with the arguments of a new cache, or NULL. */
static const char *create_fault(const char *name, unsigned int size,
				const struct kmem_cache_args *args,
				slab_flags_t flags)
{
	if (!name || !*name)
		return "it has no name";
	if (!size)
		return "its size is 0";
	if (size > KMALLOC_MAX_SIZE / 4)
		return "its size is too large";
	if (args->align & (args->align - 1))
		return "its alignment is no power of two";
	if (args->align > PAGE_SIZE)
		return "its alignment is larger than a page";
	if (flags & ~SLAB_USER_FLAGS)
		return "it has flags that mean nothing";
	if (flags & SLAB_CACHE_DMA && flags & SLAB_CACHE_DMA32)
		return "its memory is to be both DMA and DMA32";
	if (in_interrupt())
		return "it is made in an interrupt";
	return layout_fault(size, args, flags);
}

static struct kmem_cache *create_named(const char *name, unsigned int size,
				       const struct kmem_cache_args *args,
				       slab_flags_t flags)
{
	struct kmem_cache *cache;
	char *own_name = kstrdup(name, GFP_KERNEL);

	if (!own_name)
		return NULL;
	cache = cache_create(own_name, size, args, flags, 0);
	if (!cache)
		kfree(own_name);
	return cache;
}

struct kmem_cache *__kmem_cache_create_args(const char *name,
					    unsigned int size,
					    const struct kmem_cache_args *args,
					    slab_flags_t flags)
{
	static const struct kmem_cache_args none;
	struct slab_state *s = slab_state();
	struct kmem_cache *cache = NULL;
	const char *fault;

	args = args ?: &none;
	fault = create_fault(name, size, args, flags);
	if (fault) {
		pr_err("kmem_cache_create: cache '%s' of size %u, align %u, flags %#x: %s\n",
		       name ?: "", size, args->align, flags, fault);
	} else {
		mutex_lock(&s->mutex);
		cache = cache_find_alike(size, args,
					 slab_debug_cache_flags(name, size,
								flags));
		if (cache) {
			cache->users++;
			cache->object_size = max(cache->object_size, size);
		} else {
			cache = create_named(name, size, args, flags);
		}
		mutex_unlock(&s->mutex);
	}
	if (!cache && flags & SLAB_PANIC)
		panic("kmem_cache_create: Failed to create slab '%s'. Error %d",
		      name ?: "", fault ? -EINVAL : -ENOMEM);
	return cache;
}

struct kmem_cache *slab_tight_cache_create(const char *name, unsigned int size,
					   unsigned int align)
{
	struct kmem_cache_args args = { .align = align };
	struct slab_state *s = slab_state();
	struct kmem_cache *cache;

	mutex_lock(&s->mutex);
	cache = cache_create(name, size, &args, SLAB_NO_MERGE,
			     CACHE_STATIC | CACHE_TIGHT);
	mutex_unlock(&s->mutex);
	return cache;
}

/* ---- shrinking and ending --------------------------------------------- */

/* Objects of @cache that their users have. After a drain: exact. */
static unsigned long cache_objects_out(struct kmem_cache *cache)
{
	struct kmem_cache_node *n;
	unsigned long flags, out = kfence_objects_of(cache);

	for_each_cache_node(n, cache) {
		spin_lock_irqsave(&n->lock, flags);
		out += n->nr_out;
		spin_unlock_irqrestore(&n->lock, flags);
	}
	return out;
}

static void cache_drain(struct kmem_cache *cache)
{
	struct kmem_cache_node *n;

	slab_drain(cache);
	for_each_cache_node(n, cache)
		node_shrink(cache, n);
}

int kmem_cache_shrink(struct kmem_cache *cache)
{
	struct kmem_cache_node *n;
	unsigned long flags, slabs = 0;

	cache_drain(cache);
	for_each_cache_node(n, cache) {
		spin_lock_irqsave(&n->lock, flags);
		slabs += n->nr_slabs;
		spin_unlock_irqrestore(&n->lock, flags);
	}
	return slabs != 0;
}

static void cache_end(struct kmem_cache *cache)
{
	struct slab_state *s = slab_state();

	list_del(&cache->list);
	slab_slots_clear(cache);
	WRITE_ONCE(*id_place(cache->id), NULL);
	s->low_id = min(s->low_id, cache->id);
	kfree(cache->name);
	kmem_cache_free(s->boot_cache, cache);
}

/* The pages of all slabs that were given up before are free now. */
static void cache_wait_for_readers(void)
{
	/* Those of the first may have the next wait for another one. */
	rcu_barrier();
	rcu_barrier();
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	struct slab_state *s = slab_state();
	unsigned long out;

	if (!cache)
		return;
	/* Objects that kfree_rcu() got may be this cache's. */
	kvfree_rcu_barrier();
	mutex_lock(&s->mutex);
	if (cache->users > 1) {
		cache->users--;
		goto unlock;
	}
	if (cache->internal & CACHE_STATIC) {
		pr_err("BUG: kmem_cache_destroy %s: the cache is not its caller's, who is %pS\n",
		       cache->name, (void *)_RET_IP_);
		goto unlock;
	}
	cache_drain(cache);
	out = cache_objects_out(cache);
	if (out) {
		atomic_long_inc(&s->nr_bad);
		pr_err("BUG: kmem_cache_destroy %s: Slab cache still has objects when called from %pS: %lu of %u bytes\n",
		       cache->name, (void *)_RET_IP_, out, cache->object_size);
		cache_list_live(cache);
		goto unlock;
	}
	if (cache->flags & SLAB_TYPESAFE_BY_RCU)
		cache_wait_for_readers();
	cache_end(cache);
unlock:
	mutex_unlock(&s->mutex);
}

unsigned int kmem_cache_size(struct kmem_cache *cache)
{
	return cache->object_size;
}

size_t slab_object_step(const struct kmem_cache *cache)
{
	return cache->size;
}

const char *kmem_cache_name(struct kmem_cache *cache)
{
	return cache->name;
}

unsigned int kmem_cache_count(void)
{
	struct kmem_cache *cache;
	unsigned int n = 0;

	mutex_lock(&slab_state()->mutex);
	list_for_each_entry(cache, &slab_state()->caches, list)
		n += cache->users - !!(cache->internal & CACHE_STATIC);
	mutex_unlock(&slab_state()->mutex);
	return n;
}
