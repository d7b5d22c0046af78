/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MATH_H
#define _LINUX_MATH_H

#include <linux/align.h>
#include <linux/types.h>

#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define roundup(x, y)		((((x) + ((y) - 1)) / (y)) * (y))
#define rounddown(x, y)		((x) - ((x) % (y)))
#define DIV_ROUND_DOWN_ULL(n, d) ((unsigned long long)(n) / (d))
#define DIV_ROUND_UP_ULL(n, d)						\
	(((unsigned long long)(n) + (d) - 1) / (d))
#define DIV_ROUND_CLOSEST(x, d) ({					\
	__typeof__(x) __x = (x);					\
	__typeof__(d) __d = (d);					\
	((__typeof__(x))-1) > 0 || ((__typeof__(d))-1) > 0 ||		\
	((__x > 0) == (__d > 0)) ? (__x + __d / 2) / __d :		\
				   (__x - __d / 2) / __d; })
#define DIV_ROUND_CLOSEST_ULL(x, d)					\
	(((unsigned long long)(x) + (d) / 2) / (d))
#define mult_frac(x, n, d) ({						\
	__typeof__(x) __q = (x) / (d);					\
	__typeof__(x) __r = (x) % (d);					\
	__q * (n) + __r * (n) / (d); })
#define sector_div(n, b)	do_div(n, b)
#define abs(x) ({							\
	__typeof__(x) __abs = (x);					\
	__abs < 0 ? -__abs : __abs; })
#define abs_diff(a, b) ({						\
	__typeof__(a) __a = (a);					\
	__typeof__(b) __b = (b);					\
	__a > __b ? __a - __b : __b - __a; })
/* @val, below 2^32, of @ep_ro ways. */
#define reciprocal_scale(val, ep_ro)	((u32)((u64)(val) * (ep_ro) >> 32))

/* Largest r with r * r <= x. */
unsigned long int_sqrt(unsigned long x);

#define int_sqrt64(x)		int_sqrt(x)

#endif
