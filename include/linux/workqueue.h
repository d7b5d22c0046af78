/* SPDX-License-Identifier: MIT */
/*
 * Work that runs later, in thread context. A work_struct says what; a
 * workqueue, by which threads; see kernel/workqueue.c.
 *
 * A work that waits already is not queued twice, and one that runs does not
 * run a second time until it is done. Its function may sleep, queue it again,
 * and free what it lies in.
 *
 * Differs from Linux: each workqueue has threads of its own, so nothing is to
 * be rescued; there are no priorities, and freezing and bottom halves are not
 * told apart.
 */
#ifndef _LINUX_WORKQUEUE_H
#define _LINUX_WORKQUEUE_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/container_of.h>
#include <linux/cpumask.h>
#include <linux/list.h>
#include <linux/threads.h>
#include <linux/timer.h>
#include <linux/types.h>

struct work_struct;
struct worker_pool;
struct workqueue_struct;
typedef void (*work_func_t)(struct work_struct *work);

/* w: lock of the pool */
struct work_struct {
	work_func_t func;		/* c */
	struct list_head entry;		/* w: worker_pool.works */
	unsigned int pending;		/* a: 1 from queued until func starts */
	unsigned int disabled;		/* a: reasons not to queue it */
	struct worker_pool *pool;	/* a: where it was queued last; NULL */
	unsigned long seq;		/* w: its number there */
};

struct delayed_work {
	struct work_struct work;
	struct timer_list timer;	/* queues the work */
	struct workqueue_struct *wq;	/* where, when the timer fires */
	int cpu;			/* on which CPU, or WORK_CPU_UNBOUND */
};

#define __WORK_INITIALIZER(n, f)					\
	{ .func = (f), .entry = LIST_HEAD_INIT((n).entry) }
#define DECLARE_WORK(n, f)						\
	struct work_struct n = __WORK_INITIALIZER(n, f)
#define __DELAYED_WORK_INITIALIZER(n, f)				\
	{ .work = __WORK_INITIALIZER((n).work, f),			\
	  .timer = __TIMER_INITIALIZER(delayed_work_timer_fn, TIMER_IRQSAFE) }
#define DECLARE_DELAYED_WORK(n, f)					\
	struct delayed_work n = __DELAYED_WORK_INITIALIZER(n, f)
#define DECLARE_DEFERRABLE_WORK(n, f)	DECLARE_DELAYED_WORK(n, f)

#define INIT_WORK(w, f) do {						\
	struct work_struct *__work = (w);				\
									\
	*__work = (struct work_struct)__WORK_INITIALIZER(*__work, f);	\
} while (0)
#define PREPARE_WORK(w, f)	((void)((w)->func = (f)))
#define INIT_DELAYED_WORK(w, f) do {					\
	INIT_WORK(&(w)->work, f);					\
	timer_setup(&(w)->timer, delayed_work_timer_fn, TIMER_IRQSAFE);	\
} while (0)
#define INIT_WORK_ONSTACK(w, f)			INIT_WORK(w, f)
#define INIT_DELAYED_WORK_ONSTACK(w, f)		INIT_DELAYED_WORK(w, f)
#define INIT_DEFERRABLE_WORK(w, f)		INIT_DELAYED_WORK(w, f)
#define destroy_work_on_stack(w)		((void)(w))
#define destroy_delayed_work_on_stack(w)	((void)(w))

#define work_pending(w)							\
	(__atomic_load_n(&(w)->pending, __ATOMIC_RELAXED) != 0)
#define delayed_work_pending(w)	work_pending(&(w)->work)

static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

void delayed_work_timer_fn(struct timer_list *timer);

/* ---- workqueues ------------------------------------------------------- */

#define WQ_BH			(1U << 0)
#define WQ_UNBOUND		(1U << 1)	/* on any CPU */
#define WQ_FREEZABLE		(1U << 2)
#define WQ_MEM_RECLAIM		(1U << 3)
#define WQ_HIGHPRI		(1U << 4)
#define WQ_CPU_INTENSIVE	(1U << 5)
#define WQ_SYSFS		(1U << 6)
#define WQ_POWER_EFFICIENT	(1U << 7)
#define __WQ_ORDERED		(1U << 19)

#define WQ_MAX_ACTIVE		512
#define WQ_UNBOUND_MAX_ACTIVE	WQ_MAX_ACTIVE
#define WQ_DFL_ACTIVE		(WQ_MAX_ACTIVE / 2)
#define WORK_CPU_UNBOUND	NR_CPUS

/*
 * At most @max_active works (0: a default) run at once: on each CPU, or with
 * WQ_UNBOUND in all. NULL when memory lacks. May sleep.
 */
