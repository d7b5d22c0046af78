/* SPDX-License-Identifier: MIT */
/*
 * Bottom halves: what timers call. They run in threads here, so keeping
 * preemption off keeps them off this CPU; the count says that they are off.
 */
#ifndef _LINUX_BOTTOM_HALF_H
#define _LINUX_BOTTOM_HALF_H

#include <linux/preempt.h>

/* Twice, so that it is told from being inside one. */
#define SOFTIRQ_DISABLE_OFFSET	(2 * SOFTIRQ_OFFSET)

static inline void local_bh_disable(void)
{
	preempt_count_add(SOFTIRQ_DISABLE_OFFSET);
	barrier();
}

static inline void local_bh_enable(void)
{
	barrier();
	preempt_count_sub(SOFTIRQ_DISABLE_OFFSET);
	if (unlikely(need_resched()))
		preempt_schedule();
}

#endif
