// SPDX-License-Identifier: MIT
/*
 * Who has each page, on a machine started with page_owner=on: through splits,
 * compound pages, ranges and frees in part; what the files show; and that
 * the depot counts exactly the pages that are allocated.
 */
#include <linux/page_owner.h>

#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>

#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/shell.h>

#include "page_snapshot.h"
#include "text_capture.h"

static struct page_snapshot before;
static long counted;

static int owner_init(struct kunit *test)
{
	before = page_snapshot_take();
	counted = stack_depot_counted();
	return 0;
}

static void owner_exit(struct kunit *test)
{
	page_snapshot_check(test, &before);
	KUNIT_EXPECT_EQ(test, stack_depot_counted(), counted);
	KUNIT_EXPECT_NULL(test, page_owner_check());
	KUNIT_EXPECT_NULL(test, stack_depot_check());
}

static const struct page_owner *owner(const struct page *page)
{
	return page_owner_of(page_to_pfn(page));
}

/* Whether a function called @name is on the stack @handle. */
static bool stack_has(depot_stack_handle_t handle, const char *name)
{
	const unsigned long *entries;
	unsigned int nr = stack_depot_fetch(handle, &entries), i;
	char text[64];

	for (i = 0; i < nr; i++) {
		scnprintf(text, sizeof(text), "%pB", (void *)entries[i]);
		if (!strncmp(text, name, strlen(name)) &&
		    text[strlen(name)] == '+')
			return true;
	}
	return false;
}

/* The records of @nr pages: allocated by the caller's @name, of @order. */
static void expect_owned(struct kunit *test, const struct page *page,
			 unsigned long nr, unsigned int order,
			 const char *name)
{
	unsigned long i;

	for (i = 0; i < nr; i++) {
		const struct page_owner *o = owner(page + i);

		KUNIT_ASSERT_NOT_NULL(test, o);
		KUNIT_EXPECT_TRUE(test, o->allocated);
		KUNIT_EXPECT_EQ(test, o->order, order);
		KUNIT_EXPECT_TRUE(test, stack_has(o->handle, name));
	}
}

static noinline void free_here(struct page *page, unsigned int order)
{
	__free_pages(page, order);
	barrier();
}

static void single_test(struct kunit *test)
{
	u64 start = port_clock_ns();
	struct page *page = alloc_page(GFP_KERNEL);
	const struct page_owner *o;

	KUNIT_ASSERT_NOT_NULL(test, page);
	expect_owned(test, page, 1, 0, "single_test");
	o = owner(page);
	KUNIT_EXPECT_EQ(test, o->gfp_mask, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, o->pid, current->pid);
	KUNIT_EXPECT_STREQ(test, o->comm, current->comm);
	KUNIT_EXPECT_TRUE(test, o->ts_nsec >= start &&
			  o->ts_nsec <= port_clock_ns());
	free_here(page, 0);
	KUNIT_EXPECT_FALSE(test, o->allocated);
	KUNIT_EXPECT_TRUE(test, stack_has(o->free_handle, "free_here"));
	KUNIT_EXPECT_EQ(test, o->free_pid, current->pid);
	KUNIT_EXPECT_TRUE(test, o->free_ts_nsec >= o->ts_nsec);
	/* Who had it is still known. */
	KUNIT_EXPECT_TRUE(test, stack_has(o->handle, "single_test"));
}

static void block_test(struct kunit *test)
{
	unsigned int order;

	for (order = 1; order <= pageblock_order; order++) {
		struct page *page = alloc_pages(GFP_KERNEL, order);

		KUNIT_ASSERT_NOT_NULL(test, page);
		expect_owned(test, page, 1UL << order, order, "block_test");
		KUNIT_EXPECT_EQ(test, stack_depot_counted() - counted,
				1L << order);
		free_here(page, order);
		KUNIT_EXPECT_FALSE(test, owner(page + 1)->allocated);
		KUNIT_EXPECT_TRUE(test, stack_has(owner(page + 1)->free_handle,
						  "free_here"));
	}
}

