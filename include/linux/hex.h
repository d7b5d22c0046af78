/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_HEX_H
#define _LINUX_HEX_H

#include <linux/types.h>

extern const char hex_asc[];
extern const char hex_asc_upper[];
#define hex_asc_lo(x)		hex_asc[(x) & 0x0f]
#define hex_asc_hi(x)		hex_asc[((x) & 0xf0) >> 4]

/* The digit's value, or -1. */
int hex_to_bin(unsigned char ch);
/* @count bytes from twice as many digits; 0 or -EINVAL. */
int hex2bin(u8 *dst, const char *src, size_t count);
/* The other way; where the text ends. */
char *bin2hex(char *dst, const void *src, size_t count);

static inline char *hex_byte_pack(char *buf, u8 byte)
{
	*buf++ = hex_asc_hi(byte);
	*buf++ = hex_asc_lo(byte);
	return buf;
}

#endif
