// SPDX-License-Identifier: MIT
/*
 * Reading addresses of vmalloc's that may or may not be memory, for who looks
 * at a machine from outside. A page is read by an address of its own, under the
 * mutex that keeps areas, so nothing that is read can fault. Pages of an area
 * that is freed meanwhile are still RAM.
 */
#include "internal.h"

#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/string.h>

/* The page of RAM at @addr, of memory in an area; NULL. */
static struct page *memory_at(struct kvirt_state *k, unsigned long addr)
{
	unsigned long at = addr & PAGE_MASK;
	struct kvirt_run run;
	struct va_area area;

	if (!va_find(k->space, addr, &area) ||
	    vm_kind_of_owner(area.owner) == VM_KIND_OTHER)
		return NULL;
	if (!kvirt_run(k, at, at + PAGE_SIZE, &run) ||
	    !pfn_valid(PHYS_PFN(run.phys)))
		return NULL;
	return pfn_to_page(PHYS_PFN(run.phys));
}

long vread(char *buf, const char *addr, unsigned long count)
{
	struct kvirt_state *k = kvirt_state();
	unsigned long at = (unsigned long)addr, n;
	long got = 0;

	might_sleep();
	if (!k->space) {
		memset(buf, 0, count);
		return 0;
	}
	mutex_lock(&k->areas_mutex);
	for (; count; count -= n, at += n, buf += n) {
		struct page *from = NULL;

		n = min(count, PAGE_SIZE - (at & ~PAGE_MASK));
		if (is_vmalloc_addr((void *)at))
			from = memory_at(k, at);
		if (from) {
			memcpy_from_page(buf, from, at & ~PAGE_MASK, n);
			got += (long)n;
		} else {
			memset(buf, 0, n);
		}
	}
	mutex_unlock(&k->areas_mutex);
	return got;
}
