/* SPDX-License-Identifier: MIT */
/* Division of 64-bit numbers, which 32-bit ports do not have as operators. */
#ifndef _LINUX_MATH64_H
#define _LINUX_MATH64_H

#include <linux/types.h>

static inline u64 div_u64_rem(u64 dividend, u32 divisor, u32 *remainder)
{
	*remainder = (u32)(dividend % divisor);
	return dividend / divisor;
}

static inline s64 div_s64_rem(s64 dividend, s32 divisor, s32 *remainder)
{
	*remainder = (s32)(dividend % divisor);
	return dividend / divisor;
}

static inline u64 div64_u64_rem(u64 dividend, u64 divisor, u64 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

static inline u64 div64_u64(u64 dividend, u64 divisor)
{
	return dividend / divisor;
}

static inline s64 div64_s64(s64 dividend, s64 divisor)
{
	return dividend / divisor;
}

static inline u64 div_u64(u64 dividend, u32 divisor)
{
	return dividend / divisor;
}

static inline s64 div_s64(s64 dividend, s32 divisor)
{
	return dividend / divisor;
}

#define div64_long(x, y)	div64_s64((x), (y))
#define div64_ul(x, y)		div64_u64((x), (y))
#define DIV64_U64_ROUND_UP(n, d)					\
	({ u64 __d = (d); div64_u64((n) + __d - 1, __d); })
#define DIV64_U64_ROUND_CLOSEST(n, d)					\
	({ u64 __d = (d); div64_u64((n) + __d / 2, __d); })
#define DIV_U64_ROUND_UP(n, d)						\
	({ u32 __d = (d); div_u64((n) + __d - 1, __d); })
#define DIV_U64_ROUND_CLOSEST(n, d)					\
	({ u32 __d = (d); div_u64((n) + __d / 2, __d); })

/* Divides @n in place and gives the remainder. */
#define do_div(n, base) ({						\
	u32 __base = (base), __rem = (u32)((u64)(n) % __base);		\
	(n) = (u64)(n) / __base;					\
	__rem; })

static inline u64 mul_u32_u32(u32 a, u32 b)
{
	return (u64)a * b;
}

/* (a * mul) >> shift, with all 128 bits of the product; shift < 128. */
static inline u64 mul_u64_u64_shr(u64 a, u64 mul, unsigned int shift)
{
	u64 low = mul_u32_u32((u32)a, (u32)mul);
	u64 cross = mul_u32_u32((u32)(a >> 32), (u32)mul) + (low >> 32);
	u64 middle = mul_u32_u32((u32)a, (u32)(mul >> 32)) + (u32)cross;
	u64 high = mul_u32_u32((u32)(a >> 32), (u32)(mul >> 32)) +
		   (cross >> 32) + (middle >> 32);

	low = middle << 32 | (u32)low;
	if (!shift)
		return low;
	if (shift >= 64)
		return high >> (shift - 64);
	return high << (64 - shift) | low >> shift;
}

static inline u64 mul_u64_u32_shr(u64 a, u32 mul, unsigned int shift)
{
	return mul_u64_u64_shr(a, mul, shift);
}

#endif
