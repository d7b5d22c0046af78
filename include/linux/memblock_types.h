/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MEMBLOCK_TYPES_H
#define _LINUX_MEMBLOCK_TYPES_H

#include <linux/types.h>

#define INIT_MEMBLOCK_REGIONS		128
#define INIT_MEMBLOCK_RESERVED_REGIONS	INIT_MEMBLOCK_REGIONS
#define INIT_PHYSMEM_REGIONS		4

enum memblock_flags {
	MEMBLOCK_NONE		= 0x0,
	MEMBLOCK_HOTPLUG	= 0x1,	/* may be unplugged: use last */
	MEMBLOCK_MIRROR		= 0x2,	/* mirrored: use first */
	MEMBLOCK_NOMAP		= 0x4,	/* not in the direct map */
	MEMBLOCK_DRIVER_MANAGED	= 0x8,	/* added by a driver */
	MEMBLOCK_RSRV_NOINIT	= 0x10,	/* reserved: struct pages stay raw */
};

struct memblock_region {
	phys_addr_t base;		/* bytes */
	phys_addr_t size;		/* bytes, not 0 */
	enum memblock_flags flags;
	int nid;			/* MAX_NUMNODES when not known */
};

struct memblock_type {
	unsigned long cnt;		/* regions in use */
	unsigned long max;		/* places in the array */
	phys_addr_t total_size;		/* bytes of all regions */
	struct memblock_region *regions; /* sorted, disjoint */
	const char *name;
};

/* Ranges that reserve_mem= may name, and how long a name may be. */
#define RESERVE_MEM_MAX_ENTRIES		8
#define RESERVE_MEM_NAME_SIZE		16

struct reserve_mem_entry {
	char name[RESERVE_MEM_NAME_SIZE];
	phys_addr_t start;		/* bytes; 0: not found room for yet */
	phys_addr_t size;		/* bytes */
	phys_addr_t align;		/* bytes, a power of two */
};

/*
 * The allocator's whole state. Linux calls both the type and its one instance
 * `memblock`; here the instance is a macro over the machine, so the type has
 * a name of its own.
 */
struct memblock_state {
	bool bottom_up;			/* allocate from low addresses */
	bool can_resize;		/* memblock_allow_resize() was called */
	bool handed_over;		/* the page allocator has the memory now */
	bool debug;			/* memblock=debug */
	bool has_mirror;		/* some region is MEMBLOCK_MIRROR */
	bool memory_in_slab;		/* array came from the page allocator */
	bool reserved_in_slab;
	phys_addr_t current_limit;	/* allocations end below this, bytes */
	struct memblock_type memory;	/* what there is */
	struct memblock_type reserved;	/* what is taken, of it or not */
	unsigned int nr_reserve_mem;	/* entries in use */
	struct reserve_mem_entry reserve_mem[RESERVE_MEM_MAX_ENTRIES];
	struct memblock_region init_memory[INIT_MEMBLOCK_REGIONS];
	struct memblock_region init_reserved[INIT_MEMBLOCK_RESERVED_REGIONS];
};

#endif
