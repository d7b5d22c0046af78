// SPDX-License-Identifier: MIT
/*
 * Stacks of a process, and names for their addresses.
 *
 * Stacks are walked by the unwind tables that every compiler here writes
 * anyway, so no function keeps a frame pointer for it, and a stack goes on
 * through the C library and the program that calls. Slower than frame
 * pointers by ten times; nobody saves stacks unless an option asks for it.
 */
#include <linux/kallsyms.h>
#include <linux/stacktrace.h>

#include <linux/compiler.h>
#include <linux/types.h>

#include "os/include/host_os.h"

unsigned int stack_trace_save(unsigned long *store, unsigned int size,
			      unsigned int skipnr)
{
	/* Not this function's own frame either. */
	unsigned int n = host_stack_save(store, size, skipnr + 1);

	barrier();	/* no tail call: the frame must be there */
	return n;
}

const char *kallsyms_lookup(unsigned long addr, unsigned long *offset,
			    unsigned long *size)
{
	return host_symbol(addr, offset, size);
}

void kallsyms_for_each(void (*fn)(void *ctx, const char *name,
				  unsigned long addr), void *ctx)
{
	host_symbols_for_each(fn, ctx);
}
