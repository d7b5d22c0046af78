// SPDX-License-Identifier: MIT
/*
 * Pages of the direct map that fault: their entries go, and come again. The
 * first time splits the large page that maps them, so it is start-up's. Only
 * this CPU forgets the translation: who guards a page that another CPU still
 * has in its TLB misses what that does to it for a while, and no more.
 *
 * Locks: x86_mapping.pgtable_lock.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/spinlock.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/mapping.h>
#include <asm/page.h>
#include <asm/tlb.h>

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
}
