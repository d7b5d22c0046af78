// SPDX-License-Identifier: MIT
/*
 * The scheduler: each CPU runs its threads in turn, a tick each.
 *
 * A thread's home is one CPU, chosen when it is made; it changes when that CPU
 * goes off-line, and back (sched_move.c). Its home's run queue knows it in one
 * of four places:
 *
 *            wake_up_process(), its time has come
 *     +-------------------------------------------------+
 *     v                                                 |
 *   queue --- run_queue_pick() ---> curr --- schedule() +--> asleep, with a
 *     ^                              |                  |    time: sleepers
 *     +--- preempted, yield() -------+                  +--> asleep, without:
 *                                                            on no list
 *
 * `on_rq` is true for queue and curr. A thread that has announced a sleep
 * (state is not TASK_RUNNING) is still curr until schedule(); one that is
 * preempted then goes to the queue all the same, so that it gets as far as
 * its schedule().
 *
 * Invariants, under the run queue's lock:
 *  I1. nr_queued is the length of queue.
 *  I2. Who is on queue has this home, on_rq, and is neither curr nor idle.
 *  I3. curr has this home and on_rq, or lends the CPU (host only), or is NULL:
 *      then the queue is empty. It is never NULL where there is an idle.
 *  I4. sleepers are sorted by wake_time; each has one, and not on_rq.
 *
 * No wake-up is lost. A sleeper (S) and a waker (W) meet on two words:
 *
 *   S: state = asleep (exchange)         W: condition = true
 *   S: condition? -> no                  W: state asleep? (fetch_or, lock held)
 *   S: schedule(): lock, state? asleep,  W: state = running; not on_rq: queue
 *      on_rq = false
 *
 * Both first-named accesses to state are read-modify-writes, so one comes
 * first. If W's does, S's reads from it and so sees the condition. If S's
 * does, W sees a sleeper; the lock then decides whether S was still curr
 * (it finds TASK_RUNNING in schedule() and goes on) or is queued.
 *
 * Preemption: need_resched() is this CPU's order to switch. It is looked at in
 * preempt_enable(), cond_resched() and on return from interrupts. With a timer
 * (PORT_HAS_TICK) the tick sets it; without, whoever joins the queue does, and
 * the running thread obeys once its slice is over.
 *
 * Lock order: any lock -> run queue's lock -> none; of two run queues the lower
 * CPU's first.
 * The lock is taken with interrupts off and outside preempt_count, since on
 * the host a thread without a CPU takes it.
 *
 * Differs from Linux: no priorities, no balancing, no fair shares. What runs
 * here is memory management; it needs sleep, wake and preemption to be right.
 */
#include <linux/sched.h>

#include <linux/bug.h>
#include <linux/kmap_local.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>

#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/run_queue.h>
#include <asm/processor.h>

/* ns, of a sleep with a time: 292 years; longer ones have no end. */
#define SCHED_LONGEST	(~0ULL >> 1)

DEFINE_PER_CPU_ALIGNED(struct run_queue, run_queue);
DEFINE_PER_CPU(unsigned int, __need_resched);

unsigned long run_queue_lock(struct run_queue *rq)
{
	unsigned long flags;

	local_irq_save(flags);
	raw_ticket_lock(&rq->lock);
	return flags;
}

void run_queue_unlock(struct run_queue *rq, unsigned long flags)
{
	raw_ticket_unlock(&rq->lock);
	local_irq_restore(flags);
}

static void run_queue_check_queue(struct run_queue *rq)
{
	struct task_struct *p;
	unsigned int n = 0;

	list_for_each_entry(p, &rq->queue, run_list) {
		BUG_ON(p->cpu != (int)rq->cpu);
		BUG_ON(!p->on_rq || p == rq->curr || p == rq->idle);
		n++;
	}
	BUG_ON(n != rq->nr_queued);
}

void run_queue_check(struct run_queue *rq)
{
	unsigned long flags = run_queue_lock(rq);
	struct task_struct *p;
	u64 last = 0;

	run_queue_check_queue(rq);
	BUG_ON(!rq->curr && (rq->idle || rq->nr_queued));
	BUG_ON(rq->curr && rq->curr->cpu == (int)rq->cpu && !rq->curr->on_rq);
	list_for_each_entry(p, &rq->sleepers, sleep_list) {
		BUG_ON(p->on_rq || !p->wake_time || p->wake_time < last);
		last = p->wake_time;
	}
	run_queue_unlock(rq, flags);
}

