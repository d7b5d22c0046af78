// SPDX-License-Identifier: MIT
/*
 * Contents of pages with init_on_alloc, init_on_free and page_poison, on
 * machines started with them; requests that fail by fail_page_alloc's files,
 * by number, on any.
 */
#include <kunit/test.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/poison.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/string.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>

#include "log_capture.h"
#include "page_snapshot.h"
#include "text_capture.h"

static struct page_snapshot before;
static struct log_capture log;

static const struct { const char *name; long first; } files[] = {
	{ "probability", 0 }, { "interval", 1 }, { "space", 0 }, { "times", 1 },
	{ "verbose", 2 }, { "ignore-gfp-highmem", 1 },
	{ "ignore-gfp-wait", 1 }, { "min-order", 1 },
};

static int debug_init(struct kunit *test)
{
	before = page_snapshot_take();
	return 0;
}

static void debug_exit(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		KUNIT_EXPECT_EQ(test, fail_page_write(files[i].name,
						      files[i].first), 0);
	page_snapshot_check(test, &before);
}

/* How many other pages may come before the one just freed. */
#define AGAIN_TRIES	64

/* Fills a page, frees it, and takes it once more; its bytes. */
static u8 *taken_again(struct kunit *test, gfp_t gfp, struct page **page)
{
	struct page *first = alloc_page(GFP_KERNEL), *others[AGAIN_TRIES];
	unsigned int n = 0;

	KUNIT_ASSERT_NOT_NULL(test, first);
	memset(page_address(first), 0x5a, PAGE_SIZE);
	__free_page(first);
	while ((*page = alloc_page(gfp)) != first && *page && n < AGAIN_TRIES)
		others[n++] = *page;
	while (n)
		__free_page(others[--n]);
	KUNIT_ASSERT_TRUE(test, *page == first);
	return page_address(first);
}

static void zeroed_test(struct kunit *test)
{
	struct page *page;
	u8 *p;

	p = taken_again(test, GFP_KERNEL, &page);
	KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, PAGE_SIZE));
	__free_page(page);
	page = alloc_pages(GFP_KERNEL, 5);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_NULL(test, memchr_inv(page_address(page), 0,
					   PAGE_SIZE << 5));
	__free_pages(page, 5);
}

static void poisoned_test(struct kunit *test)
{
	long bad = atomic_long_read(&this_machine()->page_alloc.nr_poison_bad);
	struct page *page;
	u8 *p;

	p = taken_again(test, GFP_KERNEL, &page);
	KUNIT_EXPECT_NULL(test, memchr_inv(p, PAGE_POISON, PAGE_SIZE));
	__free_page(page);
	p = taken_again(test, GFP_KERNEL | __GFP_ZERO, &page);
	KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, PAGE_SIZE));
	__free_page(page);
	/* Frames that nobody has had yet. */
	page = alloc_pages(GFP_KERNEL, pageblock_order);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_NULL(test, memchr_inv(page_address(page), PAGE_POISON,
					   PAGE_SIZE << pageblock_order));
	__free_pages(page, pageblock_order);
	KUNIT_EXPECT_EQ(test, atomic_long_read(
			&this_machine()->page_alloc.nr_poison_bad), bad);
}

static void fail_set(struct kunit *test, const char *name, long value)
{
	KUNIT_EXPECT_EQ(test, fail_page_write(name, value), 0);
}

/* The numbers, from 1, of those of 30 requests that fail. */
static u32 failures(gfp_t gfp, unsigned int order)
{
	u32 map = 0;
	int i;

	for (i = 1; i <= 30; i++) {
		struct page *page = alloc_pages(gfp | __GFP_NOWARN, order);

		if (page)
			__free_pages(page, order);
		else
			map |= 1U << i;
	}
	return map;
}

