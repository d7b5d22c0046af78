/* SPDX-License-Identifier: MIT */
/* Where the CPUs' time went: /proc/stat, /proc/uptime, /proc/loadavg. */
#ifndef _LINUX_KERNEL_STAT_H
#define _LINUX_KERNEL_STAT_H

#include <linux/types.h>

/* Load averages are fixed-point numbers with so many bits behind the point. */
#define FSHIFT		11
#define FIXED_1		(1UL << FSHIFT)

/* Averages of who ran or waited to run, over 1, 5 and 15 minutes. */
enum { LOAD_1, LOAD_5, LOAD_15, NR_LOADS };

struct cpu_times {
	u64 busy_ns;		/* a thread had the CPU */
	u64 idle_ns;		/* nobody had it */
	u64 nr_switches;	/* from one thread to another */
	unsigned int nr_running; /* threads that run or wait for the CPU */
	unsigned long load[NR_LOADS];	/* in 1 / FIXED_1 */
};

/*
 * Of CPU @cpu up to now; it does not idle while off-line. Takes its run
 * queue's lock. Any context.
 */
void cpu_times_read(unsigned int cpu, struct cpu_times *t);
/* The sum over all CPUs, those that are off-line with what they did before. */
void cpu_times_read_all(struct cpu_times *t);

#endif
