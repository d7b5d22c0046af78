/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU variables are linked at their template's address, and the base of
 * a segment register, %gs on 64 bits and %fs on 32, is the distance from the
 * template to this CPU's copy. So one instruction with its prefix reaches the
 * copy, whole against interrupts.
 */
#ifndef _ASM_PERCPU_H
#define _ASM_PERCPU_H

#include <linux/types.h>
#ifdef CONFIG_64BIT
#include <asm/percpu_64.h>
#else
#include <asm/percpu_32.h>
#endif

/* This CPU's base of the segment, where an ordinary load finds it. */
extern __section("octavo_percpu") unsigned long this_cpu_off;

/* One of four operand sizes; the other three are never reached. */
#define __percpu_op(op, var, v) do {					\
	__typeof__(var) __pcpu_w = (__typeof__(var))(v);		\
	unsigned long __pcpu_v = (unsigned long)__pcpu_w;		\
	switch (sizeof(var)) {						\
	case 1:								\
		__asm__ __volatile__(#op "b %b1, " PERCPU_SEG "%0"	\
				     : "+m" (var) : "qi" (__pcpu_v));	\
		break;							\
	case 2:								\
		__asm__ __volatile__(#op "w %w1, " PERCPU_SEG "%0"	\
				     : "+m" (var) : "ri" (__pcpu_v));	\
		break;							\
	case 4:								\
		__asm__ __volatile__(#op "l %k1, " PERCPU_SEG "%0"	\
				     : "+m" (var) : "ri" (__pcpu_v));	\
		break;							\
	case 8:								\
		__percpu_op8(op, var, __pcpu_w);			\
		break;							\
	}								\
} while (0)

#define asm_this_cpu_write(var, v)	__percpu_op(mov, var, v)
#define asm_this_cpu_add(var, v)	__percpu_op(add, var, v)

#define this_cpu_offset()	asm_this_cpu_read(this_cpu_off)

/* Of a 32-bit variable: a comparison in memory, whose flags are the answer. */
#define asm_this_cpu_any(var) ({					\
	bool __pcpu_any;						\
	__asm__ __volatile__("cmpl $0, " PERCPU_SEG "%1"				\
			     : "=@ccne" (__pcpu_any) : "m" (var));	\
	__pcpu_any; })

/* The segment is the anchor, and moves with the thread. */
#define cpu_anchor()		0UL
#define asm_this_cpu_read_at(anchor, var)				\
	((void)(anchor), asm_this_cpu_read(var))
#define asm_this_cpu_any_at(anchor, var)				\
	((void)(anchor), asm_this_cpu_any(var))
#define asm_this_cpu_write_at(anchor, var, v) do {			\
	(void)(anchor);							\
	asm_this_cpu_write(var, v);					\
} while (0)
/* What the segment makes this CPU's copy of a variable, where the compiler knows it. */
#define __percpu_here		PERCPU_SPACE
#define asm_this_cpu_here(anchor, ptr)					\
	((void)(anchor), (__typeof__(*(ptr)) PERCPU_SPACE *)(unsigned long)(ptr))
#define asm_this_cpu_ptr_at(anchor, ptr)				\
	((__typeof__(ptr))((unsigned long)(ptr) + (anchor) + this_cpu_offset()))

#endif
