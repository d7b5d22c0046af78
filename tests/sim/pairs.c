// SPDX-License-Identifier: MIT
/*
 * Every schedule of two calls that differs from "one, then the other" in at
 * most so many places. Most races that were ever found in kernels take no
 * more than two.
 *
 *   plan      nothing         A A A A|B B B B
 *             switch at 2     A A|B B B B|A A        back when B has ended
 *             at 2 and 4      A A|B B|A A|B B
 *
 * The first run of a plan says which steps it had and what else could have
 * happened at each (sim_config.offered). Each of that, at each step after the
 * plan's last, makes a longer plan. A place where something is to happen is a
 * switch, an interrupt with an allocation or a free, or, when stores are held
 * back, one of them becoming visible. All runs begin in the same state and
 * make the same choices up to their plan's last step.
 *
 * What is left out. Whether a CPU is stopped before a step or after it makes
 * no difference when in between it does nothing that concerns the other:
 * touches nothing that the other writes, and writes nothing that it touches.
 * A first pass, of at most one such place and without leaving anything out,
 * says who touches what; the second leaves out the places where the step that
 * follows is nobody else's concern. That is sound as far as a second place
 * makes no call touch what none did with one, and as plain accesses between
 * points are kept apart by what the points do.
 *
 * A pair is tried with the one first and the other first, with stores that
 * are seen at once and, where any was marked, with stores that are held back
 * as long as possible; in one starting state, another for the next pair.
 */
#include "sim_test.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/string.h>

#include <octavo/random.h>

#define MAX_PLAN	3
#define PAIR_STEPS	20000	/* no pair of calls takes as many */

struct pair {
	unsigned int a, b;	/* calls */
	enum start_state state;
	struct sim_config config;
	struct sim_choice plan[MAX_PLAN];
	u64 rng[2], handler_rng;
	struct sim_tally *tally;
	u32 steps, delayed;	/* of the last run */
	bool learns;		/* who touches what, and leaves out nothing */
};

static struct sim_offer offered[MAX_PLAN + 1][PAIR_STEPS];

unsigned int simtest_nr_pairs(void)
{
	return nr_calls * (nr_calls + 1) / 2;
}

static void pair_calls(unsigned int i, unsigned int *a, unsigned int *b)
{
	for (*a = 0; i >= nr_calls - *a; ++*a)
		i -= nr_calls - *a;
	*b = *a + i;
}

void simtest_pair_name(unsigned int i, char *buf, size_t size)
{
	unsigned int a, b;

	pair_calls(i, &a, &b);
	scnprintf(buf, size, "%s,%s", calls[a].name, calls[b].name);
}

int simtest_pair_lookup(const char *name)
{
	unsigned int i;
	char buf[64];

	for (i = 0; i < simtest_nr_pairs(); i++) {
		simtest_pair_name(i, buf, sizeof(buf));
		if (!strcmp(buf, name))
			return (int)i;
	}
	return -1;
}

/* ---- who touches what ------------------------------------------------- */

/*
 * 32 bytes of memory, a struct page for one, and who of CPU 0, CPU 1 and an
 * interrupt's handler touched any of it, and who wrote to it.
 */
#define TOUCH_SHIFT	5
#define TOUCH_HANDLER	2
#define TOUCH_WROTE	3	/* bits from here on */
#define NR_TOUCHES	8192	/* a power of two, many times what calls need */

struct touch {
	unsigned long at;	/* address >> TOUCH_SHIFT; 0: none */
	u8 who;
};

static struct touch touches[NR_TOUCHES];
static unsigned int nr_touches;

static struct touch *touch_of(const volatile void *object)
{
	unsigned long at = (unsigned long)object >> TOUCH_SHIFT;
	unsigned long i = at * 0x9e3779b97f4a7c15UL >> 51;

	while (touches[i].at && touches[i].at != at)
		i = (i + 1) % NR_TOUCHES;
	if (!touches[i].at) {
		BUG_ON(++nr_touches == NR_TOUCHES);
		touches[i].at = at;
	}
	return &touches[i];
}

static void touches_forget(void)
{
	memset(touches, 0, sizeof(touches));
	nr_touches = 0;
}

static void touches_learn(const struct sim_offer *offers, u32 steps)
{
	u32 step;

	for (step = 0; step <= steps; step++) {
		const struct sim_offer *o = &offers[step];
		unsigned int who = 1U << o->cpu;

		if (!o->object)
			continue;
		if (o->nested)
			who |= 1U << TOUCH_HANDLER;
		if (o->write)
			who |= who << TOUCH_WROTE;
		touch_of(o->object)->who |= (u8)who;
	}
}

/* Whether @what before the step can differ from @what after it. */
static bool matters(const struct sim_offer *o, unsigned int what)
{
	unsigned int others, who;

	if (!o->object || what == SIM_FLUSH)
		return true;
	others = what == SIM_INTERRUPT ? 1U << TOUCH_HANDLER :
					 1U << !o->cpu;
	who = touch_of(o->object)->who;
	return (o->write ? who : who >> TOUCH_WROTE) & others;
}

/* ---- one plan --------------------------------------------------------- */

static void body(void *ctx, unsigned int cpu)
{
	struct pair *p = ctx;
	const struct call *call = &calls[cpu ? p->b : p->a];

	sim_note(call->name, 0, 0);
	call->fn(&p->rng[cpu]);
}

