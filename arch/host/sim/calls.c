// SPDX-License-Identifier: MIT
/*
 * Calls across CPUs in the simulation: they come to a CPU as an interrupt, at
 * one of its next points where interrupts are on, or when it has done its
 * part. Outside a run nobody else is there: who sends a call makes it itself,
 * as the other CPU.
 */
#include "internal.h"

#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/smp.h>

#include <asm/point.h>
#include <octavo/port.h>

/* What a CPU has stored is seen by all; nothing else is out of order. */
void port_cpu_barrier(const struct cpumask *cpus)
{
	struct sim *s = sim_now;
	unsigned int cpu;

	sim_locked_point(NULL);
	for_each_cpu(cpu, cpus)
		if (s && cpu < s->config->nr_cpus)
			sim_flush_all(s, cpu);
}

void port_send_call(unsigned int cpu)
{
	struct host_cpu saved = host_cpu;
	struct sim *s = sim_now;

	if (s) {
		s->cpu[cpu].call = true;
		s->changes++;
		return;
	}
	host_cpu.percpu_offset = per_cpu_offset(cpu);
	host_cpu.irqs_off = 1;
	generic_smp_call_function_interrupt();
	host_cpu = saved;
}
