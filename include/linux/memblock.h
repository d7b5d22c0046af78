/* SPDX-License-Identifier: MIT */
/*
 * memblock: the allocator of early boot. Linux's calls and semantics; the
 * theory stands in mm/early/memblock.c.
 */
#ifndef _LINUX_MEMBLOCK_H
#define _LINUX_MEMBLOCK_H

#include <linux/init.h>
#include <linux/memblock_types.h>
#include <linux/mm_types.h>
#include <linux/numa.h>
#include <linux/types.h>
#include <octavo/machine.h>
#include <asm/page.h>

/* The machine's own; a macro, so that code written for Linux compiles. */
#define memblock	(this_machine()->mb)

#define MEMBLOCK_ALLOC_ANYWHERE		(~(phys_addr_t)0)
#define MEMBLOCK_ALLOC_ACCESSIBLE	0
#define MEMBLOCK_ALLOC_NOLEAKTRACE	1
#define MEMBLOCK_LOW_LIMIT		0

/*
 * Regions. All return 0, or -ENOMEM when the array had to grow and could
 * not. Base and size in bytes; a size that would wrap is cut at the top.
 */
int memblock_add_node(phys_addr_t base, phys_addr_t size, int nid,
		      enum memblock_flags flags);
int memblock_add(phys_addr_t base, phys_addr_t size);
int memblock_remove(phys_addr_t base, phys_addr_t size);
int memblock_reserve(phys_addr_t base, phys_addr_t size);
int memblock_phys_free(phys_addr_t base, phys_addr_t size);

/* Zeroed memory at its direct-map address, NULL when there is none. */
void *memblock_alloc_try_nid(phys_addr_t size, phys_addr_t align,
			     phys_addr_t min_addr, phys_addr_t max_addr,
			     int nid);
phys_addr_t memblock_phys_alloc_range(phys_addr_t size, phys_addr_t align,
				      phys_addr_t start, phys_addr_t end);

#endif
