/* SPDX-License-Identifier: MIT */
/* Searching arrays of bits; @size when there is none. */
#ifndef _LINUX_FIND_H
#define _LINUX_FIND_H

#include <linux/types.h>

unsigned long find_next_bit(const unsigned long *map, unsigned long size,
			    unsigned long from);
unsigned long find_next_zero_bit(const unsigned long *map, unsigned long size,
				 unsigned long from);
unsigned long find_last_bit(const unsigned long *map, unsigned long size);

static inline unsigned long find_first_bit(const unsigned long *map,
					   unsigned long size)
{
	return find_next_bit(map, size, 0);
}

static inline unsigned long find_first_zero_bit(const unsigned long *map,
						unsigned long size)
{
	return find_next_zero_bit(map, size, 0);
}

#define for_each_set_bit(bit, map, size)				\
	for ((bit) = find_next_bit(map, size, 0); (bit) < (size);	\
	     (bit) = find_next_bit(map, size, (bit) + 1))

/* Of what two have in common, and of what only the first has. */
static inline unsigned long find_next_and_bit(const unsigned long *a,
					      const unsigned long *b,
					      unsigned long size,
					      unsigned long from)
{
	while ((from = find_next_bit(a, size, from)) < size &&
	       find_next_bit(b, size, from) != from)
		from++;
	return from;
}

static inline unsigned long find_first_and_bit(const unsigned long *a,
					       const unsigned long *b,
					       unsigned long size)
{
	return find_next_and_bit(a, b, size, 0);
}

static inline unsigned long find_next_andnot_bit(const unsigned long *a,
						 const unsigned long *b,
						 unsigned long size,
						 unsigned long from)
{
	while ((from = find_next_bit(a, size, from)) < size &&
	       find_next_bit(b, size, from) == from)
		from++;
	return from;
}

/* The @n-th set bit, from 0. */
static inline unsigned long find_nth_bit(const unsigned long *map,
					 unsigned long size, unsigned long n)
{
	unsigned long bit = find_next_bit(map, size, 0);

	while (n-- && bit < size)
		bit = find_next_bit(map, size, bit + 1);
	return bit;
}

#define for_each_clear_bit(bit, map, size)				\
	for ((bit) = find_next_zero_bit(map, size, 0); (bit) < (size);	\
	     (bit) = find_next_zero_bit(map, size, (bit) + 1))
#define for_each_set_bit_from(bit, map, size)				\
	for ((bit) = find_next_bit(map, size, (bit)); (bit) < (size);	\
	     (bit) = find_next_bit(map, size, (bit) + 1))
#define for_each_clear_bit_from(bit, map, size)				\
	for ((bit) = find_next_zero_bit(map, size, (bit)); (bit) < (size); \
	     (bit) = find_next_zero_bit(map, size, (bit) + 1))
#define for_each_and_bit(bit, a, b, size)				\
	for ((bit) = find_next_and_bit(a, b, size, 0); (bit) < (size);	\
	     (bit) = find_next_and_bit(a, b, size, (bit) + 1))
/* [b, e): each run of set bits. */
#define for_each_set_bitrange(b, e, map, size)				\
	for ((b) = find_next_bit(map, size, 0);				\
	     (b) < (size) && ((e) = find_next_zero_bit(map, size,	\
						(b) + 1), true);	\
	     (b) = find_next_bit(map, size, (e) + 1))

#endif
