// SPDX-License-Identifier: MIT
/*
 * Threads as objects: where their memory comes from, who counts them, how
 * the first ones come to be and how each ends.
 *
 *   object of the cache task_struct    | task, exited |
 *                                           │ stack
 *   pages, on ports with stacks        | canary | ... stack ... top |
 *
 * A thread has one reference to itself, dropped when its stack has been left
 * for good: on a booted port by who runs next on its CPU, on the host by
 * sched_reap(), which first joins the POSIX thread. kthread_stop() holds
 * another while it looks at exit_code.
 *
 * The end of a thread, interrupts off from the first line so that nobody runs
 * on its CPU in between:
 *
 *   1. on threads.dead (host), so that who hears of its end can join it
 *   2. complete(exited)
 *   3. state TASK_DEAD, and the last switch
 *
 * Task 0 of each CPU is boot_task, per-CPU and never freed. On a booted port
 * it is who came through head_64.S, and idles; it is in no table. On the host
 * it is the thread that called start_kernel(), an ordinary one.
 *
 * Invariants:
 *  I1. threads.nr is the length of threads.all; pids on it are unique.
 *  I2. A thread on threads.dead is on threads.all too, and TASK_DEAD or about
 *      to be.
 *  I3. nr_threads of a run queue counts the threads made for its CPU that have
 *      not ended.
 *
 * Lock order: threads.lock -> none of the scheduler's. It is taken with
 * interrupts off at a thread's end, but never from an interrupt.
 */
#include <linux/kthread.h>

#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kmap_local.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/run_queue.h>
#include <octavo/start.h>

#include "cpuhp.h"

DEFINE_PER_CPU(struct task_struct, boot_task);

static struct thread_table *this_threads(void)
{
	return &this_machine()->threads;
}

static bool pid_in_use(struct thread_table *t, int pid)
{
	struct task_struct *p;

	list_for_each_entry(p, &t->all, all_list)
		if (p->pid == pid)
			return true;
	return false;
}

/* A pid that nobody has; after INT_MAX it starts over. */
static int pid_next(struct thread_table *t)
{
	do {
		t->last_pid = t->last_pid == INT_MAX ? 1 : t->last_pid + 1;
	} while (pid_in_use(t, t->last_pid));
	return t->last_pid;
}

void task_table_add(struct task_struct *p)
{
	struct thread_table *t = this_threads();

	spin_lock(&t->lock);
	p->pid = pid_next(t);
	list_add_tail(&p->all_list, &t->all);
	t->nr++;
	spin_unlock(&t->lock);
}

void task_table_remove(struct task_struct *p)
{
	struct thread_table *t = this_threads();

	spin_lock(&t->lock);
	list_del(&p->all_list);
	t->nr--;
	spin_unlock(&t->lock);
}

void task_setup(struct task_struct *p, unsigned int cpu, const char *name)
{
	memset(p, 0, sizeof(*p));
	p->cpu = (int)cpu;
	p->bound = -1;
	p->usage = 1;
	INIT_LIST_HEAD(&p->run_list);
	strscpy(p->comm, name, sizeof(p->comm));
}

struct task_struct *get_task_struct(struct task_struct *p)
{
	/* The caller has a reference, so there is nothing to order. */
	__atomic_fetch_add(&p->usage, 1, __ATOMIC_RELAXED);
	return p;
}

static void thread_free(struct thread *t)
{
	if (t->task.stack)
		free_pages((unsigned long)t->task.stack, THREAD_ORDER);
	kmem_cache_free(this_threads()->cache, t);
}

static void task_free(struct task_struct *p)
{
	/* Only threads of task_create() are counted to their end. */
	BUG_ON(!p->exited);
	task_table_remove(p);
	thread_free(container_of(p, struct thread, task));
}

void put_task_struct(struct task_struct *p)
{
	/* Each drop's release pairs with the acquire of the last one. */
	unsigned int left = __atomic_sub_fetch(&p->usage, 1, __ATOMIC_ACQ_REL);

	BUG_ON(left == ~0U);
	if (!left)
		task_free(p);
}

/* The memory of a thread of @cpu; NULL: there is none. */
static struct thread *thread_alloc(unsigned int cpu)
{
	struct thread *t = kmem_cache_alloc(this_threads()->cache, GFP_KERNEL);
	struct thread_base *base;

	if (!t)
		return NULL;
	task_setup(&t->task, cpu, "");
	if (!THREAD_HAS_STACK)
		return t;
	base = (void *)__get_free_pages(GFP_KERNEL, THREAD_ORDER);
	if (!base) {
		thread_free(t);
		return NULL;
	}
	base->canary = STACK_CANARY;
	t->task.stack = base;
	return t;
}

