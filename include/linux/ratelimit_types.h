/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RATELIMIT_TYPES_H
#define _LINUX_RATELIMIT_TYPES_H

#include <linux/spinlock_types.h>

#define DEFAULT_RATELIMIT_INTERVAL	(5 * 250)	/* 5 s, in jiffies */
#define DEFAULT_RATELIMIT_BURST		10
#define RATELIMIT_MSG_ON_RELEASE	1UL

/* l: lock  c: constant */
struct ratelimit_state {
	spinlock_t lock;
	int interval;			/* c: jiffies; 0: no limit */
	int burst;			/* c: times in an interval */
	int printed;			/* l: times in this one */
	int missed;			/* l: refused in this one */
	unsigned long begin;		/* l: jiffies, when it began; 0: never */
	unsigned long flags;
};

#define RATELIMIT_STATE_INIT(name, interval_, burst_)			\
	{ .lock = __SPIN_LOCK_UNLOCKED, .interval = (interval_),	\
	  .burst = (burst_) }
#define DEFINE_RATELIMIT_STATE(name, interval, burst)			\
	struct ratelimit_state name =					\
		RATELIMIT_STATE_INIT(name, interval, burst)

#endif
