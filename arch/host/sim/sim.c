// SPDX-License-Identifier: MIT
/*
 * The simulated machine: its CPUs take turns, and whose turn it is is an input.
 *
 * Terms. A point is a place where what other CPUs do can make a difference:
 * before each atomic, each lock operation, each access by port_store() and
 * port_load(), each turn of a loop that waits. A step is what a CPU does from
 * one point to the next; nothing else runs meanwhile. A schedule is the order
 * of steps, interrupts and late stores. A run is one schedule from one state
 * of the machine.
 *
 *   sim_run() ─► CPU 0: body ─── point ─── point ─────────── point ─── end
 *                          step   │ switch             ▲ switch  │
 *                CPU 1:           └─► point ─── point ─┘         └─► ...
 *                                              │ interrupt
 *                                              └─► handler ─► goes on
 *
 * Each CPU is a coroutine: a stack, and the port's record of it (host_cpu),
 * which holds its per-CPU offset and whether its interrupts are off. At
 * a point the policy (policy.c) says what happens: the CPU goes on, another one
 * goes on, an interrupt comes, or a store that was held back becomes visible
 * (store.c). All of it follows from the run's configuration and seed, so the
 * same run can be had again.
 *
 * Waiting. cpu_relax() says that a CPU waits for others. It is not chosen
 * again before another one has passed a point or a store became visible, for
 * till then it would find what it found before. Points that it passes itself
 * in one turn of its loop do not count as something done, if the loop is the
 * same and its body short (WAIT_BODY): two CPUs that wait for each other do
 * not keep each other going. A short critical section between two waits for
 * one lock looks like such a turn, so when all seem to wait, and no store is
 * held back, all look again, LOOKS times. Then it is a deadlock. A CPU that
 * waits without cpu_relax() runs into the limit of steps.
 *
 * CPUs are simulated, not threads: a body runs with its CPU from beginning to
 * end, and preempt_disable() has nothing to keep away but the test's own
 * doing. When it sleeps its CPU waits with it. Pauses of less than a second
 * end, longer sleeps do not end by their time, so a wake-up that is lost is
 * a deadlock.
 *
 * Invariants:
 *   I1  cur is the CPU whose stack is in use; its regs are host_cpu
 *   I2  points = the sum of all CPUs' points; a CPU's rises before it does
 *       what follows, with nothing of others in between
 *   I3  nr_held = the sum of all CPUs' nr_stores
 *
 * Failure. A panic, sim_stop() and a deadlock leave all stacks where they are
 * and throw to sim_run(). The machine is then as they left it: the test puts
 * it back.
 */
#include "internal.h"

#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <asm/processor.h>
#include <octavo/port.h>
#include <octavo/run_queue.h>

#include "../host.h"
#include "../os/include/host_os.h"

/* What host_throw() says; the port's own come before. */
#define THROW_END	64

/* Points in one turn of a loop that only waits: a try of a lock and a read. */
#define WAIT_BODY	4
/* How often all look again before what seems a deadlock is one. */
#define LOOKS		64

__thread struct sim *sim_now;

struct sim *sim_current(void)
{
	return sim_now;
}

unsigned int sim_cpu(void)
{
	return sim_now->cur;
}

const char *sim_why(const struct sim *s)
{
	return s->why;
}

const char *sim_end_name(enum sim_end end)
{
	static const char *const names[] = {
		[SIM_DONE] = "done",
		[SIM_PANIC] = "panic",
		[SIM_STOPPED] = "wrong",
		[SIM_DEADLOCK] = "deadlock",
		[SIM_ENDLESS] = "no end",
	};

	return names[end];
}

static void __noreturn run_end(struct sim *s, enum sim_end end,
			       const char *why)
{
	s->result.end = end;
	s->why = why;
	host_throw(THROW_END);
}

void sim_stop(const char *why)
{
	run_end(sim_now, SIM_STOPPED, why);
}

/* ---- who could go on -------------------------------------------------- */

/* What others than @c have done. */
static u64 done_by_others(const struct sim *s, const struct sim_cpu *c)
{
	return s->points - c->points + s->changes;
}

static bool cpu_ready(const struct sim *s, const struct sim_cpu *c)
{
	if (c->state == SIM_WAITS)
		return c->seen != done_by_others(s, c) ||
		       (c->call && !c->regs.irqs_off);
	return c->state == SIM_RUNS || c->call;
}

unsigned int sim_ready(const struct sim *s)
{
	unsigned int cpu, mask = 0;

	for (cpu = 0; cpu < s->config->nr_cpus; cpu++)
		if (cpu != s->cur && cpu_ready(s, &s->cpu[cpu]))
			mask |= 1U << cpu;
	return mask;
}