struct task_struct *task_create(int (*fn)(void *arg), void *arg,
				unsigned int cpu)
{
	struct thread *t = thread_alloc(cpu);
	struct task_struct *p;
	int err;

	if (!t)
		return ERR_PTR(-ENOMEM);
	p = &t->task;
	p->flags = PF_KTHREAD;
	p->state = TASK_UNINTERRUPTIBLE;
	p->fn = fn;
	p->arg = arg;
	init_completion(&t->exited);
	p->exited = &t->exited;
	task_table_add(p);
	err = port_thread_create(p);
	if (err) {
		put_task_struct(p);
		return ERR_PTR(err);
	}
	__atomic_fetch_add(&per_cpu(run_queue, cpu).nr_threads, 1,
			   __ATOMIC_RELAXED);
	return p;
}

static void task_exit(struct task_struct *p)
{
	struct thread_table *t = this_threads();

	if (preempt_count())
		panic("thread %.16s (pid %d) ended with preempt_count %#x: a lock is held",
		      p->comm, p->pid, preempt_count());
	kmap_local_exit(p);
	local_irq_disable();
	__atomic_fetch_sub(&this_cpu_ptr(&run_queue)->nr_threads, 1,
			   __ATOMIC_RELAXED);
	if (!PORT_HAS_IDLE) {
		spin_lock(&t->lock);
		list_add_tail(&p->dead_list, &t->dead);
		spin_unlock(&t->lock);
	}
	complete(p->exited);
	__atomic_store_n(&p->state, TASK_DEAD, __ATOMIC_RELAXED);
	schedule();
}

void kthread_exit(long code)
{
	struct task_struct *p = current;

	BUG_ON(!p->fn);
	p->exit_code = (int)code;
	task_exit(p);
	port_thread_leave();
}

void kthread_complete_and_exit(struct completion *comp, long code)
{
	if (comp)
		complete(comp);
	kthread_exit(code);
}

void sched_thread_run(struct task_struct *p)
{
	p->exit_code = kthread_should_stop() ? -EINTR : p->fn(p->arg);
	task_exit(p);
}

void sched_reap(void)
{
	struct thread_table *t = this_threads();
	struct task_struct *p, *n;
	LIST_HEAD(dead);

	spin_lock(&t->lock);
	list_splice_init(&t->dead, &dead);
	spin_unlock(&t->lock);
	list_for_each_entry_safe(p, n, &dead, dead_list) {
		port_thread_join(p);
		put_task_struct(p);
	}
}

static void run_queue_init(unsigned int cpu)
{
	struct run_queue *rq = per_cpu_ptr(&run_queue, cpu);

	spin_lock_init(&rq->lock);
	INIT_LIST_HEAD(&rq->queue);
	INIT_LIST_HEAD(&rq->sleepers);
	rq->cpu = cpu;
	rq->shut = !cpu_online(cpu);
	rq->since = port_clock_ns();
}

/* @cpu runs: it may have threads. */
static void run_queue_open(unsigned int cpu)
{
	struct run_queue *rq = per_cpu_ptr(&run_queue, cpu);
	unsigned long flags = run_queue_lock(rq);

	rq->since = port_clock_ns();
	__atomic_store_n(&rq->shut, false, __ATOMIC_RELAXED);
	run_queue_unlock(rq, flags);
}

/* @cpu's task 0 has it from now on. */
static void run_queue_start(unsigned int cpu)
{
	struct run_queue *rq = per_cpu_ptr(&run_queue, cpu);
	struct task_struct *p = per_cpu_ptr(&boot_task, cpu);
	unsigned long flags;
	char name[TASK_COMM_LEN];

	snprintf(name, sizeof(name), "swapper/%u", cpu);
	task_setup(p, cpu, name);
	p->on_rq = true;
	flags = run_queue_lock(rq);
	rq->curr = p;
	if (PORT_HAS_IDLE)
		rq->idle = p;
	run_queue_unlock(rq, flags);
	port_set_current(p);
}

void __init fork_init(void)
{
	this_threads()->cache = kmem_cache_create("task_struct",
						  sizeof(struct thread), 0,
						  SLAB_HWCACHE_ALIGN |
						  SLAB_PANIC | SLAB_ACCOUNT |
						  SLAB_NO_MERGE, NULL);
}

void __init sched_init(void)
{
	struct thread_table *t = this_threads();
	unsigned int cpu;

	spin_lock_init(&t->lock);
	INIT_LIST_HEAD(&t->all);
	INIT_LIST_HEAD(&t->dead);
	mutex_init(&t->worker_lock);
	rcu_init();
	cpu_hotplug_init();
	for_each_possible_cpu(cpu)
		run_queue_init(cpu);
	run_queue_start(smp_processor_id());
	run_queue_open(smp_processor_id());
	if (!PORT_HAS_IDLE)
		task_table_add(current);
	cpu_set_online(smp_processor_id());
	cpuhp_set_online(smp_processor_id());
}

void start_secondary(unsigned int cpu)
{
	BUG_ON(cpu != smp_processor_id() || cpu_online(cpu));
	/* What it was asked before it went is past. */
	__atomic_store_n(this_cpu_ptr(&__need_resched), 0, __ATOMIC_RELAXED);
	if (PORT_HAS_IDLE)
		run_queue_start(cpu);
	run_queue_open(cpu);
	cpu_set_online(cpu);
}
