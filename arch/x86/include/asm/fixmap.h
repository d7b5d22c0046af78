/* SPDX-License-Identifier: MIT */
/* Addresses that are fixed at build time and get their memory later. */
#ifndef _ASM_FIXMAP_H
#define _ASM_FIXMAP_H

#include <asm/early_ioremap.h>
#include <asm/mapping.h>
#include <asm/page.h>

/* Unaligned pieces need a page more. */
#define EARLY_MEMREMAP_PAGES	(EARLY_MEMREMAP_MAX / PAGE_SIZE + 1)
#define FIXMAP_PAGES							\
	(FIX_EARLY_FIRST + EARLY_MEMREMAP_SLOTS * EARLY_MEMREMAP_PAGES)

#define fix_to_virt(slot)	(FIXADDR_START + (unsigned long)(slot) * PAGE_SIZE)

/* Makes the tables of all slots, so that no slot needs memory later. */
void fixmap_tables_init(void);

#endif
