/* SPDX-License-Identifier: MIT */
/*
 * The loops of ranges of kernel addresses, to be compiled into each back-end.
 * A range is what vmalloc() of a page asks for: that page and a guard.
 *
 * BENCH_ADDRESS_LOOPS(name) defines them as name_address_pair() and so on, for
 * these functions of the including file, and BENCH_ADDRESS_TABLE(name) names
 * them for the back-end's table:
 *
 *	uintptr_t name_range_new(void)	0 when there is none
 *	void name_range_delete(uintptr_t addr)
 *		as vfree() does, up to the purge when one is due
 */
#ifndef OCTAVO_BENCH_ADDRESS_LOOPS_H
#define OCTAVO_BENCH_ADDRESS_LOOPS_H

#include "loops.h"

#define BENCH_RANGE	(2 * BENCH_PAGE)

typedef uintptr_t bench_range_new_fn(void);
typedef void bench_range_delete_fn(uintptr_t addr);

bench_inline uintptr_t range_get(struct bench_work *w, bench_range_new_fn new)
{
	uintptr_t addr = new();

	bench_escape(addr);
	w->bad += !addr;
	return addr;
}

bench_inline void range_put(uintptr_t addr, bench_range_delete_fn delete)
{
	if (__builtin_expect(addr != 0, 1))
		delete(addr);
	bench_escape(addr);
}

/* The first turn fills the places. */
bench_inline void range_fill(struct bench_work *w, bench_range_new_fn new)
{
	for (; w->nr_held < w->places; w->nr_held++)
		w->held[w->nr_held] = range_get(w, new);
}

bench_inline void range_pair(struct bench_work *w, bench_range_new_fn new,
			     bench_range_delete_fn delete)
{
	range_fill(w, new);
	for (size_t i = 0; i < w->nr; i++)
		range_put(range_get(w, new), delete);
	w->done += w->nr;
}

bench_inline void range_replace(struct bench_work *w, bench_range_new_fn new,
				bench_range_delete_fn delete)
{
	range_fill(w, new);
	for (size_t i = 0; i < w->nr; i++) {
		size_t at = bench_below(&w->random, w->places);

		range_put(w->held[at], delete);
		w->held[at] = range_get(w, new);
	}
	w->done += w->nr;
}

bench_inline void range_drain(struct bench_work *w,
			      bench_range_delete_fn delete)
{
	for (size_t i = 0; i < w->nr_held; i++)
		range_put(w->held[i], delete);
	w->nr_held = 0;
}

#define BENCH_ADDRESS_LOOPS(name)					\
static void name##_address_pair(struct bench_work *w)			\
{									\
	range_pair(w, name##_range_new, name##_range_delete);		\
}									\
static void name##_address_replace(struct bench_work *w)		\
{									\
	range_replace(w, name##_range_new, name##_range_delete);	\
}									\
static void name##_address_drain(struct bench_work *w)			\
{									\
	range_drain(w, name##_range_delete);				\
}

#define BENCH_ADDRESS_TABLE(name)					\
	[LOOP_ADDRESS_PAIR] = name##_address_pair,			\
	[LOOP_ADDRESS_REPLACE] = name##_address_replace,		\
	[LOOP_ADDRESS_DRAIN] = name##_address_drain

#endif
