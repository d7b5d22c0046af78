/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PERCPU_H
#define _LINUX_PERCPU_H

#include <linux/percpu-defs.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <octavo/machine.h>

/* This CPU's copy, with preemption off until put_cpu_var. */
#define get_cpu_var(var)	(*({ preempt_disable(); this_cpu_ptr(&(var)); }))
#define put_cpu_var(var)	do { (void)&(var); preempt_enable(); } while (0)
#define get_cpu_ptr(ptr)	({ preempt_disable(); this_cpu_ptr(ptr); })
#define put_cpu_ptr(ptr)	do { (void)(ptr); preempt_enable(); } while (0)

/*
 * Gives every possible CPU its own copy of the per-CPU section, in memory of
 * its own node. Early boot, after memblock and the topology are known; stops
 * the machine when memory lacks. The booting CPU keeps what it had written.
 */
void setup_per_cpu_areas(void);

#endif
