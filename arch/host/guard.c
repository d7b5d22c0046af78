// SPDX-License-Identifier: MIT
/*
 * Pages of RAM that fault, and what is done when one does: the signal comes to
 * the thread that is at fault, in whose machine the page lies.
 */
#include <linux/bug.h>
#include <linux/kfence.h>
#include <linux/kernel.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <octavo/port.h>

#include "host.h"
#include "os/include/host_os.h"

/* Frames of the handler that lie above the one that was interrupted. */
#define HANDLER_FRAMES	8

unsigned int stack_trace_save_at(unsigned long ip, unsigned long fp,
				 unsigned long *store, unsigned int size)
{
	unsigned long entries[64];
	unsigned int nr = stack_trace_save(entries, ARRAY_SIZE(entries), 0), i;

	(void)fp;
	if (!size)
		return 0;
	/* Those who unwind name the instruction itself, or the next one. */
	for (i = 0; i < nr && i < HANDLER_FRAMES; i++)
		if (entries[i] - ip <= 1)
			break;
	store[0] = ip;
	if (i == nr || i == HANDLER_FRAMES)
		return 1;
	nr = min(nr - i - 1, size - 1);
	memcpy(store + 1, entries + i + 1, nr * sizeof(*store));
	return nr + 1;
}

static bool fault(uintptr_t addr, bool is_write, uintptr_t ip, uintptr_t fp)
{
	if (!this_machine())
		return false;
	if (kfence_handle_page_fault(addr, is_write, ip, fp))
		return true;
	if (!vmalloc_fault_report(addr))
		return false;
	panic("fault at %px in the kernel's mappings, by %pS", (void *)addr,
	      (void *)ip);
}

void host_faults_watch(void)
{
	host_faults_handle(fault);
}

void port_page_guard(const void *page, bool guard)
{
	host_faults_watch();
	if (host_page_guard(page, PAGE_SIZE, guard))
		panic("the system refuses to guard the page at %px", page);
}
