// SPDX-License-Identifier: MIT
/*
 * Threads that change their CPU: because it goes, because theirs is back, or
 * because they were made for one that does not run.
 *
 *   CPU goes                              CPU is back
 *     its run queue is shut: who wakes       it is open: threads bound to it
 *     is placed elsewhere                    are fetched, wherever they sleep
 *     who runs is pushed when it switches    or wait; who runs elsewhere comes
 *     who waits or sleeps is moved           when it has switched
 *
 * A thread is in one of the places of sched.c, or on its way: on_rq, and on no
 * queue, between being taken from one CPU and placed on another. Nobody else
 * moves it then. Its home changes with the locks of both CPUs held, so who has
 * one of them knows whether it is there, and asleep. Its registers are saved:
 * who has run last leaves its stack first (sched_switch_finish(),
 * port_thread_switch()).
 *
 * Threads with migrate_disable() stay until they have enabled it, those that
 * have pages of kmap_local_page() until they have not; a CPU that goes waits
 * for them. Threads of the program are CPUs (host): they do not
 * move, and a CPU that has one does not go.
 *
 * Locks: threads.lock -> run queues' locks, the lower CPU's first; both halves
 * without preempt_count (sched.c).
 */
#include <linux/sched.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kmap_local.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/run_queue.h>

#include "cpuhp.h"

/* Looks at a CPU that is to become empty, before its caller sleeps a tick. */
#define LEAVE_LOOKS	64

static struct run_queue *run_queue_of(unsigned int cpu)
{
	return per_cpu_ptr(&run_queue, cpu);
}

static bool run_queue_is_shut(unsigned int cpu)
{
	return __atomic_load_n(&run_queue_of(cpu)->shut, __ATOMIC_RELAXED);
}

static int task_home(const struct task_struct *p)
{
	return __atomic_load_n(&p->cpu, __ATOMIC_RELAXED);
}

void task_set_home(struct task_struct *p, unsigned int cpu)
{
	__atomic_fetch_sub(&run_queue_of((unsigned int)p->cpu)->nr_threads, 1,
			   __ATOMIC_RELAXED);
	__atomic_fetch_add(&run_queue_of(cpu)->nr_threads, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&p->cpu, (int)cpu, __ATOMIC_RELAXED);
}

struct run_queue *task_run_queue_lock(struct task_struct *p,
				      unsigned long *flags)
{
	struct run_queue *rq;
	int cpu;

	for (;;) {
		cpu = task_home(p);
		rq = run_queue_of((unsigned int)cpu);
		*flags = run_queue_lock(rq);
		if (likely(cpu == task_home(p)))
			return rq;
		run_queue_unlock(rq, *flags);
	}
}

/* Whether the CPU that @p is bound to is another, and takes it. */
static bool task_has_better_home(const struct task_struct *p)
{
	return p->bound >= 0 && p->bound != p->cpu &&
	       !run_queue_is_shut((unsigned int)p->bound);
}

static bool task_is_pinned(const struct task_struct *p)
{
	return p->migration_disabled || kmap_local_pinned(p);
}

bool task_must_move(const struct run_queue *rq, const struct task_struct *p)
{
	return (rq->shut || task_has_better_home(p)) && !task_is_pinned(p);
}

/* Both; they may be the same. */
static unsigned long two_lock(struct run_queue *a, struct run_queue *b)
{
	unsigned long flags;

	local_irq_save(flags);
	raw_ticket_lock(&(a->cpu < b->cpu ? a : b)->lock);
	if (a != b)
		raw_ticket_lock(&(a->cpu < b->cpu ? b : a)->lock);
	return flags;
}

static void two_unlock(struct run_queue *a, struct run_queue *b,
		       unsigned long flags)
{
	raw_ticket_unlock(&a->lock);
	if (a != b)
		raw_ticket_unlock(&b->lock);
	local_irq_restore(flags);
}

void task_place(struct task_struct *p)
{
	/* Nobody else changes it meanwhile. */
	struct run_queue *from = run_queue_of((unsigned int)task_home(p)), *to;
	unsigned long flags;

	for (;;) {
		to = run_queue_of(task_has_better_home(p) ?
				  (unsigned int)p->bound :
				  sched_least_loaded_cpu());
		flags = two_lock(from, to);
		if (likely(!to->shut))
			break;
		two_unlock(from, to, flags);
	}
	task_set_home(p, to->cpu);
	run_queue_enqueue(to, p);
	two_unlock(from, to, flags);
}

/* ---- moving who does not run ------------------------------------------ */

