// SPDX-License-Identifier: MIT
/*
 * Fault points of objects, pools and per-CPU data: each call is made again and
 * again, and the first, the second, ... request for pages inside finds
 * nothing, until there is no further one. Caches have nothing at hand when a
 * call is made, so each of them asks for pages. After each, whether it went
 * well or not, everything is as before: free pages, caches, pages of large
 * blocks, per-CPU objects, reports; and the checks of all three hold.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>

#include "../../mm/slab/internal.h"
#include "page_snapshot.h"

/* More requests than any of the calls makes. */
#define MAX_POINTS	200
#define QUIET		(GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY)
#define BULK		40	/* objects */

/* Caches' own (arrays, free indices) may lie in more slabs than before. */
static struct accounts {
	unsigned long pages;		/* free, or in slabs */
	unsigned long out;		/* objects that are not caches' own */
	unsigned long caches;
	long bad, large;
	unsigned long percpu, chunks;
} before;
static unsigned long points;		/* of the running case */
static struct kmem_cache *cache;	/* of the running case */
static mempool_t *pool;			/* of the running case */

/* Caches give back what they have at hand. Enough rounds for what they keep
 * of each other: arrays, free indices. */
static void shrink_all(void)
{
	struct slab_state *s = &this_machine()->slab;
	unsigned int type, i, round;

	for (round = 0; round < 2; round++) {
		if (cache)
			kmem_cache_shrink(cache);
		for (type = 0; type < NR_KMALLOC_TYPES; type++)
			for (i = 0; i < NR_KMALLOC_CLASSES; i++)
				kmem_cache_shrink(s->kmalloc[type][i]);
		kmem_cache_shrink(s->index_cache);
		for (i = 0; i < NR_SLAB_ARRAY_SIZES; i++)
			kmem_cache_shrink(s->array_cache[i]);
		kmem_cache_shrink(s->boot_cache);
	}
	percpu_shrink();
}

static struct accounts accounts_take(void)
{
	struct slab_state *s = &this_machine()->slab;
	struct percpu_state *p = &this_machine()->percpu;
	struct accounts a = { .caches = 0 };
	struct kmem_cache *c;
	struct cache_sums sums;

	shrink_all();
	a.pages = page_snapshot_take().nr_free;
	list_for_each_entry(c, &s->caches, list) {
		cache_sums_read(c, &sums);
		a.pages += (sums.slabs + sums.free_slabs) << c->order;
		if (c != s->index_cache && !(c->internal & CACHE_NO_ARRAYS))
			a.out += sums.out - sums.cached;
		a.caches++;
	}
	a.bad = atomic_long_read(&s->nr_bad);
	a.large = atomic_long_read(&s->nr_large);
	a.percpu = p->nr_objects;
	a.chunks = p->nr_chunks;
	return a;
}

static void accounts_check(struct kunit *test, const char *name, long nth)
{
	struct accounts now = accounts_take();

	KUNIT_CHECK(test, !memcmp(&now, &before, sizeof(now)), 0,
		    "%s, fault %ld: %lu pages, were %lu; %lu objects out, were %lu; %lu caches, were %lu; %ld pages of large blocks, were %ld; %lu per-CPU objects, were %lu",
		    name, nth, now.pages, before.pages, now.out, before.out,
		    now.caches, before.caches, now.large, before.large, now.percpu,
		    before.percpu);
	KUNIT_CHECK(test, kmem_cache_check(NULL) == 0, 0, "%s, fault %ld: caches",
		    name, nth);
	percpu_check();
}

/* Makes one call; if it went well, undoes it. Whether it went well. */
typedef bool (*object_call)(unsigned long arg);

static void sweep(struct kunit *test, const char *name, object_call call,
		  unsigned long arg)
{
	long nth;

	page_alloc_fail_nth(0);
	/* The first makes what stays for good. */
	call(arg);
	before = accounts_take();
	for (nth = 1; nth <= MAX_POINTS; nth++) {
		bool ok, reached;

		page_alloc_fail_nth(nth);
		ok = call(arg);
		reached = !page_alloc_fail_left();
		page_alloc_fail_nth(0);
		accounts_check(test, name, nth);
		if (!reached) {
			KUNIT_CHECK(test, ok, 0, "%s(%lu) fails without a fault",
				    name, arg);
			break;
		}
		points++;
	}
	KUNIT_CHECK(test, nth <= MAX_POINTS, 0, "%s(%lu) never ends", name,
		    arg);
	KUNIT_CHECK(test, nth > 1, 0, "%s(%lu) has no fault point", name, arg);
}

static int object_points_init(struct kunit *test)
{
	points = 0;
	cache = NULL;
	pool = NULL;
	return 0;
}

