// SPDX-License-Identifier: MIT
/*
 * The tour's steps about objects.
 *
 *   caches     every form of making one, and every call on one
 *   kmalloc    every call, every size class, large blocks
 *   nodes      objects come from the node that is asked, and go home
 *   threads    CPUs free each other's objects
 *   rcu        grace periods, callbacks, kfree_rcu(), type-safe memory
 *   shrinkers  memory runs short, and a user's cache yields
 *   balance    no object and no slab is left that was not there before
 *
 * The last is a step of its own: it compares the number of objects that users
 * have with what it was when the first of these steps began.
 */
#include "tour.h"

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <octavo/machine.h>

#define NR_BULK		300	/* objects: more than any array holds */

struct tour_item {
	struct list_head list;
	struct rcu_head rcu;
	char text[40];
};

/* ---- caches ----------------------------------------------------------- */

static void item_ctor(void *object)
{
	memset(object, 0x42, sizeof(struct tour_item));
}

/* What can be done with any cache; ends it. */
static void cache_calls(struct tour *t, struct kmem_cache *cache,
			unsigned int size)
{
	void *p, *objects[8];

	if (!TOUR_CHECK(t, cache))
		return;
	TOUR_CHECK(t, kmem_cache_size(cache) == size);
	TOUR_CHECK(t, kmem_cache_name(cache));
	p = kmem_cache_alloc(cache, GFP_KERNEL);
	if (TOUR_CHECK(t, p)) {
		TOUR_CHECK(t, ksize(p) == size);
		kmem_cache_free(cache, p);
	}
	p = kmem_cache_alloc_node(cache, GFP_KERNEL, numa_node_id());
	if (TOUR_CHECK(t, p))
		kmem_cache_free(cache, p);
	p = kmem_cache_alloc_lru(cache, NULL, GFP_NOWAIT);
	if (TOUR_CHECK(t, p))
		kfree(p);
	TOUR_CHECK(t, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 8,
					    objects) == 8);
	kmem_cache_free_bulk(cache, 8, objects);
	TOUR_CHECK(t, kmem_cache_shrink(cache) == 0);
	TOUR_CHECK(t, kmem_cache_check(cache) == 0);
	kmem_cache_destroy(cache);
}

void tour_caches(struct tour *t)
{
	struct kmem_cache_args args = { .align = 64, .usersize = 8 };
	unsigned int size = sizeof(struct tour_item);
	struct kmem_cache *cache;
	void *p;

	cache_calls(t, kmem_cache_create("tour-classic", size, 0,
					 SLAB_HWCACHE_ALIGN | SLAB_NO_MERGE,
					 item_ctor), size);
	cache_calls(t, kmem_cache_create("tour-args", size, &args,
					 SLAB_NO_MERGE), size);
	cache_calls(t, kmem_cache_create_usercopy("tour-user", size, 0,
						  SLAB_NO_MERGE |
						  SLAB_ACCOUNT, 0, 8, NULL),
		    size);
	cache_calls(t, KMEM_CACHE(tour_item, SLAB_NO_MERGE |
				  SLAB_RECLAIM_ACCOUNT), size);
	cache_calls(t, KMEM_CACHE_USERCOPY(tour_item, SLAB_NO_MERGE, text),
		    size);
	cache = kmem_cache_create("tour-zeroed", size, 0, SLAB_NO_MERGE, NULL);
	if (!TOUR_CHECK(t, cache))
		return;
	p = kmem_cache_zalloc(cache, GFP_KERNEL);
	TOUR_CHECK(t, p && !memchr_inv(p, 0, size));
	kmem_cache_free(cache, p);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(NULL);
}

/* ---- kmalloc ---------------------------------------------------------- */

static void kmalloc_sizes(struct tour *t)
{
	size_t size;
	char *p;

	for (size = 1; size <= 4 * KMALLOC_MAX_CACHE_SIZE;
	     size += size / 8 + 1) {
		p = kmalloc(size, GFP_KERNEL);
		if (!TOUR_CHECK(t, p))
			continue;
		memset(p, 0x77, size);
		/* A guarded one is no larger than was wanted. */
		TOUR_CHECK(t, ksize(p) >= size);
		TOUR_CHECK(t, ksize(p) <= kmalloc_size_roundup(size));
		TOUR_CHECK(t, size & (size - 1) ||
			   IS_ALIGNED((unsigned long)p,
				      min(size, (size_t)PAGE_SIZE)));
		kfree(p);
	}
}

