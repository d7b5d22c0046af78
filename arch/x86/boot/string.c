// SPDX-License-Identifier: MIT
/* Memory and string calls, some of which the compiler itself emits. */
#include "boot.h"

void *memset(void *to, int byte, size_t length)
{
	char *at = to;

	while (length--)
		*at++ = (char)byte;
	return to;
}

void *memcpy(void *to, const void *from, size_t length)
{
	char *at = to;
	const char *source = from;

	while (length--)
		*at++ = *source++;
	return to;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (u8)*a - (u8)*b;
}

size_t strlen(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	return length;
}
