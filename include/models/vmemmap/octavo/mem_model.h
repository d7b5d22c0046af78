/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_MEM_MODEL_H
#define _OCTAVO_MEM_MODEL_H

struct mem_section;

/* SPARSEMEM_VMEMMAP: one virtual array; theory in mm/early/sparse_vmemmap.c. */
struct mem_model {
	struct mem_section **roots;	/* b: NULL where there is no memory */
	unsigned long nr_sections;	/* b: up to the last with memory */
};

#endif
