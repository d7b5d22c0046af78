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

/* The same of long runs, word by word; of the last all bits. */
struct page_sums {
	u64 counts, flags, mappings;
};

static __always_inline void two_gather(struct page_sums *s,
				       const struct page *page)
{
	s->counts += (u64)page[0].counts.counter;
	s->flags += page_flags_index(page);
	s->mappings |= page[0].mapping;
	s->counts += (u64)page[1].counts.counter;
	s->flags += page_flags_index(page + 1);
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
	return s.counts == n * PAGE_COUNTS_FREE && s.flags == n * flags &&
	       !s.mappings;
}

#endif