static void split_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, 3);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, page);
	split_page(page, 3);
	expect_owned(test, page, 8, 0, "split_test");
	for (i = 7; i >= 0; i--) {
		KUNIT_EXPECT_EQ(test, stack_depot_counted() - counted, i + 1);
		free_here(page + i, 0);
		KUNIT_EXPECT_FALSE(test, owner(page + i)->allocated);
		if (i)
			expect_owned(test, page, 1, 0, "split_test");
	}
}

static void compound_test(struct kunit *test)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 4);

	KUNIT_ASSERT_NOT_NULL(test, folio);
	expect_owned(test, &folio->page, 16, 4, "compound_test");
	folio_get(folio);
	folio_put(folio);
	expect_owned(test, &folio->page, 16, 4, "compound_test");
	folio_put(folio);
	KUNIT_EXPECT_FALSE(test, owner(&folio->page + 15)->allocated);
}

/* Somebody holds the first page while the owner frees the block. */
static void partly_freed_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);

	KUNIT_ASSERT_NOT_NULL(test, page);
	get_page(page);
	free_here(page, 2);
	expect_owned(test, page, 1, 0, "partly_freed_test");
	KUNIT_EXPECT_FALSE(test, owner(page + 1)->allocated);
	KUNIT_EXPECT_EQ(test, stack_depot_counted() - counted, 1);
	put_page(page);
	KUNIT_EXPECT_FALSE(test, owner(page)->allocated);
}

static void contig_test(struct kunit *test)
{
	struct page *page = alloc_contig_pages(21, GFP_KERNEL, NUMA_NO_NODE,
					       NULL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	expect_owned(test, page, 21, 0, "contig_test");
	KUNIT_EXPECT_EQ(test, stack_depot_counted() - counted, 21);
	free_contig_range(page_to_pfn(page), 21);
	KUNIT_EXPECT_TRUE(test, stack_has(owner(page + 20)->free_handle,
					  "free_contig_range"));
}

static void exact_bulk_test(struct kunit *test)
{
	struct page *pages[20] = { NULL };
	void *p = alloc_pages_exact(5 * PAGE_SIZE, GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, p);
	expect_owned(test, virt_to_page(p), 5, 0, "exact_bulk_test");
	KUNIT_EXPECT_EQ(test, stack_depot_counted() - counted, 5);
	KUNIT_ASSERT_EQ(test, alloc_pages_bulk(GFP_KERNEL, 20, pages), 20);
	for (i = 0; i < 20; i++) {
		expect_owned(test, pages[i], 1, 0, "exact_bulk_test");
		__free_page(pages[i]);
	}
	free_pages_exact(p, 5 * PAGE_SIZE);
}

/* Calls @show and returns what it wrote. */
static const char *shown(struct kunit *test, int (*show)(struct seq_file *m))
{
	struct text_capture *c = text_capture_start();

	KUNIT_EXPECT_EQ(test, show(&c->m), 0);
	return c->text;
}

static void file_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 2);
	const char *text, *at;
	char want[128];

	KUNIT_ASSERT_NOT_NULL(test, page);
	text = shown(test, page_owner_show);
	scnprintf(want, sizeof(want), "\nPFN 0x%lx type Unmovable Block %lu type ",
		  page_to_pfn(page), page_to_pfn(page) >> pageblock_order);
	at = strstr(text, want);
	KUNIT_CHECK(test, at, 1, "\"%s\" is not in the file", want);
	/* Back to the start of the line before. */
	do {
		at--;
	} while (at > text && at[-1] != '\n');
	scnprintf(want, sizeof(want),
		  "Page allocated via order 2, mask 0x40cc0(GFP_KERNEL|__GFP_COMP), pid %d, tgid %d (%s), ts %llu ns\n",
		  current->pid, current->pid, current->comm,
		  owner(page)->ts_nsec);
	KUNIT_CHECK(test, !strncmp(at, want, strlen(want)), 0,
		    "expected \"%s\", not \"%.120s\"", want, at);
	KUNIT_EXPECT_NOT_NULL(test, strstr(at, "(head|node="));
	KUNIT_EXPECT_NOT_NULL(test, strstr(at, "\n file_test+0x"));
	/* One record a block. */
	scnprintf(want, sizeof(want), "\nPFN 0x%lx ", page_to_pfn(page + 1));
	KUNIT_EXPECT_NULL(test, strstr(text, want));
	__free_pages(page, 2);
	scnprintf(want, sizeof(want), "\nPFN 0x%lx ", page_to_pfn(page));
	KUNIT_EXPECT_NULL(test, strstr(shown(test, page_owner_show), want));
}

