// SPDX-License-Identifier: MIT
/*
 * Read-copy update: when is every reader of before gone?
 *
 * Terms
 *   read section   from where a CPU's preempt_count leaves 0 to where it is 0
 *                  again. Threads change neither CPU nor turn meanwhile, so
 *                  a section is its CPU's, and a reader pays for preemption
 *                  that is off and nothing else.
 *   quiescent      a CPU whose count is 0, or was at some moment
 *   grace period   from some moment until each CPU has been quiescent after
 *                  it. They are numbered, and one runs at a time.
 *   callback       what is to be called after a grace period
 *
 *   call_rcu()          start                    end
 *   CPU's list  ──►  rcu_state.waiting  ──►  rcu_state.done  ──►  called
 *   (all CPUs')         (one grace period)
 *
 * A grace period needs nobody's help as long as nobody reads. It begins with
 * port_cpu_barrier(): a section that began before it shows in its CPU's count,
 * and one that begins later sees what the updater had done. CPUs whose count
 * is 0 are done, be they idle, without a thread, or a program's outside the
 * core. The others get RESCHED_RCU, which says: come by when your count is 0.
 *
 *   engine                              reader's CPU
 *     orders |= RESCHED_RCU               count = 0
 *     port_cpu_barrier()                  (no barrier)
 *     count is 0? it is done              orders? preempt_schedule(): clear it
 *
 * One of the two sees the other's store, so none is waited for in vain. A CPU
 * that clears the order was quiescent; so is one whose count is seen as 0.
 *
 * Who does the work. rcu_advance() takes the state as far as it goes without
 * waiting, and calls the callbacks that are due. Whoever waits for a grace
 * period calls it again and again. For callbacks there is a thread on ports
 * with a tick; on the host, where a thread may hold its CPU for ever, callers
 * do it: call_rcu() where that is possible, else the next preempt_enable() at
 * count 0, and each CPU that a grace period had to wait for.
 *
 * Callbacks run one after another, with preemption off, as softirqs do.
 *
 * Invariants (rcu_check())
 *   I1  a grace period runs if and only if it waits for a CPU
 *   I2  callbacks wait only for one that runs
 *   I3  invoked <= gp_seq <= wanted or nothing is wanted; wanted <= gp_seq + 2
 *   I4  each list is as long as it says, and ends at its last
 *
 * Locks: rcu_state.lock -> rcu_cpu.lock (any context, interrupts off), wait
 * queues' locks. Callbacks are called with none of them.
 *
 * Start-up: until other CPUs run and interrupts are on, a grace period is over
 * as soon as it is asked for; callbacks wait for the first who may call them.
 */
#include <linux/rcupdate.h>

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include <asm/sched.h>
#include <octavo/machine.h>
#include <octavo/plant.h>
#include <octavo/port.h>

/* Turns of a waiter until it looks at all CPUs again: some microseconds, */
#define RCU_SPIN		64
/* and looks until it sleeps: most sections are over by then. */
#define RCU_LOOKS		16
/* Grace periods that one call goes through; new callers take over. */
#define RCU_ROUNDS		4

/* l: lock  o: this CPU's threads */
struct rcu_cpu {
	spinlock_t lock;		/* any context */
	struct rcu_list list;		/* l: no grace period runs for them */
	bool advancing;			/* o: a thread of this CPU is in
					 * rcu_advance(), be it elsewhere now */
};

static DEFINE_PER_CPU_ALIGNED(struct rcu_cpu, rcu_cpu);

static struct rcu_state *rcu_state(void)
{
	return &this_machine()->rcu;
}

/* ---- lists ------------------------------------------------------------ */

static void rcu_list_append(struct rcu_list *to, struct rcu_head *head)
{
	head->next = NULL;
	if (to->first)
		to->last->next = head;
	else
		to->first = head;
	to->last = head;
	__atomic_store_n(&to->nr, to->nr + 1, __ATOMIC_RELAXED);
}

/* All of @from to the end of @to. */
static void rcu_list_splice(struct rcu_list *to, struct rcu_list *from)
{
	if (!from->first)
		return;
	if (to->first)
		to->last->next = from->first;
	else
		to->first = from->first;
	to->last = from->last;
	to->nr += from->nr;
	from->first = NULL;
	__atomic_store_n(&from->nr, 0, __ATOMIC_RELAXED);
}

