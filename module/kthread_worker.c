// SPDX-License-Identifier: MIT
/*
 * Workers: a thread of the user's that runs works in the order in which they
 * were queued.
 *
 * Works are numbered; `done` is the number of the last one that has run, so
 * who waits for a work waits until `done` has come to it, or it was taken back.
 *
 * Lock order: worker's lock, irq-safe -> run queue's lock.
 */
#include <linux/kthread.h>

#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/stdarg.h>

void kthread_init_worker(struct kthread_worker *worker)
{
	*worker = (struct kthread_worker){
		.work_list = LIST_HEAD_INIT(worker->work_list),
	};
}

/* The next work, running; NULL: none. */
static struct kthread_work *worker_take(struct kthread_worker *worker)
{
	struct kthread_work *work = NULL;
	unsigned long flags;

	spin_lock_irqsave(&worker->lock, flags);
	if (!list_empty(&worker->work_list)) {
		work = list_first_entry(&worker->work_list,
					struct kthread_work, node);
		list_del_init(&work->node);
	}
	worker->current_work = work;
	spin_unlock_irqrestore(&worker->lock, flags);
	return work;
}

static void worker_run(struct kthread_worker *worker,
		       struct kthread_work *work)
{
	unsigned long seq = work->seq;
	unsigned long flags;

	work->func(work);
	spin_lock_irqsave(&worker->lock, flags);
	worker->current_work = NULL;
	worker->done = seq;
	spin_unlock_irqrestore(&worker->lock, flags);
}

int kthread_worker_fn(void *worker_ptr)
{
	struct kthread_worker *worker = worker_ptr;
	struct kthread_work *work;

	WRITE_ONCE(worker->task, current);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		work = worker_take(worker);
		if (work) {
			__set_current_state(TASK_RUNNING);
			worker_run(worker, work);
			cond_resched();
			continue;
		}
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

struct kthread_worker *kthread_create_worker(unsigned int flags,
					     const char *namefmt, ...)
{
	struct kthread_worker *worker = kzalloc(sizeof(*worker), GFP_KERNEL);
	char name[TASK_COMM_LEN];
	struct task_struct *task;
	va_list args;

	if (!worker)
		return ERR_PTR(-ENOMEM);
	kthread_init_worker(worker);
	va_start(args, namefmt);
	vsnprintf(name, sizeof(name), namefmt, args);
	va_end(args);
	task = kthread_create(kthread_worker_fn, worker, "%s", name);
	if (IS_ERR(task)) {
		kfree(worker);
		return ERR_CAST(task);
	}
	worker->task = task;
	wake_up_process(task);
	return worker;
}

bool kthread_queue_work(struct kthread_worker *worker,
			struct kthread_work *work)
{
	unsigned long flags;
	bool queue;

	spin_lock_irqsave(&worker->lock, flags);
	queue = list_empty(&work->node);
	if (queue) {
		work->worker = worker;
		work->seq = ++worker->queued;
		list_add_tail(&work->node, &worker->work_list);
	}
	spin_unlock_irqrestore(&worker->lock, flags);
	if (queue && READ_ONCE(worker->task))
		wake_up_process(worker->task);
	return queue;
}

/* Whether a work up to number @seq (of @work, or any) waits or runs. */
static bool worker_busy(struct kthread_worker *worker,
			const struct kthread_work *work, unsigned long seq)
{
	struct kthread_work *p;
	unsigned long flags;
	bool busy;

	spin_lock_irqsave(&worker->lock, flags);
	busy = worker->current_work && worker->done < seq &&
	       (!work || worker->current_work == work);
	list_for_each_entry(p, &worker->work_list, node)
		busy |= p->seq <= seq && (!work || p == work);
	spin_unlock_irqrestore(&worker->lock, flags);
	return busy;
}

static void worker_wait(struct kthread_worker *worker,
			const struct kthread_work *work, unsigned long seq)
{
	might_sleep();
	while (worker_busy(worker, work, seq))
		schedule_timeout_uninterruptible(1);
}

void kthread_flush_work(struct kthread_work *work)
{
	if (work->worker)
		worker_wait(work->worker, work, work->seq);
}

void kthread_flush_worker(struct kthread_worker *worker)
{
	worker_wait(worker, NULL, READ_ONCE(worker->queued));
}

bool kthread_cancel_work_sync(struct kthread_work *work)
{
	struct kthread_worker *worker = work->worker;
	unsigned long flags;
	bool was;

	if (!worker)
		return false;
	spin_lock_irqsave(&worker->lock, flags);
	was = !list_empty(&work->node);
	list_del_init(&work->node);
	spin_unlock_irqrestore(&worker->lock, flags);
	worker_wait(worker, work, ~0UL);
	return was;
}

void kthread_destroy_worker(struct kthread_worker *worker)
{
	kthread_flush_worker(worker);
	kthread_stop(worker->task);
	WARN(!list_empty(&worker->work_list), "a worker is destroyed with work");
	kfree(worker);
}
