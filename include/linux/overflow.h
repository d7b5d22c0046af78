/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_OVERFLOW_H
#define _LINUX_OVERFLOW_H

#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/types.h>

#define check_add_overflow(a, b, d)	__builtin_add_overflow(a, b, d)
#define check_sub_overflow(a, b, d)	__builtin_sub_overflow(a, b, d)
#define check_mul_overflow(a, b, d)	__builtin_mul_overflow(a, b, d)
/* @a << @s into *@d; whether bits, or the sign, were lost. */
#define check_shl_overflow(a, s, d) ({					\
	__typeof__(a) __a = (a);					\
	__typeof__(s) __s = (s);					\
	__typeof__(d) __d = (d);					\
	unsigned int __w = 8 * sizeof(*__d);				\
	bool __bad = __s < 0 || (u64)__s >= __w;			\
	unsigned int __n = __bad ? 0 : (unsigned int)__s;		\
									\
	*__d = (__typeof__(*__d))((u64)__a << __n);			\
	__bad || *__d < 0 || __a < 0 ||					\
	(u64)(*__d >> __n) != (u64)__a; })

static inline size_t size_mul(size_t a, size_t b)
{
	size_t n;

	return __builtin_mul_overflow(a, b, &n) ? SIZE_MAX : n;
}

static inline size_t size_add(size_t a, size_t b)
{
	size_t n;

	return __builtin_add_overflow(a, b, &n) ? SIZE_MAX : n;
}

static inline size_t size_sub(size_t a, size_t b)
{
	size_t n;

	if (a == SIZE_MAX || b == SIZE_MAX || __builtin_sub_overflow(a, b, &n))
		return SIZE_MAX;
	return n;
}

/* SIZE_MAX when it is more than a size_t can say. */
#define array_size(a, b)	size_mul(a, b)
#define array3_size(a, b, c)	size_mul(size_mul(a, b), c)
/* Of a struct whose last member is an array without a length. */
#define flex_array_size(p, member, count)				\
	size_mul(count, sizeof(*(p)->member))
#define struct_size(p, member, count)					\
	size_add(sizeof(*(p)), flex_array_size(p, member, count))
#define struct_size_t(type, member, count)				\
	struct_size((type *)NULL, member, count)

#define type_max(t)	((t)~(t)0 > 0 ? (t)~(t)0 :			\
			 (t)(((u64)1 << (8 * sizeof(t) - 1)) - 1))
#define type_min(t)	((t)~(t)0 > 0 ? (t)0 :				\
			 (t)((u64)1 << (8 * sizeof(t) - 1)))
#define __overflows_type(x, t)	__builtin_add_overflow_p(x, (t)0, (t)0)
#define overflows_type(x, t)						\
	__builtin_add_overflow_p((x), (__typeof__(t))0, (__typeof__(t))0)

#endif
