// SPDX-License-Identifier: MIT
/*
 * Caches of equal objects, and kmalloc() on them: the theory, and the calls
 * that are made for nearly every object.
 *
 * Terms
 *   object   memory of a cache's size; out: its user has it; cached: it is in
 *            an array; free: its slab has it
 *   slab     2^order pages cut into objects of one cache
 *   array    pointers to cached objects of one cache and node, last in first
 *            out; full and empty ones that no CPU uses are in the depot
 *   slot     what one CPU has of one cache and node: two arrays
 *   kind     number of a cache and node; each frame has that of its slab
 *
 *   CPU's slots, by kind       cache and node                slabs
 *   +------+                   +-------------------+   full    [xxxx][xxxx]
 *   | slot |── array in use    | depot: full       |   partial [xx.x][.x..]
 *   |      |── spare array ⇄   |        empty      | ⇄ free    [....]
 *   +------+   (whole ones)    +-------------------+
 *      ▲                             ▲ one slab at a time: neighbours stay
 *      └─ kmem_cache_alloc, free     together in an array
 *
 * A hit pops or pushes a pointer: no lock, no locked instruction, and no
 * access to the object or its slab. It is done inside the CPU's section, or as
 * the port does it better (asm/slab_fast.h). Who cannot enter (an interrupt
 * that meets its own CPU inside, a CPU without slots) or finds the front
 * closed goes to the slabs, one object at a time, under the node's lock.
 *
 * Which cache. A free finds the slot by the kind of the object's frame, in a
 * table of two bytes a frame (0.05% of memory): 24 MiB of objects are told
 * apart by 12 KiB, where their struct pages take 196 KiB. The table comes in
 * chunks, so that holes in the address space cost nothing; the chunks' root
 * is one line for 256 MiB and always at hand. A tail needs no step to its
 * head. As the kind says the node too, a free of another node's object goes
 * into an array of that node's, and home as one when it is full; a request
 * for a certain node uses the same slots.
 *
 * Wrong frees. From its address alone follows whether an object starts there
 * (slot_starts()): the slabs of a kind differ in their colour only, and the
 * colour is a function of the frame. A free of what was freed last is seen
 * at once. Any other double free is seen when the second of the two pointers
 * comes back to the slab, whose free index has it already; it is reported,
 * and goes no further. The free index is in the slab's struct pages, or in
 * an object of its own when objects are smaller than 64 bytes, so that no
 * stray write through an object reaches it.
 *
 * A slab in struct pages, 64 objects or fewer for each page:
 *
 *   first page    type PGTY_slab | objects not free, index = kind, lru links
 *   page w        private = free index of objects 64 w to 64 w + 63; or, of
 *                 the first: address of the whole index
 *
 * Colours. What is left over in a slab shifts its first object by a line
 * times (frame / pages of a slab) modulo a power of two, so equal fields of
 * objects in different slabs do not fall into the same lines of a CPU cache.
 *
 * Start. A slot without array is like an empty one and like a full one, and
 * arrays come from caches whose objects no CPU keeps. So the first caches are
 * made by the same calls as any, and no call asks whether it is early.
 *
 * Invariants (kmem_cache_check())
 *   I1  each slab is of its cache's kind and node, and so are its frames
 *   I2  it is on the list that its count says; nr_slabs and nr_free_slabs
 *       are the lists' lengths
 *   I3  num - its count = bits set in its free index, none past num
 *   I4  nr_out = sum of the counts
 *   I5  a cached object is in one array once, not free, and starts an object
 *   I6  full arrays in the depot are full, empty ones empty
 *
 * Locks: slab_state.mutex -> claim_lock -> kmem_cache_node.lock. Pages are
 * taken and freed, and constructors run, outside node locks.
 *
 * Failure: without memory for an array, objects go to and come from slabs
 * one by one. A request that finds no memory on its node is served from
 * another one's, unless it has __GFP_THISNODE.
 */
#include "internal.h"

