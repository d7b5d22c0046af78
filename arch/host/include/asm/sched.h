/* SPDX-License-Identifier: MIT */
/* The host's part of scheduling; see octavo/run_queue.h. */
#ifndef _ASM_SCHED_H
#define _ASM_SCHED_H

struct task_struct;

/* No timer interrupts: who waits is looked for at preempt_enable(). */
#define PORT_HAS_TICK		0
/* A CPU without work has no thread of its own. */
#define PORT_HAS_IDLE		0
/* The C library makes the stacks. */
#define THREAD_HAS_STACK	0
#define THREAD_ORDER		0

/* The calling thread, which is starting the machine, is @p from now on. */
void port_set_current(struct task_struct *p);

#endif
