// SPDX-License-Identifier: MIT
/* Levels, lines, continuation, the ring and what comes out of it. */
#include <kunit/test.h>

#include <linux/ctype.h>

#include <octavo/log.h>
#include <octavo/machine.h>
#include <octavo/random.h>

#include "log_capture.h"

/* Is @line "[%5lu.%06lu] " and then @text? */
static bool stamped(const char *line, const char *text)
{
	const char *p = line;

	if (*p++ != '[')
		return false;
	for (; *p == ' '; p++)
		;
	for (; isdigit(*p); p++)
		;
	if (p - line < 6 || *p++ != '.')
		return false;
	for (line = p; isdigit(*p); p++)
		;
	if (p - line != 6 || strncmp(p, "] ", 2))
		return false;
	return !strncmp(p + 2, text, strlen(text));
}

static void printk_lines_test(struct kunit *test)
{
	struct log_capture log;
	char *second;

	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, pr_info("one\ntwo\n"), 8);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, stamped(log.text, "one\n"));
	second = strchr(log.text, '\n') + 1;
	KUNIT_EXPECT_TRUE(test, stamped(second, "two\n"));
	log_check(&this_machine()->log);
}

static void printk_cont_test(struct kunit *test)
{
	struct log_capture log;
	char *p = log.text;

	log_capture_start(&log);
	pr_info("a");
	pr_cont(" b");
	pr_cont(" c\n");
	pr_info("open");
	pr_info("next\n");
	pr_cont("late\n");
	printk("no level\n");
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, stamped(p, "a b c\n"));
	p = strchr(p, '\n') + 1;
	KUNIT_EXPECT_TRUE(test, stamped(p, "open\n"));
	p = strchr(p, '\n') + 1;
	KUNIT_EXPECT_TRUE(test, stamped(p, "next\n"));
	p = strchr(p, '\n') + 1;
	KUNIT_EXPECT_TRUE(test, stamped(p, "late\n"));
	p = strchr(p, '\n') + 1;
	KUNIT_EXPECT_TRUE(test, stamped(p, "no level\n"));
	log_check(&this_machine()->log);
}

/* A message that is longer than a line of the log is cut, not lost. */
static void printk_long_test(struct kunit *test)
{
	struct log_capture log;

	log_capture_start(&log);
	pr_info("%2000d", 7);
	pr_info("after\n");
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "after\n"));
	KUNIT_EXPECT_LT(test, log.len, 1200UL);
	KUNIT_EXPECT_GT(test, log.len, 1000UL);
	log_check(&this_machine()->log);
}

static void printk_level_test(struct kunit *test)
{
	int old = console_loglevel_get();

	console_loglevel_set(3);
	KUNIT_EXPECT_EQ(test, console_loglevel_get(), 3);
	console_loglevel_set(old);
	KUNIT_EXPECT_EQ(test, console_loglevel_get(), old);
}

struct log_lines {
	unsigned long lines;
	unsigned long bytes;
	unsigned long bad;	/* lines that do not start or end as one */
};

static void log_count(void *ctx, const char *s, size_t n)
{
	struct log_lines *l = ctx;

	l->lines++;
	l->bytes += n;
	l->bad += s[0] != '[' || s[n - 1] != '\n';
}

/* Three times round the ring: the oldest lines go, whole ones stay. */
static void printk_wrap_test(struct kunit *test)
{
	struct log *log = &this_machine()->log;
	struct log_lines l = { 0 };
	unsigned long lost, before;
	u64 random = test->seed;
	int level;

	if (!test->run->before)
		kunit_skip(test, "would wipe the log of a running kernel");
	level = console_loglevel_get();
	console_loglevel_set(0);
	before = log->head;
	while (log->head - before < 3 * LOG_BUF_LEN) {
		pr_info("%*d\n", (int)random_below(&random, 300), 1);
		log_check(log);
	}
	lost = log_for_each(log_count, &l);
	console_loglevel_set(level);
	KUNIT_EXPECT_GT(test, lost, 100UL);
	KUNIT_EXPECT_EQ(test, l.bad, 0UL);
	KUNIT_EXPECT_EQ(test, l.bytes, log->head - log->tail);
	KUNIT_EXPECT_LE(test, l.bytes, LOG_BUF_LEN);
	KUNIT_EXPECT_GT(test, l.bytes, LOG_BUF_LEN - 400);
}

static void printk_warn_test(struct kunit *test)
{
	struct log_capture log;

	log_capture_start(&log);
	KUNIT_EXPECT_TRUE(test, WARN(1 + 1 == 2, "answer %d", 42));
	KUNIT_EXPECT_FALSE(test, WARN_ON(1 + 1 == 3));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "WARNING: CPU: "));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "printk_test.c:"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "answer 42\n"));
	KUNIT_EXPECT_FALSE(test, log_captured(&log, "1 + 1 == 3"));
}

static struct kunit_case printk_cases[] = {
	KUNIT_CASE(printk_lines_test),
	KUNIT_CASE(printk_cont_test),
	KUNIT_CASE(printk_long_test),
	KUNIT_CASE(printk_level_test),
	KUNIT_CASE(printk_wrap_test),
	KUNIT_CASE(printk_warn_test),
	{}
};

static struct kunit_suite printk_suite = {
	.name = "printk", .test_cases = printk_cases,
};
kunit_test_suite(printk_suite);
