// SPDX-License-Identifier: MIT
/*
 * Pools: how many elements there are when memory has none, who gets them and
 * in which order, and that none is lost. Most cases use a pair of their own,
 * whose memory can be made to have none.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include <octavo/fail_page.h>

#include "log_capture.h"
#include "page_snapshot.h"
#include "threads.h"

#define MIN_NR	7		/* of most pools */
#define NR	20		/* elements at once */
#define WAITERS	4

static struct {
	atomic_t none;		/* memory has nothing */
	atomic_t out;		/* elements that it has given */
	gfp_t gfp[4];		/* of the first requests */
	unsigned int calls;	/* how many; 4: they are not noted */
} memory;

static void *elements[NR];

static void *own_alloc(gfp_t gfp, void *pool_data)
{
	void *element;

	if (memory.calls < ARRAY_SIZE(memory.gfp))
		memory.gfp[memory.calls++] = gfp;
	if (atomic_read(&memory.none))
		return NULL;
	element = kmalloc((size_t)pool_data, gfp);
	if (element)
		atomic_inc(&memory.out);
	return element;
}

static void own_free(void *element, void *pool_data)
{
	atomic_dec(&memory.out);
	kfree(element);
}

static int mempool_test_init(struct kunit *test)
{
	memset(&memory, 0, sizeof(memory));
	return 0;
}

static void mempool_test_exit(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, atomic_read(&memory.out), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_check(NULL), 0);
	percpu_check();
}

static mempool_t *own_pool(struct kunit *test, int min_nr)
{
	mempool_t *pool = mempool_create(min_nr, own_alloc, own_free,
					 (void *)48UL);

	KUNIT_ASSERT_NOT_NULL(test, pool);
	memory.calls = ARRAY_SIZE(memory.gfp);
	return pool;
}

/* Takes elements until there are none; how many. */
static int take_all(mempool_t *pool, gfp_t gfp)
{
	int n = 0;

	while (n < NR && (elements[n] = mempool_alloc(pool, gfp)))
		n++;
	return n;
}

static void give_all(mempool_t *pool, int n)
{
	while (n)
		mempool_free(elements[--n], pool);
}

/* ---- pairs ------------------------------------------------------------ */

static void pair_run(struct kunit *test, mempool_t *pool, bool pages)
{
	int i;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	KUNIT_EXPECT_TRUE(test, mempool_initialized(pool));
	KUNIT_EXPECT_TRUE(test, mempool_is_saturated(pool));
	for (i = 0; i < NR; i++) {
		elements[i] = mempool_alloc(pool, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, elements[i]);
		memset(pages ? page_address(elements[i]) : elements[i], i, 40);
	}
	KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);
	give_all(pool, NR);
	KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);
}

static void pairs_run(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("pool", 60, 0, 0, NULL);
	mempool_t *pool;

	pool = mempool_create_slab_pool(MIN_NR, cache);
	pair_run(test, pool, false);
	mempool_destroy(pool);
	pool = mempool_create_kmalloc_pool(MIN_NR, 300);
	pair_run(test, pool, false);
	mempool_destroy(pool);
	pool = mempool_create_kmalloc_pool(MIN_NR, 40000);
	pair_run(test, pool, false);
	mempool_destroy(pool);
	pool = mempool_create_page_pool(MIN_NR, 1);
	pair_run(test, pool, true);
	mempool_destroy(pool);
	kmem_cache_destroy(cache);
}

static void pairs_test(struct kunit *test)
{
	pairs_run(test);
}

