/* SPDX-License-Identifier: MIT */
/*
 * Linux's kernel interface for a program: kmalloc(), caches, pages, per-CPU
 * memory, locks, lists, the log, beside the C library in the same file.
 *
 *	#include <stdio.h>		the C library's headers first
 *	#include <octavo/octavo.h>
 *	#include <octavo/kernel.h>	and from here on
 *	#include <linux/sort.h>		the kernel's
 *
 *	octavo_bind(m, 0);
 *	p = kmalloc(100, GFP_KERNEL);	on the bound machine
 *
 * Both worlds have headers of the same names: <linux/types.h> is one thing to
 * the C library, whose <errno.h>, <limits.h> and others include such, and
 * another to a kernel. The one that a file gets depends on __KERNEL__, which
 * this header defines. Without it our headers step aside, so that a program
 * may have our folder first on its path and never notice. Hence the rules:
 *
 *  - In a program the C library's headers come before this one, and none
 *    after it. Where the two disagree about a name that the C library has
 *    already given a meaning to (loff_t, isdigit()), its meaning stays.
 *  - A header of ours whose name the system has for programs, too, begins
 *
 *	#ifndef __KERNEL__
 *	#include_next <linux/NAME.h>
 *	#elif !defined(_OCTAVO_LINUX_NAME_H)
 *	#define _OCTAVO_LINUX_NAME_H
 *
 *    in the place of its guard: with a guard that is not the system's, for
 *    both may be wanted. tests/house/headers_test.py looks for those that
 *    do not.
 *
 * It is C. Files that know nothing of the C library need not include this
 * header: octavo/config.h and -D__KERNEL__ on the command line do the same.
 *
 * Per-CPU variables of a program are alloc_percpu()'s: a machine copies the
 * library's own static ones when it starts, and knows of no others.
 */
#ifndef _OCTAVO_KERNEL_H
#define _OCTAVO_KERNEL_H

#ifdef __cplusplus
#error "<octavo/kernel.h> is for C; <octavo/octavo.h> is for C++ as well"
#endif

/* A program's warnings are not about its libraries. */
#pragma GCC system_header

#include <octavo/config.h>

#ifndef __KERNEL__
#define __KERNEL__	1
#endif

#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/topology.h>
#include <linux/types.h>
#include <linux/vmstat.h>
#include <linux/wait.h>

#undef DEFINE_PER_CPU
#undef DEFINE_PER_CPU_ALIGNED
/* No such array can be: the compiler's message names it. */
#define DEFINE_PER_CPU(type, name)					\
	int programs_use_alloc_percpu_instead[-1]
#define DEFINE_PER_CPU_ALIGNED(type, name)	DEFINE_PER_CPU(type, name)

#endif
