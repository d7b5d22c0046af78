// SPDX-License-Identifier: MIT
/*
 * Where blocks are taken from, at the level of the buddy system: what was
 * torn heals, whole pageblocks are kept, what cannot be moved stays together.
 * Machines by hand, a seeded stream of operations, no per-CPU lists.
 */
#include "page_machine.h"

#include <octavo/random.h>

#include "../../mm/page/internal.h"
#include "../../mm/page/pageblock.h"

#define MOST_BLOCKS	65536

static const struct early_range memory[] = {
	{ M(16), M(272), 0 }, { 0, 0 },
};

/* What the stream holds: first frame and order. */
static struct {
	struct zone *zone;
	u64 rng;
	u32 pfn[MOST_BLOCKS];
	u8 order[MOST_BLOCKS];
	unsigned int held;
	unsigned long frames;
} world;

static void world_start(u64 seed)
{
	page_machine_start(memory, NULL);
	memset(&world, 0, sizeof(world));
	world.zone = zone_of(0, ZONE_DMA32);
	world.rng = seed;
}

static unsigned long whole_blocks(void)
{
	return world.zone->free_area[pageblock_order].nr_free +
	       (PAGEBLOCKS_PAIR ?
		2 * world.zone->free_area[MAX_PAGE_ORDER].nr_free : 0);
}

static unsigned long frames_free(void)
{
	return zone_page_state(world.zone, NR_FREE_PAGES);
}

static bool take(unsigned int order, int type)
{
	struct page *page = buddy_alloc(world.zone, order, type, 0);

	if (!page)
		return false;
	zone_count_free(world.zone, -(1L << order), type);
	world.pfn[world.held] = (u32)page_to_pfn(page);
	world.order[world.held++] = (u8)order;
	world.frames += 1UL << order;
	return true;
}

static void give(unsigned int i)
{
	unsigned int order = world.order[i];

	buddy_give_bulk(world.zone, order, &world.pfn[i], 1);
	world.frames -= 1UL << order;
	world.held--;
	world.pfn[i] = world.pfn[world.held];
	world.order[i] = world.order[world.held];
}

static void give_one(void)
{
	give((unsigned int)random_below(&world.rng, world.held));
}

static void give_all(void)
{
	while (world.held)
		give(world.held - 1);
}

/*
 * Half of memory live after all was full, then each page replaced twenty
 * times over by one taken anew: at least 95% of the whole pageblocks that the
 * free frames could make are there. When all is free, all are.
 */
static void heals_test(struct kunit *test)
{
	unsigned long whole, possible, i;

	world_start(3);
	whole = whole_blocks();
	while (take(0, MIGRATE_MOVABLE))
		;
	KUNIT_EXPECT_EQ(test, frames_free(), 0UL);
	for (i = world.held / 2; i > 0; i--)
		give_one();
	for (i = 20UL * world.held; i > 0; i--) {
		give_one();
		KUNIT_ASSERT_TRUE(test, take(0, MIGRATE_MOVABLE));
	}
	KUNIT_EXPECT_TRUE(test, buddy_check());
	possible = frames_free() / pageblock_nr_pages;
	KUNIT_CHECK(test, whole_blocks() * 100 >= possible * 95, 0,
		    "%lu pageblocks are whole of %lu", whole_blocks(),
		    possible);
	give_all();
	KUNIT_EXPECT_EQ(test, whole_blocks(), whole);
	KUNIT_EXPECT_TRUE(test, buddy_check());
}

/* Whether a partial pageblock of @type could serve 2^@order frames. */
static bool partial_serves(unsigned int order, int type)
{
	unsigned long i;

	for (i = 0; i < world.zone->block_sets.nr_members; i++) {
		const struct pageblock *pb = &world.zone->pageblocks[i];

		if (pb->type == type && class_is_partial(pb->class) &&
		    pb->class >= order)
			return true;
	}
	return false;
}

