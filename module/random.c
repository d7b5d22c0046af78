// SPDX-License-Identifier: MIT
/* Random numbers from those of the port, and streams from a seed. */
#include <linux/random.h>

#include <linux/string.h>

/*
 * The product with a random fraction. Of the 2^32 fractions some would make
 * small results likelier; those, 2^32 modulo @ceil, are drawn again (Lemire,
 * 2019).
 */
u32 get_random_u32_below(u32 ceil)
{
	u64 product;

	if (!ceil)
		return get_random_u32();
	do
		product = (u64)get_random_u32() * ceil;
	while ((u32)product < -ceil % ceil);
	return (u32)(product >> 32);
}

void get_random_bytes(void *buf, size_t len)
{
	u8 *p = buf;

	while (len) {
		u64 r = port_random();
		size_t n = len < sizeof(r) ? len : sizeof(r);

		memcpy(p, &r, n);
		p += n;
		len -= n;
	}
}

void prandom_seed_state(struct rnd_state *state, u64 seed)
{
	state->state = seed;
}

/* SplitMix64, its upper half (Steele, Lea and Flood, 2014). */
u32 prandom_u32_state(struct rnd_state *state)
{
	u64 z = state->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return (u32)((z ^ (z >> 31)) >> 32);
}

void prandom_bytes_state(struct rnd_state *state, void *buf, size_t len)
{
	u8 *p = buf;

	for (; len; len--)
		*p++ = (u8)prandom_u32_state(state);
}
