// SPDX-License-Identifier: MIT
/* Patterns, and heap sort. */
#include <kunit/test.h>

#include <linux/glob.h>
#include <linux/sort.h>

#include <octavo/random.h>

static void glob_table_test(struct kunit *test)
{
	static const struct {
		const char *pat, *str;
		bool match;
	} lines[] = {
		{ "", "", true }, { "", "a", false }, { "*", "", true },
		{ "*", "any", true }, { "a*", "abc", true },
		{ "*c", "abc", true }, { "a*c", "ac", true },
		{ "a*c", "acb", false }, { "?", "", false },
		{ "?", "x", true }, { "a?c", "abc", true },
		{ "*.*", "list.add", true }, { "*.*", "list", false },
		{ "**a**", "bab", true }, { "[a-c]x", "bx", true },
		{ "[a-c]x", "dx", false }, { "[!a-c]x", "dx", true },
		{ "[!a-c]x", "ax", false }, { "[]]", "]", true },
		{ "[a-]", "-", true }, { "[a", "[a", true },
		{ "\\*", "*", true }, { "\\*", "x", false },
		{ "\\", "\\", true }, { "a*b*c", "aXbXbXc", true },
		{ "a*b*c", "aXbXbX", false }, { "*aab", "aaaab", true },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++)
		KUNIT_CHECK(test, glob_match(lines[i].pat, lines[i].str) ==
			    lines[i].match, 0, "pattern \"%s\", text \"%s\"",
			    lines[i].pat, lines[i].str);
}

/* What an exponential matcher would not end: 30 stars, a text of 60. */
static void glob_time_test(struct kunit *test)
{
	char pat[64], str[64];
	int i;

	for (i = 0; i < 60; i++) {
		pat[i] = i % 2 ? 'a' : '*';
		str[i] = 'a';
	}
	pat[60] = 'b';
	pat[61] = str[60] = '\0';
	KUNIT_EXPECT_FALSE(test, glob_match(pat, str));
	str[59] = 'b';
	KUNIT_EXPECT_TRUE(test, glob_match(pat, str));
}

struct record {
	u8 key;
	u8 copy;	/* of key, to see that records stay whole */
	u8 pad;
};

static int record_cmp(const void *a, const void *b)
{
	return ((const struct record *)a)->key -
	       ((const struct record *)b)->key;
}

static void record_swap(void *a, void *b, int size)
{
	struct record t = *(struct record *)a;

	*(struct record *)a = *(struct record *)b;
	*(struct record *)b = t;
}

static void sort_random_test(struct kunit *test)
{
	unsigned int count[256], turn, i, n;
	struct record r[100];
	u64 random = test->seed;

	for (turn = 0; turn < 200; turn++) {
		memset(count, 0, sizeof(count));
		n = (unsigned int)random_below(&random, ARRAY_SIZE(r) + 1);
		for (i = 0; i < n; i++) {
			r[i].key = (u8)(random_next(&random) % (turn + 1));
			r[i].copy = r[i].key;
			count[r[i].key]++;
		}
		sort(r, n, sizeof(r[0]), record_cmp,
		     turn % 2 ? record_swap : NULL);
		for (i = 0; i < n; i++) {
			KUNIT_ASSERT_EQ(test, r[i].key, r[i].copy);
			KUNIT_ASSERT_TRUE(test, !i || r[i - 1].key <= r[i].key);
			count[r[i].key]--;
		}
		for (i = 0; i < 256; i++)
			KUNIT_ASSERT_EQ(test, count[i], 0U);
	}
}

static struct kunit_case glob_cases[] = {
	KUNIT_CASE(glob_table_test),
	KUNIT_CASE(glob_time_test),
	{}
};

static struct kunit_suite glob_suite = {
	.name = "glob", .test_cases = glob_cases,
};
kunit_test_suite(glob_suite);

static struct kunit_case sort_cases[] = {
	KUNIT_CASE(sort_random_test),
	{}
};

static struct kunit_suite sort_suite = {
	.name = "sort", .test_cases = sort_cases,
};
kunit_test_suite(sort_suite);
