/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU variables. The section octavo_percpu is a template; each CPU has
 * a copy at an offset of its own, __per_cpu_offset[cpu], which the port
 * keeps where this_cpu_* finds it fastest (x86: the GS base; host: a
 * thread-local word).
 *
 *   &var + __per_cpu_offset[cpu]  ==  per_cpu_ptr(&var, cpu)
 *
 * Before setup_per_cpu_areas() the booting CPU runs on a private copy that
 * the port made, so the template stays as the compiler wrote it.
 */
#ifndef _LINUX_PERCPU_DEFS_H
#define _LINUX_PERCPU_DEFS_H

#include <linux/types.h>
#include <asm/percpu.h>

#define DECLARE_PER_CPU(type, name)					\
	extern __section("octavo_percpu") __typeof__(type) name
#define DEFINE_PER_CPU(type, name)					\
	__section("octavo_percpu") __typeof__(type) name
#define DEFINE_PER_CPU_ALIGNED(type, name)				\
	DEFINE_PER_CPU(type, name) ____cacheline_aligned

extern char __start_octavo_percpu[], __stop_octavo_percpu[];
#define __per_cpu_start	__start_octavo_percpu
#define __per_cpu_end	__stop_octavo_percpu

#define SHIFT_PERCPU_PTR(ptr, off)					\
	((__typeof__(ptr))((unsigned long)(ptr) + (off)))
#define per_cpu_offset(cpu)	(this_machine()->percpu_offset[cpu])
#define per_cpu_ptr(ptr, cpu)	SHIFT_PERCPU_PTR(ptr, per_cpu_offset(cpu))
#define per_cpu(var, cpu)	(*per_cpu_ptr(&(var), cpu))
/* The caller keeps itself on this CPU. */
#define this_cpu_ptr(ptr)	SHIFT_PERCPU_PTR(ptr, this_cpu_offset())
#define raw_cpu_ptr(ptr)	this_cpu_ptr(ptr)

/*
 * The same with @anchor = cpu_anchor(), for a few accesses one after another
 * during which the thread cannot come to another CPU, or where the port's
 * accesses do not depend on it: it is found once.
 */
#define this_cpu_read_at(anchor, var)	asm_this_cpu_read_at(anchor, var)
/* Whether a variable of 32 bits is not 0. */
#define this_cpu_any_at(anchor, var)	asm_this_cpu_any_at(anchor, var)
#define this_cpu_write_at(anchor, var, v) asm_this_cpu_write_at(anchor, var, v)
#define this_cpu_ptr_at(anchor, ptr)	asm_this_cpu_ptr_at(anchor, ptr)
/*
 * The same as a pointer to what the port's __percpu_here qualifies: on some
 * nothing has to be found then. For accesses right here.
 */
#define this_cpu_here(anchor, ptr)	asm_this_cpu_here(anchor, ptr)

/* One access to this CPU's copy, whole against interrupts. */
#define this_cpu_read(var)	asm_this_cpu_read(var)
#define this_cpu_write(var, v)	asm_this_cpu_write(var, v)
#define this_cpu_add(var, v)	asm_this_cpu_add(var, v)
#define this_cpu_sub(var, v)	asm_this_cpu_add(var, -(v))
#define this_cpu_inc(var)	this_cpu_add(var, 1)
#define this_cpu_dec(var)	this_cpu_add(var, -1)
#define __this_cpu_read(var)	this_cpu_read(var)
#define __this_cpu_write(var, v) this_cpu_write(var, v)
#define __this_cpu_add(var, v)	this_cpu_add(var, v)
#define __this_cpu_inc(var)	this_cpu_inc(var)

#endif
