// SPDX-License-Identifier: MIT
/* Patterns for RAM, and finding what misreads them. Pure: host too. */
#include <linux/kernel.h>
#include <asm/memtest.h>

/* Alternating, walking and counting bits: stuck and coupled cells. */
static const u64 patterns[] = {
	0x0000000000000000ULL, 0xffffffffffffffffULL,
	0x5555555555555555ULL, 0xaaaaaaaaaaaaaaaaULL,
	0x1111111111111111ULL, 0x2222222222222222ULL,
	0x4444444444444444ULL, 0x8888888888888888ULL,
	0x3333333333333333ULL, 0x6666666666666666ULL,
	0x9999999999999999ULL, 0xccccccccccccccccULL,
	0x7777777777777777ULL, 0xbbbbbbbbbbbbbbbbULL,
	0xddddddddddddddddULL, 0xeeeeeeeeeeeeeeeeULL,
	0x7a6c7258554e494cULL,
};

u64 memtest_pattern(unsigned int i)
{
	return patterns[i % ARRAY_SIZE(patterns)];
}

void memtest_fill(volatile u64 *p, volatile u64 *end, u64 pattern)
{
	for (; p < end; p++)
		*p = pattern;
}

volatile u64 *memtest_bad(volatile u64 *p, volatile u64 *end, u64 pattern)
{
	while (p < end && *p == pattern)
		p++;
	return p;
}

volatile u64 *memtest_good(volatile u64 *p, volatile u64 *end, u64 pattern)
{
	while (p < end && *p != pattern)
		p++;
	return p;
}
