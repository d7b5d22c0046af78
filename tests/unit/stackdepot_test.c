// SPDX-License-Identifier: MIT
/*
 * Stacks: saved by the port, kept once in a depot of the test's own that
 * stands in for the machine's, lost when it is full.
 */
#include <linux/stackdepot.h>

#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

#include <octavo/machine.h>
#include <octavo/random.h>

#include "log_capture.h"
#include "text_capture.h"

#define POOL_BYTES	(64UL << 10)

static u64 pool[POOL_BYTES / sizeof(u64)];
static struct stack_depot machines_own;
static struct log_capture log;

static int depot_init(struct kunit *test)
{
	/* Nobody but page_owner saves stacks. */
	if (this_machine()->stack_depot.buckets)
		kunit_skip(test, "the machine has a depot of its own in use");
	machines_own = this_machine()->stack_depot;
	memset(pool, 0, sizeof(pool));
	stack_depot_setup(pool, sizeof(pool));
	return 0;
}

static void depot_exit(struct kunit *test)
{
	if (this_machine()->stack_depot.pool <= pool ||
	    this_machine()->stack_depot.pool > pool + ARRAY_SIZE(pool))
		return;		/* skipped */
	KUNIT_EXPECT_NULL(test, stack_depot_check());
	this_machine()->stack_depot = machines_own;
}

static long nr_stacks(void)
{
	return atomic_long_read(&this_machine()->stack_depot.nr_stacks);
}

static void once_test(struct kunit *test)
{
	const unsigned long a[] = { 1, 2, 3 }, b[] = { 1, 2, 4 };
	const unsigned long *found;
	depot_stack_handle_t ha = stack_depot_save(a, 3, 0);
	depot_stack_handle_t hb = stack_depot_save(b, 3, 0);
	depot_stack_handle_t prefix = stack_depot_save(a, 2, 0);

	KUNIT_EXPECT_NE(test, ha, 0);
	KUNIT_EXPECT_NE(test, ha, hb);
	KUNIT_EXPECT_NE(test, ha, prefix);
	KUNIT_EXPECT_EQ(test, stack_depot_save(a, 3, 0), ha);
	KUNIT_EXPECT_EQ(test, stack_depot_save(b, 3, 0), hb);
	KUNIT_EXPECT_EQ(test, nr_stacks(), 3);
	KUNIT_EXPECT_EQ(test, stack_depot_fetch(hb, &found), 3);
	KUNIT_EXPECT_TRUE(test, !memcmp(found, b, sizeof(b)));
	KUNIT_EXPECT_EQ(test, stack_depot_fetch(prefix, &found), 2);
}

static void none_test(struct kunit *test)
{
	const unsigned long *found, one = 1;

	KUNIT_EXPECT_EQ(test, stack_depot_save(&one, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, stack_depot_fetch(0, &found), 0);
	KUNIT_EXPECT_NULL(test, found);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, stack_depot_fetch(0x12345678, &found), 0);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "0x12345678 is no handle"));
}

static void many_test(struct kunit *test)
{
	static depot_stack_handle_t handles[200];
	unsigned long entries[16];
	u64 state;
	int round, i, n;

	for (round = 0; round < 2; round++) {
		state = test->seed;
		for (i = 0; i < 200; i++) {
			unsigned int nr = (unsigned int)
					  random_between(&state, 1, 16);
			depot_stack_handle_t h;

			for (n = 0; n < 16; n++)
				entries[n] = (unsigned long)random_next(&state);
			h = stack_depot_save(entries, nr, 0);
			KUNIT_EXPECT_NE(test, h, 0);
			if (round)
				KUNIT_EXPECT_EQ(test, h, handles[i]);
			handles[i] = h;
		}
	}
	KUNIT_EXPECT_EQ(test, nr_stacks(), 200);
	KUNIT_EXPECT_NULL(test, stack_depot_check());
}

