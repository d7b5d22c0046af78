/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_BITS_H
#define _LINUX_BITS_H

#include <linux/types.h>

#define BIT(n)			(1UL << (n))
#define BIT_ULL(n)		(1ULL << (n))
#define BIT_MASK(n)		(1UL << ((n) % BITS_PER_LONG))
#define BIT_WORD(n)		((n) / BITS_PER_LONG)
#define BITS_TO_LONGS(n)	(((n) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define GENMASK(h, l)							\
	((~0UL << (l)) & (~0UL >> (BITS_PER_LONG - 1 - (h))))
#define GENMASK_ULL(h, l)	((~0ULL << (l)) & (~0ULL >> (63 - (h))))
#define BIT_ULL_MASK(n)		(1ULL << ((n) % 64))
#define BIT_ULL_WORD(n)		((n) / 64)
#define BITS_PER_LONG_LONG	64
#define BITS_PER_TYPE(type)	(8 * sizeof(type))
#define BITS_TO_BYTES(n)	(((n) + 7) / 8)
#define BITS_TO_U32(n)		(((n) + 31) / 32)
#define BITS_TO_U64(n)		(((n) + 63) / 64)

#endif
