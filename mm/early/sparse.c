// SPDX-License-Identifier: MIT
/*
 * SPARSEMEM: the struct pages of each section are an array of their own, in
 * the direct map.
 *
 *   section  |   0   |   1   |       |   3   |
 *   memmap   |=block=|=block=|       |=block=|     each aligned to its size
 *
 * A block is exactly as large as a section's struct pages (1 MiB) and is
 * aligned to that, so the section of a struct page follows from its address:
 * section_of, by number of block, a table of two levels made where there are
 * blocks. Hence page->flags needs no bits for the section.
 *
 * Blocks of neighbouring sections on a node are one allocation, halved until
 * it fits. Parts of a block that are for frames without memory go back to
 * memblock.
 */
#include "section_internal.h"

#include <linux/math.h>
#include <linux/printk.h>

/* Sections [first, end) on one node. */
struct section_run {
	unsigned long first;		/* section number */
	unsigned long end;		/* section number */
	int nid;
};

static void section_of_set(phys_addr_t block_addr, unsigned long nr)
{
	struct mem_model *m = &this_machine()->mem_model;
	unsigned long block = (unsigned long)(block_addr >> MEMMAP_BLOCK_SHIFT);
	unsigned long i = block >> MEMMAP_TABLE_SHIFT;

	if (!m->section_of[i])
		m->section_of[i] = section_alloc(sizeof(u32) <<
						 MEMMAP_TABLE_SHIFT,
						 NUMA_NO_NODE);
	m->section_of[i][block & ((1UL << MEMMAP_TABLE_SHIFT) - 1)] = (u32)nr;
}

/* The blocks of @run start at @addr. */
static void memmap_assign(struct section_run run, phys_addr_t addr)
{
	for (; run.first < run.end; run.first++) {
		__nr_to_section(run.first)->map = __va(addr);
		section_of_set(addr, run.first);
		addr += MEMMAP_BLOCK_SIZE;
	}
}

static void memmap_alloc(struct section_run run)
{
	unsigned long nr = run.end - run.first;
	phys_addr_t addr;

	addr = memblock_phys_alloc_try_nid((phys_addr_t)nr * MEMMAP_BLOCK_SIZE,
					   MEMMAP_BLOCK_SIZE, run.nid);
	if (addr) {
		memmap_assign(run, addr);
		return;
	}
	if (nr == 1)
		panic("sparse_init: no memory on node %d for the struct pages of section %lu",
		      run.nid, run.first);
	memmap_alloc((struct section_run){ run.first, run.first + nr / 2,
					   run.nid });
	memmap_alloc((struct section_run){ run.first + nr / 2, run.end,
					   run.nid });
}

/*
 * Gives back the struct pages of the frames [start, end), which lie between
 * two extents and have no memory; whole pages of them only.
 */
static void memmap_free_hole(unsigned long start, unsigned long end)
{
	while (start < end) {
		unsigned long stop = min(ALIGN(start + 1, PAGES_PER_SECTION),
					 end);
		struct mem_section *ms = __pfn_to_section(start);
		phys_addr_t from, to;

		if (ms && ms->map) {
			from = ALIGN(__pa(pfn_to_page(start)), PAGE_SIZE);
			to = __pa(pfn_to_page(start) + (stop - start));
			if (from < to)
				memblock_phys_free(from, to - from);
		}
		start = stop;
	}
}

static void memmap_trim(void)
{
	unsigned long start = 0, end = 0, last = 0;
	int nid;

	while (memmap_next_extent(&start, &end, &nid)) {
		memmap_free_hole(last, start);
		last = end;
	}
	memmap_free_hole(last, ALIGN(last, PAGES_PER_SECTION));
}

/* One table for each 1024 blocks of all memory, where memmaps may lie. */
static void section_of_setup(void)
{
	struct mem_model *m = &this_machine()->mem_model;

	m->nr_tables = (unsigned long)((memblock_end_of_DRAM() - 1) >>
			(MEMMAP_BLOCK_SHIFT + MEMMAP_TABLE_SHIFT)) + 1;
	m->section_of = section_alloc(m->nr_tables * sizeof(*m->section_of),
				      NUMA_NO_NODE);
}

void mem_model_setup(void)
{
	struct section_run run = { 0, 0, NUMA_NO_NODE };
	unsigned long start = 0, end = 0;
	int nid;

	sections_setup();
	section_of_setup();
	while (memmap_next_extent(&start, &end, &nid)) {
		unsigned long first = max(pfn_to_section_nr(start), run.end);
		unsigned long stop = pfn_to_section_nr(end - 1) + 1;

		if (first >= stop)
			continue;
		if (run.nid != nid || run.end != first) {
			if (run.first < run.end)
				memmap_alloc(run);
			run.first = first;
			run.nid = nid;
		}
		run.end = stop;
	}
	memmap_alloc(run);
	memmap_trim();
}
