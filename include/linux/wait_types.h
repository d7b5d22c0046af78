/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_WAIT_TYPES_H
#define _LINUX_WAIT_TYPES_H

#include <linux/spinlock_types.h>
#include <linux/types.h>

struct task_struct;

typedef struct wait_queue_head {
	spinlock_t lock;		/* of head; irq-safe */
	struct list_head head;		/* wait_queue_entry.entry, oldest first */
} wait_queue_head_t;

struct wait_queue_entry {
	struct task_struct *task;	/* who waits */
	struct list_head entry;		/* on the queue, or linked to itself */
	bool exclusive;			/* one wake-up wakes only one such */
};

#endif
