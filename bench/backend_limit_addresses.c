/* SPDX-License-Identifier: MIT */
/*
 * The limit of kernel addresses: each thread has a stack of ranges that it
 * alone touches. Nothing is owned, looked up, flushed or merged.
 */
#include <errno.h>
#include <stdlib.h>

#include "address_loops.h"

/* More than a thread of any case holds. */
#define RANGES	((size_t)1 << 17)
#define START	((uintptr_t)0x7c0000000000)

static uintptr_t *stacks[BENCH_THREADS];
static size_t counts[BENCH_THREADS];	/* of threads that have left */
static __thread uintptr_t *stack;
static __thread size_t nr;
static __thread unsigned int mine;	/* the thread's number */

bench_inline uintptr_t limit_range_new(void)
{
	return __builtin_expect(nr != 0, 1) ? stack[--nr] : 0;
}

bench_inline void limit_range_delete(uintptr_t addr)
{
	stack[nr++] = addr;
}

BENCH_ADDRESS_LOOPS(limit)

static int limit_start(size_t frames, unsigned int threads)
{
	(void)frames;
	for (unsigned int t = 0; t < threads; t++) {
		stacks[t] = malloc(RANGES * sizeof(*stacks[t]));
		if (!stacks[t])
			return ENOMEM;
		for (size_t i = 0; i < RANGES; i++)
			stacks[t][i] = START +
				((t + 1) * RANGES - i) * BENCH_RANGE;
		counts[t] = RANGES;
	}
	return 0;
}

static int limit_enter(unsigned int thread)
{
	mine = thread;
	stack = stacks[thread];
	nr = counts[thread];
	return 0;
}

static void limit_leave(void)
{
	counts[mine] = nr;
}

static long limit_leaked(void)
{
	long lost = 0;

	for (unsigned int t = 0; t < BENCH_THREADS; t++)
		lost += stacks[t] ? (long)(RANGES - counts[t]) : 0;
	return lost;
}

static void limit_end(void)
{
	for (unsigned int t = 0; t < BENCH_THREADS; t++)
		free(stacks[t]);
}

const struct bench_backend bench_limit_addresses = {
	.name = "limit-addresses",
	.start = limit_start,
	.enter = limit_enter,
	.leave = limit_leave,
	.leaked = limit_leaked,
	.end = limit_end,
	.loops = { BENCH_ADDRESS_TABLE(limit) },
};
