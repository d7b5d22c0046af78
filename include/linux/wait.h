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
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/wait_types.h>

#define __WAIT_QUEUE_HEAD_INITIALIZER(n)				\
	{ .lock = __SPIN_LOCK_UNLOCKED, .head = LIST_HEAD_INIT((n).head) }
#define DECLARE_WAIT_QUEUE_HEAD(n)					\
	wait_queue_head_t n = __WAIT_QUEUE_HEAD_INITIALIZER(n)

void init_waitqueue_head(wait_queue_head_t *q);
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(n)	DECLARE_WAIT_QUEUE_HEAD(n)
/*
 * The current thread's entry, which leaves the queue when it is woken.
 * @exclusive ones are woken one at a time.
 */
void init_wait_entry(struct wait_queue_entry *w, int exclusive);
#define init_wait(w)		init_wait_entry(w, 0)

/* Wakes the task. The second takes the entry off its queue if it did. */
int default_wake_function(struct wait_queue_entry *w, unsigned int mode,
			  int flags, void *key);
int autoremove_wake_function(struct wait_queue_entry *w, unsigned int mode,
			     int flags, void *key);

#define __WAITQUEUE_INITIALIZER(n, task)				\
	{ .private = (task), .func = default_wake_function,		\
	  .entry = LIST_HEAD_INIT((n).entry) }
#define DECLARE_WAITQUEUE(n, task)					\
	struct wait_queue_entry n = __WAITQUEUE_INITIALIZER(n, task)
#define DEFINE_WAIT_FUNC(n, fn)						\
	struct wait_queue_entry n = { .private = current, .func = (fn),	\
				      .entry = LIST_HEAD_INIT((n).entry) }
#define DEFINE_WAIT(n)		DEFINE_WAIT_FUNC(n, autoremove_wake_function)

/* An entry of @task's that stays until remove_wait_queue(). */
static inline void init_waitqueue_entry(struct wait_queue_entry *w,
					struct task_struct *task)
{
	*w = (struct wait_queue_entry)__WAITQUEUE_INITIALIZER(*w, task);
}

/* One that calls @func. */
static inline void init_waitqueue_func_entry(struct wait_queue_entry *w,
					     wait_queue_func_t func)
{
	*w = (struct wait_queue_entry){ .func = func,
			.entry = LIST_HEAD_INIT(w->entry) };
}

/* First on @q, or with the mark of an exclusive one last. Any context. */
void add_wait_queue(wait_queue_head_t *q, struct wait_queue_entry *w);
void add_wait_queue_exclusive(wait_queue_head_t *q,
			      struct wait_queue_entry *w);
void remove_wait_queue(wait_queue_head_t *q, struct wait_queue_entry *w);
/* The same by who holds q->lock. */
void __add_wait_queue(wait_queue_head_t *q, struct wait_queue_entry *w);
void __add_wait_queue_entry_tail(wait_queue_head_t *q,
				 struct wait_queue_entry *w);
void __remove_wait_queue(wait_queue_head_t *q, struct wait_queue_entry *w);

/*
 * Puts @w on @q unless it is there, exclusive ones last, and sets the state.
 * What the caller reads next decides whether to schedule().
 */
void prepare_to_wait(wait_queue_head_t *q, struct wait_queue_entry *w,
		     unsigned int state);
/* The same as an exclusive one; whether @q was empty. */
bool prepare_to_wait_exclusive(wait_queue_head_t *q,
			       struct wait_queue_entry *w, unsigned int state);
/* As prepare_to_wait(); 0, as nothing interrupts a thread here. */
long prepare_to_wait_event(wait_queue_head_t *q, struct wait_queue_entry *w,
			   unsigned int state);
/* Takes @w off again; the thread runs. */
void finish_wait(wait_queue_head_t *q, struct wait_queue_entry *w);
/* For a loop around a condition that may be true before it sleeps. */
long wait_woken(struct wait_queue_entry *w, unsigned int mode, long timeout);
int woken_wake_function(struct wait_queue_entry *w, unsigned int mode,
			int flags, void *key);

/*
 * Wakes all plain waiters in a state of @mode and @nr exclusive ones (0:
 * all). Any context.
 */
int __wake_up(wait_queue_head_t *q, unsigned int mode, int nr, void *key);
/* The same, by who holds q->lock with interrupts off. */
void __wake_up_locked(wait_queue_head_t *q, unsigned int mode, int nr);
/* Does anybody wait? Takes the lock, so it orders as __wake_up() does. */
bool waitqueue_active(wait_queue_head_t *q);
#define wq_has_sleeper(q)	waitqueue_active(q)

#define wake_up(q)		__wake_up(q, TASK_NORMAL, 1, NULL)
#define wake_up_nr(q, nr)	__wake_up(q, TASK_NORMAL, nr, NULL)
#define wake_up_all(q)		__wake_up(q, TASK_NORMAL, 0, NULL)
#define wake_up_locked(q)	__wake_up_locked(q, TASK_NORMAL, 1)
#define wake_up_all_locked(q)	__wake_up_locked(q, TASK_NORMAL, 0)
#define wake_up_interruptible(q) __wake_up(q, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_nr(q, nr)					\
	__wake_up(q, TASK_INTERRUPTIBLE, nr, NULL)
#define wake_up_interruptible_all(q)					\
	__wake_up(q, TASK_INTERRUPTIBLE, 0, NULL)
#define wake_up_sync(q)			wake_up(q)
#define wake_up_interruptible_sync(q)	wake_up_interruptible(q)

