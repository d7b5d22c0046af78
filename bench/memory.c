/* SPDX-License-Identifier: MIT */
/*
 * How much memory objects take (BENCH_MEMORY): bytes in use over the bytes
 * that were asked for, after all of them were replaced many times at random;
 * then, all freed, what is still in use a second later, in percent of the
 * most that ever was. What was in use before the first object counts for
 * nothing in either. Every byte of an object is written, so that it is
 * there in a process as well.
 */
#include "harness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STEPS	50		/* readings of memory in use, for the peak */
#define WAIT_S	1		/* for memory to be given back */

static size_t above(const struct bench_backend *b, size_t base)
{
	size_t now = b->memory();

	return now > base ? now - base : 0;
}

int bench_memory_run(const struct bench_case *c, const struct bench_backend *b,
		     size_t nr, uint64_t seed, struct bench_memory *memory,
		     struct bench_totals *totals)
{
	struct bench_work w = {
		.flags = c->flags, .nr = (nr ? nr : c->nr) / STEPS,
		.places = c->places, .random = seed + 1,
	};
	size_t base, peak = 0, now = 0;
	int err = b->enter(0);

	if (err)
		return err;
	w.held = calloc(w.places, sizeof(*w.held));
	if (!w.held)
		return ENOMEM;
	/* All of it is in memory before memory is read. */
	memset(w.held, 1, w.places * sizeof(*w.held));
	memset(w.held, 0, w.places * sizeof(*w.held));
	base = b->memory();
	for (int i = 0; i < STEPS; i++) {
		b->loops[LOOP_OBJECT_REPLACE](&w);
		now = above(b, base);
		peak = now > peak ? now : peak;
	}
	memory->growth = (double)now / (double)w.live;
	b->loops[LOOP_OBJECT_DRAIN](&w);
	sleep(WAIT_S);
	memory->left = peak ? 100.0 * (double)above(b, base) / (double)peak : 0;
	*totals = (struct bench_totals){ w.done, w.bad };
	b->leave();
	free(w.held);
	return 0;
}
