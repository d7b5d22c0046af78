/* SPDX-License-Identifier: MIT */
/*
 * The two halves of the page soak: soak_main.c sees libc, page_soak.c the
 * core. <stdint.h> types alone.
 */
#ifndef OCTAVO_TESTS_PAGE_SOAK_H
#define OCTAVO_TESTS_PAGE_SOAK_H

#include <stdbool.h>
#include <stdint.h>

/* Threads of one machine, each a CPU of its own. */
#define SOAK_THREADS	4
/* Calls of each thread between two looks at everything. */
#define SOAK_STRETCH	(1ULL << 21)

struct soak_figures {
	uint64_t calls;		/* allocations and frees */
	uint64_t refused;	/* of which found no memory */
	uint64_t remote;	/* frees of what another CPU allocated */
	uint64_t checks;	/* of all structures */
	const char *why;	/* what was not so; NULL: all was */
	unsigned long pfn;	/* of which frame */
};

/*
 * Readies the current machine for @threads threads; the streams of calls
 * follow from @seed. 0 or -ENOMEM.
 */
int page_soak_start(unsigned int threads, uint64_t seed);
/*
 * Thread @thread, bound to a CPU, makes about @calls calls. All threads run
 * this at once, with the same @calls. True while nothing was wrong.
 */
bool page_soak_run(unsigned int thread, uint64_t calls);
/* After all threads are done. */
void page_soak_end(struct soak_figures *f);

#endif
