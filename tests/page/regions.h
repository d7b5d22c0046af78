/* SPDX-License-Identifier: MIT */
/*
 * Where the page allocator keeps what it knows of a zone, as a table: for
 * tests that take it all away, put it back, or damage it.
 */
#ifndef _TESTS_REGIONS_H
#define _TESTS_REGIONS_H

#include <linux/mm.h>
#include <linux/percpu.h>

#include "../../mm/page/internal.h"

enum region_kind {
	REGION_STATE,		/* all that the allocator decides by */
	REGION_COUNTS,		/* only counts up, or is a lock's ticket */
};

typedef void (*region_emit)(void *ctx, const char *name, void *at,
			    size_t size, enum region_kind kind);

static inline size_t pageblock_flags_bytes(const struct zone *zone)
{
	unsigned long base = pageblock_start_pfn(zone->zone_start_pfn);
	unsigned long end = pageblock_align(zone_end_pfn(zone));
	unsigned long bits = ((end - base) >> pageblock_order) *
			     NR_PAGEBLOCK_BITS;

	return ALIGN(bits, BITS_PER_LONG) / 8;
}

/* A part of struct zone, from one field up to another. */
#define REGION_ZONE(emit, ctx, zone, name, from, to, kind)		\
	emit(ctx, name, (char *)(zone) + offsetof(struct zone, from),	\
	     offsetof(struct zone, to) - offsetof(struct zone, from), kind)

static inline void zone_regions(struct zone *zone, region_emit emit, void *ctx)
{
	REGION_ZONE(emit, ctx, zone, "zone: marks", _watermark, node,
		    REGION_STATE);
	REGION_ZONE(emit, ctx, zone, "zone: constants", node, lock,
		    REGION_STATE);
	REGION_ZONE(emit, ctx, zone, "zone: lock", lock, free_area,
		    REGION_COUNTS);
	REGION_ZONE(emit, ctx, zone, "zone: free areas", free_area, take_front,
		    REGION_STATE);
	REGION_ZONE(emit, ctx, zone, "zone: fronts", take_front, vm_stat,
		    REGION_STATE);
	REGION_ZONE(emit, ctx, zone, "zone: counters", vm_stat, vm_numa_event,
		    REGION_STATE);
	emit(ctx, "zone: NUMA events", zone->vm_numa_event,
	     sizeof(zone->vm_numa_event), REGION_COUNTS);
	emit(ctx, "pageblock types", zone->pageblock_flags,
	     pageblock_flags_bytes(zone), REGION_STATE);
}

/* Struct pages of [@pfn, @end). */
static inline void page_regions(unsigned long pfn, unsigned long end,
				region_emit emit, void *ctx)
{
	emit(ctx, "struct pages", pfn_to_page(pfn),
	     (end - pfn) * sizeof(struct page), REGION_STATE);
}

#endif
