/* SPDX-License-Identifier: MIT */
/* Reading the firmware's memory before, and beside, the direct map. */
#ifndef _ASM_EARLY_IOREMAP_H
#define _ASM_EARLY_IOREMAP_H

#include <linux/types.h>

/*
 * Maps [phys, phys + size) for a moment: firmware tables that the direct map
 * does not hold. At most EARLY_MEMREMAP_MAX bytes each, EARLY_MEMREMAP_SLOTS
 * at a time. NULL when there is no room, or no such memory. Before and after
 * init_mem_mapping(), on the booting CPU. Each port answers both.
 */
#define EARLY_MEMREMAP_MAX	(256UL << 10)
#define EARLY_MEMREMAP_SLOTS	8
void *early_memremap(phys_addr_t phys, unsigned long size);
void early_memunmap(void *addr, unsigned long size);

#endif
