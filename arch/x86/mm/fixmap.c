// SPDX-License-Identifier: MIT
/*
 * Fixed addresses: device registers for good, firmware's tables for a moment.
 *
 *   FIXADDR_START  | APIC | HPET | slot 0: 65 pages | ... | slot 7 |
 *
 * Their page tables are made once. A memremap slot is free when its first
 * page is not mapped. Booting CPU only, so no other CPU has translations of
 * what is unmapped here.
 */
#include <asm/fixmap.h>

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/pfn.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/pgtable.h>
#include <asm/tlb.h>

static struct pgtable *kernel_tables(void)
{
	return &this_arch()->port.map.kernel;
}

/* Mapping a page makes the tables above it; they stay when it goes. */
void __init fixmap_tables_init(void)
{
	unsigned long va;
	int err;

	for (va = fix_to_virt(0) & PMD_MASK; va < fix_to_virt(FIXMAP_PAGES);
	     va += PMD_SIZE) {
		err = pgtable_map(kernel_tables(), va, 0, PAGE_SIZE, 0,
				  kernel_prot(PAGE_KERNEL));
		BUG_ON(err);
		err = pgtable_unmap(kernel_tables(), va, PAGE_SIZE);
		BUG_ON(err);
	}
}

volatile void *set_fixmap_nocache(enum fixmap_slot slot, phys_addr_t phys)
{
	unsigned long va = fix_to_virt(slot);
	phys_addr_t page = phys & PAGE_MASK;
	int err;

	err = pgtable_unmap(kernel_tables(), va, PAGE_SIZE);
	BUG_ON(err);
	err = pgtable_map(kernel_tables(), va, page, PAGE_SIZE, 0,
			  kernel_prot(PAGE_KERNEL_NOCACHE));
	BUG_ON(err);
	flush_tlb_local_range(va, va + PAGE_SIZE);
	return (volatile void *)(va + (unsigned long)(phys - page));
}

static unsigned long slot_address(int slot)
{
	return fix_to_virt(FIX_EARLY_FIRST +
			   slot * (int)EARLY_MEMREMAP_PAGES);
}

static int slot_find_free(void)
{
	struct pgtable_leaf leaf;
	int slot;

	for (slot = 0; slot < EARLY_MEMREMAP_SLOTS; slot++)
		if (!pgtable_lookup(kernel_tables(), slot_address(slot), &leaf))
			return slot;
	return -1;
}

void *early_memremap(phys_addr_t phys, unsigned long size)
{
	phys_addr_t first = phys & PAGE_MASK, end = phys + size;
	unsigned long va;
	int slot;

	if (!size || size > EARLY_MEMREMAP_MAX || end < phys ||
	    (end - 1) >> MAX_PHYSMEM_BITS)
		return NULL;
	if (!this_arch()->port.map.loaded)
		return end <= EARLY_MAP_SIZE ? __va(phys) : NULL;
	if (pfn_range_is_mapped(PHYS_PFN(phys), PHYS_PFN(end - 1) + 1))
		return __va(phys);
	slot = slot_find_free();
	if (slot < 0)
		return NULL;
	va = slot_address(slot);
	if (pgtable_map(kernel_tables(), va, first,
			ALIGN(end - first, PAGE_SIZE), 0,
			kernel_prot(PAGE_KERNEL)))
		return NULL;
	return (void *)(va + (unsigned long)(phys - first));
}

void early_memunmap(void *addr, unsigned long size)
{
	unsigned long start = (unsigned long)addr & PAGE_MASK;
	unsigned long end = ALIGN((unsigned long)addr + size, PAGE_SIZE);
	int err;

	/* The direct map answers for most; it stays. */
	if (start < slot_address(0) ||
	    end > slot_address(EARLY_MEMREMAP_SLOTS))
		return;
	err = pgtable_unmap(kernel_tables(), start, end - start);
	BUG_ON(err);
	flush_tlb_local_range(start, end);
}