static void handler(void *ctx, unsigned int cpu)
{
	struct pair *p = ctx;

	call_interrupt(&p->handler_rng, cpu);
}

static void replay_text(const struct pair *p, unsigned int n)
{
	static const char letters[] = {
		[SIM_SWITCH] = 's', [SIM_INTERRUPT] = 'i', [SIM_FLUSH] = 'f',
	};
	char *buf = p->tally->replay;
	size_t size = sizeof(p->tally->replay);
	unsigned int i;
	int at;

	at = scnprintf(buf, size, "--policy pairs --pair %s,%s --plan %u%c",
		       calls[p->a].name, calls[p->b].name, p->config.first,
		       p->config.lazy ? 'l' : 'e');
	for (i = 0; i < n; i++)
		at += scnprintf(buf + at, size - (size_t)at, ",%u%c",
				p->plan[i].step, letters[p->plan[i].what]);
}

/* Runs the plan's first @n; false: it failed. */
static bool plan_run(struct pair *p, unsigned int n, struct sim_offer *offers)
{
	u64 steps = p->tally->steps, delayed = p->tally->delayed;

	p->rng[0] = p->a * 64 + p->b;
	p->rng[1] = p->b * 64 + p->a + 0x10000;
	p->handler_rng = p->a + p->b;
	p->config.plan = p->plan;
	p->config.nr_plan = n;
	p->config.offered = offers;
	p->config.ctx = p;
	if (!run_checked(p->state, &p->config, false, p->tally)) {
		p->tally->failed = true;
		replay_text(p, n);
		return false;
	}
	p->steps = (u32)(p->tally->steps - steps);
	if (offers && p->learns)
		touches_learn(offers, p->steps);
	p->delayed = (u32)(p->tally->delayed - delayed);
	return true;
}

/* ---- all plans -------------------------------------------------------- */

static const u8 whats[] = { SIM_SWITCH, SIM_INTERRUPT, SIM_FLUSH };

/* The plan's first @n and all that begin with them; false: one failed. */
static bool plans_run(struct pair *p, unsigned int n, unsigned int left)
{
	u32 step = n ? p->plan[n - 1].step + 1 : 0, steps;
	struct sim_offer *offers = offered[n];
	unsigned int i;

	if (!plan_run(p, n, offers))
		return false;
	if (!left)
		return true;
	steps = p->steps;
	for (; step <= steps; step++) {
		for (i = 0; i < ARRAY_SIZE(whats); i++) {
			if (!(offers[step].whats & 1U << whats[i]) ||
			    !(p->learns || matters(&offers[step], whats[i])))
				continue;
			p->plan[n] = (struct sim_choice){ step, whats[i], 0 };
			if (!plans_run(p, n + 1, left - 1))
				return false;
		}
	}
	return true;
}

/* False: one failed. */
static bool pair_pass(struct pair *p, unsigned int preemptions)
{
	for (p->config.first = 0; p->config.first < 2; p->config.first++) {
		p->config.lazy = false;
		if (!plans_run(p, 0, preemptions))
			return false;
		p->config.lazy = true;
		if (!plan_run(p, 0, NULL))
			return false;
		if (p->delayed && !plans_run(p, 0, preemptions))
			return false;
	}
	return true;
}

static void pair_run(struct pair *p, unsigned int preemptions)
{
	touches_forget();
	p->learns = true;
	if (!pair_pass(p, min(preemptions, 1U)))
		return;
	p->learns = false;
	if (preemptions > 1)
		pair_pass(p, preemptions);
}

/* ---- one plan, from its text ------------------------------------------ */

/* "1l,12s,40i": CPU 1 first, stores late; a switch, an interrupt. */
static bool plan_parse(struct pair *p, const char *text, unsigned int *n)
{
	char *end;

	p->config.first = (unsigned int)simple_strtoul(text, &end, 10);
	if (p->config.first > 1 || end == text || (*end != 'l' && *end != 'e'))
		return false;
	p->config.lazy = *end++ == 'l';
	for (*n = 0; *end == ','; ++*n) {
		struct sim_choice *c = &p->plan[*n];

		if (*n == MAX_PLAN)
			return false;
		text = end + 1;
		c->step = (u32)simple_strtoul(text, &end, 10);
		if (end == text)
			return false;
		if (*end == 's')
			c->what = SIM_SWITCH;
		else if (*end == 'i')
			c->what = SIM_INTERRUPT;
		else if (*end == 'f')
			c->what = SIM_FLUSH;
		else
			return false;
		end++;
	}
	return !*end;
}

bool simtest_pair(unsigned int i, unsigned int preemptions, const char *plan,
		  struct sim_tally *tally)
{
	struct pair p = {
		.state = (enum start_state)(i % NR_START_STATES),
		.config = {
			.nr_cpus = 2,
			.policy = SIM_PLAN,
			.max_steps = PAIR_STEPS,
			.body = body, .interrupt = handler,
			.interrupts = 1,
		},
		.tally = tally,
	};
	unsigned int n;

	pair_calls(i, &p.a, &p.b);
	if (preemptions > MAX_PLAN)
		return false;
	if (!plan)
		pair_run(&p, preemptions);
	else if (plan_parse(&p, plan, &n))
		plan_run(&p, n, NULL);
	else
		return false;
	return true;
}
