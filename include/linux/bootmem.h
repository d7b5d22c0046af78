/* SPDX-License-Identifier: MIT */
/*
 * The early allocator by its older name: each call is one of memblock's.
 * What it returns is zeroed; when there is no memory the machine stops, as
 * it always did, except with the _nopanic form.
 */
#ifndef _LINUX_BOOTMEM_H
#define _LINUX_BOOTMEM_H

#include <linux/types.h>

struct pglist_data;

/* First and last low frame, and the end of all frames, from memblock. */
void bootmem_init(void);

/* Above the DMA zone if it can be, else anywhere; a cache line's alignment. */
void *alloc_bootmem(unsigned long size);
void *alloc_bootmem_nopanic(unsigned long size);
/* The same, aligned to a page. */
void *alloc_bootmem_pages(unsigned long size);
/* Below 4 GiB; aligned to a cache line, to a page. */
void *alloc_bootmem_low(unsigned long size);
void *alloc_bootmem_low_pages(unsigned long size);
/* First from that node. */
void *alloc_bootmem_node(struct pglist_data *pgdat, unsigned long size);
void *alloc_bootmem_pages_node(struct pglist_data *pgdat, unsigned long size);

/* Takes, gives back. @physaddr and @size in bytes. 0, -ENOMEM, or -EBUSY
 * when BOOTMEM_EXCLUSIVE finds some of it taken. */
#define BOOTMEM_DEFAULT		0
#define BOOTMEM_EXCLUSIVE	1
int reserve_bootmem(unsigned long physaddr, unsigned long size, int flags);
void free_bootmem(unsigned long physaddr, unsigned long size);
void free_bootmem_node(struct pglist_data *pgdat, unsigned long physaddr,
		       unsigned long size);

#endif
