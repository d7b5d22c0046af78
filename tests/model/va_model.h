/* SPDX-License-Identifier: MIT */
#ifndef OCTAVO_TESTS_VA_MODEL_H
#define OCTAVO_TESTS_VA_MODEL_H

#include <linux/types.h>

/* 0, or the step after which addresses and oracle differ. */
int va_model_run(u64 seed, u64 steps);

#endif