static void init_pairs_test(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("pool", 60, 0, 0, NULL);
	mempool_t pool;

	KUNIT_ASSERT_EQ(test, mempool_init_slab_pool(&pool, MIN_NR, cache), 0);
	pair_run(test, &pool, false);
	mempool_exit(&pool);
	KUNIT_EXPECT_FALSE(test, mempool_initialized(&pool));
	KUNIT_ASSERT_EQ(test, mempool_init_kmalloc_pool(&pool, MIN_NR, 100),
			0);
	pair_run(test, &pool, false);
	mempool_exit(&pool);
	KUNIT_ASSERT_EQ(test, mempool_init_page_pool(&pool, MIN_NR, 0), 0);
	pair_run(test, &pool, true);
	mempool_exit(&pool);
	/* A second time, and what never was one. */
	mempool_exit(&pool);
	memset(&pool, 0, sizeof(pool));
	mempool_exit(&pool);
	mempool_destroy(NULL);
	kmem_cache_destroy(cache);
}

static void nodes_test(struct kunit *test)
{
	int nid;

	for_each_online_node(nid) {
		mempool_t *pool = mempool_create_node(MIN_NR, own_alloc,
						      own_free, (void *)48UL,
						      GFP_KERNEL, nid);

		pair_run(test, pool, false);
		mempool_destroy(pool);
	}
}

/* ---- the reserve ------------------------------------------------------ */

static void reserve_test(struct kunit *test)
{
	mempool_t *pool = own_pool(test, MIN_NR);
	int n;

	atomic_set(&memory.none, 1);
	n = take_all(pool, GFP_ATOMIC);
	KUNIT_EXPECT_EQ(test, n, MIN_NR);
	KUNIT_EXPECT_FALSE(test, mempool_is_saturated(pool));
	KUNIT_EXPECT_NULL(test, mempool_alloc(pool, GFP_NOWAIT));
	KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);
	give_all(pool, n);
	/* Memory got none of them. */
	KUNIT_EXPECT_EQ(test, atomic_read(&memory.out), MIN_NR);
	KUNIT_EXPECT_TRUE(test, mempool_is_saturated(pool));
	atomic_set(&memory.none, 0);
	n = take_all(pool, GFP_ATOMIC);
	KUNIT_EXPECT_EQ(test, n, NR);
	KUNIT_EXPECT_EQ(test, atomic_read(&memory.out), NR + MIN_NR);
	give_all(pool, n);
	KUNIT_EXPECT_EQ(test, atomic_read(&memory.out), MIN_NR);
	mempool_destroy(pool);
}

static void preallocated_test(struct kunit *test)
{
	mempool_t *pool = own_pool(test, MIN_NR);
	int n = 0;

	memory.calls = 0;
	while (n < NR && (elements[n] = mempool_alloc_preallocated(pool)))
		n++;
	KUNIT_EXPECT_EQ(test, n, MIN_NR);
	KUNIT_EXPECT_EQ(test, memory.calls, 0U);
	KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);
	/* What others have does not matter. */
	elements[n] = mempool_alloc(pool, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, elements[n]);
	KUNIT_EXPECT_EQ(test, atomic_read(&memory.out), MIN_NR + 1);
	give_all(pool, n + 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&memory.out), MIN_NR);
	mempool_destroy(pool);
}

/* What memory is asked for, first and then. */
static void gfp_test(struct kunit *test)
{
	const gfp_t always = __GFP_NOMEMALLOC | __GFP_NORETRY | __GFP_NOWARN;
	mempool_t *pool = own_pool(test, 1);
	void *element;

	memory.calls = 0;
	element = mempool_alloc(pool, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, memory.gfp[0], ((GFP_KERNEL | always) &
			~(__GFP_DIRECT_RECLAIM | __GFP_IO)));
	mempool_free(element, pool);
	atomic_set(&memory.none, 1);
	element = mempool_alloc(pool, GFP_NOIO);
	KUNIT_EXPECT_NOT_NULL(test, element);
	KUNIT_EXPECT_EQ(test, memory.calls, 2U);
	KUNIT_EXPECT_EQ(test, memory.gfp[1],
			((GFP_NOIO | always) & ~__GFP_DIRECT_RECLAIM));
	memory.calls = 0;
	KUNIT_EXPECT_NULL(test, mempool_alloc(pool, GFP_ATOMIC));
	KUNIT_EXPECT_EQ(test, memory.gfp[0], (GFP_ATOMIC | always));
	KUNIT_EXPECT_EQ(test, memory.calls, 1U);
	mempool_free(element, pool);
	mempool_destroy(pool);
}