/* @p has room for @size zeroes; freed. */
static void zeroes(struct tour *t, void *p, size_t size)
{
	if (TOUR_CHECK(t, p))
		TOUR_CHECK(t, !memchr_inv(p, 0, size));
	kfree(p);
}

/* @p is what a call returned that has to refuse. */
static void refused(struct tour *t, void *p)
{
	TOUR_CHECK(t, !p);
	kfree(p);
}

static void kmalloc_strings(struct tour *t)
{
	char *s = kstrdup("objects", GFP_KERNEL);

	TOUR_CHECK(t, s && !strcmp(s, "objects"));
	kfree(s);
	s = kstrndup("objects", 3, GFP_KERNEL);
	TOUR_CHECK(t, s && !strcmp(s, "obj"));
	kfree(s);
	s = kmemdup("objects", 8, GFP_KERNEL);
	TOUR_CHECK(t, s && !strcmp(s, "objects"));
	kfree(s);
	s = kmemdup_nul("objects", 2, GFP_KERNEL);
	TOUR_CHECK(t, s && !strcmp(s, "ob"));
	kfree_sensitive(s);
}

void tour_kmalloc(struct tour *t)
{
	int nid = numa_node_id();
	char *p;

	kmalloc_sizes(t);
	kmalloc_strings(t);
	zeroes(t, kzalloc(100, GFP_KERNEL), 100);
	zeroes(t, kcalloc(10, 30, GFP_KERNEL), 300);
	zeroes(t, kcalloc_node(10, 30, GFP_KERNEL, nid), 300);
	zeroes(t, kzalloc_node(100, GFP_KERNEL, nid), 100);
	kfree(kmalloc_array(3, 5, GFP_KERNEL));
	kfree(kmalloc_array_node(3, 5, GFP_KERNEL, nid));
	kfree(kmalloc_node(2000, GFP_KERNEL, nid));
	p = krealloc(NULL, 10, GFP_KERNEL);
	p = krealloc(p, 5000, GFP_KERNEL);
	p = krealloc_array(p, 3, 10000, GFP_KERNEL);
	TOUR_CHECK(t, p && ksize(p) >= 30000);
	kfree(p);
	p = kvzalloc(3 * PAGE_SIZE, GFP_KERNEL);
	TOUR_CHECK(t, p && !memchr_inv(p, 0, 3 * PAGE_SIZE));
	kvfree(p);
	kvfree(kvcalloc(3, 5, GFP_KERNEL));
	p = kmalloc(64, GFP_KERNEL | GFP_DMA | __GFP_NOWARN);
	TOUR_CHECK(t, !p || page_to_pfn(virt_to_page(p)) < MAX_DMA_PFN);
	kfree(p);
	kfree(kmalloc(64, GFP_KERNEL | __GFP_RECLAIMABLE));
	p = kmalloc(0, GFP_KERNEL);
	kfree(p);
	TOUR_CHECK(t, p == ZERO_SIZE_PTR);
	refused(t, kmalloc_array(~0UL, 8, GFP_KERNEL));
	refused(t, kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL | __GFP_NOWARN));
}

/* ---- nodes ------------------------------------------------------------ */

void tour_object_nodes(struct tour *t)
{
	gfp_t gfp = GFP_KERNEL | __GFP_THISNODE | __GFP_NOWARN;
	struct kmem_cache *cache;
	int nid, i;
	void *p;

	cache = kmem_cache_create("tour-nodes", 200, 0, SLAB_NO_MERGE, NULL);
	if (!TOUR_CHECK(t, cache))
		return;
	/* High memory has no objects. */
	for_each_node_state(nid, N_NORMAL_MEMORY)
		for (i = 0; i < NR_BULK; i++) {
			p = kmem_cache_alloc_node(cache, gfp, nid);
			if (!p) {
				TOUR_CHECK(t, tour_low_pages(nid) < 1024);
				break;
			}
			TOUR_CHECK(t, page_to_nid(virt_to_page(p)) == nid);
			kmem_cache_free(cache, p);
		}
	TOUR_CHECK(t, kmem_cache_check(cache) == 0);
	kmem_cache_destroy(cache);
}

/* ---- threads ---------------------------------------------------------- */

/* What CPUs hand round. p: whoever exchanged it */
struct exchange {
	struct kmem_cache *cache;
	void *slot[64];		/* p: or NULL */
	atomic_t wrong;
	atomic_t running;
	struct completion done;
};