/*
 * Sleeps until @cond, evaluated again at each wake-up. May sleep. @sleep is
 * what is done while it is false.
 */
#define ___wait_event(q, cond, state, exclusive, sleep) do {		\
	struct wait_queue_entry __w;					\
									\
	might_sleep();							\
	if (cond)							\
		break;							\
	init_wait_entry(&__w, exclusive);				\
	for (;;) {							\
		prepare_to_wait(&(q), &__w, state);			\
		if (cond)						\
			break;						\
		sleep;							\
	}								\
	finish_wait(&(q), &__w);					\
} while (0)

#define wait_event(q, cond)						\
	___wait_event(q, cond, TASK_UNINTERRUPTIBLE, 0, schedule())
#define wait_event_exclusive_cmd(q, cond, cmd1, cmd2)			\
	___wait_event(q, cond, TASK_UNINTERRUPTIBLE, 1,			\
		      cmd1; schedule(); cmd2)
#define wait_event_cmd(q, cond, cmd1, cmd2)				\
	___wait_event(q, cond, TASK_UNINTERRUPTIBLE, 0,			\
		      cmd1; schedule(); cmd2)
#define io_wait_event(q, cond)	wait_event(q, cond)
/* Nothing interrupts a thread, so these are 0. */
#define wait_event_interruptible(q, cond) ({				\
	___wait_event(q, cond, TASK_INTERRUPTIBLE, 0, schedule()); 0; })
#define wait_event_interruptible_exclusive(q, cond) ({			\
	___wait_event(q, cond, TASK_INTERRUPTIBLE, 1, schedule()); 0; })
#define wait_event_killable(q, cond)		({ wait_event(q, cond); 0; })
#define wait_event_killable_exclusive(q, cond)	({			\
	___wait_event(q, cond, TASK_UNINTERRUPTIBLE, 1, schedule()); 0; })
#define wait_event_freezable(q, cond)	wait_event_interruptible(q, cond)
#define wait_event_state(q, cond, state) ({				\
	___wait_event(q, cond, state, 0, schedule()); 0; })
#define wait_event_idle(q, cond)	wait_event(q, cond)
#define wait_event_idle_exclusive(q, cond)				\
	___wait_event(q, cond, TASK_UNINTERRUPTIBLE, 1, schedule())

/* The jiffies left, at least 1, or 0 when @cond is still false at the end. */
#define ___wait_event_timeout(q, cond, state, timeout) ({		\
	struct wait_queue_entry __w;					\
	long __left = (timeout);					\
									\
	might_sleep();							\
	init_wait_entry(&__w, 0);					\
	for (;;) {							\
		prepare_to_wait(&(q), &__w, state);			\
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
#define wait_event_timeout(q, cond, timeout)				\
	___wait_event_timeout(q, cond, TASK_UNINTERRUPTIBLE, timeout)
#define wait_event_interruptible_timeout(q, cond, timeout)		\
	___wait_event_timeout(q, cond, TASK_INTERRUPTIBLE, timeout)
#define wait_event_killable_timeout(q, cond, timeout)			\
	wait_event_timeout(q, cond, timeout)
#define wait_event_freezable_timeout(q, cond, timeout)			\
	wait_event_interruptible_timeout(q, cond, timeout)
#define wait_event_idle_timeout(q, cond, timeout)			\
	wait_event_timeout(q, cond, timeout)

/* 0, or -ETIME when @timeout, a ktime_t, has passed before @cond. */
#define __wait_event_hrtimeout(q, cond, state, timeout) ({		\
	struct wait_queue_entry __w;					\
	ktime_t __span = (timeout);					\
	u64 __end = __span == KTIME_MAX ? 0 :				\
		    port_clock_ns() + (u64)__span;			\
	int __ret = 0;							\
									\
	might_sleep();							\
	init_wait_entry(&__w, 0);					\
	for (;;) {							\
		prepare_to_wait(&(q), &__w, state);			\
		if (cond)						\
			break;						\
		if (__end && port_clock_ns() >= __end) {		\
			__ret = -ETIME;					\
			break;						\
		}							\
		schedule_until(__end);					\
	}								\
	finish_wait(&(q), &__w);					\
	__ret; })
#define wait_event_hrtimeout(q, cond, timeout)				\
	__wait_event_hrtimeout(q, cond, TASK_UNINTERRUPTIBLE, timeout)
#define wait_event_interruptible_hrtimeout(q, cond, timeout)		\
	__wait_event_hrtimeout(q, cond, TASK_INTERRUPTIBLE, timeout)

/* @lock is held while @cond is evaluated and on return, not while asleep. */
#define __wait_event_lock(q, cond, lock, state) do {			\
	struct wait_queue_entry __w;					\
									\
	init_wait_entry(&__w, 0);					\
	for (;;) {							\
		prepare_to_wait(&(q), &__w, state);			\
		if (cond)						\
			break;						\
		spin_unlock_irq(&(lock));				\
		schedule();						\
		spin_lock_irq(&(lock));					\
	}								\
	finish_wait(&(q), &__w);					\
} while (0)
#define wait_event_lock_irq(q, cond, lock)				\
	__wait_event_lock(q, cond, lock, TASK_UNINTERRUPTIBLE)
#define wait_event_interruptible_lock_irq(q, cond, lock) ({		\
	__wait_event_lock(q, cond, lock, TASK_INTERRUPTIBLE); 0; })

#endif
