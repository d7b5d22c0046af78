// SPDX-License-Identifier: MIT
/*
 * The tour's steps about pools and per-CPU data.
 *
 *   pools      every call, with each stock pair; on each node
 *   reserve    all memory of the machine is taken: each pool still has what
 *              it promised, and nothing else has anything
 *   waiting    a thread on each CPU waits for an element; each is served in
 *              turn, by frees on another CPU
 *   resize     the size changes while threads on all CPUs use the pool
 *   per-CPU    objects of all sizes and alignments, from any context, each
 *              CPU's copy in its own node's memory; chunks come and go
 *
 * Nothing of it is left afterwards: the tour's last step counts the pages.
 */
#include "tour.h"

#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/string.h>

#define TOUR_MIN	8	/* elements of a pool's reserve */
#define TOUR_ELEMENTS	(2 * TOUR_MIN)
#define TOUR_CPUS	8	/* that take part, at most */
#define TOUR_ROUNDS	200	/* of each thread, and of resizes */

/* ---- pools ------------------------------------------------------------ */

static void pool_calls(struct tour *t, mempool_t *pool)
{
	void *e[TOUR_ELEMENTS];
	int i;

	TOUR_CHECK(t, mempool_initialized(pool));
	TOUR_CHECK(t, mempool_is_saturated(pool));
	for (i = 0; i < TOUR_ELEMENTS; i++)
		e[i] = mempool_alloc(pool, GFP_KERNEL);
	for (i = 0; i < TOUR_ELEMENTS; i++) {
		TOUR_CHECK(t, e[i]);
		mempool_free(e[i], pool);
	}
	for (i = 0; i < TOUR_MIN; i++)
		e[i] = mempool_alloc_preallocated(pool);
	TOUR_CHECK(t, !mempool_alloc_preallocated(pool));
	TOUR_CHECK(t, !mempool_is_saturated(pool));
	TOUR_CHECK(t, mempool_check(pool) == 0);
	for (i = 0; i < TOUR_MIN; i++) {
		TOUR_CHECK(t, e[i]);
		mempool_free(e[i], pool);
	}
	mempool_free(NULL, pool);
	TOUR_CHECK(t, mempool_is_saturated(pool));
	TOUR_CHECK(t, mempool_resize(pool, 3 * TOUR_MIN) == 0);
	TOUR_CHECK(t, pool->curr_nr == 3 * TOUR_MIN);
	TOUR_CHECK(t, mempool_resize(pool, 1) == 0);
	TOUR_CHECK(t, pool->curr_nr == 1);
	TOUR_CHECK(t, mempool_check(pool) == 0);
}

static void pool_created(struct tour *t, mempool_t *pool)
{
	if (!TOUR_CHECK(t, pool))
		return;
	pool_calls(t, pool);
	mempool_destroy(pool);
}

static void pool_embedded(struct tour *t, mempool_t *pool, int err)
{
	if (!TOUR_CHECK(t, !err))
		return;
	pool_calls(t, pool);
	mempool_exit(pool);
	TOUR_CHECK(t, !mempool_initialized(pool));
}

void tour_pools(struct tour *t)
{
	struct kmem_cache *cache = kmem_cache_create("tour", 96, 0, 0, NULL);
	mempool_t own;
	int nid;

	if (!TOUR_CHECK(t, cache))
		return;
	pool_created(t, mempool_create_slab_pool(TOUR_MIN, cache));
	pool_created(t, mempool_create_kmalloc_pool(TOUR_MIN, 500));
	pool_created(t, mempool_create_page_pool(TOUR_MIN, 1));
	pool_created(t, mempool_create(TOUR_MIN, mempool_kmalloc,
				       mempool_kfree, (void *)20000UL));
	for_each_online_node(nid)
		pool_created(t, mempool_create_node(TOUR_MIN,
				mempool_alloc_slab, mempool_free_slab, cache,
				GFP_KERNEL, nid));
	pool_embedded(t, &own, mempool_init_slab_pool(&own, TOUR_MIN, cache));
	pool_embedded(t, &own, mempool_init_kmalloc_pool(&own, TOUR_MIN, 64));
	pool_embedded(t, &own, mempool_init_page_pool(&own, TOUR_MIN, 0));
	pool_embedded(t, &own, mempool_init_node(&own, TOUR_MIN,
			mempool_kmalloc, mempool_kfree, (void *)64UL,
			GFP_NOWAIT, 0));
	kmem_cache_destroy(cache);
}

