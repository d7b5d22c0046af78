// SPDX-License-Identifier: MIT
/*
 * Samples of allocations: on machines started with kfence.sample_count=1,
 * where each allocation that takes the slow path is one. The faults are real.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kfence.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <octavo/machine.h>
#include <octavo/port.h>

#include "log_capture.h"
#include "threads.h"

#define NEEDED	"kfence.sample_count=1"

static struct log_capture log;

static void kfence_exit(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kfence_check(), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_check(NULL), 0);
}

static struct kmem_cache *own_cache(struct kunit *test, unsigned int size)
{
	struct kmem_cache *cache;

	/* CPUs keep none, so each call is a slow one. */
	cache = kmem_cache_create("sampled", size, 0, SLAB_CONSISTENCY_CHECKS,
				  NULL);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	return cache;
}

static bool at_end(const void *p, size_t size)
{
	return offset_in_page((unsigned long)p + size) == 0;
}

/* An object at the end of its page, or at its beginning. */
static u8 *sample(struct kunit *test, struct kmem_cache *cache, bool end)
{
	unsigned int i;
	u8 *p;

	for (i = 0; i < 1000; i++) {
		p = kmem_cache_alloc(cache, GFP_KERNEL);
		KUNIT_ASSERT_TRUE(test, is_kfence_address(p));
		if (at_end(p, 32) == end)
			return p;
		kmem_cache_free(cache, p);
	}
	KUNIT_FAIL(test, "all are at the other end");
	kunit_abort(test);
}

static noinline void read_byte(const u8 *p)
{
	(void)*(const volatile u8 *)p;
}

static noinline void write_byte(u8 *p)
{
	*(volatile u8 *)p = 1;
}

#define EXPECT_LOG(test, line)						\
	KUNIT_CHECK(test, strstr(log.text, line), 0, "no \"%s\" in: %s", line, \
		    log.text)

static void right_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 32);
	u8 *p = sample(test, cache, true);

	log_capture_start(&log);
	read_byte(p + 32);
	log_capture_end(&log);
	EXPECT_LOG(test, "BUG: KFENCE: out-of-bounds read in read_byte+0x");
	EXPECT_LOG(test, "Out-of-bounds read at 0x");
	EXPECT_LOG(test, "(0B right of kfence-#");
	EXPECT_LOG(test, ", size=32, cache=sampled");
	EXPECT_LOG(test, "allocated by task ");
	EXPECT_LOG(test, " sample+0x");
	kmem_cache_free(cache, p);
	kmem_cache_destroy(cache);
}

static void left_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 32);
	u8 *p = sample(test, cache, false);

	log_capture_start(&log);
	write_byte(p - 1);
	log_capture_end(&log);
	EXPECT_LOG(test, "BUG: KFENCE: out-of-bounds write in write_byte+0x");
	EXPECT_LOG(test, "(1B left of kfence-#");
	kmem_cache_free(cache, p);
	kmem_cache_destroy(cache);
}

static void after_free_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 32);
	u8 *p = sample(test, cache, true);

	kmem_cache_free(cache, p);
	log_capture_start(&log);
	read_byte(p + 3);
	log_capture_end(&log);
	EXPECT_LOG(test, "BUG: KFENCE: use-after-free read in read_byte+0x");
	EXPECT_LOG(test, "Use-after-free read at 0x");
	EXPECT_LOG(test, "freed by task ");
	kmem_cache_destroy(cache);
}

static void corruption_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 32);
	u8 *p = sample(test, cache, false);

	p[33] = 0x12;
	log_capture_start(&log);
	kmem_cache_free(cache, p);
	log_capture_end(&log);
	EXPECT_LOG(test, "BUG: KFENCE: memory corruption in corruption_test+0x");
	EXPECT_LOG(test, " [ 0x12 . . . ");
	kmem_cache_destroy(cache);
}

