/* SPDX-License-Identifier: MIT */
/*
 * Where things lie in a 64-bit kernel's half of the address space:
 *
 *   0xffff888000000000  PAGE_OFFSET    all RAM, 16 TiB (MAX_PHYSMEM_BITS)
 *   0xffffea0000000000  VMEMMAP_START  struct pages, 128 GiB of addresses
 *   0xffffeb0000000000  PERCPU_START   per-CPU areas, 8 GiB of addresses
 *   0xffffffff80000000  KERNEL_MAP     the image, at its physical address
 *   0xffffffffff000000  FIXADDR_START  device registers, early mappings
 */
#ifndef _ASM_PAGE_64_TYPES_H
#define _ASM_PAGE_64_TYPES_H

#define PAGE_OFFSET		0xffff888000000000UL
#define __START_KERNEL_map	0xffffffff80000000UL
#define VMEMMAP_START		0xffffea0000000000UL
#define PERCPU_START		0xffffeb0000000000UL
#define FIXADDR_START		0xffffffffff000000UL

/* struct page links are 32-bit PFNs: 2^44 bytes. */
#define MAX_PHYSMEM_BITS	44
#define SECTION_SIZE_BITS	27

/* A CPU's addresses of per-CPU variables. */
#define PORT_PERCPU_STRIDE	(16U << 20)
/* What a CPU takes of the addresses of kernel mappings: 2 MiB. */
#define PORT_KVIRT_CHUNK_SHIFT	21

/* What head_64.S maps at PAGE_OFFSET until init_mem_mapping(). */
#define EARLY_MAP_SIZE		(4ULL << 30)

#define PMD_SHIFT		21
#define PUD_SHIFT		30

/* All RAM has an address. */
#define x86_virt_of(phys)	((void *)((unsigned long)(phys) + PAGE_OFFSET))

/* String instructions on whole words. */
#define __REP_STOS		"rep stosq"
#define __REP_MOVS		"rep movsq"

/* The kinds of zone there are; /proc names no others. */
#define PORT_ZONES							\
	(1U << ZONE_DMA | 1U << ZONE_DMA32 | 1U << ZONE_NORMAL |	\
	 1U << ZONE_MOVABLE | 1U << ZONE_DEVICE)

#endif
