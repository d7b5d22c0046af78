/* SPDX-License-Identifier: MIT */
/* Small programs for the simulator, each with what it is to find in them. */
#ifndef OCTAVO_TESTS_SIM_TOYS_H
#define OCTAVO_TESTS_SIM_TOYS_H

#include "sim_test.h"

struct toy_case {
	const char *name;
	void (*body)(void *ctx, unsigned int cpu);
	void (*interrupt)(void *ctx, unsigned int cpu);
	const char *(*check)(void);	/* after a run; NULL: nothing */
	const char *expect;		/* what must be found; NULL: nothing */
	void (*start)(void);		/* before a run; NULL: nothing */
	int plant;			/* enum plant: a mistake of the core's */
	unsigned int interrupts;	/* at most; 0: two */
};

/* ring_toys.c: the rings of traces, where there are any. */
#ifdef CONFIG_TRACEPOINTS
extern const struct toy_case ring_toys[];
extern const unsigned int nr_ring_toys;
#else
static const struct toy_case *const ring_toys;
static const unsigned int nr_ring_toys;
#endif

#endif
