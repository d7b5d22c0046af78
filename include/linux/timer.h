/* SPDX-License-Identifier: MIT */
/*
 * Timers: a function that is called once, on a CPU, when jiffies has come to
 * `expires`. It may not sleep (in_softirq()), may start the timer again, and
 * may free what the timer lies in. See kernel/timer.c.
 */
#ifndef _LINUX_TIMER_H
#define _LINUX_TIMER_H

#include <linux/container_of.h>
#include <linux/jiffies.h>
#include <linux/rbtree_types.h>
#include <linux/types.h>

struct timer_base;

/* b: base->lock */
struct timer_node {
	struct rb_node rb;		/* b: in the base's tree */
	u64 time;			/* b: ns of port_clock_ns() */
	u64 seq;			/* b: order of those of equal time */
	struct timer_base *base;	/* a: whose tree it is in or was last;
					 * NULL: none yet */
	bool queued;			/* b: in the tree */
	bool hard;			/* c: called with interrupts off */
	bool shut;			/* b: not to be started again */
	void (*fn)(struct timer_node *node);	/* c: base's lock not held */
};

struct timer_list {
	struct timer_node node;
	unsigned long expires;		/* jiffies; the user's before add_timer() */
	void (*function)(struct timer_list *timer);	/* the user's */
	u32 flags;			/* TIMER_* */
};

#define TIMER_CPUMASK		0x0003ffffu
#define TIMER_DEFERRABLE	0x00080000u	/* not looked at */
#define TIMER_PINNED		0x00100000u	/* the same: all are */
#define TIMER_IRQSAFE		0x00200000u	/* interrupts are off in it */

/* The function that timers have which call the user's. */
void timer_list_fire(struct timer_node *node);

#define __TIMER_INITIALIZER(fn_, flags_)				\
	{ .node = { .fn = timer_list_fire,				\
		    .hard = ((flags_) & TIMER_IRQSAFE) != 0 },		\
	  .function = (fn_), .flags = (flags_) }
#define DEFINE_TIMER(name, fn_)						\
	struct timer_list name = __TIMER_INITIALIZER(fn_, 0)
#define timer_setup(timer, fn_, flags_) do {				\
	void (*__fn)(struct timer_list *) = (fn_);			\
									\
	*(timer) = (struct timer_list)__TIMER_INITIALIZER(__fn, (flags_)); \
} while (0)
#define timer_setup_on_stack(timer, fn, flags)	timer_setup(timer, fn, flags)
#define destroy_timer_on_stack(timer)		((void)(timer))
#define from_timer(var, timer, field)					\
	container_of(timer, __typeof__(*var), field)
#define timer_container_of(var, timer, field)	from_timer(var, timer, field)

bool timer_pending(const struct timer_list *timer);
/* Starts it; it is not pending. On the CPU that it was last on, or this. */
void add_timer(struct timer_list *timer);
/* The same, and its function is called on CPU @cpu. */
void add_timer_on(struct timer_list *timer, int cpu);
#define add_timer_local(timer)		add_timer(timer)
#define add_timer_global(timer)		add_timer(timer)
/* (Re)starts it for @expires; 1 when it was pending, else 0. Any context. */
int mod_timer(struct timer_list *timer, unsigned long expires);
/* Only if it is pending. */
int mod_timer_pending(struct timer_list *timer, unsigned long expires);
/* Only if that is earlier than it was, or it was not pending. */
int timer_reduce(struct timer_list *timer, unsigned long expires);
/*
 * Stops it; 1 when it was pending, else 0. Its function may still run. Any
 * context.
 */
int octavo_timer_delete(struct timer_list *timer);
#define timer_delete(timer)	octavo_timer_delete(timer) /* POSIX has one */
/* The same, and its function does not run on return. Not from the function. */
int timer_delete_sync(struct timer_list *timer);
/* -1 when its function runs, and nothing was done; else as timer_delete(). */
int try_to_del_timer_sync(struct timer_list *timer);
/* The same as these, and it cannot be started again. */
int timer_shutdown(struct timer_list *timer);
int timer_shutdown_sync(struct timer_list *timer);
#define del_timer(timer)	timer_delete(timer)
#define del_timer_sync(timer)	timer_delete_sync(timer)

/*
 * Makes the threads that call timers' functions, on every online CPU. Else
 * the first timer of a CPU makes its thread, when it is started in a context
 * that may sleep. May sleep.
 */
void timers_start(void);
/* Ends them. No timer is pending. May sleep. */
void timers_stop(void);

/* ---- for kernel/hrtimer.c --------------------------------------------- */

/* (Re)starts @node for @time on CPU @cpu (-1: any); true: it was queued. */
bool timer_node_start(struct timer_node *node, u64 time, int cpu);
/* True: it was queued. */
bool timer_node_stop(struct timer_node *node, bool shut);
/* Its function does not run on return; false when it is itself the caller. */
bool timer_node_wait(struct timer_node *node);
/* Whether its function runs now. */
bool timer_node_running(struct timer_node *node);
bool timer_node_queued(const struct timer_node *node);

#endif
