/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MUTEX_H
#define _LINUX_MUTEX_H

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/cleanup.h>
#include <linux/lockdep.h>
#include <linux/mutex_types.h>
#include <linux/wait.h>

#define __MUTEX_INITIALIZER(n)						\
	{ .owner = NULL, .wait = __WAIT_QUEUE_HEAD_INITIALIZER((n).wait) }
#define DEFINE_MUTEX(n)	struct mutex n = __MUTEX_INITIALIZER(n)

void mutex_init(struct mutex *lock);
void mutex_lock(struct mutex *lock);		/* may sleep */
int mutex_trylock(struct mutex *lock);		/* 1: got it, 0: not */
void mutex_unlock(struct mutex *lock);		/* by its owner only */
bool mutex_is_locked(struct mutex *lock);

/* Nothing interrupts a waiter: always 0. */
static inline int __must_check mutex_lock_interruptible(struct mutex *lock)
{
	mutex_lock(lock);
	return 0;
}

#define mutex_lock_killable(lock)	mutex_lock_interruptible(lock)
#define mutex_lock_io(lock)		mutex_lock(lock)
/* Classes of locks are not told apart. */
#define mutex_lock_nested(lock, subclass)				\
	((void)(subclass), mutex_lock(lock))
#define mutex_lock_interruptible_nested(lock, subclass)			\
	((void)(subclass), mutex_lock_interruptible(lock))
#define mutex_lock_nest_lock(lock, nest)	((void)(nest), mutex_lock(lock))
/* From here on it must not be used; it is free. */
#define mutex_destroy(lock)	WARN_ON(mutex_is_locked(lock))
/* When @cnt comes to 0: 1, and the lock is held. */
int atomic_dec_and_mutex_lock(atomic_t *cnt, struct mutex *lock);

DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))
DEFINE_GUARD_COND(mutex, _try, mutex_trylock(_T))
DEFINE_GUARD_COND(mutex, _intr, mutex_lock_interruptible(_T) == 0)

#endif
