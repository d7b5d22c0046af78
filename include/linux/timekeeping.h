/* SPDX-License-Identifier: MIT */
/*
 * What time it is. All of it is time since the machine started, the one clock
 * that a machine has: what Linux calls monotonic, boot time and raw are the
 * same here. There is no calendar, so real time starts at 0 too.
 */
#ifndef _LINUX_TIMEKEEPING_H
#define _LINUX_TIMEKEEPING_H

#include <linux/ktime.h>
#include <octavo/port.h>

static inline u64 ktime_get_ns(void) { return port_clock_ns(); }
static inline ktime_t ktime_get(void) { return (ktime_t)port_clock_ns(); }

#define ktime_get_boottime()		ktime_get()
#define ktime_get_raw()			ktime_get()
#define ktime_get_real()		ktime_get()
#define ktime_get_clocktai()		ktime_get()
#define ktime_get_coarse()		ktime_get()
#define ktime_get_boottime_ns()		ktime_get_ns()
#define ktime_get_raw_ns()		ktime_get_ns()
#define ktime_get_real_ns()		ktime_get_ns()
#define ktime_get_mono_fast_ns()	ktime_get_ns()
#define ktime_get_raw_fast_ns()		ktime_get_ns()
#define ktime_get_boot_fast_ns()	ktime_get_ns()
#define ktime_get_coarse_ns()		ktime_get_ns()
#define ktime_get_seconds()		((time64_t)(ktime_get_ns() / NSEC_PER_SEC))
#define ktime_get_real_seconds()	ktime_get_seconds()
#define ktime_get_boottime_seconds()	ktime_get_seconds()
#define sched_clock()			ktime_get_ns()
#define local_clock()			ktime_get_ns()

static inline void ktime_get_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get());
}

#define ktime_get_real_ts64(ts)		ktime_get_ts64(ts)
#define ktime_get_raw_ts64(ts)		ktime_get_ts64(ts)
#define ktime_get_boottime_ts64(ts)	ktime_get_ts64(ts)

#endif
