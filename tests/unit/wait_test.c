// SPDX-License-Identifier: MIT
/* Wait queues and completions: no wake-up lost, none taken twice. */
#include <kunit/test.h>

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/wait.h>

#include <octavo/machine.h>
#include <octavo/port.h>

#include "threads.h"

#define ROUNDS	1000	/* a lost wake-up shows as a hang in one of them */
#define SLEEPERS	4

struct ping_pong {
	wait_queue_head_t wait;
	atomic_t turn;		/* 0: the one side's, 1: the other's */
	unsigned int rounds[2];	/* each side's own */
};

struct player {
	struct ping_pong *game;
	int side;
};

static void play(void *arg)
{
	struct player *p = arg;
	struct ping_pong *g = p->game;

	while (g->rounds[p->side] < ROUNDS) {
		wait_event(g->wait, atomic_read_acquire(&g->turn) == p->side);
		g->rounds[p->side]++;
		atomic_set_release(&g->turn, !p->side);
		wake_up(&g->wait);
	}
}

static void ping_pong_run(struct kunit *test, unsigned int cpu_of_second)
{
	struct ping_pong g = { .rounds = { 0, 0 } };
	struct player players[2] = { { &g, 0 }, { &g, 1 } };
	struct test_thread t[2] = { { .task = NULL } };

	init_waitqueue_head(&g.wait);
	atomic_set(&g.turn, 0);
	KUNIT_EXPECT_TRUE(test, test_thread_start(&t[0], play, &players[0],
						  test_cpu(0)));
	KUNIT_EXPECT_TRUE(test, test_thread_start(&t[1], play, &players[1],
						  cpu_of_second));
	test_thread_join(&t[0]);
	test_thread_join(&t[1]);
	KUNIT_EXPECT_EQ(test, g.rounds[0], ROUNDS);
	KUNIT_EXPECT_EQ(test, g.rounds[1], ROUNDS);
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&g.wait));
}

static void wait_ping_pong_across_test(struct kunit *test)
{
	if (num_online_cpus() < 2)
		kunit_skip(test, "needs two CPUs");
	ping_pong_run(test, test_cpu(1));
}

static void wait_ping_pong_one_cpu_test(struct kunit *test)
{
	ping_pong_run(test, test_cpu(0));
}

/* A waker that comes just after the waiter has looked in vain. */
struct gap {
	wait_queue_head_t wait;
	atomic_t phase;		/* 1: has looked, 2: has been woken */
	bool happened;		/* written before phase 2 */
};

static bool gap_look(struct gap *g)
{
	bool seen = READ_ONCE(g->happened);

	if (atomic_read_acquire(&g->phase) == 0) {
		atomic_set_release(&g->phase, 1);
		while (atomic_read_acquire(&g->phase) != 2)
			cond_resched();
	}
	return seen;
}

static void gap_waker(void *arg)
{
	struct gap *g = arg;

	while (atomic_read_acquire(&g->phase) != 1)
		cond_resched();
	g->happened = true;
	wake_up(&g->wait);
	atomic_set_release(&g->phase, 2);
}

static void wait_gap_run(struct kunit *test, unsigned int cpu)
{
	struct gap g = { .happened = false };
	struct test_thread t;

	init_waitqueue_head(&g.wait);
	atomic_set(&g.phase, 0);
	if (!test_thread_start(&t, gap_waker, &g, cpu)) {
		KUNIT_FAIL(test, "no thread");
		return;
	}
	/* Nobody wakes a second time, so all that is lost is noticed. */
	KUNIT_EXPECT_GT(test, wait_event_timeout(g.wait, gap_look(&g), 10 * HZ),
			9L * HZ);
	test_thread_join(&t);
}

static void wait_gap_test(struct kunit *test)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		wait_gap_run(test, cpu);
}

static void wait_timeout_test(struct kunit *test)
{
	DECLARE_WAIT_QUEUE_HEAD(q);
	u64 start = port_clock_ns();
	bool never = false;

	KUNIT_EXPECT_EQ(test, wait_event_timeout(q, never, 3), 0);
	KUNIT_EXPECT_GE(test, port_clock_ns() - start, 3 * TICK_NSEC);
	KUNIT_EXPECT_EQ(test, wait_event_timeout(q, !never, 3), 3);
	KUNIT_EXPECT_EQ(test, wait_event_timeout(q, !never, 0), 1);
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&q));
}

struct herd {
	wait_queue_head_t wait;
	atomic_t asleep;	/* on the queue, or about to schedule() */
	atomic_t woken;
	bool exclusive;
};

