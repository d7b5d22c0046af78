/* SPDX-License-Identifier: MIT */
/*
 * MODEL_RUN, the test that the build chose: NAME_model_run(seed, steps) of
 * NAME_model.c. 0, or the step after which it differs from its oracle.
 * MODEL_BOOTED says whether it wants a machine that has started.
 */
#ifndef OCTAVO_TESTS_MODEL_MAIN_H
#define OCTAVO_TESTS_MODEL_MAIN_H

#include <stdint.h>

#define MODEL_PASTE2(a, b)	a##b
#define MODEL_PASTE(a, b)	MODEL_PASTE2(a, b)
#define MODEL_RUN		MODEL_PASTE(MODEL, _model_run)

/* The core's u64. */
int MODEL_RUN(unsigned long long seed, unsigned long long steps);

/* Room for every zone of a PC below 4 GiB; small, so that it runs empty. */
#define MODEL_MEMORY		(64ULL << 20)

#endif
