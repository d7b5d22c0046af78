// SPDX-License-Identifier: MIT
/*
 * Work queues: pools of threads that run what was queued, oldest first.
 *
 *   queue_work() ──> pool: works ... ──> a worker ──> done
 *                    pending = 1         pending = 0
 *
 * A pool belongs to a CPU of a workqueue, or is all of an unbound one. The
 * machine's own workqueue has a pool for each CPU, per-CPU variables all, for
 * which NULL stands. Each pool has its own workers, `max` at most, so that
 * works of it that wait for each other find a thread.
 *
 * The first worker of a pool is made by who needs it, the others by the
 * manager: a thread to which a pool is given when a work waits and no worker
 * is idle. So a work may be queued in any context. A machine of 512 CPUs whose
 * core uses three of them has three workers and no manager.
 *
 * A work waits in one place at most: pending says so. While func runs it may
 * be queued again; it goes to the pool in which it runs, where nobody takes it
 * until that is over. func may free its work, so a worker keeps only the
 * address to compare with, and reads nothing of it after the call.
 *
 * While a CPU does not run, the workers of its pools run elsewhere, as all
 * threads do that are bound to it, and finish what was queued; they return when
 * it does (sched_move.c). What is queued for such a CPU goes to the caller's.
 *
 * Works are numbered in each pool. Who waits for one waits until neither it
 * waits nor runs with the number it has now, so one that queues itself for
 * ever can be waited for.
 *
 * Invariants, under the pool's lock:
 *  I1. A work on works is pending, and its pool is this one.
 *  I2. nr_idle is the number of workers without a current work.
 *  I3. A work is the current one of one worker at most.
 *
 * Lock order: threads.worker_lock (a mutex) -> pool's lock, irq-safe -> wait
 * queues' locks; manager's lock like a pool's, alone.
 */
#include "workqueue.h"

#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/wait.h>

#include <octavo/machine.h>
#include <asm/processor.h>

/*
 * Workers of a pool unless its owner wants fewer: works that wait for each
 * other are rarely more than a handful deep.
 */
#define POOL_WORKERS	16
#define WQ_NAME_LEN	32

/* l: lock of its pool  c: constant */
struct worker {
	struct list_head entry;		/* l: worker_pool.workers */
	struct worker_pool *pool;	/* c */
	struct work_struct *current_work; /* l: runs now, or NULL */
	unsigned long current_seq;	/* l: its number */
	struct task_struct *task;	/* c, once it is on the list */
};

/* l: lock  m: threads.worker_lock, or nobody else knows it yet  c: constant
 * a: atomic */
struct worker_pool {
	spinlock_t lock;
	struct list_head works;		/* l: work_struct.entry */
	struct list_head workers;	/* l: worker.entry */
	unsigned int nr_workers;	/* l */
	unsigned int nr_idle;		/* l */
	unsigned int max;		/* c: workers at most */
	unsigned long next_seq;		/* l */
	int cpu;			/* c: its CPU, or -1 */
	const char *name;		/* c: of the workqueue */
	wait_queue_head_t more;		/* works is not empty, or `stop` */
	wait_queue_head_t idle;		/* a work has been done */
	bool stop;			/* a: workers are to end */
	bool ready;			/* m; a: it has been set up */
	struct list_head wants;		/* manager's lock: on manager.pools */
};

/* c: constant */
struct workqueue_struct {
	char name[WQ_NAME_LEN];		/* c */
	unsigned int flags;		/* c: WQ_* */
	struct worker_pool *pool;	/* c: of an unbound one; else NULL */
	struct worker_pool __percpu *pools;	/* c: else; or NULL */
	bool draining;			/* a: only its own works queue more */
};

/* The machine's, in one CPU's area as good as anywhere: the first one's. */
struct manager {
	spinlock_t lock;
	struct list_head pools;		/* lock: worker_pool.wants */
	wait_queue_head_t more;
	struct task_struct *task;	/* m; a */
};

static DEFINE_PER_CPU_ALIGNED(struct worker_pool, system_pool);
static DEFINE_PER_CPU(struct manager, manager_area);
/* The first worker of each CPU, which is there when memory is not. */
static DEFINE_PER_CPU(struct worker, first_worker);

static struct manager *this_manager(void)
{
	return per_cpu_ptr(&manager_area, cpumask_first(cpu_possible_mask));
}