static void atomic_test(struct kunit *test)
{
	mempool_t *pool = own_pool(test, MIN_NR);
	unsigned long flags;
	int n;

	atomic_set(&memory.none, 1);
	local_irq_save(flags);
	n = take_all(pool, GFP_ATOMIC);
	give_all(pool, n);
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, n, MIN_NR);
	KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);
	mempool_destroy(pool);
}

/* ---- the machine without memory --------------------------------------- */

static u64 chain;	/* pages held: PFN + 1, linked by private; 0: none */

static void exhaust(void)
{
	const gfp_t gfp = GFP_KERNEL | __GFP_MEMALLOC | __GFP_NORETRY |
			  __GFP_NOWARN;
	struct page *page;

	while ((page = alloc_page(gfp))) {
		set_page_private(page, chain);
		chain = page_to_pfn(page) + 1;
	}
}

static void relent(void)
{
	while (chain) {
		struct page *page = pfn_to_page((unsigned long)chain - 1);

		chain = page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
}

/* Objects that caches have at hand: linked by their first word. */
static void **hoard_objects(void *(*alloc)(gfp_t, void *), void *data)
{
	void **hoard = NULL, **p;

	while ((p = alloc(GFP_ATOMIC | __GFP_NOWARN, data))) {
		*p = hoard;
		hoard = p;
	}
	return hoard;
}

static void hoard_free(void **hoard)
{
	while (hoard) {
		void **next = *hoard;

		kfree(hoard);
		hoard = next;
	}
}

static void exhausted_run(struct kunit *test, mempool_t *pool)
{
	void **hoard = NULL;
	int n;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	exhaust();
	if (pool->alloc != mempool_alloc_pages)
		hoard = hoard_objects(pool->alloc, pool->pool_data);
	n = take_all(pool, GFP_ATOMIC | __GFP_MEMALLOC);
	KUNIT_EXPECT_EQ(test, n, MIN_NR);
	give_all(pool, n);
	/* One that may sleep finds the reserve before it waits. */
	for (n = 0; n < MIN_NR; n++)
		elements[n] = mempool_alloc(pool, GFP_KERNEL);
	KUNIT_EXPECT_NULL(test, mempool_alloc(pool, GFP_ATOMIC));
	give_all(pool, n);
	KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);
	hoard_free(hoard);
	relent();
	mempool_destroy(pool);
}

static void exhausted_test(struct kunit *test)
{
	struct kmem_cache *cache;

	if (totalram_pages() > 1UL << 16)
		kunit_skip(test, "a large machine");
	cache = kmem_cache_create("pool", 640, 0, SLAB_NO_MERGE, NULL);
	exhausted_run(test, mempool_create_slab_pool(MIN_NR, cache));
	exhausted_run(test, mempool_create_kmalloc_pool(MIN_NR, 1000));
	exhausted_run(test, mempool_create_kmalloc_pool(MIN_NR, 16384));
	exhausted_run(test, mempool_create_page_pool(MIN_NR, 0));
	exhausted_run(test, mempool_create_page_pool(MIN_NR, 3));
	kmem_cache_destroy(cache);
}

/* ---- waiting ---------------------------------------------------------- */

struct waiter {
	struct test_thread thread;
	mempool_t *pool;
	atomic_t served;	/* which place among the served, from 1 on */
	void *element;
};

static struct waiter waiters[WAITERS];
static atomic_t nr_served;

static void wait_for_one(void *arg)
{
	struct waiter *w = arg;

	w->element = mempool_alloc(w->pool, GFP_KERNEL);
	atomic_set_release(&w->served, atomic_inc_return(&nr_served));
}

