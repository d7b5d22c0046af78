// SPDX-License-Identifier: MIT
/* Calls across CPUs, and work that runs on a CPU of choice. */
#include <kunit/test.h>

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

#include <octavo/machine.h>
#include <octavo/port.h>

#include "threads.h"

#define CALLS	200	/* more than any queue of them holds */
#define WORKS	40

static DEFINE_PER_CPU(unsigned int, calls_here);

struct calls {
	atomic_t total;
	atomic_t wrong;		/* calls in a context that could sleep */
};

static void count_call(void *info)
{
	struct calls *c = info;

	this_cpu_inc(calls_here);
	if (!irqs_disabled())
		atomic_inc(&c->wrong);
	atomic_inc(&c->total);
}

static void calls_reset(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		per_cpu(calls_here, cpu) = 0;
}

static void on_each_cpu_test(struct kunit *test)
{
	struct calls c = { ATOMIC_INIT(0), ATOMIC_INIT(0) };
	unsigned int cpu, i;

	calls_reset();
	for (i = 0; i < 3; i++)
		on_each_cpu(count_call, &c, 1);
	for_each_online_cpu(cpu)
		KUNIT_EXPECT_EQ(test, per_cpu(calls_here, cpu), 3U);
	KUNIT_EXPECT_EQ(test, atomic_read(&c.total), 3 * (int)num_online_cpus());
	smp_call_function(count_call, &c, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&c.total),
			4 * (int)num_online_cpus() - 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&c.wrong), 0);
}

static void smp_call_single_test(struct kunit *test)
{
	struct calls c = { ATOMIC_INIT(0), ATOMIC_INIT(0) };
	struct cpumask none;
	unsigned int cpu;

	calls_reset();
	for_each_online_cpu(cpu) {
		KUNIT_EXPECT_EQ(test, smp_call_function_single((int)cpu,
						count_call, &c, 1), 0);
		KUNIT_EXPECT_EQ(test, per_cpu(calls_here, cpu), 1U);
	}
	KUNIT_EXPECT_EQ(test, smp_call_function_single(-1, count_call, &c, 1),
			-ENXIO);
	KUNIT_EXPECT_EQ(test, smp_call_function_single(NR_CPUS, count_call, &c,
						       1), -ENXIO);
	cpumask_clear(&none);
	on_each_cpu_mask(&none, count_call, &c, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&c.total), (int)num_online_cpus());
	KUNIT_EXPECT_EQ(test, preempt_count(), 0U);
}

static void smp_call_nowait_test(struct kunit *test)
{
	struct calls c = { ATOMIC_INIT(0), ATOMIC_INIT(0) };
	unsigned int i, last = test_cpu(num_online_cpus() - 1);

	for (i = 0; i < CALLS; i++)
		smp_call_function_single((int)last, count_call, &c, 0);
	/* Calls to one CPU run in order, so the last that waits is last. */
	smp_call_function_single((int)last, count_call, &c, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&c.total), CALLS + 1);
}

static void caller_body(void *arg)
{
	unsigned int i;

	for (i = 0; i < CALLS; i++)
		on_each_cpu(count_call, arg, 1);
}

/* All CPUs call all CPUs at once: nobody may wait for a waiter for ever. */
static void smp_call_crossfire_test(struct kunit *test)
{
	struct calls c = { ATOMIC_INIT(0), ATOMIC_INIT(0) };
	unsigned int n = min(num_online_cpus(), 4U), i;
	struct test_thread t[4];

	for (i = 0; i < n; i++)
		KUNIT_EXPECT_TRUE(test, test_thread_start(&t[i], caller_body,
							  &c, test_cpu(i)));
	for (i = 0; i < n; i++)
		test_thread_join(&t[i]);
	KUNIT_EXPECT_EQ(test, atomic_read(&c.total),
			(int)(n * CALLS * num_online_cpus()));
	KUNIT_EXPECT_EQ(test, atomic_read(&c.wrong), 0);
}

struct test_work {
	struct work_struct work;
	int ran_on;
	atomic_t runs;
};

static void work_body(struct work_struct *work)
{
	struct test_work *w = container_of(work, struct test_work, work);

	w->ran_on = smp_processor_id();
	might_sleep();
	atomic_inc(&w->runs);
}

static void work_test(struct kunit *test)
{
	struct test_work w[WORKS];
	unsigned int i;

	for (i = 0; i < WORKS; i++) {
		INIT_WORK(&w[i].work, work_body);
		atomic_set(&w[i].runs, 0);
		KUNIT_EXPECT_FALSE(test, flush_work(&w[i].work));
		KUNIT_EXPECT_TRUE(test, schedule_work_on((int)test_cpu(i),
							 &w[i].work));
	}
	for (i = 0; i < WORKS; i++) {
		flush_work(&w[i].work);
		KUNIT_EXPECT_EQ(test, atomic_read(&w[i].runs), 1);
		KUNIT_EXPECT_EQ(test, w[i].ran_on, (int)test_cpu(i));
	}
	workqueue_stop();
}

struct slow_work {
	struct work_struct work;
	struct completion started, go;
	unsigned int runs;
};

static void slow_body(struct work_struct *work)
{
	struct slow_work *w = container_of(work, struct slow_work, work);

	complete(&w->started);
	wait_for_completion(&w->go);
	w->runs++;
}

/* Waiting once is enough; running, it may wait once more. */
static void work_pending_test(struct kunit *test)
{
	int cpu = (int)test_cpu(1);
	struct slow_work w = { .runs = 0 };

	INIT_WORK(&w.work, slow_body);
	init_completion(&w.started);
	init_completion(&w.go);
	KUNIT_EXPECT_TRUE(test, schedule_work_on(cpu, &w.work));
	wait_for_completion(&w.started);
	KUNIT_EXPECT_TRUE(test, schedule_work_on(cpu, &w.work));
	KUNIT_EXPECT_FALSE(test, schedule_work_on(cpu, &w.work));
	complete_all(&w.go);
	/* Whether it still finds something to wait for is a matter of time. */
	flush_work(&w.work);
	KUNIT_EXPECT_EQ(test, w.runs, 2U);
	KUNIT_EXPECT_FALSE(test, flush_work(&w.work));
	workqueue_stop();
}

static struct kunit_case smp_cases[] = {
	KUNIT_CASE(on_each_cpu_test),
	KUNIT_CASE(smp_call_single_test),
	KUNIT_CASE(smp_call_nowait_test),
	KUNIT_CASE(smp_call_crossfire_test),
	KUNIT_CASE(work_test),
	KUNIT_CASE(work_pending_test),
	{ 0 }
};

static struct kunit_suite smp_suite = {
	.name = "smp",
	.test_cases = smp_cases,
};
kunit_test_suite(smp_suite);
