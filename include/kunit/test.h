/* SPDX-License-Identifier: MIT */
/*
 * Unit tests with KUnit's names, run in every port, reported as KTAP.
 *
 * A suite is an object of the section kunit_suites; linking a test file in
 * is all it takes to be run. EXPECT notes a failure and goes on, ASSERT ends
 * the case. kunit_run_all() is what runs them (lib/kunit.c); a case may
 * be skipped with kunit_skip(). Each case of the core's own tests starts on a
 * fresh machine on the host; in a booted kernel all run on the one there is,
 * and so must leave it as they found it.
 *
 * What is tested of an option that is given at start-up needs a machine that
 * was started with it: such a suite or case says so in `needs`, and is no part
 * of a run without.
 */
#ifndef _KUNIT_TEST_H
#define _KUNIT_TEST_H

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock_types.h>
#include <linux/string.h>

#define KUNIT_PARAM_DESC_SIZE	128	/* bytes of a parameter's name */
#define KUNIT_STATUS_COMMENT_SIZE 256	/* of why a case was skipped */

enum kunit_status { KUNIT_SUCCESS, KUNIT_FAILURE, KUNIT_SKIPPED };

struct kunit {
	const char *name;		/* of the running case */
	void *priv;			/* the suite's init may set it */
	const void *param_value;	/* of a case with parameters; or NULL */
	int param_index;		/* the so many-th, from 0 */
	enum kunit_status status;
	char status_comment[KUNIT_STATUS_COMMENT_SIZE]; /* why skipped */
	void *jmp[8];			/* where ASSERT and skip go */
	struct task_struct *task;	/* the thread that runs the case */
	u64 seed;			/* of this run; printed on failure */
	const char *suite;		/* that the case belongs to */
	struct kunit_run *run;		/* that runs it */
	int indent;			/* of its lines of the report */
	spinlock_t lock;		/* of the next */
	struct list_head resources;	/* kunit_resource.node, newest first */
	void (*cleanup)(struct kunit *test);	/* frees them; NULL: none yet */
};

enum kunit_speed {
	KUNIT_SPEED_UNSET, KUNIT_SPEED_VERY_SLOW, KUNIT_SPEED_SLOW,
	KUNIT_SPEED_NORMAL, KUNIT_SPEED_MAX = KUNIT_SPEED_NORMAL,
};

struct kunit_attributes {
	enum kunit_speed speed;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	/* The parameter after @prev (NULL: the first); NULL: none. */
	const void *(*generate_params)(const void *prev, char *desc);
	struct kunit_attributes attr;	/* not looked at */
	const char *needs;		/* options, with blanks; NULL: none */
};

struct kunit_suite {
	const char name[256];
	int (*suite_init)(struct kunit_suite *suite); /* once before; or NULL */
	void (*suite_exit)(struct kunit_suite *suite); /* once after; or NULL */
	int (*init)(struct kunit *test);	/* before each case, or NULL */
	void (*exit)(struct kunit *test);	/* after each case, or NULL */
	struct kunit_case *test_cases;		/* ends with an empty one */
	struct kunit_attributes attr;		/* not looked at */
	const char *needs;			/* as a case's, for all */
};

