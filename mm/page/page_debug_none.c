// SPDX-License-Identifier: MIT
/* A build without page_debug: nothing is kept, so nothing can be shown. */
#include <linux/page_owner.h>

#include <linux/errno.h>
#include <linux/types.h>

#include <octavo/fail_page.h>

bool page_owner_enabled(void)
{
	return false;
}

const struct page_owner *page_owner_of(unsigned long pfn)
{
	return NULL;
}

int page_owner_show(struct seq_file *m)
{
	return -ENODATA;
}

int page_owner_stacks_show(struct seq_file *m)
{
	return -ENODATA;
}

const char *page_owner_check(void)
{
	return NULL;
}

int fail_page_read(const char *name, long *value)
{
	return -ENOENT;
}

int fail_page_write(const char *name, long value)
{
	return -ENOENT;
}

void page_alloc_fail_task_nth(unsigned int nth)
{
}
