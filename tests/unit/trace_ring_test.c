// SPDX-License-Identifier: MIT
/* A ring of records by itself: what is written, read, overwritten, dropped. */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../../kernel/trace/ring.h"

#define PAGES	RING_PAGES_MIN
#define WORDS	7U		/* of a record's payload, with the head 8 */
#define PER_PAGE (RING_WORDS / (WORDS + 1))

/* A ring of its own, with the memory of this case. */
static struct trace_ring *ring_make(struct kunit *test)
{
	struct trace_ring *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);
	u64 **pages = kunit_kcalloc(test, PAGES, sizeof(*pages), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, r);
	KUNIT_ASSERT_NOT_NULL(test, pages);
	for (i = 0; i < PAGES; i++) {
		pages[i] = kunit_kmalloc(test, PAGE_SIZE, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, pages[i]);
		/* What was there before is nothing to it. */
		memset(pages[i], 0xa5, PAGE_SIZE);
	}
	ring_open(r, pages, PAGES);
	return r;
}

static bool ring_put(struct trace_ring *r, u64 n, unsigned int words,
		     bool overwrite)
{
	u64 payload[TRACE_RECORD_MAX / 8];
	unsigned int i;
	bool written;

	for (i = 0; i < words; i++)
		payload[i] = n * 1000 + i;
	preempt_disable();
	written = ring_write(r, payload, words, overwrite);
	preempt_enable();
	return written;
}

/* Reads all there is; the number of the first and how many. */
static u64 ring_get(struct kunit *test, struct trace_ring *r, bool consume,
		    u64 *first)
{
	u64 payload[TRACE_RECORD_MAX / 8], head, n = 0;
	struct ring_reader rd;
	unsigned int i;

	ring_reader_start(&rd, r);
	while ((head = ring_reader_peek(&rd))) {
		if (!ring_reader_take(&rd, head, payload, consume))
			break;
		if (!n)
			*first = payload[0] / 1000;
		for (i = 0; i < RECORD_WORDS(head); i++)
			KUNIT_ASSERT_EQ(test, payload[i],
					(*first + n) * 1000 + i);
		n++;
	}
	KUNIT_EXPECT_STREQ(test, ring_check(r) ?: "", "");
	return n;
}

static void ring_read_test(struct kunit *test)
{
	struct trace_ring *r = ring_make(test);
	u64 first = 0, i;

	KUNIT_EXPECT_EQ(test, ring_get(test, r, false, &first), 0ULL);
	for (i = 0; i < 100; i++)
		KUNIT_EXPECT_TRUE(test, ring_put(r, i, 1 + i % 20, true));
	KUNIT_EXPECT_EQ(test, ring_get(test, r, false, &first), 100ULL);
	KUNIT_EXPECT_EQ(test, ring_entries(r), 100ULL);
	KUNIT_EXPECT_EQ(test, ring_get(test, r, true, &first), 100ULL);
	KUNIT_EXPECT_EQ(test, first, 0ULL);
	KUNIT_EXPECT_EQ(test, ring_get(test, r, true, &first), 0ULL);
	KUNIT_EXPECT_EQ(test, ring_entries(r), 0ULL);
	KUNIT_EXPECT_TRUE(test, ring_put(r, 100, 3, true));
	KUNIT_EXPECT_EQ(test, ring_get(test, r, false, &first), 1ULL);
	KUNIT_EXPECT_EQ(test, first, 100ULL);
}

static void ring_overwrite_test(struct kunit *test)
{
	struct trace_ring *r = ring_make(test);
	u64 first = 0, n, i;

	for (i = 0; i < 10 * PAGES * PER_PAGE; i++) {
		KUNIT_ASSERT_TRUE(test, ring_put(r, i, WORDS, true));
		if (i % 37)
			continue;
		n = ring_get(test, r, false, &first);
		KUNIT_ASSERT_EQ(test, first + n, i + 1);
		KUNIT_ASSERT_EQ(test, first, r->overrun);
		/* One page may be being cleared, the others are full. */
		KUNIT_ASSERT_GE(test, n, min(i + 1,
					     (u64)(PAGES - 1) * PER_PAGE));
	}
	KUNIT_EXPECT_EQ(test, r->dropped + r->nested, 0ULL);
}

static void ring_drop_test(struct kunit *test)
{
	struct trace_ring *r = ring_make(test);
	u64 first = 0, written = 0, i;

	for (i = 0; i < 2 * PAGES * PER_PAGE; i++)
		written += ring_put(r, i, WORDS, false);
	KUNIT_EXPECT_EQ(test, written, (u64)PAGES * PER_PAGE);
	KUNIT_EXPECT_EQ(test, r->dropped, 2 * PAGES * PER_PAGE - written);
	KUNIT_EXPECT_EQ(test, r->overrun, 0ULL);
	KUNIT_EXPECT_EQ(test, ring_get(test, r, true, &first), written);
	KUNIT_EXPECT_EQ(test, first, 0ULL);
	/* With all of it read there is room again. */
	KUNIT_EXPECT_TRUE(test, ring_put(r, 5, WORDS, false));
	KUNIT_EXPECT_EQ(test, ring_get(test, r, true, &first), 1ULL);
	KUNIT_EXPECT_EQ(test, first, 5ULL);
}

