/* SPDX-License-Identifier: MIT */
/*
 * The pages of a block, many at a time. A struct page is four words:
 *
 *   counts            flags | index        mapping    lru_next | lru_prev
 *   reference, type   PG_, zone and node
 *
 * and in pages that nothing is wrong with, each word is known. So the first two
 * words are added up over all pages, without a branch, and the sum is looked at
 * once: what can be wrong with one of them (a reference, a map count, a
 * flag, an index) makes it larger, so that the sum is right only when each is.
 * Of the third all bits are gathered. Which page differs, and in what, is for
 * whoever asks to find out one by one.
 *
 * Plain loads: nobody has a reason to write to a tail.
 */
#ifndef _MM_PAGE_TAILS_H
#define _MM_PAGE_TAILS_H

#include <linux/page_ref.h>

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

/* The words of pages: the first two added up, of the third all bits. */
struct page_sums {
	u64 words, mappings;
};

static __always_inline void two_gather(struct page_sums *s,
				       const struct page *page)
{
	s->words += (u64)page[0].counts.counter + page_flags_index(page);
	s->mappings |= page[0].mapping;
	s->words += (u64)page[1].counts.counter + page_flags_index(page + 1);
	s->mappings |= page[1].mapping;
}

/*
 * Whether all of [@page, @end), an even number, have no reference, no type and
 * no mapping, and @flags for their flags and index.
 */
static __always_inline bool pages_clean(const struct page *page,
					const struct page *end, u64 flags)
{
	struct page_sums s = { 0 };
	u64 n = (u64)(end - page);

	if (n & 2) {
		two_gather(&s, page);
		page += 2;
	}
	for (; page < end; page += 4) {
		two_gather(&s, page);
		two_gather(&s, page + 2);
	}
	return s.words == n * (PAGE_COUNTS_FREE + flags) && !s.mappings;
}

#endif
