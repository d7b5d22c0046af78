/* SPDX-License-Identifier: MIT */
#ifndef OCTAVO_TESTS_HIGHMEM_MODEL_H
#define OCTAVO_TESTS_HIGHMEM_MODEL_H

#include <linux/types.h>

/*
 * @steps random calls of kmap(), kmap_local_page() and their like, from @seed,
 * each compared with the oracle. The machine has high memory. 0, or the step after which they differ, which
 * the log explains.
 */
int highmem_model_run(u64 seed, u64 steps);

#endif