static void herd_member(void *arg)
{
	struct herd *h = arg;
	struct wait_queue_entry w;

	init_wait_entry(&w, h->exclusive);
	prepare_to_wait(&h->wait, &w, TASK_UNINTERRUPTIBLE);
	atomic_inc(&h->asleep);
	schedule();
	finish_wait(&h->wait, &w);
	atomic_inc(&h->woken);
}

static void wait_for_count(atomic_t *count, int want)
{
	while (atomic_read_acquire(count) < want)
		schedule_timeout_uninterruptible(1);
}

static void herd_start(struct kunit *test, struct herd *h,
		       struct test_thread *t, bool exclusive)
{
	unsigned int i;

	init_waitqueue_head(&h->wait);
	atomic_set(&h->asleep, 0);
	atomic_set(&h->woken, 0);
	h->exclusive = exclusive;
	for (i = 0; i < SLEEPERS; i++)
		KUNIT_EXPECT_TRUE(test, test_thread_start(&t[i], herd_member,
							  h, test_cpu(i)));
	wait_for_count(&h->asleep, SLEEPERS);
}

static void wait_exclusive_test(struct kunit *test)
{
	struct test_thread t[SLEEPERS];
	struct herd h;
	int i;

	herd_start(test, &h, t, true);
	for (i = 1; i <= SLEEPERS; i++) {
		wake_up(&h.wait);
		wait_for_count(&h.woken, i);
		msleep(4);
		KUNIT_EXPECT_EQ(test, atomic_read(&h.woken), i);
	}
	for (i = 0; i < SLEEPERS; i++)
		test_thread_join(&t[i]);
}

static void wait_all_test(struct kunit *test)
{
	struct test_thread t[SLEEPERS];
	struct herd h;
	int i;

	herd_start(test, &h, t, false);
	wake_up(&h.wait);
	for (i = 0; i < SLEEPERS; i++)
		test_thread_join(&t[i]);
	KUNIT_EXPECT_EQ(test, atomic_read(&h.woken), SLEEPERS);
}

static void completion_count_test(struct kunit *test)
{
	struct completion x;

	init_completion(&x);
	KUNIT_EXPECT_FALSE(test, completion_done(&x));
	complete(&x);
	complete(&x);
	KUNIT_EXPECT_TRUE(test, completion_done(&x));
	wait_for_completion(&x);
	KUNIT_EXPECT_TRUE(test, try_wait_for_completion(&x));
	KUNIT_EXPECT_FALSE(test, try_wait_for_completion(&x));
	complete_all(&x);
	wait_for_completion(&x);
	wait_for_completion(&x);
	KUNIT_EXPECT_TRUE(test, completion_done(&x));
}

static void completion_timeout_test(struct kunit *test)
{
	u64 start = port_clock_ns();
	struct completion x;

	init_completion(&x);
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&x, 2), 0UL);
	KUNIT_EXPECT_GE(test, port_clock_ns() - start, 2 * TICK_NSEC);
	complete(&x);
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&x, 5), 5UL);
	KUNIT_EXPECT_FALSE(test, completion_done(&x));
}

/* Answers a fresh completion, on the waiter's stack, in each round. */
static void completer(void *arg)
{
	struct completion **slot = arg;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		struct completion *x;

		while (!(x = __atomic_exchange_n(slot, NULL,
						 __ATOMIC_ACQ_REL)))
			cond_resched();
		complete(x);
	}
}

static void completion_on_stack_test(struct kunit *test)
{
	struct completion *slot = NULL;
	struct test_thread t;
	unsigned int i;

	if (!test_thread_start(&t, completer, &slot, test_cpu(1))) {
		KUNIT_FAIL(test, "no thread");
		return;
	}
	for (i = 0; i < ROUNDS; i++) {
		struct completion x;

		init_completion(&x);
		__atomic_store_n(&slot, &x, __ATOMIC_RELEASE);
		wait_for_completion(&x);
		memset(&x, 0xa5, sizeof(x));
	}
	test_thread_join(&t);
	KUNIT_EXPECT_NULL(test, slot);
}

static struct kunit_case wait_cases[] = {
	KUNIT_CASE(wait_ping_pong_across_test),
	KUNIT_CASE(wait_ping_pong_one_cpu_test),
	KUNIT_CASE(wait_gap_test),
	KUNIT_CASE(wait_timeout_test),
	KUNIT_CASE(wait_exclusive_test),
	KUNIT_CASE(wait_all_test),
	KUNIT_CASE(completion_count_test),
	KUNIT_CASE(completion_timeout_test),
	KUNIT_CASE(completion_on_stack_test),
	{ 0 }
};

static struct kunit_suite wait_suite = {
	.name = "wait",
	.test_cases = wait_cases,
};
kunit_test_suite(wait_suite);