static struct mutex *worker_lock(void)
{
	return &this_machine()->threads.worker_lock;
}

static void pool_init(struct worker_pool *pool, const char *name, int cpu,
		      unsigned int max)
{
	spin_lock_init(&pool->lock);
	INIT_LIST_HEAD(&pool->works);
	INIT_LIST_HEAD(&pool->workers);
	INIT_LIST_HEAD(&pool->wants);
	init_waitqueue_head(&pool->more);
	init_waitqueue_head(&pool->idle);
	pool->nr_workers = 0;
	pool->nr_idle = 0;
	pool->max = max;
	pool->next_seq = 1;
	pool->cpu = cpu;
	pool->name = name;
	pool->stop = false;
	__atomic_store_n(&pool->ready, true, __ATOMIC_RELEASE);
}

static bool pool_ready(const struct worker_pool *pool)
{
	/* Pairs with the release in pool_init(). */
	return __atomic_load_n(&pool->ready, __ATOMIC_ACQUIRE);
}

/* ---- workers ---------------------------------------------------------- */

/* Whether some worker runs @work. Pool's lock. */
static struct worker *work_runner(struct worker_pool *pool,
				  const struct work_struct *work)
{
	struct worker *w;

	list_for_each_entry(w, &pool->workers, entry)
		if (w->current_work == work)
			return w;
	return NULL;
}

/* The first work that does not run already; NULL. Pool's lock. */
static struct work_struct *pool_first(struct worker_pool *pool)
{
	struct work_struct *work;

	list_for_each_entry(work, &pool->works, entry)
		if (!work_runner(pool, work))
			return work;
	return NULL;
}

/* Whether the manager should be asked for a worker. Pool's lock. */
static bool pool_short(struct worker_pool *pool)
{
	return !pool->nr_idle && pool->nr_workers < pool->max &&
	       !list_empty(&pool->works);
}

static void manager_ask(struct worker_pool *pool)
{
	struct manager *m = this_manager();
	unsigned long flags;

	/* Pairs with the release in workqueue_start(). */
	if (!__atomic_load_n(&m->task, __ATOMIC_ACQUIRE))
		return;
	spin_lock_irqsave(&m->lock, flags);
	if (list_empty(&pool->wants))
		list_add_tail(&pool->wants, &m->pools);
	spin_unlock_irqrestore(&m->lock, flags);
	wake_up(&m->more);
}

/* Ends the work before, takes the next one; NULL: there is none. */
static struct work_struct *worker_take(struct worker *w)
{
	struct worker_pool *pool = w->pool;
	struct work_struct *work;
	bool was = w->current_work != NULL, ask;
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	w->current_work = NULL;
	work = pool_first(pool);
	if (work) {
		list_del_init(&work->entry);
		w->current_work = work;
		w->current_seq = work->seq;
		/* Whoever queues it again from here on finds func not begun. */
		__atomic_store_n(&work->pending, 0, __ATOMIC_RELEASE);
	}
	pool->nr_idle = pool->nr_idle + was - (work != NULL);
	ask = pool_short(pool);
	spin_unlock_irqrestore(&pool->lock, flags);
	if (was)
		wake_up_all(&pool->idle);
	if (ask)
		manager_ask(pool);
	return work;
}

static bool pool_has_work(struct worker_pool *pool)
{
	unsigned long flags;
	bool has;

	spin_lock_irqsave(&pool->lock, flags);
	has = pool_first(pool) != NULL;
	spin_unlock_irqrestore(&pool->lock, flags);
	return has;
}

static int worker_fn(void *arg)
{
	struct worker *w = arg;
	struct worker_pool *pool = w->pool;
	struct work_struct *work;

	current->flags |= PF_WQ_WORKER;
	for (;;) {
		work = worker_take(w);
		if (work) {
			work_func_t func = work->func;
			unsigned int count = preempt_count();

			func(work);
			if (unlikely(preempt_count() != count)) {
				pr_err("BUG: workqueue leaked atomic, lock or RCU: %s[%d] preempt_count %#x\n",
				       current->comm, current->pid,
				       preempt_count());
				preempt_count_sub(preempt_count() - count);
			}
			cond_resched();
			continue;
		}
		if (READ_ONCE(pool->stop))
			return 0;
		___wait_event(pool->more, pool_has_work(pool) ||
			      READ_ONCE(pool->stop), TASK_UNINTERRUPTIBLE, 1,
			      schedule());
	}
}

