// SPDX-License-Identifier: MIT
/* Arrays of bits: shifts, areas, and memory for them. */
#include <linux/bitmap.h>

#include <linux/errno.h>
#include <linux/slab.h>

void bitmap_xor(unsigned long *dst, const unsigned long *a,
		const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = a[i] ^ b[i];
}

void bitmap_complement(unsigned long *dst, const unsigned long *src,
		       unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = ~src[i];
	if (nbits % BITS_PER_LONG)
		dst[i - 1] &= BIT_MASK(nbits) - 1;
}

void bitmap_shift_left(unsigned long *dst, const unsigned long *src,
		       unsigned int shift, unsigned int nbits)
{
	unsigned int i;

	/* From the top, so that @dst may be @src. */
	for (i = nbits; i-- > shift;)
		__assign_bit(i, dst, test_bit(i - shift, src));
	bitmap_clear(dst, 0, shift < nbits ? shift : nbits);
}

void bitmap_shift_right(unsigned long *dst, const unsigned long *src,
			unsigned int shift, unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i + shift < nbits; i++)
		__assign_bit(i, dst, test_bit(i + shift, src));
	bitmap_clear(dst, i, nbits - i);
}

unsigned long bitmap_find_next_zero_area(unsigned long *map,
					 unsigned long size,
					 unsigned long start, unsigned int nr,
					 unsigned long align_mask)
{
	unsigned long used;

	for (;;) {
		start = find_next_zero_bit(map, size, start);
		start = (start + align_mask) & ~align_mask;
		if (start + nr > size)
			return start + nr;
		used = find_next_bit(map, start + nr, start);
		if (used >= start + nr)
			return start;
		start = used + 1;
	}
}

int bitmap_allocate_region(unsigned long *map, unsigned int pos, int order)
{
	unsigned int n = 1U << order;

	if (find_next_bit(map, pos + n, pos) < pos + n)
		return -EBUSY;
	bitmap_set(map, pos, n);
	return 0;
}

int bitmap_find_free_region(unsigned long *map, unsigned int bits, int order)
{
	unsigned int pos, n = 1U << order;

	for (pos = 0; pos + n <= bits; pos += n)
		if (!bitmap_allocate_region(map, pos, order))
			return (int)pos;
	return -ENOMEM;
}

void bitmap_release_region(unsigned long *map, unsigned int pos, int order)
{
	bitmap_clear(map, pos, 1U << order);
}

unsigned long *bitmap_alloc(unsigned int nbits, gfp_t gfp)
{
	return kmalloc_array(BITS_TO_LONGS(nbits), sizeof(unsigned long), gfp);
}

unsigned long *bitmap_zalloc(unsigned int nbits, gfp_t gfp)
{
	return bitmap_alloc(nbits, gfp | __GFP_ZERO);
}

void bitmap_free(const unsigned long *map)
{
	kfree(map);
}
