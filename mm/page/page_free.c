// SPDX-License-Identifier: MIT
/*
 * Taking pages back.
 *
 *   __free_pages, free_pages, put_page, folio_put, free_contig_range
 *        └─► page_fast.c: nothing unusual; else
 *   page_put
 *        │   is there such a page, of that order, with a reference?
 *        ├─► compound_put             a sound compound block, at one look
 *        ├─► put_page_testzero        one reference less
 *        └─► block_free               with the last one
 *              ├─ block_check         is every page of the block fit to go?
 *              ├─ pcp_free            onto this CPU's list, or
 *              └─ page_give           to the buddy, under the zone's lock
 *
 *   free_unref_page                   block_free, and looks at the order first
 *
 * Tails that are as they should be are told by a look at all of them together
 * (tails.h), and have nothing to be cleared; only when something differs are
 * they looked at one by one, for what is wrong, and made free pages.
 *
 * A caller's mistake is never passed on to the free lists. What can be told
 * from the struct pages alone is:
 *
 *   double free           the page has no reference
 *   reserved              PG_reserved
 *   foreign pointer       no frame of this machine has that struct page
 *   wrong order           not aligned, or not what the block was made with:
 *                         a compound head knows its order, and the second
 *                         page of any other block has PGTY_block
 *   tail page             PG_tail
 *   still mapped          a map count
 *   still in use          a reference of a page in the block, or a flag that
 *                         says that somebody works with it
 *
 * Each is reported, with the page's state (report.c). The pages are then
 * quarantined: they stay out of the free lists for good, and are counted.
 * What is not the caller's at all (reserved, foreign, free already) is left
 * untouched. A page of a block other than its first has no reference of its
 * own, so that freeing one reads as a double free, unless it is PageTail.
 *
 * When the last reference to the first page of a block is not its owner's
 * (somebody looked at it through a page table, say), __free_pages() frees
 * the rest of the block, and whoever drops the last reference the first page.
 *
 * Locks: none on entry; zone->lock inside.
 */
#include "internal.h"

#include "page_debug.h"
#include "pcp.h"
#include "tails.h"

#include <linux/kernel.h>

/* Why a page whose count has come to 0 cannot be freed; NULL: it can. */
static const char *page_free_fault(const struct page *page)
{
	u32 flags = page_flags_read(page);

	if (unlikely(page_ref_count(page) != 0))
		return "nonzero _refcount";
	if (unlikely(page_type_read(page) != PAGE_TYPE_NONE))
		return page_has_type(page) ? "page has a type" :
					     "nonzero mapcount";
	if (unlikely(flags & PAGE_FLAGS_CHECK_AT_FREE)) {
		if (flags & PG_BIT(reserved))
			return "freeing a reserved page";
		if (flags & PG_BIT(quarantine))
			return "freeing a quarantined page";
		return "PAGE_FLAGS_CHECK_AT_FREE flag(s) set";
	}
	if (unlikely(!page_zone_checked(page, page_to_pfn(page))))
		return "page of no zone that spans it";
	return NULL;
}

/*
 * Why 2^@order pages at @page are not one block that was allocated; NULL:
 * they are. Looks at the order only.
 */
static const char *page_order_fault(const struct page *page, unsigned long pfn,
				    unsigned int order)
{
	u32 flags = page_flags_read(page);
	u32 second;

	if (unlikely(order > MAX_PAGE_ORDER))
		return "freed with an order that is too large";
	if (unlikely(flags & PG_BIT(tail)))
		return "freeing a tail page";
	if (unlikely(pfn & ((1UL << order) - 1)))
		return "freed with an order that it is not aligned to";
	if (flags & PG_BIT(head))
		return compound_order(page) == order ? NULL :
			"freed with another order than it was allocated with";
	if (pfn & 1)
		return NULL;
	/* The second page shares a cache line with the first. */
	second = page_type_read(page + 1);
	if (order ? second == page_type_make(PGTY_block, order) :
		    second >> PAGE_TYPE_SHIFT != PGTY_block)
		return NULL;
	return "freed with another order than it was allocated with";
}

