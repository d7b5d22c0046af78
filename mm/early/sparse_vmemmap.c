// SPDX-License-Identifier: MIT
/*
 * SPARSEMEM_VMEMMAP: one virtual array of struct pages for all frames, with
 * memory behind it only where there is memory.
 *
 *   vmemmap  |#########|            |##########|       |####|
 *   frames    node 0     a hole      node 0             node 1
 *
 * pfn_to_page() and page_to_pfn() are an addition. The port maps an extent at
 * a time, from memory of its node, so that it can use its largest pages and
 * a machine of many terabytes needs one call for each node.
 */
#include "section_internal.h"

#include <linux/printk.h>
#include <octavo/port.h>

void mem_model_setup(void)
{
	unsigned long start = 0, end = 0;
	int nid;

	sections_setup();
	while (memmap_next_extent(&start, &end, &nid))
		if (vmemmap_populate((unsigned long)pfn_to_page(start),
				     (unsigned long)pfn_to_page(end), nid))
			panic("sparse_init: no memory on node %d for the struct pages of %lu frames",
			      nid, end - start);
}
