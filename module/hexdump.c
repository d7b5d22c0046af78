// SPDX-License-Identifier: MIT
/* Bytes in hex: digits into bytes and back, and dumps in the log. */
#include <linux/hex.h>

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

const char hex_asc[] = "0123456789abcdef";
const char hex_asc_upper[] = "0123456789ABCDEF";

int hex_to_bin(unsigned char ch)
{
	if (isdigit(ch))
		return ch - '0';
	return isxdigit(ch) ? tolower(ch) - 'a' + 10 : -1;
}

int hex2bin(u8 *dst, const char *src, size_t count)
{
	for (; count; count--, src += 2) {
		int hi = hex_to_bin((unsigned char)src[0]);
		int lo = hi < 0 ? -1 : hex_to_bin((unsigned char)src[1]);

		if (lo < 0)
			return -EINVAL;
		*dst++ = (u8)(hi << 4 | lo);
	}
	return 0;
}

char *bin2hex(char *dst, const void *src, size_t count)
{
	const u8 *p = src;

	while (count--)
		dst = hex_byte_pack(dst, *p++);
	return dst;
}

/* A number of @size bytes, as the CPU reads it. */
static u64 group_at(const u8 *p, int size)
{
	u64 n = 0;

	memcpy(&n, p, (size_t)size);	/* little endian */
	return n;
}

int hex_dump_to_buffer(const void *buf, size_t len, int rowsize, int groupsize,
		       char *linebuf, size_t linebuflen, bool ascii)
{
	const u8 *p = buf;
	size_t i, n = 0;

#define PUT(fmt, ...)							\
	(n += (size_t)snprintf(linebuf + min(n, linebuflen),		\
			       linebuflen - min(n, linebuflen), fmt,	\
			       ##__VA_ARGS__))

	if (rowsize != 16 && rowsize != 32)
		rowsize = 16;
	len = min(len, (size_t)rowsize);
	if ((groupsize != 2 && groupsize != 4 && groupsize != 8) ||
	    len % (size_t)groupsize)
		groupsize = 1;
	for (i = 0; i < len; i += (size_t)groupsize)
		PUT("%s%0*llx", i ? " " : "", groupsize * 2,
		    group_at(p + i, groupsize));
	if (!ascii)
		return (int)n;
	/* Characters stand in one column, whatever the last line lacks. */
	i = (size_t)rowsize * 2 + (size_t)(rowsize / groupsize) + 1;
	PUT("%*s", (int)(i > n ? i - n : 2), "");
	for (i = 0; i < len; i++)
		PUT("%c", isprint(p[i]) ? p[i] : '.');
#undef PUT
	return (int)n;
}

void print_hex_dump(const char *level, const char *prefix, int prefix_type,
		    int rowsize, int groupsize, const void *buf, size_t len,
		    bool ascii)
{
	const u8 *p = buf;
	char line[32 * 3 + 2 + 32 + 1];
	size_t i;

	if (rowsize != 16 && rowsize != 32)
		rowsize = 16;
	for (i = 0; i < len; i += (size_t)rowsize) {
		hex_dump_to_buffer(p + i, len - i, rowsize, groupsize, line,
				   sizeof(line), ascii);
		if (prefix_type == DUMP_PREFIX_ADDRESS)
			printk("%s%s%px: %s\n", level, prefix, p + i, line);
		else if (prefix_type == DUMP_PREFIX_OFFSET)
			printk("%s%s%.8zx: %s\n", level, prefix, i, line);
		else
			printk("%s%s%s\n", level, prefix, line);
	}
}
