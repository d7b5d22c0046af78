// SPDX-License-Identifier: MIT
/* arch/x86/mm/mem_range.c: cutting RAM by page size, the set of mapped PFNs. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <asm/mem_range.h>
#include <asm/page.h>

#define K	1024ULL
#define M	(1024 * K)
#define G	(1024 * M)
/* A large page: 4 MiB where page tables have two levels. */
#define L	((phys_addr_t)1 << PMD_SHIFT)
#define LARGE	(PMD_SHIFT == 22 ? "4M" : "2M")
#define SIZES_2M	(1U << PG_LEVEL_2M)
#define SIZES_1G	(SIZES_2M | 1U << PG_LEVEL_1G)

struct want {
	phys_addr_t start, end;
	const char *size;
};

static void expect_split(struct kunit *test, phys_addr_t start,
			 phys_addr_t end, unsigned int mask,
			 const struct want *want, int n)
{
	struct map_range mr[NR_RANGE_MR];
	int nr = split_mem_range(mr, start, end, mask);

	KUNIT_ASSERT_EQ(test, nr, n);
	for (int i = 0; i < n; i++) {
		KUNIT_EXPECT_EQ(test, mr[i].start, want[i].start);
		KUNIT_EXPECT_EQ(test, mr[i].end, want[i].end);
		KUNIT_EXPECT_STREQ(test, page_size_string(&mr[i]),
				   want[i].size);
	}
}

#define EXPECT_SPLIT(start, end, mask, ...) do {			\
	static const struct want __w[] = { __VA_ARGS__ };		\
	expect_split(test, start, end, mask, __w, ARRAY_SIZE(__w));	\
} while (0)

static void split_known_ranges(struct kunit *test)
{
	/* All five pieces. */
	EXPECT_SPLIT(G - L - M - 4 * K, 2 * G + 2 * L + M, SIZES_1G,
		     { G - L - M - 4 * K, G - L, "4k" },
		     { G - L, G, LARGE }, { G, 2 * G, "1G" },
		     { 2 * G, 2 * G + 2 * L, LARGE },
		     { 2 * G + 2 * L, 2 * G + 2 * L + M, "4k" });
	/* ISA range; a range within one large page; exactly one. */
	EXPECT_SPLIT(0, M, SIZES_1G, { 0, M, "4k" });
	EXPECT_SPLIT(M, M + 900 * K, SIZES_1G, { M, M + 900 * K, "4k" });
	EXPECT_SPLIT(L, 2 * L, SIZES_1G, { L, 2 * L, LARGE });
	EXPECT_SPLIT(G, 4 * G, SIZES_1G, { G, 4 * G, "1G" });
	/* Crosses a boundary without filling either side. */
	EXPECT_SPLIT(2 * L - M, 2 * L + M, SIZES_1G,
		     { 2 * L - M, 2 * L + M, "4k" });
	/* Without 1G, and without any large page, pieces melt together. */
	EXPECT_SPLIT(M, 3 * G + M, SIZES_2M, { M, L, "4k" },
		     { L, 3 * G, LARGE }, { 3 * G, 3 * G + M, "4k" });
	EXPECT_SPLIT(M, 3 * G + M, 0, { M, 3 * G + M, "4k" });
	/* 1G without 2M: the pieces around are 4K. */
	EXPECT_SPLIT(M, 2 * G, 1U << PG_LEVEL_1G, { M, G, "4k" },
		     { G, 2 * G, "1G" });
	KUNIT_EXPECT_EQ(test, split_mem_range(NULL, M, M, SIZES_1G), 0);
}

