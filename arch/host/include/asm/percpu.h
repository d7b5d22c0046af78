/* SPDX-License-Identifier: MIT */
/*
 * A thread's CPU is known by a thread-local offset. A CPU is a token that
 * one thread holds at a time, so plain accesses are whole.
 */
#ifndef _ASM_PERCPU_H
#define _ASM_PERCPU_H

#include <asm/machine.h>

#define this_cpu_offset()	(host_cpu.percpu_offset)
#define __host_this(var)						\
	(*(__typeof__(&(var)))((unsigned long)&(var) + this_cpu_offset()))
/*
 * Atomic against threads of other CPUs that look; they cost as plain ones.
 * Stores release: who sees a CPU's preempt_count at 0 (kernel/rcu.c) sees all
 * that it did before.
 */
#define asm_this_cpu_read(var)						\
	__atomic_load_n(&__host_this(var), __ATOMIC_RELAXED)
#define asm_this_cpu_write(var, v)					\
	__atomic_store_n(&__host_this(var), (v), __ATOMIC_RELEASE)
#define asm_this_cpu_add(var, v) do {					\
	__typeof__(&(var)) __p = &__host_this(var);			\
	__atomic_store_n(__p, (__typeof__(var))				\
			 (__atomic_load_n(__p, __ATOMIC_RELAXED) + (v)),\
			 __ATOMIC_RELEASE);				\
} while (0)

/* To a counter that one CPU writes and others read. */
#define asm_count_add(counter, v)					\
	__atomic_store_n(counter, *(counter) + (v), __ATOMIC_RELAXED)

/* A thread comes to another CPU only by calls that no accessor makes. */
#define cpu_anchor()		this_cpu_offset()
#define asm_this_cpu_ptr_at(anchor, ptr)				\
	((__typeof__(ptr))((unsigned long)(ptr) + (anchor)))
#define __percpu_here
#define asm_this_cpu_here(anchor, ptr)	asm_this_cpu_ptr_at(anchor, ptr)
#define asm_this_cpu_read_at(anchor, var)				\
	__atomic_load_n(asm_this_cpu_ptr_at(anchor, &(var)), __ATOMIC_RELAXED)
#define asm_this_cpu_any_at(anchor, var)				\
	(asm_this_cpu_read_at(anchor, var) != 0)
#define asm_this_cpu_write_at(anchor, var, v)				\
	__atomic_store_n(asm_this_cpu_ptr_at(anchor, &(var)), (v),	\
			 __ATOMIC_RELEASE)

#endif
