// SPDX-License-Identifier: MIT
/* Caches of objects: what they give, keep, give back and refuse. */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

#include <octavo/fail_page.h>

#include "log_capture.h"
#include "page_snapshot.h"

#define NR	600	/* objects: several arrays of them */

static void *objects[NR];
static unsigned int constructed, destructed;

/* What caches that stay have for themselves is given back first. */
static struct page_snapshot snapshot(void)
{
	struct slab_state *s = &this_machine()->slab;
	unsigned int type, i;

	for (type = 0; type < NR_KMALLOC_TYPES; type++)
		for (i = 0; i < NR_KMALLOC_CLASSES; i++)
			kmem_cache_shrink(s->kmalloc[type][i]);
	kmem_cache_shrink(s->index_cache);
	for (i = 0; i < NR_SLAB_ARRAY_SIZES; i++)
		kmem_cache_shrink(s->array_cache[i]);
	kmem_cache_shrink(s->boot_cache);
	return page_snapshot_take();
}

static int slab_init(struct kunit *test)
{
	constructed = 0;
	destructed = 0;
	return 0;
}

static void slab_exit(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kmem_cache_check(NULL), 0);
}

static struct kmem_cache *own_cache(struct kunit *test, unsigned int size)
{
	struct kmem_cache *cache;

	cache = kmem_cache_create("test", size, 0, SLAB_NO_MERGE, NULL);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	return cache;
}

static void take(struct kunit *test, struct kmem_cache *cache, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, objects[i]);
		memset(objects[i], (int)i, kmem_cache_size(cache));
	}
}

static void give(struct kunit *test, struct kmem_cache *cache, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		KUNIT_EXPECT_NULL(test, memchr_inv(objects[i], (int)(u8)i,
						   kmem_cache_size(cache)));
		kmem_cache_free(cache, objects[i]);
	}
}

static void sizes_test(struct kunit *test)
{
	static const unsigned int sizes[] = {
		1, 8, 13, 64, 72, 100, 192, 600, 1000, 1500, 3000, 4096, 5000,
		20000, 100000,
	};
	unsigned int i, nr;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct kmem_cache *cache = own_cache(test, sizes[i]);

		nr = sizes[i] > 4096 ? 20 : NR;
		KUNIT_EXPECT_EQ(test, kmem_cache_size(cache), sizes[i]);
		take(test, cache, nr);
		KUNIT_EXPECT_EQ(test, kmem_cache_check(cache), 0);
		give(test, cache, nr);
		KUNIT_EXPECT_EQ(test, kmem_cache_check(cache), 0);
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
		kmem_cache_destroy(cache);
	}
}

static void lifo_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 64);

	take(test, cache, 2);
	preempt_disable();
	kmem_cache_free(cache, objects[0]);
	kmem_cache_free(cache, objects[1]);
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_alloc(cache, GFP_NOWAIT),
			    objects[1]);
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_alloc(cache, GFP_NOWAIT),
			    objects[0]);
	kmem_cache_free(cache, objects[0]);
	kmem_cache_free(cache, objects[1]);
	preempt_enable();
	kmem_cache_destroy(cache);
}

static void align_test(struct kunit *test)
{
	unsigned int align, i;

	for (align = 8; align <= PAGE_SIZE; align *= 2) {
		struct kmem_cache_args args = { .align = align };
		struct kmem_cache *cache;

		cache = kmem_cache_create("aligned", 40, &args, SLAB_NO_MERGE);
		KUNIT_ASSERT_NOT_NULL(test, cache);
		take(test, cache, 20);
		for (i = 0; i < 20; i++)
			KUNIT_EXPECT_EQ(test, (unsigned long)objects[i] &
					(align - 1), 0UL);
		give(test, cache, 20);
		kmem_cache_destroy(cache);
	}
}

static void hwcache_align_test(struct kunit *test)
{
	struct kmem_cache *cache;
	unsigned int i;

	cache = kmem_cache_create("lines", 72, 0,
				  SLAB_HWCACHE_ALIGN | SLAB_NO_MERGE, NULL);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	take(test, cache, 50);
	for (i = 0; i < 50; i++)
		KUNIT_EXPECT_EQ(test, (unsigned long)objects[i] %
				L1_CACHE_BYTES, 0UL);
	give(test, cache, 50);
	kmem_cache_destroy(cache);
}

/* 8 in 4096 bytes leave 256: slabs begin at different lines. */
static void colour_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 480);
	unsigned long seen = 0;
	unsigned int i;

	take(test, cache, 200);
	for (i = 0; i < 200; i++)
		seen |= 1UL << ((unsigned long)objects[i] % PAGE_SIZE % 480 /
				64);
	KUNIT_EXPECT_GE(test, hweight_long(seen), 3U);
	give(test, cache, 200);
	kmem_cache_destroy(cache);
}

