// SPDX-License-Identifier: MIT
/*
 * The tour's step through devices' memory: each call that maps it, with each
 * type of cache, on the last 64 KiB below 4 GiB, which every PC answers with
 * its firmware's ROM; a process has a device's memory there. Nothing is
 * written but in a process' mappings of what is no RAM.
 */
#include "tour.h"

#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <asm/ioremap.h>
#include <asm/memtype.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>

#define ROM		0xffff0000ULL
#define ROM_SIZE	0x10000UL
#define ROM_RESET	0xfff0		/* where a processor starts */

/* All of them show the same. */
static void tour_io_types(struct tour *t)
{
	static void __iomem *(*const calls[])(resource_size_t phys,
					      unsigned long size) = {
		ioremap, ioremap_uc, ioremap_wc, ioremap_wt, ioremap_cache,
	};
	unsigned int i;
	u32 first = 0;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		void __iomem *p = calls[i](ROM + 1, ROM_SIZE - 1);
		u32 v;

		if (!TOUR_CHECK(t, p))
			continue;
		v = readl(p - 1 + ROM_RESET);
		if (!i)
			first = v;
		TOUR_CHECK(t, v == first && readl_relaxed(p - 1 + ROM_RESET) ==
			      first && ioread32(p - 1 + ROM_RESET) == first);
		TOUR_CHECK(t, readb(p - 1 + ROM_RESET) == (u8)first);
		TOUR_CHECK(t, readw(p - 1 + ROM_RESET) == (u16)first);
		TOUR_CHECK(t, is_vmalloc_addr((void __force *)p));
		iounmap(p);
	}
}

static void tour_io_shared(struct tour *t)
{
	void __iomem *wc = ioremap_wc(ROM, ROM_SIZE), *uc;
	u8 copy[64], again[64];

	uc = ioremap(ROM + ROM_SIZE / 2, ROM_SIZE / 2);
	if (TOUR_CHECK(t, wc && uc)) {
		memcpy_fromio(copy, wc + ROM_SIZE - 64, sizeof(copy));
		memcpy_fromio(again, uc + ROM_SIZE / 2 - 64, sizeof(again));
		TOUR_CHECK(t, !memcmp(copy, again, sizeof(copy)));
	}
	if (pat_enabled()) {
		TOUR_CHECK(t, memtype_lookup(ROM) == _PAGE_CACHE_MODE_WC);
		TOUR_CHECK(t, !ioremap_wt(ROM, PAGE_SIZE));
	}
	iounmap(wc);
	iounmap(uc);
}

static void tour_io_memremap(struct tour *t)
{
	unsigned long page = __get_free_page(GFP_KERNEL);
	void *p;

	if (TOUR_CHECK(t, page)) {
		p = memremap(__pa(page), PAGE_SIZE, MEMREMAP_WB);
		TOUR_CHECK(t, p == (void *)page);
		memunmap(p);
		TOUR_CHECK(t, !memremap(__pa(page), PAGE_SIZE, 0));
		TOUR_CHECK(t, region_intersects(__pa(page), PAGE_SIZE,
						IORESOURCE_SYSTEM_RAM,
						IORES_DESC_NONE) ==
			      REGION_INTERSECTS);
		free_page(page);
	}
	p = memremap(ROM, ROM_SIZE, MEMREMAP_WT);
	TOUR_CHECK(t, p);
	memunmap(p);
	TOUR_CHECK(t, !arch_io_reserve_memtype_wc(ROM, ROM_SIZE));
	arch_io_free_memtype_wc(ROM, ROM_SIZE);
}

static void tour_io_regions(struct tour *t)
{
	struct resource *r = request_mem_region(ROM, PAGE_SIZE, "tour");

	if (!TOUR_CHECK(t, r))
		return;
	TOUR_CHECK(t, !request_mem_region(ROM, 1, "tour"));
	release_mem_region(ROM, PAGE_SIZE);
	TOUR_CHECK(t, !resource_check(&iomem_resource));
}

void tour_io(struct tour *t)
{
	unsigned long users = memtype_state()->users;
	void __iomem *isa = ioremap(0xa0000, PAGE_SIZE);

	if (TOUR_CHECK(t, isa))
		iounmap(isa);
	TOUR_CHECK(t, !ioremap(ROM, 0));
	if (port_io_reachable(ROM, ROM + ROM_SIZE)) {
		tour_io_types(t);
		tour_io_shared(t);
		tour_io_memremap(t);
		tour_io_regions(t);
	}
	vm_unmap_aliases();
	TOUR_CHECK(t, memtype_state()->users == users);
	TOUR_CHECK(t, !memtype_check());
}
