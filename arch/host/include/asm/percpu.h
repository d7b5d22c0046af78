/* SPDX-License-Identifier: MIT */
/*
 * A thread's CPU is known by a thread-local offset. A CPU is a token that
 * one thread holds at a time, so plain accesses are whole.
 */
#ifndef _ASM_PERCPU_H
#define _ASM_PERCPU_H

#include <asm/machine.h>

#define this_cpu_offset()	(host_cpu.percpu_offset)
#define set_this_cpu_offset(off)	(host_cpu.percpu_offset = (off))
#define __host_this(var)						\
	(*(__typeof__(&(var)))((unsigned long)&(var) + this_cpu_offset()))
#define asm_this_cpu_read(var)		READ_ONCE(__host_this(var))
#define asm_this_cpu_write(var, v)	WRITE_ONCE(__host_this(var), (v))
#define asm_this_cpu_add(var, v) do {					\
	__typeof__(&(var)) __p = &__host_this(var);			\
	WRITE_ONCE(*__p, (__typeof__(var))(READ_ONCE(*__p) + (v)));	\
} while (0)

#endif
