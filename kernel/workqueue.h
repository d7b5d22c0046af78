/* SPDX-License-Identifier: MIT */
/* What delayed_work.c needs of workqueue.c, which has the theory. */
#ifndef _KERNEL_WORKQUEUE_H
#define _KERNEL_WORKQUEUE_H

#include <linux/workqueue.h>

struct worker_pool;

/* The CPU that @cpu of a request stands for. Any context. */
int wq_cpu(int cpu);
/* The pool of @wq, NULL for the machine's, that serves @cpu. Any context. */
struct worker_pool *wq_pool(struct workqueue_struct *wq, int cpu);
/* Queues a claimed work: in @pool, or where it runs now. Any context. */
void work_append(struct worker_pool *pool, struct work_struct *work);
/* Makes @work pending; false: it was, or is disabled. Any context. */
bool work_claim(struct work_struct *work);
/* Takes @work out of its pool before it runs; false: it waits in none. */
bool work_withdraw(struct work_struct *work);
/* Until @work does not run. May sleep. */
void work_wait(struct work_struct *work);

#endif
