/* SPDX-License-Identifier: MIT */
/* Sets of CPUs. */
#ifndef _LINUX_CPUMASK_H
#define _LINUX_CPUMASK_H

#include <linux/bitmap.h>
#include <linux/threads.h>

typedef struct cpumask { DECLARE_BITMAP(bits, NR_CPUS); } cpumask_t;

#define cpumask_bits(m)		((m)->bits)

static inline void cpumask_set_cpu(unsigned int cpu, struct cpumask *m)
{
	set_bit(cpu, m->bits);
}

static inline void cpumask_clear_cpu(unsigned int cpu, struct cpumask *m)
{
	clear_bit(cpu, m->bits);
}

static inline bool cpumask_test_cpu(unsigned int cpu, const struct cpumask *m)
{
	return test_bit(cpu, m->bits);
}

static inline void cpumask_clear(struct cpumask *m)
{
	bitmap_zero(m->bits, NR_CPUS);
}

static inline void cpumask_copy(struct cpumask *dst, const struct cpumask *src)
{
	bitmap_copy(dst->bits, src->bits, NR_CPUS);
}

static inline bool cpumask_empty(const struct cpumask *m)
{
	return bitmap_empty(m->bits, NR_CPUS);
}

static inline unsigned int cpumask_weight(const struct cpumask *m)
{
	return bitmap_weight(m->bits, NR_CPUS);
}

/* NR_CPUS when there is none. */
static inline unsigned int cpumask_first(const struct cpumask *m)
{
	return (unsigned int)find_first_bit(m->bits, NR_CPUS);
}

static inline unsigned int cpumask_next(int cpu, const struct cpumask *m)
{
	return (unsigned int)find_next_bit(m->bits, NR_CPUS,
					   (unsigned long)(cpu + 1));
}

#define for_each_cpu(cpu, m)						\
	for ((cpu) = (__typeof__(cpu))cpumask_first(m);			\
	     (unsigned int)(cpu) < NR_CPUS;				\
	     (cpu) = (__typeof__(cpu))cpumask_next((int)(cpu), (m)))

/*
 * The current machine's masks: possible (may ever run), present (the
 * firmware says they are there), online (running now).
 */
#define cpu_possible_mask	(&this_machine()->cpu_possible)
#define cpu_present_mask	(&this_machine()->cpu_present)
#define cpu_online_mask		(&this_machine()->cpu_online)
#define nr_cpu_ids		(this_machine()->nr_cpus)
#define num_possible_cpus()	cpumask_weight(cpu_possible_mask)
#define num_present_cpus()	cpumask_weight(cpu_present_mask)
#define num_online_cpus()	cpumask_weight(cpu_online_mask)
#define cpu_possible(cpu)	cpumask_test_cpu(cpu, cpu_possible_mask)
#define cpu_present(cpu)	cpumask_test_cpu(cpu, cpu_present_mask)
#define cpu_online(cpu)		cpumask_test_cpu(cpu, cpu_online_mask)
#define for_each_possible_cpu(cpu)	for_each_cpu(cpu, cpu_possible_mask)
#define for_each_present_cpu(cpu)	for_each_cpu(cpu, cpu_present_mask)
#define for_each_online_cpu(cpu)	for_each_cpu(cpu, cpu_online_mask)

#endif
