// SPDX-License-Identifier: MIT
/*
 * The slow path of objects that are watched.
 *
 *   request                              free
 *     failslab: shall it fail?             a wrong one: reported
 *     kfence: is a sample due?             kfence's: given back there
 *     an object from its slab              kmemleak forgets it
 *     its cache's checks; an object        its cache's checks; one that
 *     that fails them is not handed        fails them is not put back
 *     out, and the next one is tried
 *     kmemleak learns of it
 *
 * Nobody gets here by a test in the fast path. A cache with SLAB_DEBUG_FLAGS
 * has slots that are empty and full at once. A reason to watch all caches
 * (slab_debug_state.watch) keeps every CPU out of its section by the bit
 * CPU_SECTION_WATCHED: calls find it shut, as they do while others drain it,
 * and go to the slabs. What arrays hold stays there until the reason is gone.
 *
 * The allocator's own caches (CACHE_UNWATCHED) are left out: their objects
 * come and go in the middle of what is watched.
 *
 * Locks: none here; slab_fronts_shut() claims all CPUs.
 */
#include "kmemleak.h"

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/stackdepot.h>
#include <linux/string.h>

/* The depot's part of all memory, and its limits: some thousand stacks. */
#define DEPOT_PART	256
#define DEPOT_MIN	(256UL << 10)
#define DEPOT_MAX	(PAGE_SIZE << MAX_PAGE_ORDER)

void slab_watch_set(unsigned int reason, bool on)
{
	struct slab_debug_state *d = slab_debug_state();
	unsigned int was = READ_ONCE(d->watch), is;

	/* Relaxed: the claim orders it before what CPUs do next. */
	is = on ? __atomic_or_fetch(&d->watch, reason, __ATOMIC_RELAXED) :
		  __atomic_and_fetch(&d->watch, ~reason, __ATOMIC_RELAXED);
	if (!was != !is)
		slab_fronts_shut(CPU_SECTION_WATCHED, is);
}

/* Stacks are kept if anybody will ask for them. */
static void __init depot_setup(void)
{
	size_t size = clamp(totalram_pages() / DEPOT_PART * PAGE_SIZE,
			    (size_t)DEPOT_MIN, (size_t)DEPOT_MAX);
	void *depot;

	if (this_machine()->stack_depot.buckets)
		return;
	depot = alloc_pages_exact(size, GFP_NOWAIT | __GFP_ZERO);
	if (depot)
		stack_depot_setup(depot, size);
	else
		pr_err("slab_debug: no memory for a depot of %zu KiB: stacks are not kept\n",
		       size >> 10);
}

void __init slab_watch_setup(void)
{
	if (slab_debug_state()->option || kmemleak_wanted() ||
	    kfence_wanted())
		depot_setup();
	failslab_setup();
	kmemleak_init();
	kfence_init();
}

/* ---- requests --------------------------------------------------------- */

static void trace(const struct kmem_cache *cache, const char *what,
		  const void *object)
{
	pr_info("TRACE %s %s 0x%px inuse=%u fp=0x0\n", cache->name, what,
		object, slab_in_use(object_slab(object)));
	dump_stack();
}

/* An object of the slabs that its cache's checks let pass. */
static void *checked_object(struct kmem_cache *cache, gfp_t gfp, int nid,
			    size_t size, unsigned long caller)
{
	void *object;

	do
		object = slab_take_object(cache, gfp, nid);
	while (object && cache->flags & SLAB_DEBUG_FLAGS &&
	       !slab_debug_alloc(cache, object, size, caller));
	if (object && unlikely(cache->flags & SLAB_TRACE))
		trace(cache, "alloc", object);
	return object;
}

void *slab_watch_alloc(struct kmem_cache *cache, gfp_t gfp, int nid,
		       size_t size, unsigned long caller)
{
	void *object;

	size = size ?: cache->object_size;
	if (unlikely(should_failslab(cache, size, gfp)))
		return NULL;
	object = kfence_alloc(cache, size, gfp, caller);
	if (!object)
		object = checked_object(cache, gfp, nid, size, caller);
	if (!object)
		return NULL;
	if (!is_kfence_address(object) && !(cache->flags & SLAB_DEBUG_FLAGS))
		object_leaves(cache, object);
	if (gfp & __GFP_ZERO)
		memset(object, 0, is_kfence_address(object) || cache->orig ?
		       size : cache->object_size);
	if (!(cache->flags & SLAB_NOLEAKTRACE))
		leak_alloc(object, is_kfence_address(object) ? size :
			   cache->object_size, 1, gfp, caller);
	return object;
}

/* ---- frees ------------------------------------------------------------ */

bool slab_watch_free(struct kmem_cache *cache, struct kmem_cache *of,
		     const char *fault, void *object, unsigned long caller)
{
	if (is_kfence_address(object)) {
		/* Before it is anybody else's. */
		if (!fault)
			kmemleak_free(object);
		kfence_free(cache, object, caller);
		return false;
	}
	if (fault) {
		slab_debug_fault(cache, of, fault, object);
		return true;
	}
	if (!of) {
		kmemleak_free(object);
		return true;
	}
	if (unlikely(of->flags & SLAB_TRACE))
		trace(of, "free", object);
	if (of->flags & SLAB_DEBUG_FLAGS &&
	    !slab_debug_free(of, object, caller))
		return false;
	if (!(of->flags & SLAB_NOLEAKTRACE))
		kmemleak_free(object);
	return true;
}

/* ---- large blocks ----------------------------------------------------- */

bool slab_watch_large(size_t size, gfp_t gfp)
{
	return !should_failslab(NULL, size, gfp);
}

void slab_watch_large_alloc(const void *object, size_t size, gfp_t gfp,
			    unsigned long caller)
{
	leak_alloc(object, size, 1, gfp, caller);
}
