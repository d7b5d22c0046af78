/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PERCPU_H
#define _LINUX_PERCPU_H

#include <linux/percpu-defs.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <octavo/machine.h>

/* This CPU's copy, with preemption off until put_cpu_var. */
#define get_cpu_var(var)	(*({ preempt_disable(); this_cpu_ptr(&(var)); }))
#define put_cpu_var(var)	do { (void)&(var); preempt_enable(); } while (0)
#define get_cpu_ptr(ptr)	({ preempt_disable(); this_cpu_ptr(ptr); })
#define put_cpu_ptr(ptr)	do { (void)(ptr); preempt_enable(); } while (0)

/*
 * Gives every possible CPU its own copy of the per-CPU section, in memory of
 * its own node. Early boot, after memblock and the topology are known; stops
 * the machine when memory lacks. The booting CPU keeps what it had written.
 */
void setup_per_cpu_areas(void);
/*
 * From here on objects can be allocated: in what is left of the areas, then
 * in chunks of pages. Once, after mm_init().
 */
void percpu_init(void);

/* A pointer of this kind is for per_cpu_ptr() and this_cpu_ptr() alone. */
#define __percpu

/*
 * An object of @size bytes for each possible CPU, zeroed, on a multiple of
 * @align, a power of two; both at most PCPU_MIN_UNIT_SIZE. The memory is of
 * each CPU's node if there is some. NULL when memory lacks, with a line
 * unless __GFP_NOWARN; a size or alignment that cannot be is reported. May
 * sleep if @gfp says so: with GFP_KERNEL; with GFP_ATOMIC or GFP_NOWAIT any
 * context but NMI.
 */
void __percpu *__alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp);
void __percpu *__alloc_percpu(size_t size, size_t align);
/*
 * Gives @ptr from one of these back; NULL is nothing. What is none, or was
 * freed before, is reported and left alone. Any context but NMI.
 */
void free_percpu(void __percpu *ptr);

#define PCPU_MIN_UNIT_SIZE	PERCPU_UNIT_SIZE
#define alloc_percpu_gfp(type, gfp)					\
	((__typeof__(type) __percpu *)__alloc_percpu_gfp(sizeof(type),	\
						__alignof__(type), gfp))
#define alloc_percpu(type)						\
	((__typeof__(type) __percpu *)__alloc_percpu(sizeof(type),	\
						     __alignof__(type)))

/* The physical address behind @addr, in some CPU's area. Any context. */
phys_addr_t per_cpu_ptr_to_phys(void *addr);
/* Whether @addr is in a CPU's static variables. Any context. */
bool is_kernel_percpu_address(unsigned long addr);
/* Pages behind all CPUs' areas. Any context. */
unsigned long pcpu_nr_pages(void);
/* Gives every chunk that nothing uses back. Returns how many. May sleep. */
unsigned int percpu_shrink(void);
/* Stops the machine unless the invariants in mm/page/percpu_check.c hold. */
void percpu_check(void);
/* What percpu_stats says. Any context. */
struct seq_file;
void percpu_stats_show(struct seq_file *m);

/* Read, change, write this CPU's copy, whole against interrupts. */
#define __this_cpu_change(var, change) ({				\
	unsigned long __pc_flags;					\
	__typeof__(var) __pc_old;					\
									\
	local_irq_save(__pc_flags);					\
	__pc_old = this_cpu_read(var);					\
	change;								\
	local_irq_restore(__pc_flags);					\
	__pc_old; })
#define this_cpu_xchg(var, v)						\
	__this_cpu_change(var, this_cpu_write(var, v))
#define this_cpu_cmpxchg(var, old, new)					\
	__this_cpu_change(var, if (__pc_old == (old))			\
			       this_cpu_write(var, new))
#define this_cpu_add_return(var, v)					\
	((__typeof__(var))(__this_cpu_change(var, this_cpu_add(var, v)) + (v)))
#define this_cpu_sub_return(var, v)	this_cpu_add_return(var, -(v))
#define this_cpu_inc_return(var)	this_cpu_add_return(var, 1)
#define this_cpu_dec_return(var)	this_cpu_add_return(var, -1)
#define this_cpu_and(var, v)						\
	((void)__this_cpu_change(var, this_cpu_write(var, __pc_old & (v))))
#define this_cpu_or(var, v)						\
	((void)__this_cpu_change(var, this_cpu_write(var, __pc_old | (v))))
#define __this_cpu_sub(var, v)		this_cpu_sub(var, v)
#define __this_cpu_dec(var)		this_cpu_dec(var)
#define __this_cpu_add_return(var, v)	this_cpu_add_return(var, v)
#define __this_cpu_inc_return(var)	this_cpu_inc_return(var)
#define __this_cpu_dec_return(var)	this_cpu_dec_return(var)
#define __this_cpu_ptr(ptr)		this_cpu_ptr(ptr)
#define raw_cpu_read(var)		this_cpu_read(var)
#define raw_cpu_write(var, v)		this_cpu_write(var, v)
#define raw_cpu_add(var, v)		this_cpu_add(var, v)
#define raw_cpu_inc(var)		this_cpu_inc(var)
#define raw_cpu_dec(var)		this_cpu_dec(var)
#define per_cpu_sum(ptr) ({						\
	__typeof__(*(ptr)) __pc_sum = 0;				\
	int __pc_cpu;							\
									\
	for_each_possible_cpu(__pc_cpu)					\
		__pc_sum += *per_cpu_ptr((ptr), __pc_cpu);		\
	__pc_sum; })

#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name) DEFINE_PER_CPU_ALIGNED(type, name)
#define DEFINE_PER_CPU_PAGE_ALIGNED(type, name) DEFINE_PER_CPU_ALIGNED(type, name)
#define DEFINE_PER_CPU_READ_MOSTLY(type, name)	DEFINE_PER_CPU(type, name)
#define DECLARE_PER_CPU_ALIGNED(type, name)	DECLARE_PER_CPU(type, name)
#define EXPORT_PER_CPU_SYMBOL(name)
#define EXPORT_PER_CPU_SYMBOL_GPL(name)

#endif
