/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_MEMORY_MODEL_H
#define _OCTAVO_MEMORY_MODEL_H

#include <octavo/pfn_valid_map.h>

#define mem_map		(this_machine()->mem_model.map)

#define pfn_to_page(pfn)						\
	(this_machine()->mem_model.map +				\
	 ((pfn) - this_machine()->mem_model.start_pfn))
#define page_to_pfn(page)						\
	((unsigned long)((page) - this_machine()->mem_model.map) +	\
	 this_machine()->mem_model.start_pfn)

#define pfn_to_nid(pfn)	page_to_nid(pfn_to_page(pfn))

/* Whether @page is the struct page of a frame, whatever it points at. */
static inline bool page_pointer_valid(const struct page *page)
{
	unsigned long bytes = (unsigned long)page - (unsigned long)mem_map;

	return bytes % sizeof(*page) == 0 &&
	       pfn_valid(bytes / sizeof(*page) +
			 this_machine()->mem_model.start_pfn);
}

#endif
