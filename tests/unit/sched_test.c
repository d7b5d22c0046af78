// SPDX-License-Identifier: MIT
/* Threads: their life, sleep, turns, and what an atomic context may not do. */
#include <kunit/test.h>

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/kthread.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/sched.h>

#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/run_queue.h>

#include "log_capture.h"
#include "threads.h"

#define SHARE_MS	80	/* 20 ticks: ten turns each for two threads */
#define SHARE_TRIES	100
#define PLACEMENT_TRIES	500	/* ticks */
#define SLEEPERS	6

static int until_stopped(void *arg)
{
	atomic_t *turns = arg;

	while (!kthread_should_stop()) {
		atomic_inc(turns);
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 42;
}

static void kthread_stop_test(struct kunit *test)
{
	atomic_t turns = ATOMIC_INIT(0);
	struct task_struct *p;
	int i;

	for (i = 0; i < 100; i++) {
		p = kthread_run(until_stopped, &turns, "stop/%d", i);
		KUNIT_ASSERT_FALSE(test, IS_ERR(p));
		KUNIT_EXPECT_GT(test, p->pid, 0);
		while (atomic_read(&turns) <= i)
			schedule_timeout_uninterruptible(1);
		KUNIT_EXPECT_EQ(test, kthread_stop(p), 42);
		/* One turn a life, but for a wake-up that came early. */
		atomic_set(&turns, i + 1);
	}
}

static void kthread_stop_unborn_test(struct kunit *test)
{
	atomic_t turns = ATOMIC_INIT(0);
	struct task_struct *p;

	p = kthread_create(until_stopped, &turns, "unborn");
	KUNIT_ASSERT_FALSE(test, IS_ERR(p));
	KUNIT_EXPECT_STREQ(test, p->comm, "unborn");
	KUNIT_EXPECT_EQ(test, kthread_stop(p), -EINTR);
	KUNIT_EXPECT_EQ(test, atomic_read(&turns), 0);
}

static void where_am_i(void *arg)
{
	atomic_set((atomic_t *)arg, smp_processor_id());
}

static void kthread_on_cpu_test(struct kunit *test)
{
	struct test_thread t;
	unsigned int cpu;
	atomic_t where;

	for_each_online_cpu(cpu) {
		atomic_set(&where, -1);
		if (!test_thread_start(&t, where_am_i, &where, cpu)) {
			KUNIT_FAIL(test, "no thread for CPU %u", cpu);
			continue;
		}
		test_thread_join(&t);
		KUNIT_EXPECT_EQ(test, atomic_read(&where), (int)cpu);
	}
}

/*
 * Threads that are not bound are spread: no CPU is home to two more. Whether
 * they are here; *@used: CPUs that were chosen.
 */
static bool spread_threads(struct kunit *test, unsigned int *used)
{
	struct task_struct *p[SLEEPERS];
	atomic_t turns = ATOMIC_INIT(0);
	struct cpumask seen;
	unsigned int i;
	bool here;

	*used = 0;
	cpumask_clear(&seen);
	for (i = 0; i < SLEEPERS; i++) {
		p[i] = kthread_create(until_stopped, &turns, "place/%u", i);
		if (!IS_ERR(p[i]) && !cpumask_test_cpu(p[i]->cpu, &seen)) {
			cpumask_set_cpu(p[i]->cpu, &seen);
			++*used;
		}
	}
	here = cpumask_test_cpu(smp_processor_id(), &seen);
	for (i = 0; i < SLEEPERS; i++)
		if (!IS_ERR(p[i]))
			kthread_stop(p[i]);
	return here;
}

/*
 * The CPU that the test runs on is not the emptiest, unless the others have
 * something to do as well: a thread of an earlier test may still be ending.
 */
static void kthread_placement_test(struct kunit *test)
{
	unsigned int cpus = num_online_cpus(), used, tries;
	bool here;

	for (tries = 0; tries < PLACEMENT_TRIES; tries++) {
		here = spread_threads(test, &used);
		if (here == (cpus == 1) &&
		    used >= min(cpus > 1 ? cpus - 1 : 1U, SLEEPERS / 2U))
			return;
		schedule_timeout_uninterruptible(1);
	}
	KUNIT_FAIL(test, "%u CPUs: %u of them chosen, %s the test's own", cpus,
		   used, here ? "with" : "without");
}

static void sleep_duration_test(struct kunit *test)
{
	static const unsigned int ms[] = { 1, 5, 20 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ms); i++) {
		u64 start = port_clock_ns();

		msleep(ms[i]);
		KUNIT_EXPECT_GE(test, port_clock_ns() - start,
				ms[i] * 1000000ULL);
	}
	KUNIT_EXPECT_EQ(test, schedule_timeout_uninterruptible(0), 0L);
	KUNIT_EXPECT_EQ(test, schedule_timeout_uninterruptible(2), 0L);
	KUNIT_EXPECT_EQ(test, READ_ONCE(current->state), TASK_RUNNING);
}

