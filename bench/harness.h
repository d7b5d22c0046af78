/* SPDX-License-Identifier: MIT */
/* Running a case on a back-end: what main.c asks of harness.c and frag.c. */
#ifndef OCTAVO_BENCH_HARNESS_H
#define OCTAVO_BENCH_HARNESS_H

#include "bench.h"

/*
 * Frames of memory that a back-end gets: 10 GiB, the 8 of two threads of a
 * bulk case and what per-CPU lists keep. BENCH_FRAG: 2 GiB.
 */
#define BENCH_FRAMES		((size_t)2621440)
#define BENCH_FRAG_FRAMES	((size_t)524288)

struct bench_totals {
	uint64_t done;		/* operations, over all threads */
	uint64_t bad;		/* of them, failed */
};

struct bench_run;

/*
 * Starts the threads of @c, each pinned to a processor of its own if there
 * are enough. @nr replaces the case's number of operations unless it is 0.
 * NULL when the system has no room for it, after a line on stderr.
 */
struct bench_run *bench_run_create(const struct bench_case *c,
				   const struct bench_backend *b, size_t nr,
				   uint64_t seed);
/* One sample: nanoseconds per operation, the mean of the timed threads. */
double bench_run_sample(struct bench_run *r);
/* Frees what is held and ends the threads. */
void bench_run_destroy(struct bench_run *r, struct bench_totals *totals);

/* Of a BENCH_FRAG case: percent, without and with drained per-CPU lists. */
struct bench_frag {
	double listed;
	double drained;
};

/* On the calling thread, once per process. 0 or an errno number. */
int bench_frag_run(const struct bench_case *c, const struct bench_backend *b,
		   uint64_t seed, struct bench_frag *frag,
		   struct bench_totals *totals);

/* Of a BENCH_MEMORY case. */
struct bench_memory {
	double growth;		/* bytes in use over bytes asked for */
	double left;		/* percent of the peak */
};

/*
 * On the calling thread, once per process. @nr replaces the case's number of
 * operations unless it is 0. 0 or an errno number.
 */
int bench_memory_run(const struct bench_case *c, const struct bench_backend *b,
		     size_t nr, uint64_t seed, struct bench_memory *memory,
		     struct bench_totals *totals);

/* All of the held blocks at random places: Fisher and Yates. */
void bench_shuffle(struct bench_work *w);

#endif
