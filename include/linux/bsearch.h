/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_BSEARCH_H
#define _LINUX_BSEARCH_H

#include <linux/types.h>

/* An element equal to @key of @num sorted ones; NULL. */
static inline void *octavo_bsearch(const void *key, const void *base, size_t num,
			    size_t size,
			    int (*cmp)(const void *key, const void *element))
{
	const char *low = base;

	while (num) {
		const char *mid = low + num / 2 * size;
		int c = cmp(key, mid);

		if (!c)
			return (void *)mid;
		if (c > 0) {
			low = mid + size;
			num--;
		}
		num /= 2;
	}
	return NULL;
}

#define bsearch(...)	octavo_bsearch(__VA_ARGS__)

#endif