/* Whether any CPU has callbacks for which no grace period runs. */
static bool callbacks_queued(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (port_load(&per_cpu(rcu_cpu, cpu).list.nr,
			      __ATOMIC_RELAXED))
			return true;
	return false;
}

static void callbacks_collect(struct rcu_list *to)
{
	unsigned long flags;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct rcu_cpu *c = per_cpu_ptr(&rcu_cpu, cpu);

		spin_lock_irqsave(&c->lock, flags);
		rcu_list_splice(to, &c->list);
		spin_unlock_irqrestore(&c->lock, flags);
	}
}

/* ---- grace periods ---------------------------------------------------- */

static bool cpu_is_quiescent(unsigned int cpu)
{
	if (PLANT(rcu_reader_unseen))
		return true;
	/* Pairs with the release at the end of the section. */
	return !port_load(per_cpu_ptr(&__preempt_count, cpu),
			  __ATOMIC_ACQUIRE);
}

/* Takes CPUs whose count is 0, or that came by, off the pending ones. */
static bool gp_poll(struct rcu_state *r, bool asked)
{
	unsigned int cpu;

	for_each_cpu(cpu, &r->pending) {
		/* Pairs with the clearing in rcu_quiescent(). */
		u32 orders = port_load(per_cpu_ptr(&__need_resched, cpu),
				       __ATOMIC_ACQUIRE);

		if (cpu_is_quiescent(cpu) ||
		    (asked && !(orders & RESCHED_RCU)))
			cpumask_clear_cpu(cpu, &r->pending);
	}
	return cpumask_empty(&r->pending);
}

/* Each pending CPU is to come by. */
static void gp_ask(struct rcu_state *r)
{
	unsigned int cpu;

	for_each_cpu(cpu, &r->pending) {
		port_locked_point(per_cpu_ptr(&__need_resched, cpu));
		__atomic_fetch_or(per_cpu_ptr(&__need_resched, cpu),
				  RESCHED_RCU, __ATOMIC_RELEASE);
	}
	port_cpu_barrier(&r->pending);
}

static void gp_start(struct rcu_state *r)
{
	callbacks_collect(&r->waiting);
	r->active = true;
	/* A CPU that is not here yet comes after all that was done. */
	cpumask_running(&r->pending);
	/* This one is here outside of any section. */
	cpumask_clear_cpu(smp_processor_id(), &r->pending);
	port_cpu_barrier(&r->pending);
	if (!gp_poll(r, false))
		gp_ask(r);
}

static void gp_end(struct rcu_state *r)
{
	rcu_list_splice(&r->done, &r->waiting);
	r->active = false;
	/* What readers did comes before; pairs with readers of gp_seq. */
	port_store(&r->gp_seq, r->gp_seq + 1, __ATOMIC_RELEASE);
	if (!r->done.first && !r->invoking)
		port_store(&r->invoked, r->gp_seq, __ATOMIC_RELEASE);
}

static bool gp_needed(const struct rcu_state *r)
{
	return (long)(r->wanted - r->gp_seq) > 0 || callbacks_queued();
}

/* The number of the grace period that begins after now. */
static unsigned long gp_next(const struct rcu_state *r)
{
	return r->gp_seq + 1 + r->active;
}

/* ---- callbacks -------------------------------------------------------- */

static void callbacks_call(struct rcu_head *head)
{
	struct rcu_head *next;

	for (; head; head = next) {
		next = head->next;
		preempt_count_add(SOFTIRQ_OFFSET);
		head->func(head);
		barrier();
		preempt_count_sub(SOFTIRQ_OFFSET);
		cond_resched();
	}
}

/* Calls what is due, one caller at a time, so in order. Lock held. */
static void callbacks_invoke(struct rcu_state *r)
{
	struct rcu_list list;

	r->invoking = true;
	while (r->done.first) {
		list = r->done;
		r->done = (struct rcu_list){ 0 };
		spin_unlock(&r->lock);
		callbacks_call(list.first);
		spin_lock(&r->lock);
	}
	r->invoking = false;
	port_store(&r->invoked, r->gp_seq, __ATOMIC_RELEASE);
}

/* ---- the engine ------------------------------------------------------- */

/* This CPU comes by at its next chance. */
static void order_this_cpu(void)
{
	port_locked_point(this_cpu_ptr(&__need_resched));
	__atomic_fetch_or(this_cpu_ptr(&__need_resched), RESCHED_RCU,
			  __ATOMIC_RELAXED);
}

