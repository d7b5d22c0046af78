// SPDX-License-Identifier: MIT
/*
 * Pools of elements that are always there.
 *
 *                 alloc()                      free()
 *   memory ─────────────────────► user ─────────────────────► memory
 *              │ it fails          │  wanted?
 *              ▼                   ▼
 *           reserve ◄───────────── the one who waits longest, else the
 *           0 .. min_nr              reserve while it is not full
 *
 * Terms. The reserve is the elements that the pool keeps; out are those that
 * users have. The pool is short of min_nr - curr_nr elements.
 *
 * An allocation asks memory first, without waiting and without touching what
 * zones keep for others (__GFP_NOMEMALLOC), then the reserve; if it may
 * sleep, then memory again with all that reclaim can do but without ending
 * programs (__GFP_NORETRY), and at last it waits. A free first serves who
 * waits, then the reserve, and only then gives memory back. It sees by one
 * word, `wanted`, that there is nothing of all that to do.
 *
 * That no free passes the reserve by. wanted is read without the lock, but
 * whoever frees an element that was taken from the reserve got it from who
 * took it, after wanted rose; so it sees wanted above 0 until the reserve is
 * full again. As long as the reserve has fewer than min_nr elements, as many
 * are out as it lacks, and one of these frees finds the one who waits.
 *
 * That nobody starves. Who waits stands in a queue, and while it does the
 * reserve is empty (I3): an element that is freed is handed to the first of
 * the queue under the lock, and is out of reach for all others. So each free
 * of a pool with waiters serves one, in the order in which they came. Memory
 * may serve one out of turn, which takes nothing from the others; to see that
 * memory has come back each waiter asks it again every MEMPOOL_RETRY.
 *
 * A pool of 0 has no reserve; its frees go to memory and then wake the first
 * of the queue, which asks memory again. So wanted is never 0 there.
 *
 * Invariants (mempool_check())
 *   I1  0 <= curr_nr <= min_nr
 *   I2  the elements of the reserve differ from each other and from NULL
 *   I3  somebody waits only while the reserve is empty
 *   I4  wanted = min_nr - curr_nr + nr_waiting, and 1 more if min_nr is 0
 *   I5  curr_nr + elements out >= min_nr
 *   I6  nr_waiting is the length of the queue, and who is in it has nothing
 *
 * Locks: pool->lock -> run queue's lock. Elements are allocated and freed
 * outside it. Who waits takes it on the way out, so that its record, which is
 * on its stack, stays while another one writes to it.
 *
 * Failure. Only mempool_create(), mempool_init() and mempool_resize() can
 * find no memory; they leave nothing behind. An element that comes back twice,
 * or is none of the pool's, is one line, and changes nothing.
 */
#include <linux/mempool.h>

#include "internal.h"

#include <linux/errno.h>
#include <linux/instruction_pointer.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

/* Of all that a pool asks of memory. */
#define MEMPOOL_GFP_SET		(__GFP_NOMEMALLOC | __GFP_NORETRY |	\
				 __GFP_NOWARN)
/* Left out while the reserve has not been looked at. */
#define MEMPOOL_GFP_FIRST	(__GFP_DIRECT_RECLAIM | __GFP_IO)
/* Jiffies until a waiter asks memory again: Linux's five seconds. */
#define MEMPOOL_RETRY		(5L * HZ)
/* Elements that a resize takes out under the lock in one go. */
#define MEMPOOL_BATCH		16
/* The newest of the reserve that an element is compared with: its lines fit
 * in what one access to memory costs. */
#define MEMPOOL_COMPARED	32

/* Somebody who waits. l: pool->lock */
struct mempool_waiter {
	struct list_head entry;		/* l: pool->waiting; empty: served */
	struct task_struct *task;	/* constant: who */
	void *element;			/* l, read without: what it was given */
	bool again;			/* l, read without: memory may have some */
};

/* ---- stock pairs ------------------------------------------------------ */

void *mempool_alloc_slab(gfp_t gfp, void *pool_data)
{
	return kmem_cache_alloc(pool_data, gfp);
}

void mempool_free_slab(void *element, void *pool_data)
{
	kmem_cache_free(pool_data, element);
}

void *mempool_kmalloc(gfp_t gfp, void *pool_data)
{
	return kmalloc((size_t)pool_data, gfp);
}

