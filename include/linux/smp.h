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
/*
 * Runs @fn(@info) on every other online CPU, in interrupt context there.
 * With @wait it returns when all have done so. Interrupts are on: a CPU that
 * waits for others must answer them meanwhile. Not from an interrupt.
 */
void smp_call_function(smp_call_func_t fn, void *info, int wait);
/* The same, and on this CPU with interrupts off. */
void on_each_cpu(smp_call_func_t fn, void *info, int wait);
/* On CPU @cpu alone, be it this one; -ENXIO when it is not online. */
int smp_call_function_single(int cpu, smp_call_func_t fn, void *info, int wait);
/* As on_each_cpu(), for each online CPU of @mask. */
void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t fn,
		      void *info, int wait);
/*
 * On those of @mask, other than this one, that run at all, be they online or
 * about to leave, and waits for them. @fn is a barrier or the like: a CPU that
 * leaves does no more than that.
 */
void smp_call_running(const struct cpumask *mask, smp_call_func_t fn,
		      void *info);
/*
 * What the port calls on a CPU that port_send_call() was for, in interrupt
 * context with interrupts off: runs the calls that wait.
 */
void generic_smp_call_function_interrupt(void);
/* Starts every present CPU that is not online yet. May sleep. */
void smp_init(void);

/* As smp_call_function(), on those of @mask. */
static inline void smp_call_function_many(const struct cpumask *mask,
					  smp_call_func_t fn, void *info,
					  bool wait)
{
	struct cpumask others = *mask;

	preempt_disable();
	cpumask_clear_cpu((unsigned int)smp_processor_id(), &others);
	on_each_cpu_mask(&others, fn, info, wait);
	preempt_enable();
}

/* On one CPU of @mask, this one if it is among them. */
static inline int smp_call_function_any(const struct cpumask *mask,
					smp_call_func_t fn, void *info,
					int wait)
{
	unsigned int cpu = (unsigned int)get_cpu();
	int err = -1;

	if (cpumask_test_cpu(cpu, mask)) {
		err = smp_call_function_single((int)cpu, fn, info, wait);
	} else {
		/* The first that is online. */
		for_each_cpu(cpu, mask) {
			err = smp_call_function_single((int)cpu, fn, info,
						       wait);
			if (!err)
				break;
		}
	}
	put_cpu();
	return err;
}

typedef bool (*smp_cond_func_t)(int cpu, void *info);
/* On those for which @cond says so. */
static inline void on_each_cpu_cond_mask(smp_cond_func_t cond,
					 smp_call_func_t fn, void *info,
					 bool wait, const struct cpumask *mask)
{
	struct cpumask some;
	unsigned int cpu;

	cpumask_clear(&some);
	preempt_disable();
	for_each_cpu(cpu, mask)
		if (cond((int)cpu, info))
			cpumask_set_cpu(cpu, &some);
	on_each_cpu_mask(&some, fn, info, wait);
	preempt_enable();
}

#define on_each_cpu_cond(cond, fn, info, wait)				\
	on_each_cpu_cond_mask(cond, fn, info, wait, cpu_online_mask)

#endif
