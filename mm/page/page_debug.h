/* SPDX-License-Identifier: MIT */
/*
 * What start-up options have done to each page besides: the hooks of the slow
 * path. None of them is reached while page_alloc.slow is 0.
 */
#ifndef _MM_PAGE_DEBUG_H
#define _MM_PAGE_DEBUG_H

#include "internal.h"

/* Bits of page_alloc.debug. */
#define PAGE_DEBUG_OWNER	0x1u	/* who allocated, who freed */
#define PAGE_DEBUG_POISON	0x2u	/* a pattern while free */
#define PAGE_DEBUG_INIT_ALLOC	0x4u	/* zeroes, asked for or not */
#define PAGE_DEBUG_INIT_FREE	0x8u	/* zeroes as soon as free */

/* Sets or clears one reason to leave the fast path, on all CPUs. */
void page_slow_set(enum page_slow reason, bool on);

#endif
