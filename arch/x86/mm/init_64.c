// SPDX-License-Identifier: MIT
/*
 * What is 64 bits' own of the kernel's mappings. The image has addresses of
 * its own beside the direct map, with base pages, so each of its frames is
 * mapped twice:
 *
 *   PAGE_OFFSET         |..... image ................ RAM ........|
 *   __START_KERNEL_map  |     |=====|
 */
#include "init.h"

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/e820/types.h>
#include <asm/mapping.h>
#include <asm/sections.h>

void __init early_fixmap_init(void)
{
}

unsigned long __init low_pfn_limit(void)
{
	return ULONG_MAX;
}

void __init mapping_prepare(void)
{
}

void __init pagetable_init(void)
{
}

void __init fixmap_tables_init(void)
{
	unsigned long va = fix_to_virt(0) & PMD_MASK;
	int err;

	for (; va < FIXADDR_START + __end_of_fixed_addresses * PAGE_SIZE;
	     va += PMD_SIZE) {
		err = pgtable_reach(&this_arch()->port.map.kernel, va, 0);
		BUG_ON(err);
	}
}

phys_addr_t __init map_image(phys_addr_t end)
{
	const struct image_part *p;

	for (p = image_parts; p < image_parts + NR_IMAGE_PARTS; p++)
		kernel_map((unsigned long)p->start, __pa_symbol(p->start),
			   (u64)(p->end - p->start), PG_LEVEL_4K,
			   __pgprot(p->prot));
	init_range_memory_mapping(0, ISA_END_ADDRESS);
	return min(end, (phys_addr_t)ISA_END_ADDRESS);
}

void __init protect_image_alias(void)
{
	int err = pgtable_protect(&this_arch()->port.map.kernel,
				  (unsigned long)__va(__pa_symbol(_text)),
				  (u64)(__end_rodata - _text), 0, _PAGE_RW);

	if (err)
		pr_warn("direct map of the kernel's text stays writable: error %d\n",
			err);
	port_flush_tlb_all();
}

/*
 * Init memory leaves the image, so that a stale pointer into it faults; its
 * frames go on in the direct map, writable and not executable.
 */
void retire_init_image(unsigned long start, unsigned long end)
{
	struct x86_mapping *m = &this_arch()->port.map;
	unsigned long flags;
	int err;

	spin_lock_irqsave(&m->pgtable_lock, flags);
	err = pgtable_unmap(&m->kernel, start, end - start);
	spin_unlock_irqrestore(&m->pgtable_lock, flags);
	BUG_ON(err);	/* mapped by base pages: nothing was to be split */
	port_flush_tlb_range(start, end);
}

/* Where things lie is the same on every machine. */
void areas_report(void)
{
}

unsigned long port_percpu_space(unsigned int nr, size_t stride)
{
	return PERCPU_START;
}
