/* SPDX-License-Identifier: MIT */
/* Per-CPU accesses of 64 bits: any size is one instruction. */
#ifndef _ASM_PERCPU_64_H
#define _ASM_PERCPU_64_H

/* The segment, before an operand of an asm statement, and for the compiler. */
#define PERCPU_SEG	"%%gs:"
#define PERCPU_SPACE	__seg_gs

#define asm_this_cpu_read(var) ({					\
	__typeof__(var) __pcpu_v;					\
	__asm__ __volatile__("mov " PERCPU_SEG "%1, %0"			\
			     : "=r" (__pcpu_v) : "m" (var));		\
	__pcpu_v; })

#define __percpu_op8(op, var, v)					\
	__asm__ __volatile__(#op "q %1, " PERCPU_SEG "%0"		\
			     : "+m" (var) : "re" ((unsigned long)(v)))

/* To a 64-bit counter in ordinary memory: one CPU writes, others read. */
#define asm_count_add(counter, v) do {					\
	static_assert(sizeof(*(counter)) == 8, "addq");			\
	__asm__ __volatile__("addq %1, %0" : "+m" (*(counter))		\
			     : "re" ((__typeof__(*(counter)))(v)));	\
} while (0)

#endif
