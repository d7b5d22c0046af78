// SPDX-License-Identifier: MIT
/*
 * Addresses of per-CPU areas: a part of the kernel's addresses
 * (port_percpu_space()), with base pages, since a chunk's units come from different places. What an address's tables
 * were, they stay: the next chunk there needs none.
 */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/mapping.h>
#include <asm/page.h>
#include <asm/pgtable.h>

int port_percpu_map(unsigned long addr, phys_addr_t phys, size_t size)
{
	struct x86_mapping *m = &this_arch()->port.map;
	unsigned long flags;
	int err;

	spin_lock_irqsave(&m->pgtable_lock, flags);
	err = pgtable_map(&m->kernel, addr, phys, size, PG_LEVEL_4K,
			  kernel_prot(PAGE_KERNEL));
	/* No table for the rest: what is there goes again. */
	if (err == -ENOMEM)
		BUG_ON(pgtable_unmap(&m->kernel, addr, size));
	spin_unlock_irqrestore(&m->pgtable_lock, flags);
	BUG_ON(err && err != -ENOMEM);
	return err;
}

void port_percpu_unmap(unsigned long addr, size_t size)
{
	struct x86_mapping *m = &this_arch()->port.map;
	unsigned long flags;
	int err;

	spin_lock_irqsave(&m->pgtable_lock, flags);
	err = pgtable_unmap(&m->kernel, addr, size);
	spin_unlock_irqrestore(&m->pgtable_lock, flags);
	BUG_ON(err);	/* base pages: nothing was to be split */
}