static void object_points_exit(struct kunit *test)
{
	page_alloc_fail_nth(0);
}

/* ---- caches ----------------------------------------------------------- */

static void construct(void *object)
{
	memset(object, 0x5a, 8);
}

static bool call_create(unsigned long size)
{
	struct kmem_cache *c = kmem_cache_create("faulty", (unsigned int)size,
						 0, SLAB_NO_MERGE, construct);

	kmem_cache_destroy(c);
	return c;
}

static bool call_create_and_use(unsigned long size)
{
	struct kmem_cache *c = kmem_cache_create("faulty", (unsigned int)size,
						 0, SLAB_NO_MERGE, NULL);
	void *object = c ? kmem_cache_alloc(c, QUIET) : NULL;

	if (object)
		kmem_cache_free(c, object);
	kmem_cache_destroy(c);
	return object;
}

static bool call_alloc(unsigned long gfp)
{
	void *object = kmem_cache_alloc(cache, (gfp_t)gfp);

	kmem_cache_free(cache, object);
	return object;
}

static bool call_alloc_node(unsigned long nid)
{
	void *object = kmem_cache_alloc_node(cache, QUIET, (int)nid);

	kmem_cache_free(cache, object);
	return object;
}

static bool call_bulk(unsigned long nr)
{
	void *objects[BULK];
	int got = kmem_cache_alloc_bulk(cache, QUIET, nr, objects);

	kmem_cache_free_bulk(cache, (size_t)got, objects);
	return got == (int)nr;
}

static void caches_test(struct kunit *test)
{
	static const unsigned int sizes[] = { 24, 64, 300, 2000, 9000 };
	unsigned int i;
	int nid;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		sweep(test, "kmem_cache_create", call_create_and_use,
		      sizes[i]);
		cache = kmem_cache_create("faulty", sizes[i], 0, SLAB_NO_MERGE,
					  NULL);
		KUNIT_ASSERT_NOT_NULL(test, cache);
		sweep(test, "kmem_cache_alloc", call_alloc, QUIET);
		sweep(test, "kmem_cache_zalloc", call_alloc,
		      QUIET | __GFP_ZERO);
		sweep(test, "kmem_cache_alloc, atomic", call_alloc,
		      GFP_ATOMIC | __GFP_NOWARN);
		for_each_online_node(nid)
			if (node_present_pages(nid))
				sweep(test, "kmem_cache_alloc_node",
				      call_alloc_node, (unsigned long)nid);
		sweep(test, "kmem_cache_alloc_bulk", call_bulk, BULK);
		kmem_cache_destroy(cache);
		cache = NULL;
	}
	sweep(test, "kmem_cache_create, constructed", call_create, 5000);
	kunit_info(test, "%lu fault points", points);
}

/* ---- kmalloc ---------------------------------------------------------- */

static bool call_kmalloc(unsigned long size)
{
	void *p = kmalloc(size, QUIET);

	kfree(p);
	return p;
}

static bool call_kzalloc_node(unsigned long size)
{
	void *p = kzalloc_node(size, QUIET, numa_mem_id());

	kfree_sensitive(p);
	return p;
}

static bool call_kcalloc(unsigned long n)
{
	void *p = kcalloc(n, 24, QUIET | __GFP_RECLAIMABLE);

	kfree(p);
	return p;
}

/* What could not grow is as it was. */
static bool call_krealloc(unsigned long size)
{
	char *p = kmalloc(100, QUIET), *q;
	bool ok = false;

	if (!p)
		return false;
	memset(p, 7, 100);
	q = krealloc(p, size, QUIET);
	ok = q;
	if (memchr_inv(q ? q : p, 7, min(size, 100UL)))
		return false;
	kfree(q ? q : p);
	return ok;
}

static bool call_kmemdup(unsigned long size)
{
	void *p = kmemdup(&before, min(size, sizeof(before)), QUIET);

	kfree(p);
	return p;
}

static bool call_kstrdup(unsigned long unused)
{
	char *p = kstrdup("fault", QUIET), *q = kstrndup("faulty", 5, QUIET);
	bool ok = p && q && !strcmp(p, q);

	kfree(p);
	kfree(q);
	return ok;
}

static void kmalloc_test(struct kunit *test)
{
	static const unsigned long sizes[] = {
		1, 8, 60, 64, 100, 500, 1024, 3000, 8192, 8193, 20000, 40000, 100000,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		sweep(test, "kmalloc", call_kmalloc, sizes[i]);
		sweep(test, "kzalloc_node", call_kzalloc_node, sizes[i]);
	}
	sweep(test, "kcalloc", call_kcalloc, 10);
	sweep(test, "kcalloc", call_kcalloc, 1000);
	sweep(test, "krealloc", call_krealloc, 300);
	sweep(test, "krealloc", call_krealloc, 30000);
	sweep(test, "kmemdup", call_kmemdup, 40);
	sweep(test, "kstrdup", call_kstrdup, 0);
	kunit_info(test, "%lu fault points", points);
}

