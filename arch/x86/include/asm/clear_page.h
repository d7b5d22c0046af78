/* SPDX-License-Identifier: MIT */
#ifndef _ASM_CLEAR_PAGE_H
#define _ASM_CLEAR_PAGE_H

/*
 * Zeroes @nr adjacent pages at @addr in the way that is fastest for so many.
 * Any context.
 */
void clear_pages(void *addr, unsigned long nr);

/* Each CPU once, before it zeroes anything: switches on what that takes. */
#ifdef CONFIG_64BIT
static inline void clear_page_cpu_init(void) {}
#else
void clear_page_cpu_init(void);
#endif

#endif
