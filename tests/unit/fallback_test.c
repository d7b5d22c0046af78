// SPDX-License-Identifier: MIT
/*
 * Whose pageblocks a request takes over, and whose it borrows from. All of
 * the DMA zone is held, but for the first pages of one pageblock.
 */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

#include "../../mm/upcalls.h"
#include "page_snapshot.h"

static struct page_snapshot before;

static struct {
	const struct page_upcalls *others;	/* registered before */
	struct zone *zone;
	u64 chain;		/* pages held elsewhere: PFN + 1, by private */
	struct page *block;	/* the pageblock; NULL: none yet */
	int type;		/* that it had */
	unsigned long nr_free;	/* its first so many pages are free */
} world;

static bool yes(const struct page *page)
{
	return true;
}

static bool no(const struct page *page)
{
	return false;
}

static const struct page_upcalls all_moves = { .page_movable = yes };
static const struct page_upcalls none_moves = { .page_movable = no };
static const struct page_upcalls silent = { .page_movable = NULL };

static gfp_t dma_gfp(int type)
{
	static const gfp_t flags[] = {
		[MIGRATE_UNMOVABLE] = 0, [MIGRATE_MOVABLE] = __GFP_MOVABLE,
		[MIGRATE_RECLAIMABLE] = __GFP_RECLAIMABLE,
	};

	return GFP_ATOMIC | __GFP_DMA | __GFP_THISNODE | __GFP_NOWARN |
	       __GFP_MEMALLOC | flags[type];
}

static struct page *dma_alloc(int type, unsigned int order)
{
	return alloc_pages_node(zone_to_nid(world.zone), dma_gfp(type), order);
}

/* The pageblock is all held again. */
static void block_hold(void)
{
	while (dma_alloc(MIGRATE_MOVABLE, 0))
		;
	world.nr_free = 0;
}

static void block_release(unsigned long nr)
{
	while (world.nr_free < nr)
		__free_page(world.block + world.nr_free++);
	drain_all_pages(NULL);
}

static int fallback_init(struct kunit *test)
{
	struct page *page;

	before = page_snapshot_take();
	memset(&world, 0, sizeof(world));
	world.others = this_machine()->page_alloc.upcalls;
	page_upcalls_register(NULL);
	world.zone = &first_online_pgdat()->node_zones[ZONE_DMA];
	world.block = dma_alloc(MIGRATE_MOVABLE, pageblock_order);
	if (!world.block)
		return -ENOMEM;
	world.type = get_pageblock_migratetype(world.block);
	split_page(world.block, pageblock_order);
	while ((page = dma_alloc(MIGRATE_MOVABLE, 0))) {
		set_page_private(page, world.chain);
		world.chain = page_to_pfn(page) + 1;
	}
	return 0;
}

static void fallback_exit(struct kunit *test)
{
	page_upcalls_register(world.others);
	if (world.block) {
		block_hold();
		set_pageblock_migratetype(world.block, world.type);
		block_release(pageblock_nr_pages);
	}
	while (world.chain) {
		struct page *page = pfn_to_page((unsigned long)world.chain - 1);

		world.chain = page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
	page_snapshot_check(test, &before);
}

#define ALL	pageblock_nr_pages
#define HALF	(ALL / 2)
/* The smallest block that a movable request tries. */
#define SMALL	(1UL << pageblock_order / 2)

struct raid {
	int wanted, tried;			/* types */
	unsigned int order;
	unsigned long nr_free;			/* pages of the pageblock */
	const struct page_upcalls *upcalls;
	int type;				/* of the pageblock after it */
};

static void raid_run(struct kunit *test, const struct raid *r)
{
	struct page *page;

	set_pageblock_migratetype(world.block, r->tried);
	block_release(r->nr_free);
	page_upcalls_register(r->upcalls);
	page = dma_alloc(r->wanted, r->order);
	KUNIT_EXPECT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, get_pageblock_migratetype(world.block), r->type);
	KUNIT_EXPECT_TRUE(test, buddy_check());
	if (page)
		__free_pages(page, r->order);
	KUNIT_EXPECT_TRUE(test, buddy_check());
	page_upcalls_register(NULL);
	block_hold();
}