static void fail_first_test(struct kunit *test)
{
	unsigned int i;
	long value;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		KUNIT_EXPECT_EQ(test, fail_page_read(files[i].name, &value), 0);
		KUNIT_EXPECT_EQ(test, value, files[i].first);
	}
	KUNIT_EXPECT_EQ(test, fail_page_read("speed", &value), -ENOENT);
	KUNIT_EXPECT_EQ(test, fail_page_write("speed", 1), -ENOENT);
	KUNIT_EXPECT_EQ(test, fail_page_write("probability", 101), -EINVAL);
	KUNIT_EXPECT_EQ(test, fail_page_write("probability", -1), -EINVAL);
	KUNIT_EXPECT_EQ(test, fail_page_write("interval", -1), -EINVAL);
	KUNIT_EXPECT_EQ(test, fail_page_write("times", -2), -EINVAL);
	KUNIT_EXPECT_EQ(test, fail_page_write("min-order", 11), -EINVAL);
	KUNIT_EXPECT_EQ(test, fail_page_write("ignore-gfp-wait", 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, failures(GFP_ATOMIC, 1), 0);
}

static void fail_who_test(struct kunit *test)
{
	fail_set(test, "times", -1);
	fail_set(test, "probability", 100);
	/* At first only what cannot wait, and is not a single page. */
	KUNIT_EXPECT_EQ(test, failures(GFP_ATOMIC, 1), 0x7ffffffe);
	KUNIT_EXPECT_EQ(test, failures(GFP_ATOMIC, 0), 0);
	KUNIT_EXPECT_EQ(test, failures(GFP_KERNEL, 1), 0);
	fail_set(test, "min-order", 3);
	KUNIT_EXPECT_EQ(test, failures(GFP_ATOMIC, 2), 0);
	KUNIT_EXPECT_EQ(test, failures(GFP_ATOMIC, 3), 0x7ffffffe);
	fail_set(test, "min-order", 0);
	KUNIT_EXPECT_EQ(test, failures(GFP_ATOMIC, 0), 0x7ffffffe);
	KUNIT_EXPECT_EQ(test, failures(GFP_ATOMIC | __GFP_HIGHMEM, 0), 0);
	fail_set(test, "ignore-gfp-highmem", 0);
	KUNIT_EXPECT_EQ(test, failures(GFP_ATOMIC | __GFP_HIGHMEM, 0),
			0x7ffffffe);
	fail_set(test, "ignore-gfp-wait", 0);
	KUNIT_EXPECT_EQ(test, failures(GFP_KERNEL, 0), 0x7ffffffe);
	KUNIT_EXPECT_EQ(test, failures(GFP_KERNEL | __GFP_NOFAIL, 0), 0);
	fail_set(test, "probability", 0);
	KUNIT_EXPECT_EQ(test, failures(GFP_KERNEL, 0), 0);
}

static void fail_when_test(struct kunit *test)
{
	fail_set(test, "interval", 7);
	fail_set(test, "times", 3);
	fail_set(test, "probability", 100);
	KUNIT_EXPECT_EQ(test, failures(GFP_ATOMIC, 1),
			1U << 7 | 1U << 14 | 1U << 21);
	/* `space` counts pages: 10, 6, 2, and then no more than a request. */
	fail_set(test, "interval", 1);
	fail_set(test, "times", 1);
	fail_set(test, "space", 10);
	KUNIT_EXPECT_EQ(test, failures(GFP_ATOMIC, 2), 1U << 3);
}

static void fail_chance_test(struct kunit *test)
{
	unsigned int i, failed = 0;

	fail_set(test, "times", -1);
	fail_set(test, "probability", 30);
	for (i = 0; i < 100; i++)
		failed += hweight64(failures(GFP_ATOMIC, 1));
	/* Of 3000 requests; six deviations are 151. */
	KUNIT_EXPECT_TRUE(test, failed > 900 - 151 && failed < 900 + 151);
}

static void fail_task_test(struct kunit *test)
{
	struct page *pages[4] = { NULL };

	page_alloc_fail_task_nth(5);
	KUNIT_EXPECT_EQ(test, failures(GFP_ATOMIC, 1), 1U << 5);
	KUNIT_EXPECT_EQ(test, current->fail_nth, 0);
	/* A request for several pages at once is one request. */
	fail_set(test, "min-order", 0);
	fail_set(test, "ignore-gfp-wait", 0);
	page_alloc_fail_task_nth(1);
	KUNIT_EXPECT_EQ(test, alloc_pages_bulk(GFP_KERNEL | __GFP_NOWARN, 4,
					       pages), 0);
	page_alloc_fail_task_nth(0);
}

