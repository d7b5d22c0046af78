// SPDX-License-Identifier: MIT
/*
 * Whether a zone's pageblocks, sets, counters and struct pages agree: the
 * numbered invariants of buddy.c, pageblock.h and block_set.h, each reported
 * with what was expected and found.
 *
 * Two passes. All pageblocks are walked, each with its pages, and what they
 * should add up to is noted; then the sets and the counters are compared with
 * that. A pageblock that is in a set where it should not be shows up in the
 * number of the set's members.
 *
 * Holds the zone's lock throughout. For tests and for debug=check.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/string.h>

#include "pageblock.h"

/* What the walk over the pageblocks adds up. */
struct zone_sums {
	unsigned long blocks[NR_PAGE_ORDERS][MIGRATE_TYPES];
	unsigned long members[NR_PAGE_ORDERS][MIGRATE_TYPES];
	unsigned long pages;		/* free, but for isolated */
	unsigned long cma;		/* of those, in CMA pageblocks */
	unsigned long highatomic;	/* and in HIGHATOMIC ones */
	unsigned long reserved;		/* frames of those, free or not */
};

#define CHECK(cond, inv, zone, fmt, ...) do {				\
	if (!(cond)) {							\
		pr_err("buddy: node %d zone %s: " inv ": " fmt "\n",	\
		       zone_to_nid(zone), (zone)->name, ##__VA_ARGS__);	\
		return false;						\
	}								\
} while (0)

static bool frame_check(struct zone *zone, unsigned long pfn)
{
	const struct page *page;

	CHECK(zone_spans_pfn(zone, pfn), "I1", zone,
	      "free frame %#lx is outside the zone", pfn);
	CHECK(pfn_valid(pfn), "I1", zone, "free frame %#lx is no memory", pfn);
	page = pfn_to_page(pfn);
	CHECK(page_zone(page) == zone, "I1", zone,
	      "free frame %#lx is of another zone", pfn);
	CHECK(page_ref_count(page) == 0, "I8", zone,
	      "free frame %#lx has %d references", pfn, page_ref_count(page));
	CHECK(page_type_read(page) == PAGE_TYPE_NONE, "I8", zone,
	      "free frame %#lx has type %#x", pfn, page_type_read(page));
	CHECK(!(page_flags_read(page) & PAGE_FLAGS_CHECK_AT_PREP), "I8", zone,
	      "free frame %#lx has flags %#x", pfn, page_flags_read(page));
	return true;
}

static bool frames_check(struct zone *zone, unsigned long number)
{
	const struct pageblock *pb = &zone->pageblocks[number];
	unsigned long pfn = pageblock_pfn(zone, number);
	unsigned int i;

	for (i = 0; i < pageblock_nr_pages; i++)
		if (pageblock_frames_free(pb, i, 0) &&
		    !frame_check(zone, pfn + i))
			return false;
	return true;
}

/* A pair's halves know of each other; whole ones that could be one are. */
static bool pair_check(struct zone *zone, unsigned long number)
{
	const struct pageblock *pb = &zone->pageblocks[number];
	const struct pageblock *buddy = &zone->pageblocks[number ^ 1];
	bool mix = pb->type == buddy->type ||
		   (pb->type < MIGRATE_PCPTYPES &&
		    buddy->type < MIGRATE_PCPTYPES);

	if (!PAGEBLOCKS_PAIR || !pageblock_whole(pb))
		return true;
	if (pb->class == MAX_PAGE_ORDER)
		CHECK(buddy->class == MAX_PAGE_ORDER &&
		      pb->type == buddy->type, "I3", zone,
		      "pageblock %#lx is half of a pair, its buddy is not",
		      pageblock_pfn(zone, number));
	else
		CHECK(!pageblock_whole(buddy) || !mix, "I3", zone,
		      "pageblock %#lx and its buddy are whole and no pair",
		      pageblock_pfn(zone, number));
	return true;
}

/* In the set of its class and type; the others are counted later. */
static bool member_check(struct zone *zone, unsigned long number,
			 struct zone_sums *sums)
{
	const struct pageblock *pb = &zone->pageblocks[number];

	if (pb->class == PAGEBLOCK_FULL)
		return true;
	if (PAGEBLOCKS_PAIR && pb->class == MAX_PAGE_ORDER && number & 1)
		return true;
	CHECK(block_set_has(&zone->block_sets, pb->class, pb->type, number),
	      "I2", zone,
	      "pageblock %#lx of class %u and type %u is not in their set",
	      pageblock_pfn(zone, number), pb->class, pb->type);
	sums->members[pb->class][pb->type]++;
	if (!class_is_partial(pb->class))
		sums->blocks[pb->class][pb->type]++;
	return true;
}

