// SPDX-License-Identifier: MIT
/*
 * The runner itself: a suite that is not linked into the section is run with
 * its report caught, and the report compared word for word.
 */
#include <kunit/test.h>

struct report {
	size_t len;
	char text[2048];
	int before, after, init, exit;	/* how often each was called */
};

static void report_emit(void *ctx, const char *s, size_t n)
{
	struct report *r = ctx;

	n = min(n, sizeof(r->text) - 1 - r->len);
	memcpy(r->text + r->len, s, n);
	r->len += n;
	r->text[r->len] = '\0';
}

static int report_before(void *ctx)
{
	((struct report *)ctx)->before++;
	return 0;
}

static void report_after(void *ctx)
{
	((struct report *)ctx)->after++;
}

static int inner_init(struct kunit *test)
{
	((struct report *)test->run->ctx)->init++;
	test->priv = test->run->ctx;
	return 0;
}

static void inner_exit(struct kunit *test)
{
	((struct report *)test->run->ctx)->exit++;
}

static void good(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
	kunit_info(test, "seed %llu", test->seed);
}

/* Deep enough that the jump back crosses frames. */
static noinline int deep(struct kunit *test, int n)
{
	volatile char frame[64];

	frame[n % 64] = (char)n;
	KUNIT_ASSERT_TRUE(test, n);
	return n < 0 ? 0 : deep(test, n - 1) + frame[n % 64];
}

static void bad(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, "a", "b");
	deep(test, 20);
	KUNIT_FAIL(test, "not reached");
}

static void skipped(struct kunit *test)
{
	kunit_skip(test, "no reason");
}

static struct kunit_case inner_cases[] = {
	KUNIT_CASE(good),
	KUNIT_CASE(bad),
	KUNIT_CASE(skipped),
	{}
};

static const struct kunit_suite inner = {
	.name = "inner", .init = inner_init, .exit = inner_exit,
	.test_cases = inner_cases,
};

static void kunit_report_test(struct kunit *test)
{
	struct report r = { 0 };
	struct kunit_run run = {
		.emit = report_emit, .ctx = &r, .before = report_before,
		.after = report_after, .seed = 9, .replay = "again",
	};
	const char *p;

	kunit_run_suite(&run, &inner, 3);
	KUNIT_EXPECT_EQ(test, run.passed, 1U);
	KUNIT_EXPECT_EQ(test, run.failed, 1U);
	KUNIT_EXPECT_EQ(test, run.skipped, 1U);
	KUNIT_EXPECT_EQ(test, r.before, 3);
	KUNIT_EXPECT_EQ(test, r.after, 3);
	KUNIT_EXPECT_EQ(test, r.init, 3);
	KUNIT_EXPECT_EQ(test, r.exit, 3);
	KUNIT_EXPECT_TRUE(test, strstr(r.text,
		"    KTAP version 1\n    # Subtest: inner\n    1..3\n"
		"    # good: seed 9\n    ok 1 good\n    # bad: ") == r.text);
	p = strstr(r.text, "kunit_test.c:");
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_NOT_NULL(test, strstr(p, "expected \"a\" == \"b\""));
	p = strstr(p, "    # bad: replay: again inner.bad seed=9\n");
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_STREQ(test, strchr(p, '\n') + 1,
			   "    not ok 2 bad\n    ok 3 skipped # SKIP no reason\n"
			   "not ok 3 inner\n");
	KUNIT_EXPECT_NULL(test, strstr(r.text, "not reached"));
}

static void kunit_filter_test(struct kunit *test)
{
	static const struct {
		const char *filter;
		unsigned int passed, failed, skipped;
	} runs[] = {
		{ "inner.good", 1, 0, 0 }, { "inner.*", 1, 1, 1 },
		{ "inner", 1, 1, 1 }, { "other", 0, 0, 0 },
		{ "*.[gs]*", 1, 0, 1 }, { "inn*", 1, 1, 1 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(runs); i++) {
		struct report r = { 0 };
		struct kunit_run run = {
			.emit = report_emit, .ctx = &r,
			.filter = runs[i].filter,
		};

		kunit_run_suite(&run, &inner, 1);
		KUNIT_EXPECT_EQ(test, run.passed, runs[i].passed);
		KUNIT_EXPECT_EQ(test, run.failed, runs[i].failed);
		KUNIT_EXPECT_EQ(test, run.skipped, runs[i].skipped);
	}
}

/* What the machine was not started with is no part of the run. */
static void kunit_needs_test(struct kunit *test)
{
	static struct kunit_case cases[] = {
		KUNIT_CASE(good),
		KUNIT_CASE_NEEDS(good, "b=2 a"),
		KUNIT_CASE_NEEDS(good, "a=1"),
		{}
	};
	static const struct {
		const char *options, *needs;
		unsigned int passed;
	} runs[] = {
		{ NULL, NULL, 1 }, { "", "", 1 }, { "a=1", NULL, 2 },
		{ "a b=2 ", NULL, 2 }, { " a  a=1  b=2", NULL, 3 },
		{ "a=11 b=2", NULL, 1 }, { "a=1", "b", 0 },
		{ "a=1 b", "b", 2 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(runs); i++) {
		const struct kunit_suite suite = {
			.name = "needs", .init = inner_init,
			.exit = inner_exit, .test_cases = cases,
			.needs = runs[i].needs,
		};
		struct report r = { 0 };
		struct kunit_run run = {
			.emit = report_emit, .ctx = &r,
			.options = runs[i].options,
		};

		kunit_run_suite(&run, &suite, 1);
		KUNIT_EXPECT_EQ(test, run.passed, runs[i].passed);
		KUNIT_EXPECT_EQ(test, run.failed + run.skipped, 0U);
	}
}

static struct kunit_case kunit_cases[] = {
	KUNIT_CASE(kunit_report_test),
	KUNIT_CASE(kunit_filter_test),
	KUNIT_CASE(kunit_needs_test),
	{}
};

static struct kunit_suite kunit_suite = {
	.name = "kunit", .test_cases = kunit_cases,
};
kunit_test_suite(kunit_suite);
