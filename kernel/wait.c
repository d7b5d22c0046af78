// SPDX-License-Identifier: MIT
/*
 * Wait queues.
 *
 *   head -> plain, newest first ... -> exclusive, oldest first
 *
 * Plain entries stand before exclusive ones, so one walk from the head wakes
 * every plain waiter and then as many exclusive ones as asked for. Who is
 * woken leaves the queue there and then: the next wake-up goes to another.
 *
 * Invariants, under the queue's lock:
 *  I1. No plain entry stands behind an exclusive one.
 *  I2. The thread of each entry is alive: finish_wait() takes the lock.
 *
 * Lock order: queue's lock -> run queue's lock.
 */
#include <linux/wait.h>

#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/sched.h>

#include <octavo/machine.h>

void init_waitqueue_head(wait_queue_head_t *q)
{
	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->head);
}

void init_wait_entry(struct wait_queue_entry *w, bool exclusive)
{
	w->task = current;
	w->exclusive = exclusive;
	INIT_LIST_HEAD(&w->entry);
}

void prepare_to_wait(wait_queue_head_t *q, struct wait_queue_entry *w,
		     unsigned int state)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	if (list_empty(&w->entry)) {
		if (w->exclusive)
			list_add_tail(&w->entry, &q->head);
		else
			list_add(&w->entry, &q->head);
	}
	set_current_state(state);
	spin_unlock_irqrestore(&q->lock, flags);
}

void finish_wait(wait_queue_head_t *q, struct wait_queue_entry *w)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	spin_lock_irqsave(&q->lock, flags);
	list_del_init(&w->entry);
	spin_unlock_irqrestore(&q->lock, flags);
}

void __wake_up_locked(wait_queue_head_t *q, unsigned int nr)
{
	struct wait_queue_entry *w, *n;

	list_for_each_entry_safe(w, n, &q->head, entry) {
		bool exclusive = w->exclusive;

		/* The entry stays: finish_wait() needs the lock we hold. */
		if (!wake_up_process(w->task))
			continue;
		list_del_init(&w->entry);
		if (exclusive && nr && !--nr)
			break;
	}
}

void __wake_up(wait_queue_head_t *q, unsigned int nr)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	__wake_up_locked(q, nr);
	spin_unlock_irqrestore(&q->lock, flags);
}

bool waitqueue_active(wait_queue_head_t *q)
{
	unsigned long flags;
	bool active;

	spin_lock_irqsave(&q->lock, flags);
	active = !list_empty(&q->head);
	spin_unlock_irqrestore(&q->lock, flags);
	return active;
}
