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
static inline void pre##_and(val i, type *v)				\
{									\
	port_locked_point(v);						\
	__atomic_fetch_and(&v->counter, i, __ATOMIC_RELAXED);		\
}									\
static inline void pre##_or(val i, type *v)				\
{									\
	port_locked_point(v);						\
	__atomic_fetch_or(&v->counter, i, __ATOMIC_RELAXED);		\
}									\
static inline void pre##_xor(val i, type *v)				\
{									\
	port_locked_point(v);						\
	__atomic_fetch_xor(&v->counter, i, __ATOMIC_RELAXED);		\
}									\
static inline void pre##_andnot(val i, type *v)				\
{									\
	pre##_and(~i, v);						\
}									\
static inline void pre##_inc(type *v)					\
{									\
	pre##_add(1, v);						\
}									\
static inline void pre##_dec(type *v)					\
{									\
	pre##_sub(1, v);						\
}									\
static inline val pre##_fetch_add(val i, type *v)			\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_add(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline val pre##_fetch_sub(val i, type *v)			\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_sub(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline val pre##_fetch_and(val i, type *v)			\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_and(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline val pre##_fetch_or(val i, type *v)			\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_or(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline val pre##_fetch_xor(val i, type *v)			\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_xor(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline val pre##_fetch_andnot(val i, type *v)			\
{									\
	return pre##_fetch_and(~i, v);					\
}									\
static inline val pre##_fetch_inc(type *v)				\
{									\
	return pre##_fetch_add(1, v);					\
}									\
static inline val pre##_fetch_dec(type *v)				\
{									\
	return pre##_fetch_sub(1, v);					\
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
static inline val pre##_xchg(type *v, val i)				\
{									\
	port_locked_point(v);						\
	return __atomic_exchange_n(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline bool pre##_try_cmpxchg(type *v, val *old, val i)		\
{									\
	port_locked_point(v);						\
	return __atomic_compare_exchange_n(&v->counter, old, i,		\
		false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);		\
}									\
static inline val pre##_cmpxchg(type *v, val old, val i)		\
{									\
	pre##_try_cmpxchg(v, &old, i);					\
	return old;							\
}									\
static inline val pre##_fetch_add_relaxed(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_add(&v->counter, i, __ATOMIC_RELAXED);	\
}									\
static inline val pre##_fetch_sub_relaxed(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_sub(&v->counter, i, __ATOMIC_RELAXED);	\
}									\
static inline val pre##_fetch_and_relaxed(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_and(&v->counter, i, __ATOMIC_RELAXED);	\
}									\
static inline val pre##_fetch_or_relaxed(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_or(&v->counter, i, __ATOMIC_RELAXED);	\
}									\
static inline val pre##_fetch_xor_relaxed(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_xor(&v->counter, i, __ATOMIC_RELAXED);	\
}									\
static inline val pre##_fetch_andnot_relaxed(val i, type *v)		\
{									\
	return pre##_fetch_and_relaxed(~i, v);				\
}									\
static inline val pre##_fetch_inc_relaxed(type *v)			\
{									\
	return pre##_fetch_add_relaxed(1, v);				\
}									\
static inline val pre##_fetch_dec_relaxed(type *v)			\
{									\
	return pre##_fetch_sub_relaxed(1, v);				\
}									\
static inline val pre##_add_return_relaxed(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_add_fetch(&v->counter, i, __ATOMIC_RELAXED);	\
}									\
static inline val pre##_sub_return_relaxed(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_sub_fetch(&v->counter, i, __ATOMIC_RELAXED);	\
}									\
static inline val pre##_inc_return_relaxed(type *v)			\
{									\
	return pre##_add_return_relaxed(1, v);				\
}									\
static inline val pre##_dec_return_relaxed(type *v)			\
{									\
	return pre##_sub_return_relaxed(1, v);				\
}									\
static inline val pre##_xchg_relaxed(type *v, val i)			\
{									\
	port_locked_point(v);						\
	return __atomic_exchange_n(&v->counter, i, __ATOMIC_RELAXED);	\
}									\
static inline bool pre##_try_cmpxchg_relaxed(type *v, val *old, val i)	\
{									\
	port_locked_point(v);						\
	return __atomic_compare_exchange_n(&v->counter, old, i,		\
		false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);		\
}									\
static inline val pre##_cmpxchg_relaxed(type *v, val old, val i)	\
{									\
	pre##_try_cmpxchg_relaxed(v, &old, i);				\
	return old;							\
}									\
static inline val pre##_fetch_add_acquire(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_add(&v->counter, i, __ATOMIC_ACQUIRE);	\
}									\
static inline val pre##_fetch_sub_acquire(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_sub(&v->counter, i, __ATOMIC_ACQUIRE);	\
}									\
static inline val pre##_fetch_and_acquire(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_and(&v->counter, i, __ATOMIC_ACQUIRE);	\
}									\
static inline val pre##_fetch_or_acquire(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_or(&v->counter, i, __ATOMIC_ACQUIRE);	\
}									\
static inline val pre##_fetch_xor_acquire(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_xor(&v->counter, i, __ATOMIC_ACQUIRE);	\
}									\
static inline val pre##_fetch_andnot_acquire(val i, type *v)		\
{									\
	return pre##_fetch_and_acquire(~i, v);				\
}									\
static inline val pre##_fetch_inc_acquire(type *v)			\
{									\
	return pre##_fetch_add_acquire(1, v);				\
}									\
static inline val pre##_fetch_dec_acquire(type *v)			\
{									\
	return pre##_fetch_sub_acquire(1, v);				\
}									\
static inline val pre##_add_return_acquire(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_add_fetch(&v->counter, i, __ATOMIC_ACQUIRE);	\
}									\
static inline val pre##_sub_return_acquire(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_sub_fetch(&v->counter, i, __ATOMIC_ACQUIRE);	\
}									\
static inline val pre##_inc_return_acquire(type *v)			\
{									\
	return pre##_add_return_acquire(1, v);				\
}									\
static inline val pre##_dec_return_acquire(type *v)			\
{									\
	return pre##_sub_return_acquire(1, v);				\
}									\
static inline val pre##_xchg_acquire(type *v, val i)			\
{									\
	port_locked_point(v);						\
	return __atomic_exchange_n(&v->counter, i, __ATOMIC_ACQUIRE);	\
}									\
static inline bool pre##_try_cmpxchg_acquire(type *v, val *old, val i)	\
{									\
	port_locked_point(v);						\
	return __atomic_compare_exchange_n(&v->counter, old, i,		\
		false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE);		\
}									\
static inline val pre##_cmpxchg_acquire(type *v, val old, val i)	\
{									\
	pre##_try_cmpxchg_acquire(v, &old, i);				\
	return old;							\
}									\
static inline val pre##_fetch_add_release(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_add(&v->counter, i, __ATOMIC_RELEASE);	\
}									\
static inline val pre##_fetch_sub_release(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_sub(&v->counter, i, __ATOMIC_RELEASE);	\
}									\
static inline val pre##_fetch_and_release(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_and(&v->counter, i, __ATOMIC_RELEASE);	\
}									\
static inline val pre##_fetch_or_release(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_or(&v->counter, i, __ATOMIC_RELEASE);	\
}									\
static inline val pre##_fetch_xor_release(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_fetch_xor(&v->counter, i, __ATOMIC_RELEASE);	\
}									\
static inline val pre##_fetch_andnot_release(val i, type *v)		\
{									\
	return pre##_fetch_and_release(~i, v);				\
}									\
static inline val pre##_fetch_inc_release(type *v)			\
{									\
	return pre##_fetch_add_release(1, v);				\
}									\
static inline val pre##_fetch_dec_release(type *v)			\
{									\
	return pre##_fetch_sub_release(1, v);				\
}									\
static inline val pre##_add_return_release(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_add_fetch(&v->counter, i, __ATOMIC_RELEASE);	\
}									\
static inline val pre##_sub_return_release(val i, type *v)		\
{									\
	port_locked_point(v);						\
	return __atomic_sub_fetch(&v->counter, i, __ATOMIC_RELEASE);	\
}									\
static inline val pre##_inc_return_release(type *v)			\
{									\
	return pre##_add_return_release(1, v);				\
}									\
static inline val pre##_dec_return_release(type *v)			\
{									\
	return pre##_sub_return_release(1, v);				\
}									\
static inline val pre##_xchg_release(type *v, val i)			\
{									\
	port_locked_point(v);						\
	return __atomic_exchange_n(&v->counter, i, __ATOMIC_RELEASE);	\
}									\
static inline bool pre##_try_cmpxchg_release(type *v, val *old, val i)	\
{									\
	port_locked_point(v);						\
	return __atomic_compare_exchange_n(&v->counter, old, i,		\
		false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);		\
}									\
static inline val pre##_cmpxchg_release(type *v, val old, val i)	\
{									\
	pre##_try_cmpxchg_release(v, &old, i);				\
	return old;							\
}									\
static inline bool pre##_dec_and_test(type *v)				\
{									\
	return pre##_sub_return(1, v) == 0;				\
}									\
static inline bool pre##_inc_and_test(type *v)				\
{									\
	return pre##_add_return(1, v) == 0;				\
}									\
static inline bool pre##_sub_and_test(val i, type *v)			\
{									\
	return pre##_sub_return(i, v) == 0;				\
}									\
static inline bool pre##_add_negative(val i, type *v)			\
{									\
	return pre##_add_return(i, v) < 0;				\
}									\
/* Adds @a unless the value is @u; what that was. */			\
static inline val pre##_fetch_add_unless(type *v, val a, val u)		\
{									\
	val c = pre##_read(v);						\
									\
	while (c != u && !pre##_try_cmpxchg(v, &c, c + a))		\
		;							\
	return c;							\
}									\
static inline bool pre##_add_unless(type *v, val a, val u)		\
{									\
	return pre##_fetch_add_unless(v, a, u) != u;			\
}									\
static inline bool pre##_inc_not_zero(type *v)				\
{									\
	return pre##_add_unless(v, 1, 0);				\
}									\
static inline bool pre##_inc_unless_negative(type *v)			\
{									\
	val c = pre##_read(v);						\
									\
	while (c >= 0 && !pre##_try_cmpxchg(v, &c, c + 1))		\
		;							\
	return c >= 0;							\
}									\
static inline bool pre##_dec_unless_positive(type *v)			\
{									\
	val c = pre##_read(v);						\
									\
	while (c <= 0 && !pre##_try_cmpxchg(v, &c, c - 1))		\
		;							\
	return c <= 0;							\
}									\
/* One less unless that is negative; what it would be. */		\
static inline val pre##_dec_if_positive(type *v)			\
{									\
	val c = pre##_read(v);						\
									\
	while (c > 0 && !pre##_try_cmpxchg(v, &c, c - 1))		\
		;							\
	return c - 1;							\
}

__ATOMIC_FAMILY(atomic, atomic_t, int)
__ATOMIC_FAMILY(atomic64, atomic64_t, s64)
__ATOMIC_FAMILY(atomic_long, atomic_long_t, long)

#define arch_atomic_t		atomic_t

#define xchg(p, v)							\
	(port_locked_point(p), __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST))
#define xchg_relaxed(p, v)	xchg(p, v)
#define xchg_acquire(p, v)	xchg(p, v)
#define xchg_release(p, v)	xchg(p, v)
#define cmpxchg(p, o, n) ({						\
	__typeof__(*(p)) __old = (o);					\
	port_locked_point(p);						\
	__atomic_compare_exchange_n((p), &__old, (n), false,		\
				    __ATOMIC_SEQ_CST, __ATOMIC_RELAXED); \
	__old; })
#define cmpxchg_relaxed(p, o, n)	cmpxchg(p, o, n)
#define cmpxchg_acquire(p, o, n)	cmpxchg(p, o, n)
#define cmpxchg_release(p, o, n)	cmpxchg(p, o, n)
#define cmpxchg64(p, o, n)		cmpxchg(p, o, n)
#define cmpxchg_local(p, o, n)		cmpxchg(p, o, n)
#define try_cmpxchg(p, old, n) ({					\
	port_locked_point(p);						\
	__atomic_compare_exchange_n((p), (old), (n), false,		\
				    __ATOMIC_SEQ_CST, __ATOMIC_RELAXED); })
#define try_cmpxchg_acquire(p, old, n)	try_cmpxchg(p, old, n)
#define try_cmpxchg_release(p, old, n)	try_cmpxchg(p, old, n)
#define try_cmpxchg_relaxed(p, old, n)	try_cmpxchg(p, old, n)

#include <asm/barrier.h>

#endif
