// SPDX-License-Identifier: MIT
/*
 * What calls cost, in any kernel with Linux's names: the same files are
 * linked into ours and made a module of Linux, so that both are measured with
 * the same instructions around the calls.
 *
 *   round      one turn of a case's loop
 *   operation  what is counted: taking a block and giving it back. A round
 *              is one operation, or as many as the case says
 *   pass       a number of rounds between two readings of the counter
 *
 * Cost. A pass costs a constant (calls, readings) and its rounds. The constant
 * is measured by passes without rounds and taken off; what is left is divided
 * by the operations. The loop itself, two instructions, and the test for NULL
 * stay in: `page/loop` shows the first, cases named `-driver` what the case so
 * named does besides its calls.
 *
 * Interrupts stay on, as GFP_KERNEL may sleep. A pass is short against a tick
 * (4 ms, 4 million instructions when one takes 1 ns), so few passes see one,
 * and the median of all passes none. The median, not the least: where passes
 * differ by themselves, as with random orders, the least would flatter.
 *
 * Random numbers are the top bits of Knuth's linear congruential generator,
 * from a fixed start, so that every run and both kernels see one sequence.
 */
#include "measure.h"

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sort.h>
#include <linux/timex.h>

#define PASSES			31	/* odd: there is one in the middle */
#define PASSES_QUICK		3
#define PASSES_WARM		3	/* before those that count */

/* On the stack of the thread that measures. */
struct bench_run {
	void *state;			/* of the group */
	unsigned int passes;		/* to measure */
	unsigned long cost[PASSES];	/* of each pass, in counts */
};

void bench_random_init(u64 *random)
{
	*random = 1;
}

void bench_places_shuffle(u64 *random, u16 *places, unsigned int nr)
{
	unsigned int i, other;

	for (i = 0; i < nr; i++) {
		other = bench_random_below(random, i + 1);
		places[i] = places[other];
		places[other] = (u16)i;
	}
}

static int cost_compare(const void *a, const void *b)
{
	unsigned long x = *(const unsigned long *)a;
	unsigned long y = *(const unsigned long *)b;

	return x < y ? -1 : x > y;
}

/* r->cost[0 .. @passes), sorted, of passes of @rounds rounds. */
static bool case_measure(struct bench_run *r, const struct bench_case *c,
			 unsigned int rounds, unsigned int passes)
{
	unsigned int i;

	for (i = 0; i < passes; i++) {
		cycles_t from = get_cycles();
		bool ok = c->pass(r->state, rounds);

		r->cost[i] = (unsigned long)(get_cycles() - from);
		if (!ok)
			return false;
	}
	sort(r->cost, passes, sizeof(r->cost[0]), cost_compare, NULL);
	return true;
}

/* Hundredths for an operation of @c; less than the constant is nothing. */
static unsigned long case_cost(const struct bench_case *c, unsigned long cost,
			       unsigned long constant)
{
	if (cost < constant)
		return 0;
	return (unsigned long)div_u64((u64)(cost - constant) * 100,
				      c->rounds * c->ops);
}

/* With c->start() done. */
static bool case_passes(struct bench_run *r, const struct bench_case *c,
			struct bench_result *result)
{
	unsigned int passes = r->passes;
	unsigned long constant;

	if (!case_measure(r, c, c->rounds, PASSES_WARM))
		return false;
	if (!case_measure(r, c, 0, passes))
		return false;
	constant = r->cost[passes / 2];
	if (!case_measure(r, c, c->rounds, passes))
		return false;
	result->median = case_cost(c, r->cost[passes / 2], constant);
	result->low = case_cost(c, r->cost[0], constant);
	result->high = case_cost(c, r->cost[passes - 1], constant);
	result->passes = passes;
	return true;
}

static bool case_run(struct bench_run *r, const struct bench_case *c,
		     struct bench_result *result)
{
	bool ok;

	if (c->start && !c->start(r->state))
		return false;
	ok = case_passes(r, c, result);
	if (c->end)
		c->end(r->state);
	return ok;
}

static int group_run(const struct bench_group *g, bool quick,
		     bench_report_fn *report, void *ctx)
{
	struct bench_run r = { .passes = quick ? PASSES_QUICK : PASSES };
	unsigned int order = (unsigned int)get_order(g->state_size), i;
	unsigned long addr = __get_free_pages(GFP_KERNEL | __GFP_ZERO, order);
	int err = 0;

	if (!addr)
		return -ENOMEM;
	r.state = (void *)addr;
	g->init(r.state);
	for (i = 0; i < g->nr; i++) {
		struct bench_result result = {
			.group = g->name, .name = g->cases[i].name,
		};

		if (!case_run(&r, &g->cases[i], &result))
			err = -ENOMEM;
		report(&result, ctx);
	}
	free_pages(addr, order);
	return err;
}

int bench_groups_run(bool quick, bench_report_fn *report, void *ctx)
{
	unsigned int i;
	int err = 0;

	for (i = 0; bench_groups[i]; i++) {
		int group_err = group_run(bench_groups[i], quick, report, ctx);

		err = err ? err : group_err;
	}
	return err;
}
