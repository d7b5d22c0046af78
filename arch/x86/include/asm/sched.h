/* SPDX-License-Identifier: MIT */
/* x86's part of scheduling; see octavo/run_queue.h. */
#ifndef _ASM_SCHED_H
#define _ASM_SCHED_H

#include <linux/percpu-defs.h>
#include <asm/current.h>

/* The local APIC's timer calls scheduler_tick(). */
#define PORT_HAS_TICK		1
/* Task 0 of a CPU halts it until an interrupt. */
#define PORT_HAS_IDLE		1
/* 16 KiB for a thread's stack. */
#define THREAD_HAS_STACK	1
#define THREAD_ORDER		2

static inline void port_set_current(struct task_struct *p)
{
	this_cpu_write(current_task, p);
}

#endif
