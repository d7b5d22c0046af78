/* SPDX-License-Identifier: MIT */
/*
 * The loops, to be compiled into each back-end.
 *
 * BENCH_LOOPS(name) defines them as name_pair() and so on, for these
 * functions of the including file, and BENCH_LOOP_TABLE(name) names them for
 * the back-end's table:
 *
 *	uintptr_t name_alloc(unsigned int order, unsigned int flags)
 *		2^order pages, or 0. BENCH_ZERO: zeroed.
 *	void name_free(uintptr_t block, unsigned int order)
 *	void *name_address(uintptr_t block)
 *
 * After each allocation the compiler is made to believe that the block went
 * elsewhere, as a caller's would: no back-end may keep its state in
 * registers from one operation to the next.
 */
#ifndef OCTAVO_BENCH_LOOPS_H
#define OCTAVO_BENCH_LOOPS_H

#include "bench.h"

#define bench_inline	static inline __attribute__((__always_inline__))

typedef uintptr_t bench_alloc_fn(unsigned int order, unsigned int flags);
typedef void bench_free_fn(uintptr_t block, unsigned int order);
typedef void *bench_address_fn(uintptr_t block);

#define BENCH_ARRAY	16u	/* blocks of one LOOP_ARRAY request */

/* The block is somebody else's from here on. */
bench_inline void bench_escape(uintptr_t block)
{
	__asm__ volatile("" : : "r"(block) : "memory");
}

/* Writes a word into each page. */
bench_inline void bench_touch(char *p, unsigned int order)
{
	for (size_t i = 0; i < (size_t)BENCH_PAGE << order; i += BENCH_PAGE)
		*(volatile uint64_t *)(p + i) = i;
}

bench_inline uintptr_t bench_get(struct bench_work *w, unsigned int order,
				 unsigned int flags, bench_alloc_fn alloc,
				 bench_address_fn address)
{
	uintptr_t block = alloc(order, flags);

	bench_escape(block);
	if (__builtin_expect(!block, 0))
		w->bad++;
	else if (flags & BENCH_TOUCH)
		bench_touch(address(block), order);
	return block;
}

bench_inline void bench_put(uintptr_t block, unsigned int order,
			    bench_free_fn free_block)
{
	if (__builtin_expect(block != 0, 1))
		free_block(block, order);
	bench_escape(block);
}

bench_inline void bench_pair(struct bench_work *w, bench_alloc_fn alloc,
			     bench_free_fn free_block,
			     bench_address_fn address)
{
	unsigned int order = w->order, flags = w->flags;
	size_t nr = w->nr;

	for (size_t i = 0; i < nr; i++)
		bench_put(bench_get(w, order, flags, alloc, address), order,
			  free_block);
	w->done += nr;
}

bench_inline void bench_fill(struct bench_work *w, bench_alloc_fn alloc,
			     bench_address_fn address)
{
	unsigned int order = w->order, flags = w->flags;
	uintptr_t *held = w->held;
	size_t nr = w->nr;

	for (size_t i = 0; i < nr; i++)
		held[i] = bench_get(w, order, flags, alloc, address);
	w->nr_held = nr;
	w->done += nr;
}

/* Of one order, or each of the order that stands beside it. */
bench_inline void bench_drain(struct bench_work *w, bench_free_fn free_block)
{
	size_t nr = w->nr_held;
	const uint8_t *orders = w->orders;
	const uintptr_t *held = w->held;
	unsigned int order = w->order;

	if (orders)
		for (size_t i = 0; i < nr; i++)
			bench_put(held[i], orders[i], free_block);
	else
		for (size_t i = 0; i < nr; i++)
			bench_put(held[i], order, free_block);
	w->nr_held = 0;
	w->live = 0;
	w->done += nr;
}

/*
 * 16 blocks by one request, freed one by one. @many fills the places, which
 * are 0, and returns how many hold a block.
 */
