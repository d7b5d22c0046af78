/* SPDX-License-Identifier: MIT */
/*
 * Atomic integers with Linux's ordering rules: an operation that returns
 * a value is fully ordered unless its name ends in _relaxed, _acquire or
 * _release; one that returns nothing, atomic_read and atomic_set order
 * nothing. Each passes port_point() or port_locked_point(), where the
 * simulated build may switch.
 */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#include <linux/types.h>
#include <asm/point.h>

#define ATOMIC_INIT(i)		{ (i) }
#define ATOMIC64_INIT(i)	{ (i) }
#define ATOMIC_LONG_INIT(i)	{ (i) }

#define __ATOMIC_FAMILY(pre, type, val)					\
static inline val pre##_read(const type *v)				\
{									\
	port_read_point(v);						\
	return __atomic_load_n(&v->counter, __ATOMIC_RELAXED);		\
}									\
static inline val pre##_read_acquire(const type *v)			\
{									\
	port_read_point(v);						\
	return __atomic_load_n(&v->counter, __ATOMIC_ACQUIRE);		\
}									\
static inline void pre##_set(type *v, val i)				\
{									\
	port_point(v);							\
	__atomic_store_n(&v->counter, i, __ATOMIC_RELAXED);		\
}									\
static inline void pre##_set_release(type *v, val i)			\
{									\
	port_point(v);							\
	__atomic_store_n(&v->counter, i, __ATOMIC_RELEASE);		\
}									\
static inline void pre##_add(val i, type *v)				\
{									\
	port_locked_point(v);						\
	__atomic_fetch_add(&v->counter, i, __ATOMIC_RELAXED);		\
}									\
static inline void pre##_sub(val i, type *v)				\
{									\
	port_locked_point(v);						\
	__atomic_fetch_sub(&v->counter, i, __ATOMIC_RELAXED);		\
}									\
static inline void pre##_inc(type *v) { pre##_add(1, v); }		\
static inline void pre##_dec(type *v) { pre##_sub(1, v); }		\
static inline val pre##_fetch_add(val i, type *v)			\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_add(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline val pre##_add_return(val i, type *v)			\
{									\
	port_locked_point(v);						\
	return __atomic_add_fetch(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline val pre##_sub_return(val i, type *v)			\
{									\
	port_locked_point(v);						\
	return __atomic_sub_fetch(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline val pre##_inc_return(type *v)				\
{									\
	return pre##_add_return(1, v);					\
}									\
static inline val pre##_dec_return(type *v)				\
{									\
	return pre##_sub_return(1, v);					\
}									\
static inline bool pre##_dec_and_test(type *v)				\
{									\
	return pre##_sub_return(1, v) == 0;				\
}									\
static inline bool pre##_sub_and_test(val i, type *v)			\
{									\
	return pre##_sub_return(i, v) == 0;				\
}									\
static inline val pre##_xchg(type *v, val i)				\
{									\
	port_locked_point(v);						\
	return __atomic_exchange_n(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline val pre##_cmpxchg(type *v, val old, val new)		\
{									\
	port_locked_point(v);						\
	__atomic_compare_exchange_n(&v->counter, &old, new, false,	\
				    __ATOMIC_SEQ_CST, __ATOMIC_RELAXED); \
	return old;							\
}									\
/* Adds @a unless the value is @u; true when it added. */		\
static inline bool pre##_add_unless(type *v, val a, val u)		\
{									\
	val c = pre##_read(v);						\
									\
	while (c != u) {						\
		port_locked_point(v);					\
		if (__atomic_compare_exchange_n(&v->counter, &c, c + a,	\
						false, __ATOMIC_SEQ_CST,\
						__ATOMIC_RELAXED))	\
			return true;					\
	}								\
	return false;							\
}									\
static inline bool pre##_inc_not_zero(type *v)				\
{									\
	return pre##_add_unless(v, 1, 0);				\
}

__ATOMIC_FAMILY(atomic, atomic_t, int)
__ATOMIC_FAMILY(atomic64, atomic64_t, s64)
__ATOMIC_FAMILY(atomic_long, atomic_long_t, long)

#define xchg(p, v)							\
	(port_locked_point(p), __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST))
#define cmpxchg(p, o, n) ({						\
	__typeof__(*(p)) __old = (o);					\
	port_locked_point(p);						\
	__atomic_compare_exchange_n((p), &__old, (n), false,		\
				    __ATOMIC_SEQ_CST, __ATOMIC_RELAXED); \
	__old; })
#define smp_load_acquire(p)						\
	(port_read_point(p), __atomic_load_n(p, __ATOMIC_ACQUIRE))
#define smp_store_release(p, v)						\
	(port_point(p), __atomic_store_n(p, v, __ATOMIC_RELEASE))
#define smp_mb()							\
	(port_locked_point(), __atomic_thread_fence(__ATOMIC_SEQ_CST))

#endif
