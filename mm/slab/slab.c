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
 * access to the object or its slab. It is done inside the CPU's section
 * (octavo/cpu_section.h). Who cannot enter (an interrupt that meets its own
 * CPU inside, a claim, a CPU without slots) goes to the slabs, one object at
 * a time, under the node's lock.
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
 * (slot_index()): the slabs of a kind differ in their colour only, and the
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

/* Flags that need a look, most of which no object can satisfy. */
#define SLAB_GFP_SLOW							\
	(__GFP_DMA | __GFP_DMA32 | __GFP_HIGHMEM | ~__GFP_BITS_MASK)

/* The front of a CPU that has no slots yet. */
DEFINE_PER_CPU_ALIGNED(struct slab_front, slab_front) = {
	.section = { .claimed = CPU_SECTION_OFF },
};

/* Whether a request that may sleep is made where nothing may. */
static __always_inline bool sleeps_wrongly(gfp_t gfp, unsigned int count)
{
	return gfp & __GFP_DIRECT_RECLAIM && (count || irqs_disabled());
}

/* The slot of this node's objects. */
static __always_inline struct slab_slot *
local_slot(struct cpu_section *section, const struct kmem_cache *cache)
{
	return (struct slab_slot *)(front_of(section)->local +
				    cache->slot_offset);
}

/*
 * Out of line, and called last: the way of most calls has no registers to
 * save. @section NULL: it was not entered.
 */
static noinline void *slab_alloc_leave(struct cpu_section *section,
				       unsigned int count,
				       struct kmem_cache *cache, gfp_t gfp,
				       unsigned long caller)
{
	if (section)
		cpu_section_unlock(section, count);
	else
		cpu_section_give_up(count);
	return slab_alloc_slow(cache, gfp, NUMA_NO_NODE, caller);
}

/* What is left to do for an object that was taken. */
static __always_inline void *slab_alloc_finish(const struct kmem_cache *cache,
					       gfp_t gfp, void *object)
{
	object_leaves(cache, object);
	if (unlikely(gfp & __GFP_ZERO))
		return memset(object, 0, cache->object_size);
	return object;
}

static noinline void *slab_alloc_resched(const struct kmem_cache *cache,
					 gfp_t gfp, void *object)
{
	preempt_schedule();
	return slab_alloc_finish(cache, gfp, object);
}

static __always_inline void *slab_alloc(struct kmem_cache *cache, gfp_t gfp,
					unsigned long caller)
{
	struct cpu_section *section;
	struct slab_slot *slot;
	unsigned int count;
	void *object;
	u32 n;

	if (unlikely(gfp & SLAB_GFP_SLOW))
		return slab_alloc_slow(cache, gfp, NUMA_NO_NODE, caller);
	if (unlikely(!cpu_section_begin(&slab_front.section, &section,
					&count)))
		return slab_alloc_leave(NULL, count, cache, gfp, caller);
	slot = local_slot(section, cache);
	n = slot->count;
	if (unlikely(!n || sleeps_wrongly(gfp, count)))
		return slab_alloc_leave(section, count, cache, gfp, caller);
	object = slot->objs[n - 1];
	slot_set_count(slot, n - 1);
	if (unlikely(cpu_section_end(section, count)))
		return slab_alloc_resched(cache, gfp, object);
	return slab_alloc_finish(cache, gfp, object);
}

/*
 * Keeps @object for this CPU, if it is an object of @cache (@any: of any) and
 * there is room. Inside the section; false: it is not for here.
 */
static __always_inline bool slab_keep(const struct slab_front *front, bool any,
				      const struct kmem_cache *cache,
				      void *object)
{
	unsigned long phys = direct_offset(object), pfn = phys >> PAGE_SHIFT;
	struct slab_slot *slot;
	const u16 *chunk;
	u32 n;

	if (unlikely(pfn >= front->nr_frames))
		return false;
	/* Pairs with the exchange in frame_prepare(). */
	chunk = port_load(&front->frames[pfn >> FRAME_CHUNK_SHIFT],
			  __ATOMIC_ACQUIRE);
	slot = &front->slots[port_load(&chunk[pfn & (FRAME_CHUNK - 1)],
				       __ATOMIC_RELAXED)];
	if (!any && unlikely(slot->cache != cache))
		return false;
	n = slot->count;
	if (unlikely(n >= slot->high))
		return false;
	if (unlikely(slot_index(slot, phys) >= slot->num))
		return false;
	/* objs[-1] is struct slab_array's `none`. */
	if (unlikely(slot->objs[(long)n - 1] == object))
		return false;
	object_comes(slot->cache, object);
	slot->objs[n] = object;
	slot_set_count(slot, n + 1);
	return true;
}

