/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MUTEX_H
#define _LINUX_MUTEX_H

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

#endif
