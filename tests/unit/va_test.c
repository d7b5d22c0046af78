// SPDX-License-Identifier: MIT
/*
 * Ranges of kernel addresses: who gets which, what becomes of them, who is
 * told. Nothing is mapped, so any addresses will do.
 */
#include <kunit/test.h>
#include <linux/align.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <octavo/failslab.h>

#include "../../mm/kvirt/va.h"
#include "../../mm/kvirt/va_map.h"
#include "log_capture.h"
#include "threads.h"

/* Where spaces start: on no round address. */
#define START	((ULONG_MAX >> 2) + 1 + 37 * PAGE_SIZE)
#define SMALL	(64 * PAGE_SIZE)
#define MIDDLE	SZ_256M
#define CHUNK_SIZE	(VA_CHUNK_PAGES * PAGE_SIZE)
#define LARGE	SZ_1G

/* What the callbacks were told. */
struct calls {
	unsigned int cleans, flushes;
	unsigned long cleaned;			/* bytes */
	unsigned long clean_start, clean_end;	/* of the last */
	unsigned long low, high;		/* of the last flush */
};

static void count_clean(void *ctx, unsigned long start, unsigned long end)
{
	struct calls *calls = ctx;

	calls->cleans++;
	calls->cleaned += end - start;
	calls->clean_start = start;
	calls->clean_end = end;
}

static void count_flush(void *ctx, unsigned long start, unsigned long end)
{
	struct calls *calls = ctx;

	calls->flushes++;
	calls->low = start;
	calls->high = end;
}

static const struct va_space_ops count_ops = {
	.clean = count_clean, .flush = count_flush,
};

static struct va_space *space;		/* of the running case */
static struct calls calls;
static int owner;			/* its address is what counts */

static void make(struct kunit *test, unsigned long size)
{
	calls = (struct calls){ .cleans = 0 };
	KUNIT_ASSERT_EQ(test, va_space_create(&space, START, START + size,
					      &count_ops, &calls), 0);
	KUNIT_EXPECT_TRUE(test, va_space_check(space));
}

static struct va_stats stats_of(void)
{
	struct va_stats stats;

	va_get_stats(space, &stats);
	return stats;
}

/* Anywhere. */
static unsigned long take(unsigned long size, unsigned long align)
{
	return va_alloc(space, size, align, 0, ~0UL, &owner, GFP_KERNEL);
}

static void drop(struct kunit *test, unsigned long addr, unsigned long size)
{
	unsigned long got = 0;

	KUNIT_EXPECT_PTR_EQ(test, va_disown(space, addr, &got),
			    (void *)&owner);
	KUNIT_EXPECT_EQ(test, got, size);
	va_release(space, addr);
}

/* All is free again, in one piece. */
static void end(struct kunit *test, unsigned long size)
{
	struct va_stats stats;

	va_purge(space);
	KUNIT_EXPECT_TRUE(test, va_space_check(space));
	stats = stats_of();
	KUNIT_EXPECT_EQ(test, stats.nr_areas, 0UL);
	KUNIT_EXPECT_EQ(test, stats.used, 0UL);
	KUNIT_EXPECT_EQ(test, stats.lazy, 0UL);
	KUNIT_EXPECT_EQ(test, stats.free, size / PAGE_SIZE);
	va_space_destroy(space);
}

