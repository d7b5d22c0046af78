// SPDX-License-Identifier: MIT
/*
 * fail_page_alloc: requests for pages that fail by the rules of linux/
 * fault-inject.h, of which `size` is the number of pages.
 *
 *   fail_page_alloc=<interval>,<probability>,<space>,<times>    at start-up
 *   fail_page_alloc/<file>                                      later
 *
 * Left alone, whatever the rules say:
 *
 *   __GFP_NOFAIL          never fails
 *   __GFP_HIGHMEM         unless ignore-gfp-highmem is 0
 *   __GFP_DIRECT_RECLAIM  unless ignore-gfp-wait is 0
 *   orders below min-order, which is 1
 *   start-up's            which the machine cannot do without
 *
 * Requests look here only while PAGE_SLOW_FAIL is set, and that is so while
 * the probability is not 0, or a thread counts down to a failure of its own.
 * A thread's countdown is not searched for: once one was set, the bit stays.
 *
 * Locks: none.
 */
#include <octavo/fail_page.h>

#include "page_debug.h"

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

static struct fail_page *this_fail(void)
{
	struct fail_page *f = &page_alloc_state()->fail;

	/* Zeroed so far: what Linux begins with. */
	if (unlikely(!f->attr.name)) {
		f->attr = (struct fault_attr){ FAULT_ATTR_VALUES };
		f->ignore_gfp_highmem = true;
		f->ignore_gfp_reclaim = true;
		f->min_order = 1;
		f->attr.name = "fail_page_alloc";
	}
	return f;
}

void page_fail_setup(void)
{
	this_fail();
}

bool page_fail_wanted(void)
{
	const struct fail_page *f = this_fail();

	return f->attr.probability || f->tasks;
}

static void fail_slow_update(void)
{
	page_slow_set(PAGE_SLOW_FAIL, page_fail_wanted() ||
		      page_alloc_fail_left() > 0);
}

static int __init option_fail_page_alloc(char *val)
{
	const char *fault = fault_attr_parse(&this_fail()->attr, val);

	if (fault)
		return option_malformed("fail_page_alloc", val, fault);
	fail_slow_update();
	return 0;
}
early_param("fail_page_alloc", option_fail_page_alloc);

bool page_fail_request(gfp_t gfp, unsigned int order)
{
	struct fail_page *f = this_fail();

	if (order < f->min_order || gfp & __GFP_NOFAIL)
		return false;
	if (system_state == SYSTEM_BOOTING)
		return false;
	if (f->ignore_gfp_highmem && gfp & __GFP_HIGHMEM)
		return false;
	if (f->ignore_gfp_reclaim && gfp & __GFP_DIRECT_RECLAIM)
		return false;
	return should_fail_ex(&f->attr, (ssize_t)1 << order,
			      gfp & __GFP_NOWARN ? FAULT_NOWARN : 0);
}

void page_alloc_fail_task_nth(unsigned int nth)
{
	this_fail()->tasks = true;
	fault_task_nth(nth);
	fail_slow_update();
}

/* ---- the files --------------------------------------------------------- */

enum fail_file {
	FAIL_IGNORE_HIGHMEM, FAIL_IGNORE_WAIT, FAIL_MIN_ORDER, NR_FAIL_FILES
};

/* Besides those that each struct fault_attr has. */
static const struct {
	const char *name;
	long max;
} fail_files[NR_FAIL_FILES] = {
	[FAIL_IGNORE_HIGHMEM] = { "ignore-gfp-highmem", 1 },
	[FAIL_IGNORE_WAIT] = { "ignore-gfp-wait", 1 },
	[FAIL_MIN_ORDER] = { "min-order", MAX_PAGE_ORDER },
};

static enum fail_file fail_file_find(const char *name)
{
	int i;

	for (i = 0; i < NR_FAIL_FILES; i++)
		if (!strcmp(fail_files[i].name, name))
			break;
	return i;
}

int fail_page_read(const char *name, long *value)
{
	const struct fail_page *f = this_fail();

	switch (fail_file_find(name)) {
	case FAIL_IGNORE_HIGHMEM:
		*value = f->ignore_gfp_highmem;
		return 0;
	case FAIL_IGNORE_WAIT:
		*value = f->ignore_gfp_reclaim;
		return 0;
	case FAIL_MIN_ORDER:
		*value = f->min_order;
		return 0;
	default:
		return fault_attr_read(&f->attr, name, value);
	}
}

static int fail_value_set(struct fail_page *f, const char *name, long value)
{
	enum fail_file file = fail_file_find(name);

	if (file == NR_FAIL_FILES)
		return fault_attr_write(&f->attr, name, value);
	if (value < 0 || value > fail_files[file].max)
		return -EINVAL;
	if (file == FAIL_IGNORE_HIGHMEM)
		f->ignore_gfp_highmem = value;
	else if (file == FAIL_IGNORE_WAIT)
		f->ignore_gfp_reclaim = value;
	else
		f->min_order = (unsigned int)value;
	return 0;
}

int fail_page_write(const char *name, long value)
{
	int err = fail_value_set(this_fail(), name, value);

	if (!err)
		fail_slow_update();
	return err;
}
