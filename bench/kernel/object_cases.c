// SPDX-License-Identifier: MIT
/*
 * What an object costs: measure.c tells how it is measured.
 *
 * Sizes are constants where a caller's would be; `kmalloc-any` hides one from
 * the compiler, as where a length comes from outside.
 *
 * `many` frees the oldest first; `scattered` frees more than the first cache
 * of a processor holds, in random order.
 *
 * `random` holds RANDOM_LIVE objects. A round frees one of them, each as
 * likely as another, and takes one in its place, of a size that is as likely
 * to be between 8 and 16 bytes as between 4096 and 8192.
 *
 * `cache-create` makes and ends a cache that is never taken for another one;
 * `cache-create-alike` one that may be, of a size that others have.
 *
 * I1  b->held holds the objects that a case has between its passes, NULL
 *     elsewhere; only `random` has any, from its set-up to its clean-up.
 */
#include "measure.h"

#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mempool.h>
#include <linux/percpu.h>
#include <linux/slab.h>

#define MANY		1024	/* objects of `many` */
#define SCATTERED	4096	/* objects of `scattered` */
#define BULK		64	/* objects of a bulk call */
#define POOL_MIN	16	/* elements that a pool has in reserve */
#define RANDOM_LIVE	1024	/* objects that `random` holds */
#define RANDOM_SIZES	4096	/* sizes to choose from */
#define SIZE_SHIFTS	10	/* doublings of 8 to 8192 */

/* Owned by the thread that measures. */
struct object_bench {
	void *held[SCATTERED];		/* what is held; see I1 */
	u16 shuffle[SCATTERED];		/* 0 to SCATTERED - 1, at random */
	u16 sizes[RANDOM_SIZES];	/* of `random`, in bytes */
	u64 random;			/* the generator's state */
	struct kmem_cache *cache;	/* of 64 bytes, of cases with `cache` */
	mempool_t *pool;		/* on it, of `mempool` */
};

/* An object that some expressions take and give back. */
#define PAIR(name, take, give)						\
static bool pass_##name(void *state, unsigned int rounds)		\
{									\
	for (; rounds; rounds--) {					\
		void *p = (take);					\
									\
		if (unlikely(!p))					\
			return false;					\
		give;							\
	}								\
	return true;							\
}
#define KMALLOC(size)							\
PAIR(kmalloc##size, kmalloc(size, GFP_KERNEL), kfree(p))
KMALLOC(8)
KMALLOC(16)
KMALLOC(32)
KMALLOC(64)
KMALLOC(96)
KMALLOC(128)
KMALLOC(256)
KMALLOC(512)
KMALLOC(1024)
KMALLOC(1536)
KMALLOC(2048)
KMALLOC(4096)
KMALLOC(8192)
KMALLOC(32768)
PAIR(kzalloc, kzalloc(64, GFP_KERNEL), kfree(p))
PAIR(atomic, kmalloc(64, GFP_ATOMIC), kfree(p))

static bool pass_any(void *state, unsigned int rounds)
{
	size_t size = 100;

	for (; rounds; rounds--) {
		void *p;

		OPTIMIZER_HIDE_VAR(size);
		p = kmalloc(size, GFP_KERNEL);
		if (unlikely(!p))
			return false;
		kfree(p);
	}
	return true;
}

/* Frees the first @nr of b->held. */
static void held_free(struct object_bench *b, unsigned int nr)
{
	while (nr--) {
		kfree(b->held[nr]);
		b->held[nr] = NULL;
	}
}

static bool held_take(struct object_bench *b, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		b->held[i] = kmalloc(64, GFP_KERNEL);
		if (unlikely(!b->held[i])) {
			held_free(b, i);
			return false;
		}
	}
	return true;
}

static bool pass_many(void *state, unsigned int rounds)
{
	struct object_bench *b = state;
	unsigned int i;

	for (; rounds; rounds--) {
		if (!held_take(b, MANY))
			return false;
		for (i = 0; i < MANY; i++) {
			kfree(b->held[i]);
			b->held[i] = NULL;
		}
	}
	return true;
}

static bool scattered_start(void *state)
{
	struct object_bench *b = state;

	bench_places_shuffle(&b->random, b->shuffle, SCATTERED);
	return true;
}

static bool pass_scattered(void *state, unsigned int rounds)
{
	struct object_bench *b = state;
	unsigned int i;

	for (; rounds; rounds--) {
		if (!held_take(b, SCATTERED))
			return false;
		for (i = 0; i < SCATTERED; i++) {
			kfree(b->held[b->shuffle[i]]);
			b->held[b->shuffle[i]] = NULL;
		}
	}
	return true;
}

/* ---- a cache ---------------------------------------------------------- */

static bool cache_start(void *state)
{
	struct object_bench *b = state;

	b->cache = kmem_cache_create("bench-64", 64, 0, SLAB_NO_MERGE, NULL);
	return b->cache;
}

static void cache_end(void *state)
{
	struct object_bench *b = state;

	kmem_cache_destroy(b->cache);
	b->cache = NULL;
}

static bool pass_cache(void *state, unsigned int rounds)
{
	struct object_bench *b = state;

	for (; rounds; rounds--) {
		void *p = kmem_cache_alloc(b->cache, GFP_KERNEL);

		if (unlikely(!p))
			return false;
		kmem_cache_free(b->cache, p);
	}
	return true;
}

/* BULK objects with one call, given back with another. */
static bool pass_cache_bulk(void *state, unsigned int rounds)
{
	struct object_bench *b = state;

	for (; rounds; rounds--) {
		if (unlikely(kmem_cache_alloc_bulk(b->cache, GFP_KERNEL, BULK,
						   b->held) != BULK))
			return false;
		kmem_cache_free_bulk(b->cache, BULK, b->held);
	}
	return true;
}

