/* SPDX-License-Identifier: MIT */
/*
 * Physical addresses on the host are offsets into the machine's arena, one
 * sparse mapping at page_offset.
 */
#ifndef _ASM_PAGE_H
#define _ASM_PAGE_H

#include <linux/types.h>
#include <octavo/this_machine.h>

#define PAGE_SHIFT		12
#define PAGE_SIZE		(1UL << PAGE_SHIFT)
#define PAGE_MASK		(~(PAGE_SIZE - 1))
#define PMD_SHIFT		21
#define PUD_SHIFT		30

/* struct page links are 32-bit PFNs: 2^44 bytes. */
#define MAX_PHYSMEM_BITS	44
/* A CPU's addresses of per-CPU variables. */
#define PORT_PERCPU_STRIDE	(16U << 20)
/* What a CPU takes of the addresses of kernel mappings: 2 MiB. */
#define PORT_KVIRT_CHUNK_SHIFT	21
#define SECTION_SIZE_BITS	27

#define MAX_DMA_PFN		((16UL << 20) >> PAGE_SHIFT)
#define MAX_DMA32_PFN		(1UL << (32 - PAGE_SHIFT))

#define PAGE_OFFSET		(this_arch()->page_offset)
#define FIXADDR_START		(this_arch()->fixmap_start)
#define __pa(x)			((phys_addr_t)((unsigned long)(x) - PAGE_OFFSET))
#define __va(x)			((void *)((unsigned long)(x) + PAGE_OFFSET))
#define phys_to_virt(x)		__va(x)
#define virt_to_phys(x)		__pa(x)
#define __phys_to_pfn(x)	((unsigned long)((x) >> PAGE_SHIFT))

/* A sanitizer that was built in looks at every access. */
#ifdef CONFIG_HOST_SAN_ASAN
#define PORT_CHECKS_MEMORY	true
#else
#define PORT_CHECKS_MEMORY	false
#endif

void clear_page(void *page);
void copy_page(void *to, const void *from);

/* The kinds of zone that PCs have; /proc names no others. */
#define ZONES_64BIT							\
	(1U << ZONE_DMA | 1U << ZONE_DMA32 | 1U << ZONE_NORMAL |	\
	 1U << ZONE_MOVABLE | 1U << ZONE_DEVICE)
#define ZONES_32BIT							\
	(1U << ZONE_DMA | 1U << ZONE_NORMAL | 1U << ZONE_HIGHMEM |	\
	 1U << ZONE_MOVABLE)
#ifdef CONFIG_HIGHMEM
#define PORT_ZONES	(this_arch()->low_end ? ZONES_32BIT : ZONES_64BIT)
#else
#define PORT_ZONES	ZONES_64BIT
#endif

#endif
