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

#endif
