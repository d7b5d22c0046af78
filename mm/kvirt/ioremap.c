// SPDX-License-Identifier: MIT
/*
 * memremap(): memory that need not be RAM, mapped with the first of the asked
 * types that can be had.
 *
 *	RAM              MEMREMAP_WB: its address in the direct map, if it
 *	                 has one
 *	no RAM           WB: ioremap_cache(), WT: ioremap_wt(), WC: ioremap_wc()
 *	some of each     nothing
 *
 * What comes out of the direct map is not noted anywhere, and memunmap() of
 * it does nothing.
 */
#include <linux/io.h>

#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include <octavo/machine.h>

/* NULL: some of it is high memory. */
static void *ram_address(resource_size_t offset, size_t size)
{
	if (PHYS_PFN(offset + size - 1) >= max_low_pfn)
		return NULL;
	return __va(offset);
}

void *memremap(resource_size_t offset, size_t size, unsigned long flags)
{
	int ram = region_intersects(offset, size, IORESOURCE_SYSTEM_RAM,
				    IORES_DESC_NONE);
	void *addr = NULL;

	if (!flags)
		return NULL;
	if (WARN(size && ram == REGION_MIXED,
		 "memremap attempted on mixed range %pa size: %#zx", &offset,
		 size))
		return NULL;
	if (flags & MEMREMAP_WB)
		addr = ram == REGION_INTERSECTS ?
			ram_address(offset, size) :
			(void __force *)ioremap_cache(offset, size);
	if (addr || !(flags & (MEMREMAP_WT | MEMREMAP_WC)))
		return addr;
	if (WARN(ram == REGION_INTERSECTS,
		 "memremap attempted on ram %pa size: %#zx", &offset, size))
		return NULL;
	if (flags & MEMREMAP_WT)
		addr = (void __force *)ioremap_wt(offset, size);
	if (!addr && flags & MEMREMAP_WC)
		addr = (void __force *)ioremap_wc(offset, size);
	return addr;
}

void memunmap(void *addr)
{
	if (is_vmalloc_addr(addr))
		iounmap((void __iomem __force *)addr);
}
