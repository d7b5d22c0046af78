/* SPDX-License-Identifier: MIT */
/*
 * What the running context may do, as one per-CPU word:
 *
 *   bits  0-7   preempt_disable() depth
 *   bits  8-15  softirq depth
 *   bits 16-19  hard interrupt depth
 *
 * Zero means that the thread may be switched away and may sleep.
 */
#ifndef _LINUX_PREEMPT_H
#define _LINUX_PREEMPT_H

#include <linux/irqflags.h>
#include <linux/percpu-defs.h>

#define PREEMPT_OFFSET	(1U << 0)
#define SOFTIRQ_OFFSET	(1U << 8)
#define HARDIRQ_OFFSET	(1U << 16)
#define PREEMPT_MASK	0x000000ffU
#define SOFTIRQ_MASK	0x0000ff00U
#define HARDIRQ_MASK	0x000f0000U

DECLARE_PER_CPU(unsigned int, __preempt_count);

#define preempt_count()		this_cpu_read(__preempt_count)
#define preempt_count_add(n)	this_cpu_add(__preempt_count, (n))
#define preempt_count_sub(n)	this_cpu_sub(__preempt_count, (n))

#define in_interrupt()	(preempt_count() & (HARDIRQ_MASK | SOFTIRQ_MASK))
#define in_hardirq()	(preempt_count() & HARDIRQ_MASK)
#define in_softirq()	(preempt_count() & SOFTIRQ_MASK)
#define in_task()	(!in_interrupt())
#define in_atomic()	(preempt_count() != 0)
#define preemptible()	(preempt_count() == 0 && !irqs_disabled())

/*
 * What this CPU is asked to do at its next chance, as bits. Set by any CPU
 * with __atomic_fetch_or(), cleared by its own.
 */
#define RESCHED_SWITCH	(1U << 0)	/* another thread has a claim */
#define RESCHED_CALL	(1U << 1)	/* calls wait (ports without interrupts) */
#define RESCHED_RCU	(1U << 2)	/* say that no read section is open */
DECLARE_PER_CPU(unsigned int, __need_resched);

#define need_resched()	(this_cpu_read(__need_resched) != 0)

/*
 * Does what need_resched() speaks of, as far as the context allows: nothing
 * with interrupts off, no switch with preemption off. Any context.
 */
void preempt_schedule(void);
/*
 * For the end of an interrupt handler, after it has left the interrupt's
 * count: switches when this CPU may. Interrupts are off, and off on return.
 */
void preempt_schedule_irq(void);

#define preempt_disable() do {						\
	preempt_count_add(PREEMPT_OFFSET);				\
	barrier();							\
} while (0)
#define preempt_enable_no_resched() do {				\
	barrier();							\
	preempt_count_sub(PREEMPT_OFFSET);				\
} while (0)
#define preempt_enable() do {						\
	preempt_enable_no_resched();					\
	if (unlikely(need_resched()))					\
		preempt_schedule();					\
} while (0)

#define in_irq()		in_hardirq()
#define in_serving_softirq()	(preempt_count() & SOFTIRQ_OFFSET)
#define in_nmi()		0
#define irq_count()							\
	(preempt_count() & (HARDIRQ_MASK | SOFTIRQ_MASK))
#define softirq_count()		(preempt_count() & SOFTIRQ_MASK)
#define hardirq_count()		(preempt_count() & HARDIRQ_MASK)
#define preempt_disable_notrace()	preempt_disable()
#define preempt_enable_notrace()	preempt_enable()
/*
 * The thread stays on its CPU in between, which does not go off-line; it may
 * be preempted, and sleep. Nests. Threads only.
 */
void migrate_disable(void);
void migrate_enable(void);

#endif
