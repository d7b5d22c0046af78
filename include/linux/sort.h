/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SORT_H
#define _LINUX_SORT_H

#include <linux/types.h>

typedef int (*cmp_func_t)(const void *a, const void *b);
typedef void (*swap_func_t)(void *a, void *b, int size);

/*
 * Orders @num elements of @size bytes at @base so that cmp(e[i], e[i+1]) is
 * at most 0. Equal elements may change places. In place, without memory or
 * recursion, in num * log(num) steps whatever the order was. @swap may be
 * NULL: bytes are exchanged.
 */
void sort(void *base, size_t num, size_t size, cmp_func_t cmp,
	  swap_func_t swap);

#endif