/* Undoes prep_compound_page(); a tail that was tampered with is the fault. */
static const char *compound_destroy(struct page *page, unsigned long pfn,
				    unsigned int order, struct page **bad)
{
	unsigned long i;

	for (i = 1; i < 1UL << order; i++) {
		struct page *tail = page + i;

		*bad = tail;
		if (unlikely(!PageTail(tail)))
			return "not PageTail in a compound page";
		if (unlikely(tail->lru_next != (u32)pfn))
			return "compound_head not consistent";
		__page_flag_clear(tail, PG_tail);
		tail->lru_next = PFN_NONE;
	}
	page[1].compound_order = 0;
	__page_flag_clear(page, PG_head);
	return NULL;
}

/* What a free page says: of which zone it is, and nothing else. */
static inline void page_clear(struct page *page)
{
	page_flags_index_write(page, page_links_alone(page));
	page->mapping = 0;
}

/* Whether the head's zone, which spans @pfn, spans the whole block. */
static inline bool zone_spans_block(const struct page *page, unsigned long pfn,
				    unsigned int order)
{
	return zone_spans_pfn(page_zone(page), pfn + (1UL << order) - 1);
}

/*
 * Whether the tails of a block that is not compound are all as a free page's
 * but for the second page's type; if so, they are a free block's then.
 */
static bool block_undo(struct page *page, unsigned int order, u64 links)
{
	const struct page *second = page + 1;
	u64 counts = (u64)page_type_make(PGTY_block, order) << 32;

	if (((u64)second->counts.counter ^ counts) |
	    (page_flags_index(second) ^ links) | second->mapping)
		return false;
	if (order > 1 && !pages_clean(page + 2, page + (1UL << order), links))
		return false;
	page_type_write(page + 1, PAGE_TYPE_NONE);
	return true;
}

static inline bool tail_clean(const struct page *tail, unsigned long pfn,
			      u64 flags)
{
	return page_clean(tail, flags) && likely(tail->lru_next == (u32)pfn);
}

static inline void tail_free(struct page *tail, u64 links)
{
	page_flags_index_write(tail, links);
	tail->lru_next = PFN_NONE;
}

/* The same of a compound block, whose tails have PG_tail and name @pfn. */
static bool compound_undo(struct page *page, unsigned long pfn,
			  unsigned int order, u64 links)
{
	const struct page *end = page + (1UL << order);
	u64 flags = links | PG_BIT(tail);
	struct page *tail = page + 1;

	/* The first has the order for an index. */
	if (!tail_clean(tail, pfn, flags | (u64)order << 32))
		return false;
	for (tail++; tail < end; tail += 2)
		if (!tail_clean(tail, pfn, flags) ||
		    !tail_clean(tail + 1, pfn, flags))
			return false;
	tail_free(page + 1, links);
	for (tail = page + 2; tail < end; tail += 2) {
		tail_free(tail, links);
		tail_free(tail + 1, links);
	}
	__page_flag_clear(page, PG_head);
	return true;
}

/* One by one: the first of the block's tails that is not fit to go, and why. */
static noinline const char *tails_fault(struct page *page, unsigned long pfn,
					unsigned int order, struct page **bad)
{
	const char *fault = NULL;
	unsigned long i;

	if (PageHead(page))
		fault = compound_destroy(page, pfn, order, bad);
	else
		page_type_write(page + 1, PAGE_TYPE_NONE);
	for (i = 1; i < 1UL << order && !fault; i++) {
		*bad = page + i;
		fault = page_free_fault(page + i);
	}
	if (fault)
		return fault;
	for (i = 1; i < 1UL << order; i++)
		page_clear(page + i);
	return NULL;
}

/*
 * The first page of the block, whose order is right, that is not fit to go,
 * and why. If all are, the tails are a free block's then.
 */
static const char *block_fault(struct page *page, unsigned long pfn,
			       unsigned int order, struct page **bad)
{
	const char *fault = page_free_fault(page);
	u64 links = page_links_alone(page);

	*bad = page;
	if (fault || !order)
		return fault;
	if (likely(zone_spans_block(page, pfn, order)) &&
	    likely(PageHead(page) ? compound_undo(page, pfn, order, links) :
				    block_undo(page, order, links)))
		return NULL;
	return tails_fault(page, pfn, order, bad);
}

