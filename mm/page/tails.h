/* SPDX-License-Identifier: MIT */
/*
 * The pages of a block, many at a time. A struct page is four words:
 *
 *   counts            flags | index        mapping    lru_next | lru_prev
 *   reference, type   PG_, zone and node
 *
 * and in pages that nothing is wrong with, each word is known. So words are
 * added up over all pages, or all their bits gathered, without a branch, and
 * what comes of it is looked at once: it is right only when each page is
 * (tails_64.h, tails_32.h: as wide as the CPU's words). Which page differs, and
 * in what, is for whoever asks to find out one by one.
 * The fast path has the sums that are right at hand (pcp_home.sums).
 *
 * Plain loads: nobody has a reason to write to a tail.
 */
#ifndef _MM_PAGE_TAILS_H
#define _MM_PAGE_TAILS_H

#include <linux/page_ref.h>

#include "pcp.h"

static_assert(offsetof(struct page, index) == offsetof(struct page, flags) + 4,
	      "flags and index are one word");

static __always_inline u64 page_flags_index(const struct page *page)
{
	u64 word;

	__builtin_memcpy(&word, &page->flags, sizeof(word));
	return word;
}

/* The same word of a page without any flag, whose index is 0. */
static __always_inline u64 page_links_alone(const struct page *page)
{
	return page_flags_read(page) & ~PAGEFLAGS_MASK;
}

/* Of a block that the caller alone has. */
static __always_inline void page_flags_index_write(struct page *page, u64 word)
{
	__atomic_store_n((u64 *)(void *)&page->flags, word, __ATOMIC_RELAXED);
}

/*
 * Whether @page has no reference, no type and no mapping, and @flags for its
 * flags and index.
 */
static __always_inline bool page_clean(const struct page *page, u64 flags)
{
	return likely((u64)page->counts.counter == PAGE_COUNTS_FREE) &&
	       likely(page_flags_index(page) == flags) &&
	       likely(!page->mapping);
}

/*
 * The word of the second page of a block that is somebody's. It is written
 * whole wherever it will be read whole: a load that needs the bytes of a
 * narrower store waits until that has reached the cache.
 */
static __always_inline u64 block_second_counts(unsigned int order)
{
	return (u64)page_type_make(PGTY_block, order) << 32;
}

/*
 * How many tails of a block the fast path looks at. Of a pageblock's that is
 * the first alone but in builds with checks: it would cost more than the rest.
 */
static __always_inline unsigned int pcp_tails_checked(unsigned int order)
{
	if (order >= PCP_SMALL_ORDERS && !PAGE_CHECK_ALL_TAILS)
		return 1;
	return (1U << order) - 1;
}

#ifdef CONFIG_64BIT
#include "tails_64.h"
#else
#include "tails_32.h"
#endif

static __always_inline void two_gather(struct page_sums *s,
				       const struct page *page)
{
	page_gather(s, page);
	page_gather(s, page + 1);
}

static __always_inline void eight_gather(struct page_sums *s,
					 const struct page *page)
{
	unsigned int i;

#pragma GCC unroll 8
	for (i = 0; i < 8; i++) {
		page_gather(s, page + i);
		page_sums_settle(s);
	}
}

/*
 * Of so many tails, an odd number, from the second page on, whose counts are
 * left out: they say that the rest are tails, and are to be looked at alone.
 * (Two pages that are somebody's, added up, make a block's order one larger.)
 */
static __always_inline struct page_sums tails_sum(const struct page *second,
						  unsigned int nr)
{
	const struct page *end = second + nr, *tail = second + 1;
	struct page_sums s = PAGE_SUMS_NONE;

	page_gather_rest(&s, second);
	/* The three turns of order 3, without a loop. */
	if (nr > 1)
		two_gather(&s, tail);
	if (nr > 3) {
		two_gather(&s, tail + 2);
		two_gather(&s, tail + 4);
	}
	for (tail += 6; tail < end; tail += 8)
		eight_gather(&s, tail);
	return s;
}

/*
 * Whether all of [@page, @end), an even number, have no reference, no type and
 * no mapping, and @flags for their flags and index.
 */
static __always_inline bool pages_clean(const struct page *page,
					const struct page *end, u64 flags)
{
	struct page_sums s = PAGE_SUMS_NONE;
	unsigned long n = (unsigned long)(end - page);

	if (n & 2) {
		two_gather(&s, page);
		page += 2;
	}
	for (; page < end; page += 4) {
		two_gather(&s, page);
		two_gather(&s, page + 2);
	}
	return page_sums_are(&s, page_sums_of(n, n, (unsigned long)flags));
}

#endif
