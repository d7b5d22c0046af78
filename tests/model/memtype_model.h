/* SPDX-License-Identifier: MIT */
#ifndef OCTAVO_TESTS_MEMTYPE_MODEL_H
#define OCTAVO_TESTS_MEMTYPE_MODEL_H

#include <linux/types.h>

/*
 * @steps random requests to the registry of cache types, from @seed, each
 * followed by a comparison with the oracle. 0, or the step after which they
 * differ, which the log explains.
 */
int memtype_model_run(u64 seed, u64 steps);

#endif