#include <linux/instruction_pointer.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <trace/events/kmem.h>

/* Flags that need a look, most of which no object can satisfy. */
#define SLAB_GFP_SLOW	(SLAB_GFP_ODD & ~(__GFP_ZERO | __GFP_RECLAIMABLE))

/* The front of a CPU that has no slots yet. */
DEFINE_PER_CPU_ALIGNED(struct slab_front, slab_front) = {
	.section = { .claimed = CPU_SECTION_OFF },
};

/* Whether a request that may sleep is made where nothing may. */
static __always_inline bool sleeps_wrongly(gfp_t gfp)
{
	return gfp & __GFP_DIRECT_RECLAIM && preempt_count();
}

/*
 * The slow ways are called last: the way of most calls has no registers to
 * save, and the return address is the caller's.
 */
static noinline_last void *slab_alloc_leave(struct kmem_cache *cache,
					    gfp_t gfp, size_t size)
{
	return slab_alloc_slow(cache, gfp, NUMA_NO_NODE, size, _RET_IP_);
}

/* Any request, for this CPU's node. */
static __always_inline void *slab_alloc_any(struct kmem_cache *cache,
					    gfp_t gfp, size_t size, int nid,
					    unsigned long caller)
{
	void *object = NULL;

	if (likely(!(gfp & SLAB_GFP_SLOW) && !sleeps_wrongly(gfp)))
		object = slab_fast_pop(cache, false);
	if (unlikely(!object))
		return slab_alloc_slow(cache, gfp, nid, size, caller);
	object_leaves(cache, object);
	if (gfp & __GFP_ZERO)
		return memset(object, 0, cache->object_size);
	return object;
}

static noinline_last void *slab_alloc_odd(struct kmem_cache *cache, gfp_t gfp,
					  size_t size)
{
	return slab_alloc_any(cache, gfp, size, NUMA_NO_NODE, _RET_IP_);
}

/* One of which gfp_is_plain() holds. */
static __always_inline void *slab_alloc_plain(struct kmem_cache *cache,
					      gfp_t gfp, size_t size,
					      bool sleeps)
{
	void *object = slab_fast_pop(cache, sleeps);

	if (unlikely(!object))
		return slab_alloc_leave(cache, gfp, size);
	object_leaves(cache, object);
	return object;
}

/* @size: bytes that the caller wants of the object; 0: all. */
static __always_inline void *slab_alloc(struct kmem_cache *cache, gfp_t gfp,
					size_t size)
{
	const gfp_t look = SLAB_GFP_ODD | __GFP_DIRECT_RECLAIM;

	/* What most requests are, by one test. */
	if (likely((gfp & look) == __GFP_DIRECT_RECLAIM))
		return slab_alloc_plain(cache, gfp, size, true);
	return slab_alloc_odd(cache, gfp, size);
}

static noinline_last void *slab_alloc_near_slow(struct kmem_cache *cache,
						gfp_t gfp, size_t size, int nid)
{
	return slab_alloc_any(cache, gfp, size, nid, _RET_IP_);
}

/* The same for who said @nid, which is this CPU's node or none. */
static __always_inline void *slab_alloc_near(struct kmem_cache *cache,
					     gfp_t gfp, size_t size, int nid)
{
	const gfp_t look = SLAB_GFP_ODD | __GFP_DIRECT_RECLAIM;
	void *object = NULL;

	if (likely((gfp & look) == __GFP_DIRECT_RECLAIM))
		object = slab_fast_pop(cache, true);
	if (unlikely(!object))
		return slab_alloc_near_slow(cache, gfp, size, nid);
	object_leaves(cache, object);
	return object;
}

static noinline_last void slab_free_leave(struct kmem_cache *cache,
					 void *object)
{
	if (!(cache ? !object : ZERO_OR_NULL_PTR(object)))
		slab_free_slow(cache, object, _RET_IP_);
	else if (!cache)
		trace_kfree(_RET_IP_, object);
}