/* ---- the reserve ------------------------------------------------------ */

/* All pages of the machine; chained through `private`: PFN + 1; 0 ends. */
static u64 memory_take(void)
{
	const gfp_t gfp = GFP_KERNEL | __GFP_MEMALLOC | __GFP_NORETRY |
			  __GFP_NOWARN;
	struct page *page;
	u64 chain = 0;

	while ((page = alloc_page(gfp))) {
		set_page_private(page, chain);
		chain = page_to_pfn(page) + 1;
	}
	return chain;
}

static void memory_give(u64 chain)
{
	while (chain) {
		struct page *page = pfn_to_page((unsigned long)chain - 1);

		chain = page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
}

/* Objects that CPUs have at hand; linked by their first word. */
static void **objects_take(const mempool_t *pool)
{
	void **objects = NULL, **p;

	if (pool->alloc == mempool_alloc_pages)
		return NULL;
	while ((p = pool->alloc(GFP_ATOMIC | __GFP_NOWARN, pool->pool_data))) {
		*p = objects;
		objects = p;
	}
	return objects;
}

static void reserve_hold(struct tour *t, mempool_t *pool)
{
	void *e[TOUR_MIN], **objects, **next;
	u64 chain;
	int n;

	if (!TOUR_CHECK(t, pool))
		return;
	chain = memory_take();
	objects = objects_take(pool);
	/* Asked by who may sleep: it need not. */
	for (n = 0; n < TOUR_MIN; n++)
		e[n] = mempool_alloc(pool, n % 2 ? GFP_ATOMIC : GFP_KERNEL);
	for (n = 0; n < TOUR_MIN; n++)
		TOUR_CHECK(t, e[n]);
	TOUR_CHECK(t, !mempool_alloc(pool, GFP_ATOMIC | __GFP_MEMALLOC));
	TOUR_CHECK(t, !alloc_page(GFP_ATOMIC | __GFP_MEMALLOC | __GFP_NOWARN));
	for (n = 0; n < TOUR_MIN; n++)
		mempool_free(e[n], pool);
	TOUR_CHECK(t, mempool_check(pool) == 0);
	for (; objects; objects = next) {
		next = *objects;
		kfree(objects);
	}
	memory_give(chain);
	mempool_destroy(pool);
}

void tour_pool_reserve(struct tour *t)
{
	struct kmem_cache *cache;

	cache = kmem_cache_create("tour", 640, 0, SLAB_NO_MERGE, NULL);
	if (!TOUR_CHECK(t, cache))
		return;
	reserve_hold(t, mempool_create_slab_pool(TOUR_MIN, cache));
	reserve_hold(t, mempool_create_kmalloc_pool(TOUR_MIN, 3000));
	reserve_hold(t, mempool_create_page_pool(TOUR_MIN, 0));
	kmem_cache_destroy(cache);
}

/* ---- threads on a pool ------------------------------------------------ */

struct tour_thread {
	mempool_t *pool;
	struct task_struct *task;	/* NULL: could not be made */
	struct completion done;
	void *element;			/* what who waited got */
	int place;			/* in the order of being served */
	unsigned int wrong;		/* elements that were others' as well */
	unsigned int got;		/* elements */
};

static struct tour_state {
	struct tour_thread thread[TOUR_CPUS];
	unsigned int nr;
	atomic_t served;
} *tour_state_of(mempool_t *pool)
{
	return pool->pool_data;
}

/* A pair without memory: the reserve is all there is. */
static void *dry_alloc(gfp_t gfp, void *pool_data)
{
	struct tour_state *s = pool_data;

	/* At first, for the reserve. */
	return atomic_read(&s->served) < 0 ? kmalloc(64, gfp) : NULL;
}

static void dry_free(void *element, void *pool_data)
{
	kfree(element);
}

static int waiting_fn(void *arg)
{
	struct tour_thread *thread = arg;
	struct tour_state *s = tour_state_of(thread->pool);

	thread->element = mempool_alloc(thread->pool, GFP_KERNEL);
	thread->place = atomic_inc_return(&s->served);
	complete(&thread->done);
	return 0;
}

static void thread_start(struct tour *t, struct tour_thread *thread,
			 int (*fn)(void *), mempool_t *pool, unsigned int cpu)
{
	thread->pool = pool;
	init_completion(&thread->done);
	thread->task = kthread_create_on_cpu(fn, thread, cpu, "pool/%u");
	if (!TOUR_CHECK(t, !IS_ERR(thread->task))) {
		thread->task = NULL;
		return;
	}
	get_task_struct(thread->task);
	wake_up_process(thread->task);
}

static void thread_end(struct tour_thread *thread)
{
	if (!thread->task)
		return;
	wait_for_completion(&thread->done);
	kthread_stop(thread->task);
	put_task_struct(thread->task);
}

static int pool_queue(mempool_t *pool)
{
	return READ_ONCE(pool->nr_waiting);
}

/* One thread on each CPU queues up behind the one before. */
static void waiting_start(struct tour *t, struct tour_state *s,
			  mempool_t *pool)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		if (s->nr == TOUR_CPUS)
			break;
		thread_start(t, &s->thread[s->nr], waiting_fn, pool, cpu);
		s->nr++;
		while (pool_queue(pool) < (int)s->nr)
			msleep(1);
	}
}

