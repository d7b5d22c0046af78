// SPDX-License-Identifier: MIT
/*
 * Timers: each CPU has a base, a tree of what is to be called and when, and
 * a thread that calls it.
 *
 *   mod_timer() ──> base of a CPU: first │ second │ ...   by time, then by
 *                     │                                   order of starting
 *                     └─ thread "ktimers/N": sleeps until the first one's
 *                        time, takes it out, calls its function
 *
 * A function is called as an interrupt would call it: the preemption count
 * says softirq (or hard interrupt, with interrupts off), so it may not sleep,
 * and nobody else runs on that CPU until it returns. That is why who waits
 * for a function to return may spin: it runs on another CPU. So too a thread
 * that holds a spin lock keeps the timers of its CPU from running.
 *
 * A timer stays with the base that it was last in while it is queued there or
 * its function runs; else it comes to the CPU that starts it. Only who holds
 * the lock of node->base changes it.
 *
 * Invariants, under a base's lock:
 *  I1. A queued node is in the tree of its base.
 *  I2. running is NULL or the node whose function has been called and has not
 *      returned; the node itself may be gone.
 *
 * A CPU that goes off-line has its thread parked first, so that nothing of its
 * base runs any more, and what is left there goes to another's base.
 *
 * Lock order: base's lock, irq-safe; of two, the lower CPU's first -> run
 * queue's lock.
 *
 * Differs from Linux: a thread does what softirqs do there, so on the host
 * and with few CPUs a timer waits for its turn; time is exact to the tick of
 * the port, and a timer never comes early.
 */
#include <linux/timer.h>

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include <octavo/machine.h>
#include <octavo/port.h>

#include "cpuhp.h"

/* l: lock  m: threads.worker_lock */
struct timer_base {
	spinlock_t lock;
	struct rb_root_cached tree;	/* l: timer_node.rb */
	u64 next_seq;			/* l */
	struct timer_node *running;	/* l: whose function runs, or NULL */
	struct task_struct *task;	/* m; a: NULL: not made */
	bool shut;			/* l: its CPU goes: nothing more is
					 * queued, what is left will be moved */
};

static DEFINE_PER_CPU_ALIGNED(struct timer_base, timer_base);

static bool node_less(struct rb_node *a, const struct rb_node *b)
{
	const struct timer_node *x = rb_entry(a, struct timer_node, rb);
	const struct timer_node *y = rb_entry(b, struct timer_node, rb);

	return x->time != y->time ? x->time < y->time : x->seq < y->seq;
}

static struct timer_node *base_first(const struct timer_base *base)
{
	return rb_entry_safe(rb_first_cached(&base->tree), struct timer_node,
			     rb);
}

/* ---- the thread ------------------------------------------------------- */

static void node_take(struct timer_base *base, struct timer_node *node)
{
	VM_BUG_ON(!node->queued);
	rb_erase_cached(&node->rb, &base->tree);
	__atomic_store_n(&node->queued, false, __ATOMIC_RELAXED);
}

/* What is due now, taken out and running; or NULL, and when the first is. */
static struct timer_node *base_due(struct timer_base *base, u64 *next)
{
	struct timer_node *node;
	unsigned long flags;

	spin_lock_irqsave(&base->lock, flags);
	node = base_first(base);
	*next = node ? node->time : 0;
	if (node && node->time <= port_clock_ns()) {
		node_take(base, node);
		base->running = node;
	} else {
		node = NULL;
	}
	spin_unlock_irqrestore(&base->lock, flags);
	return node;
}

static void node_call(struct timer_base *base, struct timer_node *node)
{
	unsigned int count = preempt_count();
	unsigned long flags;

	if (node->hard)
		local_irq_disable();
	node->fn(node);
	if (preempt_count() != count) {
		pr_err("BUG: a timer's function left preempt_count %#x, not %#x\n",
		       preempt_count(), count);
		preempt_count_sub(preempt_count() - count);
	}
	local_irq_enable();
	spin_lock_irqsave(&base->lock, flags);
	base->running = NULL;
	spin_unlock_irqrestore(&base->lock, flags);
}

