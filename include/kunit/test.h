/* SPDX-License-Identifier: MIT */
/*
 * Unit tests with KUnit's names, run in every port, reported as KTAP.
 *
 * A suite is an object of the section kunit_suites; linking a test file in
 * is all it takes to be run. EXPECT notes a failure and goes on, ASSERT ends
 * the case. kunit_run_all() is what runs them (lib/kunit.c); a case may
 * be skipped with kunit_skip(). Each case on the host starts on a fresh
 * machine; in a booted kernel all run on the one there is, and so must leave
 * it as they found it.
 *
 * What is tested of an option that is given at start-up needs a machine that
 * was started with it: such a suite or case says so in `needs`, and is no part
 * of a run without.
 */
#ifndef _KUNIT_TEST_H
#define _KUNIT_TEST_H

#include <linux/kernel.h>
#include <linux/string.h>

enum kunit_status { KUNIT_SUCCESS, KUNIT_FAILURE, KUNIT_SKIPPED };

struct kunit {
	const char *name;		/* of the running case */
	void *priv;			/* the suite's init may set it */
	enum kunit_status status;
	const char *skip_reason;
	void *jmp[8];			/* where ASSERT and skip go */
	u64 seed;			/* of this run; printed on failure */
	const char *suite;		/* that the case belongs to */
	struct kunit_run *run;		/* that runs it */
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	const char *needs;		/* options, with blanks; NULL: none */
};

struct kunit_suite {
	char name[64];
	int (*init)(struct kunit *test);	/* before each case, or NULL */
	void (*exit)(struct kunit *test);	/* after each case, or NULL */
	struct kunit_case *test_cases;		/* ends with an empty one */
	const char *needs;			/* as a case's, for all */
};

#define KUNIT_CASE(fn)	{ .run_case = fn, .name = #fn }
#define KUNIT_CASE_NEEDS(fn, options)					\
	{ .run_case = fn, .name = #fn, .needs = options }

#define kunit_test_suite(suite)						\
	static struct kunit_suite *const __UNIQUE_ID(kunit)		\
	__used __section("kunit_suites") = &(suite)
#define kunit_test_suites(suite)	kunit_test_suite(*(suite))

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
void __noreturn kunit_abort(struct kunit *test);
void __noreturn kunit_skip(struct kunit *test, const char *reason);
void __printf(2, 3) kunit_info(struct kunit *test, const char *fmt, ...);

#define KUNIT_CHECK(test, ok, stop, fmt, ...) do {			\
	if (!(ok)) {							\
		kunit_fail(test, __FILE__, __LINE__, fmt, ##__VA_ARGS__);\
		if (stop)						\
			kunit_abort(test);				\
	}								\
} while (0)

#define KUNIT_CMP(test, a, op, b, stop) do {				\
	__typeof__(a) __ka = (a);					\
	__typeof__(b) __kb = (b);					\
	KUNIT_CHECK(test, __ka op __kb, stop,				\
		    "expected %s %s %s, but %lld (%#llx) and %lld (%#llx)", \
		    #a, #op, #b, (long long)__ka, (u64)__ka,		\
		    (long long)__kb, (u64)__kb);			\
} while (0)

#define KUNIT_FAIL(t, fmt, ...)	 KUNIT_CHECK(t, 0, 0, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_TRUE(t, c)	 KUNIT_CHECK(t, c, 0, "expected %s", #c)
#define KUNIT_EXPECT_FALSE(t, c) KUNIT_CHECK(t, !(c), 0, "expected not %s", #c)
#define KUNIT_EXPECT_EQ(t, a, b) KUNIT_CMP(t, a, ==, b, 0)
#define KUNIT_EXPECT_NE(t, a, b) KUNIT_CMP(t, a, !=, b, 0)
#define KUNIT_EXPECT_LT(t, a, b) KUNIT_CMP(t, a, <, b, 0)
#define KUNIT_EXPECT_LE(t, a, b) KUNIT_CMP(t, a, <=, b, 0)
#define KUNIT_EXPECT_GT(t, a, b) KUNIT_CMP(t, a, >, b, 0)
#define KUNIT_EXPECT_GE(t, a, b) KUNIT_CMP(t, a, >=, b, 0)
#define KUNIT_EXPECT_PTR_EQ(t, a, b)					\
	KUNIT_CHECK(t, (const void *)(a) == (const void *)(b), 0,	\
		    "expected %s == %s, but %px and %px", #a, #b,	\
		    (const void *)(a), (const void *)(b))
#define KUNIT_EXPECT_NULL(t, p)	KUNIT_CHECK(t, !(p), 0, "expected no %s", #p)
#define KUNIT_EXPECT_NOT_NULL(t, p) KUNIT_CHECK(t, p, 0, "expected %s", #p)
#define KUNIT_EXPECT_STREQ(t, a, b)					\
	KUNIT_CHECK(t, !strcmp(a, b), 0,				\
		    "expected %s == %s, but \"%s\" and \"%s\"", #a, #b, a, b)
#define KUNIT_ASSERT_TRUE(t, c)	 KUNIT_CHECK(t, c, 1, "expected %s", #c)
#define KUNIT_ASSERT_FALSE(t, c) KUNIT_CHECK(t, !(c), 1, "expected not %s", #c)
#define KUNIT_ASSERT_EQ(t, a, b) KUNIT_CMP(t, a, ==, b, 1)
#define KUNIT_ASSERT_NE(t, a, b) KUNIT_CMP(t, a, !=, b, 1)
#define KUNIT_ASSERT_NOT_NULL(t, p) KUNIT_CHECK(t, p, 1, "expected %s", #p)

#endif
