// SPDX-License-Identifier: MIT
/* Text formatting: C99's conversions and the pointer extensions. */
#include <kunit/test.h>

#include <linux/bitmap.h>
#include <linux/range.h>

#include "by_width.h"

/* The text, the returned length, and every cut of it. */
static void __printf(3, 4) expect_text(struct kunit *test, const char *want,
				       const char *fmt, ...)
{
	char buf[128], cut[128];
	size_t len = strlen(want), size;
	va_list args, again;
	int n;

	va_start(args, fmt);
	va_copy(again, args);
	memset(buf, '~', sizeof(buf));
	n = vsnprintf(buf, sizeof(buf), fmt, again);
	va_end(again);
	KUNIT_EXPECT_STREQ(test, buf, want);
	KUNIT_EXPECT_EQ(test, (size_t)n, len);
	for (size = 0; size <= len; size++) {
		memset(cut, '~', sizeof(cut));
		va_copy(again, args);
		n = vsnprintf(cut, size, fmt, again);
		va_end(again);
		KUNIT_EXPECT_EQ(test, (size_t)n, len);
		if (size) {
			KUNIT_EXPECT_EQ(test, strlen(cut), size - 1);
			KUNIT_EXPECT_EQ(test, memcmp(cut, want, size - 1), 0);
		}
		KUNIT_EXPECT_EQ(test, cut[size], '~');
	}
	va_end(args);
}

static void vsprintf_integer_test(struct kunit *test)
{
	expect_text(test, "0 1 -1", "%d %i %d", 0, 1, -1);
	expect_text(test, "2147483647 -2147483648", "%d %d", INT_MAX, INT_MIN);
	expect_text(test, "9223372036854775807 -9223372036854775808",
		    "%lld %lld", LLONG_MAX, LLONG_MIN);
	expect_text(test, "18446744073709551615 4294967295", "%llu %u",
		    ULLONG_MAX, UINT_MAX);
	expect_text(test, "1777777777777777777777", "%llo", ULLONG_MAX);
	expect_text(test, "ff FF 377", "%x %X %o", 255, 255, 255);
	expect_text(test, "4000000000", "%zu", (size_t)4000000000UL);
	expect_text(test, "-7 -7 -7", "%ld %jd %td", -7L,
		    (__INTMAX_TYPE__)-7, (ptrdiff_t)-7);
}

static void vsprintf_short_test(struct kunit *test)
{
	int wide = 0x1ff, wider = 0x1fffe;

	expect_text(test, "-1 255", "%hhd %hhu", (signed char)wide,
		    (unsigned char)wide);
	expect_text(test, "-2 65534", "%hd %hu", (short)wider,
		    (unsigned short)wider);
}

static void vsprintf_width_test(struct kunit *test)
{
	expect_text(test, "[   42]", "[%5d]", 42);
	expect_text(test, "[42   ]", "[%-5d]", 42);
	expect_text(test, "[00042]", "[%05d]", 42);
	expect_text(test, "[-0042]", "[%05d]", -42);
	expect_text(test, "[   42]", "[%*d]", 5, 42);
	expect_text(test, "[42   ]", "[%*d]", -5, 42);
	expect_text(test, "[+42] [ 42]", "[%+d] [% d]", 42, 42);
	expect_text(test, "[  042]", "[%5.3d]", 42);
	expect_text(test, "[042  ]", "[%-5.3d]", 42);
	expect_text(test, "[]", "[%.0d]", 0);
	expect_text(test, "[  042]", "[%*.*d]", 5, 3, 42);
	expect_text(test, "[42]", "[%.*d]", -1, 42);
	expect_text(test, "1234567", "%3d", 1234567);
}

static void vsprintf_prefix_test(struct kunit *test)
{
	expect_text(test, "0x2a 0X2A 052", "%#x %#X %#o", 42, 42, 42);
	expect_text(test, "0x0 0", "%#x %#o", 0, 0);
	expect_text(test, "00052 052 00052", "%#.5o %#.3o %#05o", 42, 42, 42);
	expect_text(test, "0x0000002a", "%#010x", 42);
	expect_text(test, "[mem 0x0000000000001000-0x000000000009efff]",
		    "[mem %#018llx-%#018llx]", 0x1000ULL, 0x9efffULL);
}

static void vsprintf_string_test(struct kunit *test)
{
	const char *none = test->priv;	/* NULL */
	char open[3] = { 'a', 'b', 'c' };

	expect_text(test, "a b", "%s %c", "a", 'b');
	expect_text(test, "[  ab] [ab  ]", "[%4s] [%-4s]", "ab", "ab");
	expect_text(test, "abc", "%.3s", open);
	expect_text(test, "[   a]", "[%4.1s]", "abc");
	expect_text(test, "(null)", "%s", none);
	expect_text(test, "[   x] 100%", "[%4c] %d%%", 'x', 100);
	expect_text(test, "", "%s", "");
}

