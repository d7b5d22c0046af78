/* SPDX-License-Identifier: MIT */
/* Moments and spans in nanoseconds, as ktime_t. */
#ifndef _LINUX_KTIME_H
#define _LINUX_KTIME_H

#include <linux/jiffies.h>
#include <linux/time64.h>
#include <linux/types.h>

#define KTIME_MAX	((s64)~(1ULL << 63))
#define KTIME_MIN	(-KTIME_MAX - 1)
#define KTIME_SEC_MAX	(KTIME_MAX / NSEC_PER_SEC)

static inline ktime_t ktime_set(s64 secs, unsigned long nsecs)
{
	return secs >= KTIME_SEC_MAX ? KTIME_MAX :
	       secs * NSEC_PER_SEC + (s64)nsecs;
}

#define ktime_sub(a, b)		((a) - (b))
#define ktime_add(a, b)		((a) + (b))
#define ktime_add_ns(kt, ns)	((kt) + (s64)(ns))
#define ktime_sub_ns(kt, ns)	((kt) - (s64)(ns))
#define ktime_to_ns(kt)		((s64)(kt))
#define ns_to_ktime(ns)		((ktime_t)(ns))
#define ms_to_ktime(ms)		((ktime_t)(ms) * NSEC_PER_MSEC)
#define us_to_ktime(us)		((ktime_t)(us) * NSEC_PER_USEC)
#define ktime_to_timespec64(kt)	ns_to_timespec64(kt)
#define timespec64_to_ktime(ts)	timespec64_to_ns(&(ts))

static inline int ktime_compare(ktime_t a, ktime_t b)
{
	return a < b ? -1 : a > b;
}

static inline bool ktime_after(ktime_t a, ktime_t b) { return a > b; }
static inline bool ktime_before(ktime_t a, ktime_t b) { return a < b; }
static inline s64 ktime_to_us(ktime_t kt) { return kt / NSEC_PER_USEC; }
static inline s64 ktime_to_ms(ktime_t kt) { return kt / NSEC_PER_MSEC; }
static inline s64 ktime_divns(ktime_t kt, s64 div) { return kt / div; }

static inline s64 ktime_us_delta(ktime_t later, ktime_t earlier)
{
	return ktime_to_us(later - earlier);
}

static inline s64 ktime_ms_delta(ktime_t later, ktime_t earlier)
{
	return ktime_to_ms(later - earlier);
}

static inline ktime_t ktime_add_us(ktime_t kt, u64 us)
{
	return kt + (s64)us * NSEC_PER_USEC;
}

static inline ktime_t ktime_add_ms(ktime_t kt, u64 ms)
{
	return kt + (s64)ms * NSEC_PER_MSEC;
}

static inline ktime_t ktime_sub_us(ktime_t kt, u64 us)
{
	return kt - (s64)us * NSEC_PER_USEC;
}

static inline ktime_t ktime_sub_ms(ktime_t kt, u64 ms)
{
	return kt - (s64)ms * NSEC_PER_MSEC;
}

#include <linux/timekeeping.h>

#endif