static int exchange_thread(void *arg)
{
	struct exchange *x = arg;
	unsigned int i, at = (unsigned int)raw_smp_processor_id() * 7;
	unsigned long *p;

	for (i = 0; i < 20000; i++) {
		p = kmem_cache_alloc(x->cache, GFP_KERNEL);
		if (p)
			*p = (unsigned long)p ^ 0x5a5a;
		/* Another CPU's, most of the time. */
		p = xchg(&x->slot[(at + i) % ARRAY_SIZE(x->slot)], (void *)p);
		if (p && *p != ((unsigned long)p ^ 0x5a5a))
			atomic_inc(&x->wrong);
		kmem_cache_free(x->cache, p);
		cond_resched();
	}
	if (atomic_dec_and_test(&x->running))
		complete(&x->done);
	return 0;
}

static void exchange_run(struct tour *t, struct exchange *x)
{
	struct task_struct *p;
	unsigned int cpu;

	init_completion(&x->done);
	atomic_set(&x->running, (int)num_online_cpus());
	for_each_online_cpu(cpu) {
		p = kthread_create_on_cpu(exchange_thread, x, cpu, "tour/%u");
		if (!TOUR_CHECK(t, !IS_ERR(p))) {
			if (atomic_dec_and_test(&x->running))
				complete(&x->done);
			continue;
		}
		wake_up_process(p);
	}
	wait_for_completion(&x->done);
}

void tour_object_threads(struct tour *t)
{
	struct exchange *x = kzalloc(sizeof(*x), GFP_KERNEL);
	unsigned int i;

	if (!TOUR_CHECK(t, x))
		return;
	x->cache = kmem_cache_create("tour-threads", 96, 0, SLAB_NO_MERGE,
				     NULL);
	if (TOUR_CHECK(t, x->cache)) {
		exchange_run(t, x);
		TOUR_CHECK(t, !atomic_read(&x->wrong));
		for (i = 0; i < ARRAY_SIZE(x->slot); i++)
			kmem_cache_free(x->cache, x->slot[i]);
		TOUR_CHECK(t, kmem_cache_check(x->cache) == 0);
		TOUR_CHECK(t, kmem_cache_shrink(x->cache) == 0);
		kmem_cache_destroy(x->cache);
	}
	kfree(x);
}

/* ---- RCU -------------------------------------------------------------- */

/* An item that counts how often it was called for. */
struct tour_call {
	struct tour_item item;
	unsigned int *called;
};

static void item_call(struct rcu_head *head)
{
	struct tour_call *c = container_of(head, struct tour_call, item.rcu);

	(*c->called)++;
	kfree(c);
}

static void tour_rcu_list(struct tour *t)
{
	struct tour_call *c = kzalloc(sizeof(*c), GFP_KERNEL);
	struct tour_item *found, *item;
	unsigned int called = 0;
	LIST_HEAD(list);

	if (!TOUR_CHECK(t, c))
		return;
	c->called = &called;
	item = &c->item;
	list_add_tail_rcu(&item->list, &list);
	rcu_read_lock();
	TOUR_CHECK(t, rcu_read_lock_held());
	found = list_first_or_null_rcu(&list, struct tour_item, list);
	TOUR_CHECK(t, found == item);
	list_del_rcu(&item->list);
	call_rcu(&item->rcu, item_call);
	TOUR_CHECK(t, READ_ONCE(called) == 0);
	/* Who still looks at it may. */
	TOUR_CHECK(t, found && !found->text[0]);
	rcu_read_unlock();
	rcu_barrier();
	TOUR_CHECK(t, READ_ONCE(called) == 1);
}

void tour_rcu(struct tour *t)
{
	struct kmem_cache *cache;
	struct tour_item *item;
	unsigned long state;
	int i;

	tour_rcu_list(t);
	state = start_poll_synchronize_rcu();
	synchronize_rcu();
	synchronize_rcu_expedited();
	cond_synchronize_rcu(state);
	TOUR_CHECK(t, poll_state_synchronize_rcu(state));
	for (i = 0; i < NR_BULK; i++) {
		item = kmalloc(sizeof(*item), GFP_KERNEL);
		if (TOUR_CHECK(t, item))
			kfree_rcu(item, rcu);
		kvfree_rcu_mightsleep(kmalloc(20, GFP_KERNEL));
	}
	kvfree_rcu_barrier();
	cache = kmem_cache_create("tour-rcu", 128, 0, SLAB_TYPESAFE_BY_RCU,
				  NULL);
	if (TOUR_CHECK(t, cache))
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	kmem_cache_destroy(cache);
	rcu_check();
}

