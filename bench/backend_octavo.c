// SPDX-License-Identifier: MIT
/*
 * Octavo: a hosted machine with a node and two CPUs, as many as threads of any
 * case, so that cases of one thread and of two are the same machine; through
 * alloc_pages() and __free_pages() as any caller of the core has them.
 * A block is its struct page.
 */
#include "loops.h"

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>
#include <octavo/octavo.h>

/* What the process measures; written before threads start. */
static struct octavo_machine *bench_machine;
static unsigned long free_at_start;	/* pages */

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

static long octavo_leaked(void)
{
	struct bench_whole whole;

	octavo_whole(&whole, true);
	return (long)free_at_start - (long)whole.free;
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
	struct bench_whole whole;
	int err;

	bench_machine = octavo_machine_create(&options, &error);
	if (!bench_machine)
		return -error.code;
	err = octavo_enter(0);
	if (err)
		return err;
	/* Struct pages that are made when first needed would be timed too. */
	deferred_init_finish();
	octavo_whole(&whole, true);
	free_at_start = whole.free;
	octavo_unbind();
	return 0;
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
	.end = octavo_end,
	.loops = { BENCH_LOOP_TABLE(octavo), BENCH_FRAG_TABLE(octavo),
		   [LOOP_ARRAY] = octavo_array },
};
