/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_SCHED_TYPES_H
#define _OCTAVO_SCHED_TYPES_H

#include <linux/mutex_types.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>

struct kmem_cache;

/*
 * The threads of a machine; each CPU's run queue is per-CPU (run_queue.h).
 * b: at start-up, constant later
 */
struct thread_table {
	spinlock_t lock;	/* of the next four; not taken in interrupts */
	struct list_head all;	/* task_struct.all_list, in order of birth */
	struct list_head dead;	/* task_struct.dead_list: ended, not yet freed */
	unsigned int nr;	/* on `all` */
	int last_pid;		/* last pid handed out */
	struct kmem_cache *cache;	/* b: task_struct's */
	struct mutex worker_lock;	/* of the making of worker threads */
};

#endif
