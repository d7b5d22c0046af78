/* SPDX-License-Identifier: MIT */
/* Hashes of bytes. The values are our own, not those of Linux. */
#ifndef _LINUX_JHASH_H
#define _LINUX_JHASH_H

#include <linux/bitops.h>
#include <linux/string.h>
#include <linux/types.h>

#define JHASH_INITVAL	0xdeadbeefu

/* A hash of @length bytes: one word at a time, mixed as murmur3 does. */
static inline u32 jhash(const void *key, u32 length, u32 initval)
{
	const u8 *p = key;
	u32 h = initval ^ JHASH_INITVAL ^ length, w;

	while (length) {
		u32 n = length < 4 ? length : 4;

		w = 0;
		memcpy(&w, p, n);
		h = rol32(h ^ rol32(w * 0xcc9e2d51u, 15) * 0x1b873593u, 13) * 5 +
		    0xe6546b64u;
		p += n;
		length -= n;
	}
	h = (h ^ h >> 16) * 0x85ebca6bu;
	h = (h ^ h >> 13) * 0xc2b2ae35u;
	return h ^ h >> 16;
}

static inline u32 jhash2(const u32 *k, u32 length, u32 initval)
{
	return jhash(k, length * 4, initval);
}

static inline u32 jhash_3words(u32 a, u32 b, u32 c, u32 initval)
{
	u32 k[3] = { a, b, c };

	return jhash2(k, 3, initval);
}

static inline u32 jhash_2words(u32 a, u32 b, u32 initval)
{
	return jhash_3words(a, b, 0, initval);
}

static inline u32 jhash_1word(u32 a, u32 initval)
{
	return jhash_3words(a, 0, 0, initval);
}

#endif
