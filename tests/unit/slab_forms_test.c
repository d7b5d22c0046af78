// SPDX-License-Identifier: MIT
/* All forms in which caches are made, and what they say of themselves. */
#include <kunit/test.h>

#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

#include "log_capture.h"

#define NR_OBJECTS	64

struct thing {
	unsigned long a;
	char name[24];
} __aligned(32);

static unsigned int constructed;

static void count_ctor(void *object)
{
	constructed++;
	*(unsigned long *)object = 77;
}

/* Allocates, looks at one object and ends the cache. */
static void form_works(struct kunit *test, struct kmem_cache *cache,
		       const char *name, unsigned int size, unsigned int align)
{
	void *p;

	KUNIT_ASSERT_NOT_NULL(test, cache);
	KUNIT_EXPECT_STREQ(test, kmem_cache_name(cache), name);
	KUNIT_EXPECT_EQ(test, kmem_cache_size(cache), size);
	p = kmem_cache_alloc_lru(cache, NULL, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, (unsigned long)p % align, 0);
	KUNIT_EXPECT_EQ(test, ksize(p), size);
	kmem_cache_free(cache, p);
	kmem_cache_destroy(cache);
}

static void cache_forms_test(struct kunit *test)
{
	struct kmem_cache_args args = {
		.align = 128, .useroffset = 8, .usersize = 16,
	};
	struct kmem_cache_args typesafe = {
		.freeptr_offset = 8, .use_freeptr_offset = true,
	};

	form_works(test, kmem_cache_create("classic", 40, 64, SLAB_NO_MERGE,
					   count_ctor), "classic", 40, 64);
	form_works(test, kmem_cache_create("args", 72, &args, SLAB_NO_MERGE),
		   "args", 72, 128);
	form_works(test, kmem_cache_create("null", 72, NULL, SLAB_NO_MERGE),
		   "null", 72, 8);
	form_works(test, kmem_cache_create("typesafe", 64, &typesafe,
					   SLAB_TYPESAFE_BY_RCU),
		   "typesafe", 64, 8);
	form_works(test, kmem_cache_create_usercopy("usercopy", 100, 0,
						    SLAB_ACCOUNT |
						    SLAB_NO_MERGE, 20, 80,
						    NULL), "usercopy", 100, 4);
	form_works(test, KMEM_CACHE(thing, SLAB_NO_MERGE), "thing",
		   sizeof(struct thing), 32);
	form_works(test, KMEM_CACHE_USERCOPY(thing, SLAB_NO_MERGE, name),
		   "thing", sizeof(struct thing), 32);
	form_works(test, kmem_cache_create("line", 20, 0, SLAB_NO_MERGE |
					   SLAB_HWCACHE_ALIGN, NULL), "line",
		   20, 32);
}

struct bad_form {
	unsigned int size;
	struct kmem_cache_args args;
	slab_flags_t flags;
	const char *why;	/* end of the line that says so */
};

static const struct bad_form bad_forms[] = {
	{ 0, { 0 }, 0, "its size is 0" },
	{ KMALLOC_MAX_SIZE, { 0 }, 0, "its size is too large" },
	{ 64, { .align = 24 }, 0, "its alignment is no power of two" },
	{ 64, { .align = 2 * PAGE_SIZE }, 0,
	  "its alignment is larger than a page" },
	{ 64, { 0 }, 0x80000000u, "it has flags that mean nothing" },
	{ 64, { 0 }, SLAB_CACHE_DMA | SLAB_CACHE_DMA32,
	  "its memory is to be both DMA and DMA32" },
	{ 64, { .useroffset = 60, .usersize = 8 }, 0,
	  "its part for users lies outside" },
	{ 64, { .usersize = 65 }, 0, "its part for users lies outside" },
	{ 64, { .useroffset = ~0U, .usersize = 8 }, 0,
	  "its part for users lies outside" },
	{ 64, { .useroffset = 8 }, 0, "its part for users is empty" },
	{ 64, { .freeptr_offset = 8 }, 0,
	  "only SLAB_TYPESAFE_BY_RCU without ctor has a place for its free pointer" },
	{ 64, { .freeptr_offset = sizeof(void *) / 2 }, SLAB_TYPESAFE_BY_RCU,
	  "the place for its free pointer is none" },
	{ 64, { .freeptr_offset = 64 }, SLAB_TYPESAFE_BY_RCU,
	  "the place for its free pointer is none" },
};