#define U	MIGRATE_UNMOVABLE
#define M	MIGRATE_MOVABLE
#define R	MIGRATE_RECLAIMABLE

static void raids_test(struct kunit *test)
{
	static const struct raid raids[] = {
		/* Less than half is free, and what is in use does not suit. */
		{ M, U, 0, 64, NULL, U }, { M, U, 0, 64, &silent, U },
		{ M, U, 0, 64, &none_moves, U }, { M, R, 2, 64, NULL, R },
		{ U, M, 0, 64, &all_moves, M }, { R, M, 3, 64, &all_moves, M },
		{ U, R, 0, 64, NULL, R }, { R, U, 1, 64, &all_moves, U },
		/* What is in use suits. */
		{ M, U, 0, 64, &all_moves, M }, { M, R, 3, SMALL, &all_moves, M },
		{ U, M, 0, 64, NULL, U }, { R, M, 0, 1, &none_moves, R },
		/* Half is free. */
		{ U, R, 0, HALF, NULL, U }, { R, U, 4, HALF + 44, NULL, R },
		{ M, U, 0, HALF, &none_moves, M },
		/* Too small a block for a movable request to try. */
		{ M, U, 0, 8, &all_moves, U }, { M, R, 1, SMALL - 1, &all_moves, R },
		{ M, U, 3, 8, &all_moves, U },
		/* The pageblock is one free block. */
		{ M, U, 0, ALL, NULL, M }, { U, M, 5, ALL, &all_moves, U },
		{ R, U, pageblock_order, ALL, NULL, R },
	};
	unsigned int i;

	if (this_machine()->page_alloc.page_group_by_mobility_disabled)
		kunit_skip(test, "a machine too small for it");
	KUNIT_ASSERT_NOT_NULL(test, world.block);
	for (i = 0; i < ARRAY_SIZE(raids); i++)
		raid_run(test, &raids[i]);
}

/* Movable requests only, and those first when most of what is free is CMA. */
static void cma_first_test(struct kunit *test)
{
	struct page *page;

	if (this_machine()->page_alloc.page_group_by_mobility_disabled)
		kunit_skip(test, "a machine too small for it");
	KUNIT_ASSERT_NOT_NULL(test, world.block);
	set_pageblock_migratetype(world.block, MIGRATE_CMA);
	block_release(8);
	KUNIT_EXPECT_EQ(test, zone_page_state(world.zone, NR_FREE_CMA_PAGES),
			8UL);
	KUNIT_EXPECT_NULL(test, dma_alloc(U, 0));
	KUNIT_EXPECT_NULL(test, dma_alloc(R, 0));
	KUNIT_EXPECT_NULL(test, dma_alloc(M, 4));
	page = dma_alloc(M, 2);
	KUNIT_EXPECT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, zone_page_state(world.zone, NR_FREE_CMA_PAGES),
			4UL);
	KUNIT_EXPECT_TRUE(test, buddy_check());
	if (page)
		__free_pages(page, 2);
	block_hold();
	KUNIT_EXPECT_EQ(test, zone_page_state(world.zone, NR_FREE_CMA_PAGES),
			0UL);
}

/* A search for a range keeps off CMA, and off blocks that are in use. */
static void contig_search_test(struct kunit *test)
{
	gfp_t gfp = GFP_KERNEL | __GFP_DMA | __GFP_THISNODE;
	int nid = zone_to_nid(world.zone);
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, world.block);
	set_pageblock_migratetype(world.block, MIGRATE_CMA);
	block_release(8);
	KUNIT_EXPECT_NULL(test, alloc_contig_pages(4, gfp, nid, NULL));
	KUNIT_EXPECT_EQ(test, alloc_contig_range(page_to_pfn(world.block),
			page_to_pfn(world.block) + 8, MIGRATE_CMA, GFP_KERNEL),
			0);
	world.nr_free = 0;
	set_pageblock_migratetype(world.block, world.type);
	/* The second page of a block has no reference, and is in use. */
	block_release(2);
	page = dma_alloc(U, 1);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_NULL(test, alloc_contig_pages(1, gfp, nid, NULL));
	__free_pages(page, 1);
	block_hold();
}