/* What is no conversion stands as it is, and takes no argument. */
static void vsprintf_unknown_test(struct kunit *test)
{
	int (*format)(char *buf, size_t size, const char *fmt, ...) = snprintf;
	char buf[16];

	KUNIT_EXPECT_EQ(test, format(buf, sizeof(buf), "%y %d", 5), 4);
	KUNIT_EXPECT_STREQ(test, buf, "%y 5");
	KUNIT_EXPECT_EQ(test, format(buf, sizeof(buf), "%-3"), 3);
	KUNIT_EXPECT_STREQ(test, buf, "%-3");
	KUNIT_EXPECT_EQ(test, format(buf, sizeof(buf), "%"), 1);
	KUNIT_EXPECT_STREQ(test, buf, "%");
}

static void vsprintf_pointer_test(struct kunit *test)
{
	phys_addr_t pa = 0x12345;
	const struct range r = { 0x1000, 0x9fbff }, high = { 0, 0x123456789 };

	expect_text(test, POINTER_TEXT("00001234"), "%p", (void *)0x1234);
	expect_text(test, POINTER_TEXT("00001234"), "%px", (void *)0x1234);
	expect_text(test, "0x0000000000012345", "%pa", &pa);
	expect_text(test, "0x0000000000012345.", "%pap.", &pa);
	expect_text(test, "[mem 0x00001000-0x0009fbff]", "%pR", &r);
	expect_text(test, "[mem 0x00000000-0x123456789]", "%pR", &high);
}

static void vsprintf_symbol_test(struct kunit *test)
{
	char text[64];

	/* An address in no function. */
	expect_text(test, "0x10", "%pS", (void *)0x10);
	expect_text(test, "0x10", "%ps", (void *)0x10);
	scnprintf(text, sizeof(text), "%ps", (void *)vsprintf_symbol_test);
	KUNIT_EXPECT_STREQ(test, text, "vsprintf_symbol_test");
	/* A return address is named by the call before it. */
	scnprintf(text, sizeof(text), "%pB", (char *)vsprintf_symbol_test + 1);
	KUNIT_EXPECT_TRUE(test, strstr(text, "vsprintf_symbol_test+0x1/0x"));
}

static void vsprintf_bitmap_test(struct kunit *test)
{
	DECLARE_BITMAP(map, 80) = { 0 };

	expect_text(test, "[]", "[%*pbl]", 80, map);
	expect_text(test, "0000,00000000,00000000", "%*pb", 80, map);
	bitmap_set(map, 0, 4);
	bitmap_set(map, 31, 2);
	bitmap_set(map, 79, 1);
	expect_text(test, "0-3,31-32,79", "%*pbl", 80, map);
	expect_text(test, "8000,00000001,8000000f", "%*pb", 80, map);
	expect_text(test, "7", "%*pb", 3, map);
	expect_text(test, "[]", "[%*pb]", 0, map);
}

static void vsprintf_scnprintf_test(struct kunit *test)
{
	char buf[4];

	KUNIT_EXPECT_EQ(test, scnprintf(buf, sizeof(buf), "%s", "abcdef"), 3);
	KUNIT_EXPECT_EQ(test, scnprintf(buf, sizeof(buf), "ab"), 2);
	KUNIT_EXPECT_EQ(test, scnprintf(buf, 0, "ab"), 0);
	KUNIT_EXPECT_EQ(test, sprintf(buf, "%d", 123), 3);
	KUNIT_EXPECT_STREQ(test, buf, "123");
}

/* A field wider than any buffer costs no more than the buffer. */
static void vsprintf_huge_width_test(struct kunit *test)
{
	int (*format)(char *buf, size_t size, const char *fmt, ...) = snprintf;
	volatile int widest = INT_MAX, negative = INT_MIN;
	char buf[8];

	KUNIT_EXPECT_EQ(test, format(buf, sizeof(buf), "%*d", widest, 1),
			INT_MAX);
	KUNIT_EXPECT_STREQ(test, buf, "       ");
	KUNIT_EXPECT_EQ(test, format(buf, sizeof(buf), "%*d%*d", negative, 1,
				     widest, 2), INT_MAX);
	KUNIT_EXPECT_STREQ(test, buf, "1      ");
}

static struct kunit_case vsprintf_cases[] = {
	KUNIT_CASE(vsprintf_integer_test),
	KUNIT_CASE(vsprintf_short_test),
	KUNIT_CASE(vsprintf_width_test),
	KUNIT_CASE(vsprintf_prefix_test),
	KUNIT_CASE(vsprintf_string_test),
	KUNIT_CASE(vsprintf_unknown_test),
	KUNIT_CASE(vsprintf_pointer_test),
	KUNIT_CASE(vsprintf_symbol_test),
	KUNIT_CASE(vsprintf_bitmap_test),
	KUNIT_CASE(vsprintf_scnprintf_test),
	KUNIT_CASE(vsprintf_huge_width_test),
	{}
};

static struct kunit_suite vsprintf_suite = {
	.name = "vsprintf", .test_cases = vsprintf_cases,
};
kunit_test_suite(vsprintf_suite);
