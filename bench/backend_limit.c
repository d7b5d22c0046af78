/* SPDX-License-Identifier: MIT */
/*
 * The limit: what no page allocator can be faster than. Each thread has, for
 * each order, a stack of PFNs that it alone touches; nothing merges, nothing
 * is shared, nothing is checked.
 *
 * `limit+struct` also has a struct page of 32 bytes for each frame, and does
 * to it what an allocator must: the reference count goes from 0 to 1 when the
 * block is handed out and back, and is seen to have been what it ought to be.
 *
 * Each order has frames of its own, so that a machine of 1 GiB stands here
 * for one of 10. Memory and struct pages are mapped, and cost nothing until
 * they are touched. A block is its PFN; 0 is not used.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "arena.h"
#include "loops.h"

struct limit_page {
	uint32_t flags;
	uint32_t refcount;
	uint64_t other[3];
};

_Static_assert(sizeof(struct limit_page) == 32, "as large as a struct page");

struct limit_stack {
	uint32_t *pfns;		/* room for all blocks of the order */
	size_t nr;
};

static size_t limit_frames;		/* of an order */
static unsigned int limit_threads;
static char *limit_ram;			/* from PFN 0 on */
static struct limit_page *limit_pages;
static size_t limit_wrong;		/* a: reference counts found wrong */
/* The stacks of threads that have left, for when they come back. */
static struct limit_stack limit_kept[BENCH_THREADS][BENCH_ORDERS];
static __thread struct limit_stack limit_stacks[BENCH_ORDERS];
static __thread unsigned int limit_thread;

bench_inline void *stack_address(uintptr_t block)
{
	return limit_ram + block * BENCH_PAGE;
}

bench_inline uintptr_t stack_alloc(unsigned int order, unsigned int flags)
{
	struct limit_stack *s = &limit_stacks[order];
	uintptr_t block;

	if (__builtin_expect(!s->nr, 0))
		return 0;
	block = s->pfns[--s->nr];
	if (flags & BENCH_ZERO)
		memset(stack_address(block), 0, (size_t)BENCH_PAGE << order);
	return block;
}

bench_inline void stack_free(uintptr_t block, unsigned int order)
{
	struct limit_stack *s = &limit_stacks[order];

	s->pfns[s->nr++] = (uint32_t)block;
}

static void __attribute__((__noinline__, __cold__)) limit_bad(void)
{
	__atomic_fetch_add(&limit_wrong, 1, __ATOMIC_RELAXED);
}

bench_inline uintptr_t counted_alloc(unsigned int order, unsigned int flags)
{
	uintptr_t block = stack_alloc(order, flags);
	struct limit_page *page = &limit_pages[block];

	if (__builtin_expect(!block, 0))
		return 0;
	if (__builtin_expect(page->refcount != 0, 0))
		limit_bad();
	page->refcount = 1;
	return block;
}

bench_inline void counted_free(uintptr_t block, unsigned int order)
{
	struct limit_page *page = &limit_pages[block];

	if (__builtin_expect(page->refcount != 1, 0))
		limit_bad();
	page->refcount = 0;
	stack_free(block, order);
}

#define counted_address	stack_address

BENCH_LOOPS(stack)
BENCH_LOOPS(counted)

bench_inline size_t limit_many(uintptr_t *blocks, unsigned int flags,
			       bench_alloc_fn alloc)
{
	size_t n = 0;

	for (unsigned int i = 0; i < BENCH_ARRAY; i++) {
		blocks[i] = alloc(0, flags);
		n += blocks[i] != 0;
	}
	return n;
}

bench_inline size_t stack_many(uintptr_t *blocks, unsigned int flags)
{
	return limit_many(blocks, flags, stack_alloc);
}

bench_inline size_t counted_many(uintptr_t *blocks, unsigned int flags)
{
	return limit_many(blocks, flags, counted_alloc);
}

static void stack_array(struct bench_work *w)
{
	bench_array(w, stack_many, stack_free);
}

static void counted_array(struct bench_work *w)
{
	bench_array(w, counted_many, counted_free);
}

/* ---- set up ---------------------------------------------------------- */

/* Blocks of an order, past the one with PFN 0. */
static size_t limit_blocks(unsigned int order)
{
	return (limit_frames >> order) - (order == 0);
}

/* Thread @t's share of the blocks of @order, the lowest on top. */
static int stack_setup(struct limit_stack *s, unsigned int order,
		       unsigned int t)
{
	size_t share = limit_blocks(order) / limit_threads;
	size_t base = limit_frames * order + (order == 0);

	s->pfns = malloc(limit_blocks(order) * sizeof(*s->pfns));
	if (!s->pfns)
		return ENOMEM;
	s->nr = share;
	for (size_t i = 0; i < share; i++)
		s->pfns[share - 1 - i] =
			(uint32_t)(base + ((t * share + i) << order));
	return 0;
}

static int limit_start(size_t frames, unsigned int threads)
{
	size_t all = frames * BENCH_ORDERS;
	int err = 0;

	limit_frames = frames;
	limit_threads = threads;
	limit_ram = bench_arena(all * BENCH_PAGE);
	limit_pages = bench_arena(all * sizeof(*limit_pages));
	if (!limit_ram || !limit_pages)
		return ENOMEM;
	for (unsigned int t = 0; t < threads && !err; t++)
		for (unsigned int o = 0; o < BENCH_ORDERS && !err; o++)
			err = stack_setup(&limit_kept[t][o], o, t);
	return err;
}

static int limit_enter(unsigned int thread)
{
	limit_thread = thread;
	memcpy(limit_stacks, limit_kept[thread], sizeof(limit_stacks));
	return 0;
}

static void limit_leave(void)
{
	memcpy(limit_kept[limit_thread], limit_stacks, sizeof(limit_stacks));
}

/* Frames that are on no stack, and what struct pages gave away. */
static long limit_leaked(void)
{
	long frames = (long)__atomic_load_n(&limit_wrong, __ATOMIC_RELAXED);

	for (unsigned int o = 0; o < BENCH_ORDERS; o++) {
		size_t share = limit_blocks(o) / limit_threads;
		long blocks = (long)(share * limit_threads);

		for (unsigned int t = 0; t < limit_threads; t++)
			blocks -= (long)limit_kept[t][o].nr;
		frames += blocks * (1L << o);
	}
	return frames;
}

static void limit_end(void)
{
	for (unsigned int t = 0; t < limit_threads; t++)
		for (unsigned int o = 0; o < BENCH_ORDERS; o++)
			free(limit_kept[t][o].pfns);
}

const struct bench_backend bench_limit = {
	.name = "limit",
	.start = limit_start,
	.enter = limit_enter,
	.leave = limit_leave,
	.leaked = limit_leaked,
	.end = limit_end,
	.loops = { BENCH_LOOP_TABLE(stack), [LOOP_ARRAY] = stack_array },
};

const struct bench_backend bench_limit_struct = {
	.name = "limit+struct",
	.start = limit_start,
	.enter = limit_enter,
	.leave = limit_leave,
	.leaked = limit_leaked,
	.end = limit_end,
	.loops = { BENCH_LOOP_TABLE(counted), [LOOP_ARRAY] = counted_array },
};
