// SPDX-License-Identifier: MIT
/*
 * Threads that share CPUs take and free objects of one cache while all CPUs'
 * slots are claimed again and again: no object has two owners, none is lost.
 * An owner writes his number into what he has, and looks for it before he
 * gives it back. Calls across CPUs come in between, as interrupts where there
 * are any; each takes an object or gives one back, so that who was interrupted
 * finds one less or one more than he knows of.
 */
#include <kunit/random.h>
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "threads.h"

#define THREADS		8	/* two or more for each CPU of a small machine */
#define HELD		96	/* objects of a thread at most */
#define TURNS		50000	/* of a thread */
#define CALLS		50	/* to each CPU, from one claim to the next */

struct racer {
	struct test_thread thread;
	struct kmem_cache *cache;
	struct random random;
	unsigned long number;		/* of this thread, not 0 */
	unsigned long *held[HELD];
	unsigned int wrong;		/* objects that were another's */
	unsigned int done;		/* a: */
};

static struct racer racers[THREADS];
/* What calls on each CPU keep. */
static unsigned long *kept[NR_CPUS];
static unsigned int calls_wrong;	/* a: objects that were another's */

static void racer_free(struct racer *r, unsigned int i)
{
	unsigned long *object = r->held[i];

	r->wrong += object[0] != r->number || object[7] != i;
	object[0] = 0;
	kmem_cache_free(r->cache, object);
	r->held[i] = NULL;
}

static void racer_take(struct racer *r, unsigned int i)
{
	unsigned long *object = kmem_cache_alloc(r->cache, GFP_KERNEL);

	if (!object)
		return;
	object[0] = r->number;
	object[7] = i;
	r->held[i] = object;
}

static void race(void *arg)
{
	struct racer *r = arg;
	unsigned int turn, i;

	for (turn = 0; turn < TURNS; turn++) {
		i = random_below(&r->random, HELD);
		if (r->held[i])
			racer_free(r, i);
		else
			racer_take(r, i);
	}
	for (i = 0; i < HELD; i++)
		if (r->held[i])
			racer_free(r, i);
	__atomic_store_n(&r->done, 1, __ATOMIC_RELEASE);
}

/* On each CPU: takes an object, or gives back the one it took. */
static void call(void *cache)
{
	unsigned int cpu = smp_processor_id();
	unsigned long mark = ~(unsigned long)cpu, *object = kept[cpu];

	if (!object) {
		object = kmem_cache_alloc(cache, GFP_ATOMIC);
		if (object)
			object[0] = mark;
		kept[cpu] = object;
		return;
	}
	if (object[0] != mark)
		__atomic_fetch_add(&calls_wrong, 1, __ATOMIC_RELAXED);
	object[0] = 0;
	kmem_cache_free(cache, object);
	kept[cpu] = NULL;
}

static void kept_free(struct kmem_cache *cache)
{
	unsigned int cpu;

	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		kmem_cache_free(cache, kept[cpu]);
		kept[cpu] = NULL;
	}
}

static bool all_done(unsigned int nr)
{
	while (nr--)
		if (!__atomic_load_n(&racers[nr].done, __ATOMIC_ACQUIRE))
			return false;
	return true;
}

static void claims_test(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("race", 64, 0,
						     SLAB_NO_MERGE, NULL);
	unsigned int nr = 0, i;

	KUNIT_ASSERT_NOT_NULL(test, cache);
	for (i = 0; i < THREADS; i++) {
		struct racer *r = &racers[nr];

		memset(r, 0, sizeof(*r));
		r->cache = cache;
		r->number = i + 1;
		random_seed(&r->random, test->seed + i);
		nr += test_thread_start(&r->thread, race, r, test_cpu(i));
	}
	calls_wrong = 0;
	do {
		kmem_cache_shrink(cache);
		KUNIT_EXPECT_EQ(test, kmem_cache_check(cache), 0);
		for (i = 0; i < CALLS; i++)
			on_each_cpu(call, cache, 1);
		cond_resched();
	} while (!all_done(nr));
	for (i = 0; i < nr; i++) {
		test_thread_join(&racers[i].thread);
		KUNIT_EXPECT_EQ(test, racers[i].wrong, 0U);
	}
	kept_free(cache);
	KUNIT_EXPECT_EQ(test, calls_wrong, 0U);
	KUNIT_EXPECT_EQ(test, kmem_cache_check(cache), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
}

static struct kunit_case slab_race_cases[] = {
	KUNIT_CASE(claims_test),
	{}
};

static struct kunit_suite slab_race_suite = {
	.name = "slab_race",
	.test_cases = slab_race_cases,
};
kunit_test_suite(slab_race_suite);