void resched_cpu(unsigned int cpu)
{
	__atomic_fetch_or(per_cpu_ptr(&__need_resched, cpu), RESCHED_SWITCH,
			  __ATOMIC_RELAXED);
	if (PORT_HAS_TICK && cpu != smp_processor_id())
		port_send_reschedule(cpu);
}

static bool this_cpu_has_order(unsigned int what)
{
	return this_cpu_read(__need_resched) & what;
}

static void run_queue_append(struct run_queue *rq, struct task_struct *p)
{
	list_add_tail(&p->run_list, &rq->queue);
	rq->nr_queued++;
}

struct task_struct *run_queue_pick(struct run_queue *rq)
{
	struct task_struct *p;

	run_queue_set_slice(rq, rq->since + TICK_NSEC);
	if (!rq->nr_queued)
		return rq->idle;
	p = list_first_entry(&rq->queue, struct task_struct, run_list);
	list_del_init(&p->run_list);
	rq->nr_queued--;
	return p;
}

/* @p, which sleeps, is to run; it is on no list any more. */
static void run_queue_rouse(struct task_struct *p)
{
	VM_BUG_ON(p->on_rq);
	if (p->wake_time) {
		list_del(&p->sleep_list);
		p->wake_time = 0;
	}
	p->on_rq = true;
}

void run_queue_enqueue(struct run_queue *rq, struct task_struct *p)
{
	if (!rq->curr) {
		run_queue_account(rq, port_clock_ns());
		rq->curr = p;
		run_queue_set_slice(rq, rq->since + TICK_NSEC);
		port_thread_resume(p);
		return;
	}
	run_queue_append(rq, p);
	if (rq->curr == rq->idle || !PORT_HAS_TICK)
		resched_cpu(rq->cpu);
}

void run_queue_activate(struct run_queue *rq, struct task_struct *p)
{
	run_queue_rouse(p);
	run_queue_enqueue(rq, p);
}

void run_queue_add_sleeper(struct run_queue *rq, struct task_struct *p)
{
	struct task_struct *q;

	if (!p->wake_time)
		return;
	list_for_each_entry(q, &rq->sleepers, sleep_list) {
		if (q->wake_time > p->wake_time)
			break;
	}
	/* Before the first that wakes later, or last. */
	list_add_tail(&p->sleep_list, &q->sleep_list);
}

/* @p no longer runs; it comes back by a wake-up, or when its time has come. */
static void run_queue_deactivate(struct run_queue *rq, struct task_struct *p)
{
	p->on_rq = false;
	run_queue_add_sleeper(rq, p);
}

/* Makes a sleeper TASK_RUNNING; false when it was none. rq->lock is held. */
static bool task_rouse(struct task_struct *p, unsigned int mode)
{
	/* Pairs with the exchange in set_current_state(). */
	unsigned int state = __atomic_fetch_or(&p->state, 0, __ATOMIC_SEQ_CST);

	while (state & mode) {
		/* @p itself may go back to TASK_RUNNING meanwhile, and on. */
		if (__atomic_compare_exchange_n(&p->state, &state,
						TASK_RUNNING, false,
						__ATOMIC_SEQ_CST,
						__ATOMIC_RELAXED))
			return true;
	}
	return false;
}

int wake_up_state(struct task_struct *p, unsigned int mode)
{
	unsigned long flags;
	struct run_queue *rq = task_run_queue_lock(p, &flags);
	bool roused = task_rouse(p, mode), move = false;

	if (roused && !p->on_rq) {
		run_queue_rouse(p);
		move = task_must_move(rq, p);
		if (likely(!move))
			run_queue_enqueue(rq, p);
	}
	run_queue_unlock(rq, flags);
	if (unlikely(move))
		task_place(p);
	return roused;
}

int wake_up_process(struct task_struct *p)
{
	return wake_up_state(p, TASK_NORMAL);
}

