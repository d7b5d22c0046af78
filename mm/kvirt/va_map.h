/* SPDX-License-Identifier: MIT */
/*
 * Maps of the pages of a chunk: a bit for each. Ranges are at most 64 pages
 * long, so that one lies in two words at most.
 */
#ifndef _MM_KVIRT_VA_MAP_H
#define _MM_KVIRT_VA_MAP_H

#include <linux/bitops.h>
#include <linux/types.h>
#include <asm/page.h>

#define VA_CHUNK_PAGES	(1U << (PORT_KVIRT_CHUNK_SHIFT - PAGE_SHIFT))
#define VA_MAP_WORDS	(VA_CHUNK_PAGES / 64)
/* The longest range of a chunk, and the largest alignment, pages. */
#define VA_RANGE_MAX	64U

/* What the pages [i, i + n) are in the word of @i. */
static __always_inline u64 va_map_low(unsigned int i, unsigned int n)
{
	return ~0ULL >> (64 - n) << i % 64;
}

/* Whether they reach into the word behind it. */
static __always_inline bool va_map_crosses(unsigned int i, unsigned int n)
{
	return i % 64 + n > 64;
}

/* What they are in that one. */
static __always_inline u64 va_map_high(unsigned int i, unsigned int n)
{
	return ~0ULL >> (128 - n - i % 64);
}

static __always_inline void va_map_clear(u64 *map, unsigned int i,
					 unsigned int n)
{
	map[i / 64] &= ~va_map_low(i, n);
	if (unlikely(va_map_crosses(i, n)))
		map[i / 64 + 1] &= ~va_map_high(i, n);
}

static inline void va_map_set(u64 *map, unsigned int i, unsigned int n)
{
	map[i / 64] |= va_map_low(i, n);
	if (va_map_crosses(i, n))
		map[i / 64 + 1] |= va_map_high(i, n);
}

/*
 * Of the 64 pages of @low, those where @n set bits begin, some of which may
 * be in @high, the word behind. The runs that are known to be long enough
 * double, or grow by what is lacking.
 */
static __always_inline u64 va_map_runs(u64 low, u64 high, unsigned int n)
{
	unsigned int have = 1, more;

	for (; have < n; have += more) {
		more = have < n - have ? have : n - have;
		low &= low >> more | high << (64 - more);
		high &= high >> more;
	}
	return low;
}

/* The same of one word alone. */
static __always_inline u64 va_map_runs_low(u64 low, unsigned int n)
{
	unsigned int have = 1, more;

	for (; have < n; have += more) {
		more = have < n - have ? have : n - have;
		low &= low >> more;
	}
	return low;
}

/* The pages of a word that are multiples of @align, a power of two. */
static inline u64 va_map_aligned(unsigned int align)
{
	return align >= 64 ? 1 : ~0ULL / (BIT_ULL(align) - 1);
}

/*
 * The first page of the lowest @n set bits at a multiple of @align;
 * VA_CHUNK_PAGES: there are none. A word of zero stands behind the map.
 */
static inline unsigned int va_map_find(const u64 *map, unsigned int n,
				       unsigned int align)
{
	u64 runs, aligned = align > 1 ? va_map_aligned(align) : ~0ULL;
	unsigned int w;

	for (w = 0; w < VA_MAP_WORDS; w++) {
		/* Mostly the low words are taken whole. */
		if (!map[w])
			continue;
		runs = va_map_runs(map[w], map[w + 1], n) & aligned;
		if (runs)
			return w * 64 + (unsigned int)__ffs64(runs);
	}
	return VA_CHUNK_PAGES;
}

/* How many bits are set. */
static inline unsigned int va_map_weight(const u64 *map)
{
	unsigned int w, n = 0;

	for (w = 0; w < VA_MAP_WORDS; w++)
		n += hweight64(map[w]);
	return n;
}

/* The first page from @i on whose bit is @set; VA_CHUNK_PAGES: none is. */
static inline unsigned int va_map_next(const u64 *map, unsigned int i,
				       bool set)
{
	u64 word;

	for (; i < VA_CHUNK_PAGES; i = (i / 64 + 1) * 64) {
		word = (set ? map[i / 64] : ~map[i / 64]) >> i % 64;
		if (word)
			return i + (unsigned int)__ffs64(word);
	}
	return VA_CHUNK_PAGES;
}

#endif
