/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SEMAPHORE_H
#define _LINUX_SEMAPHORE_H

#include <linux/wait.h>

/* A count of what there is; who finds none sleeps. */
struct semaphore {
	unsigned int count;		/* wait.lock: left to take */
	wait_queue_head_t wait;		/* exclusive */
};

#define __SEMAPHORE_INITIALIZER(n, val)					\
	{ .count = (val), .wait = __WAIT_QUEUE_HEAD_INITIALIZER((n).wait) }
#define DEFINE_SEMAPHORE(n, val)					\
	struct semaphore n = __SEMAPHORE_INITIALIZER(n, val)

void sema_init(struct semaphore *sem, int val);
void down(struct semaphore *sem);		/* may sleep */
int down_trylock(struct semaphore *sem);	/* 0: got one, 1: not */
/* 0, or -ETIME when @timeout jiffies have passed. May sleep. */
int down_timeout(struct semaphore *sem, long timeout);
void up(struct semaphore *sem);			/* any context */

/* Nothing interrupts a waiter: always 0. */
static inline int __must_check down_interruptible(struct semaphore *sem)
{
	down(sem);
	return 0;
}

#define down_killable(sem)	down_interruptible(sem)

#endif