/* A record never lies on two pages, however long. */
static void ring_long_test(struct kunit *test)
{
	struct trace_ring *r = ring_make(test);
	u64 first = 0, i;

	for (i = 0; i < 200; i++)
		KUNIT_ASSERT_TRUE(test, ring_put(r, i, TRACE_RECORD_MAX / 8 -
						 (unsigned int)(i % 3), true));
	i = ring_get(test, r, true, &first);
	KUNIT_EXPECT_EQ(test, first + i, 200ULL);
	KUNIT_EXPECT_EQ(test, first, r->overrun);
}

/* Who was overtaken goes on with what is there. */
static void ring_overtaken_test(struct kunit *test)
{
	u64 payload[TRACE_RECORD_MAX / 8], head, i;
	struct trace_ring *r = ring_make(test);
	struct ring_reader rd;

	for (i = 0; i < PER_PAGE; i++)
		ring_put(r, i, WORDS, true);
	ring_reader_start(&rd, r);
	head = ring_reader_peek(&rd);
	KUNIT_EXPECT_NE(test, head, 0ULL);
	for (; i < PAGES * PER_PAGE + 1; i++)
		ring_put(r, i, WORDS, true);
	KUNIT_EXPECT_FALSE(test, ring_reader_take(&rd, head, payload, true));
	/* It wanted no more than there was when it started. */
	KUNIT_EXPECT_EQ(test, ring_reader_peek(&rd), 0ULL);
	KUNIT_EXPECT_TRUE(test, rd.lost);
	KUNIT_EXPECT_EQ(test, r->overrun, (u64)PER_PAGE);
	KUNIT_EXPECT_EQ(test, r->consumed, 0ULL);
	KUNIT_EXPECT_STREQ(test, ring_check(r) ?: "", "");
}

/* Closed, and without memory. */
static void ring_closed_test(struct kunit *test)
{
	struct trace_ring *r = ring_make(test);
	u64 first = 0;

	r->closed = 1;
	KUNIT_EXPECT_FALSE(test, ring_put(r, 1, WORDS, true));
	r->closed = 0;
	KUNIT_EXPECT_EQ(test, r->dropped, 1ULL);
	KUNIT_EXPECT_EQ(test, ring_get(test, r, false, &first), 0ULL);
	ring_open(r, NULL, 0);
	KUNIT_EXPECT_FALSE(test, ring_put(r, 1, WORDS, true));
	KUNIT_EXPECT_EQ(test, ring_entries(r), 0ULL);
}

/* What ring_check() is to find. */
static void ring_damage_test(struct kunit *test)
{
	struct trace_ring *r = ring_make(test);
	u64 i, was;

	for (i = 0; i < 20; i++)
		ring_put(r, i, WORDS, true);
	KUNIT_EXPECT_STREQ(test, ring_check(r) ?: "", "");
	was = r->pages[0][WORDS + 1];
	r->pages[0][WORDS + 1] = 0;
	KUNIT_EXPECT_STREQ(test, ring_check(r) ?: "",
			   "I3: a record is not committed");
	r->pages[0][WORDS + 1] = RECORD_HEAD(1ULL, WORDS);
	KUNIT_EXPECT_STREQ(test, ring_check(r) ?: "",
			   "I4: the time runs back");
	r->pages[0][WORDS + 1] = was;
	r->written++;
	KUNIT_EXPECT_STREQ(test, ring_check(r) ?: "",
			   "I5: records are not accounted for");
	r->written--;
	r->read = r->pos + 8;
	KUNIT_EXPECT_STREQ(test, ring_check(r) ?: "",
			   "I2: more was consumed than was written");
	r->read = 0;
	r->ready += 3;
	KUNIT_EXPECT_STREQ(test, ring_check(r) ?: "",
			   "I1: pages that are ready are not those up to pos");
}

static struct kunit_case ring_cases[] = {
	KUNIT_CASE(ring_read_test),
	KUNIT_CASE(ring_overwrite_test),
	KUNIT_CASE(ring_drop_test),
	KUNIT_CASE(ring_long_test),
	KUNIT_CASE(ring_overtaken_test),
	KUNIT_CASE(ring_closed_test),
	KUNIT_CASE(ring_damage_test),
	{}
};

static struct kunit_suite ring_suite = {
	.name = "trace_ring",
	.test_cases = ring_cases,
};
kunit_test_suite(ring_suite);
