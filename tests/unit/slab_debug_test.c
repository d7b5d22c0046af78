// SPDX-License-Identifier: MIT
/*
 * Guarded caches by their flags, requests for objects that fail, and what
 * /sys/kernel/slab says of both. What is found wrong is in tests/death.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/poison.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <octavo/failslab.h>
#include <octavo/port.h>
#include <octavo/slab_attr.h>

#include "log_capture.h"
#include "text_capture.h"

#define ALL_FLAGS							\
	(SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON |	\
	 SLAB_STORE_USER)

static const char *const fail_files[] = {
	"probability", "interval", "space", "times", "verbose",
	"ignore-gfp-wait", "cache-filter",
};
static const long fail_first[] = { 0, 1, 0, 1, 2, 1, 0 };

static void debug_exit(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fail_files); i++)
		KUNIT_EXPECT_EQ(test, failslab_write(fail_files[i],
						     fail_first[i]), 0);
	failslab_fail_nth(0);
	failslab_fail_task_nth(0);
	KUNIT_EXPECT_EQ(test, kmem_cache_check(NULL), 0);
}

/* The text of a file; empty after a failed expectation. */
static const char *read_file(struct kunit *test, const char *path)
{
	struct text_capture *c = text_capture_start();

	KUNIT_CHECK(test, proc_show(path, &c->m) == 0, 0, "%s", path);
	return c->text;
}

static struct kmem_cache *guarded(struct kunit *test, unsigned int size,
				  unsigned int align, slab_flags_t flags)
{
	struct kmem_cache *cache = kmem_cache_create("guarded", size, align,
						     flags, NULL);

	KUNIT_ASSERT_NOT_NULL(test, cache);
	return cache;
}

/* Objects of any shape do not overlap, and are aligned and ours. */
static void shapes_test(struct kunit *test)
{
	static const slab_flags_t flags[] = {
		SLAB_CONSISTENCY_CHECKS, SLAB_RED_ZONE, SLAB_POISON,
		SLAB_STORE_USER, ALL_FLAGS,
		SLAB_RED_ZONE | SLAB_HWCACHE_ALIGN,
	};
	static void *p[40];
	unsigned int size, align, f, i;

	for (f = 0; f < ARRAY_SIZE(flags); f++)
		for (size = 1; size <= 5000; size = size * 3 + 1)
			for (align = 8; align <= 256; align *= 8) {
				struct kmem_cache *cache =
					guarded(test, size, align, flags[f]);

				for (i = 0; i < ARRAY_SIZE(p); i++) {
					p[i] = kmem_cache_alloc(cache,
								GFP_KERNEL);
					KUNIT_ASSERT_NOT_NULL(test, p[i]);
					KUNIT_EXPECT_EQ(test,
						(unsigned long)p[i] &
						(align - 1), 0UL);
					memset(p[i], (int)i, size);
				}
				for (i = 0; i < ARRAY_SIZE(p); i++) {
					KUNIT_EXPECT_NULL(test,
						memchr_inv(p[i], (int)i, size));
					kmem_cache_free(cache, p[i]);
				}
				KUNIT_EXPECT_EQ(test, kmem_cache_check(cache),
						0);
				kmem_cache_destroy(cache);
			}
}

static void contents_test(struct kunit *test)
{
	struct kmem_cache *cache = guarded(test, 64, 8, SLAB_POISON);
	u8 *p = kmem_cache_alloc(cache, GFP_KERNEL), *q;

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_NULL(test, memchr_inv(p, POISON_INUSE, 64));
	kmem_cache_free(cache, p);
	port_unpoison(p, 64);
	KUNIT_EXPECT_NULL(test, memchr_inv(p, POISON_FREE, 63));
	KUNIT_EXPECT_EQ(test, p[63], POISON_END);
	port_poison(p, 64);
	q = kmem_cache_zalloc(cache, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, q);
	KUNIT_EXPECT_NULL(test, memchr_inv(q, 0, 64));
	kmem_cache_free(cache, q);
	kmem_cache_destroy(cache);
}

static void number_into(void *object)
{
	*(unsigned int *)object = 12345;
}

/* What a constructor has set up is not poisoned. */
static void constructed_test(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("guarded", 48, 0,
						     ALL_FLAGS, number_into);
	unsigned int *p, i;

	KUNIT_ASSERT_NOT_NULL(test, cache);
	for (i = 0; i < 100; i++) {
		p = kmem_cache_alloc(cache, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_EQ(test, *p, 12345U);
		kmem_cache_free(cache, p);
	}
	kmem_cache_destroy(cache);
}

static void bulk_test(struct kunit *test)
{
	struct kmem_cache *cache = guarded(test, 32, 0, ALL_FLAGS);
	static void *p[100];

	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 100, p),
			100);
	KUNIT_EXPECT_EQ(test, kmem_cache_check(cache), 0);
	kmem_cache_free_bulk(cache, 100, p);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
}

