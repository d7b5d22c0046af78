// SPDX-License-Identifier: MIT
/* Text on its way to a reader. */
#include <kunit/test.h>

#include <linux/seq_file.h>

#include "text_capture.h"

static void seq_file_write_test(struct kunit *test)
{
	struct text_capture *c = text_capture_start();
	struct seq_file *m = &c->m;

	seq_printf(m, "%s %d\n", "a", 1);
	seq_puts(m, "two");
	seq_putc(m, ' ');
	seq_write(m, "three!", 5);
	seq_puts(m, "");
	KUNIT_EXPECT_STREQ(test, c->text, "a 1\ntwo three");
	KUNIT_EXPECT_EQ(test, m->count, 13UL);
	KUNIT_EXPECT_EQ(test, c->pieces, 4U);
}

static void seq_file_long_test(struct kunit *test)
{
	struct text_capture *c = text_capture_start();

	seq_printf(&c->m, "%*d", SEQ_LINE_MAX, 1);
	KUNIT_EXPECT_EQ(test, c->m.count, (size_t)SEQ_LINE_MAX);
	KUNIT_EXPECT_EQ(test, c->len, (size_t)SEQ_LINE_MAX);
}

static struct kunit_case seq_file_cases[] = {
	KUNIT_CASE(seq_file_write_test),
	KUNIT_CASE(seq_file_long_test),
	{}
};

static struct kunit_suite seq_file_suite = {
	.name = "seq_file", .test_cases = seq_file_cases,
};
kunit_test_suite(seq_file_suite);