static void va_life_test(struct kunit *test)
{
	struct va_area area = { .size = 0 };
	unsigned long a, size = 0;

	make(test, LARGE);
	a = take(3 * PAGE_SIZE, PAGE_SIZE);
	KUNIT_ASSERT_NE(test, a, 0UL);
	KUNIT_EXPECT_TRUE(test, va_find(space, a + 3 * PAGE_SIZE - 1, &area));
	KUNIT_EXPECT_EQ(test, area.start, a);
	KUNIT_EXPECT_EQ(test, area.size, 3 * PAGE_SIZE);
	KUNIT_EXPECT_PTR_EQ(test, area.owner, (void *)&owner);
	KUNIT_EXPECT_FALSE(test, va_find(space, a + 3 * PAGE_SIZE, &area));
	KUNIT_EXPECT_EQ(test, stats_of().nr_areas, 1UL);
	KUNIT_EXPECT_EQ(test, stats_of().used, 3UL);

	KUNIT_EXPECT_NULL(test, va_disown(space, a + PAGE_SIZE, &size));
	KUNIT_EXPECT_PTR_EQ(test, va_disown(space, a, &size),
			    (void *)&owner);
	KUNIT_EXPECT_EQ(test, size, 3 * PAGE_SIZE);
	KUNIT_EXPECT_NULL(test, va_disown(space, a, &size));
	KUNIT_EXPECT_FALSE(test, va_find(space, a, &area));
	KUNIT_EXPECT_FALSE(test, va_next(space, 0, &area));
	KUNIT_EXPECT_TRUE(test, va_space_check(space));
	va_release(space, a);
	KUNIT_EXPECT_EQ(test, stats_of().lazy, 3UL);
	KUNIT_EXPECT_EQ(test, stats_of().used, 0UL);
	KUNIT_EXPECT_TRUE(test, va_space_check(space));
	KUNIT_EXPECT_EQ(test, calls.flushes, 0U);
	va_purge(space);
	KUNIT_EXPECT_EQ(test, calls.flushes, 1U);
	KUNIT_EXPECT_EQ(test, calls.low, a);
	KUNIT_EXPECT_EQ(test, calls.high, a + 3 * PAGE_SIZE);
	va_purge(space);
	KUNIT_EXPECT_EQ(test, calls.flushes, 1U);
	end(test, LARGE);
}

/* What never was mapped is free at once, and nobody flushes. */
static void va_cancel_test(struct kunit *test)
{
	unsigned long a, size;

	make(test, LARGE);
	a = take(SZ_1M, PAGE_SIZE);
	KUNIT_EXPECT_NOT_NULL(test, va_disown(space, a, &size));
	va_cancel(space, a);
	KUNIT_EXPECT_EQ(test, stats_of().free, LARGE / PAGE_SIZE);
	a = take(PAGE_SIZE, PAGE_SIZE);
	KUNIT_EXPECT_NOT_NULL(test, va_disown(space, a, &size));
	va_cancel(space, a);
	KUNIT_EXPECT_EQ(test, stats_of().free, LARGE / PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, calls.flushes + calls.cleans, 0U);
	end(test, LARGE);
}

static void va_bounds_test(struct kunit *test)
{
	unsigned long align, a;

	make(test, LARGE);
	for (align = PAGE_SIZE; align <= LARGE / 4; align *= 2) {
		a = take(2 * PAGE_SIZE, align);
		KUNIT_EXPECT_NE(test, a, 0UL);
		KUNIT_EXPECT_TRUE(test, IS_ALIGNED(a, align));
		drop(test, a, 2 * PAGE_SIZE);
	}
	a = va_alloc(space, SZ_1M, SZ_64K, START + SZ_256M,
		     START + SZ_256M + SZ_2M, &owner, GFP_KERNEL);
	KUNIT_EXPECT_GE(test, a, START + SZ_256M);
	KUNIT_EXPECT_LE(test, a + SZ_1M, START + SZ_256M + SZ_2M);
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED(a, SZ_64K));
	KUNIT_EXPECT_TRUE(test, va_space_check(space));
	/* What is left of that window has no room for another. */
	KUNIT_EXPECT_EQ(test, va_alloc(space, SZ_1M, SZ_1M, START + SZ_256M,
				       START + SZ_256M + SZ_1M + SZ_512K,
				       &owner, GFP_KERNEL), 0UL);
	KUNIT_EXPECT_EQ(test, va_alloc(space, PAGE_SIZE, PAGE_SIZE,
				       START + LARGE, ~0UL, &owner,
				       GFP_KERNEL), 0UL);
	KUNIT_EXPECT_EQ(test, take(LARGE + PAGE_SIZE, PAGE_SIZE), 0UL);
	drop(test, a, SZ_1M);
	end(test, LARGE);
}

