/* SPDX-License-Identifier: MIT */
/*
 * Page frames of a kernel that embeds the core. All RAM is mapped linearly,
 * and where that begins is the kernel's choice: port_page_offset is 0 unless
 * it defines its own.
 */
#ifndef _ASM_PAGE_H
#define _ASM_PAGE_H

#include <linux/types.h>

#define PAGE_SHIFT		12
#define PAGE_SIZE		(1UL << PAGE_SHIFT)
#define PAGE_MASK		(~(PAGE_SIZE - 1))
#define PMD_SHIFT		21
#define PUD_SHIFT		30

/* struct page links are 32-bit PFNs: 2^44 bytes. */
#define MAX_PHYSMEM_BITS	44
/* A CPU's addresses of per-CPU variables. */
#define PORT_PERCPU_STRIDE	(16U << 20)
#define SECTION_SIZE_BITS	27

#define MAX_DMA_PFN		((16UL << 20) >> PAGE_SHIFT)
#define MAX_DMA32_PFN		(1UL << (32 - PAGE_SHIFT))

/* Address of physical 0; whole pages. */
extern const unsigned long port_page_offset;

#define PAGE_OFFSET		port_page_offset
#define __pa(x)			((phys_addr_t)((unsigned long)(x) - PAGE_OFFSET))
#define __va(x)			((void *)((unsigned long)(x) + PAGE_OFFSET))
#define phys_to_virt(x)		__va(x)
#define virt_to_phys(x)		__pa(x)
#define __phys_to_pfn(x)	((unsigned long)((x) >> PAGE_SHIFT))

/* No checker of memory accesses runs below. */
#define PORT_CHECKS_MEMORY	false

/* The kinds of zone there are; /proc names no others. */
#define PORT_ZONES							\
	(1U << ZONE_DMA | 1U << ZONE_DMA32 | 1U << ZONE_NORMAL |	\
	 1U << ZONE_MOVABLE | 1U << ZONE_DEVICE)

/* Page-aligned addresses; the ranges do not overlap. Any context. */
static inline void clear_page(void *page)
{
	unsigned long n = PAGE_SIZE / sizeof(long);

	__asm__ __volatile__("rep stosq" : "+D" (page), "+c" (n)
			     : "a" (0UL) : "memory");
}

static inline void copy_page(void *to, const void *from)
{
	unsigned long n = PAGE_SIZE / sizeof(long);

	__asm__ __volatile__("rep movsq" : "+D" (to), "+S" (from), "+c" (n)
			     : : "memory");
}

#endif
