// SPDX-License-Identifier: MIT
/*
 * Maps of free frames and ordered sets of pageblocks against naive ones, and
 * what becomes of damage to them.
 */
#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <octavo/machine.h>
#include <octavo/random.h>

#include "../../mm/page/internal.h"
#include "../../mm/page/pageblock.h"
#include "log_capture.h"
#include "page_snapshot.h"

static struct log_capture log;
static struct page_snapshot before;

/* ---- maps ---- */

/* The order of the free block that begins at @frame; -1 when none does. */
static int naive_block(const struct pageblock *pb, unsigned int frame)
{
	int order = -1;
	unsigned int i, size;

	for (size = 1; size <= pageblock_nr_pages && !(frame & (size - 1));
	     size *= 2) {
		for (i = 0; i < size; i++)
			if (!(pb->map[(frame + i) / 64] >> (frame + i) % 64 &
			      1))
				return order;
		order++;
	}
	return order;
}

/* Compares what the map says of each order with a walk over it. */
static void map_compare(struct kunit *test, struct pageblock *pb)
{
	unsigned int first[MAX_PAGE_ORDER + 1], count[MAX_PAGE_ORDER + 1];
	unsigned int frame = 0, order;

	memset(count, 0, sizeof(count));
	while (frame < pageblock_nr_pages) {
		int found = naive_block(pb, frame);

		if (found < 0) {
			frame++;
			continue;
		}
		if (!count[found]++)
			first[found] = frame;
		KUNIT_ASSERT_EQ(test, pageblock_order_at(pb, frame),
				(unsigned int)found);
		frame += 1U << found;
	}
	pageblock_recount(pb);
	for (order = 0; order < pageblock_order; order++) {
		KUNIT_ASSERT_EQ(test, (unsigned int)pb->count[order],
				count[order]);
		KUNIT_ASSERT_EQ(test, pageblock_find(pb, order),
				count[order] ? first[order] :
					       PAGEBLOCK_NO_FRAME);
	}
}

/* From full to whole in pieces of every order, and back. */
static void maps_test(struct kunit *test)
{
	static struct pageblock pb;
	u64 rng = 1;
	unsigned int i;

	memset(&pb, 0, sizeof(pb));
	map_compare(test, &pb);
	for (i = 0; i < 400; i++) {
		unsigned int order = random_below(&rng, pageblock_order);
		unsigned int frame = random_below(&rng, 1U << (pageblock_order -
							       order)) << order;

		if (random_below(&rng, 100) < (i < 200 ? 70U : 30U))
			pageblock_map_set(&pb, frame, 1U << order);
		else
			pageblock_map_clear(&pb, frame, 1U << order);
		map_compare(test, &pb);
	}
	memset(pb.map, 0xff, sizeof(pb.map));
	map_compare(test, &pb);
	KUNIT_EXPECT_TRUE(test, pageblock_whole(&pb));
	KUNIT_EXPECT_EQ(test, pageblock_class(&pb),
			(unsigned int)pageblock_order);
}

/* ---- sets ---- */

#define SET_MEMBERS	5000	/* three levels */

static void sets_test(struct kunit *test)
{
	static unsigned long naive[BITS_TO_LONGS(SET_MEMBERS)];
	struct block_sets sets;
	size_t bytes = sizeof(u64) * block_sets_shape(&sets, SET_MEMBERS);
	unsigned long i, members;
	u64 rng = 2;

	memset(naive, 0, sizeof(naive));
	sets.words = alloc_pages_exact(bytes, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sets.words);
	block_sets_clear(&sets);
	for (i = 0; i < 20000; i++) {
		/* Dense at first, then a few far apart. */
		unsigned long m = random_below(&rng, SET_MEMBERS);
		unsigned long from = random_below(&rng, SET_MEMBERS), want;

		if (random_below(&rng, 100) < (i < 8000 ? 60U : 10U)) {
			block_set_add(&sets, 3, 1, m);
			__set_bit(m, naive);
		} else {
			block_set_remove(&sets, 3, 1, m);
			__clear_bit(m, naive);
		}
		want = find_next_bit(naive, SET_MEMBERS, 0);
		KUNIT_ASSERT_EQ(test, sets.orders[1] >> 3 & 1,
				want < SET_MEMBERS);
		if (want < SET_MEMBERS)
			KUNIT_ASSERT_EQ(test, block_set_first(&sets, 3, 1),
					want);
		want = find_next_bit(naive, SET_MEMBERS, from);
		KUNIT_ASSERT_EQ(test, block_set_next(&sets, 3, 1, from),
				want < SET_MEMBERS ? want : BLOCK_SET_NONE);
		for (want = from + 1; want > 0; want--)
			if (test_bit(want - 1, naive))
				break;
		KUNIT_ASSERT_EQ(test, block_set_prev(&sets, 3, 1, from),
				want ? want - 1 : BLOCK_SET_NONE);
	}
	KUNIT_EXPECT_TRUE(test, block_set_check(&sets, 3, 1, &members));
	KUNIT_EXPECT_EQ(test, members,
			(unsigned long)bitmap_weight(naive, SET_MEMBERS));
	free_pages_exact(sets.words, bytes);
}