struct workqueue_struct * __printf(1, 4)
alloc_workqueue(const char *fmt, unsigned int flags, int max_active, ...);
#define alloc_ordered_workqueue(fmt, flags, ...)			\
	alloc_workqueue(fmt, WQ_UNBOUND | __WQ_ORDERED | (flags), 1,	\
			##__VA_ARGS__)
#define create_workqueue(name)						\
	alloc_workqueue("%s", WQ_MEM_RECLAIM, 1, (name))
#define create_freezable_workqueue(name)				\
	alloc_workqueue("%s", WQ_FREEZABLE | WQ_UNBOUND | WQ_MEM_RECLAIM, \
			1, (name))
#define create_singlethread_workqueue(name)				\
	alloc_ordered_workqueue("%s", WQ_MEM_RECLAIM, name)
/* Does all its work first; nobody may queue more but that itself. May sleep. */
void destroy_workqueue(struct workqueue_struct *wq);
/* Waits for all that was queued before the call. May sleep. */
void flush_workqueue(struct workqueue_struct *wq);
#define __flush_workqueue(wq)	flush_workqueue(wq)
/* The same, and for what that queues, until there is none. May sleep. */
void drain_workqueue(struct workqueue_struct *wq);

/* The machine's own, of no name: whatever their names promise, one. */
#define system_wq			((struct workqueue_struct *)NULL)
#define system_highpri_wq		system_wq
#define system_long_wq			system_wq
#define system_unbound_wq		system_wq
#define system_freezable_wq		system_wq
#define system_power_efficient_wq	system_wq
#define system_freezable_power_efficient_wq	system_wq

/* ---- works ------------------------------------------------------------ */

/*
 * False when it waits already, or is disabled. Any context. On this CPU, or
 * on @cpu, which is online, unless the workqueue is unbound.
 */
bool queue_work_on(int cpu, struct workqueue_struct *wq,
		   struct work_struct *work);
bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq,
			   struct delayed_work *dwork, unsigned long delay);
/* The same with a new delay; true when it had been waiting. */
bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq,
			 struct delayed_work *dwork, unsigned long delay);
#define queue_work(wq, work)						\
	queue_work_on(WORK_CPU_UNBOUND, wq, work)
#define queue_work_node(node, wq, work)	((void)(node), queue_work(wq, work))
#define queue_delayed_work(wq, dwork, delay)				\
	queue_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay)
#define mod_delayed_work(wq, dwork, delay)				\
	mod_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay)
#define schedule_delayed_work(dwork, delay)				\
	queue_delayed_work(system_wq, dwork, delay)
#define schedule_delayed_work_on(cpu, dwork, delay)			\
	queue_delayed_work_on(cpu, system_wq, dwork, delay)

/*
 * Queues @work on the online CPU @cpu; false when it waits there already.
 * Any context once CPU @cpu has its worker; without one the call makes it,
 * and may sleep. A worker that cannot be made leaves the work to the
 * caller: it runs at once, in the caller's context.
 */
bool schedule_work_on(int cpu, struct work_struct *work);
/* On this CPU. */
bool schedule_work(struct work_struct *work);
/* Runs @func once on each online CPU. 0 or -ENOMEM. May sleep. */
int schedule_on_each_cpu(work_func_t func);
#define flush_scheduled_work()	flush_workqueue(system_wq)

/*
 * Waits until @work, as it was queued last, has run; true when it had to. May
 * sleep.
 */
bool flush_work(struct work_struct *work);
/* Queues it at once if its time has not come. */
bool flush_delayed_work(struct delayed_work *dwork);
/* Takes it off the queue; true when it was there. Any context. */
bool cancel_work(struct work_struct *work);
bool cancel_delayed_work(struct delayed_work *dwork);
/* The same, and it does not run on return, though it requeue itself. */
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work_sync(struct delayed_work *dwork);
/* Cancels it, and it is not queued until it has been enabled as often. */
bool disable_work(struct work_struct *work);
bool disable_work_sync(struct work_struct *work);
bool enable_work(struct work_struct *work);
bool disable_delayed_work(struct delayed_work *dwork);
bool disable_delayed_work_sync(struct delayed_work *dwork);
bool enable_delayed_work(struct delayed_work *dwork);

#define WORK_BUSY_PENDING	(1U << 0)
#define WORK_BUSY_RUNNING	(1U << 1)
unsigned int work_busy(struct work_struct *work);
/* What the calling worker runs; NULL for another thread. */
struct work_struct *current_work(void);
/* fn(arg) in a thread of CPU @cpu; what that returns. May sleep. */
long work_on_cpu(int cpu, long (*fn)(void *arg), void *arg);
/* The same, on no other CPU; -ENODEV when it is not online. */
long work_on_cpu_safe(int cpu, long (*fn)(void *arg), void *arg);

/* ---- for the core ----------------------------------------------------- */

/*
 * Makes CPU @cpu's worker thread, unless it is there. 0 or -ENOMEM, -EAGAIN.
 * May sleep.
 */
int workqueue_start_cpu(unsigned int cpu);
/* Whether this CPU's is there: schedule_work() will not sleep. Any context. */
bool workqueue_ready(void);
/*
 * Makes it on every online CPU, and the thread that makes more of them: from
 * here on works may be queued in any context. 0 or -errno. May sleep.
 */
int workqueue_start(void);
/* Ends all worker threads after the work they have. May sleep. */
void workqueue_stop(void);

#endif
