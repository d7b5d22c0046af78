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

struct wait_queue_entry;
/*
 * What a wake-up does with an entry, under the queue's lock: whether it woke
 * somebody, or -errno to look at no more entries. @mode: TASK_* states that
 * are to be woken; @key: the waker's.
 */
typedef int (*wait_queue_func_t)(struct wait_queue_entry *w, unsigned int mode,
				 int flags, void *key);

#define WQ_FLAG_EXCLUSIVE	0x01u	/* one wake-up wakes only one such */

struct wait_queue_entry {
	unsigned int flags;		/* WQ_FLAG_* */
	void *private;			/* func's: for ours, the task */
	wait_queue_func_t func;
	struct list_head entry;		/* on the queue, or linked to itself */
};
typedef struct wait_queue_entry wait_queue_entry_t;

#endif
