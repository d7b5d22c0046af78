/* SPDX-License-Identifier: MIT */
#ifndef _TESTS_E820_MODEL_H
#define _TESTS_E820_MODEL_H

#include <linux/types.h>

/*
 * Runs @steps random edits of a memory map against an oracle. 0, or the first
 * step after which they differ, after a line in the log that says in what.
 * One run at a time.
 */
int e820_model_run(u64 seed, u64 steps);

#endif