bench_inline void bench_array(struct bench_work *w,
			      size_t (*many)(uintptr_t *blocks,
					     unsigned int flags),
			      bench_free_fn free_block)
{
	for (size_t i = 0; i < w->nr; i += BENCH_ARRAY) {
		uintptr_t blocks[BENCH_ARRAY] = { 0 };

		w->bad += many(blocks, w->flags) != BENCH_ARRAY;
		bench_escape((uintptr_t)blocks);
		for (unsigned int k = 0; k < BENCH_ARRAY; k++)
			bench_put(blocks[k], 0, free_block);
		w->done += BENCH_ARRAY;
	}
}

/* One place of a live set: what is there goes, or something comes there. */
bench_inline size_t bench_turn(struct bench_work *w, size_t i,
			       bench_alloc_fn alloc, bench_free_fn free_block,
			       bench_address_fn address)
{
	size_t frames;

	if (w->held[i]) {
		frames = (size_t)1 << w->orders[i];
		bench_put(w->held[i], w->orders[i], free_block);
		w->held[i] = 0;
		w->live -= frames;
		return 0;
	}
	w->orders[i] = (uint8_t)bench_below(&w->random, BENCH_ORDERS);
	w->held[i] = bench_get(w, w->orders[i], w->flags, alloc, address);
	frames = (size_t)1 << w->orders[i];
	w->live += w->held[i] ? frames : 0;
	return frames;
}

/* The first turn fills half of the places; later ones keep to that. */
bench_inline void bench_mixed(struct bench_work *w, bench_alloc_fn alloc,
			      bench_free_fn free_block,
			      bench_address_fn address)
{
	for (size_t i = 0; i < w->nr; i++)
		bench_turn(w, bench_below(&w->random, w->places), alloc,
			   free_block, address);
	w->nr_held = w->places;
	w->done += w->nr;
}

bench_inline void bench_replace(struct bench_work *w, bench_alloc_fn alloc,
				bench_free_fn free_block,
				bench_address_fn address)
{
	for (size_t i = 0; i < w->nr; i++) {
		size_t at = bench_below(&w->random, w->nr_held);

		bench_put(w->held[at], w->order, free_block);
		w->held[at] = bench_get(w, w->order, w->flags, alloc, address);
	}
	w->done += w->nr;
}

/*
 * Allocates nr frames in blocks of random order, with random ones freed
 * whenever more than the mark are live.
 */
bench_inline void bench_churn(struct bench_work *w, bench_alloc_fn alloc,
			      bench_free_fn free_block,
			      bench_address_fn address)
{
	size_t frames = 0;

	while (frames < w->nr) {
		size_t at = bench_below(&w->random, w->places);

		if (!w->held[at] == (w->live < w->mark))
			frames += bench_turn(w, at, alloc, free_block,
					     address);
		w->done++;
	}
	w->nr_held = w->places;
}

#define BENCH_LOOPS(name)						\
static void name##_pair(struct bench_work *w)				\
{									\
	bench_pair(w, name##_alloc, name##_free, name##_address);	\
}									\
static void name##_fill(struct bench_work *w)				\
{									\
	bench_fill(w, name##_alloc, name##_address);			\
}									\
static void name##_drain(struct bench_work *w)				\
{									\
	bench_drain(w, name##_free);					\
}									\
static void name##_mixed(struct bench_work *w)				\
{									\
	bench_mixed(w, name##_alloc, name##_free, name##_address);	\
}

/* Those of fragmentation, for back-ends that can tell how whole memory is. */
#define BENCH_FRAG_LOOPS(name)						\
static void name##_replace(struct bench_work *w)			\
{									\
	bench_replace(w, name##_alloc, name##_free, name##_address);	\
}									\
static void name##_churn(struct bench_work *w)				\
{									\
	bench_churn(w, name##_alloc, name##_free, name##_address);	\
}

#define BENCH_LOOP_TABLE(name)						\
	[LOOP_PAIR] = name##_pair, [LOOP_FILL] = name##_fill,		\
	[LOOP_DRAIN] = name##_drain, [LOOP_MIXED] = name##_mixed
#define BENCH_FRAG_TABLE(name)						\
	[LOOP_REPLACE] = name##_replace, [LOOP_CHURN] = name##_churn

#endif
