// SPDX-License-Identifier: MIT
/*
 * Runs the unit tests of the core in a process and writes KTAP.
 *
 *	kunit-host-asan [GLOB] [seed=N] [options='page_owner=on ...']
 *
 * options: the command line of the machines.
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
		"usage: %s [GLOB] [seed=N] [options='...']\n", argv0, bad, argv0);
	return 2;
}

int main(int argc, char **argv)
{
	const char *filter = NULL, *options = NULL;
	char replay[512];
	uint64_t seed = 0;
	char *end;

	snprintf(replay, sizeof(replay), "%s", argv[0]);
	for (int i = 1; i < argc; i++) {
		if (!strncmp(argv[i], "options=", 8)) {
			options = argv[i] + 8;
			snprintf(replay, sizeof(replay), "%s 'options=%s'",
				 argv[0], options);
			continue;
		}
		if (strncmp(argv[i], "seed=", 5)) {
			filter = argv[i];
			continue;
		}
		seed = strtoull(argv[i] + 5, &end, 0);
		if (*end || end == argv[i] + 5)
			return usage(argv[0], argv[i]);
	}
	return harness_kunit(filter, seed, options, replay) ? 1 : 0;
}
