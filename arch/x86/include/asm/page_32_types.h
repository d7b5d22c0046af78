/* SPDX-License-Identifier: MIT */
/*
 * Where things lie in a 32-bit kernel's gigabyte, from PAGE_OFFSET on:
 *
 *   0xc0000000  PAGE_OFFSET     low memory: 896 MiB of RAM and the image in it
 *               high_memory     its end; behind it a hole of 8 MiB at least
 *               VMALLOC_START   kernel mappings
 *               VMALLOC_END     two pages of hole
 *               percpu_start    per-CPU areas, a stride each
 *               PKMAP_BASE      persistent mappings of high memory, 4 or 2 MiB
 *               FIXADDR_START   device registers, early and local mappings
 *   0xfffff000  FIXADDR_TOP     a page of hole
 *
 * The last five are counted down from the top, asm/areas_32.h.
 */
#ifndef _ASM_PAGE_32_TYPES_H
#define _ASM_PAGE_32_TYPES_H

#define PAGE_OFFSET		0xc0000000UL
/* The image lies in the direct map. */
#define __START_KERNEL_map	PAGE_OFFSET

/* What an entry of a page table can say: 4 GiB, 64 GiB with PAE. */
#ifdef CONFIG_X86_PAE
#define MAX_PHYSMEM_BITS	36
#define SECTION_SIZE_BITS	29
#define PMD_SHIFT		21
#else
#define MAX_PHYSMEM_BITS	32
#define SECTION_SIZE_BITS	26
#define PMD_SHIFT		22
#endif

/* A CPU's addresses of per-CPU variables. */
#define PORT_PERCPU_STRIDE	(1U << 20)
/* What a CPU takes of the addresses of kernel mappings: 512 KiB, so that 32
 * CPUs with some of each kind leave more than half. */
#define PORT_KVIRT_CHUNK_SHIFT	19

/* What head_32.S maps at PAGE_OFFSET until init_mem_mapping(). */
#define EARLY_MAP_MIB		64
#define EARLY_MAP_SIZE		((u64)EARLY_MAP_MIB << 20)

/* Low memory alone has an address; who asks for other memory's is wrong. */
#ifdef CONFIG_DEBUG_VM
#ifndef __ASSEMBLER__
void *x86_virt_of(phys_addr_t phys);
#endif
#else
#define x86_virt_of(phys)	((void *)((unsigned long)(phys) + PAGE_OFFSET))
#endif

/* String instructions on whole words. */
#define __REP_STOS		"rep stosl"
#define __REP_MOVS		"rep movsl"

/* The kinds of zone there are; /proc names no others. */
#define PORT_ZONES							\
	(1U << ZONE_DMA | 1U << ZONE_NORMAL | 1U << ZONE_HIGHMEM |	\
	 1U << ZONE_MOVABLE)

#endif
