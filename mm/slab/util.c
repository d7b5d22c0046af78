// SPDX-License-Identifier: MIT
/* Copies of strings and memory in kmalloc()ed objects. */
#include <linux/slab.h>

#include <linux/string.h>

void *kmemdup(const void *src, size_t size, gfp_t gfp)
{
	void *copy = kmalloc(size, gfp);

	if (copy && size)
		memcpy(copy, src, size);
	return copy;
}

char *kmemdup_nul(const char *s, size_t size, gfp_t gfp)
{
	char *copy;

	if (!s)
		return NULL;
	copy = kmalloc(size + 1, gfp);
	if (!copy)
		return NULL;
	memcpy(copy, s, size);
	copy[size] = '\0';
	return copy;
}

char *kstrdup(const char *s, gfp_t gfp)
{
	return s ? kmemdup_nul(s, strlen(s), gfp) : NULL;
}

char *kstrndup(const char *s, size_t max, gfp_t gfp)
{
	return s ? kmemdup_nul(s, strnlen(s, max), gfp) : NULL;
}
