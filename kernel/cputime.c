// SPDX-License-Identifier: MIT
/*
 * Where a CPU's time goes.
 *
 * Whenever a run queue's current thread changes, the time since the last
 * change belongs to the one before: to idle when that was the idle thread or
 * nobody, else to busy. A reader adds what has passed since.
 *
 * Load averages are samples of how many threads ran or waited, taken every
 * five seconds and weighted by e^(-age / T), T = 1, 5 and 15 minutes. There
 * is no timer for it: between two changes the number stays, so the samples
 * that fell due meanwhile are made up at the next change.
 *
 * Differs from Linux: threads that sleep uninterruptibly do not count as load
 * (here they wait for each other, not for a disk); interrupts count as part
 * of the thread that they interrupt.
 */
#include <linux/kernel_stat.h>

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include <octavo/port.h>
#include <octavo/run_queue.h>

#define LOAD_PERIOD_NS	5000000000ULL

/* FIXED_1 * e^(-5 s / T), rounded. */
static const unsigned long load_decay[NR_LOADS] = { 1884, 2014, 2037 };

/*
 * Samples after which an average of 15 minutes has nothing left of what it
 * was: (2037 / 2048)^n < 1 / 2048 for n > 1416.
 */
#define LOAD_SAMPLES_MAX	1417

static bool run_queue_is_busy(const struct run_queue *rq)
{
	return rq->curr && rq->curr != rq->idle;
}

static unsigned int run_queue_running(const struct run_queue *rq)
{
	return rq->nr_queued + run_queue_is_busy(rq);
}

/* @n samples of the number that runs now. */
static void run_queue_sample(struct run_queue *rq, u64 n)
{
	unsigned long running = run_queue_running(rq) * FIXED_1;
	int i;

	for (n = min_t(u64, n, LOAD_SAMPLES_MAX); n; n--)
		for (i = 0; i < NR_LOADS; i++) {
			unsigned long decay = load_decay[i];
			unsigned long sum = rq->times.load[i] * decay +
					    running * (FIXED_1 - decay);

			/* Upwards when it rises, or it would never arrive. */
			if (running >= rq->times.load[i])
				sum += FIXED_1 - 1;
			rq->times.load[i] = sum >> FSHIFT;
		}
}

void run_queue_account(struct run_queue *rq, u64 now)
{
	u64 passed = now - rq->since;

	/* Another CPU's clock may be a little behind. */
	if (now <= rq->since)
		return;
	if (rq->shut && !run_queue_is_busy(rq))
		passed = 0;	/* the CPU does not even idle */
	if (run_queue_is_busy(rq))
		rq->times.busy_ns += passed;
	else
		rq->times.idle_ns += passed;
	if (now / LOAD_PERIOD_NS != rq->since / LOAD_PERIOD_NS)
		run_queue_sample(rq, now / LOAD_PERIOD_NS -
				     rq->since / LOAD_PERIOD_NS);
	rq->since = now;
}

void cpu_times_read(unsigned int cpu, struct cpu_times *t)
{
	struct run_queue *rq = per_cpu_ptr(&run_queue, cpu);
	unsigned long flags = run_queue_lock(rq);

	/* The clock is read under the lock, so it never runs back. */
	run_queue_account(rq, port_clock_ns());
	*t = rq->times;
	t->nr_running = run_queue_running(rq);
	run_queue_unlock(rq, flags);
}

void cpu_times_read_all(struct cpu_times *t)
{
	struct cpu_times one;
	unsigned int cpu;
	int i;

	memset(t, 0, sizeof(*t));
	/* Of those that are gone, too: sums do not fall. */
	for_each_possible_cpu(cpu) {
		cpu_times_read(cpu, &one);
		t->busy_ns += one.busy_ns;
		t->idle_ns += one.idle_ns;
		t->nr_switches += one.nr_switches;
		t->nr_running += one.nr_running;
		for (i = 0; i < NR_LOADS; i++)
			t->load[i] += one.load[i];
	}
}
