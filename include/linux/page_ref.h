/* SPDX-License-Identifier: MIT */
/*
 * Reference counts of pages. 0 is free, or frozen: taken out of reach of
 * those who find pages without holding them. On a compound page the head's
 * count is that of the whole; tails stay at 0.
 *
 * page_ref_* work on the very page, page_count() and folio_* on the whole.
 *
 * Sole references. A page that was just handed out can be found by nobody but
 * its owner. So that he can give it back by a plain store, its word is then
 * PAGE_REF_SOLE, which reads as 1. Who looks pages up by frame number
 * (page_ref_add_unless(), folio_try_get()) is refused such a page, as he would
 * be a free one. The first reference that the owner lets someone have makes
 * the word an ordinary count, and from then on it is one. Pages for movable
 * requests, which are to be found by others, start with an ordinary 1.
 */
#ifndef _LINUX_PAGE_REF_H
#define _LINUX_PAGE_REF_H

#include <linux/page-flags.h>
#include <octavo/plant.h>

/* One reference, the owner's, and no way to get at the page but through him. */
#define PAGE_REF_SOLE	(-0x7fffffff - 1)

/* Count and type as one word: free, solely owned, owned. */
#define PAGE_COUNTS_FREE	((u64)PAGE_TYPE_NONE << 32)
#define PAGE_COUNTS_SOLE	(PAGE_COUNTS_FREE | (u32)PAGE_REF_SOLE)
#define PAGE_COUNTS_ONE		(PAGE_COUNTS_FREE | 1)

/* The word as it stands. */
static inline int page_ref_raw(const struct page *page)
{
	return atomic_read(&page->_refcount);
}

static inline int page_ref_count(const struct page *page)
{
	int v = page_ref_raw(page);

	return unlikely(v == PAGE_REF_SOLE) ? 1 : v;
}

static inline int folio_ref_count(const struct folio *folio)
{
	return page_ref_count(&folio->page);
}

static inline int page_count(const struct page *page)
{
	return page_ref_count(compound_head(page));
}

/* For the page's only owner. */
static inline void set_page_count(struct page *page, int v)
{
	atomic_set(&page->_refcount, v);
}

static inline void init_page_count(struct page *page)
{
	set_page_count(page, 1);
}

/* An unreferenced page gets its first reference. */
static inline void set_page_refcounted(struct page *page)
{
	VM_BUG_ON_PAGE(page_ref_count(page) != 0, page);
	set_page_count(page, 1);
}

/*
 * Adds @nr to what the word stands for; the new count. Fully ordered. The
 * caller has a reference, so the word can stop to be PAGE_REF_SOLE under way,
 * by one whom the owner has let have it too, but not become it.
 */
static inline int page_ref_add_return(struct page *page, int nr)
{
	int v = page_ref_raw(page);

	if (v == PAGE_REF_SOLE &&
	    atomic_cmpxchg(&page->_refcount, v, 1 + nr) == v)
		return 1 + nr;
	return atomic_add_return(nr, &page->_refcount);
}

static inline void page_ref_add(struct page *page, int nr)
{
	page_ref_add_return(page, nr);
}

static inline void page_ref_sub(struct page *page, int nr)
{
	page_ref_add_return(page, -nr);
}

static inline void page_ref_inc(struct page *page)
{
	page_ref_add_return(page, 1);
}

static inline void page_ref_dec(struct page *page)
{
	page_ref_add_return(page, -1);
}

static inline int page_ref_sub_and_test(struct page *page, int nr)
{
	return page_ref_add_return(page, -nr) == 0;
}

static inline int page_ref_inc_return(struct page *page)
{
	return page_ref_add_return(page, 1);
}

static inline int page_ref_dec_and_test(struct page *page)
{
	return page_ref_add_return(page, -1) == 0;
}

static inline int page_ref_dec_return(struct page *page)
{
	return page_ref_add_return(page, -1);
}

/*
 * True when it added: the count was not @u, and the page is not its owner's
 * alone. Fully ordered.
 */
static inline bool page_ref_add_unless(struct page *page, int nr, int u)
{
	int c = page_ref_raw(page);

	if (PLANT(sole_found) && c == PAGE_REF_SOLE &&
	    atomic_cmpxchg(&page->_refcount, c, 1 + nr) == c)
		return true;
	while (c != u && c != PAGE_REF_SOLE) {
		int old = atomic_cmpxchg(&page->_refcount, c, c + nr);

		if (old == c)
			return true;
		c = old;
	}
	return false;
}

/* From exactly @count to 0; false when the count was another. */
static inline int page_ref_freeze(struct page *page, int count)
{
	if (atomic_cmpxchg(&page->_refcount, count, 0) == count)
		return true;
	return count == 1 && atomic_cmpxchg(&page->_refcount, PAGE_REF_SOLE,
					    0) == PAGE_REF_SOLE;
}

/*
 * Ends a freeze. Releases what was done meanwhile to whoever gets a
 * reference by page_ref_add_unless().
 */
static inline void page_ref_unfreeze(struct page *page, int count)
{
	VM_BUG_ON_PAGE(page_ref_count(page) != 0, page);
	VM_BUG_ON(count == 0);
	atomic_set_release(&page->_refcount, count);
}

static inline void folio_ref_add(struct folio *folio, int nr)
{
	page_ref_add(&folio->page, nr);
}

static inline void folio_ref_sub(struct folio *folio, int nr)
{
	page_ref_sub(&folio->page, nr);
}

static inline void folio_ref_inc(struct folio *folio)
{
	page_ref_inc(&folio->page);
}

static inline void folio_ref_dec(struct folio *folio)
{
	page_ref_dec(&folio->page);
}

static inline int folio_ref_sub_and_test(struct folio *folio, int nr)
{
	return page_ref_sub_and_test(&folio->page, nr);
}

static inline bool folio_ref_add_unless(struct folio *folio, int nr, int u)
{
	return page_ref_add_unless(&folio->page, nr, u);
}

static inline int folio_ref_freeze(struct folio *folio, int count)
{
	return page_ref_freeze(&folio->page, count);
}

static inline void folio_ref_unfreeze(struct folio *folio, int count)
{
	page_ref_unfreeze(&folio->page, count);
}

/* A reference, unless the folio is free or frozen. */
static inline bool folio_try_get(struct folio *folio)
{
	return folio_ref_add_unless(folio, 1, 0);
}

#endif