/* ---- pools ------------------------------------------------------------ */

static bool call_pool_slab(unsigned long min_nr)
{
	mempool_t *p = mempool_create_node((int)min_nr, mempool_alloc_slab,
					   mempool_free_slab, cache, QUIET,
					   NUMA_NO_NODE);

	mempool_destroy(p);
	return p;
}

static bool call_pool_kmalloc(unsigned long min_nr)
{
	mempool_t own;
	int err = mempool_init_kmalloc_pool(&own, (int)min_nr, 40000);

	if (!err)
		mempool_exit(&own);
	return !err;
}

static bool call_pool_pages(unsigned long min_nr)
{
	mempool_t *p = mempool_create_page_pool((int)min_nr, 1);

	mempool_destroy(p);
	return p;
}

static bool call_pool_resize(unsigned long min_nr)
{
	int was = pool->min_nr, err = mempool_resize(pool, (int)min_nr);

	if (mempool_check(pool) || pool->min_nr != (err ? was : (int)min_nr))
		return false;
	mempool_resize(pool, was);
	return !err;
}

/* It does not fail: the reserve has one. */
static bool call_pool_alloc(unsigned long gfp)
{
	void *element = mempool_alloc(pool, (gfp_t)gfp);

	mempool_free(element, pool);
	return element && !mempool_check(pool);
}

static bool call_pool_alloc_always(unsigned long gfp)
{
	bool ok = call_pool_alloc(gfp);

	WARN(!ok, "a pool with a reserve gave nothing");
	return ok;
}

static void pools_test(struct kunit *test)
{
	cache = kmem_cache_create("faulty", 3000, 0, SLAB_NO_MERGE, NULL);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	sweep(test, "mempool_create_slab_pool", call_pool_slab, 30);
	sweep(test, "mempool_create_slab_pool", call_pool_slab, 600);
	sweep(test, "mempool_init_kmalloc_pool", call_pool_kmalloc, 9);
	sweep(test, "mempool_create_page_pool", call_pool_pages, 12);
	pool = mempool_create_slab_pool(3, cache);
	KUNIT_ASSERT_NOT_NULL(test, pool);
	sweep(test, "mempool_resize", call_pool_resize, 50);
	mempool_destroy(pool);
	pool = mempool_create_page_pool(3, 1);
	KUNIT_ASSERT_NOT_NULL(test, pool);
	sweep(test, "mempool_alloc, atomic", call_pool_alloc_always,
	      GFP_ATOMIC);
	sweep(test, "mempool_alloc", call_pool_alloc_always, GFP_KERNEL);
	sweep(test, "mempool_alloc, no wait", call_pool_alloc_always,
	      GFP_NOWAIT);
	mempool_destroy(pool);
	kmem_cache_destroy(cache);
	kunit_info(test, "%lu fault points", points);
}

/* ---- per-CPU data ----------------------------------------------------- */

/* As many units as no chunk has room for. */
static bool call_percpu(unsigned long gfp)
{
	void __percpu *p[2];
	unsigned int i;
	bool ok = true;

	for (i = 0; i < 2; i++) {
		p[i] = __alloc_percpu_gfp(PCPU_MIN_UNIT_SIZE, 64, (gfp_t)gfp);
		ok &= p[i] != NULL;
	}
	for (i = 0; i < 2; i++)
		free_percpu(p[i]);
	percpu_shrink();
	return ok;
}

static void percpu_test(struct kunit *test)
{
	/* Two chunks for each possible CPU are more than a sweep is for. */
	if (num_possible_cpus() > MAX_POINTS / 2 - 2)
		kunit_skip(test, "many CPUs");
	sweep(test, "alloc_percpu", call_percpu, QUIET);
	sweep(test, "alloc_percpu_gfp", call_percpu, GFP_NOWAIT | __GFP_NOWARN);
	sweep(test, "alloc_percpu_gfp, atomic", call_percpu,
	      GFP_ATOMIC | __GFP_NOWARN);
	kunit_info(test, "%lu fault points", points);
}

static struct kunit_case object_points_cases[] = {
	KUNIT_CASE(caches_test),
	KUNIT_CASE(kmalloc_test),
	KUNIT_CASE(pools_test),
	KUNIT_CASE(percpu_test),
	{}
};

static struct kunit_suite object_points_suite = {
	.name = "object_points",
	.init = object_points_init,
	.exit = object_points_exit,
	.test_cases = object_points_cases,
};
kunit_test_suite(object_points_suite);
