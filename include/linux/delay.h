/* SPDX-License-Identifier: MIT */
/*
 * Waiting for time to pass. The delays keep the CPU, in any context; the
 * sleeps give it away. All last at least as long as they say.
 */
#ifndef _LINUX_DELAY_H
#define _LINUX_DELAY_H

#include <linux/math.h>
#include <linux/types.h>

void ndelay(unsigned long ns);
#define udelay(us)		ndelay((us) * 1000UL)
#define mdelay(ms)		ndelay((ms) * 1000000UL)

void msleep(unsigned int ms);
/* The milliseconds left when it was woken early. */
unsigned long msleep_interruptible(unsigned int ms);
/* Microseconds; @max is how much later than @min will do. */
void usleep_range_state(unsigned long min, unsigned long max,
			unsigned int state);
#define usleep_range(min, max)						\
	usleep_range_state(min, max, 2 /* TASK_UNINTERRUPTIBLE */)
#define usleep_range_idle(min, max)	usleep_range(min, max)

static inline void ssleep(unsigned int seconds)
{
	msleep(seconds * 1000);
}

static inline void fsleep(unsigned long us)
{
	if (us <= 10)
		udelay(us);
	else
		usleep_range(us, 2 * us);
}

#endif
