// SPDX-License-Identifier: MIT
/*
 * Atomic operations on 64 bits where a word has 32: what the compiler calls
 * for its __atomic_*(), whose names these are. All are made of cmpxchg8b, with
 * a lock before it, so each is a full barrier, whatever order is asked for.
 *
 * A load exchanges what is there with itself, so it writes.
 */
#include <linux/types.h>

#define LIBCALL(name)	__asm__("__atomic_" name)

u64 atomic_load_8(volatile u64 *p, int order) LIBCALL("load_8");
void atomic_store_8(volatile u64 *p, u64 v, int order) LIBCALL("store_8");
u64 atomic_exchange_8(volatile u64 *p, u64 v, int order)
	LIBCALL("exchange_8");
bool atomic_compare_exchange_8(volatile u64 *p, u64 *expected, u64 v,
			       int success, int failure)
	LIBCALL("compare_exchange_8");

/* What was there; if that is @old, it is @v now. */
static inline u64 cmpxchg8b(volatile u64 *p, u64 old, u64 v)
{
	__asm__ __volatile__("lock; cmpxchg8b %0"
			     : "+m" (*p), "+A" (old)
			     : "b" ((u32)v), "c" ((u32)(v >> 32))
			     : "memory", "cc");
	return old;
}

u64 atomic_load_8(volatile u64 *p, int order)
{
	return cmpxchg8b(p, 0, 0);
}

u64 atomic_exchange_8(volatile u64 *p, u64 v, int order)
{
	u64 old = *p, seen;

	while ((seen = cmpxchg8b(p, old, v)) != old)
		old = seen;
	return old;
}

void atomic_store_8(volatile u64 *p, u64 v, int order)
{
	atomic_exchange_8(p, v, order);
}

bool atomic_compare_exchange_8(volatile u64 *p, u64 *expected, u64 v,
			       int success, int failure)
{
	u64 seen = cmpxchg8b(p, *expected, v);

	if (seen == *expected)
		return true;
	*expected = seen;
	return false;
}

#define ATOMIC_FETCH(op, value)						\
u64 atomic_fetch_##op##_8(volatile u64 *p, u64 v, int order)		\
	LIBCALL("fetch_" #op "_8");					\
u64 atomic_fetch_##op##_8(volatile u64 *p, u64 v, int order)		\
{									\
	u64 old = *p, seen;						\
									\
	while ((seen = cmpxchg8b(p, old, (value))) != old)		\
		old = seen;						\
	return old;							\
}

ATOMIC_FETCH(add, old + v)
ATOMIC_FETCH(sub, old - v)
ATOMIC_FETCH(and, old & v)
ATOMIC_FETCH(or, old | v)
ATOMIC_FETCH(xor, old ^ v)