static void full_test(struct kunit *test)
{
	struct stack_depot *d = &this_machine()->stack_depot;
	unsigned long entries[16] = { 0 };
	depot_stack_handle_t first = stack_depot_save(entries, 16, 0);
	long kept = 1, lost = 0;

	log_capture_start(&log);
	while (lost < 10) {
		entries[0]++;
		if (stack_depot_save(entries, 16, 0))
			kept++;
		else
			lost++;
	}
	log_capture_end(&log);
	/* 16 bytes and 16 entries each, beside the buckets. */
	KUNIT_EXPECT_EQ(test, kept, (long)((d->words - 1) /
			((16 + sizeof(entries)) / 8)));
	KUNIT_EXPECT_EQ(test, nr_stacks(), kept);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&d->nr_lost), lost);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			  "Stack depot reached limit capacity"));
	/* Said once, and what is there can still be found. */
	KUNIT_EXPECT_NULL(test, strstr(strstr(log.text, "limit capacity") + 1,
				       "limit capacity"));
	entries[0] = 0;
	KUNIT_EXPECT_EQ(test, stack_depot_save(entries, 16, 0), first);
}

static void counts_test(struct kunit *test)
{
	static const long counts[] = { 3, 0, 7, 3, 9 }, want[] = { 9, 7, 3, 3 };
	depot_stack_handle_t h, last = 0;
	unsigned long entry;
	long n = LONG_MAX;
	int i;

	for (entry = 0; entry < ARRAY_SIZE(counts); entry++)
		stack_depot_count(stack_depot_save(&entry, 1, 0),
				  counts[entry]);
	stack_depot_count(0, 100);
	KUNIT_EXPECT_EQ(test, stack_depot_counted(), 22);
	for (i = 0, h = 0; (h = stack_depot_next_counted(&n, h)); i++) {
		KUNIT_ASSERT_TRUE(test, i < (int)ARRAY_SIZE(want));
		KUNIT_EXPECT_EQ(test, n, want[i]);
		KUNIT_EXPECT_NE(test, h, last);
		last = h;
	}
	KUNIT_EXPECT_EQ(test, i, (int)ARRAY_SIZE(want));
}

static noinline unsigned int save_here(unsigned long *entries,
				       unsigned int skip)
{
	unsigned int n = stack_trace_save(entries, 8, skip);

	barrier();
	return n;
}

static void save_test(struct kunit *test)
{
	unsigned long all[8] = { 0 }, one[8] = { 0 };
	unsigned int n = save_here(all, 0), m = save_here(one, 1);
	char text[256];

	KUNIT_ASSERT_TRUE(test, n >= 3 && n <= 8);
	KUNIT_EXPECT_TRUE(test, m >= n - 1);
	stack_trace_snprint(text, sizeof(text), all, 2, 0);
	KUNIT_EXPECT_TRUE(test, !strncmp(text, " save_here+0x", 13));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "\n save_test+0x"));
	stack_trace_snprint(text, sizeof(text), one, 1, 2);
	KUNIT_EXPECT_TRUE(test, !strncmp(text, "   save_test+0x", 15));
	/* No more than there is room for. */
	stack_trace_snprint(text, 8, all, 2, 0);
	KUNIT_EXPECT_STREQ(test, text, " save_h");
}

static void show_test(struct kunit *test)
{
	struct text_capture *c = text_capture_start();
	unsigned long entries[8];
	unsigned int n = save_here(entries, 0);

	stack_depot_show(&c->m, stack_depot_save(entries, n, 0));
	KUNIT_EXPECT_TRUE(test, !strncmp(c->text, " save_here+0x", 13));
	log_capture_start(&log);
	stack_depot_print(stack_depot_save(entries, n, 0));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, " save_here+0x"));
}

static struct kunit_case stackdepot_cases[] = {
	KUNIT_CASE(once_test),
	KUNIT_CASE(none_test),
	KUNIT_CASE(many_test),
	KUNIT_CASE(full_test),
	KUNIT_CASE(counts_test),
	KUNIT_CASE(save_test),
	KUNIT_CASE(show_test),
	{ 0 }
};

static struct kunit_suite stackdepot_suite = {
	.name = "stackdepot",
	.init = depot_init,
	.exit = depot_exit,
	.test_cases = stackdepot_cases,
};
kunit_test_suite(stackdepot_suite);
