/* SPDX-License-Identifier: MIT */
/* CPUs that come and go while the machine runs. See kernel/cpu.c. */
#ifndef _LINUX_CPU_H
#define _LINUX_CPU_H

#include <linux/cleanup.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/smp.h>

/*
 * Takes CPU @cpu off-line, or brings it on-line: 0, also when it is already.
 * What stood in its way is said in one line of the log. May sleep.
 *
 *   -EINVAL  there is no such CPU
 *   -EPERM   CPU 0, which may not go
 *   -EBUSY   it is the last one; a thread of the program is bound to it;
 *            or cpu_hotplug_disable()
 *   -ENOMEM  nothing has changed
 *   -EIO     the CPU does not start
 *   else     what a callback returned (linux/cpuhotplug.h)
 */
int cpu_down(unsigned int cpu);
int cpu_up(unsigned int cpu);
/* The same as drivers know them: 1 when it is already. */
int remove_cpu(unsigned int cpu);
int add_cpu(unsigned int cpu);
#define cpu_device_down(dev)	cpu_down((dev)->id)
#define cpu_device_up(dev)	cpu_up((dev)->id)

/* cpu_down() and cpu_up() fail with -EBUSY until the last enable. May sleep. */
void cpu_hotplug_disable(void);
void cpu_hotplug_enable(void);

/* For smp_init(): how many CPUs start with the machine (maxcpus=). */
#define setup_max_cpus	(this_machine()->hotplug.max_cpus)

/* For sched_init(): before threads, once. */
void cpu_hotplug_init(void);
/* Makes @cpu, which starts to run, one that threads and calls may use. */
void cpu_set_online(unsigned int cpu);
/* How many CPUs start with the machine, as the command line says. */
void cpu_hotplug_set_max(unsigned int max);

DEFINE_LOCK_GUARD_0(cpus_read_lock, cpus_read_lock(), cpus_read_unlock())

#endif