/* Two guarded caches are two, though they are alike. */
static void unmerged_test(struct kunit *test)
{
	struct kmem_cache *a = guarded(test, 64, 0, SLAB_RED_ZONE);
	struct kmem_cache *b = guarded(test, 64, 0, SLAB_RED_ZONE);

	KUNIT_EXPECT_TRUE(test, a != b);
	kmem_cache_destroy(b);
	kmem_cache_destroy(a);
}

/* ---- failslab --------------------------------------------------------- */

static void fail_nth_test(struct kunit *test)
{
	void *p[4];
	int i;

	failslab_fail_nth(3);
	KUNIT_EXPECT_EQ(test, failslab_fail_left(), 3);
	for (i = 0; i < 4; i++)
		p[i] = kmalloc(i == 3 ? 40000 : 64, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, failslab_fail_left(), 0);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, !p[i], i == 2);
		kfree(p[i]);
	}
	failslab_fail_nth(1);
	KUNIT_EXPECT_NULL(test, kmalloc(40000, GFP_KERNEL));
	failslab_fail_nth(1);
	p[0] = kmalloc(64, GFP_KERNEL | __GFP_NOFAIL);
	KUNIT_EXPECT_NOT_NULL(test, p[0]);
	kfree(p[0]);
}

static void fail_thread_test(struct kunit *test)
{
	void *p;

	failslab_write("ignore-gfp-wait", 0);
	failslab_fail_task_nth(2);
	p = kmalloc(64, GFP_KERNEL | __GFP_NOWARN);
	KUNIT_EXPECT_NOT_NULL(test, p);
	kfree(p);
	KUNIT_EXPECT_NULL(test, kmalloc(64, GFP_KERNEL | __GFP_NOWARN));
	p = kmalloc(64, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, p);
	kfree(p);
}

static void fail_rules_test(struct kunit *test)
{
	unsigned int i, failed = 0;
	void *p;

	failslab_write("verbose", 0);
	failslab_write("interval", 4);
	failslab_write("times", 5);
	failslab_write("probability", 100);
	/* Who may sleep is left alone so far. */
	for (i = 0; i < 40; i++) {
		p = kmalloc(64, GFP_KERNEL);
		KUNIT_EXPECT_NOT_NULL(test, p);
		kfree(p);
	}
	for (i = 0; i < 40; i++) {
		p = kmalloc(64, GFP_NOWAIT);
		failed += !p;
		kfree(p);
	}
	KUNIT_EXPECT_EQ(test, failed, 5U);
}

static void fail_filter_test(struct kunit *test)
{
	struct kmem_cache *hit = guarded(test, 64, 0, SLAB_FAILSLAB);
	struct kmem_cache *spared = guarded(test, 64, 0, SLAB_NO_MERGE);
	void *p;

	failslab_write("verbose", 0);
	failslab_write("times", -1);
	failslab_write("cache-filter", 1);
	failslab_write("probability", 100);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(hit, GFP_NOWAIT));
	p = kmem_cache_alloc(spared, GFP_NOWAIT);
	KUNIT_EXPECT_NOT_NULL(test, p);
	kmem_cache_free(spared, p);
	failslab_write("probability", 0);
	p = kmem_cache_alloc(hit, GFP_NOWAIT);
	KUNIT_EXPECT_NOT_NULL(test, p);
	kmem_cache_free(hit, p);
	kmem_cache_destroy(spared);
	kmem_cache_destroy(hit);
}

static void fail_files_test(struct kunit *test)
{
	char why[128];
	long value;

	KUNIT_EXPECT_EQ(test, proc_write("failslab/probability", "7", why,
					 sizeof(why)), 0);
	KUNIT_EXPECT_EQ(test, failslab_read("probability", &value), 0);
	KUNIT_EXPECT_EQ(test, value, 7);
	KUNIT_EXPECT_EQ(test, proc_write("failslab/cache-filter", "Y", why,
					 sizeof(why)), 0);
	KUNIT_EXPECT_STREQ(test, read_file(test, "failslab/cache-filter"),
			   "Y\n");
	KUNIT_EXPECT_EQ(test, proc_write("failslab/times", "-2", why,
					 sizeof(why)), -EINVAL);
	KUNIT_EXPECT_STREQ(test, why,
			   "failslab/times: \"-2\" is no value for it");
	KUNIT_EXPECT_EQ(test, proc_write("failslab/nothing", "1", why,
					 sizeof(why)), -ENOENT);
}

/* ---- /sys/kernel/slab ------------------------------------------------- */

