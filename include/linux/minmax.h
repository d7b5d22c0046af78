/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MINMAX_H
#define _LINUX_MINMAX_H

#define __minmax(op, a, b) ({						\
	__typeof__(a) __a = (a);					\
	__typeof__(b) __b = (b);					\
	__a op __b ? __a : __b; })
#define min(a, b)		__minmax(<, a, b)
#define max(a, b)		__minmax(>, a, b)
#define min_t(t, a, b)		__minmax(<, (t)(a), (t)(b))
#define max_t(t, a, b)		__minmax(>, (t)(a), (t)(b))
#define min3(a, b, c)		min(min(a, b), c)
#define max3(a, b, c)		max(max(a, b), c)
#define clamp(v, lo, hi)	min(max(v, lo), hi)
#define clamp_t(t, v, lo, hi)	min_t(t, max_t(t, v, lo), hi)
#define swap(a, b) do {							\
	__typeof__(a) __swap = (a); (a) = (b); (b) = __swap;		\
} while (0)

#define min_not_zero(a, b) ({						\
	__typeof__(a) __a = (a);					\
	__typeof__(b) __b = (b);					\
	__a == 0 ? __b : __b == 0 ? __a : min(__a, __b); })
#define umin(a, b)		min_t(u64, a, b)
#define umax(a, b)		max_t(u64, a, b)
#define clamp_val(v, lo, hi)	clamp_t(__typeof__(v), v, lo, hi)
#define in_range(v, start, len)	((u64)(v) - (u64)(start) < (u64)(len))
#define in_range64(v, start, len)	in_range(v, start, len)
#define MIN(a, b)		((a) < (b) ? (a) : (b))
#define MAX(a, b)		((a) > (b) ? (a) : (b))
#define MIN_T(t, a, b)		MIN((t)(a), (t)(b))
#define MAX_T(t, a, b)		MAX((t)(a), (t)(b))

#endif
