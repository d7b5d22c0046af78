// SPDX-License-Identifier: MIT
/*
 * The buddy system: the free frames of a zone, in blocks.
 *
 * Terms. A block of order n is 2^n frames that begin at a multiple of 2^n.
 * Its buddy is the other half of the block of order n + 1 that it is half of,
 * found by flipping bit n of its frame number. A pageblock is an aligned
 * block of pageblock_order, and has one migratetype: what the pages in it are
 * used for, so that pages that can be moved away lie together.
 *
 *   free_area[2]   MOVABLE ──► 0x104 ⇄ 0x220      each block on the list of
 *                  UNMOVABLE ─► 0x00c             its order and its type
 *   free_area[3]   MOVABLE ──► 0x108
 *
 *   0x100       0x104       0x108                   0x110
 *     | in use    | free 2    | free 3                |
 *
 * When 0x100 is freed as a block of order 2, its buddy 0x104 is free and of
 * the same order: they merge to 0x100 of order 3, whose buddy 0x108 is free
 * too, and so on until a buddy is in use, of another order or of another zone.
 * Allocation goes the other way: the smallest block that is large enough is
 * halved, the upper halves go to their lists.
 *
 * A free block's first struct page says all: page_type is PGTY_buddy and the
 * order, migratetype is the list it is on, the links are frame numbers. The
 * other pages of the block say nothing, but have no reference and no type.
 *
 * Invariants, checked by buddy_check.c:
 *   I1  a free block is aligned to its size and lies within one zone
 *   I2  no two free blocks overlap
 *   I3  a free block's buddy is not a free block of the same order, unless
 *       the order is the largest, or they are of types that must not mix
 *   I4  nr_free of an order is the number of blocks on all its lists
 *   I5  NR_FREE_PAGES is the sum of all free blocks but the isolated ones,
 *       plus the frames whose struct pages are not made yet; NR_FREE_CMA_PAGES
 *       that of the blocks on the CMA lists
 *   I6  links are consistent, both ways, and end where the list says
 *   I7  a free block is on the list of the type of its pageblocks
 *   I8  pages of a free block have no reference; only its first is PageBuddy
 *
 * Locks: zone->lock for everything here. Pageblock types are also read
 * without it, as hints.
 *
 * Differs from Linux: the list is kept with the block and never derived, a
 * block's order and its being free are one word, and NR_FREE_PAGES is
 * changed once for each request, by the caller.
 */
#include "internal.h"

#include <linux/bitops.h>
#include <linux/kernel.h>

/* Where in zone->pageblock_flags the bits of @pfn's pageblock start. */
static inline unsigned long pageblock_bit(const struct zone *zone,
					  unsigned long pfn)
{
	unsigned long base = pageblock_start_pfn(zone->zone_start_pfn);

	return ((pfn - base) >> pageblock_order) * NR_PAGEBLOCK_BITS;
}

/* Three of the four bits hold the type. */
#define PAGEBLOCK_TYPE_MASK	7UL
static_assert(MIGRATE_TYPES <= PAGEBLOCK_TYPE_MASK + 1, "a type needs more");

int get_pfnblock_migratetype(const struct page *page, unsigned long pfn)
{
	const struct zone *zone = page_zone(page);
	unsigned long bit = pageblock_bit(zone, pfn);
	unsigned long word;

	word = __atomic_load_n(&zone->pageblock_flags[BIT_WORD(bit)],
			       __ATOMIC_RELAXED);
	return (int)(word >> (bit % BITS_PER_LONG) & PAGEBLOCK_TYPE_MASK);
}

int get_pageblock_migratetype(const struct page *page)
{
	return get_pfnblock_migratetype(page, page_to_pfn(page));
}

