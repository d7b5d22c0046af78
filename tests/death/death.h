/* SPDX-License-Identifier: MIT */
/*
 * Death tests: misuse of the core, each on a fresh hosted machine, and the
 * one line that it must report.
 *
 *	static void freed_twice(void) { ... }
 *	DEATH_TEST(freed_twice, SURVIVES, "BUG: Bad page state in process*");
 *
 * The line is a glob (linux/glob.h) for the whole of a message in the log,
 * without its time stamp. DIES: the machine must panic. SURVIVES: the call
 * returns and the machine goes on.
 */
#ifndef OCTAVO_TESTS_DEATH_H
#define OCTAVO_TESTS_DEATH_H

#include <linux/types.h>

enum death_end { DIES, SURVIVES };

struct death_case {
	const char *name;
	void (*fn)(void);
	enum death_end end;
	const char *line;	/* glob of the message */
};

#define DEATH_TEST(fn, end, line)					\
	static const struct death_case death_##fn = {			\
		#fn, fn, end, line					\
	};								\
	static const struct death_case *const death_ptr_##fn		\
	__used __section("death_cases") = &death_##fn

#endif