static void waiting_run(struct tour *t, struct tour_state *s, mempool_t *pool)
{
	void *e[TOUR_CPUS];
	unsigned int i;

	atomic_set(&s->served, 0);
	for (i = 0; i < TOUR_CPUS; i++) {
		e[i] = mempool_alloc(pool, GFP_KERNEL);
		TOUR_CHECK(t, e[i]);
	}
	waiting_start(t, s, pool);
	TOUR_CHECK(t, mempool_check(pool) == 0);
	for (i = 0; i < s->nr; i++) {
		mempool_free(e[i], pool);
		/* It is not to be had by who did not wait. */
		TOUR_CHECK(t, !mempool_alloc(pool, GFP_ATOMIC));
		thread_end(&s->thread[i]);
		TOUR_CHECK(t, s->thread[i].element == e[i]);
		TOUR_CHECK(t, s->thread[i].place == (int)i + 1);
	}
	for (i = 0; i < TOUR_CPUS; i++)
		mempool_free(i < s->nr ? s->thread[i].element : e[i], pool);
	TOUR_CHECK(t, mempool_check(pool) == 0);
	pr_info("tour: %u threads waited for an element, and were served in turn\n",
		s->nr);
}

void tour_pool_waiting(struct tour *t)
{
	struct tour_state *s = kzalloc(sizeof(*s), GFP_KERNEL);
	mempool_t *pool;

	if (!TOUR_CHECK(t, s))
		return;
	atomic_set(&s->served, -1);
	pool = mempool_create(TOUR_CPUS, dry_alloc, dry_free, s);
	if (TOUR_CHECK(t, pool)) {
		waiting_run(t, s, pool);
		mempool_destroy(pool);
	}
	kfree(s);
}

static int using_fn(void *arg)
{
	struct tour_thread *thread = arg;
	unsigned int i;

	for (i = 0; i < TOUR_ROUNDS; i++) {
		struct tour_thread **e = mempool_alloc(thread->pool,
						       GFP_KERNEL);

		*e = thread;
		thread->got++;
		cond_resched();
		thread->wrong += *e != thread;
		mempool_free(e, thread->pool);
	}
	complete(&thread->done);
	return 0;
}

void tour_pool_resize(struct tour *t)
{
	struct tour_state *s = kzalloc(sizeof(*s), GFP_KERNEL);
	mempool_t *pool = mempool_create_kmalloc_pool(1, 200);
	unsigned int cpu, i;

	if (TOUR_CHECK(t, s && pool)) {
		for_each_online_cpu(cpu)
			if (s->nr < TOUR_CPUS)
				thread_start(t, &s->thread[s->nr++], using_fn,
					     pool, cpu);
		for (i = 0; i < TOUR_ROUNDS; i++)
			TOUR_CHECK(t, !mempool_resize(pool,
						      (int)(i * 7 % 31) + 1));
		for (i = 0; i < s->nr; i++) {
			thread_end(&s->thread[i]);
			TOUR_CHECK(t, s->thread[i].got == TOUR_ROUNDS);
			TOUR_CHECK(t, !s->thread[i].wrong);
		}
		TOUR_CHECK(t, mempool_check(pool) == 0);
		TOUR_CHECK(t, mempool_is_saturated(pool));
	}
	mempool_destroy(pool);
	kfree(s);
}

