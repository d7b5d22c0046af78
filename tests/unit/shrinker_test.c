// SPDX-License-Identifier: MIT
/* Shrinkers, and what caches give back when memory is short or they idle. */
#include <kunit/test.h>

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/sched.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>
#include <octavo/vm_settings.h>

#include "../../mm/reclaim/internal.h"
#include "log_capture.h"
#include "page_snapshot.h"
#include "threads.h"

/* ---- a shrinker that says what it was asked --------------------------- */

struct asked {
	unsigned long objects;	/* that it says it has */
	unsigned long counts, scans;	/* calls */
	unsigned long scanned;	/* objects */
	unsigned long largest;	/* nr_to_scan */
	unsigned long stop_at;	/* scans after which it says SHRINK_STOP */
	nodemask_t nodes;	/* it was asked for */
	gfp_t gfp;
};

static unsigned long asked_count(struct shrinker *s, struct shrink_control *sc)
{
	struct asked *a = s->private_data;

	a->counts++;
	a->gfp = sc->gfp_mask;
	node_set(sc->nid, a->nodes);
	return a->objects ?: SHRINK_EMPTY;
}

static unsigned long asked_scan(struct shrinker *s, struct shrink_control *sc)
{
	struct asked *a = s->private_data;
	unsigned long n = min(sc->nr_to_scan, a->objects);

	if (a->scans++ == a->stop_at)
		return SHRINK_STOP;
	a->largest = max(a->largest, sc->nr_to_scan);
	a->scanned += sc->nr_to_scan;
	a->objects -= n;
	return n;
}

static struct shrinker *asked_make(struct kunit *test, struct asked *a,
				   unsigned int flags)
{
	struct shrinker *s = shrinker_alloc(flags, "asked-%d", 7);

	KUNIT_ASSERT_NOT_NULL(test, s);
	KUNIT_EXPECT_STREQ(test, s->name, "asked-7");
	KUNIT_EXPECT_EQ(test, s->seeks, DEFAULT_SEEKS);
	*a = (struct asked){ .stop_at = ~0UL };
	s->private_data = a;
	s->count_objects = asked_count;
	s->scan_objects = asked_scan;
	return s;
}

static void shrinker_share_test(struct kunit *test)
{
	struct asked a;
	struct shrinker *s = asked_make(test, &a, 0);

	shrinker_register(s);
	shrinkers_check();
	/* 2^-4 * 4 / seeks of them, in batches of 128. */
	a.objects = 16384;
	KUNIT_EXPECT_EQ(test, shrink_slab(GFP_NOFS, 0, 4), 2048);
	KUNIT_EXPECT_EQ(test, a.scans, 16);
	KUNIT_EXPECT_EQ(test, a.largest, SHRINK_BATCH);
	KUNIT_EXPECT_EQ(test, a.gfp, GFP_NOFS);
	/* Shares of less than a batch add up: 5 * 32 is more than one. */
	a.objects = 1 << 16;
	a.scanned = 0;
	for (a.scans = 0; a.counts < 6; )
		shrink_slab(GFP_KERNEL, 0, 12);
	KUNIT_EXPECT_EQ(test, a.scanned, 0);
	KUNIT_EXPECT_EQ(test, shrink_slab(GFP_KERNEL, 0, 0), 65536);
	KUNIT_EXPECT_EQ(test, a.objects, 0);
	KUNIT_EXPECT_EQ(test, shrink_slab(GFP_KERNEL, 0, 0), 0);
	shrinkers_check();
	shrinker_free(s);
	shrinkers_check();
}

static void shrinker_knobs_test(struct kunit *test)
{
	struct asked a;
	struct shrinker *s = asked_make(test, &a, SHRINKER_NONSLAB);

	s->batch = 10;
	s->seeks = 0;
	shrinker_register(s);
	a.objects = 1000;
	/* Without a cost half of it goes at any priority. */
	KUNIT_EXPECT_EQ(test, shrink_slab(GFP_KERNEL, 0, 12), 500);
	KUNIT_EXPECT_EQ(test, a.largest, 10);
	/* What could not be done waits for the next pass. */
	a.stop_at = a.scans + 1;
	KUNIT_EXPECT_EQ(test, shrink_slab(GFP_KERNEL, 0, 0), 10);
	KUNIT_EXPECT_GT(test, atomic_long_read(&s->nr_deferred[0]), 200);
	a.stop_at = ~0UL;
	KUNIT_EXPECT_GT(test, shrink_slab(GFP_KERNEL, 0, 0), 300);
	shrinker_free(s);
}

static void shrinker_nodes_test(struct kunit *test)
{
	struct asked a, b;
	struct shrinker *aware = asked_make(test, &a, SHRINKER_NUMA_AWARE);
	struct shrinker *plain = asked_make(test, &b, 0);
	int nid;

	shrinker_register(aware);
	shrinker_register(plain);
	for_each_online_node(nid)
		shrink_slab(GFP_KERNEL, nid, 0);
	KUNIT_EXPECT_EQ(test, nodes_weight(a.nodes), num_online_nodes());
	KUNIT_EXPECT_EQ(test, nodes_weight(b.nodes), 1);
	KUNIT_EXPECT_EQ(test, b.counts, (unsigned long)num_online_nodes());
	shrinker_free(aware);
	shrinker_free(plain);
}

