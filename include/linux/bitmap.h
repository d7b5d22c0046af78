/* SPDX-License-Identifier: MIT */
/*
 * Arrays of bits. Bits past @nbits in the last word are zero in every result
 * and are never looked at in an operand.
 */
#ifndef _LINUX_BITMAP_H
#define _LINUX_BITMAP_H

#include <linux/bitops.h>
#include <linux/find.h>

void bitmap_zero(unsigned long *dst, unsigned int nbits);
void bitmap_fill(unsigned long *dst, unsigned int nbits);
void bitmap_copy(unsigned long *dst, const unsigned long *src,
		 unsigned int nbits);
bool bitmap_empty(const unsigned long *src, unsigned int nbits);
bool bitmap_full(const unsigned long *src, unsigned int nbits);
bool bitmap_equal(const unsigned long *a, const unsigned long *b,
		  unsigned int nbits);
bool bitmap_subset(const unsigned long *a, const unsigned long *b,
		   unsigned int nbits);
bool bitmap_intersects(const unsigned long *a, const unsigned long *b,
		       unsigned int nbits);
/* Set bits among the first @nbits. */
unsigned int bitmap_weight(const unsigned long *src, unsigned int nbits);
void bitmap_and(unsigned long *dst, const unsigned long *a,
		const unsigned long *b, unsigned int nbits);
void bitmap_or(unsigned long *dst, const unsigned long *a,
	       const unsigned long *b, unsigned int nbits);
void bitmap_andnot(unsigned long *dst, const unsigned long *a,
		   const unsigned long *b, unsigned int nbits);
void bitmap_set(unsigned long *map, unsigned int start, unsigned int len);
void bitmap_clear(unsigned long *map, unsigned int start, unsigned int len);
/*
 * "0-3,8" into bits. 0; -EINVAL for other text, -ERANGE for a bit at or past
 * @nbits or a range that runs backwards.
 */
int bitmap_parselist(const char *buf, unsigned long *map, int nbits);

void bitmap_xor(unsigned long *dst, const unsigned long *a,
		const unsigned long *b, unsigned int nbits);
void bitmap_complement(unsigned long *dst, const unsigned long *src,
		       unsigned int nbits);
/* Bits move to higher (left) or lower numbers; what comes in is 0. */
void bitmap_shift_left(unsigned long *dst, const unsigned long *src,
		       unsigned int shift, unsigned int nbits);
void bitmap_shift_right(unsigned long *dst, const unsigned long *src,
			unsigned int shift, unsigned int nbits);
/* The first of @nr clear bits in a row, on a multiple of @align_mask + 1. */
unsigned long bitmap_find_next_zero_area(unsigned long *map,
					 unsigned long size,
					 unsigned long start, unsigned int nr,
					 unsigned long align_mask);
/*
 * 2^@order bits at a multiple of that: a free place's number or -ENOMEM; to
 * give them back; to take some: 0 or -EBUSY.
 */
int bitmap_find_free_region(unsigned long *map, unsigned int bits, int order);
void bitmap_release_region(unsigned long *map, unsigned int pos, int order);
int bitmap_allocate_region(unsigned long *map, unsigned int pos, int order);
/* All clear; NULL when memory lacks. May sleep as @gfp says. */
unsigned long *bitmap_zalloc(unsigned int nbits, gfp_t gfp);
unsigned long *bitmap_alloc(unsigned int nbits, gfp_t gfp);
void bitmap_free(const unsigned long *map);

#endif
