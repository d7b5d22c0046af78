// SPDX-License-Identifier: MIT
/* Arrays of bits against arrays of bool, at every length up to three words. */
#include <kunit/test.h>

#include <linux/bitmap.h>
#include <linux/log2.h>
#include <linux/math.h>

#include <octavo/random.h>

#define BITS	200
#define WORDS	BITS_TO_LONGS(BITS)

struct bits {
	DECLARE_BITMAP(map, BITS);
	bool set[BITS];
};

static void bits_fill(struct bits *b, unsigned int nbits, u64 *random)
{
	unsigned int i;

	/* What lies past the end must not matter: make it noise. */
	for (i = 0; i < WORDS; i++)
		b->map[i] = (unsigned long)random_next(random) &
			    (unsigned long)random_next(random);
	for (i = 0; i < nbits; i++)
		b->set[i] = test_bit(i, b->map);
}

static bool bits_same(const unsigned long *map, const bool *set,
		      unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < nbits; i++)
		if (test_bit(i, map) != set[i])
			return false;
	/* Bits past the end of a result are zero. */
	for (; i < BITS_TO_LONGS(nbits) * BITS_PER_LONG; i++)
		if (test_bit(i, map))
			return false;
	return true;
}

static void bitmap_pair_test(struct kunit *test)
{
	unsigned long dst[WORDS];
	struct bits a, b;
	bool want[BITS];
	u64 random = test->seed;
	unsigned int n, i;

	for (n = 1; n <= 192; n++) {
		unsigned int weight = 0;
		bool equal = true, subset = true, intersects = false;

		bits_fill(&a, n, &random);
		bits_fill(&b, n, &random);
		for (i = 0; i < n; i++) {
			weight += a.set[i];
			equal &= a.set[i] == b.set[i];
			subset &= !a.set[i] || b.set[i];
			intersects |= a.set[i] && b.set[i];
			want[i] = a.set[i] && b.set[i];
		}
		KUNIT_EXPECT_EQ(test, bitmap_weight(a.map, n), weight);
		KUNIT_EXPECT_EQ(test, bitmap_equal(a.map, b.map, n), equal);
		KUNIT_EXPECT_EQ(test, bitmap_subset(a.map, b.map, n), subset);
		KUNIT_EXPECT_EQ(test, bitmap_intersects(a.map, b.map, n),
				intersects);
		KUNIT_EXPECT_EQ(test, bitmap_empty(a.map, n), weight == 0);
		KUNIT_EXPECT_EQ(test, bitmap_full(a.map, n), weight == n);
		bitmap_and(dst, a.map, b.map, n);
		KUNIT_EXPECT_TRUE(test, bits_same(dst, want, n));
		KUNIT_EXPECT_TRUE(test, bitmap_subset(dst, a.map, n));
		for (i = 0; i < n; i++)
			want[i] = a.set[i] || b.set[i];
		bitmap_or(dst, a.map, b.map, n);
		KUNIT_EXPECT_TRUE(test, bits_same(dst, want, n));
		for (i = 0; i < n; i++)
			want[i] = a.set[i] && !b.set[i];
		bitmap_andnot(dst, a.map, b.map, n);
		KUNIT_EXPECT_TRUE(test, bits_same(dst, want, n));
		bitmap_copy(dst, a.map, n);
		KUNIT_EXPECT_TRUE(test, bits_same(dst, a.set, n));
		KUNIT_EXPECT_TRUE(test, bitmap_equal(dst, a.map, n));
	}
}

static void bitmap_range_test(struct kunit *test)
{
	unsigned long map[WORDS];
	bool want[BITS];
	u64 random = test->seed;
	unsigned int i, turn;

	bitmap_zero(map, BITS);
	memset(want, 0, sizeof(want));
	for (turn = 0; turn < 2000; turn++) {
		unsigned int start = (unsigned int)random_below(&random, BITS);
		unsigned int len = (unsigned int)random_below(&random,
							BITS - start + 1);
		bool set = turn % 2;

		if (set)
			bitmap_set(map, start, len);
		else
			bitmap_clear(map, start, len);
		for (i = start; i < start + len; i++)
			want[i] = set;
		KUNIT_ASSERT_TRUE(test, bits_same(map, want, BITS));
	}
	bitmap_fill(map, BITS_PER_LONG + 6);
	KUNIT_EXPECT_TRUE(test, bitmap_full(map, BITS_PER_LONG + 6));
	KUNIT_EXPECT_EQ(test, bitmap_weight(map, BITS_PER_LONG + 6),
			BITS_PER_LONG + 6U);
	KUNIT_EXPECT_EQ(test, map[1], 0x3fUL);
}

static void bitmap_parselist_test(struct kunit *test)
{
	static const struct {
		const char *text, *list;
		int err;
	} lines[] = {
		{ "", "", 0 }, { "0", "0", 0 }, { "0-3,8", "0-3,8", 0 },
		{ " 5,4 \n", "4-5", 0 }, { "99", "99", 0 },
		{ "100", NULL, -ERANGE }, { "3-1", NULL, -ERANGE },
		{ "0-100", NULL, -ERANGE }, { "1,", NULL, -EINVAL },
		{ ",1", NULL, -EINVAL }, { "a", NULL, -EINVAL },
		{ "1-", NULL, -EINVAL }, { "1 2", NULL, -EINVAL },
		{ "-1", NULL, -EINVAL },
		{ "4294967296", NULL, -ERANGE },
	};
	unsigned long map[WORDS];
	char text[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		int err = bitmap_parselist(lines[i].text, map, 100);

		KUNIT_CHECK(test, err == lines[i].err, 0, "\"%s\": %d",
			    lines[i].text, err);
		if (lines[i].err)
			continue;
		scnprintf(text, sizeof(text), "%*pbl", 100, map);
		KUNIT_EXPECT_STREQ(test, text, lines[i].list);
	}
}

/* Of the largest word. */
#define ROOT_MAX	(ULONG_MAX >> BITS_PER_LONG / 2)

static void bitmap_sqrt_test(struct kunit *test)
{
	u64 random = test->seed;
	int i;

	for (i = 0; i < 100000; i++) {
		unsigned long x = i < 1000 ? (unsigned long)i :
			(unsigned long)(random_next(&random) >>
					random_below(&random, 64));
		unsigned long r = int_sqrt(x);

		KUNIT_ASSERT_TRUE(test, r <= ROOT_MAX && r * r <= x);
		KUNIT_ASSERT_TRUE(test, r == ROOT_MAX ||
				  (r + 1) * (r + 1) > x);
	}
	KUNIT_EXPECT_EQ(test, int_sqrt(ULONG_MAX),
			(1UL << (BITS_PER_LONG / 2)) - 1);
	KUNIT_EXPECT_EQ(test, ilog2(1), 0);
	KUNIT_EXPECT_EQ(test, ilog2(1ULL << 63), 63);
	KUNIT_EXPECT_EQ(test, roundup_pow_of_two(5), 8UL);
	KUNIT_EXPECT_EQ(test, rounddown_pow_of_two(5), 4UL);
}

static struct kunit_case bitmap_cases[] = {
	KUNIT_CASE(bitmap_pair_test),
	KUNIT_CASE(bitmap_range_test),
	KUNIT_CASE(bitmap_parselist_test),
	KUNIT_CASE(bitmap_sqrt_test),
	{}
};

static struct kunit_suite bitmap_suite = {
	.name = "bitmap", .test_cases = bitmap_cases,
};
kunit_test_suite(bitmap_suite);