/* A space filled to its last page, and emptied in an odd order. */
static void va_full_test(struct kunit *test)
{
	unsigned long at[SMALL / PAGE_SIZE], i;

	make(test, SMALL);
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		at[i] = take(PAGE_SIZE, PAGE_SIZE);
		KUNIT_EXPECT_NE(test, at[i], 0UL);
	}
	KUNIT_EXPECT_EQ(test, take(PAGE_SIZE, PAGE_SIZE), 0UL);
	KUNIT_EXPECT_EQ(test, stats_of().free, 0UL);
	KUNIT_EXPECT_EQ(test, stats_of().largest, 0UL);
	KUNIT_EXPECT_TRUE(test, va_space_check(space));
	for (i = 0; i < ARRAY_SIZE(at); i++)
		drop(test, at[i * 37 % ARRAY_SIZE(at)], PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, va_space_check(space));
	/* A request that may not sleep leaves the purge to others. */
	KUNIT_EXPECT_EQ(test, va_alloc(space, SMALL, PAGE_SIZE, 0, ~0UL,
				       &owner, GFP_ATOMIC), 0UL);
	KUNIT_EXPECT_EQ(test, calls.flushes, 0U);
	at[0] = take(SMALL, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, at[0], START);
	KUNIT_EXPECT_EQ(test, calls.flushes, 1U);
	KUNIT_EXPECT_EQ(test, calls.cleans, 1U);
	KUNIT_EXPECT_EQ(test, calls.clean_start, START);
	KUNIT_EXPECT_EQ(test, calls.clean_end, START + SMALL);
	drop(test, at[0], SMALL);
	end(test, SMALL);
}

/* Each run is cleaned once and the hull flushed; what is between is not. */
static void va_runs_test(struct kunit *test)
{
	unsigned long at[9], i, a;

	make(test, SMALL);
	a = take(9 * PAGE_SIZE, PAGE_SIZE);
	drop(test, a, 9 * PAGE_SIZE);
	va_purge(space);
	calls = (struct calls){ .cleans = 0 };
	for (i = 0; i < ARRAY_SIZE(at); i++)
		at[i] = va_alloc(space, PAGE_SIZE, PAGE_SIZE,
				 START + i * PAGE_SIZE,
				 START + (i + 1) * PAGE_SIZE, &owner,
				 GFP_KERNEL);
	/* x . x x x . . x x */
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		KUNIT_EXPECT_EQ(test, at[i], START + i * PAGE_SIZE);
		if (0x19dU >> i & 1)
			drop(test, at[i], PAGE_SIZE);
	}
	va_purge(space);
	KUNIT_EXPECT_EQ(test, calls.cleans, 3U);
	KUNIT_EXPECT_EQ(test, calls.cleaned, 6 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, calls.flushes, 1U);
	KUNIT_EXPECT_EQ(test, calls.low, START);
	KUNIT_EXPECT_EQ(test, calls.high, START + 9 * PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, va_space_check(space));
	for (i = 0; i < ARRAY_SIZE(at); i++)
		if (!(0x19dU >> i & 1))
			drop(test, at[i], PAGE_SIZE);
	end(test, SMALL);
}

static void va_order_test(struct kunit *test)
{
	static const unsigned int pages[] = { 1, 700, 3, 64, 65, 2, 1024, 5 };
	unsigned long at[ARRAY_SIZE(pages)], i, n = 0, last = 0;
	struct va_area area;

	make(test, LARGE);
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		at[i] = take(pages[i] * PAGE_SIZE, PAGE_SIZE);
	for (last = 0; va_next(space, last, &area); last = area.start + 1) {
		KUNIT_EXPECT_GE(test, area.start, last);
		for (i = 0; i < ARRAY_SIZE(pages) && at[i] != area.start; i++)
			;
		KUNIT_ASSERT_LT(test, i, ARRAY_SIZE(pages));
		KUNIT_EXPECT_EQ(test, area.size, pages[i] * PAGE_SIZE);
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, ARRAY_SIZE(pages));
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		unsigned long inside = at[i] + pages[i] * PAGE_SIZE / 2;

		KUNIT_EXPECT_TRUE(test, va_find(space, inside, &area));
		KUNIT_EXPECT_EQ(test, area.start, at[i]);
		drop(test, at[i], pages[i] * PAGE_SIZE);
	}
	end(test, LARGE);
}

