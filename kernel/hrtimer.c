// SPDX-License-Identifier: MIT
/*
 * Timers by the nanosecond, on the bases of kernel/timer.c.
 *
 * A function that returns HRTIMER_RESTART has moved `expires` itself, and the
 * timer is queued again for it unless somebody has done so meanwhile. One that
 * does not restart may have freed the timer, so nothing is read of it then.
 */
#include <linux/hrtimer.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>

static void hrtimer_fire(struct timer_node *node)
{
	struct hrtimer *timer = container_of(node, struct hrtimer, node);

	if (timer->function(timer) == HRTIMER_RESTART &&
	    !hrtimer_is_queued(timer))
		timer_node_start(node, (u64)max(timer->expires, (ktime_t)1),
				 -1);
}

void hrtimer_init(struct hrtimer *timer, int clock, enum hrtimer_mode mode)
{
	*timer = (struct hrtimer){
		.node = {
			.fn = hrtimer_fire,
			.hard = !(mode & HRTIMER_MODE_SOFT),
		},
	};
}

void hrtimer_start(struct hrtimer *timer, ktime_t time, enum hrtimer_mode mode)
{
	if (WARN_ON(!timer->function))
		return;
	if (mode & HRTIMER_MODE_REL)
		time = ktime_get() > KTIME_MAX - time ? KTIME_MAX :
		       ktime_get() + time;
	timer->expires = time;
	timer_node_start(&timer->node, (u64)max(time, (ktime_t)1), -1);
}

int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	if (timer_node_running(&timer->node))
		return -1;
	return timer_node_stop(&timer->node, false);
}

int hrtimer_cancel(struct hrtimer *timer)
{
	int was = 0;

	do
		was |= timer_node_stop(&timer->node, false);
	while (timer_node_wait(&timer->node) && hrtimer_is_queued(timer));
	return was;
}

u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval)
{
	ktime_t late = now - timer->expires;
	u64 n;

	if (late < 0 || WARN_ON(hrtimer_is_queued(timer)))
		return 0;
	interval = max(interval, (ktime_t)1);
	n = (u64)(late / interval) + 1;
	timer->expires += (ktime_t)n * interval;
	return n;
}

bool hrtimer_active(struct hrtimer *timer)
{
	return hrtimer_is_queued(timer) || timer_node_running(&timer->node);
}

int schedule_hrtimeout(ktime_t *expires, enum hrtimer_mode mode)
{
	u64 end;

	if (!expires) {
		schedule();
		return -EINTR;
	}
	end = (u64)*expires + (mode & HRTIMER_MODE_REL ? port_clock_ns() : 0);
	if (end <= port_clock_ns()) {
		__set_current_state(TASK_RUNNING);
		return 0;
	}
	schedule_until(end);
	return port_clock_ns() >= end ? 0 : -EINTR;
}
