/* SPDX-License-Identifier: MIT */
#ifndef _TESTS_MEMBLOCK_MODEL_H
#define _TESTS_MEMBLOCK_MODEL_H

#include <linux/types.h>

/*
 * Runs @steps random edits and allocations on a scratch memblock of the
 * current machine against an oracle. 0, or the first step after which they
 * differ. The machine's own memblock is put back. One run at a time.
 */
int memblock_model_run(u64 seed, u64 steps);

#endif