/* Calls that are wrong say so, and change nothing. */
static void va_wrong_test(struct kunit *test)
{
	static const struct {
		unsigned long size, align;
		void *owner;
	} wrong[] = {
		{ PAGE_SIZE + 1, PAGE_SIZE, &owner }, { 0, PAGE_SIZE, &owner },
		{ PAGE_SIZE, 3 * PAGE_SIZE, &owner }, { PAGE_SIZE, 8, &owner },
		{ PAGE_SIZE, PAGE_SIZE, NULL },
	};
	static struct log_capture log;
	struct va_space *none = NULL;
	unsigned long a, size, i;

	KUNIT_EXPECT_EQ(test, va_space_create(&none, 0, SMALL, NULL, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, va_space_create(&none, START, START, NULL, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, va_space_create(&none, START + 1, START + SMALL,
					      NULL, NULL), -EINVAL);
	make(test, LARGE);
	KUNIT_EXPECT_NULL(test, va_disown(space, START, &size));
	KUNIT_EXPECT_NULL(test, va_disown(space, START - PAGE_SIZE, &size));
	KUNIT_EXPECT_NULL(test, va_disown(space, START + LARGE, &size));
	a = take(PAGE_SIZE, PAGE_SIZE);
	KUNIT_EXPECT_NULL(test, va_disown(space, a + 8, &size));
	log_capture_start(&log);
	va_release(space, a);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"va_release: no disowned range starts at"));
	log_capture_start(&log);
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		KUNIT_EXPECT_EQ(test, va_alloc(space, wrong[i].size,
					       wrong[i].align, 0, ~0UL,
					       wrong[i].owner, GFP_KERNEL),
				0UL);
	drop(test, a, PAGE_SIZE);
	va_release(space, a);
	va_cancel(space, a);
	log_capture_end(&log);
	end(test, LARGE);
}

/* ---- maps ------------------------------------------------------------- */

/* The slow way: whether pages [i, i + n) of @map are all set. */
static bool map_has(const u64 *map, unsigned int i, unsigned int n)
{
	for (; n; n--, i++)
		if (i >= VA_CHUNK_PAGES || !(map[i / 64] >> i % 64 & 1))
			return false;
	return true;
}

static unsigned int map_first(const u64 *map, unsigned int n,
			      unsigned int align)
{
	unsigned int i;

	for (i = 0; i < VA_CHUNK_PAGES; i += align)
		if (map_has(map, i, n))
			return i;
	return VA_CHUNK_PAGES;
}

/* Every length and alignment, in maps that are full, full of holes, between. */
static void va_map_find_test(struct kunit *test)
{
	u64 map[VA_MAP_WORDS + 1] = { 0 };
	unsigned int round, w, n, align, seed = 7, bad = 0;

	for (round = 0; round < 12; round++) {
		for (w = 0; w < VA_MAP_WORDS; w++)
			map[w] = ~0ULL;
		/* The more rounds, the fewer holes. */
		for (n = 0; n < 600U >> round; n++) {
			seed = seed * 1103515245 + 12345;
			va_map_clear(map, (seed >> 8) % VA_CHUNK_PAGES, 1);
		}
		for (n = 1; n <= VA_RANGE_MAX; n++)
			for (align = 1; align <= VA_RANGE_MAX; align *= 2)
				bad += va_map_find(map, n, align) !=
				       map_first(map, n, align);
	}
	KUNIT_EXPECT_EQ(test, bad, 0U);
}