/* ---- one object ------------------------------------------------------- */

void *(kmem_cache_alloc)(struct kmem_cache *cache, gfp_t gfp)
{
	return slab_alloc(cache, gfp, 0);
}

void *__kmalloc_cache(struct kmem_cache *cache, gfp_t gfp, size_t size)
{
	return slab_alloc(cache, gfp, size);
}

void *__kmem_cache_alloc_kernel(struct kmem_cache *cache)
{
	return slab_alloc_plain(cache, GFP_KERNEL, 0, true);
}

void *__kmem_cache_alloc_atomic(struct kmem_cache *cache, gfp_t gfp)
{
	return slab_alloc_plain(cache, gfp, 0, false);
}

void *kmem_cache_alloc_node(struct kmem_cache *cache, gfp_t gfp, int nid)
{
	if (nid == NUMA_NO_NODE || nid == numa_mem_id())
		return slab_alloc_near(cache, gfp, 0, nid);
	return slab_alloc_slow(cache, gfp, nid, 0, _RET_IP_);
}

/* NULL is no object, and neither fast way is it. */
void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	if (unlikely(!slab_fast_push(cache, false, object)))
		slab_free_leave(cache, object);
}

static __always_inline struct kmem_cache *kmalloc_cache(size_t size, gfp_t gfp)
{
	return kmalloc_caches[kmalloc_type(gfp)][kmalloc_class_of(size)];
}

/* What __kmalloc() has no quick answer to. */
static noinline_last void *kmalloc_leave(size_t size, gfp_t gfp)
{
	/* 0 wraps around. */
	if (unlikely(size - 1 >= KMALLOC_MAX_CACHE_SIZE))
		return size ? kmalloc_large_caller(size, gfp, NUMA_NO_NODE,
						   _RET_IP_) : ZERO_SIZE_PTR;
	return slab_alloc(kmalloc_cache(size, gfp), gfp, size);
}

/*
 * Most requests are GFP_KERNEL's, for which the kind of memory need not be
 * found out. The others, and the rare ones, begin anew: so nothing is kept in
 * registers for their sake.
 */
void *__kmalloc(size_t size, gfp_t gfp)
{
	struct kmem_cache *cache;
	void *object;

	if (unlikely(gfp != GFP_KERNEL ||
		     size - 1 >= KMALLOC_MAX_CACHE_SIZE))
		return kmalloc_leave(size, gfp);
	cache = kmalloc_caches[KMALLOC_NORMAL][kmalloc_class_of(size)];
	object = slab_fast_pop(cache, true);
	if (unlikely(!object))
		return kmalloc_leave(size, gfp);
	object_leaves(cache, object);
	return object;
}

void *__kmalloc_node(size_t size, gfp_t gfp, int nid)
{
	struct kmem_cache *cache;

	if (unlikely(size - 1 >= KMALLOC_MAX_CACHE_SIZE))
		return size ? kmalloc_large_caller(size, gfp, nid, _RET_IP_) :
			      ZERO_SIZE_PTR;
	cache = kmalloc_cache(size, gfp);
	if (nid == NUMA_NO_NODE || nid == numa_mem_id())
		return slab_alloc_near(cache, gfp, size, nid);
	return slab_alloc_slow(cache, gfp, nid, size, _RET_IP_);
}

void kfree(const void *object)
{
	if (unlikely(!slab_fast_push(NULL, true, (void *)object)))
		slab_free_leave(NULL, (void *)object);
}

/* ---- many at once ----------------------------------------------------- */

/* Objects for which preemption is off in one go. */
#define BULK_RUN	64

/* So few that a call of memcpy() takes as long. */
static __always_inline void pointers_copy(void **to, void *const *from, u32 nr)
{
	for (; nr >= 4; nr -= 4, to += 4, from += 4) {
		to[0] = from[0];
		to[1] = from[1];
		to[2] = from[2];
		to[3] = from[3];
	}
	while (nr--)
		*to++ = *from++;
}

