/* SPDX-License-Identifier: MIT */
/* Counters that each CPU has a part of. */
#ifndef _LINUX_PERCPU_COUNTER_H
#define _LINUX_PERCPU_COUNTER_H

#include <linux/atomic.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>

/* l: lock  p: its CPU */
struct percpu_counter {
	spinlock_t lock;
	s64 count;			/* l: what CPUs have handed in */
	s32 __percpu *counters;		/* p: and what they have not */
};

#define percpu_counter_batch	32

static inline int percpu_counter_init(struct percpu_counter *c, s64 amount,
				      gfp_t gfp)
{
	spin_lock_init(&c->lock);
	c->count = amount;
	c->counters = alloc_percpu_gfp(s32, gfp);
	return c->counters ? 0 : -12 /* -ENOMEM */;
}

static inline void percpu_counter_destroy(struct percpu_counter *c)
{
	free_percpu(c->counters);
	c->counters = NULL;
}

static inline void percpu_counter_add_batch(struct percpu_counter *c,
					    s64 amount, s32 batch)
{
	unsigned long flags;
	s64 n;

	local_irq_save(flags);
	n = *this_cpu_ptr(c->counters) + amount;
	if (n >= batch || n <= -batch) {
		spin_lock(&c->lock);
		c->count += n;
		spin_unlock(&c->lock);
		n = 0;
	}
	*this_cpu_ptr(c->counters) = (s32)n;
	local_irq_restore(flags);
}

#define percpu_counter_add(c, n) percpu_counter_add_batch(c, n, percpu_counter_batch)
#define percpu_counter_sub(c, n) percpu_counter_add(c, -(n))
#define percpu_counter_inc(c)	percpu_counter_add(c, 1)
#define percpu_counter_dec(c)	percpu_counter_add(c, -1)
#define percpu_counter_read(c)	READ_ONCE((c)->count)

static inline s64 percpu_counter_sum(struct percpu_counter *c)
{
	unsigned long flags;
	int cpu;
	s64 sum;

	spin_lock_irqsave(&c->lock, flags);
	sum = c->count;
	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(c->counters, cpu));
	spin_unlock_irqrestore(&c->lock, flags);
	return sum;
}

static inline s64 percpu_counter_read_positive(struct percpu_counter *c)
{
	s64 n = percpu_counter_read(c);

	return n < 0 ? 0 : n;
}

static inline s64 percpu_counter_sum_positive(struct percpu_counter *c)
{
	s64 n = percpu_counter_sum(c);

	return n < 0 ? 0 : n;
}

static inline void percpu_counter_set(struct percpu_counter *c, s64 amount)
{
	unsigned long flags;
	int cpu;

	spin_lock_irqsave(&c->lock, flags);
	for_each_possible_cpu(cpu)
		*per_cpu_ptr(c->counters, cpu) = 0;
	c->count = amount;
	spin_unlock_irqrestore(&c->lock, flags);
}

#endif
