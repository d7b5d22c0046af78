/* SPDX-License-Identifier: MIT */
#ifndef BENCH_MALLOC_LIMIT_H
#define BENCH_MALLOC_LIMIT_H

#include <stddef.h>

/*
 * What no allocator can be faster than by much: a stack of pointers for each
 * thread and size class. Up to 8192 bytes. What a thread frees stays with it,
 * but for whole arrays that go round through one shared list.
 */
void *limit_alloc(size_t size);
void limit_free(void *p, size_t size);

#endif
