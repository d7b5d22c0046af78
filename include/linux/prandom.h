/* SPDX-License-Identifier: MIT */
/* A seeded stream of numbers: the same seed, the same stream. */
#ifndef _LINUX_PRANDOM_H
#define _LINUX_PRANDOM_H

#include <linux/types.h>

struct rnd_state {
	u64 state;
};

void prandom_seed_state(struct rnd_state *state, u64 seed);
u32 prandom_u32_state(struct rnd_state *state);
void prandom_bytes_state(struct rnd_state *state, void *buf, size_t len);
/* Below @ceil, which is not 0. */
static inline u32 prandom_u32_below_state(struct rnd_state *state, u32 ceil)
{
	return (u32)((u64)prandom_u32_state(state) * ceil >> 32);
}

static inline u32 next_pseudo_random32(u32 seed)
{
	return seed * 1664525 + 1013904223;
}

#endif