/*
 * @w becomes a worker of @pool, idle. 0 or -ENOMEM, -EAGAIN. Only one call
 * for a pool at a time.
 */
static int worker_start(struct worker_pool *pool, struct worker *w)
{
	struct task_struct *p;
	unsigned long flags;

	w->pool = pool;
	w->current_work = NULL;
	p = pool->cpu >= 0 ?
	    kthread_create_on_cpu(worker_fn, w, (unsigned int)pool->cpu,
				  "kworker/%u") :
	    kthread_create(worker_fn, w, "kworker/u:%s", pool->name);
	if (IS_ERR(p))
		return (int)PTR_ERR(p);
	get_task_struct(p);
	w->task = p;
	spin_lock_irqsave(&pool->lock, flags);
	list_add_tail(&w->entry, &pool->workers);
	pool->nr_workers++;
	pool->nr_idle++;
	spin_unlock_irqrestore(&pool->lock, flags);
	wake_up_process(p);
	return 0;
}

/* One worker more, whose memory is a page's: the core has no objects yet. */
static int worker_add(struct worker_pool *pool)
{
	struct worker *w = (void *)get_zeroed_page(GFP_KERNEL);
	int err;

	if (!w)
		return -ENOMEM;
	err = worker_start(pool, w);
	if (err)
		free_page((unsigned long)w);
	return err;
}

/* Ends the workers after the work there is. May sleep. */
static void pool_stop(struct worker_pool *pool)
{
	struct manager *m = this_manager();
	struct worker *w, *n;
	unsigned long flags;

	if (__atomic_load_n(&m->task, __ATOMIC_ACQUIRE)) {
		spin_lock_irqsave(&m->lock, flags);
		list_del_init(&pool->wants);
		spin_unlock_irqrestore(&m->lock, flags);
	}
	WRITE_ONCE(pool->stop, true);
	wake_up_all(&pool->more);
	list_for_each_entry_safe(w, n, &pool->workers, entry) {
		kthread_stop(w->task);
		put_task_struct(w->task);
		list_del(&w->entry);
		if (pool->cpu < 0 || w != per_cpu_ptr(&first_worker, pool->cpu))
			free_page((unsigned long)w);
	}
	pool->nr_workers = 0;
	pool->nr_idle = 0;
	__atomic_store_n(&pool->ready, false, __ATOMIC_RELEASE);
}

/* ---- the manager ------------------------------------------------------ */

static struct worker_pool *manager_take(struct manager *m)
{
	struct worker_pool *pool = NULL;
	unsigned long flags;

	spin_lock_irqsave(&m->lock, flags);
	if (!list_empty(&m->pools)) {
		pool = list_first_entry(&m->pools, struct worker_pool, wants);
		list_del_init(&pool->wants);
	}
	spin_unlock_irqrestore(&m->lock, flags);
	return pool;
}

static void pool_help(struct worker_pool *pool)
{
	unsigned long flags;
	bool wanted;
	int err;

	spin_lock_irqsave(&pool->lock, flags);
	wanted = pool_short(pool);
	spin_unlock_irqrestore(&pool->lock, flags);
	if (!wanted)
		return;
	err = worker_add(pool);
	if (!err)
		return;
	/* Workers there are go on; without any, try until there is one. */
	if (!pool->nr_workers) {
		msleep(10);
		manager_ask(pool);
	}
}

static bool manager_has_work(struct manager *m)
{
	unsigned long flags;
	bool has;

	spin_lock_irqsave(&m->lock, flags);
	has = !list_empty(&m->pools);
	spin_unlock_irqrestore(&m->lock, flags);
	return has;
}

static int manager_fn(void *arg)
{
	struct manager *m = arg;
	struct worker_pool *pool;

	while (!kthread_should_stop()) {
		/* The pool stays while the lock is held: pool_stop() of others. */
		mutex_lock(worker_lock());
		pool = manager_take(m);
		if (pool)
			pool_help(pool);
		mutex_unlock(worker_lock());
		if (!pool)
			wait_event(m->more, manager_has_work(m) ||
				   kthread_should_stop());
	}
	return 0;
}