/* Some progress; false: a CPU must be waited for, or nothing is to do. */
static bool rcu_step(struct rcu_state *r)
{
	bool over;

	if (!r->active && gp_needed(r))
		gp_start(r);
	/* Who calls was outside of any section when it called. */
	cpumask_clear_cpu(smp_processor_id(), &r->pending);
	over = r->active && gp_poll(r, true);
	if (over)
		gp_end(r);
	if (!r->done.first || r->invoking)
		return over;
	callbacks_invoke(r);
	return true;
}

/* Goes on until a CPU must be waited for, or nothing is left to do. */
static void rcu_advance(void)
{
	struct rcu_cpu *c = this_cpu_ptr(&rcu_cpu);
	struct rcu_state *r = rcu_state();
	unsigned int round;

	/* Another thread of this CPU, or a callback's cond_resched(). */
	if (READ_ONCE(c->advancing))
		return;
	WRITE_ONCE(c->advancing, true);
	spin_lock(&r->lock);
	for (round = 0; round < RCU_ROUNDS && rcu_step(r); round++)
		;
	WRITE_ONCE(c->advancing, false);
	/* This thread has done its part: its next preempt_enable() goes on. */
	if (!PORT_HAS_TICK && round == RCU_ROUNDS)
		order_this_cpu();
	raw_ticket_unlock(&r->lock);
	preempt_enable_no_resched();
}

void rcu_quiescent(void)
{
	unsigned long flags;

	/* Of this CPU and of no other: the thread does not move meanwhile. */
	local_irq_save(flags);
	port_locked_point(this_cpu_ptr(&__need_resched));
	/* Sections before are over, later ones see what was removed. */
	__atomic_fetch_and(this_cpu_ptr(&__need_resched), ~RESCHED_RCU,
			   __ATOMIC_ACQ_REL);
	local_irq_restore(flags);
	if (!PORT_HAS_TICK)
		rcu_advance();
}

static bool seq_reached(const unsigned long *seq, unsigned long state)
{
	/* Pairs with the releases in gp_end() and callbacks_invoke(). */
	return (long)(port_load(seq, __ATOMIC_ACQUIRE) - state) >= 0;
}

/* Nobody else runs, and nothing can be waited for. */
static bool alone(void)
{
	return this_machine()->state == SYSTEM_BOOTING;
}

/* The grace period that all readers of now end before; it will come. */
static unsigned long gp_request(void)
{
	struct rcu_state *r = rcu_state();
	unsigned long state;

	/* What the caller did is seen by who starts one after this. */
	spin_lock(&r->lock);
	state = gp_next(r);
	if ((long)(state - r->wanted) > 0)
		r->wanted = state;
	spin_unlock(&r->lock);
	return state;
}

/* Whether @seq got there within some turns. */
static bool spin_for_seq(const unsigned long *seq, unsigned long state)
{
	unsigned int turn;

	for (turn = 0; turn < RCU_SPIN; turn++) {
		if (seq_reached(seq, state))
			return true;
		cpu_relax();
	}
	return false;
}

static void wait_for_seq(const unsigned long *seq, unsigned long state)
{
	unsigned int look;

	for (look = 0; ; look++) {
		rcu_advance();
		if (spin_for_seq(seq, state))
			return;
		if (look >= RCU_LOOKS)
			schedule_timeout_uninterruptible(1);
	}
}

void synchronize_rcu(void)
{
	might_sleep();
	if (alone())
		return;
	wait_for_seq(&rcu_state()->gp_seq, gp_request());
}

void rcu_barrier(void)
{
	might_sleep();
	if (alone())
		return;
	wait_for_seq(&rcu_state()->invoked, gp_request());
}

unsigned long get_state_synchronize_rcu(void)
{
	struct rcu_state *r = rcu_state();

	/*
	 * Without the lock, so as if one ran already. The barrier at the start
	 * of the next makes what the caller did before seen.
	 */
	return port_load(&r->gp_seq, __ATOMIC_ACQUIRE) + 2;
}

unsigned long start_poll_synchronize_rcu(void)
{
	unsigned long state = get_state_synchronize_rcu();
	struct rcu_state *r = rcu_state();

	spin_lock(&r->lock);
	if ((long)(state - r->wanted) > 0)
		r->wanted = state;
	spin_unlock(&r->lock);
	if (!alone() && preemptible())
		rcu_advance();
	return state;
}