static void zeroed_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 200);
	void *p;

	take(test, cache, 1);
	give(test, cache, 1);
	p = kmem_cache_zalloc(cache, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, 200));
	kmem_cache_free(cache, p);
	kmem_cache_destroy(cache);
}

static void construct(void *object)
{
	*(u64 *)object = 0x600d600d;
	constructed++;
}

static void destruct(void *object)
{
	if (*(u64 *)object == 0x600d600d)
		destructed++;
}

/* Each object is constructed once, and destructed when its memory goes. */
static void constructor_test(struct kunit *test)
{
	struct kmem_cache_args args = { .ctor = construct, .dtor = destruct };
	struct kmem_cache *cache;
	unsigned int i, round;

	cache = kmem_cache_create("constructed", 96, &args, 0);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 100; i++) {
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
			KUNIT_ASSERT_NOT_NULL(test, objects[i]);
			KUNIT_EXPECT_EQ(test, *(u64 *)objects[i],
					0x600d600dULL);
		}
		kmem_cache_free_bulk(cache, 100, objects);
	}
	KUNIT_EXPECT_GE(test, constructed, 100U);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	KUNIT_EXPECT_EQ(test, destructed, constructed);
	kmem_cache_destroy(cache);
}

static void bulk_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 128);
	unsigned int i;

	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, NR,
						    objects), NR);
	for (i = 0; i < NR; i++)
		memset(objects[i], (int)i, 128);
	for (i = 0; i < NR; i++)
		KUNIT_EXPECT_NULL(test, memchr_inv(objects[i], (int)(u8)i,
						   128));
	KUNIT_EXPECT_EQ(test, kmem_cache_check(cache), 0);
	kmem_cache_free_bulk(cache, NR, objects);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL |
						    __GFP_ZERO, 10, objects),
			10);
	for (i = 0; i < 10; i++)
		KUNIT_EXPECT_NULL(test, memchr_inv(objects[i], 0, 128));
	kfree_bulk(10, objects);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
}

static void merge_test(struct kunit *test)
{
	struct kmem_cache *a, *b, *c, *d;

	a = kmem_cache_create("first", 8000, 0, 0, NULL);
	b = kmem_cache_create("second", 7996, NULL, 0);
	c = kmem_cache_create("apart", 8000, 0, SLAB_NO_MERGE, NULL);
	d = kmem_cache_create("reclaimable", 8000, 0, SLAB_RECLAIM_ACCOUNT,
			      NULL);
	KUNIT_EXPECT_PTR_EQ(test, a, b);
	KUNIT_EXPECT_TRUE(test, a && c && d && a != c && a != d && c != d);
	KUNIT_EXPECT_STREQ(test, kmem_cache_name(b), "first");
	kmem_cache_destroy(a);
	/* It is still the other's. */
	take(test, b, 3);
	give(test, b, 3);
	kmem_cache_destroy(b);
	kmem_cache_destroy(c);
	kmem_cache_destroy(d);
	kmem_cache_destroy(NULL);
}

static void live_objects_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 256);
	long bad = atomic_long_read(&this_machine()->slab.nr_bad);
	struct log_capture log;

	take(test, cache, 3);
	log_capture_start(&log);
	kmem_cache_destroy(cache);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "BUG: kmem_cache_destroy test: Slab cache still has objects when called from "));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, ": 3 of 256 bytes\n"));
	KUNIT_EXPECT_EQ(test, atomic_long_read(&this_machine()->slab.nr_bad),
			bad + 1);
	/* As if nothing had been. */
	give(test, cache, 3);
	take(test, cache, NR);
	give(test, cache, NR);
	kmem_cache_destroy(cache);
}

static void bad_arguments_test(struct kunit *test)
{
	struct kmem_cache_args odd = { .align = 24 }, far = { .align = 8192 };
	struct log_capture log;

	log_capture_start(&log);
	KUNIT_EXPECT_NULL(test, kmem_cache_create(NULL, 8, 0, 0, NULL));
	KUNIT_EXPECT_NULL(test, kmem_cache_create("none", 0, 0, 0, NULL));
	KUNIT_EXPECT_NULL(test, kmem_cache_create("huge", UINT_MAX, 0, 0,
						  NULL));
	KUNIT_EXPECT_NULL(test, kmem_cache_create("odd", 8, &odd, 0));
	KUNIT_EXPECT_NULL(test, kmem_cache_create("far", 8, &far, 0));
	KUNIT_EXPECT_NULL(test, kmem_cache_create("flags", 8, 0, 1, NULL));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "it has no name"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "its size is 0"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "its size is too large"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "its alignment is no power of two"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "its alignment is larger than a page"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "it has flags that mean nothing"));
}