void mempool_kfree(void *element, void *pool_data)
{
	kfree(element);
}

void *mempool_alloc_pages(gfp_t gfp, void *pool_data)
{
	return alloc_pages(gfp, (unsigned int)(long)pool_data);
}

void mempool_free_pages(void *element, void *pool_data)
{
	__free_pages(element, (unsigned int)(long)pool_data);
}

/* ---- what elements are ------------------------------------------------ */

/* The memory of @element that nobody may touch in the reserve; its bytes. */
static void *element_memory(const mempool_t *pool, void *element,
			    size_t *bytes)
{
	if (pool->alloc == mempool_alloc_pages) {
		*bytes = PageHighMem((struct page *)element) ? 0 :
			 PAGE_SIZE << (long)pool->pool_data;
		return page_address(element);
	}
	*bytes = 0;
	if (pool->alloc == mempool_alloc_slab)
		*bytes = kmem_cache_size(pool->pool_data);
	else if (pool->alloc == mempool_kmalloc)
		*bytes = (size_t)pool->pool_data;
	return element;
}

static void element_hide(const mempool_t *pool, void *element)
{
	size_t bytes;

	if (!PORT_CHECKS_MEMORY)
		return;
	element = element_memory(pool, element, &bytes);
	if (bytes)
		port_poison(element, bytes);
}

static void element_show(const mempool_t *pool, void *element)
{
	size_t bytes;

	if (!PORT_CHECKS_MEMORY)
		return;
	element = element_memory(pool, element, &bytes);
	if (bytes)
		port_unpoison(element, bytes);
}

/* Whether @element is of a pair's kind; reported if it is not. */
static bool element_fits(const mempool_t *pool, void *element)
{
	struct kmem_cache *of = NULL;
	const char *fault = NULL;

	if (pool->free == mempool_free_slab)
		fault = slab_free_fault(pool->pool_data, element, &of);
	else if (pool->free == mempool_kfree)
		fault = slab_free_fault(NULL, element, &of);
	if (unlikely(fault))
		slab_report(of, fault, element);
	return !fault;
}

/* Whether the reserve has @element, as far as it is looked at. Lock. */
static bool reserve_has(const mempool_t *pool, const void *element)
{
	int i, end = max(pool->curr_nr - MEMPOOL_COMPARED, 0);

	for (i = pool->curr_nr - 1; i >= end; i--)
		if (pool->elements[i] == element)
			return true;
	return false;
}

static void report_twice(void *element)
{
	const struct task_struct *task = current;

	pr_alert("BUG: Bad mempool free in process %s: double free of %px\n",
		 task ? task->comm : "swapper", element);
	dump_stack();
}

/* ---- the reserve; lock held ------------------------------------------- */

/* After each change, before the lock is given up. */
/* The machine's sums: by so many elements more to be kept, and kept. */
static void sums_add(long wanted, long kept)
{
	atomic_long_add(wanted, &slab_state()->pool_wanted);
	atomic_long_add(kept, &slab_state()->pool_kept);
}

static void wanted_update(mempool_t *pool)
{
	WRITE_ONCE(pool->wanted, pool->min_nr - pool->curr_nr +
		   pool->nr_waiting + !pool->min_nr);
}

static void reserve_put(mempool_t *pool, void *element)
{
	BUG_ON(pool->curr_nr >= pool->min_nr);
	element_hide(pool, element);
	pool->elements[pool->curr_nr] = element;
	WRITE_ONCE(pool->curr_nr, pool->curr_nr + 1);
	sums_add(0, 1);
	wanted_update(pool);
}

/* NULL: it is empty. */
static void *reserve_take(mempool_t *pool)
{
	void *element;

	if (!pool->curr_nr)
		return NULL;
	WRITE_ONCE(pool->curr_nr, pool->curr_nr - 1);
	sums_add(0, -1);
	element = pool->elements[pool->curr_nr];
	element_show(pool, element);
	if (!PLANT(pool_want_unsaid))
		wanted_update(pool);
	return element;
}

static struct mempool_waiter *waiter_first(const mempool_t *pool)
{
	return pool->nr_waiting ? list_first_entry(&pool->waiting,
						   struct mempool_waiter,
						   entry) : NULL;
}

