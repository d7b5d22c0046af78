/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_THREADS_H
#define _LINUX_THREADS_H

/*
 * The largest machine that can be described: 8 nodes of 64 CPUs. On 32 bits
 * what each CPU has of its own takes addresses, of which there are few.
 */
#ifdef CONFIG_64BIT
#define NR_CPUS		512
#else
#define NR_CPUS		32
#endif

#endif
