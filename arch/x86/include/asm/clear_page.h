/* SPDX-License-Identifier: MIT */
#ifndef _ASM_CLEAR_PAGE_H
#define _ASM_CLEAR_PAGE_H

/*
 * Zeroes @nr adjacent pages at @addr in the way that is fastest for so many.
 * Any context.
 */
void clear_pages(void *addr, unsigned long nr);

#endif
