/* SPDX-License-Identifier: MIT */
/*
 * The program that octavo-kcheck links modules into: the half that sees libc.
 * Arguments, all of them: MEMORY CPUS NODES SEED FILTER CMDLINE VERBOSE.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "runner.h"

void kcheck_write(void *ctx, const char *s, size_t n)
{
	(void)ctx;
	fwrite(s, 1, n, stdout);
	/* A crash must not swallow what led to it. */
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct kcheck_args args;

	if (argc != 8) {
		fprintf(stderr, "%s: run by octavo-kcheck\n", argv[0]);
		return 2;
	}
	args = (struct kcheck_args){
		.memory = strtoull(argv[1], NULL, 0),
		.cpus = (unsigned int)strtoul(argv[2], NULL, 0),
		.nodes = (unsigned int)strtoul(argv[3], NULL, 0),
		.seed = strtoull(argv[4], NULL, 0),
		.filter = argv[5][0] ? argv[5] : NULL,
		.cmdline = argv[6],
		.verbose = argv[7][0] == '1',
	};
	return kcheck_run(&args);
}
