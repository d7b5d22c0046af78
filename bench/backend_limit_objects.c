/* SPDX-License-Identifier: MIT */
/*
 * The limit of objects: what no allocator can be much faster than. Each
 * thread has, for each size class, an array of pointers that it alone
 * touches; a free finds the class in a table of a byte for each page. An
 * array that is full becomes part of a stack under one lock, and one that is
 * empty is replaced from there, or filled with new memory. Nothing is checked
 * or given back, and no memory ever changes its class.
 *
 * Called as a library's functions are, not inlined. Classes are kmalloc()'s,
 * four to a doubling.
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>

#include "arena.h"
#include "object_loops.h"

#define CLASSES		36u
#define SIZE_LIMIT	8192u
#define ARRAY		256u		/* objects of an array */
#define ARENA		((size_t)1 << 30)
#define SPAN		65536u		/* bytes that become objects at once */

struct limit_array {
	struct limit_array *next;	/* in the stack */
	void *objects[ARRAY];
};

struct limit_bin {
	size_t nr;			/* objects of the array in use */
	struct limit_array *array;	/* or NULL */
	char *fresh, *end;		/* memory of which none was handed out */
};

static char *arena;			/* ARENA bytes */
static size_t arena_used;		/* a */
static uint8_t class_of[ARENA / BENCH_PAGE];
static uint32_t stack_lock;
static struct limit_array *stacks[CLASSES];	/* full ones; lock */
static struct limit_array *spares;		/* empty ones; lock */
static __thread struct limit_bin bins[CLASSES]
	__attribute__((tls_model("initial-exec")));

bench_inline unsigned int class_index(size_t size)
{
	unsigned int high;

	if (size <= 64)
		return (unsigned int)(size - 1) >> 3;
	high = 31 - (unsigned int)__builtin_clz((unsigned int)size - 1);
	return 8 + (high - 6) * 4 + (((unsigned int)size - 1) >> (high - 2) & 3);
}

static size_t class_size(unsigned int class)
{
	if (class < 8)
		return (class + 1) * 8;
	return (size_t)(5 + (class - 8) % 4) << (4 + (class - 8) / 4);
}

static void stack_enter(void)
{
	/* Pairs with the release in stack_leave(). */
	while (__atomic_exchange_n(&stack_lock, 1, __ATOMIC_ACQUIRE))
		sched_yield();
}

static void stack_leave(void)
{
	__atomic_store_n(&stack_lock, 0, __ATOMIC_RELEASE);
}

static struct limit_array *take(struct limit_array **from)
{
	struct limit_array *array = *from;

	if (array)
		*from = array->next;
	return array;
}

static void put(struct limit_array **to, struct limit_array *array)
{
	if (!array)
		return;
	array->next = *to;
	*to = array;
}

/* A full array in place of the empty one; false: there is none. */
static bool bin_take_full(struct limit_bin *bin, unsigned int class)
{
	struct limit_array *full;

	stack_enter();
	full = take(&stacks[class]);
	if (full)
		put(&spares, bin->array);
	stack_leave();
	if (!full)
		return false;
	bin->array = full;
	bin->nr = ARRAY;
	return true;
}

/* An object that was never handed out. */
static void *bin_carve(struct limit_bin *bin, unsigned int class)
{
	size_t size = class_size(class), at;
	void *object;

	if ((size_t)(bin->end - bin->fresh) < size) {
		at = __atomic_fetch_add(&arena_used, SPAN, __ATOMIC_RELAXED);
		if (at + SPAN > ARENA)
			return NULL;
		bin->fresh = arena + at;
		bin->end = bin->fresh + SPAN;
		for (size_t i = 0; i < SPAN / BENCH_PAGE; i++)
			class_of[at / BENCH_PAGE + i] = (uint8_t)class;
	}
	object = bin->fresh;
	bin->fresh += size;
	return object;
}

static void * __attribute__((__noinline__)) limit_new_slow(unsigned int class)
{
	struct limit_bin *bin = &bins[class];

	if (bin_take_full(bin, class))
		return bin->array->objects[--bin->nr];
	return bin_carve(bin, class);
}

static void __attribute__((__noinline__))
limit_delete_slow(unsigned int class, void *object)
{
	struct limit_bin *bin = &bins[class];

	stack_enter();
	put(&stacks[class], bin->array);
	bin->array = take(&spares);
	stack_leave();
	if (!bin->array)
		bin->array = malloc(sizeof(*bin->array));
	bin->nr = 0;
	if (!bin->array)
		abort();
	bin->array->objects[bin->nr++] = object;
}

static void * __attribute__((__noinline__)) limit_new(size_t size)
{
	unsigned int class = class_index(size);
	struct limit_bin *bin = &bins[class];

	if (__builtin_expect(!bin->nr, 0))
		return limit_new_slow(class);
	return bin->array->objects[--bin->nr];
}

static void __attribute__((__noinline__)) limit_delete(void *object)
{
	unsigned int class = class_of[(size_t)((char *)object - arena) /
				      BENCH_PAGE];
	struct limit_bin *bin = &bins[class];

	if (__builtin_expect(!bin->array || bin->nr == ARRAY, 0))
		limit_delete_slow(class, object);
	else
		bin->array->objects[bin->nr++] = object;
}

BENCH_OBJECT_LOOPS(limit)

static int limit_objects_start(size_t frames, unsigned int threads)
{
	(void)frames;
	(void)threads;
	arena = bench_arena(ARENA);
	return arena ? 0 : ENOMEM;
}

static int limit_objects_enter(unsigned int thread)
{
	(void)thread;
	return 0;
}

static void limit_objects_nothing(void)
{
}

const struct bench_backend bench_limit_objects = {
	.name = "limit-objects",
	.start = limit_objects_start,
	.enter = limit_objects_enter,
	.leave = limit_objects_nothing,
	.end = limit_objects_nothing,
	.loops = { BENCH_OBJECT_TABLE(limit) },
};
