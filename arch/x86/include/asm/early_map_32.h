/* SPDX-License-Identifier: MIT */
/*
 * What head_32.S maps until init_mem_mapping(), for it and for C: the first
 * EARLY_MAP_SIZE bytes of memory, at 0 and at PAGE_OFFSET, and at the end of
 * the address space tables without entries.
 */
#ifndef _ASM_EARLY_MAP_32_H
#define _ASM_EARLY_MAP_32_H

#include <asm/page_32_types.h>

/* Bytes of addresses that a table maps. */
#define EARLY_TABLE_SPAN	(1 << PMD_SHIFT)
/* Tables whose entries are for the fixmap: the last 8 MiB of addresses. */
#define EARLY_FIXMAP_TABLES	((8 << 20) / EARLY_TABLE_SPAN)

#ifndef __ASSEMBLER__
#include <asm/pgtable_types.h>

/* The top table; of no use once the kernel's own are loaded. */
extern pgdval_t early_pgd[];
#endif

#endif
