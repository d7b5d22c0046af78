/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MUTEX_TYPES_H
#define _LINUX_MUTEX_TYPES_H

#include <linux/wait_types.h>

/*
 * A lock whose waiters sleep. Owned by a thread; not for interrupts. Taking
 * one's own again, or giving back another's, stops the machine.
 */
struct mutex {
	struct task_struct *owner;	/* a: holder, NULL when free */
	unsigned int waiters;		/* a: threads that sleep or are about to */
	wait_queue_head_t wait;		/* those who want it, exclusive */
};

#endif