/* ---- damage ---- */

static struct {
	struct zone *zone;
	unsigned long number;
	struct pageblock *pb;
} world;

static int damage_init(struct kunit *test)
{
	struct page *page;

	drain_all_pages(NULL);
	before = page_snapshot_take();
	page = alloc_pages(GFP_KERNEL | __GFP_DMA, 4);
	if (!page)
		return -ENOMEM;
	world.zone = page_zone(page);
	world.number = pageblock_number(world.zone, page_to_pfn(page));
	world.pb = &world.zone->pageblocks[world.number];
	__free_pages(page, 4);
	drain_all_pages(NULL);
	return world.pb->nr_free ? 0 : -EBUSY;
}

static void damage_exit(struct kunit *test)
{
	page_snapshot_check(test, &before);
}

/* Takes a frame of the pageblock and gives it back: both look at it. */
static void pageblock_use(void)
{
	struct zone *zone = world.zone;
	unsigned long flags;
	struct page *page;

	spin_lock_irqsave(&zone->lock, flags);
	page = buddy_take_in(zone, world.number, 0);
	if (page)
		buddy_block_free(zone, page, page_to_pfn(page), 0,
				 get_pageblock_migratetype(page));
	spin_unlock_irqrestore(&zone->lock, flags);
}

static long nr_bad(void)
{
	return atomic_long_read(&this_machine()->page_alloc.nr_bad);
}

/* Each single bit of a pageblock is found and put back where it was. */
static void every_bit_test(struct kunit *test)
{
	struct pageblock was = *world.pb;
	unsigned int bit;

	for (bit = 0; bit < PAGEBLOCK_ALL_WORDS * 64; bit++) {
		long reports = nr_bad();

		world.pb->words[bit / 64] ^= 1ULL << bit % 64;
		log_capture_start(&log);
		pageblock_use();
		log_capture_end(&log);
		KUNIT_CHECK(test, !memcmp(world.pb->map, was.map,
					  sizeof(was.map)), 0,
			    "bit %u: the map is another", bit);
		KUNIT_EXPECT_EQ(test, nr_bad(), reports + 1);
		KUNIT_CHECK(test, log_captured(&log, "was damaged"), 0,
			    "bit %u: the log says: %s", bit, log.text);
	}
	KUNIT_EXPECT_TRUE(test, buddy_zone_check(world.zone));
}

/*
 * One frame of a pageblock is free, all others of its column are in use and
 * would count the same: the pages tell which one it is.
 */
static void lone_frame_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, pageblock_order);
	const unsigned int lone = 10;
	struct pageblock was;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, page);
	split_page(page, pageblock_order);
	__free_page(page + lone);
	drain_all_pages(NULL);
	world.zone = page_zone(page);
	world.number = pageblock_number(world.zone, page_to_pfn(page));
	world.pb = &world.zone->pageblocks[world.number];
	was = *world.pb;
	KUNIT_EXPECT_EQ(test, was.nr_free, 1);
	for (i = lone % 64; i < pageblock_nr_pages; i += 64) {
		world.pb->map[i / 64] ^= 1ULL << i % 64;
		log_capture_start(&log);
		pageblock_use();
		log_capture_end(&log);
		KUNIT_CHECK(test, !memcmp(world.pb->map, was.map,
					  sizeof(was.map)), 0,
			    "frame %u: the map is another", i);
		KUNIT_EXPECT_TRUE(test, log_captured(&log, "is mended"));
	}
	for (i = 0; i < pageblock_nr_pages; i++)
		if (i != lone)
			__free_page(page + i);
}

/* Two bits at once: what was in use stays so, and the rest agrees again. */
static void two_bits_test(struct kunit *test)
{
	struct pageblock was = *world.pb;
	unsigned long free = zone_page_state(world.zone, NR_FREE_PAGES);
	unsigned int i;

	world.pb->count[2] ^= 4;
	world.pb->nr_free ^= 1;
	zone_count_free(world.zone, 0, was.type);
	log_capture_start(&log);
	pageblock_use();
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "made anew"));
	for (i = 0; i < PAGEBLOCK_WORDS; i++)
		KUNIT_EXPECT_EQ(test, world.pb->map[i] & ~was.map[i], 0ULL);
	/* How much was free is known from the count that was damaged. */
	zone_count(world.zone, NR_FREE_PAGES, (long)free -
		   (long)zone_page_state(world.zone, NR_FREE_PAGES));
	KUNIT_EXPECT_TRUE(test, buddy_zone_check(world.zone));
}

