// SPDX-License-Identifier: MIT
/*
 * What is said of an access in [VMALLOC_START, VMALLOC_END) that faults: one
 * line that names the area it ran out of, or that was there, and who asked for
 * that area.
 *
 *   |<- area, mapped ->| guard |      past the end of it
 *   |<- area, not mapped ----->|      nothing is mapped there
 *   |<- retired ------>|              freed, by whom; until the next purge
 *   |<- nothing ------>|              what lies below and above
 *
 * The areas are looked at under areas_mutex if that is to be had: the access
 * may be one of its holder's. Without, only what the space says is told.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/percpu.h>

/* "area [..) of N bytes, allocated by f+0x1/0x2, pid 3" */
static int area_format(char *buf, size_t size, const struct vm_struct *vm,
		       unsigned long start)
{
	return scnprintf(buf, size,
			 "area [%#lx, %#lx) of %lu bytes, allocated by %pS, pid %d",
			 start, start + get_vm_area_size(vm), vm->requested,
			 vm->caller, vm->pid);
}

static void report_owned(unsigned long addr, const struct va_area *area)
{
	const struct vm_struct *vm = vm_of_owner(area->owner);
	unsigned long end = area->start + vm->requested;
	char text[256];

	area_format(text, sizeof(text), vm, area->start);
	if (smp_load_acquire(&vm->flags) & VM_UNINITIALIZED)
		pr_alert("BUG: vmalloc: access at %#lx, in an %s: not mapped yet\n",
			 addr, text);
	else if (addr >= end)
		pr_alert("BUG: vmalloc: out of bounds at %#lx, %lu bytes past the end of %s\n",
			 addr, addr - end + 1, text);
	else
		pr_alert("BUG: vmalloc: access at %#lx, %lu bytes inside %s: not mapped that way\n",
			 addr, addr - area->start, text);
}

/* The retired area, the last if several, that @addr lay in; NULL. */
static const struct vm_struct *retired_find(unsigned long addr)
{
	const struct vm_struct *vm;
	const struct llist_node *node;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		node = smp_load_acquire(&per_cpu_ptr(&vm_retired, cpu)->first);
		for (; node; node = node->next) {
			vm = llist_entry(node, struct vm_struct, retired);
			if (addr - (unsigned long)vm->addr < vm->size)
				return vm;
		}
	}
	return NULL;
}

static bool report_retired(unsigned long addr)
{
	const struct vm_struct *vm = retired_find(addr);
	char text[256];

	if (!vm)
		return false;
	area_format(text, sizeof(text), vm, (unsigned long)vm->addr);
	pr_alert("BUG: vmalloc: use after free at %#lx, %lu bytes inside %s, freed by %pS\n",
		 addr, addr - (unsigned long)vm->addr, text,
		 __atomic_load_n(&vm->freed_by, __ATOMIC_RELAXED));
	return true;
}

static void report_nobody(struct kvirt_state *k, unsigned long addr)
{
	struct va_area area;

	if (va_next(k->space, addr, &area))
		pr_alert("BUG: vmalloc: access at %#lx, which is nobody's; the next area begins %lu bytes above\n",
			 addr, area.start - addr);
	else
		pr_alert("BUG: vmalloc: access at %#lx, which is nobody's; no area lies above\n",
			 addr);
}

static void report_found(struct kvirt_state *k, unsigned long addr)
{
	struct va_area area;

	if (va_find(k->space, addr, &area))
		report_owned(addr, &area);
	else if (!report_retired(addr))
		report_nobody(k, addr);
}

bool vmalloc_fault_report(unsigned long addr)
{
	struct kvirt_state *k = kvirt_state();

	if (!k->space || !is_vmalloc_addr((void *)addr))
		return false;
	if (mutex_trylock(&k->areas_mutex)) {
		report_found(k, addr);
		mutex_unlock(&k->areas_mutex);
	} else {
		report_nobody(k, addr);
	}
	return true;
}

bool vmalloc_fault_spurious(unsigned long addr, bool is_write)
{
	struct kvirt_state *k = kvirt_state();
	struct kvirt_run run;

	if (!k->space || !is_vmalloc_addr((void *)addr))
		return false;
	/* Whoever holds the lock touches no such address: wait for him. */
	if (!kvirt_try_run(k, addr, &run))
		return true;
	return run.prot && (!is_write || run.prot & _PAGE_RW);
}
