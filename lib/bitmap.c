// SPDX-License-Identifier: MIT
/*
 * Arrays of bits: whole-array operations and the text form "0-3,8".
 *
 * The last word may hold bits past the end. They are masked out of every
 * operand and are zero in every result.
 */
#include <linux/bitmap.h>

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>

/* The bits of word @i that belong to a map of @nbits. */
static unsigned long word_mask(unsigned int i, unsigned int nbits)
{
	unsigned int left = nbits - i * BITS_PER_LONG;

	return left >= BITS_PER_LONG ? ~0UL : (1UL << left) - 1;
}

/* Bits may change meanwhile, as those of atomic masks do. */
static unsigned long word_of(const unsigned long *map, unsigned int i)
{
	return __atomic_load_n(&map[i], __ATOMIC_RELAXED);
}

#define for_each_word(i, nbits)	for ((i) = 0; (i) < BITS_TO_LONGS(nbits); (i)++)

void bitmap_zero(unsigned long *dst, unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits)
		dst[i] = 0;
}

void bitmap_fill(unsigned long *dst, unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits)
		dst[i] = word_mask(i, nbits);
}

void bitmap_copy(unsigned long *dst, const unsigned long *src,
		 unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits)
		dst[i] = word_of(src, i) & word_mask(i, nbits);
}

bool bitmap_empty(const unsigned long *src, unsigned int nbits)
{
	return find_first_bit(src, nbits) >= nbits;
}

bool bitmap_full(const unsigned long *src, unsigned int nbits)
{
	return find_first_zero_bit(src, nbits) >= nbits;
}

bool bitmap_equal(const unsigned long *a, const unsigned long *b,
		  unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits)
		if ((word_of(a, i) ^ word_of(b, i)) & word_mask(i, nbits))
			return false;
	return true;
}

bool bitmap_subset(const unsigned long *a, const unsigned long *b,
		   unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits)
		if (word_of(a, i) & ~word_of(b, i) & word_mask(i, nbits))
			return false;
	return true;
}

bool bitmap_intersects(const unsigned long *a, const unsigned long *b,
		       unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits)
		if (word_of(a, i) & word_of(b, i) & word_mask(i, nbits))
			return true;
	return false;
}

unsigned int bitmap_weight(const unsigned long *src, unsigned int nbits)
{
	unsigned int i, n = 0;

	for_each_word(i, nbits)
		n += hweight_long(word_of(src, i) & word_mask(i, nbits));
	return n;
}

void bitmap_and(unsigned long *dst, const unsigned long *a,
		const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits)
		dst[i] = word_of(a, i) & word_of(b, i) & word_mask(i, nbits);
}

void bitmap_or(unsigned long *dst, const unsigned long *a,
	       const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits)
		dst[i] = (word_of(a, i) | word_of(b, i)) & word_mask(i, nbits);
}

void bitmap_andnot(unsigned long *dst, const unsigned long *a,
		   const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits)
		dst[i] = word_of(a, i) & ~word_of(b, i) & word_mask(i, nbits);
}

/* The bits of word @i that lie in [start, end). */
static unsigned long range_mask(unsigned int i, unsigned int start,
				unsigned int end)
{
	unsigned int base = i * BITS_PER_LONG;
	unsigned long mask = ~0UL;

	if (start > base)
		mask <<= start - base;
	if (end < base + BITS_PER_LONG)
		mask &= (1UL << (end - base)) - 1;
	return mask;
}

void bitmap_set(unsigned long *map, unsigned int start, unsigned int len)
{
	unsigned int i, end = start + len;

	if (!len)
		return;
	for (i = BIT_WORD(start); i <= BIT_WORD(end - 1); i++)
		map[i] |= range_mask(i, start, end);
}

void bitmap_clear(unsigned long *map, unsigned int start, unsigned int len)
{
	unsigned int i, end = start + len;

	if (!len)
		return;
	for (i = BIT_WORD(start); i <= BIT_WORD(end - 1); i++)
		map[i] &= ~range_mask(i, start, end);
}

/* A decimal bit number at *@s, which moves past it. */
static int parse_bit(const char **s, unsigned int nbits, unsigned int *bit)
{
	unsigned int n = 0;

	if (!isdigit(**s))
		return -EINVAL;
	for (; isdigit(**s); (*s)++) {
		n = n * 10 + (unsigned int)(**s - '0');
		if (n >= nbits)
			return -ERANGE;
	}
	*bit = n;
	return 0;
}

int bitmap_parselist(const char *buf, unsigned long *map, int nbits)
{
	unsigned int first = 0, last;
	int err;

	bitmap_zero(map, (unsigned int)nbits);
	while (isspace(*buf))
		buf++;
	if (!*buf)
		return 0;
	for (;;) {
		err = parse_bit(&buf, (unsigned int)nbits, &first);
		last = first;
		if (!err && *buf == '-') {
			buf++;
			err = parse_bit(&buf, (unsigned int)nbits, &last);
		}
		if (err)
			return err;
		if (last < first)
			return -ERANGE;
		bitmap_set(map, first, last - first + 1);
		if (*buf != ',')
			break;
		buf++;
	}
	while (isspace(*buf))
		buf++;
	return *buf ? -EINVAL : 0;
}
