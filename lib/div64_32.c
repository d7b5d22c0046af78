// SPDX-License-Identifier: MIT
/*
 * Division of 64-bit integers on a CPU that divides 64 bits by 32: what the
 * compiler calls for a / b and a % b. The names are its.
 *
 * With a divisor below 2^32, two steps of long division do. A larger one is
 * shifted to 32 significant bits, and so is the dividend; the quotient of the
 * two is right or one too large, which multiplying back tells.
 */
#include <linux/bitops.h>
#include <linux/math64.h>
#include <linux/types.h>

u64 __udivdi3(u64 a, u64 b);
u64 __umoddi3(u64 a, u64 b);
u64 __udivmoddi4(u64 a, u64 b, u64 *rest);
s64 __divdi3(s64 a, s64 b);
s64 __moddi3(s64 a, s64 b);
s64 __divmoddi4(s64 a, s64 b, s64 *rest);

/* high < by: the quotient fits. A divisor of 0 raises the CPU's fault. */
static u32 divide_step(u32 high, u32 low, u32 by, u32 *rest)
{
	u32 quotient;

	__asm__("divl %4" : "=a" (quotient), "=d" (*rest)
		: "0" (low), "1" (high), "rm" (by) : "cc");
	return quotient;
}

static u64 divide_narrow(u64 a, u32 b, u64 *rest)
{
	u32 high = (u32)(a >> 32), low, left = 0;

	high = divide_step(0, high, b, &left);
	low = divide_step(left, (u32)a, b, &left);
	*rest = left;
	return (u64)high << 32 | low;
}

/* b >= 2^32, so the quotient is below 2^32. */
static u64 divide_wide(u64 a, u64 b, u64 *rest)
{
	unsigned int shift = (unsigned int)fls((int)(u32)(b >> 32));
	u32 by = shift == 32 ? (u32)(b >> 32) : (u32)(b >> shift), left;
	u64 from = a >> 1, quotient;

	/* One bit less, so that the step's quotient fits whatever a is. */
	quotient = divide_step((u32)(from >> 32), (u32)from, by, &left);
	quotient >>= shift - 1;
	if (quotient)
		quotient--;
	*rest = a - quotient * b;
	if (*rest >= b) {
		*rest -= b;
		quotient++;
	}
	return quotient;
}

u64 __udivmoddi4(u64 a, u64 b, u64 *rest)
{
	u64 left, quotient;

	if (b >> 32)
		quotient = divide_wide(a, b, &left);
	else
		quotient = divide_narrow(a, (u32)b, &left);
	if (rest)
		*rest = left;
	return quotient;
}

u64 __udivdi3(u64 a, u64 b)
{
	return __udivmoddi4(a, b, NULL);
}

u64 __umoddi3(u64 a, u64 b)
{
	u64 rest;

	__udivmoddi4(a, b, &rest);
	return rest;
}

static u64 magnitude(s64 v)
{
	return v < 0 ? 0 - (u64)v : (u64)v;
}

s64 __divmoddi4(s64 a, s64 b, s64 *rest)
{
	u64 left, quotient = __udivmoddi4(magnitude(a), magnitude(b), &left);

	if (rest)
		*rest = (s64)(a < 0 ? 0 - left : left);
	return (s64)((a < 0) != (b < 0) ? 0 - quotient : quotient);
}

s64 __divdi3(s64 a, s64 b)
{
	return __divmoddi4(a, b, NULL);
}

s64 __moddi3(s64 a, s64 b)
{
	s64 rest;

	__divmoddi4(a, b, &rest);
	return rest;
}
