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
#include <octavo/page_list.h>

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

/* A free block of the DMA zone, which nothing else uses. */
static struct page *free_block(struct kunit *test, struct zone **zone,
			       unsigned int *order)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_DMA);
	unsigned int o;
	int type;

	KUNIT_ASSERT_NOT_NULL(test, page);
	*zone = page_zone(page);
	__free_page(page);
	for (o = NR_PAGE_ORDERS; o-- > 1; )
		for (type = 0; type < MIGRATE_PCPTYPES; type++) {
			u32 pfn = (*zone)->free_area[o].free_list[type].first;

			if (pfn == PFN_NONE)
				continue;
			*order = o;
			return pfn_to_page((unsigned long)pfn);
		}
	kunit_skip(test, "no free block");
}

#define EXPECT_DAMAGE(test, zone, invariant) do {			\
	log_capture_start(&log);					\
	KUNIT_EXPECT_FALSE(test, buddy_zone_check(zone));		\
	log_capture_end(&log);						\
	KUNIT_CHECK(test, log_captured(&log, invariant ": "), 0,	\
		    "expected %s, the log says: %s", invariant, log.text); \
} while (0)

static void damaged_counters_test(struct kunit *test)
{
	unsigned int order;
	struct zone *zone;

	free_block(test, &zone, &order);
	zone->free_area[order].nr_free++;
	EXPECT_DAMAGE(test, zone, "I4");
	zone->free_area[order].nr_free--;
	atomic_long_inc(&zone->vm_stat[NR_FREE_PAGES]);
	EXPECT_DAMAGE(test, zone, "I5");
	atomic_long_dec(&zone->vm_stat[NR_FREE_PAGES]);
	atomic_long_inc(&zone->vm_stat[NR_FREE_CMA_PAGES]);
	EXPECT_DAMAGE(test, zone, "I5");
	atomic_long_dec(&zone->vm_stat[NR_FREE_CMA_PAGES]);
}

static void damaged_managed_test(struct kunit *test)
{
	unsigned int order;
	struct zone *zone;
	long managed;

	free_block(test, &zone, &order);
	managed = atomic_long_read(&zone->managed_pages);
	atomic_long_set(&zone->managed_pages, 0);
	EXPECT_DAMAGE(test, zone, "I5");
	log_capture_start(&log);
	KUNIT_EXPECT_FALSE(test, buddy_check());
	log_capture_end(&log);
	atomic_long_set(&zone->managed_pages, managed);
}

static void damaged_links_test(struct kunit *test)
{
	struct page_list *list;
	unsigned int order;
	struct zone *zone;
	struct page *page = free_block(test, &zone, &order);

	page->lru_prev = 5;
	EXPECT_DAMAGE(test, zone, "I6");
	page->lru_prev = PFN_NONE;
	list = &zone->free_area[order].free_list[page->migratetype];
	list->last ^= 1;
	EXPECT_DAMAGE(test, zone, "I6");
	list->last ^= 1;
	list->first ^= 0x40000000;
	EXPECT_DAMAGE(test, zone, "I6");
	list->first ^= 0x40000000;
}

static void damaged_pages_test(struct kunit *test)
{
	unsigned int order;
	struct zone *zone;
	struct page *page = free_block(test, &zone, &order);
	u32 type = page->page_type, flags = page[1].flags;

	init_page_count(page + 1);
	EXPECT_DAMAGE(test, zone, "I8");
	set_page_count(page + 1, 0);
	page_type_write(page, PAGE_TYPE_NONE);
	EXPECT_DAMAGE(test, zone, "I8");
	page_type_write(page, type);
	page_type_write(page + 1, page_type_make(PGTY_buddy, 0));
	EXPECT_DAMAGE(test, zone, "I2");
	page_type_write(page + 1, PAGE_TYPE_NONE);
	page[1].flags ^= 1U << ZONES_PGSHIFT;
	EXPECT_DAMAGE(test, zone, "I1");
	page[1].flags = flags;
	page->migratetype ^= 1;
	EXPECT_DAMAGE(test, zone, "I7");
	page->migratetype ^= 1;
}