/* Each range of each length at each place: set, weighed, found, cleared. */
static void va_map_range_test(struct kunit *test)
{
	u64 map[VA_MAP_WORDS + 1] = { 0 };
	unsigned int i, n, bad = 0;

	for (n = 1; n <= VA_RANGE_MAX; n++) {
		for (i = 0; i + n <= VA_CHUNK_PAGES; i++) {
			va_map_set(map, i, n);
			bad += va_map_weight(map) != n;
			bad += va_map_next(map, 0, true) != i;
			bad += va_map_next(map, i, false) != i + n;
			bad += va_map_find(map, n, 1) != i;
			bad += va_map_find(map, n + (n < 64), 1) !=
			       (n < 64 ? VA_CHUNK_PAGES : i);
			va_map_clear(map, i, n);
			bad += va_map_weight(map) != 0;
		}
	}
	KUNIT_EXPECT_EQ(test, bad, 0U);
	KUNIT_EXPECT_EQ(test, va_map_next(map, 0, true), VA_CHUNK_PAGES);
	KUNIT_EXPECT_EQ(test, va_map_next(map, 5, false), 5U);
}

/* ---- chunks ----------------------------------------------------------- */

/* Ranges of like size lie together, others elsewhere; none in two chunks. */
static void va_kinds_test(struct kunit *test)
{
	static const unsigned int pages[] = { 1, 4, 5, 16, 17, 64 };
	unsigned long at[ARRAY_SIZE(pages)], i;

	if (num_possible_cpus() * 3 * 4 > LARGE / CHUNK_SIZE)
		kunit_skip(test, "no chunks with so many CPUs");
	make(test, LARGE);
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		at[i] = take(pages[i] * PAGE_SIZE, PAGE_SIZE);
		KUNIT_EXPECT_NE(test, at[i], 0UL);
		KUNIT_EXPECT_EQ(test, at[i] / CHUNK_SIZE,
				(at[i] + pages[i] * PAGE_SIZE - 1) / CHUNK_SIZE);
	}
	for (i = 0; i < ARRAY_SIZE(pages); i += 2)
		KUNIT_EXPECT_EQ(test, at[i] / CHUNK_SIZE, at[i + 1] / CHUNK_SIZE);
	KUNIT_EXPECT_NE(test, at[0] / CHUNK_SIZE, at[2] / CHUNK_SIZE);
	KUNIT_EXPECT_NE(test, at[2] / CHUNK_SIZE, at[4] / CHUNK_SIZE);
	KUNIT_EXPECT_TRUE(test, va_space_check(space));
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		drop(test, at[i], pages[i] * PAGE_SIZE);
	end(test, LARGE);
}

/*
 * A space that chunks have filled: a request as large as the space finds all
 * of it again, what CPUs had attached too.
 */
static void va_whole_test(struct kunit *test)
{
	enum { PER_CHUNK = VA_CHUNK_PAGES / 40 };
	unsigned long a, size = 40 * PAGE_SIZE, pages = 0;
	static unsigned long at[MIDDLE / CHUNK_SIZE * PER_CHUNK];

	make(test, MIDDLE);
	while (pages < ARRAY_SIZE(at) && (a = take(size, PAGE_SIZE)))
		at[pages++] = a;
	/* So many to a chunk, and what is left at both ends. */
	KUNIT_EXPECT_GE(test, pages, (MIDDLE / CHUNK_SIZE - 1) * PER_CHUNK);
	KUNIT_EXPECT_TRUE(test, va_space_check(space));
	KUNIT_EXPECT_LT(test, stats_of().largest, 40UL);
	while (pages)
		drop(test, at[--pages], size);
	KUNIT_EXPECT_TRUE(test, va_purge_due(space));
	a = take(MIDDLE, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, a, START);
	KUNIT_EXPECT_EQ(test, calls.flushes, 1U);
	KUNIT_EXPECT_FALSE(test, va_purge_due(space));
	KUNIT_EXPECT_EQ(test, stats_of().free, 0UL);
	drop(test, a, MIDDLE);
	end(test, MIDDLE);
}

