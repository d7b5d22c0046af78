// SPDX-License-Identifier: MIT
/* Numbers from text. */
#include <kunit/test.h>

#include <linux/kstrtox.h>

static void kstrtox_good_test(struct kunit *test)
{
	static const struct {
		const char *text;
		unsigned int base;
		u64 value;
	} good[] = {
		{ "0", 0, 0 }, { "10", 0, 10 }, { "010", 0, 8 },
		{ "0x1F", 0, 31 }, { "0X1f", 16, 31 }, { "1f\n", 16, 31 },
		{ "+7", 10, 7 }, { "18446744073709551615", 0, U64_MAX },
		{ "0xffffffffffffffff", 0, U64_MAX }, { "zz", 36, 1295 },
	};
	unsigned long long v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		KUNIT_EXPECT_EQ(test, kstrtoull(good[i].text, good[i].base,
						&v), 0);
		KUNIT_EXPECT_EQ(test, v, good[i].value);
	}
}

static void kstrtox_bad_test(struct kunit *test)
{
	static const char *const bad[] = {
		"", "\n", "x", "0x", "1 ", " 1", "1\n\n", "--1", "+", "9z",
		"-1", "1e3", "0x1g", "++1", "08",
	};
	unsigned long long v = 77;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_CHECK(test, kstrtoull(bad[i], 0, &v) == -EINVAL, 0,
			    "\"%s\" is no number", bad[i]);
	KUNIT_EXPECT_EQ(test, kstrtoull("18446744073709551616", 0, &v),
			-ERANGE);
	KUNIT_EXPECT_EQ(test, kstrtoull("99999999999999999999", 0, &v),
			-ERANGE);
	KUNIT_EXPECT_EQ(test, v, 77ULL);
}

static void kstrtox_narrow_test(struct kunit *test)
{
	unsigned int u = 5;
	unsigned long l;
	int i = 5;

	KUNIT_EXPECT_EQ(test, kstrtouint("4294967295", 0, &u), 0);
	KUNIT_EXPECT_EQ(test, u, UINT_MAX);
	KUNIT_EXPECT_EQ(test, kstrtouint("4294967296", 0, &u), -ERANGE);
	KUNIT_EXPECT_EQ(test, kstrtouint("-1", 0, &u), -EINVAL);
	KUNIT_EXPECT_EQ(test, kstrtoint("-2147483648", 0, &i), 0);
	KUNIT_EXPECT_EQ(test, i, INT_MIN);
	KUNIT_EXPECT_EQ(test, kstrtoint("2147483647", 0, &i), 0);
	KUNIT_EXPECT_EQ(test, i, INT_MAX);
	KUNIT_EXPECT_EQ(test, kstrtoint("2147483648", 0, &i), -ERANGE);
	KUNIT_EXPECT_EQ(test, kstrtoint("-2147483649", 0, &i), -ERANGE);
	KUNIT_EXPECT_EQ(test, kstrtoint("-", 0, &i), -EINVAL);
	KUNIT_EXPECT_EQ(test, kstrtoul("0x10", 0, &l), 0);
	KUNIT_EXPECT_EQ(test, l, 16UL);
	KUNIT_EXPECT_EQ(test, kstrtoul("", 0, &l), -EINVAL);
}

static void kstrtox_bool_test(struct kunit *test)
{
	static const char *const yes[] = { "y", "Yes", "1", "t", "on", "ON" };
	static const char *const no[] = { "n", "No", "0", "f", "off", "oF" };
	static const char *const bad[] = { "", "2", "o", "ok", "maybe" };
	size_t i;
	bool b;

	for (i = 0; i < ARRAY_SIZE(yes); i++)
		KUNIT_EXPECT_TRUE(test, !kstrtobool(yes[i], &b) && b);
	for (i = 0; i < ARRAY_SIZE(no); i++)
		KUNIT_EXPECT_TRUE(test, !kstrtobool(no[i], &b) && !b);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ(test, kstrtobool(bad[i], &b), -EINVAL);
	KUNIT_EXPECT_EQ(test, kstrtobool(NULL, &b), -EINVAL);
}

static void kstrtox_simple_test(struct kunit *test)
{
	const char *s = "123abc";
	char *end;

	KUNIT_EXPECT_EQ(test, simple_strtoul(s, &end, 10), 123UL);
	KUNIT_EXPECT_PTR_EQ(test, end, s + 3);
	KUNIT_EXPECT_EQ(test, simple_strtoull(s, &end, 16), 0x123abcULL);
	KUNIT_EXPECT_PTR_EQ(test, end, s + 6);
	KUNIT_EXPECT_EQ(test, simple_strtoull("0xg", &end, 0), 0ULL);
	KUNIT_EXPECT_STREQ(test, end, "xg");
	KUNIT_EXPECT_EQ(test, simple_strtoull("99999999999999999999", NULL, 0),
			U64_MAX);
}

static void kstrtox_memparse_test(struct kunit *test)
{
	static const struct {
		const char *text;
		u64 value;
		size_t used;
	} sizes[] = {
		{ "1", 1, 1 }, { "1k", 1024, 2 }, { "4M", 4 << 20, 2 },
		{ "2G@0", 2ULL << 30, 2 }, { "1T", 1ULL << 40, 2 },
		{ "1p", 1ULL << 50, 2 }, { "15E", 15ULL << 60, 3 },
		{ "16E", U64_MAX, 3 }, { "0x10K", 16384, 5 },
		{ "99999999999999999999", U64_MAX, 20 },
		{ "K", 0, 0 }, { "", 0, 0 }, { "-1", 0, 0 }, { "8q", 8, 1 },
	};
	size_t i;
	char *end;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		KUNIT_EXPECT_EQ(test, memparse(sizes[i].text, &end),
				sizes[i].value);
		KUNIT_EXPECT_EQ(test, (size_t)(end - sizes[i].text),
				sizes[i].used);
	}
}

static struct kunit_case kstrtox_cases[] = {
	KUNIT_CASE(kstrtox_good_test),
	KUNIT_CASE(kstrtox_bad_test),
	KUNIT_CASE(kstrtox_narrow_test),
	KUNIT_CASE(kstrtox_bool_test),
	KUNIT_CASE(kstrtox_simple_test),
	KUNIT_CASE(kstrtox_memparse_test),
	{}
};

static struct kunit_suite kstrtox_suite = {
	.name = "kstrtox", .test_cases = kstrtox_cases,
};
kunit_test_suite(kstrtox_suite);
