/* SPDX-License-Identifier: MIT */
/*
 * The pages of a block, many at a time. A struct page is four words:
 *
 *   counts            flags | index        mapping    lru_next | lru_prev
 *   reference, type   PG_, zone and node
 *
 * and in pages that nothing is wrong with, each word is known. So the words of
 * all pages are added up, without a branch, and the sum is looked at once. What
 * can be wrong with a word makes it larger by less than 2^40 (a reference, a
 * map count, flags, the low end of an index), or is a pointer or a large index,
 * which make it larger by what no few others make up for: the sum is right
 * only when each word is. Which page differs, and in what, is for whoever asks
 * to find out one by one.
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
 * The bits in which @page differs from one without reference, type and
 * mapping, whose flags and index are @flags.
 */
static __always_inline u64 page_differs(const struct page *page, u64 flags)
{
	return ((u64)page->counts.counter ^ PAGE_COUNTS_FREE) |
	       (page_flags_index(page) ^ flags) | page->mapping;
}

/*
 * The words of a page, added up; of one without reference, type and mapping
 * they are PAGE_COUNTS_FREE, its flags and index, and 0.
 */
static __always_inline u64 page_sum(const struct page *page)
{
	return (u64)page->counts.counter + page_flags_index(page) +
	       page->mapping;
}

/* The sum of all of [@page, @end), an even number that is not 0. */
static __always_inline u64 pages_sum(const struct page *page,
				     const struct page *end)
{
	u64 sum = 0;

	do {
		sum += page_sum(page);
		sum += page_sum(page + 1);
		page += 2;
	} while (page < end);
	return sum;
}

/* Whether all of them are such pages, whose flags and index are @flags. */
static __always_inline bool pages_clean(const struct page *page,
					const struct page *end, u64 flags)
{
	return pages_sum(page, end) ==
	       (u64)(end - page) * (PAGE_COUNTS_FREE + flags);
}

#endif