/* What start-up or the kernel keeps cannot be moved, whoever says so. */
static void kept_pages_test(struct kunit *test)
{
	unsigned long pfn = page_to_pfn(world.block);
	unsigned long end = pfn + pageblock_nr_pages;

	KUNIT_ASSERT_NOT_NULL(test, world.block);
	page_upcalls_register(&all_moves);
	SetPageReserved(world.block + 7);
	KUNIT_EXPECT_EQ(test, start_isolate_page_range(pfn, end, world.type,
						       0, 0), -EBUSY);
	ClearPageReserved(world.block + 7);
	SetPageQuarantine(world.block + 511);
	KUNIT_EXPECT_EQ(test, start_isolate_page_range(pfn, end, world.type,
						       0, 0), -EBUSY);
	ClearPageQuarantine(world.block + 511);
	KUNIT_EXPECT_EQ(test, start_isolate_page_range(pfn, end, world.type,
						       0, 0), 0);
	undo_isolate_page_range(pfn, end, world.type);
	page_upcalls_register(NULL);
}

/* Blocks on the lists of CMA and HIGHATOMIC serve those who may have them. */
static void lists_that_serve_test(struct kunit *test)
{
	static const struct {
		int type;
		unsigned int flags;	/* ALLOC_*, mm/page/internal.h */
		bool ok;
	} cases[] = {
		{ MIGRATE_HIGHATOMIC, 0, false },
		{ MIGRATE_HIGHATOMIC, 0x210, true },	/* of who cannot wait */
		{ MIGRATE_HIGHATOMIC, 0x008, true },	/* OOM */
		{ MIGRATE_HIGHATOMIC, 0x080, false },	/* CMA */
		{ MIGRATE_CMA, 0, false }, { MIGRATE_CMA, 0x080, true },
		{ MIGRATE_CMA, 0x280, true }, { MIGRATE_CMA, 0x200, false },
		{ MIGRATE_MOVABLE, 0, true },
	};
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, world.block);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		set_pageblock_migratetype(world.block, cases[i].type);
		block_release(64);
		KUNIT_CHECK(test, zone_watermark_ok(world.zone, 2, 0, ZONE_DMA,
					cases[i].flags) == cases[i].ok, 0,
			    "case %u: expected %d", i, cases[i].ok);
		/* Taken off by place: not every request may have them. */
		KUNIT_ASSERT_EQ(test, alloc_contig_range(
				page_to_pfn(world.block),
				page_to_pfn(world.block) + 64,
				(unsigned int)cases[i].type, GFP_KERNEL), 0);
		world.nr_free = 0;
	}
	set_pageblock_migratetype(world.block, world.type);
}

/* Who cannot wait gets at what is kept for high orders, at the end. */
static void highatomic_last_test(struct kunit *test)
{
	gfp_t gfp = (dma_gfp(U) & ~__GFP_MEMALLOC);
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, world.block);
	set_pageblock_migratetype(world.block, MIGRATE_HIGHATOMIC);
	block_release(pageblock_nr_pages);
	page = alloc_pages_node(zone_to_nid(world.zone), gfp, 0);
	KUNIT_EXPECT_NOT_NULL(test, page);
	if (page)
		__free_page(page);
	KUNIT_EXPECT_EQ(test, alloc_contig_range(page_to_pfn(world.block),
			page_to_pfn(world.block) + pageblock_nr_pages,
			MIGRATE_HIGHATOMIC, GFP_KERNEL), 0);
	world.nr_free = 0;
	set_pageblock_migratetype(world.block, world.type);
}

static struct kunit_case fallback_cases[] = {
	KUNIT_CASE(raids_test),
	KUNIT_CASE(cma_first_test),
	KUNIT_CASE(contig_search_test),
	KUNIT_CASE(kept_pages_test),
	KUNIT_CASE(lists_that_serve_test),
	KUNIT_CASE(highatomic_last_test),
	{ 0 }
};

static struct kunit_suite fallback_suite = {
	.name = "fallback",
	.init = fallback_init,
	.exit = fallback_exit,
	.test_cases = fallback_cases,
};
kunit_test_suite(fallback_suite);