static void sysfs_figures_test(struct kunit *test)
{
	struct kmem_cache *cache = guarded(test, 100, 32, ALL_FLAGS);
	void *p = kmem_cache_alloc(cache, GFP_KERNEL);
	int nid = page_to_nid(virt_to_page(p));
	char line[64];

	KUNIT_EXPECT_STREQ(test, read_file(test, SYS_SLAB "guarded/align"),
			   "32\n");
	KUNIT_EXPECT_STREQ(test, read_file(test,
					   SYS_SLAB "guarded/object_size"),
			   "100\n");
	scnprintf(line, sizeof(line), "1 N%d=1\n", nid);
	KUNIT_EXPECT_STREQ(test, read_file(test, SYS_SLAB "guarded/objects"),
			   line);
	KUNIT_EXPECT_STREQ(test, read_file(test, SYS_SLAB "guarded/slabs"),
			   line);
	KUNIT_EXPECT_STREQ(test, read_file(test, SYS_SLAB "guarded/red_zone"),
			   "1\n");
	KUNIT_EXPECT_STREQ(test, read_file(test, SYS_SLAB "guarded/trace"),
			   "0\n");
	KUNIT_EXPECT_STREQ(test, read_file(test, SYS_SLAB "guarded/ctor"), "");
	kmem_cache_free(cache, p);
	KUNIT_EXPECT_STREQ(test, read_file(test, SYS_SLAB "guarded/objects"),
			   "0\n");
	kmem_cache_destroy(cache);
}

static int write_slab(const char *file, const char *text, char *why)
{
	return proc_write(file, text, why, 160);
}

static void sysfs_write_test(struct kunit *test)
{
	struct kmem_cache *cache = guarded(test, 64, 0, SLAB_NO_MERGE);
	void *p = kmem_cache_alloc(cache, GFP_KERNEL);
	char why[160];

	kmem_cache_free(cache, p);
	KUNIT_EXPECT_EQ(test, write_slab(SYS_SLAB "guarded/shrink", "1", why),
			0);
	KUNIT_EXPECT_STREQ(test, read_file(test, SYS_SLAB "guarded/slabs"),
			   "0\n");
	KUNIT_EXPECT_EQ(test, write_slab(SYS_SLAB "guarded/shrink", "2", why),
			-EINVAL);
	KUNIT_EXPECT_STREQ(test, why,
			   SYS_SLAB "guarded/shrink: \"2\" is not 1");
	KUNIT_EXPECT_EQ(test, write_slab(SYS_SLAB "guarded/align", "8", why),
			-EACCES);
	KUNIT_EXPECT_EQ(test, write_slab(SYS_SLAB "nobody/shrink", "1", why),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, write_slab(SYS_SLAB "guarded/failslab", "1", why),
			0);
	KUNIT_EXPECT_STREQ(test, read_file(test, SYS_SLAB "guarded/failslab"),
			   "1\n");
	KUNIT_EXPECT_EQ(test, write_slab(SYS_SLAB "guarded/validate", "1", why),
			0);
	kmem_cache_destroy(cache);
}

static struct log_capture log;

static void trace_at_run_time_test(struct kunit *test)
{
	struct kmem_cache *cache = guarded(test, 64, 0, SLAB_NO_MERGE);
	char why[160];
	void *p;

	/* CPUs have some of its objects before. */
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, write_slab(SYS_SLAB "guarded/trace", "1", why),
			0);
	log_capture_start(&log);
	p = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, p);
	log_capture_end(&log);
	KUNIT_EXPECT_NOT_NULL(test, strstr(log.text, "TRACE guarded alloc 0x"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(log.text, "TRACE guarded free 0x"));
	KUNIT_EXPECT_EQ(test, write_slab(SYS_SLAB "guarded/trace", "0", why),
			0);
	KUNIT_EXPECT_EQ(test, this_machine()->slab.debug.watch, 0U);
	kmem_cache_destroy(cache);
}

/* One place, however the compiler unrolls loops. */
static noinline void *taken_here(struct kmem_cache *cache)
{
	void *p = kmem_cache_alloc(cache, GFP_KERNEL);

	barrier();
	return p;
}

static void sysfs_calls_test(struct kunit *test)
{
	struct kmem_cache *cache = guarded(test, 64, 0, SLAB_STORE_USER);
	void *p[3];
	const char *text;
	int i;

	for (i = 0; i < 3; i++)
		p[i] = taken_here(cache);
	text = read_file(test, SYS_SLAB "guarded/alloc_calls");
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "      3 taken_here+0x"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, " age="));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, " cpus="));
	KUNIT_EXPECT_STREQ(test, read_file(test, SYS_SLAB "guarded/free_calls"),
			   "No data\n");
	for (i = 0; i < 3; i++)
		kmem_cache_free(cache, p[i]);
	kmem_cache_destroy(cache);
}

static struct kunit_case slab_debug_cases[] = {
	KUNIT_CASE(shapes_test), KUNIT_CASE(contents_test),
	KUNIT_CASE(constructed_test), KUNIT_CASE(bulk_test),
	KUNIT_CASE(unmerged_test), KUNIT_CASE(fail_nth_test),
	KUNIT_CASE(fail_thread_test), KUNIT_CASE(fail_rules_test),
	KUNIT_CASE(fail_filter_test), KUNIT_CASE(fail_files_test),
	KUNIT_CASE(sysfs_figures_test), KUNIT_CASE(sysfs_write_test),
	KUNIT_CASE(trace_at_run_time_test), KUNIT_CASE(sysfs_calls_test), {}
};

static struct kunit_suite slab_debug_suite = {
	.name = "slab_debug", .exit = debug_exit,
	.test_cases = slab_debug_cases,
};
kunit_test_suite(slab_debug_suite);