static void shrinker_bad_test(struct kunit *test)
{
	struct log_capture *log = kmalloc(sizeof(*log), GFP_KERNEL);
	struct shrinker *s = shrinker_alloc(0, "half");
	struct shrinker own = { .flags = 0 };

	KUNIT_ASSERT_NOT_NULL(test, log);
	KUNIT_ASSERT_NOT_NULL(test, s);
	log_capture_start(log);
	KUNIT_EXPECT_NULL(test, shrinker_alloc(0x100, "odd"));
	shrinker_register(s);
	s->count_objects = asked_count;
	shrinker_register(s);
	shrinker_register(&own);
	shrinker_free(NULL);
	log_capture_end(log);
	KUNIT_EXPECT_TRUE(test, log_captured(log, "'odd': flags 0x100 mean nothing"));
	KUNIT_EXPECT_TRUE(test, log_captured(log, "'half' has no count_objects"));
	KUNIT_EXPECT_TRUE(test, log_captured(log, "'half' has no scan_objects"));
	KUNIT_EXPECT_TRUE(test, log_captured(log, "it does not come from shrinker_alloc()"));
	shrinkers_check();
	shrinker_free(s);
	kfree(log);
}

/* ---- a user's cache --------------------------------------------------- */

/* Pages or objects that could be made anew. */
struct hoard {
	spinlock_t lock;
	struct kmem_cache *cache;	/* NULL: pages */
	struct list_head items;		/* lock */
	unsigned long nr;		/* lock */
	int nid;			/* of its memory */
	unsigned long dropped;		/* lock: by the shrinker */
};

static unsigned long hoard_count(struct shrinker *s, struct shrink_control *sc)
{
	struct hoard *h = s->private_data;

	return sc->nid == h->nid ? READ_ONCE(h->nr) : 0;
}

static void hoard_free(struct hoard *h, void *item)
{
	if (h->cache)
		kmem_cache_free(h->cache, item);
	else
		free_page((unsigned long)item);
}

static void *hoard_take(struct hoard *h)
{
	struct list_head *item = NULL;

	spin_lock(&h->lock);
	if (!list_empty(&h->items)) {
		item = h->items.next;
		list_del(item);
		h->nr--;
	}
	spin_unlock(&h->lock);
	return item;
}

static unsigned long hoard_scan(struct shrinker *s, struct shrink_control *sc)
{
	struct hoard *h = s->private_data;
	unsigned long freed;
	void *item;

	for (freed = 0; freed < sc->nr_to_scan; freed++) {
		item = hoard_take(h);
		if (!item)
			break;
		hoard_free(h, item);
		h->dropped++;
	}
	return freed;
}

/* Of node @nid, till it has no more for ordinary requests. */
static void hoard_fill(struct hoard *h)
{
	gfp_t gfp = GFP_NOWAIT | __GFP_THISNODE | __GFP_NOWARN;
	struct list_head *item;
	struct page *page;

	for (;;) {
		if (h->cache) {
			item = kmem_cache_alloc_node(h->cache, gfp, h->nid);
		} else {
			page = alloc_pages_node(h->nid, gfp, 0);
			item = page ? page_address(page) : NULL;
		}
		if (!item)
			return;
		list_add_tail(item, &h->items);
		h->nr++;
	}
}

static struct shrinker *hoard_start(struct kunit *test, struct hoard *h,
				    const char *cache, int nid)
{
	struct shrinker *s = shrinker_alloc(SHRINKER_NUMA_AWARE, "hoard");

	KUNIT_ASSERT_NOT_NULL(test, s);
	*h = (struct hoard){ .nid = nid };
	spin_lock_init(&h->lock);
	INIT_LIST_HEAD(&h->items);
	if (cache)
		h->cache = kmem_cache_create(cache, 512, 0,
					     SLAB_RECLAIM_ACCOUNT |
					     SLAB_NO_MERGE, NULL);
	s->private_data = h;
	s->count_objects = hoard_count;
	s->scan_objects = hoard_scan;
	shrinker_register(s);
	hoard_fill(h);
	return s;
}

static void hoard_end(struct hoard *h, struct shrinker *s)
{
	void *item;

	shrinker_free(s);
	while ((item = hoard_take(h)))
		hoard_free(h, item);
	kmem_cache_destroy(h->cache);
}

