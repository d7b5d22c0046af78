/* SPDX-License-Identifier: MIT */
/*
 * Wait queues: threads that sleep until a condition holds.
 *
 * A waiter puts itself on the queue, sets its state, looks at the condition
 * and only then calls schedule(); a waker makes the condition true and then
 * looks at the queue. The queue's lock orders the two, so no wake is lost.
 */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/wait.h>
#elif !defined(_OCTAVO_LINUX_WAIT_H)
#define _OCTAVO_LINUX_WAIT_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/wait_types.h>

#define __WAIT_QUEUE_HEAD_INITIALIZER(n)				\
	{ .lock = __SPIN_LOCK_UNLOCKED, .head = LIST_HEAD_INIT((n).head) }
#define DECLARE_WAIT_QUEUE_HEAD(n)					\
	wait_queue_head_t n = __WAIT_QUEUE_HEAD_INITIALIZER(n)

void init_waitqueue_head(wait_queue_head_t *q);
/* The current thread's entry; @exclusive ones are woken one at a time. */
void init_wait_entry(struct wait_queue_entry *w, bool exclusive);
/*
 * Puts @w on @q unless it is there, exclusive ones last, and sets the state.
 * What the caller reads next decides whether to schedule().
 */
void prepare_to_wait(wait_queue_head_t *q, struct wait_queue_entry *w,
		     unsigned int state);
/* Takes @w off again; the thread runs. */
void finish_wait(wait_queue_head_t *q, struct wait_queue_entry *w);
/*
 * Wakes all plain waiters and @nr exclusive ones (0: all); those that sleep
 * leave the queue. Any context.
 */
void __wake_up(wait_queue_head_t *q, unsigned int nr);
/* The same, by who holds q->lock with interrupts off. */
void __wake_up_locked(wait_queue_head_t *q, unsigned int nr);
/* Does anybody wait? Takes the lock, so it orders as __wake_up() does. */
bool waitqueue_active(wait_queue_head_t *q);

#define wake_up(q)		__wake_up(q, 1)
#define wake_up_all(q)		__wake_up(q, 0)
#define wake_up_interruptible(q) __wake_up(q, 1)

/* Sleeps until @cond, evaluated again at each wake-up. May sleep. */
#define wait_event(q, cond) do {					\
	struct wait_queue_entry __w;					\
									\
	might_sleep();							\
	init_wait_entry(&__w, false);					\
	for (;;) {							\
		prepare_to_wait(&(q), &__w, TASK_UNINTERRUPTIBLE);	\
		if (cond)						\
			break;						\
		schedule();						\
	}								\
	finish_wait(&(q), &__w);					\
} while (0)

/* The jiffies left, at least 1, or 0 when @cond is still false at the end. */
#define wait_event_timeout(q, cond, timeout) ({				\
	struct wait_queue_entry __w;					\
	long __left = (timeout);					\
									\
	might_sleep();							\
	init_wait_entry(&__w, false);					\
	for (;;) {							\
		prepare_to_wait(&(q), &__w, TASK_UNINTERRUPTIBLE);	\
		if (cond) {						\
			__left = __left ? __left : 1;			\
			break;						\
		}							\
		if (!__left)						\
			break;						\
		__left = schedule_timeout(__left);			\
	}								\
	finish_wait(&(q), &__w);					\
	__left; })

#define wait_event_interruptible(q, cond)	({ wait_event(q, cond); 0; })

#endif
