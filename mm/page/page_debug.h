/* SPDX-License-Identifier: MIT */
/*
 * What start-up options have done to each page besides: the hooks of the slow
 * path. None of them is reached while page_alloc.slow is 0, and each is one
 * load and a branch while page_alloc.debug is 0. A build without page_debug
 * has none of it.
 */
#ifndef _MM_PAGE_DEBUG_H
#define _MM_PAGE_DEBUG_H

#include "internal.h"

#include <trace/events/kmem.h>

/* Bits of page_alloc.debug. */
#define PAGE_DEBUG_OWNER	0x1u	/* who allocated, who freed */
#define PAGE_DEBUG_POISON	0x2u	/* a pattern while free */
#define PAGE_DEBUG_INIT_ALLOC	0x4u	/* zeroes, asked for or not */
#define PAGE_DEBUG_INIT_FREE	0x8u	/* zeroes as soon as free */
#define PAGE_DEBUG_CHECK	0x10u	/* the free lists, now and then */

/* Sets or clears one reason to leave the fast path, on all CPUs. */
void page_slow_set(enum page_slow reason, bool on);

#ifdef CONFIG_PAGE_DEBUG
/* page_debug.c: what the hooks below do when an option is on. */
void __page_debug_alloc(struct page *page, unsigned int order, gfp_t gfp);
void __page_debug_free(struct page *page, unsigned int order);
void __page_debug_split(struct page *page, unsigned int order);
void __page_debug_start(struct page *page, unsigned int order);
/* Memory for the options that were given, from memblock. mem_init(). */
void page_debug_setup(void);
/* Who allocated and who freed @page, or how to learn it, to the log. */
void page_debug_report(const struct page *page);
/* fail_page.c: whether options or files ask that the request fails. */
bool page_fail_request(gfp_t gfp, unsigned int order);
/* Whether requests have to ask that at all. */
bool page_fail_wanted(void);
/* Makes what the files show; no CPU looks at it yet. */
void page_fail_setup(void);

static inline bool page_debugs(void)
{
	return unlikely(READ_ONCE(page_alloc_state()->debug));
}
#else
static inline void __page_debug_alloc(struct page *page, unsigned int order,
				      gfp_t gfp) {}
static inline void __page_debug_free(struct page *page, unsigned int order) {}
static inline void __page_debug_split(struct page *page, unsigned int order) {}
static inline void __page_debug_start(struct page *page, unsigned int order) {}
static inline void page_debug_setup(void) {}
static inline void page_debug_report(const struct page *page) {}

static inline bool page_fail_request(gfp_t gfp, unsigned int order)
{
	return false;
}

static inline bool page_fail_wanted(void)
{
	return false;
}

static inline bool page_debugs(void)
{
	return false;
}
#endif

/* 2^@order pages go to a caller; their contents may be touched already. */
static inline void page_debug_alloc(struct page *page, unsigned int order,
				    gfp_t gfp)
{
	if (page_debugs())
		__page_debug_alloc(page, order, gfp);
}

/* 2^@order pages that are fit to go are about to be free. */
static inline void page_debug_free(struct page *page, unsigned int order)
{
	trace_mm_page_free(page, order);
	if (page_debugs())
		__page_debug_free(page, order);
}

/* An allocated block of 2^@order becomes single pages. */
static inline void page_debug_split(struct page *page, unsigned int order)
{
	if (page_debugs())
		__page_debug_split(page, order);
}

/* 2^@order pages become free that never were. May hold the zone's lock. */
static inline void page_debug_start(struct page *page, unsigned int order)
{
	if (page_debugs())
		__page_debug_start(page, order);
}

/* page_owner.c */

/* Makes room for a record of each page; says why when it cannot. */
bool page_owner_setup(void);
void page_owner_alloc(struct page *page, unsigned int order, gfp_t gfp);
void page_owner_free(struct page *page, unsigned int order);
void page_owner_split(struct page *page, unsigned int order);
void page_owner_dump(const struct page *page);

/* page_poison.c */

void page_poison_fill(struct page *page, unsigned int order);
/* Reports what was written to while it was free, and mends it. */
void page_poison_verify(struct page *page, unsigned int order);

#endif
