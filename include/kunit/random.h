/* SPDX-License-Identifier: MIT */
/* A seeded stream of numbers for tests: the same seed, the same stream. */
#ifndef _KUNIT_RANDOM_H
#define _KUNIT_RANDOM_H

#include <linux/types.h>

struct random {
	u64 state;
};

static inline void random_seed(struct random *r, u64 seed)
{
	r->state = seed;
}

/* splitmix64: a counter, well mixed; any seed will do, 0 too. */
static inline u64 random_next(struct random *r)
{
	u64 z = r->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* Below @n, which is not 0; its bias of n / 2^32 does not matter here. */
static inline u32 random_below(struct random *r, u32 n)
{
	return (u32)(((random_next(r) >> 32) * n) >> 32);
}

#endif