static noinline void slab_free_leave(struct cpu_section *section,
				     unsigned int count,
				     struct kmem_cache *cache, void *object)
{
	if (section)
		cpu_section_unlock(section, count);
	else
		cpu_section_give_up(count);
	slab_free_slow(cache, object);
}

static __always_inline void slab_free(bool any, struct kmem_cache *cache,
				      void *object)
{
	struct cpu_section *section;
	unsigned int count;

	if (unlikely(!cpu_section_begin(&slab_front.section, &section,
					&count)))
		slab_free_leave(NULL, count, cache, object);
	else if (unlikely(!slab_keep(front_of(section), any, cache, object)))
		slab_free_leave(section, count, cache, object);
	else if (unlikely(cpu_section_end(section, count)))
		preempt_schedule();
}

/* ---- one object ------------------------------------------------------- */

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	return slab_alloc(cache, gfp, _RET_IP_);
}

void *kmem_cache_alloc_node(struct kmem_cache *cache, gfp_t gfp, int nid)
{
	if (nid == NUMA_NO_NODE || nid == numa_mem_id())
		return slab_alloc(cache, gfp, _RET_IP_);
	return slab_alloc_slow(cache, gfp, nid, _RET_IP_);
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	if (unlikely(!object))
		return;
	slab_free(false, cache, object);
}

void *__kmalloc(size_t size, gfp_t gfp)
{
	/* 0 wraps around. */
	if (unlikely(size - 1 >= KMALLOC_MAX_CACHE_SIZE))
		return size ? kmalloc_large(size, gfp) : ZERO_SIZE_PTR;
	return slab_alloc(kmalloc_caches[kmalloc_type(gfp)][kmalloc_index(size)],
			  gfp, _RET_IP_);
}

void *__kmalloc_node(size_t size, gfp_t gfp, int nid)
{
	struct kmem_cache *cache;

	if (unlikely(size - 1 >= KMALLOC_MAX_CACHE_SIZE))
		return size ? kmalloc_large_node(size, gfp, nid) :
			      ZERO_SIZE_PTR;
	cache = kmalloc_caches[kmalloc_type(gfp)][kmalloc_index(size)];
	if (nid == NUMA_NO_NODE || nid == numa_mem_id())
		return slab_alloc(cache, gfp, _RET_IP_);
	return slab_alloc_slow(cache, gfp, nid, _RET_IP_);
}

void kfree(const void *object)
{
	if (unlikely(ZERO_OR_NULL_PTR(object)))
		return;
	slab_free(true, NULL, (void *)object);
}

/* ---- many at once ----------------------------------------------------- */

/* Objects for which preemption is off in one go. */
#define BULK_RUN	64

/* What this CPU has, up to @nr objects; how many. */
static size_t bulk_take(struct kmem_cache *cache, gfp_t gfp, size_t nr,
			void **objects)
{
	struct cpu_section *section;
	struct slab_slot *slot;
	unsigned int count;
	u32 n, i, left;

	if (gfp & SLAB_GFP_SLOW)
		return 0;
	if (!cpu_section_lock(&slab_front.section, &section, &count))
		return 0;
	slot = local_slot(section, cache);
	left = slot->count;
	n = sleeps_wrongly(gfp, count) ? 0 : (u32)min((size_t)left, nr);
	for (i = 0; i < n; i++)
		objects[i] = slot->objs[--left];
	slot_set_count(slot, left);
	cpu_section_unlock(section, count);
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
		objects[i] = slab_alloc_slow(cache, gfp, NUMA_NO_NODE,
					     _RET_IP_);
		if (!objects[i]) {
			kmem_cache_free_bulk(cache, i, objects);
			return 0;
		}
		i++;
	}
	return (int)nr;
}

/* Keeps objects from the first on; how many. */
static size_t bulk_keep(struct kmem_cache *cache, size_t nr, void **objects)
{
	struct cpu_section *section;
	unsigned int count;
	size_t i;

	if (!cpu_section_lock(&slab_front.section, &section, &count))
		return 0;
	nr = min(nr, (size_t)BULK_RUN);
	for (i = 0; i < nr; i++)
		if (unlikely(!slab_keep(front_of(section), !cache, cache,
					objects[i])))
			break;
	cpu_section_unlock(section, count);
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
			slab_free_slow(cache, objects[i]);
		i++;
	}
}