/* ---- shrinkers -------------------------------------------------------- */

/* A cache of what could be made anew. l: lock */
struct tour_hoard {
	spinlock_t lock;
	struct kmem_cache *cache;
	struct list_head items;		/* l: struct tour_item.list */
	unsigned long nr;		/* l */
	unsigned long dropped;		/* l: by the shrinker */
};

static struct tour_item *hoard_take(struct tour_hoard *h)
{
	struct tour_item *item;

	spin_lock(&h->lock);
	item = list_first_entry_or_null(&h->items, struct tour_item, list);
	if (item) {
		list_del(&item->list);
		h->nr--;
	}
	spin_unlock(&h->lock);
	return item;
}

static unsigned long hoard_count(struct shrinker *s, struct shrink_control *sc)
{
	struct tour_hoard *h = s->private_data;

	return READ_ONCE(h->nr) ?: SHRINK_EMPTY;
}

static unsigned long hoard_scan(struct shrinker *s, struct shrink_control *sc)
{
	struct tour_hoard *h = s->private_data;
	struct tour_item *item;
	unsigned long n;

	for (n = 0; n < sc->nr_to_scan; n++) {
		item = hoard_take(h);
		if (!item)
			break;
		kmem_cache_free(h->cache, item);
		h->dropped++;
	}
	return n;
}

/* All of the machine's memory that ordinary requests can have. */
static void hoard_fill(struct tour_hoard *h)
{
	struct tour_item *item;

	for (;;) {
		item = kmem_cache_alloc(h->cache, GFP_NOWAIT | __GFP_NOWARN);
		if (!item)
			return;
		list_add_tail(&item->list, &h->items);
		if (!(++h->nr & 0xfff))
			cond_resched();
	}
}

/*
 * Pages one by one, until the hoard gives: what zones and CPUs still have
 * goes first.
 */
static void hoard_yields(struct tour *t, struct tour_hoard *h)
{
	struct page *page, *held = NULL;

	hoard_fill(h);
	do {
		page = alloc_page(GFP_KERNEL);
		if (!page)
			break;
		set_page_private(page, (unsigned long)held);
		held = page;
	} while (!READ_ONCE(h->dropped));
	TOUR_CHECK(t, page);
	TOUR_CHECK(t, h->dropped);
	while (held) {
		page = held;
		held = (struct page *)(unsigned long)page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
	pr_info("tour: a cache of all memory, %lu objects, gave %lu back for a request\n",
		h->nr + h->dropped, h->dropped);
}

void tour_shrinkers(struct tour *t)
{
	struct tour_hoard h = { .nr = 0 };
	struct tour_item *item;
	struct shrinker *s;

	spin_lock_init(&h.lock);
	INIT_LIST_HEAD(&h.items);
	/* Large objects: the smaller, the longer it takes to fill memory. */
	h.cache = kmem_cache_create("tour-hoard", 8 * PAGE_SIZE, 0,
				    SLAB_RECLAIM_ACCOUNT | SLAB_NO_MERGE,
				    NULL);
	s = shrinker_alloc(0, "tour-%s", "hoard");
	if (TOUR_CHECK(t, h.cache) && TOUR_CHECK(t, s)) {
		s->count_objects = hoard_count;
		s->scan_objects = hoard_scan;
		s->private_data = &h;
		shrinker_register(s);
		hoard_yields(t, &h);
	}
	shrinker_free(s);
	while ((item = hoard_take(&h)))
		kmem_cache_free(h.cache, item);
	TOUR_CHECK(t, kmem_cache_shrink(h.cache) == 0);
	kmem_cache_destroy(h.cache);
}

/* ---- balance ---------------------------------------------------------- */

void tour_objects_take(struct slab_totals *totals)
{
	vm_unmap_aliases();
	kvfree_rcu_barrier();
	rcu_barrier();
	kmem_caches_reap_all();
	slab_totals_read(totals);
}

void tour_objects_compare(struct tour *t, const struct slab_totals *before)
{
	struct slab_totals now;

	tour_objects_take(&now);
	TOUR_CHECK(t, now.objects == before->objects);
	TOUR_CHECK(t, now.pages <= before->pages);
	TOUR_CHECK(t, kmem_cache_check(NULL) == 0);
	if (now.objects != before->objects)
		pr_err("tour: %lu objects in use, were %lu\n", now.objects,
		       before->objects);
}
