// SPDX-License-Identifier: MIT
/*
 * Slots of owners that are no CPU, and what an owner of the memory below is
 * told of free frames.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/slab.h>
#include <octavo/fail_page.h>
#include <octavo/free_runs.h>
#include <octavo/slab_slot.h>

#include "../../mm/slab/internal.h"

#define OBJECTS		2000	/* several arrays of every size */

static void *objects[OBJECTS];

/* What a thread does: its own array first. */
static void *owner_alloc(struct slab_slot *slot)
{
	while (!slot->count && !slab_slot_refill(slot))
		if (slab_slot_grow(slot, GFP_KERNEL | __GFP_NOWARN))
			return NULL;
	slot->count--;
	object_leaves(slot->cache, slot->objs[slot->count]);
	return slot->objs[slot->count];
}

static bool owner_free(struct slab_slot *slot, void *object)
{
	if (slot->count >= slot->high && !slab_slot_make_room(slot))
		return false;
	object_comes(slot->cache, object);
	slot->objs[slot->count++] = object;
	return true;
}

static unsigned long objects_out(struct kmem_cache *cache)
{
	struct slab_usage u;

	slab_usage_read(cache, &u);
	return u.out;
}

/* One allocates what the other frees; nothing is left, and nothing doubled. */
static void exchange_test(struct kunit *test)
{
	struct kmem_cache *cache = __kmem_cache_create_args("slot-test", 96,
						NULL, SLAB_NO_MERGE);
	struct slab_slot one, other;
	unsigned int i, round;

	KUNIT_ASSERT_NOT_NULL(test, cache);
	slab_slot_init(&one, cache, numa_mem_id());
	slab_slot_init(&other, cache, numa_mem_id());
	for (round = 0; round < 3; round++) {
		for (i = 0; i < OBJECTS; i++) {
			objects[i] = owner_alloc(&one);
			KUNIT_ASSERT_NOT_NULL(test, objects[i]);
			*(unsigned int *)objects[i] = i;
		}
		for (i = 0; i < OBJECTS; i++)
			KUNIT_ASSERT_EQ(test, *(unsigned int *)objects[i], i);
		for (i = 0; i < OBJECTS; i++)
			KUNIT_ASSERT_TRUE(test, owner_free(&other, objects[i]));
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_check(cache), 0);
	slab_slot_drain(&one);
	slab_slot_drain(&other);
	kmem_cache_reap_all(cache);
	KUNIT_EXPECT_EQ(test, objects_out(cache), 0UL);
	kmem_cache_destroy(cache);
}

/* A narrow slot keeps few; a wide one again what its array holds. */
static void narrow_test(struct kunit *test)
{
	struct kmem_cache *cache = __kmem_cache_create_args("slot-test", 64,
						NULL, SLAB_NO_MERGE);
	struct slab_slot slot;
	u32 capacity;
	void *object;

	KUNIT_ASSERT_NOT_NULL(test, cache);
	slab_slot_init(&slot, cache, numa_mem_id());
	object = owner_alloc(&slot);
	KUNIT_ASSERT_NOT_NULL(test, object);
	capacity = slot.high;
	KUNIT_EXPECT_GT(test, capacity, 4U);
	slab_slot_narrow(&slot, 4);
	KUNIT_EXPECT_EQ(test, slot.count, 0U);
	KUNIT_EXPECT_EQ(test, slot.high, 4U);
	KUNIT_EXPECT_EQ(test, objects_out(cache), 1UL);
	KUNIT_EXPECT_TRUE(test, owner_free(&slot, object));
	KUNIT_EXPECT_PTR_EQ(test, owner_alloc(&slot), object);
	KUNIT_EXPECT_TRUE(test, slab_slot_refill(&slot));
	KUNIT_EXPECT_EQ(test, slot.high, capacity);
	slab_slot_narrow(&slot, 0);
	KUNIT_EXPECT_TRUE(test, owner_free(&slot, object));
	KUNIT_EXPECT_EQ(test, slot.high, capacity);
	slab_slot_drain(&slot);
	kmem_cache_reap_all(cache);
	KUNIT_EXPECT_EQ(test, objects_out(cache), 0UL);
	kmem_cache_destroy(cache);
}

