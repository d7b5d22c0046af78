/* SPDX-License-Identifier: MIT */
/*
 * Where a word has 32 bits: flags are added up, and a wrong one makes the sum
 * larger, by less than 2^23 for a page, of which a block has no more than 2^10:
 * it is right again only if many have the highest ones at once. Of what is to
 * be 0 all bits are gathered, and of types, which are to be all ones. The upper
 * half of mapping is left out: what a page has there is a word.
 */
#ifndef _MM_PAGE_TAILS_32_H
#define _MM_PAGE_TAILS_32_H

struct page_sums {
	u32 flags, zeroes, types;
};
#define PAGE_SUMS_NONE	{ 0, 0, ~0U }

/* All of a page; all but its counts. */
static __always_inline void page_gather_rest(struct page_sums *s,
					     const struct page *page)
{
	s->flags += page->flags;
	s->zeroes |= page->index;
	s->zeroes |= (u32)page->mapping;
}

static __always_inline void page_gather(struct page_sums *s,
					const struct page *page)
{
	s->zeroes |= (u32)page->_refcount.counter;
	s->types &= page->page_type;
	page_gather_rest(s, page);
}

/* Between pages of a loop: to add them up in pairs first takes longer. */
static __always_inline void page_sums_settle(struct page_sums *s)
{
	OPTIMIZER_HIDE_VAR(s->flags);
	OPTIMIZER_HIDE_VAR(s->zeroes);
	OPTIMIZER_HIDE_VAR(s->types);
}

/*
 * What @nr clean pages of @links come to, of @nr_counts of which all was
 * gathered; and whether @s is that.
 */
static __always_inline unsigned long page_sums_of(unsigned long nr,
						  unsigned long nr_counts,
						  unsigned long links)
{
	return nr * links;
}

static __always_inline bool page_sums_are(const struct page_sums *s,
					  unsigned long sum)
{
	return !((s->flags ^ sum) | s->zeroes | ~s->types);
}

#endif
