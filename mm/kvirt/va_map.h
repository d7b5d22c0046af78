/* SPDX-License-Identifier: MIT */
/*
 * Maps of the pages of a chunk: a bit for each. Ranges are at most 64 pages
 * long, so that one lies in two words at most.
 */
#ifndef _MM_KVIRT_VA_MAP_H
#define _MM_KVIRT_VA_MAP_H

#include <linux/bitops.h>
#include <linux/types.h>

#define VA_CHUNK_PAGES	512U
#define VA_MAP_WORDS	(VA_CHUNK_PAGES / 64)
/* The longest range of a chunk, and the largest alignment, pages. */
#define VA_RANGE_MAX	64U

/* The part of word @w that is of the pages [i, i + n). */
static inline u64 va_map_part(unsigned int w, unsigned int i, unsigned int n)
{
	u64 bits = n == 64 ? ~0ULL : BIT_ULL(n) - 1;

	if (w == i / 64)
		return bits << i % 64;
	return w == i / 64 + 1 && i % 64 ? bits >> (64 - i % 64) : 0;
}

/* Whether the pages [i, i + n) reach into the word behind that of @i. */
static inline bool va_map_crosses(unsigned int i, unsigned int n)
{
	return i % 64 + n > 64;
}

static inline void va_map_clear(u64 *map, unsigned int i, unsigned int n)
{
	map[i / 64] &= ~va_map_part(i / 64, i, n);
	if (va_map_crosses(i, n))
		map[i / 64 + 1] &= ~va_map_part(i / 64 + 1, i, n);
}

static inline void va_map_set(u64 *map, unsigned int i, unsigned int n)
{
	map[i / 64] |= va_map_part(i / 64, i, n);
	if (va_map_crosses(i, n))
		map[i / 64 + 1] |= va_map_part(i / 64 + 1, i, n);
}

/*
 * Of the 64 pages of @low, those where @n set bits begin, some of which may
 * be in @high, the word behind. The runs that are known to be long enough
 * double, or grow by what is lacking.
 */
static inline u64 va_map_runs(u64 low, u64 high, unsigned int n)
{
	unsigned int have = 1, more;

	for (; have < n; have += more) {
		more = have < n - have ? have : n - have;
		low &= low >> more | high << (64 - more);
		high &= high >> more;
	}
	return low;
}

/* The pages of a word that are multiples of @align, a power of two. */
static inline u64 va_map_aligned(unsigned int align)
{
	return align >= 64 ? 1 : ~0ULL / (BIT_ULL(align) - 1);
}

/*
 * The first page of the lowest @n set bits at a multiple of @align in word
 * @w or a later one; VA_CHUNK_PAGES: there are none.
 */
static inline unsigned int va_map_find(const u64 *map, unsigned int w,
				       unsigned int n, unsigned int align)
{
	u64 runs, aligned = ~0ULL;

	if (unlikely(align > 1))
		aligned = va_map_aligned(align);
	for (; w < VA_MAP_WORDS; w++) {
		if (!map[w])
			continue;
		runs = va_map_runs(map[w], w + 1 < VA_MAP_WORDS ?
				   map[w + 1] : 0, n) & aligned;
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