/* What was asked for since the last time stays, the rest goes. */
static void reap_test(struct kunit *test)
{
	struct kmem_cache *cache = __kmem_cache_create_args("slot-test", 128,
						NULL, SLAB_NO_MERGE);
	struct slab_slot slot;
	struct slab_usage u;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, cache);
	slab_slot_init(&slot, cache, numa_mem_id());
	for (i = 0; i < OBJECTS; i++) {
		objects[i] = owner_alloc(&slot);
		KUNIT_ASSERT_NOT_NULL(test, objects[i]);
	}
	for (i = 0; i < OBJECTS; i++)
		KUNIT_ASSERT_TRUE(test, owner_free(&slot, objects[i]));
	slab_usage_read(cache, &u);
	KUNIT_EXPECT_GT(test, u.depot, 0UL);
	/* They came after the last time. */
	KUNIT_EXPECT_EQ(test, kmem_cache_reap(cache), 0UL);
	KUNIT_EXPECT_EQ(test, kmem_cache_reap(cache), u.depot);
	slab_usage_read(cache, &u);
	KUNIT_EXPECT_EQ(test, u.depot, 0UL);
	slab_slot_drain(&slot);
	kmem_cache_reap_all(cache);
	KUNIT_EXPECT_EQ(test, objects_out(cache), 0UL);
	KUNIT_EXPECT_EQ(test, kmem_cache_check(cache), 0);
	kmem_cache_destroy(cache);
}

/* Without memory a slot gives and takes nothing, and stays whole. */
static void no_memory_test(struct kunit *test)
{
	struct kmem_cache *cache = __kmem_cache_create_args("slot-test", 2000,
						NULL, SLAB_NO_MERGE);
	struct slab_slot slot;

	KUNIT_ASSERT_NOT_NULL(test, cache);
	slab_slot_init(&slot, cache, numa_mem_id());
	KUNIT_EXPECT_NULL(test, slab_slot_take(&slot));
	page_alloc_fail_nth(1);
	KUNIT_EXPECT_EQ(test, slab_slot_grow(&slot, GFP_KERNEL | __GFP_NOWARN),
			-ENOMEM);
	page_alloc_fail_nth(0);
	KUNIT_EXPECT_EQ(test, objects_out(cache), 0UL);
	KUNIT_EXPECT_EQ(test, slab_slot_grow(&slot, GFP_KERNEL), 0);
	objects[0] = slab_slot_take(&slot);
	KUNIT_EXPECT_NOT_NULL(test, objects[0]);
	KUNIT_EXPECT_NULL(test, slab_object_fault(objects[0]));
	KUNIT_EXPECT_STREQ(test, slab_object_fault((char *)objects[0] + 8),
			   "not the start of an object:");
	slab_slot_put(&slot, objects[0]);
	slab_slot_drain(&slot);
	kmem_cache_destroy(cache);
}

struct runs {
	unsigned long end;	/* of the last run */
	unsigned long nr;	/* frames */
	bool disorder;
	unsigned long looked_for;	/* a frame */
	bool found;
};

static void run_visit(void *ctx, unsigned long pfn, unsigned long nr)
{
	struct runs *r = ctx;

	r->disorder |= pfn < r->end || !nr ||
		       pfn / pageblock_nr_pages !=
		       (pfn + nr - 1) / pageblock_nr_pages;
	r->end = pfn + nr;
	r->nr += nr;
	r->found |= r->looked_for >= pfn && r->looked_for < pfn + nr;
}

static struct runs zone_runs(struct zone *zone, unsigned long looked_for)
{
	struct runs r = { .looked_for = looked_for };

	zone_for_each_free_run(zone, run_visit, &r);
	return r;
}

/* Runs come in order; a block is in one exactly while it is free. */
static void free_runs_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, pageblock_order - 1);
	struct zone *zone;
	unsigned long pfn;
	struct runs r;

	KUNIT_ASSERT_NOT_NULL(test, page);
	zone = page_zone(page);
	pfn = page_to_pfn(page);
	r = zone_runs(zone, pfn + 3);
	KUNIT_EXPECT_FALSE(test, r.disorder);
	KUNIT_EXPECT_FALSE(test, r.found);
	__free_pages(page, pageblock_order - 1);
	drain_all_pages(zone);
	r = zone_runs(zone, pfn + 3);
	KUNIT_EXPECT_FALSE(test, r.disorder);
	KUNIT_EXPECT_TRUE(test, r.found);
	KUNIT_EXPECT_LE(test, r.nr, zone->present_pages);
}

static struct kunit_case slab_slot_cases[] = {
	KUNIT_CASE(exchange_test),
	KUNIT_CASE(narrow_test),
	KUNIT_CASE(reap_test),
	KUNIT_CASE(no_memory_test),
	KUNIT_CASE(free_runs_test),
	{ 0 }
};

static struct kunit_suite slab_slot_suite = {
	.name = "slab_slot",
	.test_cases = slab_slot_cases,
};
kunit_test_suite(slab_slot_suite);
