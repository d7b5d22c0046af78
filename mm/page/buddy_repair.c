// SPDX-License-Identifier: MIT
/*
 * When what the buddy system keeps does not agree with itself: a stray write
 * or a bit that flipped, in a pageblock, a set, a count or a type.
 *
 * A pageblock's seal shows that one of its bits is wrong and which of the 64
 * columns it is in. The bit is found by trying: with the right one put back,
 * the map, the counts, the class and the type agree again, and the column
 * calls no frame free whose page is in use. When that finds no bit or more
 * than one, what may be wrong of the map is taken to be in use,
 * since a page lost is better than a page handed out twice; so is every frame
 * whose page does not look free. Then the rest is made anew from the map.
 *
 *   damage                        what is believed
 *   one bit of a pageblock        the other bits
 *   more bits of a pageblock      the map, as far as the struct pages agree
 *   the byte of its type          the pageblock's own
 *   sets, counts of the zone      the pageblocks
 *
 * Each repair is reported, and counted with the other misuse (nr_bad).
 *
 * Locks: zone->lock, held by the caller throughout. Takes time in proportion
 * to the zone.
 */
#include "internal.h"

#include <linux/kernel.h>

#include "pageblock.h"

static bool pageblock_agrees(const struct zone *zone, unsigned long number)
{
	const struct pageblock *pb = &zone->pageblocks[number];

	return !pageblock_check(pb) && pb->type < MIGRATE_TYPES &&
	       pb->type == pageblock_type_of(zone, number);
}

/* Whether nothing speaks against the frame being free. */
static bool frame_may_be_free(struct zone *zone, unsigned long pfn)
{
	const struct page *page;

	if (!zone_spans_pfn(zone, pfn) || !pfn_valid(pfn))
		return false;
	page = pfn_to_page(pfn);
	return page_zone(page) == zone && !page_ref_count(page) &&
	       page_type_read(page) == PAGE_TYPE_NONE &&
	       !(page_flags_read(page) & PAGE_FLAGS_CHECK_AT_PREP);
}

/*
 * Whether every frame that the map calls free in the column of @bit may be.
 * Two frames of a column that were free and in use, each beside one in use,
 * could be exchanged without the counts noticing.
 */
static bool column_may_be_free(struct zone *zone, unsigned long number,
			       u64 bit)
{
	const struct pageblock *pb = &zone->pageblocks[number];
	unsigned long pfn = pageblock_pfn(zone, number) + __ffs64(bit);
	unsigned int i;

	for (i = 0; i < PAGEBLOCK_WORDS; i++)
		if (pb->map[i] & bit && !frame_may_be_free(zone, pfn + 64 * i))
			return false;
	return true;
}

/*
 * The words in which @bit could be the wrong one, as bits; the seal alone
 * when everything else agrees.
 */
static u64 words_suspected(struct zone *zone, unsigned long number, u64 bit)
{
	struct pageblock *pb = &zone->pageblocks[number];
	u64 words = 0;
	unsigned int i;

	for (i = PAGEBLOCK_ALL_WORDS; i-- > 0; ) {
		pb->words[i] ^= bit;
		if (pageblock_agrees(zone, number) &&
		    column_may_be_free(zone, number, bit))
			words |= 1ULL << i;
		pb->words[i] ^= bit;
		if (words >> (PAGEBLOCK_ALL_WORDS - 1))
			break;
	}
	return words;
}

/* Makes the pageblock from its map, less the frames in doubt. */
static void pageblock_salvage(struct zone *zone, unsigned long number,
			      u64 words, u64 bit)
{
	struct pageblock *pb = &zone->pageblocks[number];
	unsigned long pfn = pageblock_pfn(zone, number);
	long had = min_t(long, pb->nr_free, (long)pageblock_nr_pages);
	unsigned int i;

	for (i = 0; i < PAGEBLOCK_WORDS; i++)
		if (words >> i & 1)
			pb->map[i] &= ~bit;
	for (i = 0; i < pageblock_nr_pages; i++)
		if (pb->map[i / 64] >> i % 64 & 1 &&
		    !frame_may_be_free(zone, pfn + i))
			pageblock_map_clear(pb, i, 1);
	if (pageblock_type_of(zone, number) < MIGRATE_TYPES)
		pb->type = (u8)pageblock_type_of(zone, number);
	else if (pb->type >= MIGRATE_TYPES)
		pb->type = MIGRATE_UNMOVABLE;
	zone->pageblock_type[number] = pb->type;
	pageblock_recount(pb);
	pb->class = (u8)pageblock_class(pb);
	pageblock_seal(pb);
	zone_count_free(zone, pb->nr_free - had, pb->type);
}

/* Whether one bit was all that was wrong with the pageblock. */
static bool pageblock_mend(struct zone *zone, unsigned long number)
{
	struct pageblock *pb = &zone->pageblocks[number];
	u64 bit = pageblock_sum(pb), words = 0;

	if (!bit && pageblock_agrees(zone, number))
		return true;
	if (bit && !(bit & (bit - 1)))
		words = words_suspected(zone, number, bit);
	if (words && !(words & (words - 1))) {
		pb->words[__ffs64(words)] ^= bit;
		return true;
	}
	pageblock_salvage(zone, number, words, bit);
	return false;
}

static void repair_report(struct zone *zone, unsigned long number,
			  const char *what)
{
	atomic_long_inc(&page_alloc_state()->nr_bad);
	if (number < zone->block_sets.nr_members)
		pr_err("buddy: node %d zone %s: pageblock %#lx: %s\n",
		       zone_to_nid(zone), zone->name,
		       pageblock_pfn(zone, number), what);
	else
		pr_err("buddy: node %d zone %s: %s\n", zone_to_nid(zone),
		       zone->name, what);
}

/* The type that the byte should say is the pageblock's, which is sealed. */
static bool type_mend(struct zone *zone, unsigned long number)
{
	const struct pageblock *pb = &zone->pageblocks[number];

	if (pageblock_sum(pb) || pb->type >= MIGRATE_TYPES ||
	    pb->type == pageblock_type_of(zone, number))
		return false;
	zone->pageblock_type[number] = pb->type;
	return true;
}

void buddy_repair(struct zone *zone, unsigned long number)
{
	unsigned long i, nr = buddy_pageblocks_made(zone);

	if (number < nr) {
		struct pageblock *pb = &zone->pageblocks[number];

		if (type_mend(zone, number)) {
			repair_report(zone, number,
				      "the type was damaged, and is mended");
			return;
		}
		if (pageblock_sum(pb) && pageblock_mend(zone, number)) {
			repair_report(zone, number,
				      "a bit was damaged, and is mended");
			return;
		}
	}
	for (i = 0; i < nr; i++)
		pageblock_mend(zone, i);
	buddy_sets_rebuild(zone);
	repair_report(zone, number,
		      "was damaged; sets and counts are made anew");
}
