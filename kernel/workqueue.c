// SPDX-License-Identifier: MIT
/*
 * Work queues: one worker thread per CPU runs what was queued for that CPU,
 * oldest first.
 *
 *   schedule_work_on() -> queue ... -> current_work -> done
 *                         pending = 1   pending = 0
 *
 * A work waits in one place at most: pending says so, and a second
 * schedule_work_on() returns false. While func runs it may be queued
 * again. func may free its work, so the worker keeps only the address to
 * compare with, and reads nothing of it after the call.
 *
 * The worker of a CPU is made with its first work: a machine of 512 CPUs that
 * uses three has three workers.
 *
 * Invariants, under the worker's lock:
 *  I1. A work on queue is pending, and its cpu is the worker's.
 *  I2. current_work is NULL or what runs now; its func has not returned.
 *
 * Lock order: start (a mutex) -> worker's lock, irq-safe -> wait queues' locks.
 */
#include <linux/workqueue.h>

#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include <octavo/machine.h>

/* l: lock  m: threads.worker_lock */
struct worker {
	spinlock_t lock;
	struct list_head queue;			/* l: work_struct.entry */
	struct work_struct *current_work;	/* l: runs now, or NULL */
	wait_queue_head_t more;			/* queue is not empty */
	wait_queue_head_t idle;			/* a work has been done */
	struct task_struct *task;		/* m; a: NULL: not made */
};

static DEFINE_PER_CPU_ALIGNED(struct worker, worker);

static struct work_struct *worker_take(struct worker *w)
{
	struct work_struct *work = NULL;
	unsigned long flags;

	spin_lock_irqsave(&w->lock, flags);
	w->current_work = NULL;
	if (!list_empty(&w->queue)) {
		work = list_first_entry(&w->queue, struct work_struct, entry);
		list_del_init(&work->entry);
		w->current_work = work;
		/* Whoever queues it again from here on finds func not begun. */
		__atomic_store_n(&work->pending, 0, __ATOMIC_RELEASE);
	}
	spin_unlock_irqrestore(&w->lock, flags);
	wake_up_all(&w->idle);
	return work;
}

static bool worker_has_work(struct worker *w)
{
	unsigned long flags;
	bool has;

	spin_lock_irqsave(&w->lock, flags);
	has = !list_empty(&w->queue);
	spin_unlock_irqrestore(&w->lock, flags);
	return has;
}

static int worker_fn(void *arg)
{
	struct worker *w = arg;
	struct work_struct *work;

	current->flags |= PF_WQ_WORKER;
	for (;;) {
		work = worker_take(w);
		if (work) {
			work->func(work);
			cond_resched();
			continue;
		}
		if (kthread_should_stop())
			return 0;
		wait_event(w->more, worker_has_work(w) ||
			   kthread_should_stop());
	}
}

static struct task_struct *worker_task(struct worker *w)
{
	/* Pairs with the release in worker_create(). */
	return __atomic_load_n(&w->task, __ATOMIC_ACQUIRE);
}

/* Under worker_lock. */
static int worker_create(unsigned int cpu)
{
	struct worker *w = per_cpu_ptr(&worker, cpu);
	struct task_struct *p;

	spin_lock_init(&w->lock);
	INIT_LIST_HEAD(&w->queue);
	w->current_work = NULL;
	init_waitqueue_head(&w->more);
	init_waitqueue_head(&w->idle);
	p = kthread_create_on_cpu(worker_fn, w, cpu, "kworker/%u");
	if (IS_ERR(p))
		return (int)PTR_ERR(p);
	/* What the lines above wrote is ready for who sees the task. */
	__atomic_store_n(&w->task, p, __ATOMIC_RELEASE);
	wake_up_process(p);
	return 0;
}

int workqueue_start_cpu(unsigned int cpu)
{
	struct mutex *lock = &this_machine()->threads.worker_lock;
	int err = 0;

	if (worker_task(per_cpu_ptr(&worker, cpu)))
		return 0;
	mutex_lock(lock);
	if (!worker_task(per_cpu_ptr(&worker, cpu)))
		err = worker_create(cpu);
	mutex_unlock(lock);
	return err;
}

void workqueue_stop(void)
{
	struct mutex *lock = &this_machine()->threads.worker_lock;
	unsigned int cpu;

	mutex_lock(lock);
	for_each_online_cpu(cpu) {
		struct worker *w = per_cpu_ptr(&worker, cpu);

		if (!w->task)
			continue;
		wait_event(w->idle, !worker_has_work(w));
		kthread_stop(w->task);
		__atomic_store_n(&w->task, NULL, __ATOMIC_RELEASE);
	}
	mutex_unlock(lock);
}

bool schedule_work_on(int cpu, struct work_struct *work)
{
	struct worker *w = per_cpu_ptr(&worker, cpu);
	unsigned long flags;

	/* The release half orders what func will read before the queueing. */
	if (__atomic_exchange_n(&work->pending, 1, __ATOMIC_ACQ_REL))
		return false;
	if (workqueue_start_cpu((unsigned int)cpu)) {
		__atomic_store_n(&work->pending, 0, __ATOMIC_RELEASE);
		work->func(work);
		return true;
	}
	spin_lock_irqsave(&w->lock, flags);
	__atomic_store_n(&work->cpu, cpu, __ATOMIC_RELAXED);
	list_add_tail(&work->entry, &w->queue);
	spin_unlock_irqrestore(&w->lock, flags);
	wake_up(&w->more);
	return true;
}

bool schedule_work(struct work_struct *work)
{
	return schedule_work_on((int)raw_smp_processor_id(), work);
}

static bool work_busy(struct worker *w, struct work_struct *work)
{
	unsigned long flags;
	bool busy;

	spin_lock_irqsave(&w->lock, flags);
	busy = w->current_work == work ||
	       __atomic_load_n(&work->pending, __ATOMIC_RELAXED);
	spin_unlock_irqrestore(&w->lock, flags);
	return busy;
}

bool flush_work(struct work_struct *work)
{
	int cpu = __atomic_load_n(&work->cpu, __ATOMIC_RELAXED);
	struct worker *w;

	might_sleep();
	if (cpu < 0)
		return false;
	w = per_cpu_ptr(&worker, cpu);
	if (!worker_task(w) || !work_busy(w, work))
		return false;
	wait_event(w->idle, !work_busy(w, work));
	return true;
}
