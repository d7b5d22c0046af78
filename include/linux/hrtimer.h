/* SPDX-License-Identifier: MIT */
/*
 * Timers by the nanosecond, as exact as the port's tick: kernel/hrtimer.c.
 * The function runs with interrupts off, or as a softirq with a _SOFT mode.
 */
#ifndef _LINUX_HRTIMER_H
#define _LINUX_HRTIMER_H

#include <linux/ktime.h>
#include <linux/timer.h>

#define CLOCK_REALTIME	0	/* all clocks are the same here */
#define CLOCK_MONOTONIC	1
#define CLOCK_BOOTTIME	7
#define CLOCK_TAI	11

enum hrtimer_restart { HRTIMER_NORESTART, HRTIMER_RESTART };

enum hrtimer_mode {
	HRTIMER_MODE_ABS = 0x00,
	HRTIMER_MODE_REL = 0x01,
	HRTIMER_MODE_PINNED = 0x02,
	HRTIMER_MODE_SOFT = 0x04,
	HRTIMER_MODE_HARD = 0x08,
	HRTIMER_MODE_ABS_PINNED = HRTIMER_MODE_ABS | HRTIMER_MODE_PINNED,
	HRTIMER_MODE_REL_PINNED = HRTIMER_MODE_REL | HRTIMER_MODE_PINNED,
	HRTIMER_MODE_ABS_SOFT = HRTIMER_MODE_ABS | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_REL_SOFT = HRTIMER_MODE_REL | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_ABS_HARD = HRTIMER_MODE_ABS | HRTIMER_MODE_HARD,
	HRTIMER_MODE_REL_HARD = HRTIMER_MODE_REL | HRTIMER_MODE_HARD,
};

struct hrtimer {
	struct timer_node node;
	ktime_t expires;		/* the user's and the function's */
	enum hrtimer_restart (*function)(struct hrtimer *timer);
};

void hrtimer_init(struct hrtimer *timer, int clock, enum hrtimer_mode mode);
#define hrtimer_init_on_stack(t, clock, mode)	hrtimer_init(t, clock, mode)
#define destroy_hrtimer_on_stack(t)		((void)(t))

static inline void
hrtimer_setup(struct hrtimer *timer,
	      enum hrtimer_restart (*function)(struct hrtimer *), int clock,
	      enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}

/* (Re)starts it, @time from now or at @time as @mode says. Any context. */
void hrtimer_start(struct hrtimer *timer, ktime_t time,
		   enum hrtimer_mode mode);
#define hrtimer_start_range_ns(t, time, slack, mode)			\
	((void)(slack), hrtimer_start(t, time, mode))
#define hrtimer_start_expires(t, mode)					\
	hrtimer_start(t, (t)->expires, HRTIMER_MODE_ABS)
#define hrtimer_restart(t)						\
	hrtimer_start(t, (t)->expires, HRTIMER_MODE_ABS)
/* 1 when it was queued, else 0; its function does not run on return. */
int hrtimer_cancel(struct hrtimer *timer);
/* The same; -1, and nothing is done, when its function runs. */
int hrtimer_try_to_cancel(struct hrtimer *timer);
/*
 * From its function: puts expires past @now by whole @interval s; how many.
 */
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval);
#define hrtimer_forward_now(t, interval)				\
	hrtimer_forward(t, ktime_get(), interval)
/* Queued, or its function runs. */
bool hrtimer_active(struct hrtimer *timer);

static inline bool hrtimer_is_queued(struct hrtimer *timer)
{
	return timer_node_queued(&timer->node);
}

#define hrtimer_callback_running(t)	timer_node_running(&(t)->node)
#define hrtimer_cb_get_time(t)		((void)(t), ktime_get())
#define hrtimer_get_expires(t)		((t)->expires)
#define hrtimer_get_softexpires(t)	((t)->expires)
#define hrtimer_get_expires_ns(t)	ktime_to_ns((t)->expires)
#define hrtimer_set_expires(t, time)	((void)((t)->expires = (time)))
#define hrtimer_add_expires(t, time)	((void)((t)->expires += (time)))
#define hrtimer_add_expires_ns(t, ns)	((void)((t)->expires += (s64)(ns)))
#define hrtimer_get_remaining(t)	((t)->expires - ktime_get())
#define hrtimer_expires_remaining(t)	hrtimer_get_remaining(t)

/*
 * Sleeps in the state that the caller has set, until *@expires (NULL: no
 * end). 0: the time has come; -EINTR: woken before. May sleep.
 */
int schedule_hrtimeout(ktime_t *expires, enum hrtimer_mode mode);
#define schedule_hrtimeout_range(expires, delta, mode)			\
	((void)(delta), schedule_hrtimeout(expires, mode))

#endif
