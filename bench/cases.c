/* SPDX-License-Identifier: MIT */
/*
 * The cases. A name is family.order.threads and what else there is to say;
 * cases of a family are measured in turn, since they are compared.
 *
 *   pair     allocate, free; what is hottest
 *   alloc    N pages one by one; `free` gives them back in that order,
 *            `free-random` in a random one
 *   remote   each frees what the other allocated: t2 both at once, t1 one of
 *            the two while the other waits
 *   array    16 pages by one request, freed one by one; per page
 *   mixed    orders 0 to 9, half of the places of a live set in use
 *   zero     pair, of zeroed pages; touch: pair, and a word written to each
 *            page by the caller
 *   replace  90% of memory in single pages, freed at random down to half of
 *            memory; then a random page freed and one allocated, k times as
 *            often as there are live pages
 *   churn    orders 0 to 9 with 42% of memory live: a random block freed for
 *            each one allocated, until k times the live set was allocated
 *
 * Of objects, with a word written to each by the caller:
 *
 *   kmalloc-pair, cache-pair     allocate, free; S bytes
 *   kmalloc-batch.N, cache-batch N of S bytes, then all are freed: `fifo` in
 *            the order they came, `lifo` the last one first, `random`; S 0:
 *            sizes are mixed
 *   kmalloc-mixed.N    a random one of N is freed and one of another size
 *            allocated
 *   kmalloc-remote     each frees what the other allocated, 64 bytes or mixed
 *   kmalloc-memory     not a time: bytes in use over bytes asked for, after a
 *            million replacements among 100000 objects; and what is left of
 *            the most that was in use, a second after all are freed
 *
 * Of ranges of kernel addresses, of two pages:
 *
 *   address-pair.N     with N in use by each thread, take one, release it
 *   address-replace.N  release a random one of N, take another
 *
 * `cache` has a kmem_cache for its objects; peers have but one call for both.
 *
 * N is 1048576: 4 GiB a thread, with 32 MiB of struct pages, more than the
 * caches of a processor hold. Other cases have as many operations as keep a
 * sample near a millisecond.
 */
#include "bench.h"

#define N	1048576u
#define PLACES	1024u		/* of the live set of `mixed` */
/* 42% of 2 GiB are 2152 blocks of orders 0 to 9, 102.3 frames on average. */
#define CHURN_PLACES	8192u

#define PAIR(what, o, t, f, n)						\
	{ .name = what ".o" #o ".t" #t, .timed = LOOP_PAIR,		\
	  .threads = t, .order = o, .flags = f, .nr = n }
#define ALLOC(o, t, n)							\
	{ .name = "bulk-alloc.o" #o ".t" #t, .timed = LOOP_FILL,	\
	  .after = { LOOP_DRAIN }, .threads = t, .order = o, .nr = n,	\
	  .places = n }
#define FREE(o, t, n)							\
	{ .name = "bulk-free.o" #o ".t" #t, .before = { LOOP_FILL },	\
	  .timed = LOOP_DRAIN, .threads = t, .order = o, .nr = n,	\
	  .places = n }
#define FREE_RANDOM(o, t, n)						\
	{ .name = "bulk-free-random.o" #o ".t" #t,			\
	  .before = { LOOP_FILL, STEP_SHUFFLE }, .timed = LOOP_DRAIN,	\
	  .threads = t, .order = o, .nr = n, .places = n }
#define REMOTE(o, suffix, f, n)						\
	{ .name = "remote-free.o" #o suffix,				\
	  .before = { LOOP_FILL, STEP_SWAP }, .timed = LOOP_DRAIN,	\
	  .after = { LOOP_DRAIN }, .threads = 2, .order = o,		\
	  .flags = f, .nr = n, .places = n }
#define BULK(o, n)							\
	ALLOC(o, 1, n), ALLOC(o, 2, n), FREE(o, 1, n), FREE(o, 2, n),	\
	FREE_RANDOM(o, 1, n), FREE_RANDOM(o, 2, n),			\
	REMOTE(o, ".t1", BENCH_FIRST, n), REMOTE(o, ".t2", 0, n)
#define MIXED(t)							\
	{ .name = "mixed.t" #t, .timed = LOOP_MIXED, .threads = t,	\
	  .nr = 20000, .places = PLACES }
#define REPLACE(k, what, f)						\
	{ .name = "replace" what ".x" #k, .timed = LOOP_REPLACE,	\
	  .threads = 1, .flags = BENCH_FRAG | (f), .turnover = k }
#define CHURN(k, what, f)						\
	{ .name = "churn" what ".x" #k, .timed = LOOP_CHURN,		\
	  .threads = 1, .flags = BENCH_FRAG | (f), .turnover = k,	\
	  .places = CHURN_PLACES }

#define OBJECT_PAIR(s)							\
	{ .name = "kmalloc-pair." #s, .timed = LOOP_OBJECT_PAIR,	\
	  .threads = 1, .size = s, .nr = 65536, .places = 1 },		\
	{ .name = "cache-pair." #s, .timed = LOOP_OBJECT_PAIR,		\
	  .threads = 1, .size = s, .flags = BENCH_CACHE, .nr = 65536,	\
	  .places = 1 }