/* What this CPU has, up to @nr objects; how many. */
static size_t bulk_take(struct kmem_cache *cache, gfp_t gfp, size_t nr,
			void **objects)
{
	struct slab_front *front;
	struct slab_slot *slot;
	u32 n, i;

	if (gfp & SLAB_GFP_SLOW || sleeps_wrongly(gfp))
		return 0;
	front = slab_front_lock();
	if (!front)
		return 0;
	slot = (struct slab_slot *)(front->table_local + cache->slot_offset);
	n = (u32)min((size_t)slot->count, nr);
	slot_set_count(slot, slot->count - n);
	pointers_copy(objects, slot->objs + slot->count, n);
	slab_front_unlock(front);
	if (!PORT_CHECKS_MEMORY && !(gfp & __GFP_ZERO))
		return n;
	for (i = 0; i < n; i++) {
		object_leaves(cache, objects[i]);
		if (gfp & __GFP_ZERO)
			memset(objects[i], 0, cache->object_size);
	}
	return n;
}

int kmem_cache_alloc_bulk(struct kmem_cache *cache, gfp_t gfp, size_t nr,
			  void **objects)
{
	size_t i = 0;

	while (i < nr) {
		i += bulk_take(cache, gfp, nr - i, objects + i);
		if (i == nr)
			break;
		/* Brings an array of more, if there is any. */
		objects[i] = slab_alloc_slow(cache, gfp, NUMA_NO_NODE, 0,
					     _RET_IP_);
		if (!objects[i]) {
			kmem_cache_free_bulk(cache, i, objects);
			return 0;
		}
		i++;
	}
	return (int)nr;
}

/*
 * Keeps those of @objects that are objects of @slot and on the slab of the
 * first of them, which was kept; from the first on, no more than fit. How
 * many. Objects come from a slab from the end to the start, and often go back
 * so. In the section.
 */
static u32 bulk_keep_slab(struct slab_slot *slot, void **objects, u32 nr)
{
	unsigned long phys = direct_offset(objects[0]);
	char *first = (char *)objects[0] - slot_offset(slot, phys);
	char *last = objects[0], *object;
	/* Stores of pointers could be to the slot, as the compiler sees it. */
	const struct slab_slot same = *slot;
	const unsigned int size = same.cache->size;
	void **to = slot->objs + slot->count;
	u32 i, end = min(nr, slot->high - slot->count + 1);

	for (i = 1; i < end; i++, last = object) {
		unsigned long offset;

		object = objects[i];
		if (unlikely(object != last - size || object < first)) {
			offset = (unsigned long)(object - first);
			if (unlikely(offset > same.mask ||
				     !slot_starts(&same, (u32)offset) ||
				     object == last))
				break;
		}
		object_comes(same.cache, object);
		to[i - 1] = object;
	}
	slot_set_count(slot, slot->count + i - 1);
	return i;
}

/* Keeps objects from the first on; how many. */
static size_t bulk_keep(struct kmem_cache *cache, size_t nr, void **objects)
{
	struct slab_front *front = slab_front_lock();
	u32 i = 0;

	if (!front)
		return 0;
	nr = min(nr, (size_t)BULK_RUN);
	while (i < nr && slab_keep(front, front->table, !cache, cache, objects[i]))
		i += bulk_keep_slab(front_slot(front, front->table,
					       direct_offset(objects[i]) >>
					       PAGE_SHIFT),
				    objects + i, (u32)nr - i);
	slab_front_unlock(front);
	return i;
}

void kmem_cache_free_bulk(struct kmem_cache *cache, size_t nr, void **objects)
{
	size_t i = 0;

	while (i < nr) {
		size_t kept = bulk_keep(cache, nr - i, objects + i);

		i += kept;
		if (kept || i == nr)
			continue;
		if (!ZERO_OR_NULL_PTR(objects[i]))
			slab_free_slow(cache, objects[i], _RET_IP_);
		i++;
	}
}