bool sim_interruptible(const struct sim *s)
{
	return s->config->interrupt && !host_cpu.irqs_off &&
	       !s->cpu[s->cur].nested;
}

/* ---- switching -------------------------------------------------------- */

static void switch_to(struct sim *s, unsigned int cpu)
{
	struct sim_cpu *from = &s->cpu[s->cur], *to = &s->cpu[cpu];

	if (from == to)
		return;
	sim_event(s, SIM_EV_SWITCH, from->where, (long)cpu);
	s->result.switches++;
	from->regs = host_cpu;
	host_cpu = to->regs;
	s->cur = cpu;
	sim_switch(&from->sp, to->sp);
}

/* Runs @handler as an interrupt of the running CPU. */
static void interrupt(struct sim *s, bool calls)
{
	struct sim_cpu *c = &s->cpu[s->cur];
	unsigned int cpu = s->cur;

	host_cpu.irqs_off = 1;
	preempt_count_add(HARDIRQ_OFFSET);
	c->nested++;
	sim_event(s, calls ? SIM_EV_CALL : SIM_EV_INTERRUPT, c->where, 0);
	if (calls)
		generic_smp_call_function_interrupt();
	else
		s->config->interrupt(s->config->ctx, cpu);
	BUG_ON(s->cur != cpu);
	c->nested--;
	preempt_count_sub(HARDIRQ_OFFSET);
	/* The return from an interrupt waits for all stores. */
	sim_flush_all(s, cpu);
	host_cpu.irqs_off = 0;
}

static void calls_take(struct sim *s)
{
	struct sim_cpu *c = &s->cpu[s->cur];

	while (c->call && !host_cpu.irqs_off) {
		c->call = false;
		interrupt(s, true);
	}
}

/* The running CPU does something that others may see. */
static void done(struct sim *s)
{
	s->cpu[s->cur].points++;
	s->points++;
}

static void step_count(struct sim *s)
{
	if (++s->result.steps >= s->config->max_steps)
		run_end(s, SIM_ENDLESS, "the limit of steps was reached");
}

/* ---- points ----------------------------------------------------------- */

static void point(struct sim *s, bool may_switch)
{
	struct sim_choice choice;

	s->may_switch = may_switch;
	step_count(s);
	for (;;) {
		choice = sim_policy_point(s);
		if (choice.what != SIM_FLUSH)
			break;
		sim_flush_one(s, choice.cpu);
		if (s->config->policy == SIM_PLAN)
			return;
	}
	if (choice.what == SIM_SWITCH && may_switch) {
		switch_to(s, choice.cpu);
	} else if (choice.what == SIM_INTERRUPT) {
		s->interrupts_left--;
		s->result.interrupts++;
		interrupt(s, false);
	}
	calls_take(s);
}

static void point_at(struct sim *s, const void *where)
{
	struct sim_cpu *c = &s->cpu[s->cur];

	c->where = where;
	point(s, true);
	/* What it was about to do is done before anybody else runs. */
	done(s);
}

void sim_point(const volatile void *object, bool write)
{
	struct sim *s = sim_now;

	if (!s)
		return;
	s->object = object;
	s->write = write;
	point_at(s, __builtin_return_address(0));
}

void sim_yield(void)
{
	sim_point(NULL, true);
}

void sim_irq_point(void)
{
	struct sim *s = sim_now;

	if (!s || host_cpu.irqs_off)
		return;
	if (!s->interrupts_left && !s->cpu[s->cur].call)
		return;
	s->cpu[s->cur].where = __builtin_return_address(0);
	s->object = NULL;
	point(s, false);
}

/* ---- waiting ---------------------------------------------------------- */

static bool all_idle(const struct sim *s)
{
	unsigned int cpu;

	for (cpu = 0; cpu < s->config->nr_cpus; cpu++)
		if (s->cpu[cpu].state != SIM_IDLE)
			return false;
	return true;
}

/* Another CPU goes on, until the running one is chosen again. */
static void block(struct sim *s)
{
	unsigned int cpu, mask;

	for (;;) {
		mask = sim_ready(s);
		if (cpu_ready(s, &s->cpu[s->cur]))
			mask |= 1U << s->cur;
		if (mask)
			break;
		for (cpu = 0; cpu < s->config->nr_cpus; cpu++)
			if (s->cpu[cpu].nr_stores)
				break;
		if (cpu < s->config->nr_cpus)
			sim_flush_one(s, cpu);
		else if (all_idle(s) || s->looks == LOOKS)
			break;
		/* Whoever was taken for waiting looks once more. */
		s->looks++;
		s->changes++;
	}
	if (mask) {
		switch_to(s, sim_policy_pick(s, mask));
		return;
	}
	if (!all_idle(s))
		run_end(s, SIM_DEADLOCK, "every CPU waits for another");
	s->cpu[s->cur].regs = host_cpu;
	host_cpu = s->main_regs;
	sim_switch(&s->cpu[s->cur].sp, s->main_sp);
}

