// SPDX-License-Identifier: MIT
/*
 * Fixed addresses of a machine in a process: pages of a reservation of their
 * own, where a page of the memfd is shown for as long as it is set.
 */
#include "host.h"

#include <linux/errno.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/memblock.h>

#include <asm/fixmap.h>
#include <asm/pgtable_types.h>
#include <octavo/machine.h>

#include "os/include/host_os.h"

#define FIXMAP_SIZE	(__end_of_fixed_addresses * PAGE_SIZE)

bool fixmap_ready(void)
{
	struct arch_machine *a = this_arch();

	if (!a->fixmap_start && a->arena)
		a->fixmap_start = (unsigned long)
			host_space_reserve(FIXMAP_SIZE, PAGE_SIZE);
	return a->fixmap_start;
}

void host_fixmap_release(struct arch_machine *a)
{
	if (a->fixmap_start)
		host_space_release((void *)a->fixmap_start, FIXMAP_SIZE);
	a->fixmap_start = 0;
}

void __set_fixmap(enum fixed_addresses idx, phys_addr_t phys, pgprot_t prot)
{
	void *va;
	int err;

	BUG_ON(!fixmap_ready());
	va = (void *)fix_to_virt(idx);
	if (pgprot_val(prot))
		err = host_space_show(this_arch()->arena, va, phys & PAGE_MASK,
				      PAGE_SIZE,
				      pgprot_val(prot) & _PAGE_RW);
	else
		err = host_space_hide(va, PAGE_SIZE);
	if (err)
		panic("fixmap: cannot show %#llx at index %d: error %d",
		      (u64)phys, (int)idx, err);
}

/* Before there is a map of RAM, all of the memfd is shown. */
static bool is_ram(phys_addr_t phys, unsigned long size)
{
	if (iomem_resource.child)
		return region_intersects(phys, size, IORESOURCE_SYSTEM_RAM,
					 IORES_DESC_NONE) ==
		       REGION_INTERSECTS;
	return !this_arch()->holes_hidden ||
	       memblock_is_region_memory(phys, size);
}

void *early_direct_map(phys_addr_t phys, unsigned long size)
{
	const struct arch_machine *a = this_arch();
	phys_addr_t end = a->holes_hidden ? PFN_PHYS(max_low_pfn) : a->ram_end;

	if (phys >= end || size > end - phys || !is_ram(phys, size))
		return NULL;
	return __va(phys);
}
