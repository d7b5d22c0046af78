// SPDX-License-Identifier: MIT
/*
 * Whether a zone's free lists, counters and struct pages agree: the numbered
 * invariants of buddy.c, each reported with what was expected and found.
 *
 * Two passes. The lists are walked, and every block on them checked with all
 * its pages; then all struct pages are walked, and the free blocks found
 * there must be as many as on the lists. Blocks that overlap show up in the
 * second: inside a block no page may be PageBuddy.
 *
 * Holds the zone's lock throughout. For tests and for debug=check.
 */
#include "internal.h"

#include <linux/kernel.h>

/* What the walk over the lists adds up. */
struct zone_sums {
	unsigned long blocks;			/* on all lists */
	unsigned long pages;			/* in them, but for isolated */
	unsigned long cma;			/* of those, on CMA lists */
};

#define CHECK(cond, inv, zone, fmt, ...) do {				\
	if (!(cond)) {							\
		pr_err("buddy: node %d zone %s: " inv ": " fmt "\n",	\
		       zone_to_nid(zone), (zone)->name, ##__VA_ARGS__);	\
		return false;						\
	}								\
} while (0)

static bool buddy_may_mix(int a, int b)
{
	return a == b || (a < MIGRATE_PCPTYPES && b < MIGRATE_PCPTYPES);
}

static bool block_check_buddy(struct zone *zone, struct page *page,
			      unsigned long pfn, unsigned int order)
{
	unsigned long other = pfn ^ (1UL << order);
	struct page *buddy = page + (long)(other - pfn);

	if (order == MAX_PAGE_ORDER || !zone_spans_pfn(zone, other) ||
	    !page_is_free_block(buddy, order) || page_zone(buddy) != zone)
		return true;
	CHECK(order >= pageblock_order &&
	      !buddy_may_mix(buddy_type(page), buddy_type(buddy)), "I3", zone,
	      "blocks %#lx and %#lx of order %u are free and not merged", pfn,
	      other, order);
	return true;
}

static bool block_check_types(struct zone *zone, struct page *page,
			      unsigned long pfn, unsigned int order, int type)
{
	unsigned long i;

	for (i = 0; i < 1UL << order; i += pageblock_nr_pages)
		CHECK(get_pfnblock_migratetype(page + i, pfn + i) == type,
		      "I7", zone,
		      "block %#lx of order %u is on list %d, its pageblock %#lx is of type %d",
		      pfn, order, type, pfn + i,
		      get_pfnblock_migratetype(page + i, pfn + i));
	return true;
}

static bool block_check_pages(struct zone *zone, struct page *page,
			      unsigned long pfn, unsigned int order)
{
	unsigned long i;

	for (i = 0; i < 1UL << order; i++) {
		CHECK(page_zone(page + i) == zone, "I1", zone,
		      "page %#lx of block %#lx of order %u is of another zone",
		      pfn + i, pfn, order);
		CHECK(page_ref_count(page + i) == 0, "I8", zone,
		      "page %#lx of free block %#lx has %d references",
		      pfn + i, pfn, page_ref_count(page + i));
		CHECK(!i || page_type_read(page + i) == PAGE_TYPE_NONE,
		      "I2", zone,
		      "page %#lx inside free block %#lx has type %#x", pfn + i,
		      pfn, page_type_read(page + i));
	}
	return true;
}

static bool block_check(struct zone *zone, struct page *page,
			unsigned int order, int type)
{
	unsigned long pfn = page_to_pfn(page);

	CHECK(page_is_free_block(page, order), "I8", zone,
	      "page %#lx on the list of order %u has type %#x", pfn, order,
	      page_type_read(page));
	CHECK(buddy_type(page) == type, "I7", zone,
	      "block %#lx on list %d says it is on list %d", pfn, type,
	      buddy_type(page));
	CHECK(IS_ALIGNED(pfn, 1UL << order), "I1", zone,
	      "block %#lx is not aligned to order %u", pfn, order);
	CHECK(zone_spans_pfn(zone, pfn) &&
	      zone_spans_pfn(zone, pfn + (1UL << order) - 1), "I1", zone,
	      "block %#lx of order %u leaves the zone", pfn, order);
	return block_check_types(zone, page, pfn, order, type) &&
	       block_check_buddy(zone, page, pfn, order) &&
	       block_check_pages(zone, page, pfn, order);
}

/*
 * Ends whatever the links say: each block must name the one before it, and
 * the first none, so none is met twice.
 */
static bool list_check(struct zone *zone, unsigned int order, int type,
		       unsigned long *blocks)
{
	const struct free_area *area = &zone->free_area[order];
	const struct page_list *list = &area->free_list[type];
	u32 prev = PFN_NONE, pfn = list->first;

	while (pfn != PFN_NONE) {
		struct page *page;

		CHECK(pfn_valid(pfn) && zone_spans_pfn(zone, pfn), "I6", zone,
		      "list %d of order %u has frame %#x", type, order, pfn);
		page = pfn_to_page((unsigned long)pfn);
		CHECK(page->lru_prev == prev, "I6", zone,
		      "block %#x follows %#x and says %#x", pfn, prev,
		      page->lru_prev);
		if (!block_check(zone, page, order, type))
			return false;
		++*blocks;
		prev = pfn;
		pfn = page->lru_next;
	}
	CHECK(list->last == prev, "I6", zone,
	      "list %d of order %u ends with %#x and says %#x", type, order,
	      prev, list->last);
	return true;
}

static bool order_check(struct zone *zone, unsigned int order,
			struct zone_sums *sums)
{
	unsigned long total = 0;
	int type;

	for (type = 0; type < MIGRATE_TYPES; type++) {
		unsigned long blocks = 0;

		if (!list_check(zone, order, type, &blocks))
			return false;
		total += blocks;
		if (type != MIGRATE_ISOLATE)
			sums->pages += blocks << order;
		if (type == MIGRATE_CMA)
			sums->cma += blocks << order;
	}
	CHECK(total == zone->free_area[order].nr_free, "I4", zone,
	      "order %u has %lu blocks and counts %lu", order, total,
	      zone->free_area[order].nr_free);
	sums->blocks += total;
	return true;
}

/* Free blocks met by going over all struct pages that have values. */
static unsigned long zone_blocks(struct zone *zone)
{
	unsigned long pfn = zone->zone_start_pfn, blocks = 0;
	unsigned long end = zone_end_pfn(zone);

	end = min(end, zone->first_deferred_pfn);
	while (pfn < end) {
		struct page *page;

		if (!pfn_valid(pfn)) {
			pfn = pageblock_end_pfn(pfn);
			continue;
		}
		page = pfn_to_page(pfn++);
		if (page_zone(page) == zone && PageBuddy(page))
			blocks++;
	}
	return blocks;
}

static bool zone_check_locked(struct zone *zone)
{
	struct zone_sums sums = { 0, 0, 0 };
	unsigned long counted = zone_page_state(zone, NR_FREE_PAGES);
	unsigned int order;

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
	CHECK(sums.blocks == zone_blocks(zone), "I2", zone,
	      "%lu free blocks in the lists, %lu struct pages say so",
	      sums.blocks, zone_blocks(zone));
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
