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

int default_wake_function(struct wait_queue_entry *w, unsigned int mode,
			  int flags, void *key)
{
	return wake_up_state(w->private, mode);
}

int autoremove_wake_function(struct wait_queue_entry *w, unsigned int mode,
			     int flags, void *key)
{
	int woken = default_wake_function(w, mode, flags, key);

	/* The entry stays alive: finish_wait() needs the lock we hold. */
	if (woken)
		list_del_init(&w->entry);
	return woken;
}

void init_wait_entry(struct wait_queue_entry *w, int exclusive)
{
	w->flags = exclusive ? WQ_FLAG_EXCLUSIVE : 0;
	w->private = current;
	w->func = autoremove_wake_function;
	INIT_LIST_HEAD(&w->entry);
}

/* ---- on and off the queue --------------------------------------------- */

void __add_wait_queue(wait_queue_head_t *q, struct wait_queue_entry *w)
{
	list_add(&w->entry, &q->head);
}

void __add_wait_queue_entry_tail(wait_queue_head_t *q,
				 struct wait_queue_entry *w)
{
	list_add_tail(&w->entry, &q->head);
}

void __remove_wait_queue(wait_queue_head_t *q, struct wait_queue_entry *w)
{
	list_del_init(&w->entry);
}

void add_wait_queue(wait_queue_head_t *q, struct wait_queue_entry *w)
{
	unsigned long flags;

	w->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&q->lock, flags);
	__add_wait_queue(q, w);
	spin_unlock_irqrestore(&q->lock, flags);
}

void add_wait_queue_exclusive(wait_queue_head_t *q, struct wait_queue_entry *w)
{
	unsigned long flags;

	w->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&q->lock, flags);
	__add_wait_queue_entry_tail(q, w);
	spin_unlock_irqrestore(&q->lock, flags);
}

void remove_wait_queue(wait_queue_head_t *q, struct wait_queue_entry *w)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	__remove_wait_queue(q, w);
	spin_unlock_irqrestore(&q->lock, flags);
}

/* Whether the queue was empty. */
static bool wait_queue_join(wait_queue_head_t *q, struct wait_queue_entry *w,
			    unsigned int state)
{
	unsigned long flags;
	bool empty;

	spin_lock_irqsave(&q->lock, flags);
	empty = list_empty(&q->head);
	if (list_empty(&w->entry)) {
		if (w->flags & WQ_FLAG_EXCLUSIVE)
			__add_wait_queue_entry_tail(q, w);
		else
			__add_wait_queue(q, w);
	}
	set_current_state(state);
	spin_unlock_irqrestore(&q->lock, flags);
	return empty;
}

void prepare_to_wait(wait_queue_head_t *q, struct wait_queue_entry *w,
		     unsigned int state)
{
	wait_queue_join(q, w, state);
}

bool prepare_to_wait_exclusive(wait_queue_head_t *q,
			       struct wait_queue_entry *w, unsigned int state)
{
	w->flags |= WQ_FLAG_EXCLUSIVE;
	return wait_queue_join(q, w, state);
}

long prepare_to_wait_event(wait_queue_head_t *q, struct wait_queue_entry *w,
			   unsigned int state)
{
	wait_queue_join(q, w, state);
	return 0;
}

void finish_wait(wait_queue_head_t *q, struct wait_queue_entry *w)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	spin_lock_irqsave(&q->lock, flags);
	list_del_init(&w->entry);
	spin_unlock_irqrestore(&q->lock, flags);
}

/*
 * The mark is set before the task is woken, and cleared by the task while it
 * is awake: a wake-up between its look at the condition and its sleep makes
 * it not sleep at all.
 */
#define WQ_FLAG_WOKEN	0x02u

int woken_wake_function(struct wait_queue_entry *w, unsigned int mode,
			int flags, void *key)
{
	__atomic_fetch_or(&w->flags, WQ_FLAG_WOKEN, __ATOMIC_SEQ_CST);
	return default_wake_function(w, mode, flags, key);
}

long wait_woken(struct wait_queue_entry *w, unsigned int mode, long timeout)
{
	set_current_state(mode);
	if (!(__atomic_load_n(&w->flags, __ATOMIC_SEQ_CST) & WQ_FLAG_WOKEN))
		timeout = schedule_timeout(timeout);
	__set_current_state(TASK_RUNNING);
	__atomic_fetch_and(&w->flags, ~WQ_FLAG_WOKEN, __ATOMIC_SEQ_CST);
	return timeout;
}

/* ---- waking ----------------------------------------------------------- */

static int wake_up_entries(wait_queue_head_t *q, unsigned int mode, int nr,
			   void *key)
{
	struct wait_queue_entry *w, *n;
	int woken = 0;

	list_for_each_entry_safe(w, n, &q->head, entry) {
		unsigned int flags = w->flags;
		int ret = w->func(w, mode, 0, key);

		if (ret < 0)
			break;
		woken += ret != 0;
		if (ret && flags & WQ_FLAG_EXCLUSIVE && nr && !--nr)
			break;
	}
	return woken;
}

void __wake_up_locked(wait_queue_head_t *q, unsigned int mode, int nr)
{
	wake_up_entries(q, mode, nr, NULL);
}

int __wake_up(wait_queue_head_t *q, unsigned int mode, int nr, void *key)
{
	unsigned long flags;
	int woken;

	spin_lock_irqsave(&q->lock, flags);
	woken = wake_up_entries(q, mode, nr, key);
	spin_unlock_irqrestore(&q->lock, flags);
	return woken;
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