#define KUNIT_CASE(fn)	{ .run_case = fn, .name = #fn }
#define KUNIT_CASE_NEEDS(fn, options)					\
	{ .run_case = fn, .name = #fn, .needs = options }
#define KUNIT_CASE_ATTR(fn, attributes)					\
	{ .run_case = fn, .name = #fn, .attr = attributes }
#define KUNIT_CASE_SLOW(fn)						\
	{ .run_case = fn, .name = #fn, .attr.speed = KUNIT_SPEED_SLOW }
#define KUNIT_CASE_PARAM(fn, gen)					\
	{ .run_case = fn, .name = #fn, .generate_params = gen }
#define KUNIT_CASE_PARAM_ATTR(fn, gen, attributes)			\
	{ .run_case = fn, .name = #fn, .generate_params = gen,		\
	  .attr = attributes }

/* @name##_gen_params() for KUNIT_CASE_PARAM: the elements of an array. */
#define KUNIT_ARRAY_PARAM(name, array, get_desc)			\
	static const void *name##_gen_params(const void *prev, char *desc) \
	{								\
		__typeof__((array)[0]) *__next = prev ?			\
			((__typeof__(__next))prev) + 1 : (array);	\
									\
		if (__next - (array) >= (long)ARRAY_SIZE(array))	\
			return NULL;					\
		kunit_param_desc(get_desc, __next, desc);		\
		return __next;						\
	}
/* The same with a member of each element, a string, as its name. */
#define KUNIT_ARRAY_PARAM_DESC(name, array, desc_member)		\
	static const void *name##_gen_params(const void *prev, char *desc) \
	{								\
		__typeof__((array)[0]) *__next = prev ?			\
			((__typeof__(__next))prev) + 1 : (array);	\
									\
		if (__next - (array) >= (long)ARRAY_SIZE(array))	\
			return NULL;					\
		strscpy(desc, __next->desc_member, KUNIT_PARAM_DESC_SIZE); \
		return __next;						\
	}
/* @get_desc may be NULL. */
#define kunit_param_desc(get_desc, next, desc) do {			\
	void (*__desc)(__typeof__(next), char *) = (get_desc);		\
									\
	if (__desc)							\
		__desc(next, desc);					\
} while (0)

#define kunit_test_suites(suites...)					\
	static struct kunit_suite *const __UNIQUE_ID(kunit)[]		\
	__used __aligned(sizeof(void *)) __section("kunit_suites") = { suites }
#define kunit_test_suite(suite)	kunit_test_suites(&(suite))
#define kunit_test_init_section_suites(suites...) kunit_test_suites(suites)
#define kunit_test_init_section_suite(suite)	kunit_test_suite(suite)

#define kunit_suite_for_each_test_case(suite, c)			\
	for ((c) = (suite)->test_cases; (c)->run_case; (c)++)

/*
 * Runs each suite and case whose "suite.case" matches @filter (linux/glob.h;
 * NULL: all; without a dot: the suites of that name) and whose needs are met,
 * writes KTAP through @emit. Returns the number of cases that failed.
 */
struct kunit_run {
	void (*emit)(void *ctx, const char *s, size_t n);
	void *ctx;
	const char *filter;
	const char *options;		/* of the machines; NULL: none */
	u64 seed;			/* 0: each case takes its default, 1 */
	const char *replay;		/* the command that runs one case again,
					 * but for "suite.case seed=N" after it;
					 * NULL: the kernel's options */
	int (*before)(void *ctx);	/* a fresh machine; NULL: none */
	void (*after)(void *ctx);
	unsigned int passed, failed, skipped;	/* results */
};
int kunit_run_all(struct kunit_run *run);
/* One suite of it, linked in or not, reported as the @number-th. */
void kunit_run_suite(struct kunit_run *run, const struct kunit_suite *suite,
		     unsigned int number);

void __printf(4, 5) kunit_fail(struct kunit *test, const char *file, int line,
			       const char *fmt, ...);
/* Ends the case; in another thread than the case's: that thread. */
void __noreturn kunit_abort(struct kunit *test);
void __noreturn __printf(2, 3) kunit_skip(struct kunit *test, const char *fmt,
					  ...);
/* The same, but the case goes on. */
void __printf(2, 3) kunit_mark_skipped(struct kunit *test, const char *fmt,
				       ...);
void __printf(2, 3) kunit_info(struct kunit *test, const char *fmt, ...);
#define kunit_log(level, test, fmt, ...) kunit_info(test, fmt, ##__VA_ARGS__)
#define kunit_printk(level, test, fmt, ...) kunit_info(test, fmt, ##__VA_ARGS__)
#define kunit_warn(test, fmt, ...)	kunit_info(test, fmt, ##__VA_ARGS__)
#define kunit_err(test, fmt, ...)	kunit_info(test, fmt, ##__VA_ARGS__)

#include <kunit/resource.h>
#include <kunit/assert.h>

#endif
