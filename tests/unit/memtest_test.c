// SPDX-License-Identifier: MIT
/* arch/x86/mm/memtest_scan.c: words that misread are found, no others. */
#include <kunit/test.h>
#include <asm/memtest.h>

#define WORDS	64

static void memtest_finds_runs(struct kunit *test)
{
	u64 ram[WORDS];
	volatile u64 *p, *end = ram + WORDS;

	memtest_fill(ram, end, memtest_pattern(3));
	KUNIT_EXPECT_PTR_EQ(test, memtest_bad(ram, end, memtest_pattern(3)),
			    end);
	/* One bit in a run of three, and the last word. */
	ram[10] ^= 1;
	ram[11] ^= 1ULL << 63;
	ram[12] = ~ram[12];
	ram[WORDS - 1] ^= 4;
	p = memtest_bad(ram, end, memtest_pattern(3));
	KUNIT_EXPECT_PTR_EQ(test, p, &ram[10]);
	p = memtest_good(p, end, memtest_pattern(3));
	KUNIT_EXPECT_PTR_EQ(test, p, &ram[13]);
	p = memtest_bad(p, end, memtest_pattern(3));
	KUNIT_EXPECT_PTR_EQ(test, p, &ram[WORDS - 1]);
	KUNIT_EXPECT_PTR_EQ(test, memtest_good(p, end, memtest_pattern(3)),
			    end);
	KUNIT_EXPECT_PTR_EQ(test, memtest_bad(end, end, 0), end);
}

/* Each bit of a word is written both ways by the patterns. */
static void memtest_patterns_cover_bits(struct kunit *test)
{
	u64 ones = 0, zeros = 0;

	for (unsigned int i = 0; i < 17; i++) {
		ones |= memtest_pattern(i);
		zeros |= ~memtest_pattern(i);
	}
	KUNIT_EXPECT_EQ(test, ones, ~0ULL);
	KUNIT_EXPECT_EQ(test, zeros, ~0ULL);
	KUNIT_EXPECT_EQ(test, memtest_pattern(0), 0ULL);
	KUNIT_EXPECT_EQ(test, memtest_pattern(17), memtest_pattern(0));
}

static struct kunit_case memtest_cases[] = {
	KUNIT_CASE(memtest_finds_runs),
	KUNIT_CASE(memtest_patterns_cover_bits),
	{}
};

static struct kunit_suite memtest_suite = {
	.name = "memtest",
	.test_cases = memtest_cases,
};
kunit_test_suite(memtest_suite);
