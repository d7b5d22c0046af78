/* SPDX-License-Identifier: MIT */
/*
 * Time in ticks. Comparisons are right across a wrap of the counter as long
 * as the two are less than half its range apart.
 */
#ifndef _LINUX_JIFFIES_H
#define _LINUX_JIFFIES_H

#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/param.h>
#include <linux/time64.h>
#include <linux/types.h>

#define TICK_NSEC		(1000000000ULL / HZ)
#define MAX_JIFFY_OFFSET	((LONG_MAX >> 1) - 1)

/* Jiffies since boot. */
unsigned long get_jiffies(void);
#define jiffies			get_jiffies()
#define jiffies_64		((u64)get_jiffies())

static inline u64 get_jiffies_64(void)
{
	return get_jiffies();
}

#define time_after(a, b)	((long)((unsigned long)(b) - (unsigned long)(a)) < 0)
#define time_before(a, b)	time_after(b, a)
#define time_after_eq(a, b)						\
	((long)((unsigned long)(a) - (unsigned long)(b)) >= 0)
#define time_before_eq(a, b)	time_after_eq(b, a)
#define time_in_range(a, b, c)	(time_after_eq(a, b) && time_before_eq(a, c))
#define time_in_range_open(a, b, c) (time_after_eq(a, b) && time_before(a, c))
#define time_after64(a, b)	((s64)((u64)(b) - (u64)(a)) < 0)
#define time_before64(a, b)	time_after64(b, a)
#define time_after_eq64(a, b)	((s64)((u64)(a) - (u64)(b)) >= 0)
#define time_before_eq64(a, b)	time_after_eq64(b, a)
#define time_is_before_jiffies(a)	time_after(jiffies, a)
#define time_is_after_jiffies(a)	time_before(jiffies, a)
#define time_is_before_eq_jiffies(a)	time_after_eq(jiffies, a)
#define time_is_after_eq_jiffies(a)	time_before_eq(jiffies, a)

/* Rounded up, so that a wait is never shorter; past LONG_MAX / 2: that. */
static inline unsigned long nsecs_to_jiffies_up(u64 ns)
{
	u64 n = ns / TICK_NSEC + (ns % TICK_NSEC != 0);

	return n > MAX_JIFFY_OFFSET ? MAX_JIFFY_OFFSET : (unsigned long)n;
}

static inline unsigned long msecs_to_jiffies(unsigned int ms)
{
	/* A negative number of them is for ever. */
	return (int)ms < 0 ? MAX_JIFFY_OFFSET :
	       nsecs_to_jiffies_up((u64)ms * 1000000);
}

static inline unsigned long usecs_to_jiffies(unsigned int us)
{
	return nsecs_to_jiffies_up((u64)us * 1000);
}

static inline unsigned long secs_to_jiffies(unsigned long s)
{
	return s * HZ;
}

static inline unsigned long nsecs_to_jiffies(u64 ns)
{
	return (unsigned long)(ns / TICK_NSEC);
}

static inline u64 nsecs_to_jiffies64(u64 ns)
{
	return ns / TICK_NSEC;
}

static inline unsigned int jiffies_to_msecs(unsigned long j)
{
	return (unsigned int)(j * (1000 / HZ));
}

static inline unsigned int jiffies_to_usecs(unsigned long j)
{
	return (unsigned int)(j * (1000000 / HZ));
}

static inline u64 jiffies_to_nsecs(unsigned long j)
{
	return (u64)j * TICK_NSEC;
}

static inline u64 jiffies64_to_nsecs(u64 j)
{
	return j * TICK_NSEC;
}

static inline u64 jiffies64_to_msecs(u64 j)
{
	return j * (1000 / HZ);
}

static inline unsigned long round_jiffies(unsigned long j)
{
	return (j + HZ - 1) / HZ * HZ;
}

static inline unsigned long round_jiffies_relative(unsigned long j)
{
	unsigned long now = get_jiffies();

	return round_jiffies(now + j) - now;
}

#endif