bool poll_state_synchronize_rcu(unsigned long state)
{
	if (!state || alone() || seq_reached(&rcu_state()->gp_seq, state))
		return true;
	if (preemptible())
		rcu_advance();
	return seq_reached(&rcu_state()->gp_seq, state);
}

void cond_synchronize_rcu(unsigned long state)
{
	if (!poll_state_synchronize_rcu(state))
		synchronize_rcu();
}

/* ---- asking for callbacks --------------------------------------------- */

/* Somebody is to look at this CPU's list. */
static void callbacks_wake(void)
{
	if (PORT_HAS_TICK) {
		struct rcu_state *r = rcu_state();

		/* Pairs with the release in rcu_init_late(). */
		if (__atomic_load_n(&r->task, __ATOMIC_ACQUIRE))
			wake_up(&r->more);
		return;
	}
	if (preemptible() && !alone()) {
		rcu_advance();
		return;
	}
	order_this_cpu();
}

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	struct rcu_cpu *c;
	unsigned long flags;
	bool first;

	WRITE_ONCE(head->func, func);
	local_irq_save(flags);
	c = this_cpu_ptr(&rcu_cpu);
	spin_lock(&c->lock);
	first = !c->list.first;
	rcu_list_append(&c->list, head);
	spin_unlock_irqrestore(&c->lock, flags);
	if (first || !PORT_HAS_TICK)
		callbacks_wake();
}

/* ---- the thread ------------------------------------------------------- */

/* Whether grace periods or callbacks are due that nobody may be waiting for. */
static bool rcu_has_work(struct rcu_state *r)
{
	bool work;

	spin_lock(&r->lock);
	work = r->active || r->done.first || gp_needed(r);
	spin_unlock(&r->lock);
	return work;
}

/*
 * A tick passes before each look: callbacks that come in that time share a
 * grace period.
 */
static int rcu_thread(void *arg)
{
	struct rcu_state *r = arg;

	while (!kthread_should_stop()) {
		wait_event(r->more, rcu_has_work(r) || kthread_should_stop());
		schedule_timeout_uninterruptible(1);
		rcu_advance();
	}
	return 0;
}

void __init rcu_init(void)
{
	struct rcu_state *r = rcu_state();
	unsigned int cpu;

	spin_lock_init(&r->lock);
	init_waitqueue_head(&r->more);
	for_each_possible_cpu(cpu)
		spin_lock_init(&per_cpu(rcu_cpu, cpu).lock);
}

void rcu_init_late(void)
{
	struct task_struct *task;

	if (!PORT_HAS_TICK)
		return;
	task = kthread_run(rcu_thread, rcu_state(), "rcu");
	if (IS_ERR(task))
		panic("no memory for the rcu thread: %ld", PTR_ERR(task));
	/* It is made before it is seen. */
	__atomic_store_n(&rcu_state()->task, task, __ATOMIC_RELEASE);
}

void rcu_suspicious(const char *file, int line, const char *what)
{
	pr_err("WARNING: suspicious RCU usage\n");
	pr_err("%s:%d %s!\n", file, line, what);
	dump_stack();
}

/* ---- checks ----------------------------------------------------------- */

static void rcu_list_check(const struct rcu_list *list)
{
	const struct rcu_head *head, *last = NULL;
	unsigned long nr = 0;

	for (head = list->first; head; head = head->next) {
		last = head;
		nr++;
	}
	BUG_ON(nr != list->nr);				/* I4 */
	BUG_ON(nr && last != list->last);
}

void rcu_check(void)
{
	struct rcu_state *r = rcu_state();
	unsigned long flags;
	unsigned int cpu;

	spin_lock(&r->lock);
	BUG_ON(r->active == cpumask_empty(&r->pending));	/* I1 */
	BUG_ON(!r->active && r->waiting.first);			/* I2 */
	BUG_ON((long)(r->gp_seq - r->invoked) < 0);		/* I3 */
	BUG_ON((long)(r->wanted - r->gp_seq) > 2);
	rcu_list_check(&r->waiting);
	rcu_list_check(&r->done);
	for_each_possible_cpu(cpu) {
		struct rcu_cpu *c = per_cpu_ptr(&rcu_cpu, cpu);

		spin_lock_irqsave(&c->lock, flags);
		rcu_list_check(&c->list);
		spin_unlock_irqrestore(&c->lock, flags);
	}
	spin_unlock(&r->lock);
}