static void damaged_pageblock_test(struct kunit *test)
{
	unsigned int order;
	struct zone *zone;
	struct page *page = free_block(test, &zone, &order);
	int type = get_pageblock_migratetype(page);

	set_pageblock_migratetype(page, MIGRATE_HIGHATOMIC);
	EXPECT_DAMAGE(test, zone, "I7");
	set_pageblock_migratetype(page, type);
}

/* @page goes from the list that it is on to that of @order and @type. */
static void block_put_on(struct zone *zone, struct page *page, u32 type,
			 unsigned int order)
{
	page->migratetype = type;
	page_type_write(page, page_type_make(PGTY_buddy, order));
	page_list_add(&zone->free_area[order].free_list[type], page,
		      page_to_pfn(page));
	zone->free_area[order].nr_free++;
}

static void block_take_off(struct zone *zone, struct page *page,
			   unsigned int order)
{
	page_list_del(&zone->free_area[order].free_list[page->migratetype],
		      page);
	page_type_write(page, PAGE_TYPE_NONE);
	page->migratetype = 0;
	zone->free_area[order].nr_free--;
}

/* Buddies side by side, of types that mix and of types that do not. */
static void damaged_merge_test(struct kunit *test)
{
	unsigned int order;
	struct zone *zone;
	struct page *page = free_block(test, &zone, &order), *half;
	u32 type = page->migratetype;

	half = page + (1UL << (order - 1));
	block_take_off(zone, page, order);
	block_put_on(zone, half, type, order - 1);
	block_put_on(zone, page, type, order - 1);
	EXPECT_DAMAGE(test, zone, "I3");
	if (order > pageblock_order) {
		u32 other = (type + 1) % MIGRATE_PCPTYPES;

		block_take_off(zone, half, order - 1);
		set_pageblock_migratetype(half, (int)other);
		block_put_on(zone, half, other, order - 1);
		EXPECT_DAMAGE(test, zone, "I3");
		block_take_off(zone, half, order - 1);
		set_pageblock_migratetype(half, MIGRATE_HIGHATOMIC);
		block_put_on(zone, half, MIGRATE_HIGHATOMIC, order - 1);
		KUNIT_EXPECT_TRUE(test, buddy_zone_check(zone));
	}
	block_take_off(zone, half, order - 1);
	block_take_off(zone, page, order - 1);
	set_pageblock_migratetype(half, (int)type);
	block_put_on(zone, page, type, order);
}

static void damaged_place_test(struct kunit *test)
{
	unsigned int order;
	struct zone *zone;
	struct page *page = free_block(test, &zone, &order);
	unsigned long spanned, pfn, i;
	u32 type = page->migratetype;

	block_take_off(zone, page, order);
	block_put_on(zone, page + 1, type, order);
	EXPECT_DAMAGE(test, zone, "I1");
	block_take_off(zone, page + 1, order);
	block_put_on(zone, page, type, order);
	/* The zone ends inside of its last free block. */
	spanned = zone->spanned_pages;
	pfn = zone_end_pfn(zone);
	for (i = 1; i < spanned; i++)
		if (PageBuddy(pfn_to_page(pfn - i)))
			break;
	zone->spanned_pages = spanned - i + 1;
	EXPECT_DAMAGE(test, zone, i > 1 ? "I1" : "I2");
	zone->spanned_pages = spanned;
}

static void damaged_totals_test(struct kunit *test)
{
	struct zone *zone;
	unsigned int order;
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_DMA, 1);

	free_block(test, &zone, &order);
	KUNIT_ASSERT_NOT_NULL(test, page);
	/* A page in use that says that it is free. */
	page_type_write(page + 1, page_type_make(PGTY_buddy, 0));
	EXPECT_DAMAGE(test, page_zone(page), "I2");
	page_type_write(page + 1, page_type_make(PGTY_block, 1));
	__free_pages(page, 1);
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
	KUNIT_CASE(damaged_links_test),
	KUNIT_CASE(damaged_pages_test),
	KUNIT_CASE(damaged_pageblock_test),
	KUNIT_CASE(damaged_merge_test),
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
