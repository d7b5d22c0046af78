/* SPDX-License-Identifier: MIT */
#ifndef _ASM_MEMTEST_H
#define _ASM_MEMTEST_H

#include <linux/types.h>

/* The @i-th pattern; they repeat. */
u64 memtest_pattern(unsigned int i);
void memtest_fill(volatile u64 *p, volatile u64 *end, u64 pattern);
/* The first word from @p on that does not, or does, hold @pattern; or @end. */
volatile u64 *memtest_bad(volatile u64 *p, volatile u64 *end, u64 pattern);
volatile u64 *memtest_good(volatile u64 *p, volatile u64 *end, u64 pattern);

#endif
