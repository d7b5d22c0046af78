// SPDX-License-Identifier: MIT
/*
 * Samples of allocations: on machines started with kfence.sample_count=1,
 * where each allocation that takes the slow path is one. The faults are real.
 */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/kfence.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "log_capture.h"

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

static struct kunit_case kfence_cases[] = {
	KUNIT_CASE(right_test), KUNIT_CASE(left_test),
	KUNIT_CASE(after_free_test), KUNIT_CASE(corruption_test),
	KUNIT_CASE(double_free_test), KUNIT_CASE(inside_free_test),
	KUNIT_CASE(destroy_test), KUNIT_CASE(exhausted_test),
	KUNIT_CASE(kmalloc_test), {}
};

static struct kunit_suite kfence_suite = {
	.name = "kfence", .exit = kfence_exit, .test_cases = kfence_cases,
	.needs = NEEDED,
};
kunit_test_suite(kfence_suite);