/* ---- per-CPU data ----------------------------------------------------- */

static void percpu_object(struct tour *t, size_t size, size_t align, gfp_t gfp)
{
	char __percpu *p = __alloc_percpu_gfp(size, align, gfp);
	unsigned int cpu;

	if (!TOUR_CHECK(t, p))
		return;
	for_each_possible_cpu(cpu) {
		char *copy = per_cpu_ptr(p, cpu);

		TOUR_CHECK(t, IS_ALIGNED((unsigned long)copy, align));
		TOUR_CHECK(t, !memchr_inv(copy, 0, size));
		memset(copy, (int)cpu + 1, size);
	}
	for_each_possible_cpu(cpu)
		TOUR_CHECK(t, !memchr_inv(per_cpu_ptr(p, cpu), (int)cpu + 1,
					  size));
	free_percpu(p);
}

static void percpu_typed(struct tour *t)
{
	long __percpu *count = alloc_percpu(long);
	long __percpu *atomic;
	unsigned long flags;
	unsigned int cpu;
	long sum = 0;

	local_irq_save(flags);
	atomic = alloc_percpu_gfp(long, GFP_ATOMIC);
	local_irq_restore(flags);
	if (TOUR_CHECK(t, count && atomic)) {
		this_cpu_inc(*count);
		this_cpu_add(*count, 41);
		for_each_possible_cpu(cpu)
			sum += *per_cpu_ptr(count, cpu);
		TOUR_CHECK(t, sum == 42);
		*get_cpu_ptr(atomic) = 1;
		put_cpu_ptr(atomic);
	}
	free_percpu(count);
	local_irq_save(flags);
	free_percpu(atomic);
	local_irq_restore(flags);
	free_percpu(NULL);
}

/* Each CPU's copy is in memory of its node, as far as that has addresses. */
static void percpu_node_check(struct tour *t, void __percpu *p)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		phys_addr_t at = per_cpu_ptr_to_phys(per_cpu_ptr(p, cpu));
		int nid = cpu_to_node((int)cpu);

		if (tour_low_pages(nid) > 1024)
			TOUR_CHECK(t, page_to_nid(pfn_to_page(PHYS_PFN(at))) ==
				   nid);
	}
}

/* Whole units, until there is a chunk for each; then they go again. */
static void percpu_chunks(struct tour *t)
{
	const struct percpu_state *s = &this_machine()->percpu;
	void __percpu *p[4];
	unsigned int i;

	percpu_shrink();
	for (i = 0; i < ARRAY_SIZE(p); i++) {
		p[i] = __alloc_percpu(PCPU_MIN_UNIT_SIZE, PAGE_SIZE);
		if (TOUR_CHECK(t, p[i]))
			percpu_node_check(t, p[i]);
	}
	TOUR_CHECK(t, s->nr_chunks >= s->nr_boot + ARRAY_SIZE(p));
	for (i = 0; i < ARRAY_SIZE(p); i++)
		free_percpu(p[i]);
	percpu_shrink();
	TOUR_CHECK(t, s->nr_chunks < s->nr_boot + ARRAY_SIZE(p));
}

void tour_percpu(struct tour *t)
{
	const struct percpu_state *s = &this_machine()->percpu;
	unsigned long had = s->nr_objects;
	size_t size;

	for (size = 1; size <= PCPU_MIN_UNIT_SIZE; size *= 2) {
		percpu_object(t, size, 1, GFP_KERNEL);
		percpu_object(t, size - size / 3, size, GFP_ATOMIC);
	}
	percpu_typed(t);
	percpu_chunks(t);
	TOUR_CHECK(t, !__alloc_percpu_gfp(0, 8, GFP_KERNEL | __GFP_NOWARN));
	TOUR_CHECK(t, !__alloc_percpu_gfp(8, 24, GFP_KERNEL | __GFP_NOWARN));
	TOUR_CHECK(t, !__alloc_percpu_gfp(PCPU_MIN_UNIT_SIZE + 1, 8,
					  GFP_KERNEL | __GFP_NOWARN));
	TOUR_CHECK(t, s->nr_objects == had);
	percpu_check();
}