/* A node is full of what its shrinker can free; requests succeed all the same. */
static void hoard_yields(struct kunit *test, const char *cache, int nid)
{
	struct page_snapshot before = page_snapshot_take();
	struct page *page, *block;
	struct shrinker *s;
	struct hoard h;

	s = hoard_start(test, &h, cache, nid);
	KUNIT_EXPECT_GT(test, h.nr, 100);
	page = alloc_pages_node(nid, GFP_KERNEL | __GFP_THISNODE, 0);
	KUNIT_EXPECT_NOT_NULL(test, page);
	KUNIT_EXPECT_GT(test, h.dropped, 0);
	if (page) {
		KUNIT_EXPECT_EQ(test, page_to_nid(page), nid);
		__free_page(page);
	}
	hoard_fill(&h);
	block = alloc_pages_node(nid, GFP_KERNEL | __GFP_THISNODE, 3);
	KUNIT_EXPECT_NOT_NULL(test, block);
	if (block)
		__free_pages(block, 3);
	hoard_end(&h, s);
	page_snapshot_check(test, &before);
}

static void shrinker_pressure_test(struct kunit *test)
{
	int nid;

	for_each_online_node(nid) {
		if (!node_state(nid, N_NORMAL_MEMORY))
			continue;
		hoard_yields(test, NULL, nid);
		hoard_yields(test, "hoard", nid);
	}
}

/* ---- what caches keep ------------------------------------------------- */

#define NR_KEPT		2000

/* A cache that keeps as much as caches do. */
static struct kmem_cache *idle_cache(struct kunit *test, void **objects)
{
	struct kmem_cache *cache = kmem_cache_create("idle", 256, 0,
						     SLAB_NO_MERGE, NULL);

	KUNIT_ASSERT_NOT_NULL(test, cache);
	KUNIT_ASSERT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, NR_KEPT,
						    objects), NR_KEPT);
	kmem_cache_free_bulk(cache, NR_KEPT, objects);
	return cache;
}

static void reap_test(struct kunit *test)
{
	void **objects = kvcalloc(NR_KEPT, sizeof(*objects), GFP_KERNEL);
	struct slab_totals kept, reaped;
	struct kmem_cache *cache;
	char why[80];
	int nid;

	KUNIT_ASSERT_NOT_NULL(test, objects);
	cache = idle_cache(test, objects);
	slab_totals_read(&kept);
	/* Two looks: the first one only sees where it stands. */
	reclaim_idle();
	reclaim_idle();
	slab_totals_read(&reaped);
	KUNIT_EXPECT_LT(test, reaped.pages, kept.pages);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_check(NULL), 0);
	kmem_cache_destroy(cache);
	cache = idle_cache(test, objects);
	for_each_online_node(nid)
		kmem_caches_reap(nid, true);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
	/* And by hand. */
	cache = idle_cache(test, objects);
	slab_totals_read(&kept);
	KUNIT_EXPECT_EQ(test, vm_setting_store("drop_caches", "6", why,
					       sizeof(why)), -EINVAL);
	KUNIT_EXPECT_EQ(test, vm_setting_store("drop_caches", "2", why,
					       sizeof(why)), 0);
	slab_totals_read(&reaped);
	KUNIT_EXPECT_LT(test, reaped.pages, kept.pages);
	kmem_cache_destroy(cache);
	kvfree(objects);
}

/* ---- under each other's feet ------------------------------------------ */

#define CHURN		200

static void shrinkers_churn(void *arg)
{
	struct asked *a = arg;
	struct shrinker *s;
	int i;

	for (i = 0; i < CHURN; i++) {
		s = shrinker_alloc(0, "churn");
		if (!s)
			continue;
		s->private_data = a;
		s->count_objects = asked_count;
		s->scan_objects = asked_scan;
		if (i % 2)
			shrinker_register(s);
		cond_resched();
		shrinker_free(s);
	}
}

static void shrinkers_run(void *arg)
{
	int i;

	for (i = 0; i < CHURN; i++) {
		shrink_slab(GFP_KERNEL, 0, 0);
		cond_resched();
	}
}

static void shrinker_churn_test(struct kunit *test)
{
	struct asked a[2] = { { .stop_at = 0 }, { .stop_at = 0 } };
	struct test_thread t[3];
	unsigned int i;

	/* The two that churn never have anything, so none writes alone. */
	for (i = 0; i < ARRAY_SIZE(t); i++)
		if (!test_thread_start(&t[i], i < 2 ? shrinkers_churn :
				       shrinkers_run, i < 2 ? &a[i] : NULL,
				       test_cpu(i)))
			KUNIT_FAIL(test, "no thread %u", i);
	for (i = 0; i < ARRAY_SIZE(t); i++)
		test_thread_join(&t[i]);
	shrinkers_check();
	rcu_barrier();
}

static struct kunit_case shrinker_cases[] = {
	KUNIT_CASE(shrinker_share_test),
	KUNIT_CASE(shrinker_knobs_test),
	KUNIT_CASE(shrinker_nodes_test),
	KUNIT_CASE(shrinker_bad_test),
	KUNIT_CASE(shrinker_pressure_test),
	KUNIT_CASE(reap_test),
	KUNIT_CASE(shrinker_churn_test),
	{}
};

static struct kunit_suite shrinker_suite = {
	.name = "shrinker",
	.test_cases = shrinker_cases,
};
kunit_test_suite(shrinker_suite);