static void stacks_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, pageblock_order);
	const char *text, *count;

	KUNIT_ASSERT_NOT_NULL(test, page);
	text = shown(test, page_owner_stacks_show);
	count = strstr(text, "nr_base_pages: ");
	KUNIT_ASSERT_NOT_NULL(test, count);
	/* Nobody has more, so that it comes first. */
	KUNIT_EXPECT_TRUE(test, strstr(text, " stacks_test+0x") < count);
	KUNIT_EXPECT_TRUE(test, !strncmp(count, "nr_base_pages: 512\n\n", 20));
	__free_pages(page, pageblock_order);
}

static int no_key(void *ctx)
{
	return -EIO;
}

/* What the console shows for @line. */
static const char *console(struct kunit *test, const char *line, int want)
{
	static struct shell sh;
	struct text_capture *c = text_capture_start();
	const struct shell_io io = { no_key, text_capture_emit, c };
	char copy[64];

	memset(&sh, 0, sizeof(sh));
	shell_init(&sh, &io);
	strscpy(copy, line, sizeof(copy));
	KUNIT_EXPECT_EQ(test, shell_execute(&sh, copy), want);
	return c->text;
}

static void console_test(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	char line[32], want[96];
	const char *text;

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_NOT_NULL(test, strstr(console(test, "owner", 0),
					   " console_test+0x"));
	scnprintf(line, sizeof(line), "owner %#lx", page_to_pfn(page));
	scnprintf(want, sizeof(want), "pfn %#lx: allocated, order 0, mask 0xcc0(GFP_KERNEL), pid %d (",
		  page_to_pfn(page), current->pid);
	text = console(test, line, 0);
	KUNIT_CHECK(test, !strncmp(text, want, strlen(want)), 0,
		    "expected \"%s\", not \"%.100s\"", want, text);
	free_here(page, 0);
	text = console(test, line, 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, ": free, order 0"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "\nlast freed by pid "));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, " free_here+0x"));
	KUNIT_EXPECT_STREQ(test, console(test, "owner 0xfffffffffffff", -ENOENT),
			   "owner: 0xfffffffffffff: no such frame\n");
	KUNIT_EXPECT_STREQ(test, console(test, "owner you", -ERANGE),
			   "owner: you: not a frame number\n");
}

static struct kunit_case page_owner_cases[] = {
	KUNIT_CASE(single_test),
	KUNIT_CASE(block_test),
	KUNIT_CASE(split_test),
	KUNIT_CASE(compound_test),
	KUNIT_CASE(partly_freed_test),
	KUNIT_CASE(contig_test),
	KUNIT_CASE(exact_bulk_test),
	KUNIT_CASE(file_test),
	KUNIT_CASE(stacks_test),
	KUNIT_CASE(console_test),
	{ 0 }
};

static struct kunit_suite page_owner_suite = {
	.name = "page_owner",
	.init = owner_init,
	.exit = owner_exit,
	.test_cases = page_owner_cases,
	.needs = "page_owner=on",
};
kunit_test_suite(page_owner_suite);