/* A type that there is not, and one that there is. */
static void type_byte_test(struct kunit *test)
{
	u8 *byte = &world.zone->pageblock_type[world.number], was = *byte;
	unsigned int bit;

	for (bit = 1; bit <= PAGEBLOCK_TYPE_MASK; bit *= 2) {
		unsigned long flags;
		struct page *page;

		spin_lock_irqsave(&world.zone->lock, flags);
		page = buddy_take_in(world.zone, world.number, 0);
		*byte ^= (u8)bit;
		log_capture_start(&log);
		buddy_block_free(world.zone, page, page_to_pfn(page), 0, was);
		log_capture_end(&log);
		spin_unlock_irqrestore(&world.zone->lock, flags);
		KUNIT_EXPECT_EQ(test, *byte, was);
		KUNIT_EXPECT_TRUE(test, log_captured(&log, "is mended"));
	}
	KUNIT_EXPECT_TRUE(test, buddy_zone_check(world.zone));
}

/* Takes and gives back a frame by way of the sets. */
static void sets_use(int type)
{
	struct zone *zone = world.zone;
	unsigned long flags;
	struct page *page;

	spin_lock_irqsave(&zone->lock, flags);
	page = buddy_alloc_smallest(zone, 0, type);
	if (page)
		buddy_block_free(zone, page, page_to_pfn(page), 0, type);
	spin_unlock_irqrestore(&zone->lock, flags);
}

/* A set that says too much is found out; nothing comes from it. */
static void set_bits_test(struct kunit *test)
{
	struct block_sets *sets = &world.zone->block_sets;
	unsigned int order, bit;
	int type;

	for (type = 0; type < MIGRATE_TYPES; type++)
		for (order = 0; order < NR_PAGE_ORDERS; order++) {
			u64 *set = block_set_of(sets, order, type);

			for (bit = 0; bit < 64; bit += 3) {
				set[0] ^= 1ULL << bit;
				log_capture_start(&log);
				sets_use(type);
				sets->orders[type] ^= (u16)(1U << order);
				sets_use(type);
				log_capture_end(&log);
				/* What was not noticed is put right. */
				buddy_sets_rebuild(world.zone);
				KUNIT_ASSERT_TRUE(test,
						  buddy_zone_check(world.zone));
			}
		}
}

/* Frames that are free cannot be freed once more, whoever asks. */
static void freed_twice_test(struct kunit *test)
{
	unsigned long flags, pfn = pageblock_pfn(world.zone, world.number);
	struct zone *zone = world.zone;
	unsigned int frame = 0;
	long reports = nr_bad();
	u32 pfns[1];

	while (!pageblock_frames_free(world.pb, frame, 0))
		frame++;
	pfns[0] = (u32)(pfn + frame);
	log_capture_start(&log);
	spin_lock_irqsave(&zone->lock, flags);
	buddy_give_bulk(zone, 0, pfns, 1);
	zone_count_free(zone, 1, world.pb->type);
	buddy_block_free(zone, pfn_to_page(pfn + frame), pfn + frame, 0,
			 world.pb->type);
	spin_unlock_irqrestore(&zone->lock, flags);
	log_capture_end(&log);
	KUNIT_EXPECT_EQ(test, nr_bad(), reports + 2);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "freed frames are free"));
	KUNIT_EXPECT_TRUE(test, buddy_zone_check(zone));
}

static struct kunit_case map_cases[] = {
	KUNIT_CASE(maps_test),
	KUNIT_CASE(sets_test),
	{ 0 }
};

static struct kunit_suite map_suite = {
	.name = "pageblock",
	.test_cases = map_cases,
};
kunit_test_suite(map_suite);

static struct kunit_case damage_cases[] = {
	KUNIT_CASE(every_bit_test),
	KUNIT_CASE(lone_frame_test),
	KUNIT_CASE(two_bits_test),
	KUNIT_CASE(type_byte_test),
	KUNIT_CASE(set_bits_test),
	KUNIT_CASE(freed_twice_test),
	{ 0 }
};

static struct kunit_suite damage_suite = {
	.name = "pageblock_damage",
	.init = damage_init,
	.exit = damage_exit,
	.test_cases = damage_cases,
};
kunit_test_suite(damage_suite);
