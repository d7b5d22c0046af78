/* SPDX-License-Identifier: MIT */
/*
 * The two halves of the simulation's test program: sim_main.c, which sees
 * libc, and the others, which see the core. <stdint.h> types alone.
 */
#ifndef OCTAVO_TESTS_SIM_RUN_H
#define OCTAVO_TESTS_SIM_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a series of runs came to. */
struct sim_tally {
	uint64_t runs;		/* schedules, the failing one too */
	uint64_t steps;		/* points passed */
	uint64_t switches;	/* from CPU to CPU */
	uint64_t interrupts;
	uint64_t delayed;	/* stores that others saw late */
	uint64_t reserved;	/* pageblocks kept for HIGHATOMIC requests */
	uint64_t released;	/* of these, given back */
	bool failed;		/* the last run did */
	char replay[160];	/* the options that have it again */
};

typedef void (*sim_emit)(void *ctx, const char *text, unsigned long place);

/*
 * The machine and its starting states; @large: one whose zones keep pageblocks
 * for HIGHATOMIC requests. 0 or -errno.
 */
int simtest_start(bool large);

/*
 * Schedules with seeds @seed, @seed + 1, ..., at most @nr: each a random
 * program for each of two to four CPUs. Stops at the first that fails.
 * @policy: "random", "pct" or "mixed", in turn. False: no such policy.
 */
bool simtest_seeds(const char *policy, uint64_t seed, uint64_t nr,
		   struct sim_tally *tally);

/* Pairs of calls, numbered from 0. */
unsigned int simtest_nr_pairs(void);
/* "call,call" of pair @i. */
void simtest_pair_name(unsigned int i, char *buf, size_t size);
/* The pair's number, or -1. */
int simtest_pair_lookup(const char *name);
/*
 * All schedules of pair @i with at most @preemptions switches, interrupts and
 * late stores that are not forced. @plan: that one alone, NULL: all.
 * False: @plan cannot be read.
 */
bool simtest_pair(unsigned int i, unsigned int preemptions, const char *plan,
		  struct sim_tally *tally);

/* Checks that the simulator itself finds what it should. */
unsigned int simtest_nr_toys(void);
/* Its name; whether it went as expected. *@text: what was found, in words. */
const char *simtest_toy(unsigned int i, bool *ok, char *text, size_t size);

/* Planted bugs, from 1 on. */
unsigned int simtest_nr_plants(void);
const char *simtest_plant_name(unsigned int i);
const char *simtest_plant_text(unsigned int i);
void simtest_plant(unsigned int i);

/* From a signal handler: a run that crashed has failed. Returns outside one. */
void simtest_crashed(void);

/* Why the last run failed: a line, and all that is known. */
const char *simtest_why(char *buf, size_t size);
void simtest_report(sim_emit emit, void *ctx);

#endif
