// SPDX-License-Identifier: MIT
/* Showing stacks that were saved; saving them is the port's. */
#include <linux/stacktrace.h>

#include <linux/kernel.h>

void stack_trace_print(const unsigned long *entries, unsigned int nr_entries,
		       int spaces)
{
	unsigned int i;

	for (i = 0; i < nr_entries; i++)
		printk("%*c%pB\n", 1 + spaces, ' ', (void *)entries[i]);
}

int stack_trace_snprint(char *buf, size_t size, const unsigned long *entries,
			unsigned int nr_entries, int spaces)
{
	unsigned int i;
	size_t n = 0;

	if (size)
		buf[0] = '\0';
	for (i = 0; i < nr_entries && n + 1 < size; i++)
		n += (size_t)scnprintf(buf + n, size - n, "%*c%pB\n",
				       1 + spaces, ' ', (void *)entries[i]);
	return (int)n;
}
