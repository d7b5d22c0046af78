/* SPDX-License-Identifier: MIT */
/*
 * Measuring calls inside a kernel: what files of cases are made of, and what
 * each kernel's shell calls. measure.c tells how.
 */
#ifndef _BENCH_MEASURE_H
#define _BENCH_MEASURE_H

#include <linux/types.h>

struct bench_case {
	const char *name;
	unsigned int rounds;	/* of a pass */
	unsigned int ops;	/* operations of a round */
	/* Does @rounds rounds. False when there was no memory. */
	bool (*pass)(void *state, unsigned int rounds);
	/* Before and after all passes of a case; may be NULL. */
	bool (*start)(void *state);
	void (*end)(void *state);
};

/* Cases that share a state. */
struct bench_group {
	const char *name;		/* "page" */
	const struct bench_case *cases;
	unsigned int nr;
	size_t state_size;		/* bytes */
	void (*init)(void *state);	/* of zeroes; cannot fail */
};

/*
 * What one operation of a case cost. Counts are of get_cycles(), in
 * hundredths.
 */
struct bench_result {
	const char *group;	/* "page" */
	const char *name;	/* "order0" */
	unsigned long passes;	/* measured; 0: the case found no memory */
	unsigned long median;	/* of the passes */
	unsigned long low;	/* the least */
	unsigned long high;	/* the most */
};

typedef void bench_report_fn(const struct bench_result *result, void *ctx);

/*
 * Measures every case of every group, in their order, and gives each result
 * to @report. @quick: few passes, to see that all of them work. 0, or -ENOMEM
 * when a case found no memory. Sleeps. All memory is free again at the end.
 */
int bench_groups_run(bool quick, bench_report_fn *report, void *ctx);

/* 0 to @limit - 1, from a state of bench_random_init(). */
void bench_random_init(u64 *random);

static inline unsigned int bench_random_below(u64 *random, unsigned int limit)
{
	*random = *random * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned int)((*random >> 32) * limit >> 32);
}

/* @places becomes 0 to @nr - 1 in random order. */
void bench_places_shuffle(u64 *random, u16 *places, unsigned int nr);

/* page_cases.c, object_cases.c, vmalloc_cases.c, highmem_cases.c */
extern const struct bench_group bench_pages, bench_objects, bench_vmalloc;
extern const struct bench_group bench_highmem;

/* Those that a kernel has, NULL behind them: groups*.c. */
extern const struct bench_group *const bench_groups[];

#endif
