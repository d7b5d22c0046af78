// SPDX-License-Identifier: MIT
/*
 * Octavo: a hosted machine with a node and two CPUs, as many as threads of any
 * case, so that cases of one thread and of two are the same machine; through
 * alloc_pages() and __free_pages() as any caller of the core has them.
 * A block is its struct page. Objects come from kmalloc(), or with
 * BENCH_CACHE from a cache of their size.
 */
#include "address_loops.h"
#include "object_loops.h"

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>
#include <octavo/octavo.h>

#include "../mm/kvirt/va.h"

/* What the process measures; written before threads start. */
static struct octavo_machine *bench_machine;
static unsigned long managed_pages;
static struct slab_totals used_at_start;	/* see used_read() */

bench_inline gfp_t octavo_gfp(unsigned int flags)
{
	return GFP_KERNEL | (flags & BENCH_ZERO ? __GFP_ZERO : 0) |
	       (flags & BENCH_MOVABLE ? __GFP_MOVABLE : 0);
}

bench_inline uintptr_t octavo_alloc(unsigned int order, unsigned int flags)
{
	return (uintptr_t)alloc_pages(octavo_gfp(flags), order);
}

bench_inline void octavo_free(uintptr_t block, unsigned int order)
{
	__free_pages((struct page *)block, order);
}

bench_inline void *octavo_address(uintptr_t block)
{
	return page_address((struct page *)block);
}

bench_inline size_t octavo_many(uintptr_t *blocks, unsigned int flags)
{
	return alloc_pages_bulk(octavo_gfp(flags), BENCH_ARRAY,
				(struct page **)blocks);
}

BENCH_LOOPS(octavo)
BENCH_FRAG_LOOPS(octavo)

static void octavo_array(struct bench_work *w)
{
	bench_array(w, octavo_many, octavo_free);
}

/* ---- objects ---------------------------------------------------------- */

bench_inline void *kmalloc_new(size_t size)
{
	return kmalloc(size, GFP_KERNEL);
}

bench_inline void kmalloc_delete(void *object)
{
	kfree(object);
}

BENCH_OBJECT_LOOPS(kmalloc)

/* The cache of a BENCH_CACHE case; made by its first loop. */
static struct kmem_cache *bench_cache;

bench_inline void *cache_new(size_t size)
{
	return kmem_cache_alloc(bench_cache, GFP_KERNEL);
}

bench_inline void cache_delete(void *object)
{
	kmem_cache_free(bench_cache, object);
}

BENCH_OBJECT_PAIRS(cache)

static void cache_make(const struct bench_work *w)
{
	if (!bench_cache)
		bench_cache = kmem_cache_create("bench", w->size, 0,
						SLAB_NO_MERGE | SLAB_PANIC,
						NULL);
}

static void octavo_object_pair(struct bench_work *w)
{
	if (!(w->flags & BENCH_CACHE)) {
		kmalloc_object_pair(w);
		return;
	}
	cache_make(w);
	cache_object_pair(w);
}

static void octavo_object_batch(struct bench_work *w)
{
	if (!(w->flags & BENCH_CACHE)) {
		kmalloc_object_batch(w);
		return;
	}
	cache_make(w);
	cache_object_batch(w);
}

/* ---- kernel addresses ------------------------------------------------- */

/* Addresses that nobody maps: 64 GiB. */
#define SPACE_START	0x7d0000000000UL
#define SPACE_END	(SPACE_START + (64UL << 30))

static struct va_space *bench_space;

bench_inline uintptr_t octavo_range_new(void)
{
	return va_alloc(bench_space, BENCH_RANGE, PAGE_SIZE, 0, ~0UL,
			&bench_space, GFP_KERNEL);
}

bench_inline void octavo_range_delete(uintptr_t addr)
{
	unsigned long size;

	va_disown(bench_space, addr, &size);
	va_release(bench_space, addr);
	if (unlikely(va_purge_due(bench_space)))
		va_purge(bench_space);
}

BENCH_ADDRESS_LOOPS(octavo)

/* ---- the machine ------------------------------------------------------ */

/* What the free lists hold; per-CPU lists are in use. */
static void octavo_whole(struct bench_whole *whole, bool drain)
{
	struct zone_free_info info;
	struct zone *zone;
	unsigned int order;

	if (drain)
		drain_all_pages(NULL);
	*whole = (struct bench_whole){ 0, 0 };
	for_each_populated_zone(zone) {
		zone_free_info(zone, &info);
		for (order = 0; order < NR_PAGE_ORDERS; order++) {
			unsigned long n = info.nr_free[order] << order;

			whole->free += n;
			whole->in_blocks += order >= pageblock_order ? n : 0;
		}
	}
}

/* Pages that are neither free nor slabs', and objects that are out. */
static void used_read(struct slab_totals *used)
{
	struct bench_whole whole;

	octavo_whole(&whole, true);
	slab_totals_read(used);
	used->pages = managed_pages - whole.free - used->pages;
}

static long octavo_leaked(void)
{
	struct slab_totals used;

	kmem_cache_destroy(bench_cache);
	va_space_destroy(bench_space);
	kvfree_rcu_barrier();
	used_read(&used);
	return (long)(used.pages + used.objects) -
	       (long)(used_at_start.pages + used_at_start.objects);
}

/*
 * Pages that are not free. CPUs' lists of free pages are no object's: their
 * size is the machine's, and who lacks memory drains them.
 */
static size_t octavo_memory(void)
{
	struct bench_whole whole;

	octavo_whole(&whole, true);
	return (managed_pages - whole.free) * PAGE_SIZE;
}

static int octavo_enter(unsigned int thread)
{
	return -octavo_bind(bench_machine, thread);
}

static int octavo_start(size_t frames, unsigned int threads)
{
	struct octavo_options options = {
		.memory = (uint64_t)frames * PAGE_SIZE, .nodes = 1,
		.cpus = BENCH_THREADS, .seed = 1,
	};
	struct octavo_error error;
	int err;

	bench_machine = octavo_machine_create(&options, &error);
	if (!bench_machine)
		return -error.code;
	err = octavo_enter(0);
	if (err)
		return err;
	/* Struct pages that are made when first needed would be timed too. */
	deferred_init_finish();
	managed_pages = totalram_pages();
	used_read(&used_at_start);
	err = -va_space_create(&bench_space, SPACE_START, SPACE_END, NULL,
			       NULL);
	octavo_unbind();
	return err;
}

static void octavo_end(void)
{
	octavo_machine_destroy(bench_machine);
}

const struct bench_backend bench_octavo = {
	.name = "octavo",
	.start = octavo_start,
	.enter = octavo_enter,
	.leave = octavo_unbind,
	.leaked = octavo_leaked,
	.whole = octavo_whole,
	.memory = octavo_memory,
	.end = octavo_end,
	.loops = { BENCH_LOOP_TABLE(octavo), BENCH_FRAG_TABLE(octavo),
		   [LOOP_ARRAY] = octavo_array,
		   [LOOP_OBJECT_PAIR] = octavo_object_pair,
		   [LOOP_OBJECT_BATCH] = octavo_object_batch,
		   [LOOP_OBJECT_REPLACE] = kmalloc_object_replace,
		   [LOOP_OBJECT_REMOTE] = kmalloc_object_remote,
		   [LOOP_OBJECT_DRAIN] = kmalloc_object_drain,
		   BENCH_ADDRESS_TABLE(octavo) },
};