/* Calls what is due; when the next one is, 0: there is none. */
static u64 base_run(struct timer_base *base)
{
	struct timer_node *node;
	u64 next;

	for (;;) {
		unsigned int offset;

		/* Before it is running: from there on it must get to its end. */
		preempt_count_add(SOFTIRQ_OFFSET);
		node = base_due(base, &next);
		offset = node && node->hard ? HARDIRQ_OFFSET : 0;
		if (node) {
			preempt_count_add(offset);
			node_call(base, node);
			preempt_count_sub(offset);
		}
		preempt_count_sub(SOFTIRQ_OFFSET);
		if (!node)
			return next;
		cond_resched();
	}
}

static int timers_fn(void *arg)
{
	struct timer_base *base = arg;
	u64 next;

	while (!kthread_should_stop()) {
		/* Whoever queues a new first one from here on wakes us. */
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		if (kthread_should_park()) {
			__set_current_state(TASK_RUNNING);
			kthread_parkme();
			continue;
		}
		next = base_run(base);
		if (next && next <= port_clock_ns()) {
			__set_current_state(TASK_RUNNING);
			continue;
		}
		schedule_until(next);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static struct task_struct *base_task(struct timer_base *base)
{
	/* Pairs with the release in base_create(). */
	return __atomic_load_n(&base->task, __ATOMIC_ACQUIRE);
}

/* Under worker_lock. */
static void base_create(unsigned int cpu)
{
	struct timer_base *base = per_cpu_ptr(&timer_base, cpu);
	struct task_struct *p = kthread_create_on_cpu(timers_fn, base, cpu,
						      "ktimers/%u");

	if (IS_ERR(p)) {
		pr_err("no timers on CPU %u: error %ld\n", cpu, PTR_ERR(p));
		return;
	}
	get_task_struct(p);
	__atomic_store_n(&base->task, p, __ATOMIC_RELEASE);
	wake_up_process(p);
}

static void base_start(unsigned int cpu)
{
	struct mutex *lock = &this_machine()->threads.worker_lock;

	if (base_task(per_cpu_ptr(&timer_base, cpu)))
		return;
	mutex_lock(lock);
	if (!base_task(per_cpu_ptr(&timer_base, cpu)))
		base_create(cpu);
	mutex_unlock(lock);
}

void timers_start(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		base_start(cpu);
}

void timers_stop(void)
{
	struct mutex *lock = &this_machine()->threads.worker_lock;
	unsigned int cpu;

	mutex_lock(lock);
	for_each_possible_cpu(cpu) {
		struct timer_base *base = per_cpu_ptr(&timer_base, cpu);
		struct task_struct *p = base->task;

		WARN(base_first(base), "a timer of CPU %u is still to come",
		     cpu);
		if (!p)
			continue;
		kthread_stop(p);
		put_task_struct(p);
		__atomic_store_n(&base->task, NULL, __ATOMIC_RELEASE);
	}
	mutex_unlock(lock);
}

/* ---- CPUs that come and go -------------------------------------------- */

static void base_shut(struct timer_base *base, bool shut)
{
	unsigned long flags;

	spin_lock_irqsave(&base->lock, flags);
	WRITE_ONCE(base->shut, shut);
	spin_unlock_irqrestore(&base->lock, flags);
}

/* An online CPU but @cpu whose base has a thread; NR_CPUS: there is none. */
static unsigned int base_other(unsigned int cpu)
{
	unsigned int other;

	for_each_online_cpu(other)
		if (other != cpu && base_task(per_cpu_ptr(&timer_base, other)))
			break;
	return other;
}

int timers_cpu_leave(unsigned int cpu)
{
	struct timer_base *base = per_cpu_ptr(&timer_base, cpu);

	if (!base_task(base)) {
		base_shut(base, true);
		return 0;
	}
	/* Somebody is to have what is left here. */
	if (base_other(cpu) >= NR_CPUS) {
		base_start(cpumask_first(cpu_online_mask));
		if (base_other(cpu) >= NR_CPUS)
			return -ENOMEM;
	}
	kthread_park(base_task(base));
	base_shut(base, true);
	return 0;
}

int timers_cpu_online(unsigned int cpu)
{
	struct timer_base *base = per_cpu_ptr(&timer_base, cpu);

	base_shut(base, false);
	if (base_task(base))
		kthread_unpark(base_task(base));
	return 0;
}

/* All that is queued; both bases are locked. */
static void base_move(struct timer_base *from, struct timer_base *to)
{
	struct timer_node *node;

	BUG_ON(from->running);
	while ((node = base_first(from))) {
		rb_erase_cached(&node->rb, &from->tree);
		node->seq = to->next_seq++;
		__atomic_store_n(&node->base, to, __ATOMIC_RELAXED);
		rb_add_cached(&node->rb, &to->tree, node_less);
	}
}

int timers_cpu_dead(unsigned int cpu)
{
	struct timer_base *from = per_cpu_ptr(&timer_base, cpu), *to;
	unsigned int other = base_other(cpu);
	unsigned long flags;

	if (other >= NR_CPUS) {
		BUG_ON(base_first(from));
		return 0;
	}
	to = per_cpu_ptr(&timer_base, other);
	spin_lock_irqsave(other < cpu ? &to->lock : &from->lock, flags);
	spin_lock(other < cpu ? &from->lock : &to->lock);
	base_move(from, to);
	spin_unlock(&from->lock);
	spin_unlock_irqrestore(&to->lock, flags);
	wake_up_process(base_task(to));
	return 0;
}

/* ---- nodes ------------------------------------------------------------ */

/* Locks the base of @node, which gets this CPU's when it has none. */
static struct timer_base *node_lock(struct timer_node *node,
				    unsigned long *flags)
{
	struct timer_base *base, *none;

	for (;;) {
		none = NULL;
		base = __atomic_load_n(&node->base, __ATOMIC_RELAXED);
		if (!base) {
			base = per_cpu_ptr(&timer_base, raw_smp_processor_id());
			__atomic_compare_exchange_n(&node->base, &none, base,
						    false, __ATOMIC_RELAXED,
						    __ATOMIC_RELAXED);
			continue;
		}
		spin_lock_irqsave(&base->lock, *flags);
		if (base == __atomic_load_n(&node->base, __ATOMIC_RELAXED))
			return base;
		spin_unlock_irqrestore(&base->lock, *flags);
	}
}

static bool base_is_shut(unsigned int cpu)
{
	return READ_ONCE(per_cpu_ptr(&timer_base, cpu)->shut);
}

/* Whose base a timer goes to for which @cpu is asked; negative: any. */
static unsigned int timer_cpu(int cpu)
{
	unsigned int other;

	if (cpu >= 0 && cpu_online((unsigned int)cpu) &&
	    !base_is_shut((unsigned int)cpu))
		return (unsigned int)cpu;
	other = (unsigned int)raw_smp_processor_id();
	if (likely(!base_is_shut(other)))
		return other;
	for_each_online_cpu(other)
		if (!base_is_shut(other))
			break;
	BUG_ON(other >= NR_CPUS);
	return other;
}

/* The same, of the base in which it is to be queued: @cpu's, or any. */
static struct timer_base *node_lock_on(struct timer_node *node, int cpu,
				       unsigned long *flags)
{
	struct timer_base *base, *to;

	for (;;) {
		base = node_lock(node, flags);
		to = per_cpu_ptr(&timer_base, timer_cpu(cpu));
		/* From a shut one it may go only with all the others. */
		if (node->queued || base->running == node ||
		    (base == to && !base->shut))
			return base;
		__atomic_store_n(&node->base, to, __ATOMIC_RELAXED);
		spin_unlock_irqrestore(&base->lock, *flags);
	}
}

static bool context_may_sleep(void)
{
	return preemptible() && this_machine()->state == SYSTEM_RUNNING;
}

bool timer_node_start(struct timer_node *node, u64 time, int cpu)
{
	struct timer_base *base;
	unsigned long flags;
	bool was, first;

	if (unlikely(context_may_sleep()))
		base_start(timer_cpu(cpu));
	base = node_lock_on(node, cpu, &flags);
	was = node->queued;
	if (was)
		node_take(base, node);
	if (node->shut) {
		spin_unlock_irqrestore(&base->lock, flags);
		return was;
	}
	node->time = time ? time : 1;
	node->seq = base->next_seq++;
	__atomic_store_n(&node->queued, true, __ATOMIC_RELAXED);
	first = rb_add_cached(&node->rb, &base->tree, node_less);
	spin_unlock_irqrestore(&base->lock, flags);
	if (first && base_task(base))
		wake_up_process(base_task(base));
	WARN(!base_task(base), "a timer was started before any thread for it");
	return was;
}

bool timer_node_stop(struct timer_node *node, bool shut)
{
	struct timer_base *base;
	unsigned long flags;
	bool was;

	if (!__atomic_load_n(&node->base, __ATOMIC_RELAXED)) {
		node->shut |= shut;
		return false;
	}
	base = node_lock(node, &flags);
	was = node->queued;
	node->shut |= shut;
	if (was)
		node_take(base, node);
	spin_unlock_irqrestore(&base->lock, flags);
	return was;
}

bool timer_node_running(struct timer_node *node)
{
	struct timer_base *base = __atomic_load_n(&node->base,
						  __ATOMIC_RELAXED);
	unsigned long flags;
	bool running;

	if (!base)
		return false;
	spin_lock_irqsave(&base->lock, flags);
	running = base->running == node;
	spin_unlock_irqrestore(&base->lock, flags);
	return running;
}

bool timer_node_wait(struct timer_node *node)
{
	struct timer_base *base = __atomic_load_n(&node->base,
						  __ATOMIC_RELAXED);

	while (timer_node_running(node)) {
		if (WARN(current == base_task(base),
			 "a timer's function waits for its own end"))
			return false;
		cpu_relax();
	}
	return true;
}

bool timer_node_queued(const struct timer_node *node)
{
	return __atomic_load_n(&node->queued, __ATOMIC_RELAXED);
}

/* ---- timers by jiffies ------------------------------------------------ */

/* When jiffies is @expires, which may be past. */
static u64 jiffies_time(unsigned long expires)
{
	unsigned long now = get_jiffies();

	return time_after(expires, now) ?
	       ((u64)now + (expires - now)) * TICK_NSEC : 1;
}

void timer_list_fire(struct timer_node *node)
{
	struct timer_list *timer = container_of(node, struct timer_list, node);

	timer->function(timer);
}

bool timer_pending(const struct timer_list *timer)
{
	return timer_node_queued(&timer->node);
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	WARN(!timer->function && !timer->node.shut,
	     "a timer without a function");
	if (!timer->function)
		return 0;
	timer->expires = expires;
	return timer_node_start(&timer->node, jiffies_time(expires), -1);
}

int mod_timer_pending(struct timer_list *timer, unsigned long expires)
{
	return timer_pending(timer) ? mod_timer(timer, expires) : 0;
}

int timer_reduce(struct timer_list *timer, unsigned long expires)
{
	if (timer_pending(timer) && time_before_eq(timer->expires, expires))
		return 1;
	return mod_timer(timer, expires);
}

void add_timer(struct timer_list *timer)
{
	BUG_ON(timer_pending(timer));
	mod_timer(timer, timer->expires);
}

void add_timer_on(struct timer_list *timer, int cpu)
{
	BUG_ON(timer_pending(timer));
	if (timer->function)
		timer_node_start(&timer->node, jiffies_time(timer->expires),
				 cpu);
}

int octavo_timer_delete(struct timer_list *timer)
{
	return timer_node_stop(&timer->node, false);
}

static int stop_and_wait(struct timer_list *timer, bool shut)
{
	int was = 0;

	do
		was |= timer_node_stop(&timer->node, shut);
	while (timer_node_wait(&timer->node) && timer_pending(timer));
	return was;
}

int timer_delete_sync(struct timer_list *timer)
{
	return stop_and_wait(timer, false);
}

int try_to_del_timer_sync(struct timer_list *timer)
{
	if (timer_node_running(&timer->node))
		return -1;
	return timer_delete(timer);
}

int timer_shutdown(struct timer_list *timer)
{
	return timer_node_stop(&timer->node, true);
}

int timer_shutdown_sync(struct timer_list *timer)
{
	return stop_and_wait(timer, true);
}
