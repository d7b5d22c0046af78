/* SPDX-License-Identifier: MIT */
/* How a CPU comes and goes, among the files that do it. */
#ifndef _KERNEL_CPUHP_H
#define _KERNEL_CPUHP_H

#include <linux/types.h>

/*
 * Leads @cpu through all states; on an error it is where it was. hotplug.lock
 * is written.
 */
int cpuhp_up(unsigned int cpu);
int cpuhp_down(unsigned int cpu);
/* The booting CPU has passed all states. */
void cpuhp_set_online(unsigned int cpu);

/* Steps: 0 or -errno; may sleep; hotplug.lock is written. */

/* The thread that makes calls on @cpu, which may not run yet: cpuhp.c */
int cpuhp_thread_create(unsigned int cpu);
int cpuhp_thread_stop(unsigned int cpu);
/* From when the CPU runs. */
void cpuhp_thread_start(unsigned int cpu);
/* The CPU itself: cpu.c */
int cpu_bring_up(unsigned int cpu);
int cpu_take_down(unsigned int cpu);
/*
 * Its threads: sched_move.c. The first makes all of them leave, and no more
 * come; -EBUSY: one cannot. The second takes that back while the CPU runs,
 * the third has those return whose CPU it is.
 */
int sched_cpu_leave(unsigned int cpu);
void sched_cpu_stay(unsigned int cpu);
int sched_cpu_return(unsigned int cpu);
/*
 * Its timers: timer.c. Their thread is parked and no more are started there;
 * or both again; what is left goes to another CPU.
 */
int timers_cpu_leave(unsigned int cpu);
int timers_cpu_online(unsigned int cpu);
int timers_cpu_dead(unsigned int cpu);

#endif
