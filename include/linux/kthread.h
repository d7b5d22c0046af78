/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_KTHREAD_H
#define _LINUX_KTHREAD_H

#include <linux/err.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

/*
 * A thread that runs fn(arg), not started yet; wake_up_process() starts it,
 * on the online CPU that has least to do. It ends when fn returns. fn may
 * return of itself only when nobody will call kthread_stop() for it, or
 * somebody holds get_task_struct() until then. ERR_PTR(-ENOMEM) when memory
 * lacks, ERR_PTR(-EAGAIN) when the port can have no more threads. May sleep.
 */
struct task_struct * __printf(3, 4)
kthread_create(int (*fn)(void *arg), void *arg, const char *fmt, ...);
/*
 * The same on CPU @cpu, elsewhere while that does not run; @name may hold one
 * %u for it.
 */
struct task_struct *kthread_create_on_cpu(int (*fn)(void *arg), void *arg,
					  unsigned int cpu, const char *name);
/* Before its first wake-up: as one of kthread_create_on_cpu(). */
void kthread_bind(struct task_struct *p, unsigned int cpu);
/*
 * Asks @p to end, waits for it, frees it; what fn returned, or -EINTR when
 * the thread had never been woken: then fn does not run. May sleep.
 */
int kthread_stop(struct task_struct *p);
/* In the thread: has kthread_stop() been called? */
bool kthread_should_stop(void);

/* The same, from @node if it can be told; NUMA_NO_NODE: anywhere. */
#define kthread_create_on_node(fn, arg, node, fmt, ...)			\
	((void)(node), kthread_create(fn, arg, fmt, ##__VA_ARGS__))
/* Before its first wake-up: to the first online CPU of @mask. */
void kthread_bind_mask(struct task_struct *p, const struct cpumask *mask);
/*
 * In a kernel thread: ends it, from however deep in its function. What its
 * function would have returned is @code.
 */
void __noreturn kthread_exit(long code);
/* The same, after complete(@comp), if that is not NULL. */
void __noreturn kthread_complete_and_exit(struct completion *comp, long code);
#define kthread_stop_put(p)	({ int __code = kthread_stop(p);	\
				   put_task_struct(p); __code; })
/* What its function got as argument. */
static inline void *kthread_data(struct task_struct *p) { return p->arg; }
static inline void *kthread_func(struct task_struct *p) { return (void *)p->fn; }
/*
 * Asks @p to come to kthread_parkme(), and waits until it has: 0, or -ENOSYS
 * when it has ended. It stays there until kthread_unpark(). May sleep.
 */
int kthread_park(struct task_struct *p);
void kthread_unpark(struct task_struct *p);
bool kthread_should_park(void);
void kthread_parkme(void);
/* Nobody freezes: kthread_should_stop(). */
#define kthread_freezable_should_stop(was_frozen)			\
	((void)(was_frozen), kthread_should_stop())
#define set_freezable()		((void)0)
#define try_to_freeze()		0
#define freezing(p)		((void)(p), 0)

#define kthread_run_on_cpu(fn, arg, cpu, fmt) ({			\
	struct task_struct *__k =					\
		kthread_create_on_cpu(fn, arg, cpu, fmt);		\
	if (!IS_ERR(__k))						\
		wake_up_process(__k);					\
	__k; })

#define kthread_run(fn, arg, fmt, ...) ({				\
	struct task_struct *__k =					\
		kthread_create(fn, arg, fmt, ##__VA_ARGS__);		\
	if (!IS_ERR(__k))						\
		wake_up_process(__k);					\
	__k; })

/* ---- workers: a thread that runs works, one after another ------------- */

struct kthread_work;
typedef void (*kthread_work_func_t)(struct kthread_work *work);

/* l: lock  c: constant */
struct kthread_worker {
	spinlock_t lock;
	struct list_head work_list;	/* l: kthread_work.node */
	struct task_struct *task;	/* c */
	struct kthread_work *current_work;	/* l: runs now, or NULL */
	unsigned long done;		/* l: works that have run */
	unsigned long queued;		/* l: works ever queued */
};

/* l: worker->lock */
struct kthread_work {
	struct list_head node;		/* l */
	kthread_work_func_t func;	/* c */
	struct kthread_worker *worker;	/* l: where it was queued last */
	unsigned long seq;		/* l: its number there */
};

#define KTHREAD_WORK_INIT(work, fn)					\
	{ .node = LIST_HEAD_INIT((work).node), .func = (fn) }
#define DEFINE_KTHREAD_WORK(work, fn)					\
	struct kthread_work work = KTHREAD_WORK_INIT(work, fn)
#define kthread_init_work(work, fn)					\
	(*(work) = (struct kthread_work)KTHREAD_WORK_INIT(*(work), fn), (void)0)
void kthread_init_worker(struct kthread_worker *worker);
/* What the thread of a worker runs. */
int kthread_worker_fn(void *worker_ptr);
/* ERR_PTR(-ENOMEM) when memory lacks. May sleep. */
struct kthread_worker * __printf(2, 3)
kthread_create_worker(unsigned int flags, const char *namefmt, ...);
void kthread_destroy_worker(struct kthread_worker *worker);
/* False when it waits already. Any context. */
bool kthread_queue_work(struct kthread_worker *worker,
			struct kthread_work *work);
void kthread_flush_work(struct kthread_work *work);
void kthread_flush_worker(struct kthread_worker *worker);
bool kthread_cancel_work_sync(struct kthread_work *work);

#endif
