// SPDX-License-Identifier: MIT
/*
 * What is 32 bits' own of the kernel's mappings: the image lies in the direct
 * map, so its frames are mapped once, and only low memory is in that.
 *
 *   PAGE_OFFSET                                           high_memory
 *        | ISA | text | rodata | data ... |....| low memory ...|
 *        |<---- base pages, from pgt_buf ----->|<-large pages->|
 *
 * What is mapped with base pages ends on a large page's boundary.
 *
 * With PAE the CPU reads the top four entries when CR3 is written, and not
 * again: all four tables below them are made first, so that they never change.
 *
 * RAM that is not used (low_memory.c) leaves memblock before anything is
 * allocated; it stays in the firmware's map and in /proc/iomem.
 */
#include "init.h"

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/spinlock.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/areas_32.h>
#include <asm/mapping.h>
#include <asm/sections.h>

static struct x86_mapping *map(void)
{
	return &this_arch()->port.map;
}

#ifdef CONFIG_DEBUG_VM
void *x86_virt_of(phys_addr_t phys)
{
	u64 end = max_low_pfn ? PFN_PHYS(max_low_pfn) : EARLY_MAP_SIZE;

	/* The first byte behind is an end of something. */
	BUG_ON(phys > end);
	return (void *)((unsigned long)phys + PAGE_OFFSET);
}
#endif

void __init mapping_prepare(void)
{
	memblock_remove(PFN_PHYS(max_pfn), PHYS_ADDR_MAX - PFN_PHYS(max_pfn));
}

/* The rights of a leaf; what maps a part of the image has no others. */
#define RIGHTS	(_PAGE_RW | _PAGE_NX | _PAGE_DIRTY)

static void __init protect_image_part(const struct image_part *p)
{
	pgprotval_t prot = kernel_prot(__pgprot(p->prot));
	int err = pgtable_protect(&map()->kernel, (unsigned long)p->start,
				  (u64)(p->end - p->start), prot & RIGHTS,
				  RIGHTS & ~prot);

	/* Base pages, all there: the image is RAM, and it is mapped. */
	BUG_ON(err);
}

void __init top_tables_init(void)
{
	const int top = KERNEL_PGTABLE.levels - 1;
	u64 va;

	/* With two levels those below the top are the last ones. */
	if (top < 2)
		return;
	for (va = 0; va < 1ULL << 32; va += PGDIR_SIZE)
		if (pgtable_reach(&map()->kernel, va, top - 1))
			panic("no memory for page tables");
}

phys_addr_t __init map_image(phys_addr_t end)
{
	unsigned int sizes = map()->page_size_mask;
	phys_addr_t first = min(end, ALIGN(__pa_symbol(_end), PMD_SIZE));
	const struct image_part *p;

	map()->page_size_mask = 1U << PG_LEVEL_4K;
	init_range_memory_mapping(0, first);
	map()->page_size_mask = sizes;
	for (p = image_parts; p < image_parts + NR_IMAGE_PARTS; p++)
		protect_image_part(p);
	return first;
}

/* There is no other address. */
void __init protect_image_alias(void)
{
}

/* Its text stops being text: the frames are like any others. */
void retire_init_image(unsigned long start, unsigned long end)
{
	pgprotval_t prot = kernel_prot(PAGE_KERNEL);
	unsigned long flags;
	int err;

	spin_lock_irqsave(&map()->pgtable_lock, flags);
	err = pgtable_protect(&map()->kernel, start, end - start,
			      prot & RIGHTS, RIGHTS & ~prot);
	spin_unlock_irqrestore(&map()->pgtable_lock, flags);
	BUG_ON(err);
	port_flush_tlb_range(start, end);
}

/* The first lines of Linux's initmem_init(). */
void __init pagetable_init(void)
{
	unsigned long low = max_low_pfn, high = max_pfn - max_low_pfn;

	pr_notice("%lluMB HIGHMEM available.\n", (u64)PFN_PHYS(high) >> 20);
	pr_notice("%lluMB LOWMEM available.\n", (u64)PFN_PHYS(low) >> 20);
	pr_info("  mapped low ram: 0 - %08llx\n",
		(u64)PFN_PHYS(map()->max_pfn_mapped));
	pr_info("  low ram: 0 - %08llx\n", (u64)PFN_PHYS(low));
	fixmap_leave();
}
