// SPDX-License-Identifier: MIT
/* Which calls fail on request: by number, for each rule and in their order. */
#include <linux/fault-inject.h>

#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "log_capture.h"

static struct log_capture log;

static struct fault_attr quiet(unsigned int interval, unsigned int probability,
			       int space, int times)
{
	return (struct fault_attr){
		.name = "test", .interval = interval,
		.probability = probability, .times = { times },
		.space = { space },
	};
}

/* The numbers, from 1, of those of 64 calls of @size that fail. */
static u64 failures(struct fault_attr *attr, ssize_t size)
{
	u64 map = 0;
	int i;

	for (i = 1; i < 64; i++)
		if (should_fail(attr, size))
			map |= 1ULL << i;
	return map;
}

static void never_test(struct kunit *test)
{
	struct fault_attr attr = { FAULT_ATTR_VALUES };

	KUNIT_EXPECT_EQ(test, failures(&attr, 1), 0);
	attr = quiet(1, 100, 0, 0);
	KUNIT_EXPECT_EQ(test, failures(&attr, 1), 0);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&attr.failed), 0);
}

static void times_test(struct kunit *test)
{
	struct fault_attr attr = quiet(1, 100, 0, 3);

	KUNIT_EXPECT_EQ(test, failures(&attr, 1), 0xe);
	KUNIT_EXPECT_EQ(test, atomic_read(&attr.times), 0);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&attr.failed), 3);
	attr = quiet(1, 100, 0, -1);
	KUNIT_EXPECT_EQ(test, failures(&attr, 1), ~1ULL);
	KUNIT_EXPECT_EQ(test, atomic_read(&attr.times), -1);
}

static void interval_test(struct kunit *test)
{
	struct fault_attr attr = quiet(5, 100, 0, -1);
	u64 want = 0;
	int i;

	for (i = 5; i < 64; i += 5)
		want |= 1ULL << i;
	KUNIT_EXPECT_EQ(test, failures(&attr, 1), want);
	attr = quiet(0, 100, 0, 2);
	KUNIT_EXPECT_EQ(test, failures(&attr, 1), 6);
}

static void space_test(struct kunit *test)
{
	/* 10, 7, 4, 1: the fourth call finds no more than its size. */
	struct fault_attr attr = quiet(1, 100, 10, 1);

	KUNIT_EXPECT_EQ(test, failures(&attr, 3), 1ULL << 4);
	KUNIT_EXPECT_EQ(test, atomic_read(&attr.space), 1);
	attr = quiet(1, 100, 4, 1);
	KUNIT_EXPECT_EQ(test, failures(&attr, 1), 1ULL << 4);
	/* Space is used before the interval counts. */
	attr = quiet(2, 100, 4, 1);
	KUNIT_EXPECT_EQ(test, failures(&attr, 1), 1ULL << 5);
}

static void probability_test(struct kunit *test)
{
	static const unsigned int percent[] = { 1, 10, 50, 90, 99 };
	unsigned int i, n, want;

	for (i = 0; i < ARRAY_SIZE(percent); i++) {
		struct fault_attr attr = quiet(1, percent[i], 0, -1);

		for (n = 0; n < 20000; n++)
			should_fail(&attr, 1);
		/* Six deviations of a binomial are at most 425 of 20000. */
		n = (unsigned int)atomic_long_read(&attr.failed);
		want = percent[i] * 200;
		KUNIT_EXPECT_GT(test, n, want - min(425U, want - 1));
		KUNIT_EXPECT_LT(test, n, want + 425);
	}
}

static void task_test(struct kunit *test)
{
	struct fault_attr attr = quiet(1, 0, 0, 1);
	struct fault_attr always = quiet(1, 100, 0, -1);

	if (!current)
		kunit_skip(test, "no thread");
	fault_task_nth(7);
	/* It counts down whatever the rules say, and over all kinds. */
	KUNIT_EXPECT_FALSE(test, should_fail(&always, 1));
	KUNIT_EXPECT_EQ(test, current->fail_nth, 6);
	KUNIT_EXPECT_EQ(test, failures(&attr, 1), 1ULL << 6);
	KUNIT_EXPECT_EQ(test, current->fail_nth, 0);
	KUNIT_EXPECT_TRUE(test, should_fail(&always, 1));
	fault_task_nth(2);
	fault_task_nth(0);
	KUNIT_EXPECT_EQ(test, failures(&attr, 1), 0);
}

static void parse_test(struct kunit *test)
{
	static const struct { const char *text, *fault; } cases[] = {
		{ "1,2,3,4", NULL }, { "0,100,0,-1", NULL }, { "+7,0,0,0", NULL },
		{ "", "is not " }, { "1,2,3", "is not " },
		{ "1,2,3,4,5", "is not " }, { "1,2,3,", "is not " },
		{ "1;2;3;4", "is not " }, { "a,2,3,4", "is not " },
		{ "1,2,3,99999999999", "is not " }, { NULL, "is not " },
		{ "-1,2,3,4", "has an interval" },
		{ "1,-2,3,4", "has a probability" },
		{ "1,101,3,4", "has a probability" },
		{ "1,2,-3,4", "has a space" }, { "1,2,3,-2", "has times" },
	};
	struct fault_attr attr = quiet(9, 9, 9, 9);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *fault = fault_attr_parse(&attr, cases[i].text);

		KUNIT_CHECK(test, !fault == !cases[i].fault &&
			    (!fault || strstr(fault, cases[i].fault) == fault),
			    0, "%s: %s", cases[i].text ?: "(none)",
			    fault ?: "taken");
	}
	/* The last that was good. */
	KUNIT_EXPECT_EQ(test, attr.interval, 7);
	KUNIT_EXPECT_EQ(test, setup_fault_attr(&attr, "1,2,3,4"), 1);
	KUNIT_EXPECT_EQ(test, attr.probability, 2);
	KUNIT_EXPECT_EQ(test, atomic_read(&attr.times), 4);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, setup_fault_attr(&attr, "five"), 0);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"failed to parse arguments: \"five\" is not <interval>,"));
}

static void report_test(struct kunit *test)
{
	struct fault_attr attr = quiet(1, 100, 0, -1);
	int verbose;

	for (verbose = 0; verbose <= 2; verbose++) {
		attr.verbose = (unsigned int)verbose;
		log_capture_start(&log);
		KUNIT_EXPECT_TRUE(test, should_fail_ex(&attr, 1, FAULT_NOWARN));
		log_capture_end(&log);
		KUNIT_EXPECT_FALSE(test, log_captured(&log, "FAULT_INJECTION"));
		log_capture_start(&log);
		KUNIT_EXPECT_TRUE(test, should_fail(&attr, 1));
		log_capture_end(&log);
		KUNIT_EXPECT_EQ(test, log_captured(&log,
			"name test, interval 1, probability 100, space 0, times -1"),
			verbose > 0);
		KUNIT_EXPECT_EQ(test, log_captured(&log, "Call Trace:"),
				verbose > 1);
	}
}

static struct kunit_case fault_inject_cases[] = {
	KUNIT_CASE(never_test),
	KUNIT_CASE(times_test),
	KUNIT_CASE(interval_test),
	KUNIT_CASE(space_test),
	KUNIT_CASE(probability_test),
	KUNIT_CASE(task_test),
	KUNIT_CASE(parse_test),
	KUNIT_CASE(report_test),
	{ 0 }
};

static struct kunit_suite fault_inject_suite = {
	.name = "fault_inject",
	.test_cases = fault_inject_cases,
};
kunit_test_suite(fault_inject_suite);
