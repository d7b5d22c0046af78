// SPDX-License-Identifier: MIT
/*
 * The rare ends of kmap_local_page() and kunmap_local(): no slot is left, or
 * the address is not what was mapped last.
 *
 * Addresses of the direct map come here too, which are nobody's to unmap.
 *
 *   kunmap_local(a) out of order       | a | b |      reported; a is unmapped,
 *                                      | - | b |      its slot is a hole
 *   kunmap_local(b), which is in order | - |          the hole stays, until
 *   kunmap_local() of what is below    |              it goes with that one
 *
 * A hole that nobody is below keeps its thread on its CPU until it ends.
 *
 * Without a slot a page gets one of kmap()'s, if the caller may sleep for it;
 * kunmap_local() knows by the address. Else the machine stops, since there is
 * no address that the caller could be given.
 */
#include <linux/highmem.h>

#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/sched.h>

#include <octavo/machine.h>

static bool is_direct_map(unsigned long addr)
{
	return addr >= (unsigned long)PAGE_OFFSET &&
	       addr - 1 < (unsigned long)high_memory - 1;
}

void *kmap_local_full(unsigned long pfn)
{
	this_cpu_sub(kmap_local_top, PAGE_SIZE);
	if (!preemptible() || !pfn_valid(pfn))
		panic("kmap_local_page: more than %u pages on CPU %u",
		      KM_MAX_IDX, smp_processor_id());
	pr_err("BUG: kmap_local_page: thread %.16s (pid %d) has %u pages already\n",
	       current->comm, current->pid, KM_MAX_IDX);
	return kmap(pfn_to_page(pfn));
}

/* Is nothing mapped above @addr on this CPU's stack? */
static bool is_last(unsigned long addr)
{
	unsigned long top = this_cpu_read(kmap_local_top);

	for (addr += PAGE_SIZE; addr <= top; addr += PAGE_SIZE)
		if (!pte_none(port_kmap_local_pte(addr)))
			return false;
	return true;
}

/* @addr is on this CPU's stack, below its top. */
static void unmap_below(unsigned long addr)
{
	unsigned long top = this_cpu_read(kmap_local_top);

	port_kmap_local_clear(addr);
	if (is_last(addr))
		this_cpu_sub(kmap_local_top, top + PAGE_SIZE - addr);
	else
		pr_err("BUG: kunmap_local: %px was not mapped last, %px was\n",
		       (void *)addr, (void *)top);
}

void kunmap_local_other(unsigned long addr)
{
	if (likely(is_direct_map(addr)))
		return;
	if (is_kmap_addr((void *)addr)) {
		kunmap(kmap_to_page((void *)addr));
		return;
	}
	preempt_disable();
	if (addr >= kmap_local_start() &&
	    addr < this_cpu_read(kmap_local_top) &&
	    !pte_none(port_kmap_local_pte(addr)))
		unmap_below(addr);
	else
		pr_err("BUG: kunmap_local: %px is not mapped\n", (void *)addr);
	preempt_enable();
}
