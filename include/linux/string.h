/* SPDX-License-Identifier: MIT */
/*
 * Memory and strings. The C library's names are answered by lib/string.c on
 * a booted port and by the C library on the host.
 */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/string.h>
#elif !defined(_OCTAVO_LINUX_STRING_H)
#define _OCTAVO_LINUX_STRING_H

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

/* Copies what fits and a NUL; returns its length, -E2BIG if it was cut. */
ssize_t strscpy(char *dst, const char *src, size_t size);
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

#endif