struct sleeper {
	unsigned int ms;
	u64 slept;		/* ns */
};

static void sleeper_body(void *arg)
{
	struct sleeper *s = arg;
	u64 start = port_clock_ns();

	msleep(s->ms);
	s->slept = port_clock_ns() - start;
}

/* Several at once on one CPU, not in the order of their times. */
static void sleep_together_test(struct kunit *test)
{
	struct sleeper s[SLEEPERS];
	struct test_thread t[SLEEPERS];
	unsigned int i;

	for (i = 0; i < SLEEPERS; i++) {
		s[i] = (struct sleeper){ .ms = 4 + i * 5 % SLEEPERS * 4 };
		KUNIT_EXPECT_TRUE(test, test_thread_start(&t[i], sleeper_body,
						&s[i], test_cpu(1)));
	}
	for (i = 0; i < SLEEPERS; i++) {
		test_thread_join(&t[i]);
		KUNIT_EXPECT_GE(test, s[i].slept, s[i].ms * 1000000ULL);
	}
}

static void sleep_cut_short_test(struct kunit *test)
{
	atomic_t turns = ATOMIC_INIT(0);
	struct task_struct *p = kthread_run(until_stopped, &turns, "short");

	KUNIT_ASSERT_FALSE(test, IS_ERR(p));
	while (atomic_read(&turns) < 1)
		schedule_timeout_uninterruptible(1);
	KUNIT_EXPECT_EQ(test, kthread_stop(p), 42);
	/* In TASK_RUNNING there is nothing to wait for. */
	KUNIT_EXPECT_GT(test, schedule_timeout(1000), 0L);
}

struct sharer {
	unsigned int *stop;
	unsigned long turns;
	bool polite;		/* by cond_resched(); else only preemptible */
};

static void sharer_body(void *arg)
{
	struct sharer *s = arg;

	while (!__atomic_load_n(s->stop, __ATOMIC_RELAXED)) {
		__atomic_store_n(&s->turns, s->turns + 1, __ATOMIC_RELAXED);
		if (s->polite) {
			cond_resched();
			continue;
		}
		preempt_disable();
		preempt_enable();
	}
}

/* Two that never sleep, on one CPU: each gets a share. */
static void share_cpu(struct kunit *test, bool polite)
{
	unsigned int stop = 0, i;
	struct sharer s[2];
	struct test_thread t[2];
	unsigned long low = 0, high = 0;

	for (i = 0; i < 2; i++) {
		s[i] = (struct sharer){ .stop = &stop, .polite = polite };
		KUNIT_EXPECT_TRUE(test, test_thread_start(&t[i], sharer_body,
						&s[i], test_cpu(0)));
	}
	/* A turn is as long as the machine under it lets it be. */
	for (i = 0; i < SHARE_TRIES; i++) {
		msleep(SHARE_MS);
		low = __atomic_load_n(&s[0].turns, __ATOMIC_RELAXED);
		high = __atomic_load_n(&s[1].turns, __ATOMIC_RELAXED);
		if (low > high)
			swap(low, high);
		if (low && low * 50 > high)
			break;
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < 2; i++)
		test_thread_join(&t[i]);
	KUNIT_EXPECT_GT(test, low, 0UL);
	KUNIT_EXPECT_GT(test, low * 50, high);
}

