/* SPDX-License-Identifier: MIT */
/*
 * Stacks as arrays of return addresses, innermost first, to be kept and to
 * be shown later. The port walks (octavo/port.h: stack_trace_save()).
 */
#ifndef _LINUX_STACKTRACE_H
#define _LINUX_STACKTRACE_H

#include <linux/types.h>

/*
 * Fills @store with up to @size return addresses of the calling stack, from
 * the one in the caller of stack_trace_save() on, without the first @skipnr.
 * Returns how many. A stack that cannot be read further ends there. Any
 * context; takes no lock.
 */
unsigned int stack_trace_save(unsigned long *store, unsigned int size,
			      unsigned int skipnr);
/*
 * The same for the instruction at @ip with frame pointer @fp, which a fault
 * interrupted on this CPU: @ip is the first entry.
 */
unsigned int stack_trace_save_at(unsigned long ip, unsigned long fp,
				 unsigned long *store, unsigned int size);
/* A line of the log for each entry, with @spaces in front. Any context. */
void stack_trace_print(const unsigned long *trace, unsigned int nr_entries,
		       int spaces);
/* The same as text; returns its length, cut to what @size holds. */
int stack_trace_snprint(char *buf, size_t size, const unsigned long *entries,
			unsigned int nr_entries, int spaces);

#endif
