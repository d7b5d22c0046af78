// SPDX-License-Identifier: MIT
/*
 * Calls across CPUs: a function that another CPU runs in interrupt context.
 *
 *   caller                              CPU's call_queue (a ring)
 *   append {fn, info, left} ---------->  [head ... tail)
 *   port_send_call(cpu)                  interrupt: take one, run it,
 *   wait until *left is 0   <----------  drop *left; until empty
 *
 * The ring is short: CPUs answer at once, and who finds it full waits.
 * While it waits, a caller's interrupts are on, so two CPUs that call each
 * other both get their answers; cpu_relax() answers where the port has no
 * interrupts.
 *
 * Invariants, under the queue's lock:
 *  I1. tail - head <= CALL_QUEUE_LEN; entries stand at [head, tail) modulo it.
 *  I2. A caller that waits keeps `left` until the last CPU dropped it.
 *
 * Order: what the caller wrote before is seen by fn, by the queue's lock;
 * what fn wrote is seen after the wait, by the release and acquire of `left`.
 *
 * A CPU that goes off-line leaves the mask first, and goes on answering until
 * nobody can have seen it there (cpu.c): callers look at the mask and wait with
 * preemption off.
 *
 * Lock order: any lock that interrupts do not take -> queue's lock -> none.
 */
#include <linux/smp.h>

#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>

#include <octavo/machine.h>
#include <octavo/port.h>

/* Two from each of the CPUs that commonly call at once. */
#define CALL_QUEUE_LEN	16

struct smp_call {
	smp_call_func_t fn;
	void *info;
	unsigned int *left;	/* a: CPUs not done yet; NULL: nobody waits */
};

/* All under lock, which is taken with interrupts off. */
struct call_queue {
	spinlock_t lock;
	unsigned int head, tail;	/* counted without end */
	struct smp_call ring[CALL_QUEUE_LEN];
};

/* Set for every CPU by setup_per_cpu_areas(). */
DEFINE_PER_CPU(int, cpu_number);

static DEFINE_PER_CPU_ALIGNED(struct call_queue, call_queue);

static bool call_queue_append(struct call_queue *q, const struct smp_call *call)
{
	unsigned long flags;
	bool room;

	spin_lock_irqsave(&q->lock, flags);
	room = q->tail - q->head < CALL_QUEUE_LEN;
	if (room)
		q->ring[q->tail++ % CALL_QUEUE_LEN] = *call;
	spin_unlock_irqrestore(&q->lock, flags);
	return room;
}

static bool call_queue_take(struct call_queue *q, struct smp_call *call)
{
	unsigned long flags;
	bool some;

	spin_lock_irqsave(&q->lock, flags);
	some = q->tail != q->head;
	if (some)
		*call = q->ring[q->head++ % CALL_QUEUE_LEN];
	spin_unlock_irqrestore(&q->lock, flags);
	return some;
}

void generic_smp_call_function_interrupt(void)
{
	struct smp_call call;

	while (call_queue_take(this_cpu_ptr(&call_queue), &call)) {
		call.fn(call.info);
		/* Pairs with the acquire in smp_call_wait(). */
		if (call.left)
			__atomic_fetch_sub(call.left, 1, __ATOMIC_RELEASE);
	}
}

static void smp_call_send(unsigned int cpu, const struct smp_call *call)
{
	struct call_queue *q = per_cpu_ptr(&call_queue, cpu);

	while (!call_queue_append(q, call))
		cpu_relax();
	port_send_call(cpu);
}

static void smp_call_wait(const unsigned int *left)
{
	/* Pairs with the release of each CPU that is done. */
	while (__atomic_load_n(left, __ATOMIC_ACQUIRE))
		cpu_relax();
}

static void smp_call_here(smp_call_func_t fn, void *info)
{
	unsigned long flags;

	local_irq_save(flags);
	fn(info);
	local_irq_restore(flags);
}

/* On those of @mask, all of which answer; preemption off. */
static void smp_call_others(const struct cpumask *mask, smp_call_func_t fn,
			    void *info, int wait)
{
	unsigned int cpu, self = smp_processor_id();
	unsigned int left = 0;
	struct smp_call call = { fn, info, wait ? &left : NULL };

	WARN_ON(irqs_disabled() || in_interrupt());
	for_each_cpu(cpu, mask) {
		if (cpu == self)
			continue;
		/* Relaxed: only this CPU reads it, and later. */
		if (wait)
			__atomic_fetch_add(&left, 1, __ATOMIC_RELAXED);
		smp_call_send(cpu, &call);
	}
	smp_call_wait(&left);
}

void smp_call_function(smp_call_func_t fn, void *info, int wait)
{
	preempt_disable();
	smp_call_others(cpu_online_mask, fn, info, wait);
	preempt_enable();
}

void smp_call_running(const struct cpumask *mask, smp_call_func_t fn,
		      void *info)
{
	struct cpumask running;

	preempt_disable();
	cpumask_running(&running);
	cpumask_and(&running, &running, mask);
	smp_call_others(&running, fn, info, 1);
	preempt_enable();
}

void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t fn,
		      void *info, int wait)
{
	unsigned int self = get_cpu();
	struct cpumask some;

	cpumask_and(&some, cpu_online_mask, mask ? mask : cpu_online_mask);
	smp_call_others(&some, fn, info, wait);
	if (!mask || cpumask_test_cpu(self, mask))
		smp_call_here(fn, info);
	put_cpu();
}

void on_each_cpu(smp_call_func_t fn, void *info, int wait)
{
	on_each_cpu_mask(NULL, fn, info, wait);
}

int smp_call_function_single(int cpu, smp_call_func_t fn, void *info, int wait)
{
	unsigned int left = 1;
	struct smp_call call = { fn, info, wait ? &left : NULL };
	int err = 0;

	if (get_cpu() == cpu) {
		smp_call_here(fn, info);
	} else if (cpu < 0 || cpu >= NR_CPUS || !cpu_online(cpu)) {
		err = -ENXIO;
	} else {
		WARN_ON(irqs_disabled() || in_interrupt());
		smp_call_send((unsigned int)cpu, &call);
		if (wait)
			smp_call_wait(&left);
	}
	put_cpu();
	return err;
}
