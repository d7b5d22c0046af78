/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_THREADS_H
#define _LINUX_THREADS_H

/* The largest machine that can be described: 8 nodes of 64 CPUs. */
#define NR_CPUS		512

#endif
