/* SPDX-License-Identifier: MIT */
#ifndef _TESTS_PAGE_MODEL_H
#define _TESTS_PAGE_MODEL_H

#include <linux/types.h>

/*
 * Runs @steps random page calls on the current machine, which has started
 * and has at most PAGE_MODEL_FRAMES frames, against an oracle that knows who
 * owns each frame. All pages are given back at the end. 0, or the first step
 * after which the two differ; why is in the log. One run at a time.
 */
int page_model_run(u64 seed, u64 steps);

#endif
