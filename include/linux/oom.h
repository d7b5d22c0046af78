/* SPDX-License-Identifier: MIT */
/* Tasks that end so that their memory comes back. */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/oom.h>
#elif !defined(_OCTAVO_LINUX_OOM_H)
#define _OCTAVO_LINUX_OOM_H

#include <linux/sched.h>

/*
 * Lets @task have what its end may need: its requests go half as deep into
 * the min mark again as others' (ALLOC_OOM). There is no way back.
 */
static inline void mark_oom_victim(struct task_struct *task)
{
	WRITE_ONCE(task->oom_victim, true);
}

static inline bool tsk_is_oom_victim(const struct task_struct *task)
{
	return READ_ONCE(task->oom_victim);
}

#endif
