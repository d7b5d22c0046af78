/* SPDX-License-Identifier: MIT */
/*
 * What the core knows about its memory, told to AddressSanitizer: a free
 * page is poisoned, so that a stray access to it is reported where it
 * happens. The build says whether ASan is there.
 */
#include "host_os.h"

#ifdef CONFIG_HOST_SAN_ASAN

#include <sanitizer/asan_interface.h>

void host_poison(const void *p, size_t n)
{
	__asan_poison_memory_region(p, n);
}

void host_unpoison(const void *p, size_t n)
{
	__asan_unpoison_memory_region(p, n);
}

#else

void host_poison(const void *p, size_t n)
{
	(void)p;
	(void)n;
}

void host_unpoison(const void *p, size_t n)
{
	(void)p;
	(void)n;
}

#endif