static void fail_nth_test(struct kunit *test)
{
	page_alloc_fail_nth(4);
	KUNIT_EXPECT_EQ(test, failures(GFP_KERNEL, 0), 1U << 4);
	page_alloc_fail_nth(2);
	KUNIT_EXPECT_EQ(test, failures(GFP_KERNEL | __GFP_NOFAIL, 0), 0);
	KUNIT_EXPECT_EQ(test, page_alloc_fail_left(), 2);
	page_alloc_fail_nth(0);
	KUNIT_EXPECT_EQ(test, failures(GFP_KERNEL, 0), 0);
	/* Its end is not that of fail_page_alloc. */
	fail_set(test, "probability", 100);
	page_alloc_fail_nth(1);
	KUNIT_EXPECT_EQ(test, failures(GFP_KERNEL, 0), 1U << 1);
	page_alloc_fail_nth(0);
	KUNIT_EXPECT_EQ(test, failures(GFP_ATOMIC, 1), 1U << 1);
}

static void fail_report_test(struct kunit *test)
{
	fail_set(test, "probability", 100);
	log_capture_start(&log);
	KUNIT_EXPECT_NULL(test, alloc_pages(GFP_ATOMIC, 1));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"name fail_page_alloc, interval 1, probability 100, space 0, times 0"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, " fail_report_test+0x"));
}

static void fail_files_test(struct kunit *test)
{
	struct text_capture *c = text_capture_start();

	fail_set(test, "times", -1);
	fail_set(test, "ignore-gfp-wait", 0);
	KUNIT_EXPECT_EQ(test, proc_show("fail_page_alloc/times", &c->m), 0);
	KUNIT_EXPECT_EQ(test, proc_show("fail_page_alloc/ignore-gfp-wait",
					&c->m), 0);
	KUNIT_EXPECT_EQ(test, proc_show("fail_page_alloc/ignore-gfp-highmem",
					&c->m), 0);
	KUNIT_EXPECT_STREQ(test, c->text, "-1\nN\nY\n");
}

static void fail_write_test(struct kunit *test)
{
	static const struct { const char *file, *text; int err; } cases[] = {
		{ "fail_page_alloc/probability", "35", 0 },
		{ "/proc/fail_page_alloc/times", "-1", 0 },
		{ "fail_page_alloc/ignore-gfp-wait", "N", 0 },
		{ "self/fail-nth", "3", 0 },
		{ "fail_page_alloc/probability", "101", -EINVAL },
		{ "fail_page_alloc/interval", "often", -EINVAL },
		{ "fail_page_alloc/ignore-gfp-wait", "maybe", -EINVAL },
		{ "self/fail-nth", "-3", -EINVAL },
		{ "fail_page_alloc/speed", "1", -ENOENT },
		{ "page_owner", "1", -EACCES },
	};
	unsigned int i;
	char why[128];
	long value;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		why[0] = '\0';
		KUNIT_EXPECT_EQ(test, proc_write(cases[i].file, cases[i].text,
						 why, sizeof(why)),
				cases[i].err);
		KUNIT_EXPECT_EQ(test, why[0] != '\0', cases[i].err != 0);
	}
	KUNIT_EXPECT_EQ(test, current->fail_nth, 3);
	page_alloc_fail_task_nth(0);
	KUNIT_EXPECT_EQ(test, fail_page_read("probability", &value), 0);
	KUNIT_EXPECT_EQ(test, value, 35);
	KUNIT_EXPECT_EQ(test, fail_page_read("ignore-gfp-wait", &value), 0);
	KUNIT_EXPECT_EQ(test, value, 0);
}

static struct kunit_case page_debug_cases[] = {
	KUNIT_CASE_NEEDS(zeroed_test, "init_on_alloc=1 init_on_free=1"),
	KUNIT_CASE_NEEDS(poisoned_test, "page_poison=1"),
	KUNIT_CASE(fail_first_test),
	KUNIT_CASE(fail_who_test),
	KUNIT_CASE(fail_when_test),
	KUNIT_CASE(fail_chance_test),
	KUNIT_CASE(fail_task_test),
	KUNIT_CASE(fail_nth_test),
	KUNIT_CASE(fail_report_test),
	KUNIT_CASE(fail_files_test),
	KUNIT_CASE(fail_write_test),
	{ 0 }
};

static struct kunit_suite page_debug_suite = {
	.name = "page_debug",
	.init = debug_init,
	.exit = debug_exit,
	.test_cases = page_debug_cases,
};
kunit_test_suite(page_debug_suite);
