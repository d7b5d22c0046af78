// SPDX-License-Identifier: MIT
/*
 * One conversion at a time, against the C library's.
 *
 * An input is: flags, width, precision, length, conversion, buffer size (a
 * byte each), the value (8 bytes), and a string for %s.
 */
#include <linux/kernel.h>
#include <linux/string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define ROOM	600	/* more than the widest field */

struct conversion {
	char fmt[32];
	char conv;
	char length;		/* 'H' for hh, 'L' for ll, or itself */
	u64 value;
	const char *text;
};

/* The format, but for %#x of 0, where ours is Linux's "0x0". */
static void build(struct conversion *c, const u8 *in)
{
	static const char flags[] = "-+ #0", convs[] = "diuxXocs";
	static const char *const lengths[] = { "", "hh", "h", "l", "ll", "z" };
	const char *length;
	char *p = c->fmt;
	int i;

	c->conv = convs[in[4] % 8];
	*p++ = '%';
	for (i = 0; i < 5; i++) {
		/* What C99 leaves undefined for c and s, or for both signs. */
		if (!(in[0] >> i & 1) || (strchr("cs", c->conv) && i) ||
		    (flags[i] == '#' && (!c->value || !strchr("xXo", c->conv))))
			continue;
		*p++ = flags[i];
	}
	if (in[1] & 0x80)
		p += sprintf(p, "%d", in[1] & 0x7f);
	if (in[2] & 0x80 && c->conv != 'c')
		p += sprintf(p, ".%d", in[2] & 0x7f);
	length = strchr("cs", c->conv) ? "" : lengths[in[3] % 6];
	c->length = length[0] == 'h' && length[1] ? 'H' :
		    length[0] == 'l' && length[1] ? 'L' : length[0];
	p += sprintf(p, "%s", length);
	*p++ = c->conv;
	*p = '\0';
}

#define PRINT(fn, buf, size, c)						\
	((c)->conv == 's' ? fn(buf, size, (c)->fmt, (c)->text) :	\
	 (c)->length == 'L' || (c)->length == 'l' || (c)->length == 'z' ? \
		fn(buf, size, (c)->fmt, (c)->value) :			\
		fn(buf, size, (c)->fmt, (unsigned int)(c)->value))

static void compare(const struct conversion *c, size_t size)
{
	/* Called through pointers, so that nobody checks the formats. */
	int (*volatile ours)(char *, size_t, const char *, ...) = snprintf;
	static char a[ROOM], b[ROOM];
	int n, m;

	memset(a, '~', sizeof(a));
	memset(b, '~', sizeof(b));
	n = PRINT(ours, a, size, c);
	m = PRINT(__builtin_snprintf, b, size, c);
	if (n != m || memcmp(a, b, size))
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct conversion c;
	char *text;

	if (size < 14)
		return 0;
	text = __builtin_malloc(size - 13);
	memcpy(text, data + 14, size - 14);
	text[size - 14] = '\0';
	memcpy(&c.value, data + 6, sizeof(c.value));
	c.text = text;
	build(&c, data);
	/* A value that its length cuts to 0 has no prefix in C99. */
	if (strchr(c.fmt, '#') && (!(u8)c.value || !(u16)c.value ||
				   !(u32)c.value))
		goto out;
	compare(&c, 1 + data[5] * 2);
out:
	__builtin_free(text);
	return 0;
}
