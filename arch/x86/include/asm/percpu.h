/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU variables are linked at their template's address, and the base of
 * %gs is the distance from the template to this CPU's copy. So one
 * instruction with a %gs prefix reaches the copy, whole against interrupts.
 */
#ifndef _ASM_PERCPU_H
#define _ASM_PERCPU_H

#include <linux/types.h>

/* This CPU's base of %gs, where an ordinary load finds it. */
extern __section("octavo_percpu") unsigned long this_cpu_off;

#define asm_this_cpu_read(var) ({					\
	__typeof__(var) __pcpu_v;					\
	__asm__ __volatile__("mov %%gs:%1, %0"				\
			     : "=r" (__pcpu_v) : "m" (var));		\
	__pcpu_v; })

/* One of four operand sizes; the other three are never reached. */
#define __percpu_op(op, var, v) do {					\
	unsigned long __pcpu_v = (unsigned long)(v);			\
	switch (sizeof(var)) {						\
	case 1:								\
		__asm__ __volatile__(op "b %b1, %%gs:%0"		\
				     : "+m" (var) : "qi" (__pcpu_v));	\
		break;							\
	case 2:								\
		__asm__ __volatile__(op "w %w1, %%gs:%0"		\
				     : "+m" (var) : "ri" (__pcpu_v));	\
		break;							\
	case 4:								\
		__asm__ __volatile__(op "l %k1, %%gs:%0"		\
				     : "+m" (var) : "ri" (__pcpu_v));	\
		break;							\
	case 8:								\
		__asm__ __volatile__(op "q %1, %%gs:%0"			\
				     : "+m" (var) : "re" (__pcpu_v));	\
		break;							\
	}								\
} while (0)

#define asm_this_cpu_write(var, v)	__percpu_op("mov", var, v)
#define asm_this_cpu_add(var, v)	__percpu_op("add", var, v)

#define this_cpu_offset()	asm_this_cpu_read(this_cpu_off)

/* Of a 32-bit variable: a comparison in memory, whose flags are the answer. */
#define asm_this_cpu_any(var) ({					\
	bool __pcpu_any;						\
	__asm__ __volatile__("cmpl $0, %%gs:%1"				\
			     : "=@ccne" (__pcpu_any) : "m" (var));	\
	__pcpu_any; })

/* To a 64-bit counter in ordinary memory: one CPU writes, others read. */
#define asm_count_add(counter, v) do {					\
	static_assert(sizeof(*(counter)) == 8, "addq");			\
	__asm__ __volatile__("addq %1, %0" : "+m" (*(counter))		\
			     : "re" ((__typeof__(*(counter)))(v)));	\
} while (0)

/* %gs is the anchor, and moves with the thread. */
#define cpu_anchor()		0UL
#define asm_this_cpu_read_at(anchor, var)				\
	((void)(anchor), asm_this_cpu_read(var))
#define asm_this_cpu_any_at(anchor, var)				\
	((void)(anchor), asm_this_cpu_any(var))
#define asm_this_cpu_write_at(anchor, var, v) do {			\
	(void)(anchor);							\
	asm_this_cpu_write(var, v);					\
} while (0)
/* What %gs makes this CPU's copy of a variable, where the compiler knows it. */
#define __percpu_here		__seg_gs
#define asm_this_cpu_here(anchor, ptr)					\
	((void)(anchor), (__typeof__(*(ptr)) __seg_gs *)(unsigned long)(ptr))
#define asm_this_cpu_ptr_at(anchor, ptr)				\
	((__typeof__(ptr))((unsigned long)(ptr) + (anchor) + this_cpu_offset()))

#endif
