/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RWSEM_H
#define _LINUX_RWSEM_H

#include <linux/cleanup.h>
#include <linux/lockdep.h>
#include <linux/rwsem_types.h>
#include <linux/wait.h>

#define __RWSEM_INITIALIZER(n)						\
	{ .wait = __WAIT_QUEUE_HEAD_INITIALIZER((n).wait) }
#define DECLARE_RWSEM(n)	struct rw_semaphore n = __RWSEM_INITIALIZER(n)

void init_rwsem(struct rw_semaphore *sem);
void down_read(struct rw_semaphore *sem);		/* may sleep */
int down_read_trylock(struct rw_semaphore *sem);	/* 1: got it, 0: not */
void up_read(struct rw_semaphore *sem);
void down_write(struct rw_semaphore *sem);		/* may sleep */
int down_write_trylock(struct rw_semaphore *sem);	/* 1: got it, 0: not */
void up_write(struct rw_semaphore *sem);
/* The writer becomes a reader, with no gap. */
void downgrade_write(struct rw_semaphore *sem);
bool rwsem_is_locked(struct rw_semaphore *sem);
/* Whether somebody waits for it. */
bool rwsem_is_contended(struct rw_semaphore *sem);

/* Nothing interrupts a waiter: always 0. */
static inline int __must_check down_read_interruptible(struct rw_semaphore *sem)
{
	down_read(sem);
	return 0;
}

static inline int __must_check down_write_killable(struct rw_semaphore *sem)
{
	down_write(sem);
	return 0;
}

#define down_read_killable(sem)		down_read_interruptible(sem)
#define down_read_nested(sem, subclass)	((void)(subclass), down_read(sem))
#define down_write_nested(sem, subclass) ((void)(subclass), down_write(sem))
#define down_read_non_owner(sem)	down_read(sem)
#define up_read_non_owner(sem)		up_read(sem)

DEFINE_GUARD(rwsem_read, struct rw_semaphore *, down_read(_T), up_read(_T))
DEFINE_GUARD_COND(rwsem_read, _try, down_read_trylock(_T))
DEFINE_GUARD(rwsem_write, struct rw_semaphore *, down_write(_T), up_write(_T))
DEFINE_GUARD_COND(rwsem_write, _try, down_write_trylock(_T))

#endif
