/* SPDX-License-Identifier: MIT */
/*
 * Numbers that look random and follow from a seed alone, for tests, models
 * and stress: not for secrets.
 *
 * The generator steps a counter by the golden ratio of 2^64 and mixes its
 * bits with two odd multipliers (the "splitmix" construction): every seed
 * gives a full period of 2^64, and neighbouring seeds give unrelated runs.
 */
#ifndef _OCTAVO_RANDOM_H
#define _OCTAVO_RANDOM_H

#include <linux/types.h>

/* The next number; the state may start as any value. */
static inline u64 random_next(u64 *state)
{
	u64 z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* A number below @n, which is not 0; even to 1 part in 2^64 / n. */
static inline u64 random_below(u64 *state, u64 n)
{
	return random_next(state) % n;
}

/* From @lo to @hi, both within. */
static inline u64 random_between(u64 *state, u64 lo, u64 hi)
{
	u64 n = hi - lo + 1;

	return lo + (n ? random_below(state, n) : random_next(state));
}

#endif
