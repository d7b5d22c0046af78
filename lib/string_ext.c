// SPDX-License-Identifier: MIT
/* What Linux adds to the C library's string calls. The same in all ports. */
#include <linux/string.h>

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/types.h>

ssize_t strscpy(char *dst, const char *src, size_t size)
{
	size_t i;

	if (!size || size > (size_t)LONG_MAX)
		return -E2BIG;
	for (i = 0; i < size; i++) {
		dst[i] = src[i];
		if (!src[i])
			return (ssize_t)i;
	}
	dst[size - 1] = '\0';
	return -E2BIG;
}

void *memchr_inv(const void *s, int c, size_t n)
{
	const u8 *p = s;

	for (; n; n--, p++)
		if (*p != (u8)c)
			return (void *)p;
	return NULL;
}

char *skip_spaces(const char *s)
{
	while (isspace(*s))
		s++;
	return (char *)s;
}

char *strim(char *s)
{
	size_t n = strlen(s);

	while (n && isspace(s[n - 1]))
		n--;
	s[n] = '\0';
	return skip_spaces(s);
}
