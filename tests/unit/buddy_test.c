// SPDX-License-Identifier: MIT
/*
 * The buddy system: which pageblocks requests of each type come from, and
 * that buddy_check() sees every kind of damage.
 */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

#include "../../mm/page/internal.h"
#include "../../mm/page/pageblock.h"

#include "log_capture.h"
#include "page_snapshot.h"

static struct page_snapshot before;
static struct log_capture log;

static int snapshot_init(struct kunit *test)
{
	before = page_snapshot_take();
	return 0;
}

static void snapshot_exit(struct kunit *test)
{
	page_snapshot_check(test, &before);
}

static void types_kept_apart_test(struct kunit *test)
{
	static const gfp_t types[] = {
		[MIGRATE_UNMOVABLE] = 0,
		[MIGRATE_MOVABLE] = __GFP_MOVABLE,
		[MIGRATE_RECLAIMABLE] = __GFP_RECLAIMABLE,
	};
	unsigned int type;

	if (this_machine()->page_alloc.page_group_by_mobility_disabled)
		kunit_skip(test, "a machine too small for it");
	for (type = 0; type < ARRAY_SIZE(types); type++) {
		struct page *page = alloc_page(GFP_KERNEL | types[type]);

		KUNIT_ASSERT_NOT_NULL(test, page);
		KUNIT_EXPECT_EQ(test, get_pageblock_migratetype(page),
				(int)type);
		__free_page(page);
	}
}

/* A pageblock of the DMA zone, which nothing else uses, with free frames. */
static struct pageblock *free_pageblock(struct kunit *test, struct zone **zone,
					unsigned long *number)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_DMA, 3);

	KUNIT_ASSERT_NOT_NULL(test, page);
	*zone = page_zone(page);
	*number = pageblock_number(*zone, page_to_pfn(page));
	__free_pages(page, 3);
	return &(*zone)->pageblocks[*number];
}

/* @invariant: how the report of it begins after the zone's name. */
#define EXPECT_DAMAGE(test, zone, invariant) do {			\
	log_capture_start(&log);					\
	KUNIT_EXPECT_FALSE(test, buddy_zone_check(zone));		\
	log_capture_end(&log);						\
	KUNIT_CHECK(test, log_captured(&log, ": " invariant), 0,	\
		    "expected %s, the log says: %s", invariant, log.text); \
} while (0)

static void damaged_counters_test(struct kunit *test)
{
	struct free_area *area;
	unsigned long number;
	struct zone *zone;

	free_pageblock(test, &zone, &number);
	area = &zone->free_area[3];
	area->nr_free++;
	EXPECT_DAMAGE(test, zone, "I4");
	area->nr_free--;
	area->nr_type[MIGRATE_CMA]++;
	EXPECT_DAMAGE(test, zone, "I4");
	area->nr_type[MIGRATE_CMA]--;
	atomic_long_inc(&zone->vm_stat[NR_FREE_PAGES]);
	EXPECT_DAMAGE(test, zone, "I5");
	atomic_long_dec(&zone->vm_stat[NR_FREE_PAGES]);
	atomic_long_inc(&zone->vm_stat[NR_FREE_CMA_PAGES]);
	EXPECT_DAMAGE(test, zone, "I5");
	atomic_long_dec(&zone->vm_stat[NR_FREE_CMA_PAGES]);
}

static void damaged_managed_test(struct kunit *test)
{
	unsigned long number;
	struct zone *zone;
	long managed;

	free_pageblock(test, &zone, &number);
	managed = atomic_long_read(&zone->managed_pages);
	atomic_long_set(&zone->managed_pages, 0);
	EXPECT_DAMAGE(test, zone, "I5");
	log_capture_start(&log);
	KUNIT_EXPECT_FALSE(test, buddy_check());
	log_capture_end(&log);
	atomic_long_set(&zone->managed_pages, managed);
}

/* A member too many, one too few, a level that says otherwise, the orders. */
static void damaged_sets_test(struct kunit *test)
{
	struct block_sets *sets;
	unsigned long number, first;
	struct zone *zone;
	struct pageblock *pb = free_pageblock(test, &zone, &number);
	u64 *set;
	int type;

	sets = &zone->block_sets;
	for (type = 0; type < MIGRATE_TYPES; type++) {
		if (block_set_has(sets, 0, type, number))
			continue;
		block_set_add(sets, 0, type, number);
		EXPECT_DAMAGE(test, zone, "I2");
		block_set_remove(sets, 0, type, number);
	}
	first = PAGEBLOCKS_PAIR ? number & ~1UL : number;
	block_set_remove(sets, pb->class, pb->type, first);
	block_set_remove(sets, pb->class, pb->type, number);
	EXPECT_DAMAGE(test, zone, "I2");
	block_set_add(sets, pb->class, pb->type,
		      pb->class == MAX_PAGE_ORDER ? first : number);
	sets->orders[MIGRATE_ISOLATE] ^= 1;
	EXPECT_DAMAGE(test, zone, "S");
	sets->orders[MIGRATE_ISOLATE] ^= 1;
	set = block_set_of(sets, 1, MIGRATE_ISOLATE);
	set[0] ^= 1ULL << 63;	/* no such pageblock, or not in this set */
	EXPECT_DAMAGE(test, zone, "S");
	set[0] ^= 1ULL << 63;
}