#define BATCH(what, n, s, f, how, t)					\
	{ .name = what "-batch." #n "." how "." #s,			\
	  .timed = LOOP_OBJECT_BATCH, .threads = 1, .size = s,		\
	  .flags = f, .nr = 20000, .places = n, .turns = t }
#define BATCHES(what, n, s, f)						\
	BATCH(what, n, s, f, "fifo", TURNS_FIFO),			\
	BATCH(what, n, s, f, "lifo", TURNS_LIFO),			\
	BATCH(what, n, s, f, "random", TURNS_RANDOM)
#define OBJECT_MIXED(n)							\
	{ .name = "kmalloc-mixed." #n, .timed = LOOP_OBJECT_REPLACE,	\
	  .threads = 1, .nr = 20000, .places = n }
#define OBJECT_REMOTE(what, s)						\
	{ .name = "kmalloc-remote." what, .timed = LOOP_OBJECT_REMOTE,	\
	  .threads = 2, .size = s, .nr = 20000, .places = 1000 }

#define ADDRESS(n, t)							\
	{ .name = "address-pair." #n ".t" #t, .timed = LOOP_ADDRESS_PAIR, \
	  .threads = t, .nr = 20000, .places = n },			\
	{ .name = "address-replace." #n ".t" #t,			\
	  .timed = LOOP_ADDRESS_REPLACE, .threads = t, .nr = 20000,	\
	  .places = n }

const struct bench_case bench_cases[] = {
	PAIR("pair", 0, 1, 0, 65536), PAIR("pair", 0, 2, 0, 65536),
	PAIR("pair", 3, 1, 0, 65536), PAIR("pair", 3, 2, 0, 65536),
	PAIR("pair", 9, 1, 0, 8192), PAIR("pair", 9, 2, 0, 8192),
	{ .name = "array.o0.t1", .timed = LOOP_ARRAY, .threads = 1,
	  .nr = 65536 },
	{ .name = "array.o0.t2", .timed = LOOP_ARRAY, .threads = 2,
	  .nr = 65536 },
	BULK(0, N),
	BULK(3, N / 64),
	BULK(9, 256),
	MIXED(1), MIXED(2),
	PAIR("zero", 0, 1, BENCH_ZERO, 4096),
	PAIR("zero", 0, 2, BENCH_ZERO, 4096),
	PAIR("zero", 3, 1, BENCH_ZERO, 1024),
	PAIR("zero", 3, 2, BENCH_ZERO, 1024),
	PAIR("zero", 9, 1, BENCH_ZERO, 32),
	PAIR("zero", 9, 2, BENCH_ZERO, 32),
	PAIR("touch", 0, 1, BENCH_TOUCH, 16384),
	PAIR("touch", 0, 2, BENCH_TOUCH, 16384),
	PAIR("touch", 3, 1, BENCH_TOUCH, 4096),
	PAIR("touch", 9, 1, BENCH_TOUCH, 128),
	REPLACE(0, "", BENCH_MOVABLE), REPLACE(1, "", BENCH_MOVABLE),
	REPLACE(10, "", BENCH_MOVABLE), REPLACE(100, "", BENCH_MOVABLE),
	REPLACE(10, "-unmovable", 0),
	CHURN(1, "", BENCH_MOVABLE), CHURN(10, "", BENCH_MOVABLE),
	CHURN(100, "", BENCH_MOVABLE), CHURN(10, "-unmovable", 0),
	OBJECT_PAIR(8), OBJECT_PAIR(16), OBJECT_PAIR(32), OBJECT_PAIR(64),
	OBJECT_PAIR(96), OBJECT_PAIR(128), OBJECT_PAIR(256), OBJECT_PAIR(512),
	OBJECT_PAIR(1024), OBJECT_PAIR(1536), OBJECT_PAIR(2048),
	OBJECT_PAIR(4096), OBJECT_PAIR(8192),
	BATCHES("kmalloc", 1000, 64, 0), BATCHES("kmalloc", 10000, 64, 0),
	BATCHES("kmalloc", 1000, 1024, 0),
	BATCHES("kmalloc", 1000, 0, 0), BATCHES("kmalloc", 10000, 0, 0),
	BATCHES("cache", 1000, 64, BENCH_CACHE),
	BATCHES("cache", 10000, 64, BENCH_CACHE),
	OBJECT_MIXED(10000), OBJECT_MIXED(100000),
	OBJECT_REMOTE("64", 64), OBJECT_REMOTE("mixed", 0),
	{ .name = "kmalloc-memory", .timed = LOOP_OBJECT_REPLACE,
	  .threads = 1, .flags = BENCH_MEMORY, .nr = 1000000,
	  .places = 100000 },
	ADDRESS(1000, 1), ADDRESS(1000, 2),
	ADDRESS(50000, 1), ADDRESS(50000, 2),
};

const size_t bench_nr_cases = sizeof(bench_cases) / sizeof(bench_cases[0]);
