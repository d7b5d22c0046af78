/* SPDX-License-Identifier: MIT */
/*
 * The loops of objects, to be compiled into each back-end.
 *
 * BENCH_OBJECT_LOOPS(name) defines them as name_object_pair() and so on, for
 * these functions of the including file, and BENCH_OBJECT_TABLE(name) names
 * them for the back-end's table:
 *
 *	void *name_new(size_t size)	NULL when memory lacks
 *	void name_delete(void *object)
 *
 * Sizes come from memory, so that nobody's call is folded to a constant.
 * With BENCH_MEMORY every byte of an object is written, else its first word.
 */
#ifndef OCTAVO_BENCH_OBJECT_LOOPS_H
#define OCTAVO_BENCH_OBJECT_LOOPS_H

#include "loops.h"

typedef void *bench_new_fn(size_t size);
typedef void bench_delete_fn(void *object);

bench_inline size_t object_size(struct bench_work *w)
{
	return w->size ? w->size : bench_size(&w->random);
}

bench_inline uintptr_t object_get(struct bench_work *w, size_t size,
				  bench_new_fn new)
{
	void *object = new(size);

	bench_escape((uintptr_t)object);
	if (__builtin_expect(!object, 0))
		w->bad++;
	else if (w->flags & BENCH_MEMORY)
		__builtin_memset(object, 0x5a, size);
	else
		*(volatile uint64_t *)object = size;
	return (uintptr_t)object;
}

bench_inline void object_put(uintptr_t object, bench_delete_fn delete)
{
	if (__builtin_expect(object != 0, 1))
		delete((void *)object);
	bench_escape(object);
}

bench_inline void object_pair(struct bench_work *w, bench_new_fn new,
			      bench_delete_fn delete)
{
	for (size_t i = 0; i < w->nr; i++)
		object_put(object_get(w, object_size(w), new), delete);
	w->done += w->nr;
}

bench_inline void object_fill(struct bench_work *w, bench_new_fn new)
{
	for (size_t i = 0; i < w->places; i++)
		w->held[i] = object_get(w, object_size(w), new);
}

/* A random size, which an object says in its first bytes if they count. */
bench_inline uintptr_t object_get_mixed(struct bench_work *w,
					bench_new_fn new)
{
	size_t size = bench_size(&w->random);
	uintptr_t object = object_get(w, size, new);

	if (w->flags & BENCH_MEMORY && object) {
		*(volatile uint16_t *)object = (uint16_t)size;
		w->live += size;
	}
	return object;
}

bench_inline void object_put_mixed(struct bench_work *w, uintptr_t object,
				   bench_delete_fn delete)
{
	if (w->flags & BENCH_MEMORY && object)
		w->live -= *(volatile uint16_t *)object;
	object_put(object, delete);
}

bench_inline void object_batch(struct bench_work *w, bench_new_fn new,
			       bench_delete_fn delete)
{
	const uint32_t *turns = w->turns;
	size_t n;

	for (n = 0; n < w->nr; n += w->places) {
		object_fill(w, new);
		for (size_t i = 0; i < w->places; i++)
			object_put(w->held[turns[i]], delete);
	}
	w->done += n;
}

/* The first turn fills the places. Sizes are mixed. */
bench_inline void object_replace(struct bench_work *w, bench_new_fn new,
				 bench_delete_fn delete)
{
	for (; w->nr_held < w->places; w->nr_held++)
		w->held[w->nr_held] = object_get_mixed(w, new);
	for (size_t i = 0; i < w->nr; i++) {
		size_t at = bench_below(&w->random, w->places);

		object_put_mixed(w, w->held[at], delete);
		w->held[at] = object_get_mixed(w, new);
	}
	w->done += w->nr;
}

bench_inline void object_remote(struct bench_work *w, bench_new_fn new,
				bench_delete_fn delete)
{
	const uintptr_t *theirs = w->peer->held;
	size_t n;

	for (n = 0; n < w->nr; n += w->places) {
		object_fill(w, new);
		w->meet(w);
		for (size_t i = 0; i < w->places; i++)
			object_put(theirs[i], delete);
		w->meet(w);
	}
	w->done += n;
}

bench_inline void object_drain(struct bench_work *w, bench_delete_fn delete)
{
	for (size_t i = 0; i < w->nr_held; i++)
		object_put(w->held[i], delete);
	w->nr_held = 0;
}

/* Those of objects of one size that the allocating thread frees. */
#define BENCH_OBJECT_PAIRS(name)					\
static void name##_object_pair(struct bench_work *w)			\
{									\
	object_pair(w, name##_new, name##_delete);			\
}									\
static void name##_object_batch(struct bench_work *w)			\
{									\
	object_batch(w, name##_new, name##_delete);			\
}

#define BENCH_OBJECT_LOOPS(name)					\
BENCH_OBJECT_PAIRS(name)						\
static void name##_object_replace(struct bench_work *w)			\
{									\
	object_replace(w, name##_new, name##_delete);			\
}									\
static void name##_object_remote(struct bench_work *w)			\
{									\
	object_remote(w, name##_new, name##_delete);			\
}									\
static void name##_object_drain(struct bench_work *w)			\
{									\
	object_drain(w, name##_delete);					\
}

#define BENCH_OBJECT_TABLE(name)					\
	[LOOP_OBJECT_PAIR] = name##_object_pair,			\
	[LOOP_OBJECT_BATCH] = name##_object_batch,			\
	[LOOP_OBJECT_REPLACE] = name##_object_replace,			\
	[LOOP_OBJECT_REMOTE] = name##_object_remote,			\
	[LOOP_OBJECT_DRAIN] = name##_object_drain

#endif
