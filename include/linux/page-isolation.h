/* SPDX-License-Identifier: MIT */
/*
 * Taking pageblocks out of the allocator's reach: their free pages move to
 * the MIGRATE_ISOLATE lists, which nobody allocates from, and so do pages
 * that are freed into them.
 */
#ifndef _LINUX_PAGE_ISOLATION_H
#define _LINUX_PAGE_ISOLATION_H

#include <linux/mmzone.h>

static inline bool is_migrate_isolate(int migratetype)
{
	return migratetype == MIGRATE_ISOLATE;
}

static inline bool is_migrate_cma(int migratetype)
{
	return migratetype == MIGRATE_CMA;
}

static inline bool is_migrate_highatomic(int migratetype)
{
	return migratetype == MIGRATE_HIGHATOMIC;
}

/* The type of the pageblock that @page is in; @pfn is its frame number. */
int get_pfnblock_migratetype(const struct page *page, unsigned long pfn);
int get_pageblock_migratetype(const struct page *page);
/* The caller holds the zone's lock, or is alone at boot. */
void set_pageblock_migratetype(struct page *page, int migratetype);

/*
 * Isolates the pageblocks of [start_pfn, end_pfn), both multiples of
 * pageblock_nr_pages; @migratetype is what undo gives them back as. 0, or
 * -EBUSY with nothing changed when a block holds a page that cannot be
 * moved, is isolated already or lies in no zone. Takes the zone lock.
 */
int start_isolate_page_range(unsigned long start_pfn, unsigned long end_pfn,
			     int migratetype, int flags, gfp_t gfp);
void undo_isolate_page_range(unsigned long start_pfn, unsigned long end_pfn,
			     int migratetype);
/* 0 when every frame of the isolated range is free, -EBUSY when not. */
int test_pages_isolated(unsigned long start_pfn, unsigned long end_pfn,
			int isol_flags);

#endif
