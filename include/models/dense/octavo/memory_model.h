/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_MEMORY_MODEL_H
#define _OCTAVO_MEMORY_MODEL_H

#include <octavo/machine.h>
#include <asm/vmemmap.h>

#define pfn_to_page(pfn)	(vmemmap + (pfn))
#define page_to_pfn(page)	((unsigned long)((page) - vmemmap))

static inline bool pfn_valid(unsigned long pfn)
{
	return pfn < this_machine()->mem_model.end_pfn;
}

/* Whether @page is the struct page of a frame, whatever it points at. */
static inline bool page_pointer_valid(const struct page *page)
{
	unsigned long bytes = (unsigned long)page - (unsigned long)vmemmap;

	return bytes % sizeof(*page) == 0 && pfn_valid(bytes / sizeof(*page));
}

#endif
