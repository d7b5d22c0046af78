/* SPDX-License-Identifier: MIT */
/* Sections: the calls. The structures stand in section_types.h. */
#ifndef _OCTAVO_SECTION_H
#define _OCTAVO_SECTION_H

#include <linux/bitops.h>
#include <octavo/machine.h>
#include <octavo/section_types.h>

static inline unsigned long pfn_to_section_nr(unsigned long pfn)
{
	return pfn >> PFN_SECTION_SHIFT;
}

static inline unsigned long section_nr_to_pfn(unsigned long nr)
{
	return nr << PFN_SECTION_SHIFT;
}

/* NULL when neither it nor a neighbour in its root has memory. */
static inline struct mem_section *__nr_to_section(unsigned long nr)
{
	const struct mem_model *m = &this_machine()->mem_model;
	unsigned long root = nr / SECTIONS_PER_ROOT;

	/* The last root is as long as the sections need, no longer. */
	if (unlikely(nr >= m->nr_sections || !m->roots[root]))
		return NULL;
	return &m->roots[root][nr % SECTIONS_PER_ROOT];
}

static inline struct mem_section *__pfn_to_section(unsigned long pfn)
{
	return __nr_to_section(pfn_to_section_nr(pfn));
}

/* True when the subsection (pageblock) of @pfn holds memory; any context. */
static inline bool pfn_valid(unsigned long pfn)
{
	const struct mem_section *ms = __pfn_to_section(pfn);
	unsigned long sub = (pfn & ~PAGE_SECTION_MASK) >> PFN_SUBSECTION_SHIFT;

	return ms && test_bit(sub, ms->valid);
}

#define pfn_to_nid(pfn)	page_to_nid(pfn_to_page(pfn))

#endif
