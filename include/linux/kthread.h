/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_KTHREAD_H
#define _LINUX_KTHREAD_H

#include <linux/err.h>
#include <linux/sched.h>

/*
 * A thread that runs fn(arg), not started yet; wake_up_process() starts it,
 * on the online CPU that has least to do. It ends when fn returns. fn may
 * return of itself only when nobody will call kthread_stop() for it, or
 * somebody holds get_task_struct() until then. ERR_PTR(-ENOMEM) when memory
 * lacks, ERR_PTR(-EAGAIN) when the port can have no more threads. May sleep.
 */
struct task_struct * __printf(3, 4)
kthread_create(int (*fn)(void *arg), void *arg, const char *fmt, ...);
/* The same on CPU @cpu, online; @name may hold one %u for it. */
struct task_struct *kthread_create_on_cpu(int (*fn)(void *arg), void *arg,
					  unsigned int cpu, const char *name);
/* Before its first wake-up; @cpu is online. */
void kthread_bind(struct task_struct *p, unsigned int cpu);
/*
 * Asks @p to end, waits for it, frees it; what fn returned, or -EINTR when
 * the thread had never been woken: then fn does not run. May sleep.
 */
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