static bool pageblock_check_all(struct zone *zone, unsigned long number,
				struct zone_sums *sums)
{
	const struct pageblock *pb = &zone->pageblocks[number];
	unsigned int order;
	int broken = pageblock_check(pb);

	CHECK(!broken, "P", zone, "pageblock %#lx breaks P%d",
	      pageblock_pfn(zone, number), broken);
	CHECK(pb->type == pageblock_type_of(zone, number) &&
	      pb->type < MIGRATE_TYPES, "I7", zone,
	      "pageblock %#lx is of type %u, its byte says %d",
	      pageblock_pfn(zone, number), pb->type,
	      pageblock_type_of(zone, number));
	for (order = 0; order < pageblock_order; order++)
		sums->blocks[order][pb->type] += pb->count[order];
	if (pb->type != MIGRATE_ISOLATE)
		sums->pages += pb->nr_free;
	if (pb->type == MIGRATE_CMA)
		sums->cma += pb->nr_free;
	if (pb->type == MIGRATE_HIGHATOMIC) {
		sums->highatomic += pb->nr_free;
		sums->reserved += pageblock_nr_pages;
	}
	return member_check(zone, number, sums) && pair_check(zone, number) &&
	       frames_check(zone, number);
}

static bool set_check(struct zone *zone, unsigned int order, int type,
		      const struct zone_sums *sums)
{
	unsigned long members;

	CHECK(block_set_check(&zone->block_sets, order, type, &members), "S",
	      zone, "the set of order %u and type %d breaks S1, S2 or S3",
	      order, type);
	CHECK(members == sums->members[order][type], "I2", zone,
	      "the set of order %u and type %d has %lu members, should have %lu",
	      order, type, members, sums->members[order][type]);
	CHECK(sums->blocks[order][type] ==
	      zone->free_area[order].nr_type[type], "I4", zone,
	      "order %u and type %d have %lu blocks and count %lu", order,
	      type, sums->blocks[order][type],
	      zone->free_area[order].nr_type[type]);
	return true;
}

static bool order_check(struct zone *zone, unsigned int order,
			const struct zone_sums *sums)
{
	unsigned long total = 0;
	int type;

	for (type = 0; type < MIGRATE_TYPES; type++) {
		if (!set_check(zone, order, type, sums))
			return false;
		total += sums->blocks[order][type];
	}
	CHECK(total == zone->free_area[order].nr_free, "I4", zone,
	      "order %u has %lu blocks and counts %lu", order, total,
	      zone->free_area[order].nr_free);
	return true;
}

static bool zone_check_locked(struct zone *zone)
{
	unsigned long counted = zone_page_state(zone, NR_FREE_PAGES);
	unsigned long i, nr = buddy_pageblocks_made(zone);
	struct zone_sums sums;
	unsigned int order;

	memset(&sums, 0, sizeof(sums));
	for (i = 0; i < nr; i++)
		if (!pageblock_check_all(zone, i, &sums))
			return false;
	for (order = 0; order < NR_PAGE_ORDERS; order++)
		if (!order_check(zone, order, &sums))
			return false;
	sums.pages += zone->nr_deferred_free;
	CHECK(sums.pages == counted, "I5", zone,
	      "%lu pages are free and NR_FREE_PAGES is %lu", sums.pages,
	      counted);
	CHECK(sums.cma == zone_page_state(zone, NR_FREE_CMA_PAGES), "I5", zone,
	      "%lu CMA pages are free and NR_FREE_CMA_PAGES is %lu", sums.cma,
	      zone_page_state(zone, NR_FREE_CMA_PAGES));
	CHECK(sums.highatomic == (unsigned long)zone->nr_free_highatomic,
	      "I5", zone,
	      "%lu reserved pages are free and nr_free_highatomic is %ld",
	      sums.highatomic, zone->nr_free_highatomic);
	CHECK(sums.reserved == zone->nr_reserved_highatomic, "I5", zone,
	      "%lu pages are reserved and nr_reserved_highatomic is %lu",
	      sums.reserved, zone->nr_reserved_highatomic);
	CHECK(counted <= zone_managed_pages(zone), "I5", zone,
	      "%lu pages are free of %lu", counted, zone_managed_pages(zone));
	return true;
}

bool buddy_zone_check(struct zone *zone)
{
	unsigned long flags;
	bool ok;

	spin_lock_irqsave(&zone->lock, flags);
	ok = zone_check_locked(zone);
	spin_unlock_irqrestore(&zone->lock, flags);
	return ok;
}

bool buddy_check(void)
{
	unsigned long managed = 0;
	struct zone *zone;

	for_each_populated_zone(zone) {
		if (!buddy_zone_check(zone))
			return false;
		managed += zone_managed_pages(zone);
	}
	if (managed == totalram_pages())
		return true;
	pr_err("buddy: totalram is %lu, the zones manage %lu\n",
	       totalram_pages(), managed);
	return false;
}