static int queue_length(mempool_t *pool)
{
	unsigned long flags;
	int n;

	spin_lock_irqsave(&pool->lock, flags);
	n = pool->nr_waiting;
	spin_unlock_irqrestore(&pool->lock, flags);
	return n;
}

/* They queue up in this order, on all CPUs. */
static void waiters_start(struct kunit *test, mempool_t *pool, int nr)
{
	int i;

	atomic_set(&nr_served, 0);
	for (i = 0; i < nr; i++) {
		waiters[i].pool = pool;
		waiters[i].element = NULL;
		atomic_set(&waiters[i].served, 0);
		KUNIT_ASSERT_TRUE(test, test_thread_start(&waiters[i].thread,
					wait_for_one, &waiters[i],
					test_cpu((unsigned int)i)));
		while (queue_length(pool) <= i)
			yield();
	}
}

static void waiters_end(int nr)
{
	while (nr--)
		test_thread_join(&waiters[nr].thread);
}

static void await_served(int i)
{
	while (!atomic_read_acquire(&waiters[i].served))
		yield();
}

/* Each free serves who came first, and nobody who does not wait. */
static void fifo_test(struct kunit *test)
{
	mempool_t *pool = own_pool(test, WAITERS);
	int i;

	atomic_set(&memory.none, 1);
	KUNIT_ASSERT_EQ(test, take_all(pool, GFP_ATOMIC), WAITERS);
	waiters_start(test, pool, WAITERS);
	KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);
	for (i = 0; i < WAITERS; i++) {
		mempool_free(elements[i], pool);
		KUNIT_EXPECT_NULL(test, mempool_alloc(pool, GFP_NOWAIT));
		KUNIT_EXPECT_NULL(test, mempool_alloc_preallocated(pool));
		await_served(i);
		KUNIT_EXPECT_EQ(test, atomic_read(&waiters[i].served), i + 1);
		KUNIT_EXPECT_PTR_EQ(test, waiters[i].element, elements[i]);
	}
	waiters_end(WAITERS);
	for (i = 0; i < WAITERS; i++)
		mempool_free(waiters[i].element, pool);
	KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);
	mempool_destroy(pool);
}

/* Memory has some again: who is woken up looks there. */
static void memory_back_test(struct kunit *test)
{
	mempool_t *pool = own_pool(test, 1);

	atomic_set(&memory.none, 1);
	KUNIT_ASSERT_EQ(test, take_all(pool, GFP_ATOMIC), 1);
	waiters_start(test, pool, 2);
	atomic_set(&memory.none, 0);
	while (!atomic_read_acquire(&waiters[1].served)) {
		wake_up_process(waiters[1].thread.task);
		yield();
	}
	/* The first one waits still, and is served by the next free. */
	KUNIT_EXPECT_EQ(test, queue_length(pool), 1);
	mempool_free(elements[0], pool);
	waiters_end(2);
	KUNIT_EXPECT_PTR_EQ(test, waiters[0].element, elements[0]);
	mempool_free(waiters[0].element, pool);
	mempool_free(waiters[1].element, pool);
	mempool_destroy(pool);
}

/* A pool without a reserve: a free wakes who then asks memory. */
static void zero_test(struct kunit *test)
{
	mempool_t *pool = own_pool(test, 0);
	int i;

	KUNIT_EXPECT_TRUE(test, mempool_is_saturated(pool));
	for (i = 0; i < 2; i++)
		elements[i] = mempool_alloc(pool, GFP_KERNEL);
	atomic_set(&memory.none, 1);
	KUNIT_EXPECT_NULL(test, mempool_alloc(pool, GFP_ATOMIC));
	waiters_start(test, pool, 2);
	KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);
	atomic_set(&memory.none, 0);
	give_all(pool, 2);
	waiters_end(2);
	for (i = 0; i < 2; i++)
		mempool_free(waiters[i].element, pool);
	KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);
	mempool_destroy(pool);
}

