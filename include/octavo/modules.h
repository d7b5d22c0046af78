/* SPDX-License-Identifier: MIT */
/*
 * Running the modules that were linked in: parameters, init functions, KUnit
 * suites, exit functions, and what they left behind. See module/module.c.
 */
#ifndef _OCTAVO_MODULES_H
#define _OCTAVO_MODULES_H

#include <linux/types.h>

/* How a run goes, and what came of it. */
struct modules_run {
	void (*emit)(void *ctx, const char *s, size_t n); /* gets the KTAP */
	void *ctx;			/* emit's */
	const char *filter;		/* of suites, as kunit_run's; or NULL */
	u64 seed;			/* of the suites; 0: the default */
	const char *replay;		/* as kunit_run's */
	/* results */
	unsigned int inits, inits_failed;
	unsigned int passed, failed, skipped;	/* cases */
	unsigned int exits;
	unsigned int leaks;		/* things that a module did not free */
};

/* Whether there is a module, or a suite, in this image. */
bool modules_present(void);
/*
 * Does all of it, on the current machine, with the parameters on its command
 * line, and ends with a line "# Modules: ..." of results. The number of what
 * went wrong. May sleep.
 */
unsigned int modules_run(struct modules_run *run);

#endif