/* Mixed orders around 42% live: whole pageblocks only when nothing else is. */
static void whole_kept_test(struct kunit *test)
{
	unsigned long whole, all, i;

	world_start(4);
	all = frames_free();
	whole = whole_blocks();
	for (i = 0; i < 20000; i++) {
		unsigned int order = (unsigned int)random_below(&world.rng,
				pageblock_order + 1);
		unsigned long had = whole_blocks();
		bool partial = order < pageblock_order &&
			       partial_serves(order, MIGRATE_MOVABLE);

		if (world.frames * 100 >= all * 42) {
			give_one();
			continue;
		}
		if (!take(order, MIGRATE_MOVABLE)) {
			give_one();
			continue;
		}
		KUNIT_ASSERT_EQ(test, whole_blocks(), partial ? had : had - 1);
	}
	KUNIT_EXPECT_TRUE(test, buddy_check());
	KUNIT_CHECK(test, whole_blocks() * pageblock_nr_pages * 100 >=
			  frames_free() * 90, 0,
		    "%lu whole pageblocks, %lu frames free", whole_blocks(),
		    frames_free());
	give_all();
	KUNIT_EXPECT_EQ(test, whole_blocks(), whole);
}

/* Bulk takes distinct frames, lowest pageblocks first, behind the front. */
static void bulk_test(struct kunit *test)
{
	unsigned int order, n, i;
	u32 *pfns = world.pfn;

	world_start(5);
	for (order = 0; order <= MAX_PAGE_ORDER; order++) {
		unsigned long nr_free, number;

		for (i = 0; i < 3000 && take(0, MIGRATE_MOVABLE); i++)
			if (random_below(&world.rng, 3))
				give_one();
		give_all();
		nr_free = frames_free();
		n = buddy_take_bulk(world.zone, order, MIGRATE_MOVABLE, 0,
				    777 >> order / 2, pfns);
		KUNIT_EXPECT_GT(test, n, 0U);
		KUNIT_EXPECT_EQ(test, frames_free(),
				nr_free - ((unsigned long)n << order));
		for (i = 0; i < n; i++)
			KUNIT_ASSERT_EQ(test, pfns[i] & ((1U << order) - 1),
					0U);
		number = pageblock_number(world.zone,
				world.zone->take_front[MIGRATE_MOVABLE]);
		for (i = 0; i + 1 < number; i++)
			KUNIT_EXPECT_FALSE(test, class_is_partial(
					world.zone->pageblocks[i].class) &&
					world.zone->pageblocks[i].type ==
					MIGRATE_MOVABLE);
		KUNIT_EXPECT_TRUE(test, buddy_check());
		buddy_give_bulk(world.zone, order, pfns, n);
		KUNIT_EXPECT_EQ(test, frames_free(), nr_free);
		KUNIT_EXPECT_TRUE(test, buddy_check());
	}
}

/* How many pageblocks hold a page that was asked for as unmovable. */
static unsigned long pinned_blocks(const u8 *pinned)
{
	unsigned long i, n = 0;

	for (i = 0; i < world.zone->block_sets.nr_members; i++)
		n += pinned[i];
	return n;
}

/*
 * One page in eight cannot be moved, over a churn that keeps 70% live: the
 * pageblocks that hold one are few more than those pages fill.
 */
static void unmovable_together_test(struct kunit *test)
{
	static u8 pinned[4096], fixed[MOST_BLOCKS];
	unsigned long all, i, least, nr_fixed = 0;

	world_start(9);
	all = frames_free();
	for (i = 0; i < 400000; i++) {
		bool pin = !random_below(&world.rng, 8);

		if (world.frames * 100 < all * 70) {
			if (take(0, pin ? MIGRATE_UNMOVABLE : MIGRATE_MOVABLE))
				fixed[world.held - 1] = pin;
		} else {
			unsigned int k = (unsigned int)random_below(&world.rng,
								world.held);

			/* give() moves the last one to @k's place. */
			fixed[k] = fixed[world.held - 1];
			give(k);
		}
	}
	memset(pinned, 0, sizeof(pinned));
	for (i = 0; i < world.held; i++)
		if (fixed[i]) {
			pinned[pageblock_number(world.zone, world.pfn[i])] = 1;
			nr_fixed++;
		}
	least = DIV_ROUND_UP(nr_fixed, pageblock_nr_pages);
	KUNIT_CHECK(test, pinned_blocks(pinned) <= least + least / 4 + 1, 0,
		    "%lu unmovable pages lie in %lu pageblocks, at least %lu",
		    nr_fixed, pinned_blocks(pinned), least);
	KUNIT_EXPECT_TRUE(test, buddy_check());
	give_all();
}

static struct kunit_case placement_cases[] = {
	KUNIT_CASE(heals_test),
	KUNIT_CASE(whole_kept_test),
	KUNIT_CASE(bulk_test),
	KUNIT_CASE(unmovable_together_test),
	{ 0 }
};

static struct kunit_suite placement_suite = {
	.name = "placement",
	.test_cases = placement_cases,
};
kunit_test_suite(placement_suite);