static void bad_forms_test(struct kunit *test)
{
	struct log_capture *log = kmalloc(sizeof(*log), GFP_KERNEL);
	struct kmem_cache *cache;
	char line[200];
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, log);

	for (i = 0; i < ARRAY_SIZE(bad_forms); i++) {
		const struct bad_form *b = &bad_forms[i];

		log_capture_start(log);
		cache = kmem_cache_create("bad", b->size, &b->args, b->flags);
		log_capture_end(log);
		KUNIT_EXPECT_NULL(test, cache);
		scnprintf(line, sizeof(line),
			  "kmem_cache_create: cache 'bad' of size %u, align %u, flags %#x: %s\n",
			  b->size, b->args.align, b->flags, b->why);
		if (!log_captured(log, line))
			KUNIT_FAIL(test, "no line: %s", line);
	}
	kfree(log);
}

static unsigned long node_sum(enum node_stat_item item)
{
	return global_node_page_state(item);
}

/* What caches of each kind hold shows in the right counter, to the byte. */
static void slab_account_test(struct kunit *test)
{
	enum node_stat_item items[] = { NR_SLAB_UNRECLAIMABLE_B,
					NR_SLAB_RECLAIMABLE_B };
	unsigned long before, during;
	void *objects[NR_OBJECTS];
	struct kmem_cache *cache;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		cache = kmem_cache_create("accounted", 2048, 0,
					  SLAB_NO_MERGE |
					  (i ? SLAB_RECLAIM_ACCOUNT : 0), NULL);
		KUNIT_ASSERT_NOT_NULL(test, cache);
		before = node_sum(items[i]);
		KUNIT_ASSERT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL,
				NR_OBJECTS, objects), NR_OBJECTS);
		during = node_sum(items[i]);
		KUNIT_EXPECT_GE(test, during - before,
				(unsigned long)NR_OBJECTS * 2048);
		kmem_cache_free_bulk(cache, NR_OBJECTS, objects);
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
		/* Arrays may have come or gone. */
		KUNIT_EXPECT_LE(test, node_sum(items[i]), before + 8 * PAGE_SIZE);
		kmem_cache_destroy(cache);
	}
	before = node_sum(NR_SLAB_UNRECLAIMABLE_B);
	objects[0] = kmalloc(9 * PAGE_SIZE, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, node_sum(NR_SLAB_UNRECLAIMABLE_B) - before,
			16 * PAGE_SIZE);
	kfree(objects[0]);
	KUNIT_EXPECT_EQ(test, node_sum(NR_SLAB_UNRECLAIMABLE_B), before);
}

/* A page of objects stays while one is out: Linux's 1; 0 when all is gone. */
static void shrink_says_test(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("shrunk", 128, 0,
						     SLAB_NO_MERGE, NULL);
	void *p;

	KUNIT_ASSERT_NOT_NULL(test, cache);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	p = kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 1);
	kmem_cache_free(cache, p);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
}

static void kvmalloc_test(struct kunit *test)
{
	char *p = kvzalloc(100, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, p[99], 0);
	memset(p, 7, 100);
	p = kvrealloc(p, 3 * PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, p[99], 7);
	kvfree_sensitive(p, 3 * PAGE_SIZE);
	p = kvcalloc(10, 20, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, p);
	kvfree(p);
	KUNIT_EXPECT_NULL(test, kvmalloc_array(~0UL, 2, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, kvmalloc_array_node(~0UL / 2, 4, GFP_KERNEL,
						    0));
	kvfree(NULL);
}

static struct kunit_case slab_forms_cases[] = {
	KUNIT_CASE(cache_forms_test),
	KUNIT_CASE(bad_forms_test),
	KUNIT_CASE(slab_account_test),
	KUNIT_CASE(shrink_says_test),
	KUNIT_CASE(kvmalloc_test),
	{}
};

static struct kunit_suite slab_forms_suite = {
	.name = "slab_forms",
	.test_cases = slab_forms_cases,
};
kunit_test_suite(slab_forms_suite);