/* How many pages the block really has, as far as it says. */
static unsigned int block_order(const struct page *page, unsigned long pfn)
{
	if (PageHead(page))
		return compound_order(page);
	if (!(pfn & 1) && page_type_is(page + 1, PGTY_block))
		return page_type_read(page + 1) & PAGE_TYPE_NUMBER_MASK;
	return 0;
}

/* @page is the first of 2^@real that cannot be freed. */
static void block_refuse(struct page *page, unsigned int real,
			 struct page *bad, const char *fault)
{
	bad_page(bad, fault);
	if (PageReserved(page))
		init_page_count(page);
	else
		page_quarantine(page, real);
}

/* page_free_check() of a block whose order is right. */
static bool block_check(struct page *page, unsigned long pfn,
			unsigned int order)
{
	struct page *bad;
	const char *fault = block_fault(page, pfn, order, &bad);

	if (unlikely(fault)) {
		block_refuse(page, order, bad, fault);
		return false;
	}
	page_clear(page);
	page_debug_free(page, order);
	return true;
}

bool page_free_check(struct page *page, unsigned long pfn, unsigned int order)
{
	const char *fault = page_order_fault(page, pfn, order);

	if (unlikely(fault)) {
		block_refuse(page, block_order(page, pfn), page, fault);
		return false;
	}
	return block_check(page, pfn, order);
}

void page_give(struct page *page, unsigned long pfn, unsigned int order)
{
	struct zone *zone = page_zone_checked(page, pfn);
	unsigned long flags;
	int type;

	if (unlikely(!zone)) {
		bad_page(page, "page of no zone that spans it");
		page_quarantine(page, order);
		return;
	}
	count_vm_events(PGFREE, 1L << order);
	if (PLANT(free_count_unlocked))
		zone_count_free(zone, 1L << order,
				get_pfnblock_migratetype(page, pfn));
	spin_lock_irqsave(&zone->lock, flags);
	type = get_pfnblock_migratetype(page, pfn);
	if (!PLANT(free_count_unlocked))
		zone_count_free(zone, 1L << order, type);
	buddy_block_free(zone, page, pfn, order, type);
	spin_unlock_irqrestore(&zone->lock, flags);
}

/* To a list, or the buddy system. */
static void block_keep(struct page *page, unsigned long pfn,
		       unsigned int order)
{
	pages_poison(page, order);
	if (!pcp_free(page, pfn, order))
		page_give(page, pfn, order);
}

/* free_unref_page() of a block whose order is right. */
static void block_free(struct page *page, unsigned long pfn,
		       unsigned int order)
{
	if (likely(block_check(page, pfn, order)))
		block_keep(page, pfn, order);
}

void free_unref_page(struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page);

	if (likely(page_free_check(page, pfn, order)))
		block_keep(page, pfn, order);
}

/*
 * Whether @page is a struct page of this machine; reports it when it is not.
 * Its frame number goes to @pfn.
 */
static bool page_known(const struct page *page, unsigned long *pfn)
{
	if (likely(page_pointer_valid(page))) {
		*pfn = page_to_pfn(page);
		return true;
	}
	page_free_report("no frame has a struct page at", page);
	return false;
}

/* Why there is no reference to drop, as far as the page tells. */
static const char *reference_fault(const struct page *page)
{
	if (PageQuarantine(page))
		return "freeing a quarantined page";
	if (PageReserved(page))
		return "freeing a reserved page";
	if (PageTail(page))
		return "freeing a tail page";
	return "page has no reference to drop (double free?)";
}

static bool page_has_reference(struct page *page)
{
	if (likely(page_ref_count(page) > 0))
		return true;
	bad_page(page, reference_fault(page));
	return false;
}

bool put_page_testzero(struct page *page)
{
	int left;

	if (!page_has_reference(page))
		return false;
	/*
	 * Ordered, so that what other holders did to the page is done before
	 * it is freed; pairs with their own decrements.
	 */
	left = page_ref_dec_return(page);
	if (likely(left >= 0))
		return left == 0;
	/* Two at once: the other one's was the last reference. */
	page_ref_inc(page);
	page_has_reference(page);
	return false;
}