void set_pageblock_migratetype(struct page *page, int migratetype)
{
	const struct zone *zone = page_zone(page);
	unsigned long bit = pageblock_bit(zone, page_to_pfn(page));
	unsigned long *word = &zone->pageblock_flags[BIT_WORD(bit)];
	unsigned int shift = (unsigned int)(bit % BITS_PER_LONG);

	BUG_ON(migratetype < 0 || migratetype >= MIGRATE_TYPES);
	if (page_alloc_state()->page_group_by_mobility_disabled &&
	    migratetype < MIGRATE_PCPTYPES)
		migratetype = MIGRATE_UNMOVABLE;
	__atomic_store_n(word, (*word & ~(PAGEBLOCK_TYPE_MASK << shift)) |
			       (unsigned long)migratetype << shift,
			 __ATOMIC_RELAXED);
}

void buddy_zone_init(struct zone *zone)
{
	bool grouped = !page_alloc_state()->page_group_by_mobility_disabled;
	unsigned long last, word = 0, i;
	unsigned int shift, order, type;

	for_each_migratetype_order(order, type)
		page_list_init(&zone->free_area[order].free_list[type]);
	for (order = 0; order < NR_PAGE_ORDERS; order++)
		zone->free_area[order].nr_free = 0;
	if (!zone->spanned_pages)
		return;
	for (shift = 0; shift < BITS_PER_LONG; shift += NR_PAGEBLOCK_BITS)
		word |= (unsigned long)(grouped ? MIGRATE_MOVABLE :
						  MIGRATE_UNMOVABLE) << shift;
	last = BIT_WORD(pageblock_bit(zone, zone_end_pfn(zone) - 1));
	for (i = 0; i <= last; i++)
		zone->pageblock_flags[i] = word;
}

void buddy_list_add(struct zone *zone, struct page *page, unsigned long pfn,
		    unsigned int order, int type, bool tail)
{
	struct free_area *area = &zone->free_area[order];

	VM_BUG_ON(page_type_read(page) != PAGE_TYPE_NONE);
	page_type_write(page, page_type_make(PGTY_buddy, order));
	page->migratetype = (u32)type;
	if (tail)
		page_list_add_tail(&area->free_list[type], page, pfn);
	else
		page_list_add(&area->free_list[type], page, pfn);
	area->nr_free++;
}

void buddy_list_del(struct zone *zone, struct page *page, unsigned int order)
{
	struct free_area *area = &zone->free_area[order];

	VM_BUG_ON(!page_is_free_block(page, order));
	page_list_del(&area->free_list[buddy_type(page)], page);
	page_type_write(page, PAGE_TYPE_NONE);
	page->migratetype = 0;
	area->nr_free--;
}

static inline unsigned long buddy_pfn(unsigned long pfn, unsigned int order)
{
	return pfn ^ (1UL << order);
}

/*
 * The buddy, if it is a free block of the same order and zone; else NULL. Its
 * struct page can be looked at even when it is no memory (mmzone.h).
 */
static struct page *buddy_free_of(struct page *page, unsigned long pfn,
				  unsigned int order)
{
	struct page *buddy = page + (long)(buddy_pfn(pfn, order) - pfn);

	if (!page_is_free_block(buddy, order))
		return NULL;
	return page_zone_id(buddy) == page_zone_id(page) ? buddy : NULL;
}

/* Types whose pageblocks may become each other's. */
static inline bool type_mergeable(int type)
{
	return type < MIGRATE_PCPTYPES;
}

/*
 * Whether the block will probably merge soon: its buddy of the next order is
 * free, so only the part next to it is missing. Such a block goes to the end
 * of its list, to stay free a little longer.
 */
static bool buddy_merge_likely(struct page *page, unsigned long pfn,
			       unsigned int order)
{
	unsigned long up = pfn & ~(1UL << order);

	if (order >= MAX_PAGE_ORDER - 1)
		return false;
	return buddy_free_of(page - (pfn - up), up, order + 1);
}

/*
 * Whether a block of pageblock_order or more may merge with @buddy, making
 * the buddy's pageblocks of @type if so.
 */
static bool pageblocks_merge(struct page *buddy, unsigned long pfn,
			     unsigned int order, int type)
{
	int other = buddy_type(buddy);

	if (other == type)
		return true;
	if (!type_mergeable(type) || !type_mergeable(other))
		return false;
	pageblock_range_set_type(buddy, pfn, order, type);
	return true;
}

