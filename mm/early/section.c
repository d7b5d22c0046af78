// SPDX-License-Identifier: MIT
/*
 * Sections of the sparse models: a table of two levels that is made only
 * where there is memory.
 *
 *   pfn  | root | section in root | subsection | frame |
 *          roots[] -> mem_section[] -> valid bit
 *
 * A subsection (a pageblock) is valid when it holds memory. The table of
 * roots is as long as the highest frame needs; one root of 256 sections
 * covers 32 GiB, and a machine with less makes only what it needs of it.
 */
#include "section_internal.h"

#include <linux/bug.h>
#include <linux/math.h>
#include <linux/printk.h>

void *section_alloc(size_t bytes, int nid)
{
	void *p = memblock_alloc_node(bytes, SMP_CACHE_BYTES, nid);

	if (!p)
		panic("sparse_init: no memory for %zu bytes of section tables",
		      bytes);
	return p;
}

static void root_create(struct mem_model *m, unsigned long root, int nid)
{
	unsigned long nr = min(m->nr_sections - root * SECTIONS_PER_ROOT,
			       SECTIONS_PER_ROOT);

	m->roots[root] = section_alloc(nr * sizeof(struct mem_section), nid);
}

/* Marks the subsections that [start, end) of memory touches. */
static void section_mark_valid(unsigned long start, unsigned long end)
{
	unsigned long pfn = ALIGN_DOWN(start, PAGES_PER_SUBSECTION);

	for (; pfn < end; pfn += PAGES_PER_SUBSECTION) {
		struct mem_section *ms = __pfn_to_section(pfn);

		BUG_ON(!ms);	/* its root was made just before */
		__set_bit((pfn & ~PAGE_SECTION_MASK) >> PFN_SUBSECTION_SHIFT,
			  ms->valid);
	}
}

void sections_setup(void)
{
	struct mem_model *m = &this_machine()->mem_model;
	unsigned long root, start, end;
	int i, nid;

	/* The end is a max-order block's: its buddies have sections too. */
	end = ALIGN(PFN_UP(memblock_end_of_DRAM()), MAX_ORDER_NR_PAGES);
	m->nr_sections = pfn_to_section_nr(end - 1) + 1;
	BUG_ON(m->nr_sections > NR_MEM_SECTIONS);
	m->roots = section_alloc(DIV_ROUND_UP(m->nr_sections,
					      SECTIONS_PER_ROOT) *
				 sizeof(*m->roots), NUMA_NO_NODE);

	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid) {
		root = pfn_to_section_nr(start) / SECTIONS_PER_ROOT;
		for (; section_nr_to_pfn(root * SECTIONS_PER_ROOT) < end; root++)
			if (!m->roots[root])
				root_create(m, root, nid);
		section_mark_valid(start, end);
	}
}