/* Under worker_lock. */
static int manager_start(void)
{
	struct manager *m = this_manager();
	struct task_struct *p;

	if (m->task)
		return 0;
	spin_lock_init(&m->lock);
	INIT_LIST_HEAD(&m->pools);
	init_waitqueue_head(&m->more);
	p = kthread_create(manager_fn, m, "kworker/manager");
	if (IS_ERR(p))
		return (int)PTR_ERR(p);
	get_task_struct(p);
	__atomic_store_n(&m->task, p, __ATOMIC_RELEASE);
	wake_up_process(p);
	return 0;
}

static void manager_stop(void)
{
	struct task_struct *p = this_manager()->task;

	if (!p)
		return;
	__atomic_store_n(&this_manager()->task, NULL, __ATOMIC_RELEASE);
	kthread_stop(p);
	put_task_struct(p);
}

/* ---- the machine's own pools ------------------------------------------ */

/* Under worker_lock. */
static int system_pool_start(unsigned int cpu)
{
	struct worker_pool *pool = per_cpu_ptr(&system_pool, cpu);
	int err;

	if (pool_ready(pool))
		return 0;
	pool_init(pool, "", (int)cpu, POOL_WORKERS);
	err = worker_start(pool, per_cpu_ptr(&first_worker, cpu));
	if (err)
		__atomic_store_n(&pool->ready, false, __ATOMIC_RELEASE);
	return err;
}

int workqueue_start_cpu(unsigned int cpu)
{
	int err;

	if (pool_ready(per_cpu_ptr(&system_pool, cpu)))
		return 0;
	mutex_lock(worker_lock());
	err = system_pool_start(cpu);
	mutex_unlock(worker_lock());
	return err;
}

bool workqueue_ready(void)
{
	return pool_ready(per_cpu_ptr(&system_pool, raw_smp_processor_id()));
}

int workqueue_start(void)
{
	unsigned int cpu;
	int err;

	mutex_lock(worker_lock());
	err = manager_start();
	for_each_online_cpu(cpu)
		err = err ?: system_pool_start(cpu);
	mutex_unlock(worker_lock());
	return err;
}

void workqueue_stop(void)
{
	unsigned int cpu;

	/* It takes the lock itself. */
	manager_stop();
	mutex_lock(worker_lock());
	for_each_possible_cpu(cpu) {
		struct worker_pool *pool = per_cpu_ptr(&system_pool, cpu);

		if (pool_ready(pool))
			pool_stop(pool);
	}
	mutex_unlock(worker_lock());
}

/* ---- queueing --------------------------------------------------------- */

/* The CPU that is meant by @cpu: itself, or this one. */
int wq_cpu(int cpu)
{
	if (cpu < 0 || cpu >= WORK_CPU_UNBOUND || !cpu_online(cpu))
		return (int)raw_smp_processor_id();
	return cpu;
}

/* Where @work goes when somebody asks for @cpu of @wq. */
struct worker_pool *wq_pool(struct workqueue_struct *wq, int cpu)
{
	if (wq && wq->pool)
		return wq->pool;
	cpu = wq_cpu(cpu);
	return wq ? per_cpu_ptr(wq->pools, cpu) :
		    per_cpu_ptr(&system_pool, cpu);
}

/* The pool in which it runs now, if any: there it must go, too. */
static struct worker_pool *work_busy_pool(struct work_struct *work)
{
	struct worker_pool *pool = READ_ONCE(work->pool);
	unsigned long flags;
	bool busy;

	if (!pool || !pool_ready(pool))
		return NULL;
	spin_lock_irqsave(&pool->lock, flags);
	busy = work_runner(pool, work) != NULL;
	spin_unlock_irqrestore(&pool->lock, flags);
	return busy ? pool : NULL;
}

/* It is pending, by the caller. */
static void pool_append(struct worker_pool *pool, struct work_struct *work)
{
	unsigned long flags;
	bool ask;

	spin_lock_irqsave(&pool->lock, flags);
	WRITE_ONCE(work->pool, pool);
	work->seq = pool->next_seq++;
	list_add_tail(&work->entry, &pool->works);
	ask = pool_short(pool);
	spin_unlock_irqrestore(&pool->lock, flags);
	wake_up(&pool->more);
	if (ask)
		manager_ask(pool);
}

