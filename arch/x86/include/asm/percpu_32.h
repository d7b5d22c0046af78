/* SPDX-License-Identifier: MIT */
/* Per-CPU accesses of 32 bits: what has 64 is only added to. */
#ifndef _ASM_PERCPU_32_H
#define _ASM_PERCPU_32_H

/* The segment, before an operand of an asm statement, and for the compiler. */
#define PERCPU_SEG	"%%fs:"
#define PERCPU_SPACE	__seg_fs

#define asm_this_cpu_read(var) ({					\
	static_assert(sizeof(var) <= 4, "whole against interrupts");	\
	__typeof__(var) __pcpu_v;					\
	__asm__ __volatile__("mov " PERCPU_SEG "%1, %0"			\
			     : "=q" (__pcpu_v) : "m" (var));		\
	__pcpu_v; })

/* Only additions: an interrupt between the two instructions
 * adds as well, and leaves the carry as it was. */
#define __percpu_op8(op, var, v)	__percpu_##op##8(var, v)
#define __percpu_add8(var, v)		__count_add8(PERCPU_SEG, var, v)
#define __percpu_mov8(var, v)		__percpu_no_store_of_64_bits()
void __percpu_no_store_of_64_bits(void);
#define __count_add8(seg, counter, v)					\
	__asm__ __volatile__("addl %k1, " seg "%0\n\tadcl %k2, " seg "4+%0" \
			     : "+m" (counter)				\
			     : "ri" ((u32)(v)), "ri" ((u32)((s64)(v) >> 32)))

/* To a counter in ordinary memory: one CPU writes, others read. */
#define asm_count_add(counter, v) do {					\
	if (sizeof(*(counter)) == 8)					\
		__count_add8("", *(counter), v);			\
	else								\
		__asm__ __volatile__("addl %1, %0" : "+m" (*(counter))	\
				     : "ri" ((u32)(v)));		\
} while (0)

#endif