/* ---- resizing --------------------------------------------------------- */

static void resize_test(struct kunit *test)
{
	static const int sizes[] = { 1, 20, 3, 19, 19, 2, 7, 1 };
	mempool_t *pool = own_pool(test, MIN_NR);
	unsigned int i;
	int n;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		KUNIT_EXPECT_EQ(test, mempool_resize(pool, sizes[i]), 0);
		KUNIT_EXPECT_EQ(test, atomic_read(&memory.out), sizes[i]);
		atomic_set(&memory.none, 1);
		n = take_all(pool, GFP_ATOMIC);
		atomic_set(&memory.none, 0);
		KUNIT_EXPECT_EQ(test, n, sizes[i]);
		KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);
		give_all(pool, n);
	}
	mempool_destroy(pool);
}

/* While all are out: more go to who waits, fewer come back. */
static void resize_out_test(struct kunit *test)
{
	mempool_t *pool = own_pool(test, 2);
	int i;

	KUNIT_ASSERT_EQ(test, mempool_resize(pool, 40), 0);
	for (i = 0; i < NR; i++)
		elements[i] = mempool_alloc_preallocated(pool);
	KUNIT_EXPECT_EQ(test, mempool_resize(pool, 5), 0);
	KUNIT_EXPECT_EQ(test, pool->curr_nr, 5);
	give_all(pool, NR);
	KUNIT_EXPECT_EQ(test, atomic_read(&memory.out), 5);
	atomic_set(&memory.none, 1);
	KUNIT_EXPECT_EQ(test, take_all(pool, GFP_ATOMIC), 5);
	waiters_start(test, pool, 2);
	KUNIT_EXPECT_EQ(test, mempool_resize(pool, 8), -ENOMEM);
	KUNIT_EXPECT_EQ(test, pool->min_nr, 5);
	atomic_set(&memory.none, 0);
	/* The waiters are not told that memory has some; the pool tells. */
	KUNIT_EXPECT_EQ(test, mempool_resize(pool, 8), 0);
	waiters_end(2);
	KUNIT_EXPECT_EQ(test, pool->curr_nr, 1);
	KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);
	give_all(pool, 5);
	for (i = 0; i < 2; i++)
		mempool_free(waiters[i].element, pool);
	KUNIT_EXPECT_EQ(test, pool->curr_nr, 8);
	KUNIT_EXPECT_EQ(test, atomic_read(&memory.out), 8);
	mempool_destroy(pool);
}

#define LOAD_ROUNDS	300

static atomic_t load_wrong;

/* Writes into what it has, and finds it again. */
static void load(void *arg)
{
	mempool_t *pool = arg;
	unsigned long *e[3];
	unsigned int i, k;

	for (i = 0; i < LOAD_ROUNDS; i++) {
		for (k = 0; k < 3; k++) {
			e[k] = mempool_alloc(pool, k ? GFP_ATOMIC :
					     GFP_KERNEL);
			if (e[k])
				*e[k] = (unsigned long)&e[k];
		}
		atomic_set(&memory.none, i % 3 != 0);
		cond_resched();
		for (k = 0; k < 3; k++) {
			if (e[k] && *e[k] != (unsigned long)&e[k])
				atomic_inc(&load_wrong);
			mempool_free(e[k], pool);
		}
	}
}

static void resize_load_test(struct kunit *test)
{
	struct test_thread t[WAITERS];
	mempool_t *pool = own_pool(test, 1);
	unsigned int i, k;

	atomic_set(&load_wrong, 0);
	for (i = 0; i < WAITERS; i++)
		KUNIT_ASSERT_TRUE(test, test_thread_start(&t[i], load, pool,
							  test_cpu(i)));
	for (k = 0; k < LOAD_ROUNDS; k++) {
		int err = mempool_resize(pool, (int)(k * 7 % 23) + 1);

		KUNIT_EXPECT_TRUE(test, err == 0 || err == -ENOMEM);
		cond_resched();
	}
	for (i = 0; i < WAITERS; i++)
		test_thread_join(&t[i]);
	KUNIT_EXPECT_EQ(test, atomic_read(&load_wrong), 0);
	KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);
	KUNIT_EXPECT_EQ(test, pool->curr_nr, pool->min_nr);
	mempool_destroy(pool);
}

