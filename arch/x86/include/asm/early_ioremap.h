/* SPDX-License-Identifier: MIT */
/* Physical memory for a moment, before there is an allocator. */
#ifndef _ASM_EARLY_IOREMAP_H
#define _ASM_EARLY_IOREMAP_H

#include <linux/compiler.h>
#include <linux/types.h>

/*
 * Maps [phys, phys + size) for a moment: at most EARLY_MEMREMAP_MAX bytes
 * each, FIX_BTMAPS_SLOTS at a time; NULL for an empty or larger range, or
 * for no such memory, and with a line when no slot is left. memremap: memory,
 * such as firmware's tables, cached; _ro: may not be written; ioremap: a
 * device, not cached. Given back by the same address and size. On the booting
 * CPU, before and after the direct map is there, until start-up is over.
 */
#define EARLY_MEMREMAP_MAX	(256UL << 10)
#define FIX_BTMAPS_SLOTS	8
void __iomem *early_ioremap(resource_size_t phys, unsigned long size);
void early_iounmap(void __iomem *addr, unsigned long size);
void *early_memremap(resource_size_t phys, unsigned long size);
void *early_memremap_ro(resource_size_t phys, unsigned long size);
void early_memunmap(void *addr, unsigned long size);

/* Reports slots that are taken when start-up is over; how many there are. */
int early_ioremap_check(void);

/* Each port: where the direct map shows all of that now, or NULL. */
void *early_direct_map(phys_addr_t phys, unsigned long size);

/* b: booting CPU */
struct early_ioremap_state {
	struct early_slot {
		void *addr;		/* b: as it was given; NULL: free */
		unsigned long size;	/* b: bytes asked for */
	} slot[FIX_BTMAPS_SLOTS];
	bool debug;			/* b: early_ioremap_debug was given */
};

#endif
