/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_CRC32_H
#define _LINUX_CRC32_H

#include <linux/types.h>

/* CRC-32 of IEEE 802.3, low bit first, from @crc on; no final complement. */
static inline u32 crc32_le(u32 crc, const unsigned char *p, size_t len)
{
	int i;

	for (; len; len--) {
		crc ^= *p++;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return crc;
}

#define crc32(seed, data, len)	crc32_le(seed, (const unsigned char *)(data), len)

#endif
