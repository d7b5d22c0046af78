// SPDX-License-Identifier: MIT
/*
 * Functions that are run on CPUs of the caller's choice by their workers, while
 * he waits. They may sleep, which those of smp_call_function() may not.
 *
 * Lock order: the CPUs are kept on-line, then what workqueue.c takes.
 */
#include <linux/workqueue.h>

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/percpu.h>

int schedule_on_each_cpu(work_func_t func)
{
	struct work_struct __percpu *works = alloc_percpu(struct work_struct);
	unsigned int cpu;

	if (!works)
		return -ENOMEM;
	cpus_read_lock();
	for_each_online_cpu(cpu) {
		INIT_WORK(per_cpu_ptr(works, cpu), func);
		schedule_work_on((int)cpu, per_cpu_ptr(works, cpu));
	}
	for_each_online_cpu(cpu)
		flush_work(per_cpu_ptr(works, cpu));
	cpus_read_unlock();
	free_percpu(works);
	return 0;
}

struct work_for_cpu {
	struct work_struct work;
	long (*fn)(void *arg);
	void *arg;
	long ret;
};

static void work_for_cpu_fn(struct work_struct *work)
{
	struct work_for_cpu *w = container_of(work, struct work_for_cpu, work);

	w->ret = w->fn(w->arg);
}

long work_on_cpu(int cpu, long (*fn)(void *arg), void *arg)
{
	struct work_for_cpu w = { .fn = fn, .arg = arg };

	INIT_WORK(&w.work, work_for_cpu_fn);
	schedule_work_on(cpu, &w.work);
	flush_work(&w.work);
	return w.ret;
}

long work_on_cpu_safe(int cpu, long (*fn)(void *arg), void *arg)
{
	long ret = -ENODEV;

	cpus_read_lock();
	if (cpu >= 0 && cpu < NR_CPUS && cpu_online((unsigned int)cpu))
		ret = work_on_cpu(cpu, fn, arg);
	cpus_read_unlock();
	return ret;
}
