// SPDX-License-Identifier: MIT
/* Searching arrays of bits, a word at a time. */
#include <linux/find.h>

#include <linux/bitops.h>

/* Bits may change meanwhile, as those of atomic masks do. */
static unsigned long word_of(const unsigned long *map, unsigned long i)
{
	return __atomic_load_n(&map[i], __ATOMIC_RELAXED);
}

/* First set bit of map ^ flip at or after @from; @size when there is none. */
static unsigned long find_from(const unsigned long *map, unsigned long size,
			       unsigned long from, unsigned long flip)
{
	unsigned long word, at;

	if (from >= size)
		return size;
	word = (word_of(map, BIT_WORD(from)) ^ flip) & (~0UL << (from % BITS_PER_LONG));
	at = from - from % BITS_PER_LONG;
	while (!word) {
		at += BITS_PER_LONG;
		if (at >= size)
			return size;
		word = word_of(map, BIT_WORD(at)) ^ flip;
	}
	at += __ffs(word);
	return at < size ? at : size;
}

unsigned long find_next_bit(const unsigned long *map, unsigned long size,
			    unsigned long from)
{
	return find_from(map, size, from, 0);
}

unsigned long find_next_zero_bit(const unsigned long *map, unsigned long size,
				 unsigned long from)
{
	return find_from(map, size, from, ~0UL);
}

unsigned long find_last_bit(const unsigned long *map, unsigned long size)
{
	unsigned long i = BITS_TO_LONGS(size), word;
	unsigned long mask = size % BITS_PER_LONG ?
			     BIT_MASK(size) - 1 : ~0UL;

	while (i--) {
		word = word_of(map, i) & mask;
		if (word)
			return i * BITS_PER_LONG + __fls(word);
		mask = ~0UL;
	}
	return size;
}