/* @p, of @from, to @to if it sleeps or waits there; both locked. */
static void task_move(struct task_struct *p, struct run_queue *from,
		      struct run_queue *to)
{
	if (task_is_pinned(p))
		return;
	if (p == from->curr) {
		/* It is pushed when it switches. */
		run_queue_set_slice(from, 0);
		resched_cpu(from->cpu);
		return;
	}
	if (p->on_rq) {
		/* On no queue it is on its way, and will be placed. */
		if (list_empty(&p->run_list))
			return;
		list_del_init(&p->run_list);
		from->nr_queued--;
		task_set_home(p, to->cpu);
		run_queue_enqueue(to, p);
		return;
	}
	if (__atomic_load_n(&p->state, __ATOMIC_RELAXED) == TASK_DEAD)
		return;
	if (p->wake_time)
		list_del(&p->sleep_list);
	task_set_home(p, to->cpu);
	run_queue_add_sleeper(to, p);
}

/* From @cpu, or wherever it is if @cpu is negative, to @to. */
static void task_send(struct task_struct *p, int cpu, struct run_queue *to)
{
	int home = task_home(p);
	struct run_queue *from = run_queue_of((unsigned int)home);
	unsigned long flags;

	if (from == to || (cpu >= 0 && home != cpu))
		return;
	flags = two_lock(from, to);
	if (task_home(p) == home && !to->shut)
		task_move(p, from, to);
	two_unlock(from, to, flags);
}

/*
 * Calls task_send() for the threads of @cpu, each to a CPU with least to do;
 * how many are left that are its.
 */
static unsigned int threads_send_away(unsigned int cpu)
{
	struct thread_table *t = &this_machine()->threads;
	struct task_struct *p;
	unsigned int left = 0;

	spin_lock(&t->lock);
	list_for_each_entry(p, &t->all, all_list) {
		if (task_home(p) != (int)cpu || !p->fn)
			continue;
		if (__atomic_load_n(&p->state, __ATOMIC_RELAXED) == TASK_DEAD)
			continue;
		task_send(p, (int)cpu, run_queue_of(sched_least_loaded_cpu()));
		left += task_home(p) == (int)cpu;
	}
	spin_unlock(&t->lock);
	return left;
}

/* Asks who has @cpu to give it away. False: nobody has it. */
static bool run_queue_press(struct run_queue *rq)
{
	unsigned long flags = run_queue_lock(rq);
	bool busy = rq->curr && rq->curr != rq->idle;

	if (busy) {
		run_queue_set_slice(rq, 0);
		resched_cpu(rq->cpu);
	}
	run_queue_unlock(rq, flags);
	return busy;
}

/* Shut, so that nobody comes; false: threads of the program are bound to it. */
static bool run_queue_shut(struct run_queue *rq)
{
	unsigned long flags = run_queue_lock(rq);
	bool shut = !rq->nr_bound;

	if (shut)
		__atomic_store_n(&rq->shut, true, __ATOMIC_RELAXED);
	run_queue_unlock(rq, flags);
	return shut;
}

static void run_queue_open(struct run_queue *rq)
{
	unsigned long flags = run_queue_lock(rq);

	__atomic_store_n(&rq->shut, false, __ATOMIC_RELAXED);
	run_queue_unlock(rq, flags);
}

/* Lets others go on: at first without giving much away. */
static void leave_wait(unsigned int cpu, unsigned int look)
{
	if ((unsigned int)raw_smp_processor_id() == cpu)
		/* Who switches away from here comes back elsewhere. */
		yield();
	else if (look < LEAVE_LOOKS)
		cond_resched();
	else
		schedule_timeout_uninterruptible(1);
}

int sched_cpu_leave(unsigned int cpu)
{
	struct run_queue *rq = run_queue_of(cpu);
	unsigned int look;
	bool busy;

	if (!run_queue_shut(rq)) {
		printk(KERN_DEBUG "cpu: CPU %u cannot go off-line: a thread of the program is bound to it\n",
		       cpu);
		return -EBUSY;
	}
	for (look = 0; ; look++) {
		busy = run_queue_press(rq);
		if (!threads_send_away(cpu) && !busy)
			break;
		leave_wait(cpu, look);
	}
	memset(rq->times.load, 0, sizeof(rq->times.load));
	return 0;
}

void sched_cpu_stay(unsigned int cpu)
{
	run_queue_open(run_queue_of(cpu));
}

int sched_cpu_return(unsigned int cpu)
{
	struct thread_table *t = &this_machine()->threads;
	struct task_struct *p;

	spin_lock(&t->lock);
	list_for_each_entry(p, &t->all, all_list)
		if (p->bound == (int)cpu)
			task_send(p, -1, run_queue_of(cpu));
	spin_unlock(&t->lock);
	return 0;
}

/* ---- threads that stay ------------------------------------------------ */

void migrate_disable(void)
{
	current->migration_disabled++;
	barrier();
}

void migrate_enable(void)
{
	struct task_struct *p = current;

	barrier();
	if (WARN(!p->migration_disabled, "migration was not disabled"))
		return;
	/* A CPU that waits for this asks again and again. */
	p->migration_disabled--;
}
