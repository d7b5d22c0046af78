// SPDX-License-Identifier: MIT
/*
 * Works that are queued when a timer runs out.
 *
 *   queue_delayed_work() ──> timer ... ──> pool: works ... (workqueue.c)
 *                            pending = 1 until it begins to run
 *
 * A delayed work is in its timer or in a pool, never in both: whoever stops the
 * timer has it. One that is disabled is claimed by nobody, so that once timer
 * and pool are seen empty, they stay so.
 *
 * Locks: the timer's, then the pool's, one after the other.
 */
#include "workqueue.h"

#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/timer.h>

#include <asm/processor.h>

void delayed_work_timer_fn(struct timer_list *timer)
{
	struct delayed_work *dwork = from_timer(dwork, timer, timer);

	work_append(wq_pool(dwork->wq, dwork->cpu), &dwork->work);
}

/* It is pending, by the caller. */
static void delayed_start(int cpu, struct workqueue_struct *wq,
			  struct delayed_work *dwork, unsigned long delay)
{
	dwork->wq = wq;
	dwork->cpu = cpu;
	if (!delay) {
		work_append(wq_pool(wq, cpu), &dwork->work);
		return;
	}
	dwork->timer.expires = get_jiffies() + delay;
	if (cpu == WORK_CPU_UNBOUND)
		mod_timer(&dwork->timer, dwork->timer.expires);
	else
		add_timer_on(&dwork->timer, cpu);
}

bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq,
			   struct delayed_work *dwork, unsigned long delay)
{
	if (!wq && workqueue_start_cpu((unsigned int)wq_cpu(cpu)))
		return false;
	if (!work_claim(&dwork->work))
		return false;
	delayed_start(cpu, wq, dwork, delay);
	return true;
}

bool cancel_delayed_work(struct delayed_work *dwork)
{
	if (timer_delete(&dwork->timer)) {
		__atomic_store_n(&dwork->work.pending, 0, __ATOMIC_RELEASE);
		return true;
	}
	return work_withdraw(&dwork->work);
}

bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq,
			 struct delayed_work *dwork, unsigned long delay)
{
	bool was = cancel_delayed_work(dwork);

	return queue_delayed_work_on(cpu, wq, dwork, delay) ? was : true;
}

bool flush_delayed_work(struct delayed_work *dwork)
{
	if (timer_delete_sync(&dwork->timer))
		work_append(wq_pool(dwork->wq, dwork->cpu), &dwork->work);
	return flush_work(&dwork->work);
}

bool disable_delayed_work(struct delayed_work *dwork)
{
	__atomic_fetch_add(&dwork->work.disabled, 1, __ATOMIC_SEQ_CST);
	return cancel_delayed_work(dwork);
}

bool disable_delayed_work_sync(struct delayed_work *dwork)
{
	bool was = disable_delayed_work(dwork);

	while (work_pending(&dwork->work)) {
		was |= cancel_delayed_work(dwork);
		cpu_relax();
	}
	timer_delete_sync(&dwork->timer);
	work_wait(&dwork->work);
	return was;
}

bool enable_delayed_work(struct delayed_work *dwork)
{
	return enable_work(&dwork->work);
}

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	bool was;

	might_sleep();
	was = disable_delayed_work_sync(dwork);
	enable_delayed_work(dwork);
	return was;
}
