// SPDX-License-Identifier: MIT
/*
 * Runs the unit tests of the core in a process and writes KTAP.
 *
 *	kunit-host-asan [GLOB] [seed=N]
 *
 * GLOB selects by "suite.case", or by suite when it has no dot. Ends with 1
 * when a case failed. The line that a failing case prints runs it again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

void harness_stdout(void *ctx, const char *s, size_t n);

void harness_stdout(void *ctx, const char *s, size_t n)
{
	(void)ctx;
	fwrite(s, 1, n, stdout);
	/* A crash must not swallow which case it was in. */
	fflush(stdout);
}

static int usage(const char *argv0, const char *bad)
{
	fprintf(stderr, "%s: '%s' is not seed=NUMBER\n"
		"usage: %s [GLOB] [seed=N]\n", argv0, bad, argv0);
	return 2;
}

int main(int argc, char **argv)
{
	const char *filter = NULL;
	uint64_t seed = 0;
	char *end;

	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "seed=", 5)) {
			filter = argv[i];
			continue;
		}
		seed = strtoull(argv[i] + 5, &end, 0);
		if (*end || end == argv[i] + 5)
			return usage(argv[0], argv[i]);
	}
	return harness_kunit(filter, seed, argv[0]) ? 1 : 0;
}
