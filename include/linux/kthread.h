/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_KTHREAD_H
#define _LINUX_KTHREAD_H

#include <linux/err.h>
#include <linux/sched.h>

/*
 * A thread that runs fn(arg), not started yet; wake_up_process() starts it.
 * ERR_PTR(-ENOMEM) when memory lacks. May sleep.
 */
struct task_struct * __printf(3, 4)
kthread_create(int (*fn)(void *arg), void *arg, const char *fmt, ...);
struct task_struct *kthread_create_on_cpu(int (*fn)(void *arg), void *arg,
					  unsigned int cpu, const char *name);
/* Before its first wake-up. */
void kthread_bind(struct task_struct *p, unsigned int cpu);
/* Asks @p to end, waits for it, frees it; what fn returned. May sleep. */
int kthread_stop(struct task_struct *p);
/* In the thread: has kthread_stop() been called? */
bool kthread_should_stop(void);

#define kthread_run(fn, arg, fmt, ...) ({				\
	struct task_struct *__k =					\
		kthread_create(fn, arg, fmt, ##__VA_ARGS__);		\
	if (!IS_ERR(__k))						\
		wake_up_process(__k);					\
	__k; })

#endif
