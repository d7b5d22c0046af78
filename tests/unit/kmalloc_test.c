// SPDX-License-Identifier: MIT
/* kmalloc() and what is built on it. */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/slab.h>

#include "log_capture.h"

static void check(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kmem_cache_check(NULL), 0);
}

/* Every size gets at least itself, at most a quarter more past 64. */
static void sizes_test(struct kunit *test)
{
	size_t size, got;
	void *p;

	for (size = 1; size <= 3 * PAGE_SIZE; size += 1 + size / 50) {
		p = kmalloc(size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p);
		got = ksize(p);
		KUNIT_EXPECT_GE(test, got, size);
		if (size > 64 && size <= KMALLOC_MAX_CACHE_SIZE)
			KUNIT_EXPECT_LE(test, got, size + size / 4);
		KUNIT_EXPECT_EQ(test, got, kmalloc_size_roundup(size));
		KUNIT_EXPECT_EQ(test, (unsigned long)p % ARCH_KMALLOC_MINALIGN,
				0UL);
		memset(p, 0x5a, got);
		kfree(p);
	}
	check(test);
}

static void powers_of_two_test(struct kunit *test)
{
	void *p[8];
	size_t size;
	unsigned int i;

	for (size = 8; size <= KMALLOC_MAX_SIZE / 16; size *= 2) {
		for (i = 0; i < ARRAY_SIZE(p); i++) {
			p[i] = kmalloc(size, GFP_KERNEL);
			KUNIT_ASSERT_NOT_NULL(test, p[i]);
			KUNIT_EXPECT_EQ(test, (unsigned long)p[i] &
					(size - 1), 0UL);
		}
		for (i = 0; i < ARRAY_SIZE(p); i++)
			kfree(p[i]);
	}
}

/* The compiler's choice of a cache is the same as ours at run time. */
static void constants_test(struct kunit *test)
{
	void *p = kmalloc(100, GFP_KERNEL), *q = kmalloc(40000, GFP_KERNEL);

	KUNIT_EXPECT_EQ(test, ksize(p), 112UL);
	KUNIT_EXPECT_EQ(test, ksize(q), 16 * PAGE_SIZE);
	KUNIT_EXPECT_NULL(test, memchr_inv(memset(p, 0, 100), 0, 100));
	kfree(p);
	kfree(q);
	check(test);
}

static void nothing_test(struct kunit *test)
{
	volatile size_t zero = 0;

	KUNIT_EXPECT_PTR_EQ(test, kmalloc(0, GFP_KERNEL), ZERO_SIZE_PTR);
	KUNIT_EXPECT_PTR_EQ(test, kmalloc(zero, GFP_KERNEL), ZERO_SIZE_PTR);
	KUNIT_EXPECT_EQ(test, ksize(ZERO_SIZE_PTR), 0UL);
	KUNIT_EXPECT_EQ(test, ksize(NULL), 0UL);
	kfree(NULL);
	kfree(ZERO_SIZE_PTR);
	kfree_sensitive(NULL);
}

static void overflow_test(struct kunit *test)
{
	struct log_capture log;
	void *p;

	KUNIT_EXPECT_NULL(test, kmalloc_array(ULONG_MAX / 2, 3, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, kcalloc(ULONG_MAX / 8, ULONG_MAX / 8,
					 GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, kmalloc(ULONG_MAX, GFP_KERNEL |
					__GFP_NOWARN));
	log_capture_start(&log);
	p = kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL);
	log_capture_end(&log);
	KUNIT_EXPECT_NULL(test, p);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "more than there can be at once"));
	p = kmalloc_array(10, 10, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_NULL(test, krealloc_array(p, ULONG_MAX, 2, GFP_KERNEL));
	kfree(p);
}

static void zeroed_test(struct kunit *test)
{
	size_t size;

	for (size = 8; size < 40000; size *= 3) {
		char *p = kmalloc(size, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, p);
		memset(p, 0xff, size);
		kfree(p);
		p = kzalloc(size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, size));
		kfree(p);
	}
}

static void krealloc_test(struct kunit *test)
{
	unsigned char *p = NULL;
	size_t size, i;

	for (size = 1; size < 30000; size = size * 3 / 2 + 1) {
		unsigned char *q = krealloc(p, size, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, q);
		for (i = 0; p && i < size * 2 / 3 - 1 && i < size; i++)
			if (q[i] != (unsigned char)i)
				break;
		KUNIT_EXPECT_TRUE(test, !p || i + 2 >= size * 2 / 3);
		for (i = 0; i < size; i++)
			q[i] = (unsigned char)i;
		p = q;
	}
	/* What gets smaller stays where it is. */
	KUNIT_EXPECT_PTR_EQ(test, krealloc(p, 10, GFP_KERNEL), p);
	KUNIT_EXPECT_PTR_EQ(test, krealloc(p, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	check(test);
}

static void kinds_test(struct kunit *test)
{
	void *dma = kmalloc(200, GFP_KERNEL | GFP_DMA);
	void *rcl = kmalloc(200, GFP_KERNEL | __GFP_RECLAIMABLE);
	void *far = kmalloc_node(200, GFP_KERNEL, numa_mem_id());

	KUNIT_ASSERT_TRUE(test, dma && rcl && far);
	KUNIT_EXPECT_LT(test, virt_to_phys(dma), 16ULL << 20);
	KUNIT_EXPECT_EQ(test, page_to_nid(virt_to_page(far)), numa_mem_id());
	kfree(dma);
	kfree(rcl);
	kfree(far);
	check(test);
}

static void sensitive_test(struct kunit *test)
{
	char *p, *q;

	preempt_disable();
	p = kmalloc(100, GFP_NOWAIT);
	if (p) {
		memset(p, 's', 100);
		kfree_sensitive(p);
	}
	q = kmalloc(100, GFP_NOWAIT);
	preempt_enable();
	KUNIT_ASSERT_NOT_NULL(test, q);
	KUNIT_EXPECT_PTR_EQ(test, q, p);
	KUNIT_EXPECT_NULL(test, memchr_inv(q, 0, 100));
	kfree(q);
}

static void strings_test(struct kunit *test)
{
	char *a = kstrdup("order", GFP_KERNEL);
	char *b = kstrndup("order three", 5, GFP_KERNEL);
	char *c = kmemdup("order", 6, GFP_KERNEL);
	char *d = kmemdup_nul("orderly", 5, GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, a && b && c && d);
	KUNIT_EXPECT_STREQ(test, a, "order");
	KUNIT_EXPECT_STREQ(test, b, "order");
	KUNIT_EXPECT_STREQ(test, c, "order");
	KUNIT_EXPECT_STREQ(test, d, "order");
	KUNIT_EXPECT_NULL(test, kstrdup(NULL, GFP_KERNEL));
	kfree(a);
	kfree(b);
	kfree(c);
	kfree(d);
}

static struct kunit_case kmalloc_cases[] = {
	KUNIT_CASE(sizes_test),
	KUNIT_CASE(powers_of_two_test),
	KUNIT_CASE(constants_test),
	KUNIT_CASE(nothing_test),
	KUNIT_CASE(overflow_test),
	KUNIT_CASE(zeroed_test),
	KUNIT_CASE(krealloc_test),
	KUNIT_CASE(kinds_test),
	KUNIT_CASE(sensitive_test),
	KUNIT_CASE(strings_test),
	{}
};

static struct kunit_suite kmalloc_suite = {
	.name = "kmalloc",
	.test_cases = kmalloc_cases,
};
kunit_test_suite(kmalloc_suite);
