/* SPDX-License-Identifier: MIT */
/*
 * Hashes of numbers: a product with 2^n divided by the golden ratio, of which
 * the top bits are taken (Knuth, volume 3, 6.4).
 */
#ifndef _LINUX_HASH_H
#define _LINUX_HASH_H

#include <linux/types.h>

#define GOLDEN_RATIO_32		0x61c88647u
#define GOLDEN_RATIO_64		0x61c8864680b583ebull
#define GOLDEN_RATIO_PRIME	GOLDEN_RATIO_64

static inline u32 __hash_32(u32 val)
{
	return val * GOLDEN_RATIO_32;
}

/* @bits, 1 to 32, of the result. */
static inline u32 hash_32(u32 val, unsigned int bits)
{
	return __hash_32(val) >> (32 - bits);
}

static inline u32 hash_64(u64 val, unsigned int bits)
{
	return (u32)(val * GOLDEN_RATIO_64 >> (64 - bits));
}

#define hash_64_generic(val, bits)	hash_64(val, bits)

static inline u32 hash_long(unsigned long val, unsigned int bits)
{
	return sizeof(val) == 8 ? hash_64(val, bits) : hash_32((u32)val, bits);
}

static inline u32 hash_ptr(const void *ptr, unsigned int bits)
{
	return hash_long((unsigned long)ptr, bits);
}

static inline u32 hash32_ptr(const void *ptr)
{
	return (u32)((unsigned long)ptr ^ (u64)(unsigned long)ptr >> 32);
}

#endif