/* Whatever the range: no gap, in order, each piece aligned to its size. */
static void split_covers_any_range(struct kunit *test)
{
	u64 rng = test->seed * 2 + 1;

	for (int i = 0; i < 20000; i++) {
		struct map_range mr[NR_RANGE_MR];
		phys_addr_t start, end, pos;
		unsigned int mask;
		int n, j;

		rng = rng * 6364136223846793005ULL + 1442695040888963407ULL;
		start = (rng >> 20) % (1ULL << (13 + (rng >> 33) % 31)) &
			PAGE_MASK;
		rng = rng * 6364136223846793005ULL + 1442695040888963407ULL;
		end = start + ((rng >> 20) % (1ULL << (13 + (rng >> 33) % 31)) &
			       PAGE_MASK);
		mask = (rng >> 60) & SIZES_1G;
		n = split_mem_range(mr, start, end, mask);
		KUNIT_ASSERT_TRUE(test, n <= NR_RANGE_MR);
		for (j = 0, pos = start; j < n; j++) {
			u64 size = mr[j].page_size_mask & (1U << PG_LEVEL_1G) ?
				G : mr[j].page_size_mask ? 2 * M : 4 * K;

			KUNIT_ASSERT_EQ(test, mr[j].start, pos);
			KUNIT_ASSERT_TRUE(test, mr[j].start < mr[j].end);
			KUNIT_ASSERT_EQ(test, mr[j].page_size_mask & ~mask, 0U);
			KUNIT_ASSERT_EQ(test, (mr[j].start | mr[j].end) %
					size, 0ULL);
			pos = mr[j].end;
		}
		KUNIT_ASSERT_EQ(test, pos, end);
	}
}

static void pfn_ranges_merge(struct kunit *test)
{
	struct pfn_range room[4];
	struct pfn_range_set set = { .max = 4, .range = room };

	KUNIT_EXPECT_EQ(test, pfn_range_set_add(&set, 5, 5), 0);
	KUNIT_EXPECT_EQ(test, set.nr, 0);
	KUNIT_EXPECT_TRUE(test, pfn_range_set_covers(&set, 9, 9));
	KUNIT_EXPECT_FALSE(test, pfn_range_set_covers(&set, 9, 10));
	/* From the top down, as the direct map grows. */
	for (unsigned long pfn = 40; pfn; pfn -= 10) {
		KUNIT_EXPECT_EQ(test, pfn_range_set_add(&set, pfn, pfn + 5), 0);
		pfn_range_set_check(&set);
	}
	KUNIT_EXPECT_EQ(test, set.nr, 4);
	KUNIT_EXPECT_EQ(test, pfn_range_set_add(&set, 100, 110), -ENOSPC);
	KUNIT_EXPECT_EQ(test, pfn_range_set_add(&set, 15, 20), 0);
	pfn_range_set_check(&set);
	KUNIT_EXPECT_EQ(test, set.nr, 3);
	KUNIT_EXPECT_TRUE(test, pfn_range_set_covers(&set, 10, 25));
	KUNIT_EXPECT_FALSE(test, pfn_range_set_covers(&set, 10, 26));
	KUNIT_EXPECT_FALSE(test, pfn_range_set_covers(&set, 9, 25));
	KUNIT_EXPECT_FALSE(test, pfn_range_set_covers(&set, 26, 27));
	/* One that swallows all, and one that lies within. */
	KUNIT_EXPECT_EQ(test, pfn_range_set_add(&set, 2, 90), 0);
	KUNIT_EXPECT_EQ(test, pfn_range_set_add(&set, 30, 31), 0);
	pfn_range_set_check(&set);
	KUNIT_EXPECT_EQ(test, set.nr, 1);
	KUNIT_EXPECT_TRUE(test, pfn_range_set_covers(&set, 2, 90));
}

static struct kunit_case split_mem_range_cases[] = {
	KUNIT_CASE(split_known_ranges),
	KUNIT_CASE(split_covers_any_range),
	KUNIT_CASE(pfn_ranges_merge),
	{}
};

static struct kunit_suite split_mem_range_suite = {
	.name = "split_mem_range",
	.test_cases = split_mem_range_cases,
};
kunit_test_suite(split_mem_range_suite);
