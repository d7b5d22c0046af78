/* SPDX-License-Identifier: MIT */
/*
 * Page frames and the two linear maps: RAM at PAGE_OFFSET, the kernel image
 * at __START_KERNEL_map.
 */
#ifndef _ASM_PAGE_H
#define _ASM_PAGE_H

#include <linux/types.h>
#ifdef CONFIG_64BIT
#include <asm/page_64_types.h>
#else
#include <asm/page_32_types.h>
#endif

#define PAGE_SHIFT		12
#define PAGE_SIZE		(1UL << PAGE_SHIFT)
/* Signed, so that it leaves all of an address wider than a word. */
#define PAGE_MASK		(~((long)PAGE_SIZE - 1))

#define MAX_DMA_PFN		((16UL << 20) >> PAGE_SHIFT)
#define MAX_DMA32_PFN		(1UL << (32 - PAGE_SHIFT))

/* Physical address of what lies in either linear map. */
static inline phys_addr_t x86_phys_of(unsigned long addr)
{
	return addr - (addr >= __START_KERNEL_map ? __START_KERNEL_map
						  : PAGE_OFFSET);
}

#define __pa(x)			x86_phys_of((unsigned long)(x))
/* The same, for what is known to be a symbol of the image. */
#define __pa_symbol(x)							\
	((phys_addr_t)((unsigned long)(x) - __START_KERNEL_map))
#define __va(x)			x86_virt_of(x)
#define phys_to_virt(x)		__va(x)
#define virt_to_phys(x)		__pa(x)
#define __phys_to_pfn(x)	((unsigned long)((x) >> PAGE_SHIFT))

/* No checker of memory accesses runs below. */
#define PORT_CHECKS_MEMORY	false

/* Page-aligned addresses; the ranges do not overlap. Any context. */
#ifdef CONFIG_64BIT
static inline void clear_page(void *page)
{
	unsigned long n = PAGE_SIZE / sizeof(long);

	__asm__ __volatile__(__REP_STOS : "+D" (page), "+c" (n)
			     : "a" (0UL) : "memory");
}
#else
void clear_page(void *page);
#endif

static inline void copy_page(void *to, const void *from)
{
	unsigned long n = PAGE_SIZE / sizeof(long);

	__asm__ __volatile__(__REP_MOVS : "+D" (to), "+S" (from), "+c" (n)
			     : : "memory");
}

#endif
