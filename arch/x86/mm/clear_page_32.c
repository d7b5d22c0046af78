// SPDX-License-Identifier: MIT
/*
 * Zeroing pages, many at once: one string instruction for all of them. The
 * stores past the cache that 64 bits use are no Pentium's, and machines of 32
 * bits seldom zero a whole megabyte.
 */
#include <asm/clear_page.h>

#include <asm/page.h>

void clear_pages(void *addr, unsigned long nr)
{
	unsigned long n = nr * (PAGE_SIZE / sizeof(long));

	__asm__ __volatile__(__REP_STOS : "+D" (addr), "+c" (n)
			     : "a" (0UL) : "memory");
}