void work_append(struct worker_pool *pool, struct work_struct *work)
{
	struct worker_pool *busy = work_busy_pool(work);

	pool_append(busy ? busy : pool, work);
}

/* Makes it the caller's to queue; false: it waits already, or may not. */
bool work_claim(struct work_struct *work)
{
	if (__atomic_load_n(&work->disabled, __ATOMIC_SEQ_CST))
		return false;
	/* The release half orders what func will read before the queueing. */
	return !__atomic_exchange_n(&work->pending, 1, __ATOMIC_ACQ_REL);
}

bool queue_work_on(int cpu, struct workqueue_struct *wq,
		   struct work_struct *work)
{
	struct worker_pool *pool = wq_pool(wq, cpu);

	if (WARN(!work->func, "a work without a function"))
		return false;
	if (WARN(wq && READ_ONCE(wq->draining) &&
		 !(current->flags & PF_WQ_WORKER),
		 "workqueue %s is being drained: work %ps refused",
		 wq->name, work->func))
		return false;
	if (!wq)
		return schedule_work_on(wq_cpu(cpu), work);
	if (!work_claim(work))
		return false;
	work_append(pool, work);
	return true;
}

bool schedule_work_on(int cpu, struct work_struct *work)
{
	struct worker_pool *pool = per_cpu_ptr(&system_pool, cpu);

	if (!work_claim(work))
		return false;
	if (workqueue_start_cpu((unsigned int)cpu)) {
		__atomic_store_n(&work->pending, 0, __ATOMIC_RELEASE);
		work->func(work);
		return true;
	}
	work_append(pool, work);
	return true;
}

bool schedule_work(struct work_struct *work)
{
	return schedule_work_on((int)raw_smp_processor_id(), work);
}

/* ---- waiting ---------------------------------------------------------- */

/* Whether number @seq or one before waits or runs, of @work or (NULL) any. */
static bool pool_busy(struct worker_pool *pool, const struct work_struct *work,
		      unsigned long seq)
{
	struct work_struct *p;
	struct worker *w;
	unsigned long flags;
	bool busy = false;

	spin_lock_irqsave(&pool->lock, flags);
	list_for_each_entry(w, &pool->workers, entry)
		busy |= w->current_work && w->current_seq <= seq &&
			(!work || w->current_work == work);
	list_for_each_entry(p, &pool->works, entry) {
		if (busy || p->seq > seq)
			break;
		busy |= !work || p == work;
	}
	spin_unlock_irqrestore(&pool->lock, flags);
	return busy;
}

bool flush_work(struct work_struct *work)
{
	struct worker_pool *pool = READ_ONCE(work->pool);
	unsigned long seq;

	might_sleep();
	if (!pool || !pool_ready(pool))
		return false;
	seq = READ_ONCE(work->seq);
	if (!pool_busy(pool, work, seq))
		return false;
	wait_event(pool->idle, !pool_busy(pool, work, seq));
	return true;
}

/* Off the queue; whether it was on it. */
bool work_withdraw(struct work_struct *work)
{
	struct worker_pool *pool = READ_ONCE(work->pool);
	unsigned long flags;
	bool was = false;

	if (!pool || !pool_ready(pool))
		return false;
	spin_lock_irqsave(&pool->lock, flags);
	if (work->pool == pool && !list_empty(&work->entry)) {
		list_del_init(&work->entry);
		__atomic_store_n(&work->pending, 0, __ATOMIC_RELEASE);
		was = true;
	}
	spin_unlock_irqrestore(&pool->lock, flags);
	if (was)
		wake_up_all(&pool->idle);
	return was;
}

bool cancel_work(struct work_struct *work)
{
	return work_withdraw(work);
}

bool disable_work(struct work_struct *work)
{
	__atomic_fetch_add(&work->disabled, 1, __ATOMIC_SEQ_CST);
	return work_withdraw(work);
}

/* Until it does not run; nothing queues it. */
void work_wait(struct work_struct *work)
{
	struct worker_pool *pool = READ_ONCE(work->pool);

	if (!pool || !pool_ready(pool))
		return;
	if (WARN(current_work() == work, "a work waits for its own end"))
		return;
	wait_event(pool->idle, !pool_busy(pool, work, ~0UL));
}

