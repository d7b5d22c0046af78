/* SPDX-License-Identifier: MIT */
/* The mempool model test: see mempool_model.c. */
#ifndef OCTAVO_TESTS_MEMPOOL_MODEL_H
#define OCTAVO_TESTS_MEMPOOL_MODEL_H

#include <linux/types.h>

/*
 * Runs @steps steps of the stream that @seed gives, on the running machine.
 * 0, or the step after which pools and oracle differ; the log says how.
 */
int mempool_model_run(u64 seed, u64 steps);

#endif
