/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_MEM_MODEL_H
#define _OCTAVO_MEM_MODEL_H

struct mem_section;

/* SPARSEMEM_VMEMMAP's state; theory in mm/early/sparse.c. */
struct mem_model {
	struct mem_section **sections;	/* b: by root */
};

#endif
