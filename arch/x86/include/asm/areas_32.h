/* SPDX-License-Identifier: MIT */
/*
 * The upper part of a 32-bit kernel's addresses, counted down from the fixmap;
 * the picture stands in asm/page_32_types.h. What lies below PKMAP_BASE
 * depends on the machine: struct x86_areas.
 */
#ifndef _ASM_AREAS_32_H
#define _ASM_AREAS_32_H

#include <asm/fixmap.h>
#include <asm/page.h>
#include <asm/pgtable_types.h>

/* Persistent mappings: what one page table translates, a page of hole above. */
#define LAST_PKMAP		PTRS_PER_PTE
#define PKMAP_SIZE		(LAST_PKMAP * PAGE_SIZE)
#define PKMAP_BASE							\
	((FIXADDR_START - PAGE_SIZE - PKMAP_SIZE) & ~(PKMAP_SIZE - 1))

/* Holes that an access behind low memory, behind a mapping, falls into. */
#define VMALLOC_OFFSET		(8UL << 20)
#define VMALLOC_END_HOLE	(2 * PAGE_SIZE)

#endif
