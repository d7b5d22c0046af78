// SPDX-License-Identifier: MIT
/* The booted kernel's table of its own text symbols. */
#include <kunit/test.h>
#include <linux/kallsyms.h>
#include <linux/string.h>

static int some_data = 1;

static noinline int kallsyms_probe(int x)
{
	return x + some_data;
}

static void test_kallsyms_table(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, kallsyms_check() ?: "sound", "sound");
}

static void test_kallsyms_lookup(struct kunit *test)
{
	unsigned long at = (unsigned long)kallsyms_probe;
	unsigned long offset = 99, size = 0;
	const char *name = kallsyms_lookup(at, &offset, &size);

	KUNIT_ASSERT_NOT_NULL(test, name);
	KUNIT_EXPECT_STREQ(test, name, "kallsyms_probe");
	KUNIT_EXPECT_EQ(test, offset, 0);
	KUNIT_ASSERT_TRUE(test, size > 1 && size < 4096);

	name = kallsyms_lookup(at + size - 1, &offset, NULL);
	KUNIT_EXPECT_STREQ(test, name, "kallsyms_probe");
	KUNIT_EXPECT_EQ(test, offset, size - 1);
	name = kallsyms_lookup(at + size, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, !name || strcmp(name, "kallsyms_probe"));
	KUNIT_EXPECT_EQ(test, kallsyms_probe(1), 2);
}

static void test_kallsyms_outside(struct kunit *test)
{
	unsigned long offset = 99;

	KUNIT_EXPECT_NULL(test, kallsyms_lookup(0, &offset, NULL));
	KUNIT_EXPECT_NULL(test, kallsyms_lookup(~0UL, &offset, NULL));
	KUNIT_EXPECT_NULL(test, kallsyms_lookup((unsigned long)&some_data,
						&offset, NULL));
	KUNIT_EXPECT_NULL(test, kallsyms_lookup((unsigned long)&offset,
						&offset, NULL));
	KUNIT_EXPECT_EQ(test, offset, 99);
}

static struct kunit_case kallsyms_cases[] = {
	KUNIT_CASE(test_kallsyms_table),
	KUNIT_CASE(test_kallsyms_lookup),
	KUNIT_CASE(test_kallsyms_outside),
	{}
};

static struct kunit_suite kallsyms_suite = {
	.name = "kallsyms",
	.test_cases = kallsyms_cases,
};
kunit_test_suite(kallsyms_suite);
