/* SPDX-License-Identifier: MIT */
/* Memory made as a hosted machine's RAM is: a sparse memfd, shared. */
#ifndef OCTAVO_BENCH_ARENA_H
#define OCTAVO_BENCH_ARENA_H

#include <stddef.h>

/* @size bytes that read as zero and cost nothing until touched; or NULL. */
void *bench_arena(size_t size);

#endif
