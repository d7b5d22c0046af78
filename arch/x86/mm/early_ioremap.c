// SPDX-License-Identifier: MIT
/*
 * Physical memory for a moment, before there is an allocator: slots.
 *
 *	fixmap:  ... | slot 0: 65 pages | slot 1 | ... | slot 7 |
 *
 * early_memremap() gives an address in the direct map where that shows the
 * memory, and else takes a slot, as early_ioremap() always does, whose mapping
 * is not cached. A slot is taken while its addr is not NULL; it is given back
 * by the same address and size. Nothing is allocated: the tables below the
 * slots were made with the fixmap.
 *
 * The booting CPU's alone, until start-up is over; from then on ioremap() and
 * memremap() are there. Slots that are taken at that moment have leaked, which
 * one line says (and one for each with early_ioremap_debug).
 *
 * Invariants
 * I1  a taken slot's addr lies in the slot's first page
 * I2  addr's offset and size fit its pages
 *
 * Pure: linked into the host too.
 *
 * Differs from Linux: the direct map answers first; a request that is empty,
 * too large, or above the CPU's addresses, is refused without a trace of the
 * stack, since tables of the firmware make those.
 */
#include <asm/early_ioremap.h>

#include <linux/align.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>
#include <asm/fixmap.h>
#include <asm/ioremap.h>
#include <asm/page.h>
#include <asm/pgtable_types.h>

static struct early_ioremap_state *state(void)
{
	return &this_arch()->early_ioremap;
}

static enum fixed_addresses slot_first(int slot)
{
	return FIX_BTMAP_BEGIN + slot * (int)NR_FIX_BTMAPS;
}

static unsigned long slot_pages(phys_addr_t phys, unsigned long size)
{
	return (unsigned long)(((phys & ~PAGE_MASK) + size + PAGE_SIZE - 1) >>
			       PAGE_SHIFT);
}

static int slot_find(const void *addr)
{
	int slot;

	for (slot = 0; slot < FIX_BTMAPS_SLOTS; slot++)
		if (state()->slot[slot].addr == addr)
			return slot;
	return -1;
}

static bool range_is_sound(phys_addr_t phys, unsigned long size)
{
	phys_addr_t last = phys + size - 1;

	return size && size <= EARLY_MEMREMAP_MAX && last >= phys &&
	       !(last & ~((u64)PTE_PFN_MASK | (PAGE_SIZE - 1)));
}

static void *slot_map(const char *who, phys_addr_t phys, unsigned long size,
		      pgprot_t prot)
{
	unsigned long i, n = slot_pages(phys, size);
	int slot;

	if (!range_is_sound(phys, size) || !fixmap_ready() ||
	    !port_io_reachable(phys & PAGE_MASK,
			       ALIGN(phys + size, (phys_addr_t)PAGE_SIZE)))
		return NULL;
	WARN_ON(system_state >= SYSTEM_RUNNING);
	slot = slot_find(NULL);
	if (WARN(slot < 0, "%s(%pa, %08lx) not found slot", who, &phys, size))
		return NULL;
	for (i = 0; i < n; i++)
		__set_fixmap(slot_first(slot) + (int)i,
			     (phys & PAGE_MASK) + i * PAGE_SIZE, prot);
	state()->slot[slot].addr =
		(void *)(fix_to_virt(slot_first(slot)) +
			 (unsigned long)(phys & ~PAGE_MASK));
	state()->slot[slot].size = size;
	if (state()->debug)
		pr_info("%s(%pa, %08lx) [%d] => %px\n", who, &phys, size, slot,
			state()->slot[slot].addr);
	return state()->slot[slot].addr;
}

static void slot_unmap(const char *who, void *addr, unsigned long size)
{
	int slot = addr ? slot_find(addr) : -1;
	unsigned long i, n;

	if (WARN(slot < 0, "%s(%px, %08lx) not found slot", who, addr, size))
		return;
	if (WARN(state()->slot[slot].size != size,
		 "%s(%px, %08lx) [%d] size not consistent %08lx", who, addr,
		 size, slot, state()->slot[slot].size))
		return;
	if (state()->debug)
		pr_info("%s(%px, %08lx) [%d]\n", who, addr, size, slot);
	n = slot_pages((unsigned long)addr & ~PAGE_MASK, size);
	for (i = 0; i < n; i++)
		clear_fixmap(slot_first(slot) + (int)i);
	state()->slot[slot].addr = NULL;
}

void __iomem *early_ioremap(resource_size_t phys, unsigned long size)
{
	return slot_map("early_ioremap", phys, size, PAGE_KERNEL_NOCACHE);
}

void early_iounmap(void __iomem *addr, unsigned long size)
{
	slot_unmap("early_iounmap", addr, size);
}

void *early_memremap(resource_size_t phys, unsigned long size)
{
	void *p = range_is_sound(phys, size) ? early_direct_map(phys, size) :
					       NULL;

	return p ?: slot_map("early_memremap", phys, size, PAGE_KERNEL);
}

void *early_memremap_ro(resource_size_t phys, unsigned long size)
{
	return slot_map("early_memremap_ro", phys, size, PAGE_KERNEL_RO);
}

void early_memunmap(void *addr, unsigned long size)
{
	unsigned long first = fix_to_virt(FIX_BTMAP_BEGIN);

	/* The direct map answers for most; it stays. */
	if ((unsigned long)addr - first <
	    FIX_BTMAPS_SLOTS * NR_FIX_BTMAPS * PAGE_SIZE)
		slot_unmap("early_memunmap", addr, size);
}

static int __init early_ioremap_debug_setup(char *val)
{
	if (val)
		return option_malformed("early_ioremap_debug", val,
					"takes no value");
	state()->debug = true;
	return 0;
}
early_param("early_ioremap_debug", early_ioremap_debug_setup);

int early_ioremap_check(void)
{
	int slot, count = 0;

	for (slot = 0; slot < FIX_BTMAPS_SLOTS; slot++) {
		const struct early_slot *s = &state()->slot[slot];

		if (!s->addr)
			continue;
		count++;
		if (state()->debug)
			pr_warn("early ioremap: slot %d is in use: %px, %lu bytes\n",
				slot, s->addr, s->size);
	}
	WARN(count, "Debug warning: early ioremap leak of %d areas detected.\nWith early_ioremap_debug the log says who took them.\n",
	     count);
	return count;
}
