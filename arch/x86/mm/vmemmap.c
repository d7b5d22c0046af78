// SPDX-License-Identifier: MIT
/*
 * Memory for struct pages in the virtual mem_map: 2 MiB leaves where a whole
 * one is asked for, else base pages, one run of memory for each piece so that
 * memblock's list stays short. Not cleared: memmap_init() writes every page.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/mapping.h>
#include <asm/pgtable.h>

/* Memory below 16 MiB is for those who can use no other. */
#define VMEMMAP_MIN_ADDRESS	PFN_PHYS(MAX_DMA_PFN)

static struct pgtable *kernel_tables(void)
{
	return &this_arch()->port.map.kernel;
}

static int __init vmemmap_back(unsigned long start, unsigned long end, int nid,
			       int level)
{
	unsigned long size = end - start;
	void *p = memblock_alloc_try_nid_raw(size, level ? PMD_SIZE : PAGE_SIZE,
					     VMEMMAP_MIN_ADDRESS,
					     MEMBLOCK_ALLOC_ACCESSIBLE, nid);

	if (!p)
		return -ENOMEM;
	return pgtable_map(kernel_tables(), start, __pa(p), size, level,
			   kernel_prot(PAGE_KERNEL));
}

/* The end of the run from @addr on that is mapped, or that is not. */
static unsigned long __init vmemmap_run(unsigned long addr, unsigned long end,
					bool *mapped)
{
	struct pgtable_leaf leaf;

	*mapped = pgtable_lookup(kernel_tables(), addr, &leaf);
	if (*mapped)
		return min(end, (unsigned long)(leaf.va + leaf.size));
	while (addr < end && !pgtable_lookup(kernel_tables(), addr, &leaf))
		addr += PAGE_SIZE;
	return addr;
}

static int __init vmemmap_fill(unsigned long start, unsigned long end, int nid)
{
	unsigned long big = ALIGN(start, PMD_SIZE), next;
	int err = 0;

	if (start < big || end - start < PMD_SIZE) {
		next = min(big > start ? big : end, end);
		err = vmemmap_back(start, next, nid, PG_LEVEL_4K);
		start = next;
	}
	/* A leaf at a time: contiguous gigabytes may not be there. */
	for (; !err && end - start >= PMD_SIZE; start += PMD_SIZE) {
		err = vmemmap_back(start, start + PMD_SIZE, nid, PG_LEVEL_2M);
		if (err)	/* fragmented: base pages may still fit */
			err = vmemmap_back(start, start + PMD_SIZE, nid,
					   PG_LEVEL_4K);
	}
	if (!err && start < end)
		err = vmemmap_back(start, end, nid, PG_LEVEL_4K);
	return err;
}

int __init vmemmap_populate(unsigned long start, unsigned long end, int nid)
{
	unsigned long next;
	bool mapped;
	int err;

	start &= PAGE_MASK;
	end = ALIGN(end, PAGE_SIZE);
	for (; start < end; start = next) {
		next = vmemmap_run(start, end, &mapped);
		if (mapped)
			continue;
		err = vmemmap_fill(start, next, nid);
		if (err)
			return err;
	}
	return 0;
}
