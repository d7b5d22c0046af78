// SPDX-License-Identifier: MIT
/*
 * Time: /proc/stat, /proc/uptime, /proc/loadavg.
 *
 * A CPU is in the kernel or idle, so of /proc/stat's ten columns only system
 * and idle move. There is no calendar: the machine booted at second 0. No
 * thread waits for I/O, so none counts as blocked.
 */
#include "internal.h"

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/kernel_stat.h>

#include <octavo/machine.h>
#include <octavo/port.h>

#define NSEC_PER_SEC	1000000000ULL
#define USER_HZ		100		/* ticks a second, as readers expect */
#define NSEC_PER_TICK	(NSEC_PER_SEC / USER_HZ)

static void stat_cpu(struct seq_file *m, const char *name,
		     const struct cpu_times *t)
{
	seq_printf(m, "%s 0 0 %llu %llu 0 0 0 0 0 0\n", name,
		   t->busy_ns / NSEC_PER_TICK, t->idle_ns / NSEC_PER_TICK);
}

int stat_show(struct seq_file *m)
{
	struct cpu_times all, one;
	char name[16];
	int cpu;

	cpu_times_read_all(&all);
	stat_cpu(m, "cpu ", &all);
	for_each_online_cpu(cpu) {
		cpu_times_read((unsigned int)cpu, &one);
		scnprintf(name, sizeof(name), "cpu%d", cpu);
		stat_cpu(m, name, &one);
	}
	seq_printf(m, "ctxt %llu\n", all.nr_switches);
	seq_printf(m, "btime %d\n", 0);
	seq_printf(m, "processes %d\n", this_machine()->threads.last_pid);
	seq_printf(m, "procs_running %u\n", all.nr_running);
	seq_printf(m, "procs_blocked %d\n", 0);
	return 0;
}

int uptime_show(struct seq_file *m)
{
	u64 up = port_clock_ns() / (NSEC_PER_SEC / 100);
	struct cpu_times all;
	u64 idle;

	cpu_times_read_all(&all);
	idle = all.idle_ns / (NSEC_PER_SEC / 100);
	seq_printf(m, "%llu.%02llu %llu.%02llu\n", up / 100, up % 100,
		   idle / 100, idle % 100);
	return 0;
}

int loadavg_show(struct seq_file *m)
{
	struct cpu_times all;
	int i;

	cpu_times_read_all(&all);
	for (i = 0; i < NR_LOADS; i++) {
		/* Rounded to the nearest hundredth. */
		unsigned long x = all.load[i] + FIXED_1 / 200;

		seq_printf(m, "%lu.%02lu ", x >> FSHIFT,
			   (x & (FIXED_1 - 1)) * 100 >> FSHIFT);
	}
	seq_printf(m, "%u/%u %d\n", all.nr_running,
		   this_machine()->threads.nr, this_machine()->threads.last_pid);
	return 0;
}