void run_queue_expire(struct run_queue *rq)
{
	unsigned long flags = run_queue_lock(rq);
	u64 now = port_clock_ns();

	while (!list_empty(&rq->sleepers)) {
		struct task_struct *p = list_first_entry(&rq->sleepers,
					struct task_struct, sleep_list);

		if (p->wake_time > now)
			break;
		if (!task_rouse(p, TASK_NORMAL))
			BUG();
		run_queue_rouse(p);
		if (likely(!task_must_move(rq, p))) {
			run_queue_enqueue(rq, p);
			continue;
		}
		run_queue_unlock(rq, flags);
		task_place(p);
		flags = run_queue_lock(rq);
	}
	run_queue_unlock(rq, flags);
}

void scheduler_tick(void)
{
	struct run_queue *rq = this_cpu_ptr(&run_queue);
	unsigned long flags;

	run_queue_expire(rq);
	flags = run_queue_lock(rq);
	if (rq->nr_queued &&
	    (rq->curr == rq->idle || port_clock_ns() >= run_queue_slice(rq)))
		resched_cpu(rq->cpu);
	run_queue_unlock(rq, flags);
}

void sched_switch_finish(void)
{
	struct run_queue *rq = this_cpu_ptr(&run_queue);
	struct task_struct *dead = rq->dead, *pushed = rq->pushed;

	rq->dead = NULL;
	rq->pushed = NULL;
	raw_ticket_unlock(&rq->lock);
	if (unlikely(pushed))
		task_place(pushed);
	if (dead)
		put_task_struct(dead);
}

void run_queue_answer_calls(void)
{
	unsigned long flags;

	local_irq_save(flags);
	preempt_count_add(HARDIRQ_OFFSET);
	/* The calls are queued before their bit is set with release. */
	__atomic_fetch_and(this_cpu_ptr(&__need_resched), ~RESCHED_CALL,
			   __ATOMIC_ACQUIRE);
	generic_smp_call_function_interrupt();
	preempt_count_sub(HARDIRQ_OFFSET);
	local_irq_restore(flags);
}

/* Locks this CPU's run queue, with the calls for it answered. */
static struct run_queue *sched_lock(void)
{
	struct run_queue *rq;

	for (;;) {
		rq = this_cpu_ptr(&run_queue);
		raw_ticket_lock(&rq->lock);
		/*
		 * The bit is set under the lock while curr is not NULL, so it
		 * cannot come between this look and giving the CPU away.
		 */
		if (!this_cpu_has_order(RESCHED_CALL))
			break;
		raw_ticket_unlock(&rq->lock);
		run_queue_answer_calls();
	}
	/* Who gives a CPU away is in no read section: that much is RCU's. */
	__atomic_fetch_and(this_cpu_ptr(&__need_resched),
			   ~(PORT_HAS_TICK ? RESCHED_SWITCH | RESCHED_RCU :
			     RESCHED_SWITCH), __ATOMIC_ACQ_REL);
	return rq;
}

/* @prev goes on, here when its turn comes, or where it should be. */
static void run_queue_requeue(struct run_queue *rq, struct task_struct *prev)
{
	if (unlikely(task_must_move(rq, prev)))
		rq->pushed = prev;
	else
		run_queue_append(rq, prev);
}

/* Gives the CPU to who is next. A preempted thread does not fall asleep. */
static void sched_switch(bool preempted)
{
	struct task_struct *prev = current, *next;
	struct run_queue *rq;
	unsigned long flags;

	local_irq_save(flags);
	rq = sched_lock();
	run_queue_account(rq, port_clock_ns());
	kmap_local_sched_out(prev);
	if (prev != rq->idle) {
		/* Under the lock: as wake_up_process() left it. */
		if (preempted ||
		    __atomic_load_n(&prev->state, __ATOMIC_RELAXED) ==
		    TASK_RUNNING)
			run_queue_requeue(rq, prev);
		else
			run_queue_deactivate(rq, prev);
	}
	next = run_queue_pick(rq);
	if (!PORT_HAS_TICK && rq->nr_queued)
		resched_cpu(rq->cpu);
	rq->curr = next;
	rq->times.nr_switches += next != prev;
	if (next == prev)
		raw_ticket_unlock(&rq->lock);
	else
		port_thread_switch(rq, prev, next);
	kmap_local_sched_in(prev);
	local_irq_restore(flags);
}