bool disable_work_sync(struct work_struct *work)
{
	bool was;

	might_sleep();
	was = disable_work(work);
	/* Claimed before it was disabled, and not queued yet. */
	while (work_pending(work)) {
		was |= work_withdraw(work);
		cpu_relax();
	}
	work_wait(work);
	return was;
}

bool enable_work(struct work_struct *work)
{
	unsigned int left = __atomic_load_n(&work->disabled, __ATOMIC_RELAXED);

	if (WARN(!left, "a work is enabled that was not disabled"))
		return true;
	return __atomic_sub_fetch(&work->disabled, 1, __ATOMIC_SEQ_CST) == 0;
}

bool cancel_work_sync(struct work_struct *work)
{
	bool was = disable_work_sync(work);

	enable_work(work);
	return was;
}

unsigned int work_busy(struct work_struct *work)
{
	return (work_pending(work) ? WORK_BUSY_PENDING : 0) |
	       (work_busy_pool(work) ? WORK_BUSY_RUNNING : 0);
}

struct work_struct *current_work(void)
{
	if (!(current->flags & PF_WQ_WORKER))
		return NULL;
	return ((struct worker *)current->arg)->current_work;
}

/* ---- workqueues ------------------------------------------------------- */

struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags,
					 int max_active, ...)
{
	struct workqueue_struct *wq = (void *)get_zeroed_page(GFP_KERNEL);
	unsigned int cpu, max;
	va_list args;
	int err;

	if (!wq)
		return NULL;
	BUILD_BUG_ON(sizeof(*wq) + sizeof(struct worker_pool) > PAGE_SIZE);
	va_start(args, max_active);
	vsnprintf(wq->name, sizeof(wq->name), fmt, args);
	va_end(args);
	max = max_active > 0 ? min((unsigned int)max_active,
				   (unsigned int)POOL_WORKERS) : POOL_WORKERS;
	wq->flags = flags;
	if (flags & WQ_UNBOUND) {
		wq->pool = (struct worker_pool *)(wq + 1);
		pool_init(wq->pool, wq->name, -1, max);
	} else {
		wq->pools = alloc_percpu(struct worker_pool);
		if (!wq->pools)
			goto fail;
		for_each_possible_cpu(cpu)
			pool_init(per_cpu_ptr(wq->pools, cpu), wq->name,
				  (int)cpu, max);
	}
	mutex_lock(worker_lock());
	err = manager_start();
	mutex_unlock(worker_lock());
	if (!err)
		return wq;
	if (wq->pools)
		free_percpu(wq->pools);
fail:
	free_page((unsigned long)wq);
	return NULL;
}

/* Calls @fn for each pool of @wq that works. */
static void wq_for_each_pool(struct workqueue_struct *wq,
			     void (*fn)(struct worker_pool *pool))
{
	unsigned int cpu;

	if (wq && wq->pool) {
		fn(wq->pool);
		return;
	}
	for_each_possible_cpu(cpu) {
		struct worker_pool *pool = wq ? per_cpu_ptr(wq->pools, cpu) :
					   per_cpu_ptr(&system_pool, cpu);

		if (pool_ready(pool))
			fn(pool);
	}
}

static void pool_flush(struct worker_pool *pool)
{
	unsigned long seq = READ_ONCE(pool->next_seq) - 1;

	wait_event(pool->idle, !pool_busy(pool, NULL, seq));
}

void flush_workqueue(struct workqueue_struct *wq)
{
	might_sleep();
	wq_for_each_pool(wq, pool_flush);
}

static void pool_drain(struct worker_pool *pool)
{
	wait_event(pool->idle, !pool_busy(pool, NULL, ~0UL));
}

void drain_workqueue(struct workqueue_struct *wq)
{
	might_sleep();
	WRITE_ONCE(wq->draining, true);
	wq_for_each_pool(wq, pool_drain);
	/* One pool's work may have queued another's meanwhile. */
	wq_for_each_pool(wq, pool_drain);
	WRITE_ONCE(wq->draining, false);
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	if (WARN(!wq, "the machine's workqueue is not to be destroyed"))
		return;
	drain_workqueue(wq);
	mutex_lock(worker_lock());
	wq_for_each_pool(wq, pool_stop);
	mutex_unlock(worker_lock());
	if (wq->pools)
		free_percpu(wq->pools);
	free_page((unsigned long)wq);
}
