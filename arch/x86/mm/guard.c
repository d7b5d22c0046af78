// SPDX-License-Identifier: MIT
/*
 * Pages of the direct map that fault: their entries go, and come again. The
 * first time splits the large page that maps them, so it is start-up's.
 *
 * Which CPUs forget the translation, and when. The calls come with interrupts
 * off and locks held, from allocations and faults: no CPU can be waited for.
 *
 *   guard     this CPU at once, the others at their next tick. Until then such
 *             a CPU may still reach the page as it was: the same frame, which
 *             is nobody else's. So an access is missed, and nothing broken; it
 *             is missed for a tick at most.
 *   no guard  nobody has to: CPUs remember no entries that are not present,
 *             and look again on a fault. One that faulted just before finds
 *             the page open and goes on.
 *
 * Linux leaves the others as they are for as long as they remember.
 *
 * Locks: x86_mapping.pgtable_lock.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/mapping.h>
#include <asm/page.h>
#include <asm/tlb.h>

/* Guards that this CPU has heard of. p: it */
static DEFINE_PER_CPU(unsigned int, guards_seen);

void guard_tick(void)
{
	/* Pairs with the release in port_page_guard(): the entry is gone. */
	unsigned int guards = __atomic_load_n(&this_arch()->port.map.guards,
					      __ATOMIC_ACQUIRE);

	if (likely(this_cpu_read(guards_seen) == guards))
		return;
	this_cpu_write(guards_seen, guards);
	flush_tlb_local_all();
}

void port_page_guard(const void *page, bool guard)
{
	struct x86_mapping *m = &this_arch()->port.map;
	unsigned long addr = (unsigned long)page, flags;
	int err;

	spin_lock_irqsave(&m->pgtable_lock, flags);
	if (guard)
		err = pgtable_unmap(&m->kernel, addr, PAGE_SIZE);
	else
		err = pgtable_map(&m->kernel, addr, __pa(page), PAGE_SIZE,
				  PG_LEVEL_4K, kernel_prot(PAGE_KERNEL));
	spin_unlock_irqrestore(&m->pgtable_lock, flags);
	/* Mapped already: a fault that was none any more. */
	BUG_ON(err && (guard || err != -EEXIST));
	flush_tlb_local_range(addr, addr + PAGE_SIZE);
	if (guard)
		__atomic_fetch_add(&m->guards, 1, __ATOMIC_RELEASE);
}