/* Pages come back to a chunk in one step: as free as they were. */
static void va_again_test(struct kunit *test)
{
	unsigned long first[64], i, meta = 0;
	unsigned int round;

	make(test, LARGE);
	for (round = 0; round < 40; round++) {
		for (i = 0; i < ARRAY_SIZE(first); i++)
			first[i] = take(2 * PAGE_SIZE, PAGE_SIZE);
		for (i = 0; i < ARRAY_SIZE(first); i++)
			drop(test, first[i], 2 * PAGE_SIZE);
		va_purge(space);
		KUNIT_EXPECT_TRUE(test, va_space_check(space));
		if (!round)
			meta = stats_of().meta;
	}
	KUNIT_EXPECT_LE(test, stats_of().meta, meta + 2);
	KUNIT_EXPECT_EQ(test, calls.flushes, 40U);
	end(test, LARGE);
}

/* ---- no memory -------------------------------------------------------- */

/* The k-th object, for each k, is not to be had: nothing changes. */
static void va_fault_points_test(struct kunit *test)
{
	static const unsigned long pages[] = { 1, 64, 65, 513, 40000 };
	unsigned long i, a = 0;
	long nth;

	make(test, LARGE);
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		struct va_stats before = stats_of(), after;

		for (nth = 1; nth < 100; nth++) {
			failslab_fail_nth(nth);
			a = take(pages[i] * PAGE_SIZE, SZ_64M);
			if (failslab_fail_left())
				break;
			KUNIT_EXPECT_TRUE(test, va_space_check(space));
			after = stats_of();
			if (a)
				break;
			KUNIT_EXPECT_EQ(test, after.used, before.used);
			KUNIT_EXPECT_EQ(test, after.nr_areas, before.nr_areas);
			KUNIT_EXPECT_EQ(test, after.free, before.free);
		}
		failslab_fail_nth(0);
		KUNIT_ASSERT_NE(test, a, 0UL);
		/* Taking back asks for nothing. */
		failslab_fail_nth(1);
		drop(test, a, pages[i] * PAGE_SIZE);
		va_purge(space);
		KUNIT_EXPECT_EQ(test, failslab_fail_left(), 1L);
		failslab_fail_nth(0);
	}
	end(test, LARGE);
}

static void va_create_faults_test(struct kunit *test)
{
	long nth;
	int err;

	for (nth = 1; nth < 20; nth++) {
		failslab_fail_nth(nth);
		err = va_space_create(&space, START, START + LARGE, NULL,
				      NULL);
		failslab_fail_nth(0);
		if (!err)
			break;
		KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	}
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_EXPECT_TRUE(test, va_space_check(space));
	va_space_destroy(space);
}

/* ---- threads ---------------------------------------------------------- */

#define STORM_THREADS	4
#define STORM_RANGES	64

struct storm {
	unsigned int seed, wrong, failed;
	unsigned long at[STORM_RANGES];	/* a: 0: none */
};

static struct storm storms[STORM_THREADS];

static unsigned int storm_random(struct storm *s)
{
	s->seed = s->seed * 1103515245 + 12345;
	return s->seed >> 8;
}

/* Ranges of all threads are given up by any. */
static void storm_body(void *arg)
{
	struct storm *s = arg;
	unsigned int i;

	for (i = 0; i < 4000; i++) {
		struct storm *of = &storms[storm_random(s) % STORM_THREADS];
		unsigned long *at = &of->at[storm_random(s) % STORM_RANGES];
		unsigned long size, pages = 1 + storm_random(s) % 3, a;
		struct va_area area;

		if (storm_random(s) % 32 == 0)
			pages = 100;
		a = __atomic_exchange_n(at, 0, __ATOMIC_ACQ_REL);
		if (a) {
			s->wrong += !va_find(space, a, &area) ||
				    area.start != a || area.owner != of;
			s->wrong += va_disown(space, a, &size) != of;
			va_release(space, a);
		}
		a = va_alloc(space, pages * PAGE_SIZE, PAGE_SIZE, 0, ~0UL, s,
			     GFP_KERNEL);
		s->failed += !a;
		a = __atomic_exchange_n(&s->at[i % STORM_RANGES], a,
					__ATOMIC_ACQ_REL);
		if (a) {
			s->wrong += va_disown(space, a, &size) != s;
			va_release(space, a);
		}
		if (storm_random(s) % 512 == 0)
			va_purge(space);
	}
}