static void double_free_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 32);
	u8 *p = sample(test, cache, true);

	kmem_cache_free(cache, p);
	log_capture_start(&log);
	kmem_cache_free(cache, p);
	log_capture_end(&log);
	EXPECT_LOG(test, "BUG: KFENCE: invalid free in double_free_test+0x");
	EXPECT_LOG(test, "Invalid free of 0x");
	kmem_cache_destroy(cache);
}

static void inside_free_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 32);
	u8 *p = sample(test, cache, true);

	log_capture_start(&log);
	kmem_cache_free(cache, p + 8);
	log_capture_end(&log);
	EXPECT_LOG(test, "BUG: KFENCE: invalid free in inside_free_test+0x");
	kmem_cache_free(cache, p);
	kmem_cache_destroy(cache);
}

/* A cache whose samples are out is not destroyed. */
static void destroy_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 32);
	u8 *p = sample(test, cache, true);

	log_capture_start(&log);
	kmem_cache_destroy(cache);
	log_capture_end(&log);
	EXPECT_LOG(test, "BUG: kmem_cache_destroy sampled: Slab cache still has objects");
	kmem_cache_free(cache, p);
	kmem_cache_destroy(cache);
}

/* More than the pool has: the others are ordinary objects. */
static void exhausted_test(struct kunit *test)
{
	static void *p[600];
	struct kmem_cache *cache = own_cache(test, 64);
	unsigned int i, samples = 0;

	for (i = 0; i < ARRAY_SIZE(p); i++) {
		p[i] = kmem_cache_zalloc(cache, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p[i]);
		KUNIT_EXPECT_NULL(test, memchr_inv(p[i], 0, 64));
		samples += is_kfence_address(p[i]);
	}
	KUNIT_EXPECT_GT(test, samples, 0U);
	KUNIT_EXPECT_LT(test, samples, (unsigned int)ARRAY_SIZE(p));
	for (i = 0; i < ARRAY_SIZE(p); i++)
		kmem_cache_free(cache, p[i]);
	kmem_cache_destroy(cache);
}

static void kmalloc_test(struct kunit *test)
{
	void *p = NULL, *q;
	unsigned int i;

	/* Of one of these calls at least the class has nothing at hand. */
	for (i = 0; i < 100000 && !is_kfence_address(p); i++) {
		void **next = kmalloc(72, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, next);
		*next = p;
		p = next;
	}
	KUNIT_ASSERT_TRUE(test, is_kfence_address(p));
	KUNIT_EXPECT_EQ(test, ksize(p), (size_t)72);
	q = krealloc(p, 200, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, q);
	while (q) {
		p = *(void **)q;
		kfree(q);
		q = p;
	}
}

/* Samples are objects like others where many are freed later. */
static void kfree_rcu_test(struct kunit *test)
{
	struct linked {
		char contents[32 - sizeof(struct rcu_head)];
		struct rcu_head rcu;
	} *p[2];
	struct kmem_cache *cache = own_cache(test, 32);

	static_assert(sizeof(struct linked) == 32, "the cache's objects");
	p[0] = (struct linked *)sample(test, cache, true);
	p[1] = (struct linked *)sample(test, cache, false);
	log_capture_start(&log);
	kfree_rcu(p[0], rcu);
	kfree_rcu_mightsleep(p[1]);
	kvfree_rcu_barrier();
	log_capture_end(&log);
	KUNIT_EXPECT_STREQ(test, log.text, "");
	KUNIT_EXPECT_EQ(test, kfence_objects_of(cache), 0UL);

	/* What is no object is reported, and goes no further. */
	log_capture_start(&log);
	kvfree_call_rcu(NULL, p[0]);
	kvfree_call_rcu(NULL, (char *)p[0] + 8);
	kvfree_call_rcu(NULL, (void *)((unsigned long)p[0] & PAGE_MASK) -
			      PAGE_SIZE);
	log_capture_end(&log);
	EXPECT_LOG(test, "Bad object free in process ");
	EXPECT_LOG(test, ": double free of ");
	EXPECT_LOG(test, ": not the start of an object: ");
	EXPECT_LOG(test, ": no object's memory: ");
	kmem_cache_destroy(cache);
}

