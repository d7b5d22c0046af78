// SPDX-License-Identifier: MIT
/* The command line: words, quotes, handlers, what nobody knows. */
#include <kunit/test.h>

#include <octavo/log.h>
#include <octavo/options.h>

#include "log_capture.h"

static void options_words_test(struct kunit *test)
{
	char text[] = "a  b=c d=\"x y\" \"e=f g\" \"h i\" j= k=\"l";
	static const char *const want[][2] = {
		{ "a", NULL }, { "b", "c" }, { "d", "x y" }, { "e", "f g" },
		{ "h i", NULL }, { "j", "" }, { "k", "l" },
	};
	char *line = text, *name, *val;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		name = option_next(&line, &val);
		KUNIT_ASSERT_NOT_NULL(test, name);
		KUNIT_EXPECT_STREQ(test, name, want[i][0]);
		KUNIT_EXPECT_EQ(test, !val, !want[i][1]);
		if (val && want[i][1])
			KUNIT_EXPECT_STREQ(test, val, want[i][1]);
	}
	KUNIT_EXPECT_NULL(test, option_next(&line, &val));
	KUNIT_EXPECT_NULL(test, option_next(&line, &val));
}

static void options_get_test(struct kunit *test)
{
	const char *line = "one two=2 thr-ee=\"3 4\" two=5 -- six=6";
	char val[8];

	KUNIT_EXPECT_TRUE(test, option_get(line, "one", val, sizeof(val)));
	KUNIT_EXPECT_STREQ(test, val, "");
	KUNIT_EXPECT_TRUE(test, option_get(line, "two", val, sizeof(val)));
	KUNIT_EXPECT_STREQ(test, val, "5");
	KUNIT_EXPECT_TRUE(test, option_get(line, "thr_ee", val, sizeof(val)));
	KUNIT_EXPECT_STREQ(test, val, "3 4");
	KUNIT_EXPECT_TRUE(test, option_get(line, "one", NULL, 0));
	KUNIT_EXPECT_FALSE(test, option_get(line, "six", val, sizeof(val)));
	KUNIT_EXPECT_FALSE(test, option_get(line, "tw", val, sizeof(val)));
	KUNIT_EXPECT_FALSE(test, option_get("", "one", val, sizeof(val)));
	KUNIT_EXPECT_TRUE(test, option_get("x=123456789", "x", val,
					   sizeof(val)));
	KUNIT_EXPECT_STREQ(test, val, "1234567");
}

/* An option of the test's own: takes a digit, notes it in the task's line. */
static int option_digit(char *val)
{
	if (!val || val[0] < '0' || val[0] > '9' || val[1])
		return -EINVAL;
	pr_debug("options_test: digit %c\n", val[0]);
	return 0;
}
early_param("octavo_test_digit", option_digit);

static void options_parse_test(struct kunit *test)
{
	struct log_capture log;

	log_capture_start(&log);
	parse_early_options("octavo_test_digit=3 octavo-test-digit=x "
			    "octavo_test_digit -- octavo_test_digit=4");
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "options_test: digit 3\n"));
	KUNIT_EXPECT_FALSE(test, log_captured(&log, "digit 4"));
	KUNIT_EXPECT_FALSE(test, log_captured(&log, "digit x"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"Malformed early option 'octavo-test-digit=x'\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"Malformed early option 'octavo_test_digit'\n"));
}

static void options_unknown_test(struct kunit *test)
{
	struct log_capture log;

	log_capture_start(&log);
	report_unknown_options("octavo_test_digit=3 foo mod.par=1 "
			       "bar=\"a b\" -- baz");
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"Unknown kernel command line parameters \"foo bar=a b\", will be passed to user space.\n"));

	log_capture_start(&log);
	report_unknown_options("octavo_test_digit=3 loglevel=7 -- baz");
	log_capture_end(&log);
	KUNIT_EXPECT_FALSE(test, log_captured(&log, "Unknown"));
}

/* A word longer than a log line is counted, not lost. */
static void options_long_test(struct kunit *test)
{
	struct log_capture log;
	char line[700];

	memset(line, 'x', sizeof(line));
	memcpy(line, "short ", 6);
	line[sizeof(line) - 1] = '\0';
	log_capture_start(&log);
	report_unknown_options(line);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "parameters \"short\","));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"and 1 more unknown parameters"));
}

static struct kunit_case options_cases[] = {
	KUNIT_CASE(options_words_test),
	KUNIT_CASE(options_get_test),
	KUNIT_CASE(options_parse_test),
	KUNIT_CASE(options_unknown_test),
	KUNIT_CASE(options_long_test),
	{}
};

static struct kunit_suite options_suite = {
	.name = "options", .test_cases = options_cases,
};
kunit_test_suite(options_suite);
