/* SPDX-License-Identifier: MIT */
#ifndef _TESTS_SLAB_MODEL_H
#define _TESTS_SLAB_MODEL_H

#include <linux/types.h>

/*
 * Runs @steps random calls on objects of the current machine, which has
 * started, against an oracle that knows who owns each. All are given back at
 * the end. 0, or the first step after which the two differ; why is in the
 * log. One run at a time.
 */
int slab_model_run(u64 seed, u64 steps);

#endif