static void damaged_pages_test(struct kunit *test)
{
	unsigned long number;
	struct zone *zone;
	struct pageblock *pb = free_pageblock(test, &zone, &number);
	unsigned int frame = 0;
	struct page *page;
	u32 flags;

	while (!pageblock_frames_free(pb, frame, 0))
		frame++;
	page = pfn_to_page(pageblock_pfn(zone, number) + frame);
	flags = page->flags;
	init_page_count(page);
	EXPECT_DAMAGE(test, zone, "I8");
	set_page_count(page, 0);
	page_type_write(page, page_type_make(PGTY_table, 0));
	EXPECT_DAMAGE(test, zone, "I8");
	page_type_write(page, PAGE_TYPE_NONE);
	page->flags ^= PG_BIT(quarantine);
	EXPECT_DAMAGE(test, zone, "I8");
	page->flags = flags ^ PG_BIT(reserved);
	EXPECT_DAMAGE(test, zone, "I8");
	page->flags = flags ^ 1U << ZONES_PGSHIFT;
	EXPECT_DAMAGE(test, zone, "I1");
	page->flags = flags;
}

static void damaged_type_test(struct kunit *test)
{
	unsigned long number;
	struct zone *zone;
	struct pageblock *pb = free_pageblock(test, &zone, &number);
	u8 byte = zone->pageblock_type[number];

	zone->pageblock_type[number] = MIGRATE_HIGHATOMIC;
	EXPECT_DAMAGE(test, zone, "I7");
	zone->pageblock_type[number] = 7;
	EXPECT_DAMAGE(test, zone, "I7");
	zone->pageblock_type[number] = byte;
	pb->type ^= 1;
	EXPECT_DAMAGE(test, zone, "P");
	pb->type ^= 1;
}

/* Every bit of a pageblock, in turn. */
static void damaged_pageblock_test(struct kunit *test)
{
	unsigned long number;
	struct zone *zone;
	struct pageblock *pb = free_pageblock(test, &zone, &number);
	unsigned int bit;

	for (bit = 0; bit < PAGEBLOCK_ALL_WORDS * 64; bit += 7) {
		pb->words[bit / 64] ^= 1ULL << bit % 64;
		EXPECT_DAMAGE(test, zone, "P");
		pb->words[bit / 64] ^= 1ULL << bit % 64;
	}
}

/* Two whole pageblocks side by side that do not know of each other. */
static void damaged_pair_test(struct kunit *test)
{
	struct page *page = PAGEBLOCKS_PAIR ?
		alloc_pages(GFP_KERNEL | __GFP_NOWARN, MAX_PAGE_ORDER) : NULL;
	struct pageblock *pb;
	unsigned long number;
	struct zone *zone;

	if (!page)
		kunit_skip(test, "no pair of pageblocks");
	zone = page_zone(page);
	number = pageblock_number(zone, page_to_pfn(page));
	__free_pages(page, MAX_PAGE_ORDER);
	pb = &zone->pageblocks[number];
	KUNIT_ASSERT_EQ(test, pb->class, MAX_PAGE_ORDER);
	pb->class = (u8)pageblock_order;
	pageblock_seal(pb);
	EXPECT_DAMAGE(test, zone, "I");
	pb->class = MAX_PAGE_ORDER;
	pageblock_seal(pb);
}

static void damaged_place_test(struct kunit *test)
{
	unsigned long spanned, pfn, number;
	struct zone *zone;

	free_pageblock(test, &zone, &number);
	/* The zone ends before its last free frame. */
	spanned = zone->spanned_pages;
	for (pfn = zone_end_pfn(zone) - 1; ; pfn--)
		if (buddy_order(pfn_to_page(pfn)) <= MAX_PAGE_ORDER)
			break;
	zone->spanned_pages = pfn - zone->zone_start_pfn;
	EXPECT_DAMAGE(test, zone, "I");
	zone->spanned_pages = spanned;
}

static void damaged_totals_test(struct kunit *test)
{
	atomic_long_inc(&this_machine()->totalram);
	log_capture_start(&log);
	KUNIT_EXPECT_FALSE(test, buddy_check());
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "buddy: totalram is"));
	atomic_long_dec(&this_machine()->totalram);
}

static struct kunit_case buddy_cases[] = {
	KUNIT_CASE(types_kept_apart_test),
	KUNIT_CASE(damaged_counters_test),
	KUNIT_CASE(damaged_managed_test),
	KUNIT_CASE(damaged_sets_test),
	KUNIT_CASE(damaged_pages_test),
	KUNIT_CASE(damaged_type_test),
	KUNIT_CASE(damaged_pageblock_test),
	KUNIT_CASE(damaged_pair_test),
	KUNIT_CASE(damaged_place_test),
	KUNIT_CASE(damaged_totals_test),
	{ 0 }
};

static struct kunit_suite buddy_suite = {
	.name = "buddy",
	.init = snapshot_init,
	.exit = snapshot_exit,
	.test_cases = buddy_cases,
};
kunit_test_suite(buddy_suite);
