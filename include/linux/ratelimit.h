/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RATELIMIT_H
#define _LINUX_RATELIMIT_H

#include <linux/ratelimit_types.h>
#include <linux/spinlock.h>

/* Whether the caller may write now: @burst times in @interval jiffies. */
int ___ratelimit(struct ratelimit_state *rs, const char *func);
#define __ratelimit(state)	___ratelimit(state, __func__)

static inline void ratelimit_state_init(struct ratelimit_state *rs,
					int interval, int burst)
{
	*rs = (struct ratelimit_state)RATELIMIT_STATE_INIT(rs, interval, burst);
}

#define ratelimit_set_flags(rs, f)	((void)((rs)->flags = (f)))
#define WARN_ON_RATELIMIT(c, state)	WARN_ON((c) && __ratelimit(state))
#define WARN_RATELIMIT(c, fmt, ...) ({					\
	bool __rw = (c);						\
	if (__rw && printk_ratelimit())					\
		WARN(1, fmt, ##__VA_ARGS__);				\
	__rw; })

#endif
