// SPDX-License-Identifier: MIT
/*
 * Process descriptors from a cache of their own, as fork() takes them: each
 * child is its parent's copy, and what an exit gives back the next fork gets.
 */
#include <kunit/test.h>

#include <linux/atomic.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <octavo/machine.h>

#include "text_capture.h"

#define FORKS		200	/* several slabs */

/* As much of a descriptor as fork() has to do with. */
struct process {
	int pid;
	struct process *parent;
	struct list_head children;	/* empty in a free descriptor */
	struct list_head sibling;
	char comm[16];
};

static struct {
	struct kmem_cache *cache;
	int last_pid;
	int constructed, destructed;
} sys;

static void process_ctor(void *object)
{
	struct process *p = object;

	memset(p, 0, sizeof(*p));
	INIT_LIST_HEAD(&p->children);
	INIT_LIST_HEAD(&p->sibling);
	sys.constructed++;
}

static void process_dtor(void *object)
{
	const struct process *p = object;

	/* Freed in the state in which the constructor left them. */
	if (list_empty(&p->children) && list_empty(&p->sibling))
		sys.destructed++;
}

static struct process *dup_process(struct process *parent, gfp_t gfp)
{
	struct process *p = kmem_cache_alloc(sys.cache, gfp);

	if (!p)
		return NULL;
	p->parent = parent;
	memcpy(p->comm, parent->comm, sizeof(p->comm));
	return p;
}

static struct process *fork_process(struct process *parent)
{
	struct process *p = dup_process(parent, GFP_KERNEL);

	if (!p)
		return NULL;
	p->pid = ++sys.last_pid;
	list_add_tail(&p->sibling, &parent->children);
	return p;
}

static void exit_process(struct process *p)
{
	list_del_init(&p->sibling);
	kmem_cache_free(sys.cache, p);
}

static void fork_setup(struct kunit *test)
{
	struct kmem_cache_args args = {
		.align = L1_CACHE_BYTES,
		.ctor = process_ctor, .dtor = process_dtor,
	};

	memset(&sys, 0, sizeof(sys));
	sys.cache = kmem_cache_create("process", sizeof(struct process), &args,
				      SLAB_ACCOUNT);
	KUNIT_ASSERT_NOT_NULL(test, sys.cache);
}

static void fork_example_test(struct kunit *test)
{
	struct process init = { .pid = 0, .comm = "init" }, *p, *again;
	int i;

	fork_setup(test);
	INIT_LIST_HEAD(&init.children);
	for (i = 0; i < FORKS; i++) {
		p = fork_process(&init);
		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_EQ(test, p->pid, i + 1);
		KUNIT_EXPECT_STREQ(test, p->comm, "init");
		KUNIT_EXPECT_TRUE(test, list_empty(&p->children));
		KUNIT_EXPECT_EQ(test, (unsigned long)p % L1_CACHE_BYTES, 0);
	}
	KUNIT_EXPECT_GE(test, sys.constructed, FORKS);
	/* The descriptor of who has just gone is still in the CPU's cache. */
	p = list_last_entry(&init.children, struct process, sibling);
	preempt_disable();
	exit_process(p);
	again = dup_process(&init, GFP_ATOMIC);
	preempt_enable();
	KUNIT_EXPECT_PTR_EQ(test, again, p);
	list_add_tail(&again->sibling, &init.children);
	while (!list_empty(&init.children))
		exit_process(list_first_entry(&init.children, struct process,
					      sibling));
	kmem_cache_destroy(sys.cache);
	KUNIT_EXPECT_EQ(test, sys.destructed, sys.constructed);
}

static int wait_for_stop(void *arg)
{
	atomic_set((atomic_t *)arg, 1);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

/* Threads of this kernel come from one, too. */
static void task_struct_cache_test(struct kunit *test)
{
	struct kmem_cache *cache = this_machine()->threads.cache;
	atomic_t begun = ATOMIC_INIT(0);
	struct task_struct *p = kthread_run(wait_for_stop, &begun, "forked");
	struct text_capture *c = text_capture_start();

	KUNIT_ASSERT_FALSE(test, IS_ERR(p));
	KUNIT_EXPECT_STREQ(test, kmem_cache_name(cache), "task_struct");
	KUNIT_EXPECT_EQ(test, ksize(p), kmem_cache_size(cache));
	KUNIT_EXPECT_GE(test, ksize(p), sizeof(struct task_struct));
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 1);
	KUNIT_EXPECT_EQ(test, proc_show("slabinfo", &c->m), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(c->text, "\ntask_struct "));
	while (!atomic_read(&begun))
		schedule_timeout_uninterruptible(1);
	KUNIT_EXPECT_EQ(test, kthread_stop(p), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_check(cache), 0);
}

static struct kunit_case fork_cases[] = {
	KUNIT_CASE(fork_example_test),
	KUNIT_CASE(task_struct_cache_test),
	{}
};

static struct kunit_suite fork_suite = {
	.name = "fork",
	.test_cases = fork_cases,
};
kunit_test_suite(fork_suite);