static void cond_resched_share_test(struct kunit *test)
{
	share_cpu(test, true);
}

static void preempt_share_test(struct kunit *test)
{
	share_cpu(test, false);
}

static void preempt_count_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, preempt_count(), 0U);
	KUNIT_EXPECT_TRUE(test, preemptible());
	preempt_disable();
	preempt_disable();
	KUNIT_EXPECT_EQ(test, preempt_count(), 2U);
	KUNIT_EXPECT_TRUE(test, in_atomic());
	KUNIT_EXPECT_TRUE(test, in_task());
	preempt_enable();
	KUNIT_EXPECT_EQ(test, preempt_count(), 1U);
	preempt_enable();
	KUNIT_EXPECT_FALSE(test, in_atomic());
	KUNIT_EXPECT_EQ(test, get_cpu(), raw_smp_processor_id());
	KUNIT_EXPECT_EQ(test, preempt_count(), 1U);
	put_cpu();
	local_irq_disable();
	KUNIT_EXPECT_FALSE(test, preemptible());
	local_irq_enable();
}

static void might_sleep_test(struct kunit *test)
{
	struct log_capture c;
	char want[128];
	int line;

	log_capture_start(&c);
	might_sleep();
	log_capture_end(&c);
	KUNIT_EXPECT_FALSE(test, log_captured(&c, "BUG:"));

	log_capture_start(&c);
	preempt_disable();
	line = __LINE__ + 1;
	might_sleep();
	preempt_enable();
	log_capture_end(&c);
	snprintf(want, sizeof(want), "sched_test.c:%d\n", line);
	KUNIT_EXPECT_TRUE(test, log_captured(&c,
		"BUG: sleeping function called from invalid context at "));
	KUNIT_EXPECT_TRUE(test, log_captured(&c, want));
	snprintf(want, sizeof(want), "in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: %d, name: %s\n",
		 current->pid, current->comm);
	KUNIT_EXPECT_TRUE(test, log_captured(&c, want));
	KUNIT_EXPECT_TRUE(test, log_captured(&c, "preempt_count: 1, expected: 0\n"));
}

static void schedule_atomic_test(struct kunit *test)
{
	struct log_capture c;
	char want[64];

	log_capture_start(&c);
	preempt_disable();
	schedule();
	KUNIT_EXPECT_EQ(test, preempt_count(), 1U);
	preempt_enable();
	log_capture_end(&c);
	snprintf(want, sizeof(want), "BUG: scheduling while atomic: %s/%d/0x00000001\n",
		 current->comm, current->pid);
	KUNIT_EXPECT_TRUE(test, log_captured(&c, want));
}

static void run_queue_check_test(struct kunit *test)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		run_queue_check(per_cpu_ptr(&run_queue, cpu));
	KUNIT_EXPECT_PTR_EQ(test, this_cpu_ptr(&run_queue)->curr, current);
	KUNIT_EXPECT_EQ(test, current->cpu, smp_processor_id());
}

static struct kunit_case sched_cases[] = {
	KUNIT_CASE(kthread_stop_test),
	KUNIT_CASE(kthread_stop_unborn_test),
	KUNIT_CASE(kthread_on_cpu_test),
	KUNIT_CASE(kthread_placement_test),
	KUNIT_CASE(sleep_duration_test),
	KUNIT_CASE(sleep_together_test),
	KUNIT_CASE(sleep_cut_short_test),
	KUNIT_CASE(cond_resched_share_test),
	KUNIT_CASE(preempt_share_test),
	KUNIT_CASE(preempt_count_test),
	KUNIT_CASE(might_sleep_test),
	KUNIT_CASE(schedule_atomic_test),
	KUNIT_CASE(run_queue_check_test),
	{ 0 }
};

static struct kunit_suite sched_suite = {
	.name = "sched",
	.test_cases = sched_cases,
};
kunit_test_suite(sched_suite);
