/* SPDX-License-Identifier: MIT */
/*
 * Where a word has 64 bits: the first two words of pages are added up. What
 * can be wrong with one of them (a reference, a map count, a flag, an index)
 * makes the sum larger. Of the third all bits are gathered.
 */
#ifndef _MM_PAGE_TAILS_64_H
#define _MM_PAGE_TAILS_64_H

struct page_sums {
	u64 words, mappings;
};
#define PAGE_SUMS_NONE	{ 0, 0 }

/* All of a page; all but its counts. */
static __always_inline void page_gather(struct page_sums *s,
					const struct page *page)
{
	s->words += (u64)page->counts.counter + page_flags_index(page);
	s->mappings |= page->mapping;
}

static __always_inline void page_gather_rest(struct page_sums *s,
					     const struct page *page)
{
	s->words += page_flags_index(page);
	s->mappings |= page->mapping;
}

static __always_inline void page_sums_settle(struct page_sums *s)
{
}

/*
 * What @nr clean pages of @links come to, of @nr_counts of which all was
 * gathered; and whether @s is that.
 */
static __always_inline unsigned long page_sums_of(unsigned long nr,
						  unsigned long nr_counts,
						  unsigned long links)
{
	return nr * links + nr_counts * PAGE_COUNTS_FREE;
}

static __always_inline bool page_sums_are(const struct page_sums *s,
					  unsigned long sum)
{
	return !((s->words ^ sum) | s->mappings);
}

#endif
