/* SPDX-License-Identifier: MIT */
/*
 * Work that runs later, in thread context, on a given CPU. See
 * kernel/workqueue.c.
 */
#ifndef _LINUX_WORKQUEUE_H
#define _LINUX_WORKQUEUE_H

#include <linux/list.h>
#include <linux/types.h>

struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

/* w: lock of the worker of `cpu` */
struct work_struct {
	work_func_t func;		/* c: may sleep; may free the work */
	struct list_head entry;		/* w: worker.queue */
	unsigned int pending;		/* a: 1 from queued until func starts */
	int cpu;			/* a: where it was queued last; -1 */
};

#define INIT_WORK(w, f) do {						\
	(w)->func = (f);						\
	INIT_LIST_HEAD(&(w)->entry);					\
	(w)->pending = 0;						\
	(w)->cpu = -1;							\
} while (0)

/*
 * Makes CPU @cpu's worker thread, unless it is there. 0 or -ENOMEM, -EAGAIN.
 * May sleep.
 */
int workqueue_start_cpu(unsigned int cpu);
/* Ends all worker threads after the work they have. May sleep. */
void workqueue_stop(void);
/*
 * Queues @work on the online CPU @cpu; false when it waits there already.
 * Any context once CPU @cpu has its worker; without one the call makes it,
 * and may sleep. A worker that cannot be made leaves the work to the
 * caller: it runs at once, in the caller's context.
 */
bool schedule_work_on(int cpu, struct work_struct *work);
/* On this CPU. */
bool schedule_work(struct work_struct *work);
/* Waits until @work neither waits nor runs; true when it had to. May sleep. */
bool flush_work(struct work_struct *work);

#endif