/* A caller that holds a spin lock gets its line, and its depth back. */
static unsigned int sched_atomic_report(void)
{
	unsigned int count = preempt_count();

	pr_err("BUG: scheduling while atomic: %s/%d/0x%08x\n", current->comm,
	       current->pid, count);
	dump_stack();
	preempt_count_sub(count);
	return count;
}

/*
 * What RCU wants of a CPU that may then have nobody to do it. It leaves the
 * thread's state alone, but for a wake-up that makes it not sleep.
 */
static void sched_rcu_first(void)
{
	while (!PORT_HAS_TICK && this_cpu_has_order(RESCHED_RCU) &&
	       !irqs_disabled())
		rcu_quiescent();
}

void schedule(void)
{
	unsigned int count = 0;

	if (unlikely(preempt_count()))
		count = sched_atomic_report();
	else
		sched_rcu_first();
	sched_switch(false);
	if (unlikely(count))
		preempt_count_add(count);
}

void preempt_schedule(void)
{
	if (irqs_disabled() || in_interrupt())
		return;
	if (this_cpu_has_order(RESCHED_CALL))
		run_queue_answer_calls();
	if (preempt_count())
		return;
	if (this_cpu_has_order(RESCHED_RCU))
		rcu_quiescent();
	if (!this_cpu_has_order(RESCHED_SWITCH))
		return;
	if (!PORT_HAS_TICK &&
	    port_clock_ns() < run_queue_slice(this_cpu_ptr(&run_queue)))
		return;
	sched_switch(true);
}

void preempt_schedule_irq(void)
{
	if (!preempt_count() && this_cpu_has_order(RESCHED_SWITCH))
		sched_switch(true);
}

int cond_resched(void)
{
	if (likely(!need_resched()))
		return 0;
	if (!this_cpu_has_order(RESCHED_SWITCH) || preempt_count()) {
		preempt_schedule();
		return 0;
	}
	sched_switch(true);
	return 1;
}

void yield(void)
{
	__set_current_state(TASK_RUNNING);
	schedule();
}

unsigned long get_jiffies(void)
{
	return (unsigned long)(port_clock_ns() / TICK_NSEC);
}

void schedule_until(u64 end)
{
	struct task_struct *p = current;

	p->wake_time = end > SCHED_LONGEST ? 0 : end;
	schedule();
	p->wake_time = 0;
	__set_current_state(TASK_RUNNING);
}

long schedule_timeout(long timeout)
{
	u64 end, now;

	if (timeout >= 0 && (u64)timeout > SCHED_LONGEST / TICK_NSEC) {
		schedule();
		return timeout;
	}
	if (timeout < 0) {
		pr_err("schedule_timeout: wrong timeout value %lx\n", timeout);
		dump_stack();
		timeout = 0;
	}
	/* Never 0, which would say that no time is set. */
	end = port_clock_ns() + (u64)timeout * TICK_NSEC + 1;
	schedule_until(end);
	now = port_clock_ns();
	return now >= end ? 0 : (long)((end - now + TICK_NSEC - 1) / TICK_NSEC);
}

long schedule_timeout_interruptible(long timeout)
{
	set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout);
}

long schedule_timeout_uninterruptible(long timeout)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout);
}

/* ---- waiting for time to pass ----------------------------------------- */

/* In @state, which may be left early if that is interruptible. */
static u64 sleep_until(u64 end, unsigned int state)
{
	u64 now;

	might_sleep();
	while (port_clock_ns() < end) {
		set_current_state(state);
		schedule_until(end);
		if (state == TASK_INTERRUPTIBLE)
			break;
	}
	now = port_clock_ns();
	return now < end ? end - now : 0;
}

void msleep(unsigned int ms)
{
	sleep_until(port_clock_ns() + ms * 1000000ULL, TASK_UNINTERRUPTIBLE);
}

unsigned long msleep_interruptible(unsigned int ms)
{
	u64 left = sleep_until(port_clock_ns() + ms * 1000000ULL,
			       TASK_INTERRUPTIBLE);

	return (unsigned long)((left + 999999) / 1000000);
}

void usleep_range_state(unsigned long min, unsigned long max,
			unsigned int state)
{
	sleep_until(port_clock_ns() + min * 1000ULL, state);
}

void ndelay(unsigned long ns)
{
	u64 end = port_clock_ns() + ns;

	while (port_clock_ns() < end)
		cpu_relax();
}
