// SPDX-License-Identifier: MIT
/*
 * Fixed addresses: device registers for good, firmware's tables for a moment.
 *
 *   FIXADDR_START  | APIC | HPET | test | slot 0: 65 pages | ... | slot 7 |
 *
 * Their page tables are made once (fixmap_tables_init()), so that an entry
 * comes and goes without memory. Before init_mem_mapping() the CPU's tables
 * are the early ones, which have them on 32 bits alone.
 */
#include <asm/fixmap.h>

#include <linux/kernel.h>
#include <linux/pfn.h>
#include <linux/spinlock.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/mapping.h>
#include <asm/pgtable.h>
#include <asm/tlb.h>

static struct x86_mapping *mapping(void)
{
	return &this_arch()->port.map;
}

bool fixmap_ready(void)
{
	return mapping()->fixmap_ready;
}

static void fixmap_flush(unsigned long va)
{
	/* No other CPU runs yet. */
	if (system_state == SYSTEM_BOOTING)
		flush_tlb_local_range(va, va + PAGE_SIZE);
	else
		port_flush_tlb_range(va, va + PAGE_SIZE);
}

void __set_fixmap(enum fixed_addresses idx, phys_addr_t phys, pgprot_t prot)
{
	unsigned long va = fix_to_virt(idx), flags;
	struct pgtable_leaf leaf;
	bool was;
	int err;

	spin_lock_irqsave(&mapping()->pgtable_lock, flags);
	was = pgtable_lookup(&mapping()->kernel, va, &leaf);
	err = pgtable_unmap(&mapping()->kernel, va, PAGE_SIZE);
	spin_unlock_irqrestore(&mapping()->pgtable_lock, flags);
	BUG_ON(err);
	/* Between two translations there is none, for every CPU. */
	if (was)
		fixmap_flush(va);
	if (!pgprot_val(prot))
		return;
	spin_lock_irqsave(&mapping()->pgtable_lock, flags);
	err = pgtable_map(&mapping()->kernel, va, phys & PAGE_MASK, PAGE_SIZE,
			  0, kernel_prot(prot));
	spin_unlock_irqrestore(&mapping()->pgtable_lock, flags);
	BUG_ON(err);
}

void *early_direct_map(phys_addr_t phys, unsigned long size)
{
	phys_addr_t end = phys + size;
	bool shown;

	if (mapping()->loaded)
		shown = pfn_range_is_mapped(PHYS_PFN(phys),
					    PHYS_PFN(end - 1) + 1);
	else
		shown = end <= EARLY_MAP_SIZE;
	return shown ? __va(phys) : NULL;
}