/* ---- what goes wrong -------------------------------------------------- */

static void bad_arguments_test(struct kunit *test)
{
	struct log_capture log;
	mempool_t *pool = own_pool(test, 1);
	mempool_t own;

	log_capture_start(&log);
	KUNIT_EXPECT_NULL(test, mempool_create(-1, own_alloc, own_free, NULL));
	KUNIT_EXPECT_NULL(test, mempool_create(1, NULL, own_free, NULL));
	KUNIT_EXPECT_EQ(test, mempool_init(&own, 1, own_alloc, NULL, NULL),
			-EINVAL);
	KUNIT_EXPECT_FALSE(test, mempool_initialized(&own));
	KUNIT_EXPECT_EQ(test, mempool_resize(pool, 0), -EINVAL);
	/* The array alone is more than there can be. */
	KUNIT_EXPECT_EQ(test, mempool_resize(pool, INT_MAX), -ENOMEM);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			  "mempool_init: a pool of -1 elements"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			  "mempool_resize: to 0 elements"));
	KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);
	mempool_destroy(pool);
}

/* It is reported, stays as it was, and ends when they have come back. */
static void elements_out_test(struct kunit *test)
{
	mempool_t *pool = own_pool(test, 2);
	struct log_capture log;
	int n;

	n = take_all(pool, GFP_KERNEL);
	log_capture_start(&log);
	mempool_destroy(pool);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			  "BUG: mempool_destroy: 20 elements of the pool are out, 0 users wait"));
	KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);
	give_all(pool, n);
	mempool_destroy(pool);
}

static void wrong_free_test(struct kunit *test)
{
	mempool_t *pool = mempool_create_kmalloc_pool(2, 64);
	struct log_capture log;
	void *a, *b;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	a = mempool_alloc_preallocated(pool);
	b = mempool_alloc_preallocated(pool);
	log_capture_start(&log);
	mempool_free((char *)a + 8, pool);
	mempool_free(a, pool);
	mempool_free(a, pool);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			  "not the start of an object"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			  "BUG: Bad mempool free in process"));
	KUNIT_EXPECT_EQ(test, pool->curr_nr, 1);
	KUNIT_EXPECT_EQ(test, mempool_check(pool), 0);
	mempool_free(b, pool);
	mempool_free(NULL, pool);
	mempool_destroy(pool);
}

static struct kunit_case mempool_cases[] = {
	KUNIT_CASE(pairs_test),
	KUNIT_CASE(init_pairs_test),
	KUNIT_CASE(nodes_test),
	KUNIT_CASE(reserve_test),
	KUNIT_CASE(preallocated_test),
	KUNIT_CASE(gfp_test),
	KUNIT_CASE(atomic_test),
	KUNIT_CASE(exhausted_test),
	KUNIT_CASE(fifo_test),
	KUNIT_CASE(memory_back_test),
	KUNIT_CASE(zero_test),
	KUNIT_CASE(resize_test),
	KUNIT_CASE(resize_out_test),
	KUNIT_CASE(resize_load_test),
	KUNIT_CASE(bad_arguments_test),
	KUNIT_CASE(elements_out_test),
	KUNIT_CASE(wrong_free_test),
	{}
};

static struct kunit_suite mempool_suite = {
	.name = "mempool",
	.init = mempool_test_init,
	.exit = mempool_test_exit,
	.test_cases = mempool_cases,
};
kunit_test_suite(mempool_suite);
