// SPDX-License-Identifier: MIT
/*
 * Memory and string calls. In a booted kernel these are lib/string.c; on the
 * host the C names are the C library's, which checks the tests themselves.
 */
#include <kunit/test.h>

#include <linux/ctype.h>

#include <octavo/random.h>

#define ROOM	96

/* Every offset and length up to four words, against a byte-wise oracle. */
static void string_copy_test(struct kunit *test)
{
	u8 src[ROOM], dst[ROOM], want[ROOM];
	size_t i, from, to, n;

	for (i = 0; i < ROOM; i++)
		src[i] = (u8)(i + 1);
	for (from = 0; from < 9; from++)
		for (to = 0; to < 9; to++)
			for (n = 0; n < 33; n++) {
				memset(dst, 0xee, ROOM);
				for (i = 0; i < ROOM; i++)
					want[i] = i - to < n ?
						  src[i - to + from] : 0xee;
				KUNIT_ASSERT_TRUE(test, memcpy(dst + to,
					src + from, n) == dst + to);
				KUNIT_ASSERT_EQ(test, memcmp(dst, want, ROOM),
						0);
			}
}

static void string_move_test(struct kunit *test)
{
	u8 buf[ROOM], want[ROOM], old[ROOM];
	size_t i, from, to, n;

	for (from = 8; from < 24; from++)
		for (to = 8; to < 24; to++)
			for (n = 0; n < 40; n++) {
				for (i = 0; i < ROOM; i++)
					old[i] = buf[i] = want[i] = (u8)(i * 7);
				for (i = 0; i < n; i++)
					want[to + i] = old[from + i];
				memmove(buf + to, buf + from, n);
				KUNIT_ASSERT_EQ(test, memcmp(buf, want, ROOM),
						0);
			}
}

static void string_set_test(struct kunit *test)
{
	u8 buf[ROOM];
	size_t at, n, i, wrong;

	for (at = 0; at < 9; at++)
		for (n = 0; n < 40; n++) {
			for (i = 0; i < ROOM; i++)
				buf[i] = 0x11;
			memset(buf + at, 0x1a5, n);
			for (i = wrong = 0; i < ROOM; i++)
				wrong += buf[i] != (i - at < n ? 0xa5 : 0x11);
			KUNIT_ASSERT_EQ(test, wrong, 0UL);
		}
}

static void string_memcmp_test(struct kunit *test)
{
	u8 a[ROOM] = { 0 }, b[ROOM] = { 0 };
	size_t i;

	for (i = 0; i < ROOM; i++) {
		b[i] = 0xff;
		KUNIT_EXPECT_LT(test, memcmp(a, b, ROOM), 0);
		KUNIT_EXPECT_GT(test, memcmp(b, a, ROOM), 0);
		KUNIT_EXPECT_EQ(test, memcmp(a, b, i), 0);
		b[i] = 0;
	}
	KUNIT_EXPECT_PTR_EQ(test, memchr("abca", 'a', 4), memchr("abca", 'a', 1));
	KUNIT_EXPECT_NULL(test, memchr("abc", 'd', 3));
	KUNIT_EXPECT_NULL(test, memchr("abc", 'a', 0));
}

static void string_length_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, strlen(""), 0UL);
	KUNIT_EXPECT_EQ(test, strlen("octavo"), 6UL);
	KUNIT_EXPECT_EQ(test, strnlen("octavo", 3), 3UL);
	KUNIT_EXPECT_EQ(test, strnlen("octavo", 9), 6UL);
}

static void string_compare_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, strcmp("a", "a"), 0);
	KUNIT_EXPECT_LT(test, strcmp("a", "b"), 0);
	KUNIT_EXPECT_GT(test, strcmp("ab", "a"), 0);
	KUNIT_EXPECT_GT(test, strcmp("\xff", "a"), 0);
	KUNIT_EXPECT_EQ(test, strncmp("abc", "abd", 2), 0);
	KUNIT_EXPECT_LT(test, strncmp("abc", "abd", 3), 0);
	KUNIT_EXPECT_EQ(test, strncmp("a", "b", 0), 0);
	KUNIT_EXPECT_EQ(test, strncasecmp("ABc", "abD", 2), 0);
	KUNIT_EXPECT_LT(test, strncasecmp("ABc", "abD", 3), 0);
}