static void waiter_remove(mempool_t *pool, struct mempool_waiter *w)
{
	list_del_init(&w->entry);
	pool->nr_waiting--;
	wanted_update(pool);
}

static void waiter_serve(mempool_t *pool, struct mempool_waiter *w,
			 void *element)
{
	waiter_remove(pool, w);
	WRITE_ONCE(w->element, element);
	wake_up_process(w->task);
}

/* ---- allocation ------------------------------------------------------- */

/*
 * Stands in the queue until an element comes. Every time before it sleeps it
 * asks memory: what is freed to memory after that finds it in the queue.
 */
static void *waiter_sleep(mempool_t *pool, struct mempool_waiter *w, gfp_t gfp)
{
	void *element;

	for (;;) {
		if (!PLANT(pool_again_late))
			WRITE_ONCE(w->again, false);
		element = pool->alloc(gfp, pool->pool_data);
		if (element)
			return element;
		if (PLANT(pool_again_late))
			WRITE_ONCE(w->again, false);
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (!READ_ONCE(w->element) && !READ_ONCE(w->again))
			schedule_timeout(MEMPOOL_RETRY);
		__set_current_state(TASK_RUNNING);
		if (READ_ONCE(w->element))
			return NULL;
	}
}

/*
 * Of a pool of 0: memory may have an element for the first of the queue. Who
 * gets one on the way passes this on, as one look may stand for several frees.
 */
static void waiter_nudge(mempool_t *pool)
{
	struct mempool_waiter *w;
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	w = waiter_first(pool);
	if (w) {
		WRITE_ONCE(w->again, true);
		wake_up_process(w->task);
	}
	spin_unlock_irqrestore(&pool->lock, flags);
}

static void *mempool_wait(mempool_t *pool, gfp_t gfp)
{
	struct mempool_waiter w = { .task = current };
	unsigned long flags;
	void *element;

	spin_lock_irqsave(&pool->lock, flags);
	element = reserve_take(pool);
	if (PLANT(pool_late_in_line)) {
		spin_unlock_irqrestore(&pool->lock, flags);
		spin_lock_irqsave(&pool->lock, flags);
	}
	if (!element) {
		list_add_tail(&w.entry, &pool->waiting);
		pool->nr_waiting++;
		wanted_update(pool);
	}
	spin_unlock_irqrestore(&pool->lock, flags);
	if (element)
		return element;
	element = waiter_sleep(pool, &w, gfp);
	spin_lock_irqsave(&pool->lock, flags);
	if (!list_empty(&w.entry))
		waiter_remove(pool, &w);
	spin_unlock_irqrestore(&pool->lock, flags);
	if (!element)
		return w.element;
	if (!READ_ONCE(pool->min_nr))
		waiter_nudge(pool);
	/* Memory had one, and somebody gave one as well. */
	if (w.element) {
		this_cpu_inc(*pool->out);
		mempool_free(w.element, pool);
	}
	return element;
}

static void *reserve_alloc(mempool_t *pool)
{
	unsigned long flags;
	void *element;

	spin_lock_irqsave(&pool->lock, flags);
	element = reserve_take(pool);
	spin_unlock_irqrestore(&pool->lock, flags);
	return element;
}

/* Memory has said no to who does not wait. */
static noinline void *mempool_alloc_slow(mempool_t *pool, gfp_t gfp)
{
	void *element = reserve_alloc(pool);

	gfp = (gfp | MEMPOOL_GFP_SET) & ~__GFP_ZERO;
	if (!element && gfp & __GFP_DIRECT_RECLAIM) {
		element = pool->alloc(gfp, pool->pool_data);
		if (!element)
			element = mempool_wait(pool, gfp);
	}
	if (element)
		this_cpu_inc(*pool->out);
	return element;
}

static noinline_last void *mempool_alloc_any(mempool_t *pool, gfp_t gfp)
{
	void *element;

	if (gfp & __GFP_DIRECT_RECLAIM && unlikely(!preemptible()))
		gfp = page_gfp_refuse_sleep(gfp, _RET_IP_);
	element = pool->alloc((gfp | MEMPOOL_GFP_SET) &
			      ~(MEMPOOL_GFP_FIRST | __GFP_ZERO),
			      pool->pool_data);
	if (unlikely(!element))
		return mempool_alloc_slow(pool, gfp);
	this_cpu_inc(*pool->out);
	return element;
}

