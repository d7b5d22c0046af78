/* SPDX-License-Identifier: MIT */
/* The two halves of a kcheck program. <stdint.h> types alone. */
#ifndef OCTAVO_KCHECK_RUNNER_H
#define OCTAVO_KCHECK_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kcheck_args {
	uint64_t memory;		/* bytes */
	unsigned int cpus, nodes;
	uint64_t seed;
	const char *filter;		/* of suites; NULL: all */
	const char *cmdline;		/* the kernel's */
	bool verbose;			/* the log of the start, too */
};

/* main.c: to stdout. */
void kcheck_write(void *ctx, const char *s, size_t n);
/* runner.c: 0 clean, 1 not, 2 no machine. */
int kcheck_run(const struct kcheck_args *args);

#endif
