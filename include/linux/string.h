/* SPDX-License-Identifier: MIT */
/*
 * Memory and strings. The C library's names are answered by lib/string.c on
 * a booted port and by the C library on the host.
 */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/string.h>
#elif !defined(_OCTAVO_LINUX_STRING_H)
#define _OCTAVO_LINUX_STRING_H

#include <linux/array_size.h>
#include <linux/stddef.h>
#include <linux/types.h>

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
int strncasecmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *hay, const char *needle);
size_t strspn(const char *s, const char *accept);
size_t strcspn(const char *s, const char *reject);

char *strcpy(char *dst, const char *src);
char *strncpy(char *dst, const char *src, size_t n);
char *strcat(char *dst, const char *src);
char *strncat(char *dst, const char *src, size_t n);
int strcasecmp(const char *a, const char *b);
char *strpbrk(const char *s, const char *accept);
/* The next word of *@s, cut off at one of @delim; NULL: there is none. */
char *strsep(char **s, const char *delim);

/* Copies what fits and a NUL; returns its length, -E2BIG if it was cut. */
ssize_t octavo_strscpy(char *dst, const char *src, size_t size);
/* strscpy(dst, src) of an array knows its size. */
#define __strscpy_2(dst, src)	octavo_strscpy(dst, src, sizeof(dst))
#define __strscpy_3(dst, src, n)	octavo_strscpy(dst, src, n)
#define __strscpy_n(a, b, c, name, ...)	name
#define strscpy(...)							\
	__strscpy_n(__VA_ARGS__, __strscpy_3, __strscpy_2)(__VA_ARGS__)
/* The same, and the rest of @dst is cleared. */
ssize_t octavo_strscpy_pad(char *dst, const char *src, size_t size);
#define __strscpy_pad_2(dst, src)	octavo_strscpy_pad(dst, src, sizeof(dst))
#define __strscpy_pad_3(dst, src, n)	octavo_strscpy_pad(dst, src, n)
#define strscpy_pad(...)						\
	__strscpy_n(__VA_ARGS__, __strscpy_pad_3, __strscpy_pad_2)(__VA_ARGS__)
/* First byte of the @n at @s that is not @c, NULL when all are. */
void *memchr_inv(const void *s, int c, size_t n);
/* First character of @s that is no white space. */
char *skip_spaces(const char *s);
/* Cuts trailing white space off @s in place; returns skip_spaces(s). */
char *strim(char *s);

/*
 * Copies in memory of kmalloc(), to be freed with kfree(): of a string, of at
 * most @max characters of one, of @size bytes, of @size bytes and a NUL. NULL
 * when memory lacks, or @s is NULL. In mm/slab.
 */
char *kstrdup(const char *s, gfp_t gfp);
char *kstrndup(const char *s, size_t max, gfp_t gfp);
void *kmemdup(const void *src, size_t size, gfp_t gfp);
char *kmemdup_nul(const char *s, size_t size, gfp_t gfp);

/* A string of the program's text stays as it is; kfree_const() knows. */
#define kstrdup_const(s, gfp)	kstrdup(s, gfp)
#define kfree_const(s)		kfree(s)
void kfree(const void *object);

char *strnchr(const char *s, size_t n, int c);
char *strchrnul(const char *s, int c);
char *strnstr(const char *hay, const char *needle, size_t n);
/* Whether they are equal but for one newline at the end. */
bool sysfs_streq(const char *a, const char *b);
/* The index of @string in @array, of @n (-1: NULL ends it); -EINVAL. */
int match_string(const char *const *array, size_t n, const char *string);
int __sysfs_match_string(const char *const *array, size_t n, const char *s);
#define sysfs_match_string(a, s)	__sysfs_match_string(a, ARRAY_SIZE(a), s)
char *strreplace(char *s, char old, char new);
const char *kbasename(const char *path);
/* The length of @prefix if @str begins with it, else 0. */
size_t str_has_prefix(const char *str, const char *prefix);
bool strstarts(const char *str, const char *prefix);
#define strstrip(s)	strim(s)
static inline void memzero_explicit(void *s, size_t n)
{
	memset(s, 0, n);
	__asm__ __volatile__("" : : "r" (s) : "memory");
}

void *memset16(u16 *s, u16 v, size_t n);
void *memset32(u32 *s, u32 v, size_t n);
void *memset64(u64 *s, u64 v, size_t n);
static inline void *memset_l(unsigned long *p, unsigned long v, size_t n)
{
	return memset64((u64 *)p, v, n);
}

#define memset_after(obj, v, member)					\
	memset((char *)(obj) + offsetofend(__typeof__(*(obj)), member), v, \
	       sizeof(*(obj)) - offsetofend(__typeof__(*(obj)), member))
#define memset_startat(obj, v, member)					\
	memset(&(obj)->member, v, sizeof(*(obj)) -			\
	       __builtin_offsetof(__typeof__(*(obj)), member))
#define memcpy_and_pad(dst, dlen, src, n, pad)				\
	(memset(dst, pad, dlen), memcpy(dst, src, (n) < (dlen) ? (n) : (dlen)))
#define strtomem_pad(dst, src, pad)					\
	memcpy_and_pad(dst, sizeof(dst), src, strnlen(src, sizeof(dst)), pad)
#define kmemdup_array(src, n, size, gfp)	kmemdup(src, (n) * (size), gfp)
/* Words of @str in memory of their own; argv_free() gives it back. */
char **argv_split(gfp_t gfp, const char *str, int *argcp);
void argv_free(char **argv);

#endif
