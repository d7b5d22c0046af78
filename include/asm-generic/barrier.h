/* SPDX-License-Identifier: MIT */
/* Memory barriers; the compiler keeps to all of them. */
#ifndef _ASM_GENERIC_BARRIER_H
#define _ASM_GENERIC_BARRIER_H

#include <linux/compiler.h>
#include <asm/point.h>

#define smp_mb()							\
	(port_locked_point(), __atomic_thread_fence(__ATOMIC_SEQ_CST))
#define smp_rmb()		__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb()		__atomic_thread_fence(__ATOMIC_RELEASE)
#define mb()			smp_mb()
#define rmb()			smp_mb()
#define wmb()			smp_mb()
#define dma_rmb()		smp_rmb()
#define dma_wmb()		smp_wmb()
#define smp_mb__before_atomic()	smp_mb()
#define smp_mb__after_atomic()	smp_mb()
#define smp_mb__after_spinlock() smp_mb()
#define smp_acquire__after_ctrl_dep()	smp_rmb()
#define smp_read_barrier_depends()	((void)0)
/* A store, and a full barrier behind it. */
#define smp_store_mb(var, value)					\
	((void)__atomic_exchange_n(&(var), (value), __ATOMIC_SEQ_CST))

#define smp_load_acquire(p)						\
	(port_read_point(p), __atomic_load_n(p, __ATOMIC_ACQUIRE))
#define smp_store_release(p, v)						\
	(port_point(p), __atomic_store_n(p, v, __ATOMIC_RELEASE))

/*
 * Spins until @cond holds of VAL, what *@ptr is; gives it. The second form
 * orders as an acquire.
 */
#define smp_cond_load_relaxed(ptr, cond) ({				\
	__typeof__(*(ptr)) VAL;						\
									\
	for (;;) {							\
		VAL = __atomic_load_n(ptr, __ATOMIC_RELAXED);		\
		if (cond)						\
			break;						\
		cpu_relax();						\
	}								\
	VAL; })
#define smp_cond_load_acquire(ptr, cond) ({				\
	__typeof__(*(ptr)) __val = smp_cond_load_relaxed(ptr, cond);	\
									\
	smp_rmb();							\
	__val; })

#endif
