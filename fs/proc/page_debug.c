// SPDX-License-Identifier: MIT
/*
 * The files of the page allocator's debugging: page_owner and
 * page_owner_stacks are mm/page's own text; fail_page_alloc/ is one number
 * a file, or Y and N, which can be written too; self/fail-nth is the calling
 * thread's countdown to a failure.
 */
#include "internal.h"

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/page_owner.h>
#include <linux/sched.h>
#include <linux/string.h>

#include <octavo/fail_page.h>

static int fail_show(struct seq_file *m, const char *name)
{
	long value;
	int err = fail_page_read(name, &value);

	if (!err)
		seq_printf(m, "%ld\n", value);
	return err;
}

/* As debugfs shows a bool. */
static int fail_show_bool(struct seq_file *m, const char *name)
{
	long value;
	int err = fail_page_read(name, &value);

	if (!err)
		seq_printf(m, "%c\n", value ? 'Y' : 'N');
	return err;
}

int fail_highmem_show(struct seq_file *m)
{
	return fail_show_bool(m, "ignore-gfp-highmem");
}

int fail_wait_show(struct seq_file *m)
{
	return fail_show_bool(m, "ignore-gfp-wait");
}

int fail_interval_show(struct seq_file *m)
{
	return fail_show(m, "interval");
}

int fail_min_order_show(struct seq_file *m)
{
	return fail_show(m, "min-order");
}

int fail_probability_show(struct seq_file *m)
{
	return fail_show(m, "probability");
}

int fail_space_show(struct seq_file *m)
{
	return fail_show(m, "space");
}

int fail_times_show(struct seq_file *m)
{
	return fail_show(m, "times");
}

int fail_verbose_show(struct seq_file *m)
{
	return fail_show(m, "verbose");
}

/* In Linux the file is not there then; here it says what to do. */
static int owner_file(struct seq_file *m, int (*show)(struct seq_file *m))
{
	int err = show(m);

	if (err != -ENODATA)
		return err;
	seq_puts(m, "page_owner is off: start with page_owner=on\n");
	return 0;
}

int page_owner_file_show(struct seq_file *m)
{
	return owner_file(m, page_owner_show);
}

int page_owner_stacks_file_show(struct seq_file *m)
{
	return owner_file(m, page_owner_stacks_show);
}

int fail_nth_show(struct seq_file *m)
{
	seq_printf(m, "%u\n", current ? current->fail_nth : 0);
	return 0;
}

/* A number, or a bool as debugfs takes it. */
static bool fail_value_read(const char *text, int *value)
{
	bool yes;

	if (!kstrtoint(text, 0, value))
		return true;
	if (!isalpha(text[0]) || text[1] || kstrtobool(text, &yes))
		return false;
	*value = yes;
	return true;
}

int page_debug_store(const char *path, const char *text, char *why,
		     size_t size)
{
	static const char folder[] = "fail_page_alloc/";
	bool nth = !strcmp(path, "self/fail-nth");
	int value, err = -EINVAL;
	long now;

	if (!nth && (strncmp(path, folder, sizeof(folder) - 1) ||
		     fail_page_read(path + sizeof(folder) - 1, &now)))
		return -ENOENT;
	if (fail_value_read(text, &value)) {
		if (!nth)
			err = fail_page_write(path + sizeof(folder) - 1,
					      value);
		else if (value >= 0)
			err = 0;
	}
	if (err)
		scnprintf(why, size, "%s: \"%s\" is no value for it", path,
			  text);
	else if (nth)
		page_alloc_fail_task_nth((unsigned int)value);
	return err;
}