static void cache_bulk_end(void *state)
{
	struct object_bench *b = state;
	unsigned int i;

	for (i = 0; i < BULK; i++)
		b->held[i] = NULL;
	cache_end(state);
}

static void mempool_end(void *state)
{
	struct object_bench *b = state;

	mempool_destroy(b->pool);
	cache_end(state);
}

static bool mempool_start(void *state)
{
	struct object_bench *b = state;

	if (!cache_start(state))
		return false;
	b->pool = mempool_create_slab_pool(POOL_MIN, b->cache);
	if (!b->pool)
		cache_end(state);
	return b->pool;
}

static bool pass_mempool(void *state, unsigned int rounds)
{
	struct object_bench *b = state;

	for (; rounds; rounds--) {
		void *p = mempool_alloc(b->pool, GFP_KERNEL);

		if (unlikely(!p))
			return false;
		mempool_free(p, b->pool);
	}
	return true;
}

static bool pass_create(void *state, unsigned int rounds)
{
	for (; rounds; rounds--) {
		struct kmem_cache *cache =
			kmem_cache_create("bench-create", 72, 0, SLAB_NO_MERGE,
					  NULL);

		if (unlikely(!cache))
			return false;
		kmem_cache_destroy(cache);
	}
	return true;
}

static bool pass_create_alike(void *state, unsigned int rounds)
{
	for (; rounds; rounds--) {
		struct kmem_cache *cache =
			kmem_cache_create("bench-alike", 64, 0, 0, NULL);

		if (unlikely(!cache))
			return false;
		kmem_cache_destroy(cache);
	}
	return true;
}

static bool pass_percpu(void *state, unsigned int rounds)
{
	for (; rounds; rounds--) {
		void __percpu *p = __alloc_percpu(64, 8);

		if (unlikely(!p))
			return false;
		free_percpu(p);
	}
	return true;
}

/* ---- random sizes ----------------------------------------------------- */

static size_t random_size(struct object_bench *b)
{
	return b->sizes[bench_random_below(&b->random, RANDOM_SIZES)];
}

static void random_end(void *state)
{
	held_free(state, RANDOM_LIVE);
}

static bool random_start(void *state)
{
	struct object_bench *b = state;
	unsigned int i;

	for (i = 0; i < RANDOM_SIZES; i++) {
		unsigned int shift = bench_random_below(&b->random,
							SIZE_SHIFTS);

		b->sizes[i] = (u16)((8U << shift) +
				    bench_random_below(&b->random,
						       8U << shift) + 1);
	}
	for (i = 0; i < RANDOM_LIVE; i++) {
		b->held[i] = kmalloc(random_size(b), GFP_KERNEL);
		if (!b->held[i]) {
			held_free(b, i);
			return false;
		}
	}
	return true;
}

static bool pass_random(void *state, unsigned int rounds)
{
	struct object_bench *b = state;

	for (; rounds; rounds--) {
		unsigned int i = bench_random_below(&b->random, RANDOM_LIVE);

		kfree(b->held[i]);
		b->held[i] = kmalloc(random_size(b), GFP_KERNEL);
		if (unlikely(!b->held[i]))
			return false;
	}
	return true;
}

/* What pass_random() does besides its calls. */
static bool pass_random_driver(void *state, unsigned int rounds)
{
	struct object_bench *b = state;

	for (; rounds; rounds--) {
		unsigned int i = bench_random_below(&b->random, RANDOM_LIVE);
		size_t size = random_size(b);

		OPTIMIZER_HIDE_VAR(size);
		b->held[i] = NULL;
		barrier();
	}
	return true;
}

#define KMALLOC_CASE(size)						\
	{ "kmalloc" #size, 500, 1, pass_kmalloc##size, NULL, NULL }

static const struct bench_case object_cases[] = {
	KMALLOC_CASE(8), KMALLOC_CASE(16), KMALLOC_CASE(32), KMALLOC_CASE(64),
	KMALLOC_CASE(96), KMALLOC_CASE(128), KMALLOC_CASE(256),
	KMALLOC_CASE(512), KMALLOC_CASE(1024), KMALLOC_CASE(1536),
	KMALLOC_CASE(2048), KMALLOC_CASE(4096), KMALLOC_CASE(8192),
	{ "kmalloc-any", 500, 1, pass_any, NULL, NULL },
	{ "kmalloc-atomic", 500, 1, pass_atomic, NULL, NULL },
	{ "kmalloc32768", 200, 1, pass_kmalloc32768, NULL, NULL },
	{ "kzalloc64", 500, 1, pass_kzalloc, NULL, NULL },
	{ "many", 1, MANY, pass_many, NULL, NULL },
	{ "scattered", 1, SCATTERED, pass_scattered, scattered_start, NULL },
	{ "cache64", 500, 1, pass_cache, cache_start, cache_end },
	{ "cache64-bulk64", 20, BULK, pass_cache_bulk, cache_start,
	  cache_bulk_end },
	{ "random", 1000, 1, pass_random, random_start, random_end },
	{ "random-driver", 1000, 1, pass_random_driver, NULL, NULL },
	{ "mempool", 500, 1, pass_mempool, mempool_start, mempool_end },
	{ "percpu64", 100, 1, pass_percpu, NULL, NULL },
	{ "cache-create", 10, 1, pass_create, NULL, NULL },
	{ "cache-create-alike", 10, 1, pass_create_alike, NULL, NULL },
};

static void object_bench_init(void *state)
{
	struct object_bench *b = state;

	bench_random_init(&b->random);
}

const struct bench_group bench_objects = {
	.name = "object", .cases = object_cases,
	.nr = ARRAY_SIZE(object_cases),
	.state_size = sizeof(struct object_bench), .init = object_bench_init,
};
