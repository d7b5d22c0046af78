// SPDX-License-Identifier: MIT
/*
 * What the library says, a line at a time on stderr:
 *
 *   liboctavo-malloc: free(): double free of 0x7f2b5c001040
 *   liboctavo-malloc: free(): not the start of a block: 0x7f2b5c001048
 *   liboctavo-malloc: free(): not in use: 0x7f2b5c400000
 *   liboctavo-malloc: free(): not from malloc: 0x7ffd1c2b3f40
 *
 * After such a line the program is aborted, as glibc does; with
 * OCTAVO_MALLOC_ABORT=0 it goes on, and the block is what it was.
 */
#include "malloc.h"

#include <linux/string.h>

#define PREFIX	"liboctavo-malloc: "

void say(const char *fmt, ...)
{
	char line[256] = PREFIX;
	size_t n = strlen(PREFIX);
	va_list args;

	va_start(args, fmt);
	n += (size_t)vscnprintf(line + n, sizeof(line) - n - 1, fmt, args);
	va_end(args);
	line[n++] = '\n';
	os_write(OS_STDERR, line, n);
}

void report_bad(const char *call, const char *what, const void *p)
{
	say("%s(): %s %#lx", call, what, (unsigned long)p);
	if (!options.go_on)
		os_abort();
}

/* From the core: seen when the second of two pointers comes to its slab. */
void slab_report(const struct kmem_cache *cache, const char *what,
		 const void *object)
{
	report_bad("free", what, object);
}
