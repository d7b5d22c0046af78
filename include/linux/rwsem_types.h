/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RWSEM_TYPES_H
#define _LINUX_RWSEM_TYPES_H

#include <linux/wait_types.h>

/*
 * Many readers or one writer; waiters sleep. A writer that waits keeps new
 * readers out, so that it gets its turn.
 */
struct rw_semaphore {
	int active;			/* wait.lock: readers; -1: a writer */
	unsigned int writers_waiting;	/* wait.lock */
	wait_queue_head_t wait;
};

#endif
