// SPDX-License-Identifier: MIT
/*
 * C++'s operators new and delete, under the names that compilers give them, so
 * that a program does not go through the C++ library to come here. When memory
 * lacks, the C++ library's own operator does what the standard asks for: it
 * calls the new-handler, tries again, and throws.
 */
#include "malloc.h"

void *malloc(size_t size);
void *aligned_alloc(size_t align, size_t size);
void free(void *p);

void *_Znwm(size_t size);
void *_Znam(size_t size);
void _ZdlPv(void *p);
void _ZdaPv(void *p);
void _ZdlPvm(void *p, size_t size);
void _ZdaPvm(void *p, size_t size);

EXPORT void *_Znwm(size_t size)
{
	void *p = malloc(size);

	return likely(p) ? p : os_next_operator_new(size);
}

EXPORT void *_Znam(size_t size)
{
	void *p = malloc(size);

	return likely(p) ? p : os_next_operator_new(size);
}

EXPORT void _ZdlPv(void *p)
{
	free(p);
}

EXPORT void _ZdaPv(void *p)
{
	free(p);
}

EXPORT void _ZdlPvm(void *p, size_t size)
{
	free(p);
}

EXPORT void _ZdaPvm(void *p, size_t size)
{
	free(p);
}