/* Most elements are objects that this CPU keeps: no call for those. */
void *mempool_alloc(mempool_t *pool, gfp_t gfp)
{
	struct kmem_cache *slab = pool->slab;
	void *element = NULL;

	VM_WARN_ON(gfp & __GFP_ZERO);
	if (likely(slab && !(gfp & SLAB_GFP_ODD)))
		element = slab_fast_pop(slab, gfp & __GFP_DIRECT_RECLAIM);
	if (unlikely(!element))
		return mempool_alloc_any(pool, gfp);
	object_leaves(slab, element);
	this_cpu_inc(*pool->out);
	return element;
}

void *mempool_alloc_preallocated(mempool_t *pool)
{
	void *element = reserve_alloc(pool);

	if (element)
		this_cpu_inc(*pool->out);
	return element;
}

/* ---- freeing ---------------------------------------------------------- */

/* What became of an element that was offered. */
enum offer { OFFER_TAKEN, OFFER_TWICE, OFFER_REFUSED };

static enum offer reserve_offer(mempool_t *pool, void *element)
{
	enum offer offer = OFFER_TAKEN;
	struct mempool_waiter *w;
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	w = waiter_first(pool);
	if (unlikely(reserve_has(pool, element)))
		offer = OFFER_TWICE;
	else if (w && !PLANT(pool_passed_by))
		waiter_serve(pool, w, element);
	else if (pool->curr_nr < pool->min_nr)
		reserve_put(pool, element);
	else
		offer = OFFER_REFUSED;
	spin_unlock_irqrestore(&pool->lock, flags);
	return offer;
}

static noinline_last void mempool_free_slow(void *element, mempool_t *pool)
{
	enum offer offer;

	if (!element || !element_fits(pool, element))
		return;
	offer = reserve_offer(pool, element);
	if (unlikely(offer == OFFER_TWICE)) {
		report_twice(element);
		return;
	}
	this_cpu_dec(*pool->out);
	if (offer == OFFER_TAKEN)
		return;
	pool->free(element, pool->pool_data);
	if (!READ_ONCE(pool->min_nr))
		waiter_nudge(pool);
}

static noinline_last void mempool_free_any(void *element, mempool_t *pool)
{
	if (unlikely(!element || READ_ONCE(pool->wanted))) {
		mempool_free_slow(element, pool);
		return;
	}
	this_cpu_dec(*pool->out);
	pool->free(element, pool->pool_data);
}

void mempool_free(void *element, mempool_t *pool)
{
	if (likely(pool->slab && !READ_ONCE(pool->wanted) &&
		   slab_fast_push(pool->slab, false, element)))
		this_cpu_dec(*pool->out);
	else
		mempool_free_any(element, pool);
}

/* ---- making and ending ------------------------------------------------ */

/* Frees elements that no user and no pool has. */
static void elements_free(const mempool_t *pool, void **elements, int nr)
{
	while (nr)
		pool->free(elements[--nr], pool->pool_data);
}

static struct kmem_cache *elements_cache(const mempool_t *pool)
{
	size_t size = (size_t)pool->pool_data;

	if (pool->alloc == mempool_alloc_slab && pool->free == mempool_free_slab)
		return pool->pool_data;
	if (pool->alloc == mempool_kmalloc && pool->free == mempool_kfree &&
	    size - 1 < KMALLOC_MAX_CACHE_SIZE)
		return kmalloc_caches[KMALLOC_NORMAL][kmalloc_class_of(size)];
	return NULL;
}

/* @nr new elements: 0 or -ENOMEM and none. */
static int elements_alloc(const mempool_t *pool, void **elements, int nr,
			  gfp_t gfp)
{
	int i;

	for (i = 0; i < nr; i++) {
		elements[i] = pool->alloc(gfp, pool->pool_data);
		if (!elements[i]) {
			elements_free(pool, elements, i);
			return -ENOMEM;
		}
	}
	return 0;
}

static int mempool_fill(mempool_t *pool, int min_nr, gfp_t gfp)
{
	int i, err = elements_alloc(pool, pool->elements, min_nr, gfp);

	if (err)
		return err;
	for (i = 0; i < min_nr; i++)
		element_hide(pool, pool->elements[i]);
	pool->min_nr = min_nr;
	pool->curr_nr = min_nr;
	sums_add(min_nr, min_nr);
	atomic_long_inc(&slab_state()->nr_pools);
	wanted_update(pool);
	return 0;
}

