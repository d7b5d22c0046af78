// SPDX-License-Identifier: MIT
/* What Linux adds to the C library's string calls. The same in all ports. */
#include <linux/string.h>

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/types.h>

ssize_t octavo_strscpy(char *dst, const char *src, size_t size)
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

ssize_t octavo_strscpy_pad(char *dst, const char *src, size_t size)
{
	ssize_t n = octavo_strscpy(dst, src, size);

	if (n >= 0 && (size_t)n + 1 < size)
		memset(dst + n + 1, 0, size - (size_t)n - 1);
	return n;
}

char *strnchr(const char *s, size_t n, int c)
{
	for (; n; n--, s++) {
		if (*s == (char)c)
			return (char *)s;
		if (!*s)
			break;
	}
	return NULL;
}

char *strchrnul(const char *s, int c)
{
	while (*s && *s != (char)c)
		s++;
	return (char *)s;
}

char *strnstr(const char *hay, const char *needle, size_t n)
{
	size_t len = strlen(needle);

	if (!len)
		return (char *)hay;
	for (; n >= len && *hay; n--, hay++)
		if (!strncmp(hay, needle, len))
			return (char *)hay;
	return NULL;
}

bool sysfs_streq(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	if (*a == '\n' && !a[1])
		a++;
	if (*b == '\n' && !b[1])
		b++;
	return !*a && !*b;
}

static int array_find(const char *const *array, size_t n, const char *s,
		      bool newline)
{
	size_t i;

	for (i = 0; i < n && array[i]; i++)
		if (newline ? sysfs_streq(array[i], s) : !strcmp(array[i], s))
			return (int)i;
	return -EINVAL;
}

int match_string(const char *const *array, size_t n, const char *string)
{
	return array_find(array, n, string, false);
}

int __sysfs_match_string(const char *const *array, size_t n, const char *s)
{
	return array_find(array, n, s, true);
}

char *strreplace(char *s, char old, char new)
{
	char *p;

	for (p = s; *p; p++)
		if (*p == old)
			*p = new;
	return s;
}

const char *kbasename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

size_t str_has_prefix(const char *str, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(str, prefix, n) ? 0 : n;
}

bool strstarts(const char *str, const char *prefix)
{
	return !strncmp(str, prefix, strlen(prefix));
}

#define MEMSET(bits)							\
void *memset##bits(u##bits *s, u##bits v, size_t n)			\
{									\
	u##bits *p = s;							\
									\
	while (n--)							\
		*p++ = v;						\
	return s;							\
}
MEMSET(16)
MEMSET(32)
MEMSET(64)
