/* SPDX-License-Identifier: MIT */
/*
 * Where the page allocator keeps what it knows of a zone, as a table: for
 * tests that take it all away, put it back, or damage it.
 */
#ifndef _TESTS_REGIONS_H
#define _TESTS_REGIONS_H

#include <linux/mm.h>
#include <linux/percpu.h>

#include <octavo/pageblock_types.h>

#include "../../mm/page/pcp.h"

enum region_kind {
	REGION_STATE,		/* all that the allocator decides by */
	REGION_BASES,		/* what memory is found by: one that leads
				 * nowhere is the processor's to notice */
	REGION_COUNTS,		/* only counts up, or is a lock's ticket */
};

typedef void (*region_emit)(void *ctx, const char *name, void *at,
			    size_t size, enum region_kind kind);

/* A part of struct zone, from one field up to another. */
#define REGION_ZONE(emit, ctx, zone, name, from, to, kind)		\
	emit(ctx, name, (char *)(zone) + offsetof(struct zone, from),	\
	     offsetof(struct zone, to) - offsetof(struct zone, from), kind)


static inline void zone_regions(struct zone *zone, region_emit emit, void *ctx)
{
	struct block_sets *sets = &zone->block_sets;
	unsigned long nr = zone->nr_pageblocks;

	REGION_ZONE(emit, ctx, zone, "zone: marks", _watermark, node,
		    REGION_STATE);
	REGION_ZONE(emit, ctx, zone, "zone: pointers", node,
		    pageset_high_min, REGION_BASES);
	REGION_ZONE(emit, ctx, zone, "zone: place", pageset_high_min,
		    pageblock_base, REGION_STATE);
	REGION_ZONE(emit, ctx, zone, "zone: pointers", pageblock_base,
		    initialized, REGION_BASES);
	REGION_ZONE(emit, ctx, zone, "zone: deferral", initialized, lock,
		    REGION_STATE);
	REGION_ZONE(emit, ctx, zone, "zone: lock", lock, free_area,
		    REGION_COUNTS);
	REGION_ZONE(emit, ctx, zone, "zone: free areas", free_area, block_sets,
		    REGION_STATE);
	REGION_ZONE(emit, ctx, zone, "zone: sets' shape", block_sets,
		    block_sets.orders, REGION_BASES);
	REGION_ZONE(emit, ctx, zone, "zone: fronts", block_sets.orders, vm_stat,
		    REGION_STATE);
	REGION_ZONE(emit, ctx, zone, "zone: counters", vm_stat, vm_numa_event,
		    REGION_STATE);
	emit(ctx, "zone: NUMA events", zone->vm_numa_event,
	     sizeof(zone->vm_numa_event), REGION_COUNTS);
	emit(ctx, "pageblocks", zone->pageblocks,
	     nr * sizeof(*zone->pageblocks), REGION_STATE);
	emit(ctx, "pageblock types", zone->pageblock_type, ALIGN(nr, 8),
	     REGION_STATE);
	emit(ctx, "block sets", sets->words, sizeof(u64) * sets->set_words *
	     NR_PAGE_ORDERS * MIGRATE_TYPES, REGION_STATE);
}

/* The bytes of @pcp and of its arrays. */
static inline size_t pcp_bytes(const struct per_cpu_pages *pcp)
{
	const struct pcp_list *list;
	const u32 *end = pcp->pfns;

	for_each_pcp_list(list, pcp)
		if (list->capacity)
			end = max(end, (const u32 *)list->pfns +
				       list->capacity + list->room);
	return ALIGN((size_t)((const char *)end - (const char *)pcp), 8);
}

#define REGION_LIST(emit, ctx, list, name, from, to, kind)		\
	emit(ctx, name, (char *)(list) + offsetof(struct pcp_list, from),	\
	     offsetof(struct pcp_list, to) -				\
	     offsetof(struct pcp_list, from), kind)

/* A CPU's lists for a zone, part by part. */
static inline void pcp_regions(struct per_cpu_pages *pcp, region_emit emit,
			       void *ctx)
{
	size_t size = pcp_bytes(pcp) - offsetof(struct per_cpu_pages, pfns);
	struct pcp_list *list;

	emit(ctx, "lists: bases", pcp, offsetof(struct per_cpu_pages, numa),
	     REGION_BASES);
	emit(ctx, "lists: counters", pcp->numa, sizeof(pcp->numa),
	     REGION_COUNTS);
	for_each_pcp_list(list, pcp) {
		if (!list->capacity)
			continue;
		REGION_LIST(emit, ctx, list, "lists: counts", count, pfns,
			    REGION_STATE);
		REGION_LIST(emit, ctx, list, "lists: bases", pfns, nr_alloc,
			    REGION_BASES);
		REGION_LIST(emit, ctx, list, "lists: counters", nr_alloc,
			    capacity, REGION_COUNTS);
		REGION_LIST(emit, ctx, list, "lists: bases", capacity, batch,
			    REGION_BASES);
		REGION_LIST(emit, ctx, list, "lists: batches", batch, room,
			    REGION_STATE);
		REGION_LIST(emit, ctx, list, "lists: bases", room, pcp,
			    REGION_BASES);
		emit(ctx, "lists: bases", &list->pcp, sizeof(list->pcp),
		     REGION_BASES);
	}
	if (size)
		emit(ctx, "lists: frames", pcp->pfns, size, REGION_BASES);
}

/* Where a CPU's requests start. */
static inline void pcp_front_regions(unsigned int cpu, region_emit emit,
				     void *ctx)
{
	struct pcp_front *front = per_cpu_ptr(&pcp_front, cpu);

	/* Set for good, busy is like a lock that nobody gives back. */
	emit(ctx, "front: busy", &front->busy, sizeof(front->busy),
	     REGION_COUNTS);
	emit(ctx, "front: claims", &front->claimed, sizeof(front->claimed),
	     REGION_STATE);
	emit(ctx, "front: bases", &front->by_zone,
	     sizeof(*front) - offsetof(struct pcp_front, by_zone),
	     REGION_BASES);
	if (front->by_zone)
		emit(ctx, "front: bases", front->by_zone,
		     NR_ZONE_IDS * sizeof(*front->by_zone), REGION_BASES);
}

/* Struct pages of [@pfn, @end). */
static inline void page_regions(unsigned long pfn, unsigned long end,
				region_emit emit, void *ctx)
{
	emit(ctx, "struct pages", pfn_to_page(pfn),
	     (end - pfn) * sizeof(struct page), REGION_STATE);
}

#endif
