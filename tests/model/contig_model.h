/* SPDX-License-Identifier: MIT */
#ifndef OCTAVO_TESTS_CONTIG_MODEL_H
#define OCTAVO_TESTS_CONTIG_MODEL_H

#include <linux/types.h>

/*
 * @steps random requests for contiguous blocks at places with conditions,
 * among requests for blocks of the buddy system, from @seed, each compared
 * with the oracle. 0, or the step after which they differ, which the log
 * explains.
 */
int contig_model_run(u64 seed, u64 steps);

#endif
