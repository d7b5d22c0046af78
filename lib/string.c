// SPDX-License-Identifier: MIT
/*
 * The C library's memory and string calls, for ports that have no C library.
 *
 * Compilers call memcpy, memmove, memset and memcmp on their own, so these
 * exist whatever the core asks for. Bulk copies go a word at a time once the
 * destination is aligned; the ports that boot allow unaligned loads.
 *
 * A compiler that recognises the loop below as "memset" would make memset
 * call itself; the attribute forbids that. clang does not do it in
 * freestanding code.
 */
#include <linux/string.h>

#include <linux/types.h>

#ifdef __clang__
#define no_idiom
#else
#define no_idiom \
	__attribute__((__optimize__("no-tree-loop-distribute-patterns")))
#endif

#define WORD		sizeof(unsigned long)

/* Reads and writes of words that may alias any type, aligned or not. */
typedef unsigned long __attribute__((__may_alias__, __aligned__(1))) word_t;

static bool word_aligned(const void *p)
{
	return (unsigned long)p % WORD == 0;
}

no_idiom void *memcpy(void *dst, const void *src, size_t n)
{
	const u8 *s = src;
	u8 *d = dst;

	for (; n && !word_aligned(d); n--)
		*d++ = *s++;
	for (; n >= WORD; n -= WORD, d += WORD, s += WORD)
		*(word_t *)d = *(const word_t *)s;
	while (n--)
		*d++ = *s++;
	return dst;
}

/* From the end down, for a destination that lies above its source. */
static no_idiom void copy_down(u8 *d, const u8 *s, size_t n)
{
	d += n;
	s += n;
	for (; n && !word_aligned(d); n--)
		*--d = *--s;
	for (; n >= WORD; n -= WORD) {
		d -= WORD;
		s -= WORD;
		*(word_t *)d = *(const word_t *)s;
	}
	while (n--)
		*--d = *--s;
}

no_idiom void *memmove(void *dst, const void *src, size_t n)
{
	if ((unsigned long)dst - (unsigned long)src >= n)
		return memcpy(dst, src, n);
	copy_down(dst, src, n);
	return dst;
}

no_idiom void *memset(void *dst, int c, size_t n)
{
	unsigned long pattern = (u8)c * (~0UL / 0xff);
	u8 *d = dst;

	for (; n && !word_aligned(d); n--)
		*d++ = (u8)c;
	for (; n >= WORD; n -= WORD, d += WORD)
		*(word_t *)d = pattern;
	while (n--)
		*d++ = (u8)c;
	return dst;
}

no_idiom int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a, *y = b;

	for (; n >= WORD; n -= WORD, x += WORD, y += WORD)
		if (*(const word_t *)x != *(const word_t *)y)
			break;
	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

void *memchr(const void *s, int c, size_t n)
{
	const u8 *p = s;

	for (; n; n--, p++)
		if (*p == (u8)c)
			return (void *)p;
	return NULL;
}

no_idiom size_t strlen(const char *s)
{
	const char *p = s;

	while (*p)
		p++;
	return (size_t)(p - s);
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (u8)*a - (u8)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n && *a && *a == *b; n--)
		a++, b++;
	return n ? (u8)*a - (u8)*b : 0;
}

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (u8)c;
}

int strncasecmp(const char *a, const char *b, size_t n)
{
	for (; n && *a && lower(*a) == lower(*b); n--)
		a++, b++;
	return n ? lower(*a) - lower(*b) : 0;
}

char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++)
		if (!*s)
			return NULL;
	return (char *)s;
}

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	do {
		if (*s == (char)c)
			last = s;
	} while (*s++);
	return (char *)last;
}

char *strstr(const char *hay, const char *needle)
{
	size_t n = strlen(needle);

	for (; strncmp(hay, needle, n); hay++)
		if (!*hay)
			return NULL;
	return (char *)hay;
}

size_t strspn(const char *s, const char *accept)
{
	size_t n = 0;

	while (s[n] && strchr(accept, s[n]))
		n++;
	return n;
}

size_t strcspn(const char *s, const char *reject)
{
	size_t n = 0;

	while (s[n] && !strchr(reject, s[n]))
		n++;
	return n;
}

char *strcpy(char *dst, const char *src)
{
	return memcpy(dst, src, strlen(src) + 1);
}

char *strncpy(char *dst, const char *src, size_t n)
{
	size_t len = strnlen(src, n);

	memcpy(dst, src, len);
	memset(dst + len, 0, n - len);
	return dst;
}

char *strcat(char *dst, const char *src)
{
	strcpy(dst + strlen(dst), src);
	return dst;
}

char *strncat(char *dst, const char *src, size_t n)
{
	size_t at = strlen(dst), len = strnlen(src, n);

	memcpy(dst + at, src, len);
	dst[at + len] = '\0';
	return dst;
}

int strcasecmp(const char *a, const char *b)
{
	return strncasecmp(a, b, (size_t)-1);
}

char *strpbrk(const char *s, const char *accept)
{
	s += strcspn(s, accept);
	return *s ? (char *)s : NULL;
}

char *strsep(char **s, const char *delim)
{
	char *word = *s;

	if (!word)
		return NULL;
	*s = strpbrk(word, delim);
	if (*s)
		*(*s)++ = '\0';
	return word;
}
