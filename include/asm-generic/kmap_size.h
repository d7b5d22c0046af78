/* SPDX-License-Identifier: MIT */
/* How many pages kmap_local_page() can map at once on a CPU. */
#ifndef _ASM_GENERIC_KMAP_SIZE_H
#define _ASM_GENERIC_KMAP_SIZE_H

/* A thread and the interrupts on top of it, a few pages each. */
#define KM_MAX_IDX		16
/* Pages of addresses that a port sets aside for each CPU: see asm/highmem.h. */
#define KM_PAGES_PER_CPU	(KM_MAX_IDX + 1)

#endif