int mempool_init_node(mempool_t *pool, int min_nr, mempool_alloc_t *alloc_fn,
		      mempool_free_t *free_fn, void *pool_data, gfp_t gfp,
		      int nid)
{
	int err = -ENOMEM;

	memset(pool, 0, sizeof(*pool));
	if (WARN(min_nr < 0 || !alloc_fn || !free_fn,
		 "mempool_init: a pool of %d elements, alloc %ps, free %ps\n",
		 min_nr, alloc_fn, free_fn))
		return -EINVAL;
	pool->alloc = alloc_fn;
	pool->free = free_fn;
	pool->pool_data = pool_data;
	pool->slab = elements_cache(pool);
	spin_lock_init(&pool->lock);
	INIT_LIST_HEAD(&pool->waiting);
	pool->out = alloc_percpu_gfp(long, gfp);
	if (!pool->out)
		return -ENOMEM;
	pool->elements = kmalloc_array_node((size_t)min_nr, sizeof(void *),
					    gfp, nid);
	if (pool->elements)
		err = mempool_fill(pool, min_nr, gfp);
	if (!err)
		return 0;
	kfree(pool->elements);
	pool->elements = NULL;
	free_percpu(pool->out);
	return err;
}

int mempool_init(mempool_t *pool, int min_nr, mempool_alloc_t *alloc_fn,
		 mempool_free_t *free_fn, void *pool_data)
{
	return mempool_init_node(pool, min_nr, alloc_fn, free_fn, pool_data,
				 GFP_KERNEL, NUMA_NO_NODE);
}

mempool_t *mempool_create_node(int min_nr, mempool_alloc_t *alloc_fn,
			       mempool_free_t *free_fn, void *pool_data,
			       gfp_t gfp, int nid)
{
	mempool_t *pool = kmalloc_node(sizeof(*pool), gfp, nid);

	if (!pool)
		return NULL;
	if (!mempool_init_node(pool, min_nr, alloc_fn, free_fn, pool_data, gfp,
			       nid))
		return pool;
	kfree(pool);
	return NULL;
}

mempool_t *mempool_create(int min_nr, mempool_alloc_t *alloc_fn,
			  mempool_free_t *free_fn, void *pool_data)
{
	return mempool_create_node(min_nr, alloc_fn, free_fn, pool_data,
				   GFP_KERNEL, NUMA_NO_NODE);
}

static long mempool_out(const mempool_t *pool)
{
	unsigned int cpu;
	long sum = 0;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(pool->out, cpu));
	return sum;
}

/* False, after a line: users have elements, or wait for one. */
static bool mempool_end(mempool_t *pool, const char *call,
			unsigned long caller)
{
	long out = mempool_out(pool);

	if (out || pool->nr_waiting) {
		pr_err("BUG: %s: %ld elements of the pool are out, %d users wait, when called from %pS: it stays\n",
		       call, out, pool->nr_waiting, (void *)caller);
		dump_stack();
		return false;
	}
	while (pool->curr_nr)
		pool->free(reserve_take(pool), pool->pool_data);
	sums_add(-pool->min_nr, 0);
	atomic_long_dec(&slab_state()->nr_pools);
	kfree(pool->elements);
	free_percpu(pool->out);
	pool->elements = NULL;
	pool->out = NULL;
	return true;
}

void mempool_exit(mempool_t *pool)
{
	might_sleep();
	if (mempool_initialized(pool))
		mempool_end(pool, "mempool_exit", _RET_IP_);
}

void mempool_destroy(mempool_t *pool)
{
	might_sleep();
	if (unlikely(!pool))
		return;
	if (!mempool_initialized(pool) ||
	    mempool_end(pool, "mempool_destroy", _RET_IP_))
		kfree(pool);
}

/* ---- resizing --------------------------------------------------------- */

/* One step down to @min_nr; false: it is there. The lock is let go between
 * steps, so a step may find that others have changed the size as well. */
