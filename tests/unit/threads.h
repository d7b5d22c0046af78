/* SPDX-License-Identifier: MIT */
/*
 * Threads of a test: started together, waited for one by one. What they find
 * wrong they leave in their arguments; only the test itself may EXPECT.
 */
#ifndef _TESTS_THREADS_H
#define _TESTS_THREADS_H

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>

#include <octavo/machine.h>

struct test_thread {
	void (*body)(void *arg);
	void *arg;
	struct task_struct *task;	/* NULL: could not be made */
	struct completion done;
};

static inline int test_thread_fn(void *data)
{
	struct test_thread *t = data;

	t->body(t->arg);
	complete(&t->done);
	return 0;
}

/* The @n-th online CPU, counted round. */
static inline unsigned int test_cpu(unsigned int n)
{
	unsigned int cpu = cpumask_first(cpu_online_mask);

	for (n %= num_online_cpus(); n; n--)
		cpu = cpumask_next((int)cpu, cpu_online_mask);
	return cpu;
}

/* Runs body(arg) on @cpu; false when there is no memory for it. */
static inline bool test_thread_start(struct test_thread *t,
				     void (*body)(void *arg), void *arg,
				     unsigned int cpu)
{
	t->body = body;
	t->arg = arg;
	init_completion(&t->done);
	t->task = kthread_create_on_cpu(test_thread_fn, t, cpu, "test/%u");
	if (IS_ERR(t->task)) {
		t->task = NULL;
		return false;
	}
	get_task_struct(t->task);
	wake_up_process(t->task);
	return true;
}

static inline void test_thread_join(struct test_thread *t)
{
	if (!t->task)
		return;
	wait_for_completion(&t->done);
	kthread_stop(t->task);
	put_task_struct(t->task);
}

#endif