static void string_find_test(struct kunit *test)
{
	const char *s = "path/to/file";

	KUNIT_EXPECT_PTR_EQ(test, strchr(s, '/'), s + 4);
	KUNIT_EXPECT_PTR_EQ(test, strrchr(s, '/'), s + 7);
	KUNIT_EXPECT_PTR_EQ(test, strchr(s, 0), s + 12);
	KUNIT_EXPECT_PTR_EQ(test, strrchr(s, 0), s + 12);
	KUNIT_EXPECT_NULL(test, strchr(s, 'x'));
	KUNIT_EXPECT_NULL(test, strrchr(s, 'x'));
	KUNIT_EXPECT_PTR_EQ(test, strstr(s, "to"), s + 5);
	KUNIT_EXPECT_PTR_EQ(test, strstr(s, ""), s);
	KUNIT_EXPECT_NULL(test, strstr(s, "files"));
	KUNIT_EXPECT_EQ(test, strspn("0x1f", "0x"), 2UL);
	KUNIT_EXPECT_EQ(test, strcspn("ab,c", ","), 2UL);
	KUNIT_EXPECT_EQ(test, strcspn("abc", ","), 3UL);
}

static void string_strscpy_test(struct kunit *test)
{
	char buf[4] = "zzz";

	KUNIT_EXPECT_EQ(test, strscpy(buf, "ab", sizeof(buf)), 2L);
	KUNIT_EXPECT_STREQ(test, buf, "ab");
	KUNIT_EXPECT_EQ(test, strscpy(buf, "abc", sizeof(buf)), 3L);
	KUNIT_EXPECT_EQ(test, strscpy(buf, "abcd", sizeof(buf)), -(long)E2BIG);
	KUNIT_EXPECT_STREQ(test, buf, "abc");
	KUNIT_EXPECT_EQ(test, strscpy(buf, "x", 0), -(long)E2BIG);
	KUNIT_EXPECT_STREQ(test, buf, "abc");
	KUNIT_EXPECT_EQ(test, strscpy(buf, "x", ~0UL), -(long)E2BIG);
}

static void string_trim_test(struct kunit *test)
{
	char s[] = " \t two words \n", blank[] = "  ";

	KUNIT_EXPECT_STREQ(test, strim(s), "two words");
	KUNIT_EXPECT_STREQ(test, strim(blank), "");
	KUNIT_EXPECT_STREQ(test, skip_spaces("\v x "), "x ");
}

static void string_memchr_inv_test(struct kunit *test)
{
	u8 buf[20];

	memset(buf, 7, sizeof(buf));
	KUNIT_EXPECT_NULL(test, memchr_inv(buf, 7, sizeof(buf)));
	buf[13] = 8;
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(buf, 7, sizeof(buf)), buf + 13);
	KUNIT_EXPECT_NULL(test, memchr_inv(buf, 7, 13));
}

static void string_ctype_test(struct kunit *test)
{
	int c, digits = 0, letters = 0, hex = 0, spaces = 0, prints = 0;

	for (c = -128; c < 256; c++) {
		digits += isdigit(c);
		letters += isalpha(c);
		hex += isxdigit(c);
		spaces += isspace(c);
		prints += isprint(c);
		KUNIT_EXPECT_EQ(test, tolower(toupper(c)), tolower(c));
	}
	KUNIT_EXPECT_EQ(test, digits, 10);
	KUNIT_EXPECT_EQ(test, letters, 52);
	KUNIT_EXPECT_EQ(test, hex, 22);
	KUNIT_EXPECT_EQ(test, spaces, 6);
	KUNIT_EXPECT_EQ(test, prints, 95);
}

/* The same seed gives the same numbers; neighbours give others. */
static void string_random_test(struct kunit *test)
{
	u64 a = 5, b = 5, c = 6, lo = 0, hi = 0;
	int i;

	for (i = 0; i < 100; i++) {
		u64 x = random_next(&a);

		KUNIT_EXPECT_EQ(test, x, random_next(&b));
		KUNIT_EXPECT_NE(test, x, random_next(&c));
	}
	for (i = 0; i < 1000; i++) {
		u64 x = random_between(&a, 3, 6);

		KUNIT_ASSERT_TRUE(test, x >= 3 && x <= 6);
		lo += x == 3;
		hi += x == 6;
	}
	KUNIT_EXPECT_GT(test, lo, 100ULL);
	KUNIT_EXPECT_GT(test, hi, 100ULL);
}

static struct kunit_case string_cases[] = {
	KUNIT_CASE(string_copy_test),
	KUNIT_CASE(string_move_test),
	KUNIT_CASE(string_set_test),
	KUNIT_CASE(string_memcmp_test),
	KUNIT_CASE(string_length_test),
	KUNIT_CASE(string_compare_test),
	KUNIT_CASE(string_find_test),
	KUNIT_CASE(string_strscpy_test),
	KUNIT_CASE(string_trim_test),
	KUNIT_CASE(string_memchr_inv_test),
	KUNIT_CASE(string_ctype_test),
	KUNIT_CASE(string_random_test),
	{}
};

static struct kunit_suite string_suite = {
	.name = "string", .test_cases = string_cases,
};
kunit_test_suite(string_suite);
