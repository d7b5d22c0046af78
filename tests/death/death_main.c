// SPDX-License-Identifier: MIT
/*
 * Runs the death tests and writes TAP.
 *
 *	death-host-asan [GLOB]
 */
#include <stdio.h>

void harness_stdout(void *ctx, const char *s, size_t n);
int death_run(const char *filter);

void harness_stdout(void *ctx, const char *s, size_t n)
{
	(void)ctx;
	fwrite(s, 1, n, stdout);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	return death_run(argc > 1 ? argv[1] : NULL);
}
