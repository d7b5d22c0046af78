/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RWSEM_H
#define _LINUX_RWSEM_H

#include <linux/wait.h>

/*
 * Many readers or one writer; waiters sleep. A writer that waits keeps new
 * readers out, so that it gets its turn.
 */
struct rw_semaphore {
	int active;			/* wait.lock: readers; -1: a writer */
	unsigned int writers_waiting;	/* wait.lock */
	wait_queue_head_t wait;
};

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

#endif