/* Where the section cannot be entered, the slabs serve one by one. */
static void dead_cpu_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 64);
	unsigned int cpu;

	take(test, cache, NR);
	for_each_online_cpu(cpu)
		kmem_cache_cpu_dead(cpu);
	give(test, cache, NR / 2);
	KUNIT_EXPECT_EQ(test, kmem_cache_check(NULL), 0);
	take(test, cache, NR / 2);
	for_each_online_cpu(cpu)
		kmem_cache_cpu_online(cpu);
	give(test, cache, NR);
	KUNIT_EXPECT_EQ(test, kmem_cache_check(cache), 0);
	kmem_cache_destroy(cache);
}

/* Objects of the node asked for; freed here, they go home. */
static void node_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 512);
	unsigned int i;
	int nid;

	for_each_online_node(nid) {
		if (!node_state(nid, N_NORMAL_MEMORY))
			continue;
		for (i = 0; i < NR; i++) {
			objects[i] = kmem_cache_alloc_node(cache, GFP_KERNEL,
							   nid);
			KUNIT_ASSERT_NOT_NULL(test, objects[i]);
			KUNIT_EXPECT_EQ(test, page_to_nid(virt_to_page(
							objects[i])), nid);
		}
		for (i = 0; i < NR; i++)
			kmem_cache_free(cache, objects[i]);
		KUNIT_EXPECT_EQ(test, kmem_cache_check(cache), 0);
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
}

/* More caches than the tables of slots have room for at first. */
static void many_caches_test(struct kunit *test)
{
	unsigned int i, nr = 300;

	take(test, this_machine()->slab.kmalloc[0][0], 1);
	for (i = 1; i < nr; i++) {
		objects[i] = kmem_cache_create("many", 8 * i, 0, SLAB_NO_MERGE,
					       NULL);
		KUNIT_ASSERT_NOT_NULL(test, objects[i]);
	}
	for (i = 1; i < nr; i++) {
		void *p = kmem_cache_alloc(objects[i], GFP_KERNEL);

		KUNIT_EXPECT_NOT_NULL(test, p);
		kmem_cache_free(objects[i], p);
		kmem_cache_destroy(objects[i]);
	}
	kfree(objects[0]);
}

/* Every request for pages inside fails once; nothing is lost. */
static void fault_points_test(struct kunit *test)
{
	struct kmem_cache *cache;
	long nth, points = 0;
	void *p;

	for (nth = 1; nth < 64; nth++) {
		page_alloc_fail_nth(nth);
		cache = kmem_cache_create("faulty", 24, 0, SLAB_NO_MERGE,
					  NULL);
		p = cache ? kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN) :
			    NULL;
		if (p)
			kmem_cache_free(cache, p);
		kmem_cache_destroy(cache);
		points = nth;
		if (page_alloc_fail_left())
			break;
		KUNIT_EXPECT_EQ(test, kmem_cache_check(NULL), 0);
	}
	page_alloc_fail_nth(0);
	KUNIT_EXPECT_GE(test, points, 2L);
	KUNIT_EXPECT_LT(test, points, 64L);
}

/* All pages come back when a cache ends. */
static void no_page_lost_test(struct kunit *test)
{
	struct page_snapshot first;
	struct kmem_cache *cache;
	unsigned int round;

	/* The first round makes what stays: arrays, blocks of numbers. */
	for (round = 0; round < 2; round++) {
		first = snapshot();
		cache = own_cache(test, 24);
		take(test, cache, NR);
		give(test, cache, NR);
		kmem_cache_destroy(cache);
		(void)snapshot();
	}
	page_snapshot_check(test, &first);
}

static void remote_free(struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < NR; i++)
		kfree(objects[i]);
}

/* What one CPU allocates another frees. */
static void remote_free_test(struct kunit *test)
{
	struct kmem_cache *cache = own_cache(test, 160);
	struct work_struct work;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		take(test, cache, NR);
		INIT_WORK(&work, remote_free);
		schedule_work_on((int)cpu, &work);
		flush_work(&work);
		KUNIT_EXPECT_EQ(test, kmem_cache_check(cache), 0);
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
}

static struct kunit_case slab_cases[] = {
	KUNIT_CASE(sizes_test),
	KUNIT_CASE(lifo_test),
	KUNIT_CASE(align_test),
	KUNIT_CASE(hwcache_align_test),
	KUNIT_CASE(colour_test),
	KUNIT_CASE(zeroed_test),
	KUNIT_CASE(constructor_test),
	KUNIT_CASE(bulk_test),
	KUNIT_CASE(merge_test),
	KUNIT_CASE(live_objects_test),
	KUNIT_CASE(bad_arguments_test),
	KUNIT_CASE(dead_cpu_test),
	KUNIT_CASE(node_test),
	KUNIT_CASE(many_caches_test),
	KUNIT_CASE(fault_points_test),
	KUNIT_CASE(no_page_lost_test),
	KUNIT_CASE(remote_free_test),
	{}
};

static struct kunit_suite slab_suite = {
	.name = "slab",
	.init = slab_init,
	.exit = slab_exit,
	.test_cases = slab_cases,
};
kunit_test_suite(slab_suite);
