// SPDX-License-Identifier: MIT
/*
 * What KFENCE's samples and the search for leaks report, and what is said of
 * bad values of their options. A machine goes on after each: a page that was
 * fenced off is opened for who ran into it.
 */
#include "death.h"

#include <linux/kfence.h>
#include <linux/kmemleak.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#define FENCED	"kfence.sample_count=1"
#define WATCHED	"kmemleak=on"

/* ---- KFENCE ----------------------------------------------------------- */

/* One at its page's end, or beginning; each allocation is a sample. */
static unsigned char *sampled(struct kmem_cache **cache, bool end)
{
	unsigned char *p;
	unsigned int i;

	*cache = kmem_cache_create("fenced", 32, 0, SLAB_CONSISTENCY_CHECKS,
				   NULL);
	for (i = 0; i < 1000; i++) {
		p = kmem_cache_alloc(*cache, GFP_KERNEL);
		if (is_kfence_address(p) &&
		    !offset_in_page((unsigned long)p + 32) == end)
			return p;
		kmem_cache_free(*cache, p);
	}
	BUG();
}

static noinline void fence_read(const unsigned char *p)
{
	(void)*(const volatile unsigned char *)p;
}

static noinline void fence_write(unsigned char *p)
{
	*(volatile unsigned char *)p = 1;
}

static void fence_right(void)
{
	struct kmem_cache *cache;

	fence_read(sampled(&cache, true) + 32);
}
DEATH_TEST_WITH(fence_right, SURVIVES, FENCED,
		"BUG: KFENCE: out-of-bounds read in fence_read+0x*/0x*",
		"Out-of-bounds read at 0x* (0B right of kfence-#*):",
		"kfence-#*: 0x*-0x*, size=32, cache=fenced",
		"allocated by task * on cpu * at *s:",
		" fence_right+0x*/0x*");

static void fence_left(void)
{
	struct kmem_cache *cache;

	fence_write(sampled(&cache, false) - 1);
}
DEATH_TEST_WITH(fence_left, SURVIVES, FENCED,
		"BUG: KFENCE: out-of-bounds write in fence_write+0x*/0x*",
		"Out-of-bounds write at 0x* (1B left of kfence-#*):");

static void fence_after_free(void)
{
	struct kmem_cache *cache;
	unsigned char *p = sampled(&cache, true);

	kmem_cache_free(cache, p);
	fence_write(p + 3);
}
DEATH_TEST_WITH(fence_after_free, SURVIVES, FENCED,
		"BUG: KFENCE: use-after-free write in fence_write+0x*/0x*",
		"Use-after-free write at 0x* (in kfence-#*):",
		"allocated by task * on cpu * at *s:",
		"freed by task * on cpu * at *s:");

static void fence_after_rcu(void)
{
	struct { unsigned long data[2]; struct rcu_head rcu; } *p;
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		p = kmalloc(sizeof(*p), GFP_KERNEL);
		if (is_kfence_address(p))
			break;
		kfree(p);
	}
	kfree_rcu(p, rcu);
	kvfree_rcu_barrier();
	fence_read((unsigned char *)p);
}
DEATH_TEST_WITH(fence_after_rcu, SURVIVES,
		FENCED " slab_debug=F,kmalloc-*",
		"BUG: KFENCE: use-after-free read in fence_read+0x*/0x*");

static void fence_canary(void)
{
	struct kmem_cache *cache;
	unsigned char *p = sampled(&cache, false);

	p[33] = 0x12;
	kmem_cache_free(cache, p);
}
DEATH_TEST_WITH(fence_canary, SURVIVES, FENCED,
		"BUG: KFENCE: memory corruption in fence_canary+0x*/0x*",
		"Corrupted memory at 0x* [[] 0x12 . . * [])] (in kfence-#*):");

static void fence_twice(void)
{
	struct kmem_cache *cache;
	unsigned char *p = sampled(&cache, true);

	kmem_cache_free(cache, p);
	kmem_cache_free(cache, p);
}
DEATH_TEST_WITH(fence_twice, SURVIVES, FENCED,
		"BUG: KFENCE: invalid free in fence_twice+0x*/0x*",
		"Invalid free of 0x* (in kfence-#*):",
		"freed by task * on cpu * at *s:");

static void fence_inside(void)
{
	struct kmem_cache *cache;

	kmem_cache_free(cache, sampled(&cache, true) + 8);
}
DEATH_TEST_WITH(fence_inside, SURVIVES, FENCED,
		"BUG: KFENCE: invalid free in fence_inside+0x*/0x*");

/* ---- leaks ------------------------------------------------------------ */

/* The address, so that it is no pointer. */
static noinline unsigned long lost_object(size_t size)
{
	return ~(unsigned long)kmalloc(size, GFP_KERNEL);
}

static void object_is_lost(void)
{
	unsigned long lost;

	BUG_ON(kmemleak_command("min_age=0"));
	BUG_ON(kmemleak_command("stack=off"));
	lost = lost_object(100);
	kmemleak_scan();
	kmemleak_scan();
	kfree((void *)~lost);
}
DEATH_TEST_WITH(object_is_lost, SURVIVES, WATCHED,
		"kmemleak: 1 new suspected memory leaks (see /sys/kernel/debug/kmemleak)");

static void told_twice_of_a_block(void)
{
	void *p = (void *)__get_free_page(GFP_KERNEL);

	kmemleak_alloc(p, PAGE_SIZE, 1, GFP_KERNEL);
	kmemleak_alloc((char *)p + 8, 64, 1, GFP_KERNEL);
}
DEATH_TEST_WITH(told_twice_of_a_block, SURVIVES, WATCHED,
		"kmemleak: Cannot insert 0x* into the object search tree (overlaps existing)");

static void unknown_block(void)
{
	unsigned long page = __get_free_page(GFP_KERNEL);

	kmemleak_not_leak((void *)page);
	kmemleak_free_part((void *)page, 8);
}
DEATH_TEST_WITH(unknown_block, SURVIVES, WATCHED,
		"kmemleak: Trying to * an unknown object at 0x*",
		"kmemleak: Partially freeing 0x* of 8 bytes, which *");

static void area_of_more(void)
{
	void *p = kmalloc(64, GFP_KERNEL);

	kmemleak_scan_area(p, 1000, GFP_KERNEL);
	kfree(p);
}
DEATH_TEST_WITH(area_of_more, SURVIVES, WATCHED,
		"kmemleak: Scan area of 1000 bytes at 0x* larger than its object");

static void leaks_off(void)
{
	BUG_ON(kmemleak_command("off"));
	BUG_ON(!kmemleak_command("scan"));
}
DEATH_TEST_WITH(leaks_off, SURVIVES, WATCHED,
		"kmemleak: Kernel memory leak detector disabled: by command");

/* ---- options ---------------------------------------------------------- */

static void as_it_is(void)
{
}

#define BAD_WATCH(id, option, line)					\
	DEATH_CASE(id, as_it_is, SURVIVES, option, line)
BAD_WATCH(bad_kmemleak, "kmemleak=maybe",
	  "kmemleak=maybe is neither on nor off: ignored");
BAD_WATCH(bad_fence_objects, "kfence.num_objects=0",
	  "kfence.num_objects=0 is not 1 to 511: ignored");
BAD_WATCH(bad_fence_interval, "kfence.sample_interval=x",
	  "kfence.sample_interval=x *: ignored");
BAD_WATCH(bad_fence_count, "kfence.sample_count=-1",
	  "kfence.sample_count=-1 *: ignored");