/* Frees all of a block but its first page. */
static void block_free_rest(struct page *page, unsigned int order)
{
	while (order-- > 0) {
		struct page *half = page + (1UL << order);

		if (order)
			page_type_write(half + 1,
					page_type_make(PGTY_block, order));
		free_unref_page(half, order);
	}
}

/*
 * Drops the owner's reference of a block that is not compound. If somebody
 * else has one of the first page, that becomes a single page before the
 * reference is dropped, since it may be freed right then.
 */
static void block_put(struct page *page, unsigned long pfn, unsigned int order)
{
	u32 type = page_type_make(PGTY_block, order);

	if (likely(page_ref_freeze(page, 1))) {
		block_free(page, pfn, order);
		return;
	}
	if (!page_has_reference(page))
		return;
	page_type_write(page + 1, PAGE_TYPE_NONE);
	page_debug_split(page, order);
	if (put_page_testzero(page)) {
		page_type_write(page + 1, type);
		block_free(page, pfn, order);
		return;
	}
	if (!PLANT(block_rest_kept))
		block_free_rest(page, order);
}

/*
 * Drops the last reference of a compound block that nothing is wrong with, and
 * frees it; false: it is as it was. Once the reference is gone a damaged tail
 * is reported as by block_free().
 */
static bool compound_put(struct page *page, unsigned long pfn,
			 unsigned int order)
{
	u64 counts = (u64)atomic64_read(&page->counts);
	u32 flags = page_flags_read(page);

	if (!(flags & PG_BIT(head)) || flags & PAGE_FLAGS_CHECK_AT_FREE ||
	    unlikely(compound_order(page) != order) ||
	    unlikely(!order || pfn & ((1UL << order) - 1)) ||
	    unlikely(!page_zone_checked(page, pfn)))
		return false;
	if (likely(counts == PAGE_COUNTS_SOLE))
		atomic64_set(&page->counts, (s64)PAGE_COUNTS_FREE);
	else if (counts != PAGE_COUNTS_ONE || !page_ref_freeze(page, 1))
		return false;
	if (unlikely(!zone_spans_block(page, pfn, order)) ||
	    unlikely(!compound_undo(page, pfn, order,
				    page_links_alone(page)))) {
		block_free(page, pfn, order);
		return true;
	}
	page_clear(page);
	page_debug_free(page, order);
	block_keep(page, pfn, order);
	return true;
}

void page_put(struct page *page, unsigned int order)
{
	const char *fault;
	unsigned long pfn;

	if (unlikely(!page_known(page, &pfn) || !page_has_reference(page)))
		return;
	if (compound_put(page, pfn, order))
		return;
	fault = page_order_fault(page, pfn, order);
	if (unlikely(fault)) {
		bad_page(page, fault);
		if (!PageReserved(page))
			page_quarantine(page, block_order(page, pfn));
	} else if (order && !PageHead(page)) {
		block_put(page, pfn, order);
	} else if (put_page_testzero(page)) {
		block_free(page, pfn, order);
	}
}

bool virt_addr_valid(const void *addr)
{
	unsigned long pfn = PHYS_PFN(__pa(addr));

	return pfn_valid(pfn) && !PageHighMem(pfn_to_page(pfn)) &&
	       lowmem_page_address(pfn_to_page(pfn)) ==
	       (const void *)((unsigned long)addr & PAGE_MASK);
}

void free_pages(unsigned long addr, unsigned int order)
{
	if (!addr)
		return;
	if (unlikely(offset_in_page(addr)))
		page_free_report("not aligned to a page:", (void *)addr);
	else if (unlikely(!virt_addr_valid((void *)addr)))
		page_free_report("not in the direct map:", (void *)addr);
	else
		__free_pages(virt_to_page((void *)addr), order);
}

void folio_put(struct folio *folio)
{
	unsigned long pfn;

	if (unlikely(!page_known(&folio->page, &pfn)))
		return;
	if (folio_put_testzero(folio))
		free_unref_page(&folio->page, folio_order(folio));
}

void folio_put_refs(struct folio *folio, int refs)
{
	if (refs > 1) {
		if (unlikely(folio_ref_count(folio) < refs)) {
			bad_page(&folio->page,
				 "more references dropped than there are");
			return;
		}
		folio_ref_sub(folio, refs - 1);
	}
	folio_put(folio);
}
