/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SMP_H
#define _LINUX_SMP_H

#include <linux/cpumask.h>
#include <linux/preempt.h>

DECLARE_PER_CPU(int, cpu_number);

#define raw_smp_processor_id()	this_cpu_read(cpu_number)
/* The caller keeps itself on this CPU. */
#define smp_processor_id()	raw_smp_processor_id()
#define get_cpu()		({ preempt_disable(); smp_processor_id(); })
#define put_cpu()		preempt_enable()

typedef void (*smp_call_func_t)(void *info);
/* Runs @fn on every other online CPU, in interrupt context there. */
void smp_call_function(smp_call_func_t fn, void *info, int wait);
void on_each_cpu(smp_call_func_t fn, void *info, int wait);
int smp_call_function_single(int cpu, smp_call_func_t fn, void *info, int wait);
/* Starts every present CPU that is not online yet. */
void smp_init(void);

#endif
