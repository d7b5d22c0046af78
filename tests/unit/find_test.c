// SPDX-License-Identifier: MIT
/* Searches in arrays of bits, and bits of words, against naive loops. */
#include <kunit/test.h>

#include <linux/bitops.h>
#include <linux/find.h>

#include <octavo/random.h>

#define BITS	192

static unsigned long naive_next(const unsigned long *map, unsigned long size,
				unsigned long from, bool value)
{
	for (; from < size; from++)
		if (test_bit(from, map) == value)
			return from;
	return size;
}

static void find_next_test(struct kunit *test)
{
	unsigned long map[BITS_TO_LONGS(BITS)], size, from, last, i;
	u64 random = test->seed;
	int turn;

	for (turn = 0; turn < 3000; turn++) {
		bool sparse = turn % 2;

		for (i = 0; i < BITS_TO_LONGS(BITS); i++) {
			map[i] = (unsigned long)(random_next(&random) &
						 random_next(&random) &
						 random_next(&random) &
						 random_next(&random));
			if (!sparse)
				map[i] = ~map[i];
			if (turn % 7 == 0)
				map[i] = 0;
		}
		size = random_below(&random, BITS + 1);
		from = random_below(&random, BITS + 1);
		KUNIT_ASSERT_EQ(test, find_next_bit(map, size, from),
				naive_next(map, size, from, true));
		KUNIT_ASSERT_EQ(test, find_next_zero_bit(map, size, from),
				naive_next(map, size, from, false));
		for (last = size, i = 0; i < size; i++)
			if (test_bit(i, map))
				last = i;
		KUNIT_ASSERT_EQ(test, find_last_bit(map, size), last);
	}
}

static void find_walk_test(struct kunit *test)
{
	unsigned long map[BITS_TO_LONGS(BITS)] = { 0 }, bit, sum = 0;

	for_each_set_bit(bit, map, BITS)
		sum++;
	KUNIT_EXPECT_EQ(test, sum, 0UL);
	__set_bit(0, map);
	__set_bit(64, map);
	__set_bit(191, map);
	for_each_set_bit(bit, map, BITS)
		sum += bit;
	KUNIT_EXPECT_EQ(test, sum, 255UL);
	__clear_bit(0, map);
	KUNIT_EXPECT_EQ(test, find_first_bit(map, BITS), 64UL);
	KUNIT_EXPECT_EQ(test, find_first_zero_bit(map, BITS), 0UL);
}

static void find_word_test(struct kunit *test)
{
	unsigned long map[1] = { 0 };
	int i;

	KUNIT_EXPECT_EQ(test, fls(0), 0);
	KUNIT_EXPECT_EQ(test, fls64(0), 0);
	for (i = 0; i < 64; i++) {
		KUNIT_EXPECT_EQ(test, fls64(1ULL << i), i + 1);
		KUNIT_EXPECT_EQ(test, hweight64(GENMASK_ULL(63, i)),
				(unsigned int)(64 - i));
	}
	for (i = 0; i < BITS_PER_LONG; i++) {
		KUNIT_EXPECT_EQ(test, __ffs(BIT(i)), (unsigned long)i);
		KUNIT_EXPECT_EQ(test, __fls(BIT(i)), (unsigned long)i);
		KUNIT_EXPECT_FALSE(test, test_and_set_bit((unsigned long)i, map));
		KUNIT_EXPECT_TRUE(test, test_and_set_bit((unsigned long)i, map));
		KUNIT_EXPECT_EQ(test, hweight_long(map[0]), 1U);
		KUNIT_EXPECT_TRUE(test, test_and_clear_bit((unsigned long)i, map));
		KUNIT_EXPECT_FALSE(test, test_and_clear_bit((unsigned long)i, map));
	}
}

static struct kunit_case find_cases[] = {
	KUNIT_CASE(find_next_test),
	KUNIT_CASE(find_walk_test),
	KUNIT_CASE(find_word_test),
	{}
};

static struct kunit_suite find_suite = {
	.name = "find", .test_cases = find_cases,
};
kunit_test_suite(find_suite);