void buddy_block_free(struct zone *zone, struct page *page, unsigned long pfn,
		      unsigned int order, int type)
{
	bool tail;

	VM_BUG_ON(!IS_ALIGNED(pfn, 1UL << order));
	VM_BUG_ON(!zone_spans_pfn(zone, pfn));
	while (order < MAX_PAGE_ORDER) {
		struct page *buddy = buddy_free_of(page, pfn, order);
		unsigned long other = buddy_pfn(pfn, order);

		if (!buddy)
			break;
		if (unlikely(order >= pageblock_order) &&
		    !pageblocks_merge(buddy, other, order, type))
			break;
		buddy_list_del(zone, buddy, order);
		if (other < pfn) {
			page = buddy;
			pfn = other;
		}
		order++;
	}
	tail = buddy_merge_likely(page, pfn, order);
	buddy_list_add(zone, page, pfn, order, type, tail);
}

void buddy_expand(struct zone *zone, struct page *page, unsigned long pfn,
		  unsigned int low, unsigned int high, int type)
{
	while (high > low) {
		high--;
		buddy_list_add(zone, page + (1UL << high), pfn + (1UL << high),
			       high, type, false);
	}
}

struct page *buddy_alloc_smallest(struct zone *zone, unsigned int order,
				  int type)
{
	unsigned int o;

	for (o = order; o < NR_PAGE_ORDERS; o++) {
		u32 pfn = zone->free_area[o].free_list[type].first;
		struct page *page;

		if (pfn == PFN_NONE)
			continue;
		page = pfn_to_page((unsigned long)pfn);
		buddy_list_del(zone, page, o);
		buddy_expand(zone, page, pfn, order, o, type);
		return page;
	}
	return NULL;
}

struct page *buddy_find_block(struct zone *zone, unsigned long pfn,
			      unsigned int *order)
{
	struct page *page = pfn_to_page(pfn);
	unsigned int o;

	for (o = 0; o < NR_PAGE_ORDERS; o++) {
		unsigned long first = pfn & ~((1UL << o) - 1);
		struct page *head = page - (pfn - first);

		if (!PageBuddy(head) || page_zone(head) != zone)
			continue;
		if (buddy_order(head) < o)
			return NULL;
		*order = buddy_order(head);
		return head;
	}
	return NULL;
}

unsigned long buddy_move_range(struct zone *zone, unsigned long start,
			       unsigned long end, int type)
{
	unsigned long pfn = start, moved = 0;

	while (pfn < end) {
		struct page *page = pfn_to_page(pfn);
		unsigned int order;

		if (!PageBuddy(page) || page_zone(page) != zone) {
			pfn++;
			continue;
		}
		order = buddy_order(page);
		VM_BUG_ON(pfn + (1UL << order) > end);
		buddy_list_del(zone, page, order);
		buddy_list_add(zone, page, pfn, order, type, false);
		pfn += 1UL << order;
		moved += 1UL << order;
	}
	return moved;
}

unsigned int buddy_take_bulk(struct zone *zone, unsigned int order, int type,
			     unsigned int alloc_flags, unsigned int nr,
			     u32 *pfns)
{
	unsigned int n;

	for (n = 0; n < nr; n++) {
		struct page *page = buddy_alloc(zone, order, type, alloc_flags);

		if (!page)
			break;
		pfns[n] = (u32)page_to_pfn(page);
		zone_count_free(zone, -(1L << order),
				get_pageblock_migratetype(page));
	}
	WRITE_ONCE(zone->take_front[type], ULONG_MAX);
	return n;
}

void buddy_give_bulk(struct zone *zone, unsigned int order, u32 *pfns,
		     unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		struct page *page = pfn_to_page((unsigned long)pfns[i]);
		int type = get_pfnblock_migratetype(page, pfns[i]);

		zone_count_free(zone, 1L << order, type);
		buddy_block_free(zone, page, pfns[i], order, type);
	}
}
