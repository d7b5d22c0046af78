/* SPDX-License-Identifier: MIT */
/*
 * Death tests: misuse of the core, each on a fresh hosted machine, and the
 * one line that it must report.
 *
 *	static void freed_twice(void) { ... }
 *	DEATH_TEST(freed_twice, SURVIVES, "BUG: Bad page state in process*");
 *
 * A line is a glob (linux/glob.h) for the whole of a message in the log,
 * without its time stamp; of several each must be there. DIES: the machine
 * must panic. SURVIVES: the call returns and the machine goes on.
 *
 * DEATH_TEST_WITH starts the machine with options on its command line.
 */
#ifndef OCTAVO_TESTS_DEATH_H
#define OCTAVO_TESTS_DEATH_H

#include <linux/types.h>

enum death_end { DIES, SURVIVES };

#define DEATH_LINES	6	/* that one case may look for */

struct death_case {
	const char *name;
	void (*fn)(void);
	enum death_end end;
	const char *options;	/* of the machine, or NULL */
	const char *lines[DEATH_LINES];	/* globs of messages; NULL ends */
};

#define DEATH_CASE(id, fn, end, options, ...)				\
	static const struct death_case death_##id = {			\
		#id, fn, end, options, { __VA_ARGS__ }			\
	};								\
	static const struct death_case *const death_ptr_##id		\
	__used __section("death_cases") = &death_##id
#define DEATH_TEST(fn, end, ...)					\
	DEATH_CASE(fn, fn, end, NULL, __VA_ARGS__)
#define DEATH_TEST_WITH(fn, end, options, ...)				\
	DEATH_CASE(fn, fn, end, options, __VA_ARGS__)

#endif
