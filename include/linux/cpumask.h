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

typedef struct cpumask cpumask_var_t[1];

#define nr_cpumask_bits		NR_CPUS
#define to_cpumask(bits)	((struct cpumask *)(bits))

static inline void __cpumask_set_cpu(unsigned int cpu, struct cpumask *m)
{
	__set_bit(cpu, m->bits);
}

static inline void __cpumask_clear_cpu(unsigned int cpu, struct cpumask *m)
{
	__clear_bit(cpu, m->bits);
}

static inline bool cpumask_test_and_set_cpu(int cpu, struct cpumask *m)
{
	return test_and_set_bit((unsigned long)cpu, m->bits);
}

static inline bool cpumask_test_and_clear_cpu(int cpu, struct cpumask *m)
{
	return test_and_clear_bit((unsigned long)cpu, m->bits);
}

static inline void cpumask_setall(struct cpumask *m)
{
	bitmap_fill(m->bits, NR_CPUS);
}

/* Whether something is in the result. */
static inline bool cpumask_and(struct cpumask *dst, const struct cpumask *a,
			       const struct cpumask *b)
{
	bitmap_and(dst->bits, a->bits, b->bits, NR_CPUS);
	return !cpumask_empty(dst);
}

static inline bool cpumask_andnot(struct cpumask *dst,
				  const struct cpumask *a,
				  const struct cpumask *b)
{
	bitmap_andnot(dst->bits, a->bits, b->bits, NR_CPUS);
	return !cpumask_empty(dst);
}

static inline void cpumask_or(struct cpumask *dst, const struct cpumask *a,
			      const struct cpumask *b)
{
	bitmap_or(dst->bits, a->bits, b->bits, NR_CPUS);
}

static inline bool cpumask_equal(const struct cpumask *a,
				 const struct cpumask *b)
{
	return bitmap_equal(a->bits, b->bits, NR_CPUS);
}

static inline bool cpumask_subset(const struct cpumask *a,
				  const struct cpumask *b)
{
	return bitmap_subset(a->bits, b->bits, NR_CPUS);
}

static inline bool cpumask_intersects(const struct cpumask *a,
				      const struct cpumask *b)
{
	return bitmap_intersects(a->bits, b->bits, NR_CPUS);
}

static inline bool cpumask_full(const struct cpumask *m)
{
	return bitmap_full(m->bits, NR_CPUS);
}

static inline unsigned int cpumask_last(const struct cpumask *m)
{
	return (unsigned int)find_last_bit(m->bits, NR_CPUS);
}

static inline unsigned int cpumask_next_and(int cpu, const struct cpumask *a,
					    const struct cpumask *b)
{
	do
		cpu = (int)cpumask_next(cpu, a);
	while (cpu < NR_CPUS && !cpumask_test_cpu((unsigned int)cpu, b));
	return (unsigned int)cpu;
}

static inline unsigned int cpumask_first_and(const struct cpumask *a,
					     const struct cpumask *b)
{
	return cpumask_next_and(-1, a, b);
}

#define cpumask_any(m)			cpumask_first(m)
#define cpumask_any_and(a, b)		cpumask_first_and(a, b)

/* The next one of @m after @cpu, from the first again; none: NR_CPUS. */
static inline unsigned int cpumask_next_wrap(int cpu, const struct cpumask *m,
					     int start, bool wrap)
{
	unsigned int next = cpumask_next(cpu, m);

	(void)start;
	(void)wrap;
	return next < NR_CPUS ? next : cpumask_first(m);
}

/* Masks that may be too large for a stack: here they are not. */
#define alloc_cpumask_var(m, gfp)	((void)(m), (void)(gfp), true)
#define alloc_cpumask_var_node(m, gfp, n) ((void)(m), (void)(gfp), true)
#define zalloc_cpumask_var(m, gfp)					\
	((void)(gfp), cpumask_clear(*(m)), true)
#define free_cpumask_var(m)		((void)(m))
#define cpumask_of(cpu)							\
	((const struct cpumask *)&(struct cpumask){ .bits = {		\
		[(cpu) / BITS_PER_LONG] = 1UL << ((cpu) % BITS_PER_LONG) } })

#define for_each_cpu_and(cpu, a, b)					\
	for_each_cpu(cpu, a)						\
		if (!cpumask_test_cpu((unsigned int)(cpu), b)) { } else
#define for_each_cpu_not(cpu, m)					\
	for ((cpu) = 0; (unsigned int)(cpu) < NR_CPUS; (cpu)++)		\
		if (cpumask_test_cpu((unsigned int)(cpu), m)) { } else
#define cpumask_pr_args(m)	NR_CPUS, cpumask_bits(m)

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
#define cpu_active_mask		cpu_online_mask
#define cpu_active(cpu)		cpu_online(cpu)
/*
 * No CPU comes or goes between these two. May sleep; not once more by who has
 * it, and not from what is called while a CPU comes or goes.
 */
void cpus_read_lock(void);
int cpus_read_trylock(void);	/* 1: got it, 0: not */
void cpus_read_unlock(void);
#define get_online_cpus()	cpus_read_lock()
#define put_online_cpus()	cpus_read_unlock()
void lockdep_assert_cpus_held(void);
/*
 * CPUs that execute code: those that are online, and one that is about to stop
 * and still answers barriers and flushes. Stays true while preemption is off.
 */
void cpumask_running(struct cpumask *mask);
#define cpu_possible(cpu)	cpumask_test_cpu(cpu, cpu_possible_mask)
#define cpu_present(cpu)	cpumask_test_cpu(cpu, cpu_present_mask)
#define cpu_online(cpu)		cpumask_test_cpu(cpu, cpu_online_mask)
#define for_each_possible_cpu(cpu)	for_each_cpu(cpu, cpu_possible_mask)
#define for_each_present_cpu(cpu)	for_each_cpu(cpu, cpu_present_mask)
#define for_each_online_cpu(cpu)	for_each_cpu(cpu, cpu_online_mask)

#endif
