/* SPDX-License-Identifier: MIT */
/* Sizes and alignments of the lines that CPUs share memory in. */
#ifndef _LINUX_CACHE_H
#define _LINUX_CACHE_H

#include <linux/align.h>
#include <linux/compiler.h>

/* All ports are x86, whose lines have 64 bytes: 1 << L1_CACHE_SHIFT. */
#define L1_CACHE_SHIFT		6
#define L1_CACHE_BYTES		(1 << L1_CACHE_SHIFT)
/* Allocations that name no alignment get a line of their own. */
#define SMP_CACHE_BYTES		L1_CACHE_BYTES

/* Up to whole lines. */
#define L1_CACHE_ALIGN(x)	ALIGN(x, L1_CACHE_BYTES)
#define SMP_CACHE_ALIGN(x)	ALIGN(x, SMP_CACHE_BYTES)

#endif