/* So they are where they come back to a pool's reserve. */
static void mempool_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 32);
	struct kmem_cache *other = own_cache(test, 32);
	mempool_t *pool = mempool_create_slab_pool(2, cache);
	void *p, *q = sample(test, other, true);

	KUNIT_ASSERT_NOT_NULL(test, pool);
	log_capture_start(&log);
	p = mempool_alloc_preallocated(pool);
	KUNIT_EXPECT_TRUE(test, is_kfence_address(p));
	mempool_free(p, pool);
	log_capture_end(&log);
	KUNIT_EXPECT_STREQ(test, log.text, "");
	KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);

	p = mempool_alloc_preallocated(pool);
	log_capture_start(&log);
	mempool_free(q, pool);
	log_capture_end(&log);
	EXPECT_LOG(test, ": an object of another cache: ");
	mempool_free(p, pool);
	mempool_destroy(pool);
	kmem_cache_free(other, q);
	kmem_cache_destroy(other);
	kmem_cache_destroy(cache);
}

/* One that is made smaller keeps its place and its end. */
static void krealloc_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 32);
	u8 *p = sample(test, cache, true);

	KUNIT_EXPECT_PTR_EQ(test, krealloc(p, 20, GFP_KERNEL), p);
	KUNIT_EXPECT_EQ(test, ksize(p), (size_t)32);
	log_capture_start(&log);
	kfree(p);
	log_capture_end(&log);
	KUNIT_EXPECT_STREQ(test, log.text, "");
	kmem_cache_destroy(cache);
}

/* A CPU that has used an object, and uses it again when it is freed. */
struct user {
	u8 *object;
	struct completion used, freed;
};

static void user_body(void *arg)
{
	struct user *u = arg;
	u64 end;

	/* From here on its translation may be remembered. */
	read_byte(u->object);
	complete(&u->used);
	wait_for_completion(&u->freed);
	/* Runs all the time: nothing but ticks makes it forget. */
	end = port_clock_ns() + 3 * TICK_NSEC;
	while (port_clock_ns() < end)
		barrier();
	read_byte(u->object);
}

static void other_cpu_test(struct kunit *test)
{
	struct kmem_cache *cache;
	struct test_thread t;
	struct user u;

	if (num_online_cpus() < 2)
		kunit_skip(test, "one CPU");
	cache = own_cache(test, 32);
	u.object = sample(test, cache, true);
	init_completion(&u.used);
	init_completion(&u.freed);
	KUNIT_ASSERT_TRUE(test, test_thread_start(&t, user_body, &u,
				test_cpu(raw_smp_processor_id() + 1)));
	wait_for_completion(&u.used);
	log_capture_start(&log);
	kmem_cache_free(cache, u.object);
	complete(&u.freed);
	test_thread_join(&t);
	log_capture_end(&log);
	EXPECT_LOG(test, "BUG: KFENCE: use-after-free read in read_byte+0x");
	kmem_cache_destroy(cache);
}

static struct kunit_case kfence_cases[] = {
	KUNIT_CASE(right_test), KUNIT_CASE(left_test),
	KUNIT_CASE(after_free_test), KUNIT_CASE(corruption_test),
	KUNIT_CASE(double_free_test), KUNIT_CASE(inside_free_test),
	KUNIT_CASE(destroy_test), KUNIT_CASE(exhausted_test),
	KUNIT_CASE(kmalloc_test), KUNIT_CASE(kfree_rcu_test),
	KUNIT_CASE(mempool_test), KUNIT_CASE(krealloc_test),
	KUNIT_CASE(other_cpu_test), {}
};

static struct kunit_suite kfence_suite = {
	.name = "kfence", .exit = kfence_exit, .test_cases = kfence_cases,
	.needs = NEEDED,
};
kunit_test_suite(kfence_suite);