static void va_threads_test(struct kunit *test)
{
	static struct test_thread threads[STORM_THREADS];
	unsigned long i, k, size;

	KUNIT_ASSERT_EQ(test, va_space_create(&space, START, START + LARGE,
					      NULL, NULL), 0);
	memset(storms, 0, sizeof(storms));
	for (i = 0; i < STORM_THREADS; i++) {
		storms[i].seed = 1000 * (unsigned int)(i + 1);
		KUNIT_EXPECT_TRUE(test, test_thread_start(&threads[i],
				  storm_body, &storms[i], test_cpu(i)));
	}
	for (i = 0; i < STORM_THREADS; i++)
		test_thread_join(&threads[i]);
	KUNIT_EXPECT_TRUE(test, va_space_check(space));
	for (i = 0; i < STORM_THREADS; i++) {
		KUNIT_EXPECT_EQ(test, storms[i].wrong, 0U);
		KUNIT_EXPECT_EQ(test, storms[i].failed, 0U);
		for (k = 0; k < STORM_RANGES; k++) {
			if (!storms[i].at[k])
				continue;
			KUNIT_EXPECT_PTR_EQ(test, va_disown(space,
					    storms[i].at[k], &size),
					    (void *)&storms[i]);
			va_release(space, storms[i].at[k]);
		}
	}
	end(test, LARGE);
}

/* In interrupts where the port has them, in the middle of who is at it. */
static void poke(void *arg)
{
	struct storm *s = arg;
	unsigned long a, size = 0;
	struct va_area area;

	a = va_alloc(space, 2 * PAGE_SIZE, PAGE_SIZE, 0, ~0UL, s, GFP_ATOMIC);
	if (!a) {
		__atomic_fetch_add(&s->failed, 1, __ATOMIC_RELAXED);
		return;
	}
	if (!va_find(space, a + PAGE_SIZE, &area) || area.start != a ||
	    va_disown(space, a, &size) != s || size != 2 * PAGE_SIZE)
		__atomic_fetch_add(&s->wrong, 1, __ATOMIC_RELAXED);
	if (a / PAGE_SIZE % 4 < 2)
		va_release(space, a);
	else
		va_cancel(space, a);
}

static void va_interrupts_test(struct kunit *test)
{
	static struct storm pokes;
	unsigned long i, a;

	KUNIT_ASSERT_EQ(test, va_space_create(&space, START, START + LARGE,
					      NULL, NULL), 0);
	pokes = (struct storm){ .wrong = 0 };
	for (i = 0; i < 1000; i++) {
		smp_call_function(poke, &pokes, 0);
		a = take(3 * PAGE_SIZE, PAGE_SIZE);
		KUNIT_EXPECT_NE(test, a, 0UL);
		drop(test, a, 3 * PAGE_SIZE);
		on_each_cpu(poke, &pokes, 1);
	}
	KUNIT_EXPECT_EQ(test, pokes.wrong, 0U);
	KUNIT_EXPECT_EQ(test, pokes.failed, 0U);
	end(test, LARGE);
}

static struct kunit_case va_cases[] = {
	KUNIT_CASE(va_life_test),
	KUNIT_CASE(va_cancel_test),
	KUNIT_CASE(va_bounds_test),
	KUNIT_CASE(va_full_test),
	KUNIT_CASE(va_runs_test),
	KUNIT_CASE(va_order_test),
	KUNIT_CASE(va_wrong_test),
	KUNIT_CASE(va_map_find_test),
	KUNIT_CASE(va_map_range_test),
	KUNIT_CASE(va_kinds_test),
	KUNIT_CASE(va_whole_test),
	KUNIT_CASE(va_again_test),
	KUNIT_CASE(va_fault_points_test),
	KUNIT_CASE(va_create_faults_test),
	KUNIT_CASE(va_threads_test),
	KUNIT_CASE(va_interrupts_test),
	{ }
};

static struct kunit_suite va_suite = {
	.name = "va",
	.test_cases = va_cases,
};
kunit_test_suite(va_suite);
