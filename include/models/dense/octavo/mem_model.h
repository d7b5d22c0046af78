/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_MEM_MODEL_H
#define _OCTAVO_MEM_MODEL_H

/*
 * Dense: every frame up to the last is memory, and the port has an array of
 * struct pages for all of them. Nothing to remember.
 */
struct mem_model {
	unsigned long end_pfn;		/* b: PFN, behind the last frame */
};

#endif
