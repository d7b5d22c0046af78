/* SPDX-License-Identifier: MIT */
/* Scheduling in a kernel that embeds the core; see octavo/run_queue.h. */
#ifndef _ASM_SCHED_H
#define _ASM_SCHED_H

#include <linux/percpu-defs.h>
#include <asm/current.h>

/* Works without a timer; a kernel that has one may call scheduler_tick(). */
#define PORT_HAS_TICK		0
/* Who called start_kernel() is task 0, and runs when no other can. */
#define PORT_HAS_IDLE		1
/* 16 KiB: task_struct, then the stack, which grows down to it. */
#define THREAD_HAS_STACK	1
#define THREAD_ORDER		2

static inline void port_set_current(struct task_struct *p)
{
	this_cpu_write(current_task, p);
}

#endif
