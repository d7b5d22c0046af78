/* SPDX-License-Identifier: MIT */
#ifndef OCTAVO_TESTS_TRACE_MODEL_H
#define OCTAVO_TESTS_TRACE_MODEL_H

#include <linux/types.h>

/*
 * @steps random calls on a ring of records, from @seed, each followed by a
 * comparison with the oracle. 0, or the step after which they differ, which
 * the log explains.
 */
int trace_model_run(u64 seed, u64 steps);

#endif
