// SPDX-License-Identifier: MIT
/*
 * Dense: memory without holes, whose struct pages the port has somewhere. For
 * machines that a port lays out as it likes, and whose start must not cost
 * anything for each piece of memory.
 *
 *   frames   0 ############################ end_pfn
 *   vmemmap    ============================
 */
#include "early.h"

#include <linux/align.h>
#include <linux/bug.h>

void mem_model_setup(void)
{
	struct mem_model *m = &this_machine()->mem_model;

	BUG_ON(memblock_start_of_DRAM());
	m->end_pfn = PHYS_PFN(memblock_end_of_DRAM());
	BUG_ON(!IS_ALIGNED(m->end_pfn, MAX_ORDER_NR_PAGES));
}