/* One more turn of a loop at @site; its points count only once. */
static void wait_count(struct sim *s, struct sim_cpu *c, const void *site)
{
	u64 turn = c->points - c->wait_points;

	if (site == c->wait_site && turn <= WAIT_BODY) {
		c->points -= turn;
		s->points -= turn;
		return;
	}
	/* Before it came here it may have written plainly. */
	done(s);
	s->looks = 0;
	c->wait_site = site;
	c->wait_points = c->points;
	sim_event(s, SIM_EV_WAIT, site, 0);
}

void sim_relax(void)
{
	struct sim *s = sim_now;
	unsigned int before;
	struct sim_cpu *c;

	if (!s) {
		host_relax();
		return;
	}
	c = &s->cpu[s->cur];
	c->where = __builtin_return_address(0);
	before = s->interrupts_left;
	s->object = NULL;
	if (before && !host_cpu.irqs_off)
		point(s, false);
	/* The handler may have brought what it waits for. */
	if (s->interrupts_left != before)
		return;
	wait_count(s, c, c->where);
	c->seen = done_by_others(s, c);
	c->state = SIM_WAITS;
	step_count(s);
	sim_policy_none(s);
	if (c->call && !host_cpu.irqs_off)
		calls_take(s);
	else
		block(s);
	c->state = SIM_RUNS;
	calls_take(s);
}

/* ---- a run ------------------------------------------------------------ */

/* What each stack begins with. */
static void cpu_main(void)
{
	struct sim *s = sim_now;
	unsigned int cpu = s->cur;

	s->config->body(s->config->ctx, cpu);
	done(s);
	sim_event(s, SIM_EV_IDLE, NULL, 0);
	for (;;) {
		s->cpu[cpu].state = SIM_IDLE;
		s->cpu[cpu].where = NULL;
		block(s);
		s->cpu[cpu].state = SIM_RUNS;
		calls_take(s);
	}
}

static void cpu_start(struct sim *s, unsigned int cpu)
{
	struct sim_cpu *c = &s->cpu[cpu];
	char *stack = c->stack;
	struct run_queue *rq;

	memset(c, 0, sizeof(*c));
	c->stack = stack;
	c->sp = sim_stack_setup(stack, SIM_STACK, cpu_main);
	c->regs = s->main_regs;
	c->regs.percpu_offset = s->machine->percpu_offset[cpu];
	c->regs.irqs_off = 0;
	/* A test may have given each CPU a thread that can sleep. */
	rq = (struct run_queue *)((unsigned long)&run_queue +
				  c->regs.percpu_offset);
	if (rq->curr)
		c->regs.task = rq->curr;
}

static void run(void *arg)
{
	struct sim *s = arg;

	host_cpu = s->cpu[s->cur].regs;
	sim_switch(&s->main_sp, s->cpu[s->cur].sp);
}

void sim_run(struct sim *s, const struct sim_config *config,
	     struct sim_result *result)
{
	unsigned int cpu;
	int thrown;

	BUG_ON(!config->nr_cpus || config->nr_cpus > SIM_CPUS);
	s->config = config;
	s->main_regs = host_cpu;
	memset(&s->result, 0, sizeof(s->result));
	s->points = s->changes = s->nr_events = 0;
	s->looks = 0;
	s->why = NULL;
	for (cpu = 0; cpu < config->nr_cpus; cpu++)
		cpu_start(s, cpu);
	sim_policy_start(s);
	sim_now = s;
	thrown = host_catch(run, s);
	sim_now = NULL;
	host_cpu = s->main_regs;
	if (thrown && thrown != THROW_END) {
		s->result.end = SIM_PANIC;
		s->why = "the machine panicked";
	}
	*result = s->result;
}

struct sim *sim_create(void)
{
	struct sim *s = host_pages_alloc(sizeof(*s));
	unsigned int cpu;

	if (!s)
		return NULL;
	s->machine = this_machine();
	for (cpu = 0; cpu < SIM_CPUS; cpu++) {
		s->cpu[cpu].stack = host_pages_alloc(SIM_STACK);
		if (!s->cpu[cpu].stack) {
			sim_destroy(s);
			return NULL;
		}
	}
	return s;
}

void sim_destroy(struct sim *s)
{
	unsigned int cpu;

	for (cpu = 0; cpu < SIM_CPUS; cpu++)
		if (s->cpu[cpu].stack)
			host_pages_free(s->cpu[cpu].stack, SIM_STACK);
	host_pages_free(s, sizeof(*s));
}