static bool mempool_shrink_step(mempool_t *pool, int min_nr)
{
	void *excess[MEMPOOL_BATCH];
	unsigned long flags;
	int nr = 0, want;
	bool more;

	spin_lock_irqsave(&pool->lock, flags);
	want = max(min_nr, pool->curr_nr - MEMPOOL_BATCH);
	want = min(want, pool->min_nr);
	while (pool->curr_nr > want)
		excess[nr++] = reserve_take(pool);
	sums_add(want - pool->min_nr, 0);
	WRITE_ONCE(pool->min_nr, want);
	wanted_update(pool);
	more = want > min_nr;
	spin_unlock_irqrestore(&pool->lock, flags);
	elements_free(pool, excess, nr);
	return more;
}

/*
 * Makes @array, whose first @more elements are new, the pool's, if its size
 * is still @was. Returns the former array, or NULL: it is not.
 */
static void **mempool_enlarge(mempool_t *pool, void **array, int was, int more)
{
	void **former = NULL;
	struct mempool_waiter *w;
	unsigned long flags;
	int i;

	spin_lock_irqsave(&pool->lock, flags);
	if (pool->min_nr == was || PLANT(pool_grown_stale)) {
		former = pool->elements;
		for (i = 0; i < more; i++)
			element_hide(pool, array[i]);
		memcpy(array + more, former,
		       (size_t)pool->curr_nr * sizeof(*array));
		pool->elements = array;
		sums_add(was + more - pool->min_nr, more);
		WRITE_ONCE(pool->min_nr, was + more);
		WRITE_ONCE(pool->curr_nr, pool->curr_nr + more);
		while ((w = waiter_first(pool)) && pool->curr_nr)
			waiter_serve(pool, w, reserve_take(pool));
		wanted_update(pool);
	}
	spin_unlock_irqrestore(&pool->lock, flags);
	return former;
}

/* From @was to @min_nr, which is more. -EAGAIN: it was not @was. */
static int mempool_grow(mempool_t *pool, int was, int min_nr)
{
	void **array = kmalloc_array((size_t)min_nr, sizeof(*array),
				     GFP_KERNEL);
	void **former;
	int err;

	if (!array)
		return -ENOMEM;
	err = elements_alloc(pool, array, min_nr - was, GFP_KERNEL);
	if (err)
		goto free;
	former = mempool_enlarge(pool, array, was, min_nr - was);
	if (former) {
		kfree(former);
		return 0;
	}
	elements_free(pool, array, min_nr - was);
	err = -EAGAIN;
free:
	kfree(array);
	return err;
}

int mempool_resize(mempool_t *pool, int new_min_nr)
{
	int was, err;

	might_sleep();
	if (WARN(new_min_nr <= 0, "mempool_resize: to %d elements\n",
		 new_min_nr))
		return -EINVAL;
	do {
		was = READ_ONCE(pool->min_nr);
		if (new_min_nr <= was) {
			while (mempool_shrink_step(pool, new_min_nr))
				;
			return 0;
		}
		err = mempool_grow(pool, was, new_min_nr);
	} while (err == -EAGAIN);
	return err;
}

/* ---- checking --------------------------------------------------------- */

static int check_reserve(const mempool_t *pool)
{
	int i, j;

	if (pool->curr_nr < 0 || pool->curr_nr > pool->min_nr)
		return 1;
	for (i = 0; i < pool->curr_nr; i++) {
		if (!pool->elements[i])
			return 2;
		for (j = 0; j < i; j++)
			if (pool->elements[i] == pool->elements[j])
				return 2;
	}
	return 0;
}

static int check_waiters(const mempool_t *pool)
{
	const struct mempool_waiter *w;
	int n = 0;

	list_for_each_entry(w, &pool->waiting, entry) {
		if (w->element)
			return 6;
		n++;
	}
	if (n != pool->nr_waiting)
		return 6;
	return n && pool->curr_nr ? 3 : 0;
}

int mempool_check(mempool_t *pool)
{
	unsigned long flags;
	int broken;

	spin_lock_irqsave(&pool->lock, flags);
	broken = check_reserve(pool);
	if (!broken)
		broken = check_waiters(pool);
	if (!broken && pool->wanted != pool->min_nr - pool->curr_nr +
				       pool->nr_waiting + !pool->min_nr)
		broken = 4;
	if (!broken && pool->curr_nr + mempool_out(pool) < pool->min_nr)
		broken = 5;
	spin_unlock_irqrestore(&pool->lock, flags);
	return broken;
}
