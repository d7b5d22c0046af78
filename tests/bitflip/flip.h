/* SPDX-License-Identifier: MIT */
/*
 * The two halves of the bit-flip campaign: main.c sees libc, flip.c the core.
 * <stdint.h> types alone.
 */
#ifndef OCTAVO_TESTS_FLIP_H
#define OCTAVO_TESTS_FLIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FLIP_REGIONS	1024

/* What became of a flipped bit, the better first. */
enum flip_outcome {
	FLIP_HARMLESS,		/* nothing differs that anybody would see */
	FLIP_REPORTED,		/* a report, when it was met */
	FLIP_CHECKED,		/* x_check() names an invariant */
	FLIP_LEAKED,		/* pages are gone, and no more than that */
	FLIP_STOPPED,		/* an assertion stopped the machine */
	FLIP_TWICE_NOTICED,	/* a page handed out twice, and a report */
	FLIP_TWICE,		/* and nobody noticed */
	FLIP_CRASHED,		/* touched memory that is not there */
	FLIP_ENDLESS,		/* never came back */
	NR_FLIP_OUTCOMES
};

struct flip_options {
	unsigned int pages;	/* of the zone */
	unsigned int cpus;
	unsigned int keep;	/* blocks that a CPU's list may hold */
	unsigned int steps;	/* of the workload after each flip */
	uint64_t seed;		/* of the workload, before and after */
};

/*
 * Makes a machine and runs the workload without a flip. 0 when all is well.
 * Called again, makes another one.
 */
int flip_setup(const struct flip_options *o);
unsigned int flip_regions(void);
const char *flip_region_name(unsigned int region);
/*
 * What memory is found by, which comes last: a bad one may stop the machine by
 * a fault, or after writing anywhere in it.
 */
bool flip_region_bases(unsigned int region);
/* How many bits there are to flip, in all regions. */
uint64_t flip_bits(void);
/* The region that bit @bit is in; where in it goes to @offset and @nr. */
unsigned int flip_where(uint64_t bit, size_t *offset, unsigned int *nr);
/* Flips bit @bit, runs the workload, looks. Never CRASHED or ENDLESS. */
enum flip_outcome flip_run(uint64_t bit);
/* The log's end, line by line, of the last run. */
void flip_log(void (*emit)(void *ctx, const char *s, size_t n), void *ctx);

#endif
