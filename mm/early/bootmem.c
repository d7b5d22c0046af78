// SPDX-License-Identifier: MIT
/*
 * The early allocator by its older name, as the calls of Linux 2.6 had it:
 * no size limits, memory zeroed, and a machine that stops when there is
 * none. Each call is one of memblock's.
 */
#include <linux/bootmem.h>

#include <linux/errno.h>
#include <linux/memblock.h>
#include <linux/mmzone.h>
#include <linux/printk.h>

/* Above the DMA zone if that has room: devices need what lies below. */
#define BOOTMEM_GOAL	PFN_PHYS(MAX_DMA_PFN)

void bootmem_init(void)
{
	struct machine *m = this_machine();

	m->pfn.min_low = PFN_UP(memblock_start_of_DRAM());
	m->pfn.max = PFN_DOWN(memblock_end_of_DRAM());
	if (!m->pfn.max_low || m->pfn.max_low > m->pfn.max)
		m->pfn.max_low = m->pfn.max;
	m->direct_map_end = __va(PFN_PHYS(m->pfn.max_low));
}

static void *bootmem_must(void *p, unsigned long size)
{
	if (!p)
		panic("bootmem: out of memory, %lu bytes asked for", size);
	return p;
}

static void *bootmem_alloc(unsigned long size, phys_addr_t align,
			   phys_addr_t goal, phys_addr_t limit, int nid)
{
	return memblock_alloc_try_nid(size, align, goal, limit, nid);
}

void *alloc_bootmem_nopanic(unsigned long size)
{
	return bootmem_alloc(size, SMP_CACHE_BYTES, BOOTMEM_GOAL,
			     MEMBLOCK_ALLOC_ACCESSIBLE, NUMA_NO_NODE);
}

void *alloc_bootmem(unsigned long size)
{
	return bootmem_must(alloc_bootmem_nopanic(size), size);
}

void *alloc_bootmem_pages(unsigned long size)
{
	return bootmem_must(bootmem_alloc(size, PAGE_SIZE, BOOTMEM_GOAL,
					  MEMBLOCK_ALLOC_ACCESSIBLE,
					  NUMA_NO_NODE), size);
}

void *alloc_bootmem_low(unsigned long size)
{
	return bootmem_must(memblock_alloc_low(size, SMP_CACHE_BYTES), size);
}

void *alloc_bootmem_low_pages(unsigned long size)
{
	return bootmem_must(memblock_alloc_low(size, PAGE_SIZE), size);
}

void *alloc_bootmem_node(struct pglist_data *pgdat, unsigned long size)
{
	return bootmem_must(bootmem_alloc(size, SMP_CACHE_BYTES, BOOTMEM_GOAL,
					  MEMBLOCK_ALLOC_ACCESSIBLE,
					  pgdat->node_id), size);
}

void *alloc_bootmem_pages_node(struct pglist_data *pgdat, unsigned long size)
{
	return bootmem_must(bootmem_alloc(size, PAGE_SIZE, BOOTMEM_GOAL,
					  MEMBLOCK_ALLOC_ACCESSIBLE,
					  pgdat->node_id), size);
}

int reserve_bootmem(unsigned long physaddr, unsigned long size, int flags)
{
	if ((flags & BOOTMEM_EXCLUSIVE) &&
	    memblock_is_region_reserved(physaddr, size))
		return -EBUSY;
	return memblock_reserve(physaddr, size);
}

void free_bootmem(unsigned long physaddr, unsigned long size)
{
	memblock_phys_free(physaddr, size);
}

void free_bootmem_node(struct pglist_data *pgdat, unsigned long physaddr,
		       unsigned long size)
{
	free_bootmem(physaddr, size);
}
