/* SPDX-License-Identifier: MIT */
/*
 * How whole free memory stays: the two tests of fragmentation that cases.c
 * describes, on one thread. The figure is the share of free frames that lie
 * in free blocks of 2 MiB or more, in percent: for single pages that is how
 * many such blocks there are of those that the free memory could make. A
 * page on a per-CPU list counts as in use.
 */
#include "harness.h"

#include <errno.h>
#include <stdlib.h>

#define FILLED_PERCENT	90	/* before pages are freed at random */
#define HALF_PERCENT	50	/* live after it */
#define CHURN_PERCENT	42	/* live while orders are mixed */

static double percent(const struct bench_backend *b, bool drain)
{
	struct bench_whole whole;

	b->whole(&whole, drain);
	return whole.free ? 100.0 * (double)whole.in_blocks /
			    (double)whole.free : 0;
}

/* Frees the last blocks of those held, down to @nr. */
static void thin(const struct bench_backend *b, struct bench_work *w,
		 size_t nr)
{
	struct bench_work last = *w;

	last.held += nr;
	last.nr_held -= nr;
	b->loops[LOOP_DRAIN](&last);
	w->done = last.done;
	w->nr_held = nr;
}

static void replace(const struct bench_case *c, const struct bench_backend *b,
		    struct bench_work *w, size_t frames)
{
	w->nr = frames / 100 * FILLED_PERCENT;
	b->loops[LOOP_FILL](w);
	bench_shuffle(w);
	thin(b, w, frames / 100 * HALF_PERCENT);
	w->nr = w->nr_held * c->turnover;
	b->loops[LOOP_REPLACE](w);
}

static void churn(const struct bench_case *c, const struct bench_backend *b,
		  struct bench_work *w, size_t frames)
{
	w->mark = frames / 100 * CHURN_PERCENT;
	w->nr = w->mark * (c->turnover + 1);
	b->loops[LOOP_CHURN](w);
}

int bench_frag_run(const struct bench_case *c, const struct bench_backend *b,
		   uint64_t seed, struct bench_frag *frag,
		   struct bench_totals *totals)
{
	struct bench_work w = {
		.flags = c->flags, .places = c->places, .random = seed + 1,
	};
	struct bench_whole whole;
	int err = b->enter(0);

	if (err)
		return err;
	b->whole(&whole, true);
	if (!w.places)
		w.places = whole.free;
	w.held = calloc(w.places, sizeof(*w.held));
	if (c->timed == LOOP_CHURN)
		w.orders = calloc(w.places, 1);
	if (!w.held || (c->timed == LOOP_CHURN && !w.orders))
		return ENOMEM;
	if (c->timed == LOOP_REPLACE)
		replace(c, b, &w, whole.free);
	else
		churn(c, b, &w, whole.free);
	frag->listed = percent(b, false);
	frag->drained = percent(b, true);
	b->loops[LOOP_DRAIN](&w);
	*totals = (struct bench_totals){ w.done, w.bad };
	b->leave();
	free(w.held);
	free(w.orders);
	return 0;
}
