/* SPDX-License-Identifier: MIT */
/* Bits in words and in arrays of words. */
#ifndef _LINUX_BITOPS_H
#define _LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/types.h>

/* Highest set bit, counted from 1; 0 for 0. */
static inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

/* Of 64 bits: in halves where those are two words. */
static inline int fls64(u64 x)
{
	if (sizeof(long) == 8)
		return x ? 64 - __builtin_clzll(x) : 0;
	return x >> 32 ? 32 + fls((u32)(x >> 32)) : fls((u32)x);
}

/* Bit numbers from 0; undefined for 0. */
static inline unsigned long __ffs(unsigned long x)
{
	return (unsigned long)__builtin_ctzl(x);
}

static inline unsigned long __fls(unsigned long x)
{
	return (unsigned long)(BITS_PER_LONG - 1 - __builtin_clzl(x));
}

static inline unsigned int hweight_long(unsigned long x)
{
	unsigned int n = 0;

	for (; x; x &= x - 1)
		n++;
	return n;
}

/* Sums of 2, then 4, then 8 bits beside each other; then of all bytes. */
static inline unsigned int hweight64(u64 x)
{
	x -= x >> 1 & 0x5555555555555555ULL;
	x = (x & 0x3333333333333333ULL) + (x >> 2 & 0x3333333333333333ULL);
	x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
	return (unsigned int)(x * 0x0101010101010101ULL >> 56);
}

/* Not atomic. */
static inline void __set_bit(unsigned long nr, unsigned long *map)
{
	map[BIT_WORD(nr)] |= BIT_MASK(nr);
}

static inline void __clear_bit(unsigned long nr, unsigned long *map)
{
	map[BIT_WORD(nr)] &= ~BIT_MASK(nr);
}

static inline bool test_bit(unsigned long nr, const unsigned long *map)
{
	return __atomic_load_n(&map[BIT_WORD(nr)], __ATOMIC_RELAXED) &
	       BIT_MASK(nr);
}

/* Atomic; set_bit and clear_bit order nothing, test_and_* order fully. */
static inline void set_bit(unsigned long nr, unsigned long *map)
{
	__atomic_fetch_or(&map[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_RELAXED);
}

static inline void clear_bit(unsigned long nr, unsigned long *map)
{
	__atomic_fetch_and(&map[BIT_WORD(nr)], ~BIT_MASK(nr),
			   __ATOMIC_RELAXED);
}

static inline bool test_and_set_bit(unsigned long nr, unsigned long *map)
{
	return __atomic_fetch_or(&map[BIT_WORD(nr)], BIT_MASK(nr),
				 __ATOMIC_SEQ_CST) & BIT_MASK(nr);
}

static inline bool test_and_clear_bit(unsigned long nr, unsigned long *map)
{
	return __atomic_fetch_and(&map[BIT_WORD(nr)], ~BIT_MASK(nr),
				  __ATOMIC_SEQ_CST) & BIT_MASK(nr);
}

static inline void change_bit(unsigned long nr, unsigned long *map)
{
	__atomic_fetch_xor(&map[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_RELAXED);
}

static inline bool test_and_change_bit(unsigned long nr, unsigned long *map)
{
	return __atomic_fetch_xor(&map[BIT_WORD(nr)], BIT_MASK(nr),
				  __ATOMIC_SEQ_CST) & BIT_MASK(nr);
}

/* As locks: taking one is an acquire, giving it back a release. */
static inline bool test_and_set_bit_lock(unsigned long nr, unsigned long *map)
{
	return __atomic_fetch_or(&map[BIT_WORD(nr)], BIT_MASK(nr),
				 __ATOMIC_ACQUIRE) & BIT_MASK(nr);
}

static inline void clear_bit_unlock(unsigned long nr, unsigned long *map)
{
	__atomic_fetch_and(&map[BIT_WORD(nr)], ~BIT_MASK(nr),
			   __ATOMIC_RELEASE);
}

#define __clear_bit_unlock(nr, map)	clear_bit_unlock(nr, map)

static inline bool test_bit_acquire(unsigned long nr,
				    const unsigned long *map)
{
	return __atomic_load_n(&map[BIT_WORD(nr)], __ATOMIC_ACQUIRE) &
	       BIT_MASK(nr);
}

/* Not atomic. */
static inline void __change_bit(unsigned long nr, unsigned long *map)
{
	map[BIT_WORD(nr)] ^= BIT_MASK(nr);
}

static inline bool __test_and_set_bit(unsigned long nr, unsigned long *map)
{
	bool was = map[BIT_WORD(nr)] & BIT_MASK(nr);

	__set_bit(nr, map);
	return was;
}

static inline bool __test_and_clear_bit(unsigned long nr, unsigned long *map)
{
	bool was = map[BIT_WORD(nr)] & BIT_MASK(nr);

	__clear_bit(nr, map);
	return was;
}

static inline bool __test_and_change_bit(unsigned long nr, unsigned long *map)
{
	bool was = map[BIT_WORD(nr)] & BIT_MASK(nr);

	__change_bit(nr, map);
	return was;
}

static inline void assign_bit(unsigned long nr, unsigned long *map, bool value)
{
	if (value)
		set_bit(nr, map);
	else
		clear_bit(nr, map);
}

static inline void __assign_bit(unsigned long nr, unsigned long *map,
				bool value)
{
	if (value)
		__set_bit(nr, map);
	else
		__clear_bit(nr, map);
}

/* Lowest set bit, counted from 1; 0 for 0. */
#define ffs(x)		__builtin_ffs(x)
static inline unsigned long ffz(unsigned long x) { return __ffs(~x); }
static inline unsigned int __ffs64(u64 x)
{
	if (sizeof(long) == 8)
		return (unsigned int)__builtin_ctzll(x);
	return (u32)x ? (unsigned int)__builtin_ctz((u32)x) :
			32 + (unsigned int)__builtin_ctz((u32)(x >> 32));
}

static inline unsigned int fls_long(unsigned long x)
{
	return (unsigned int)fls64(x);
}

static inline unsigned int hweight32(u32 x) { return hweight64(x); }
static inline unsigned int hweight16(u16 x) { return hweight64(x); }
static inline unsigned int hweight8(u8 x) { return hweight64(x); }

#define __ROTATES(n)							\
static inline u##n rol##n(u##n x, unsigned int by)			\
{									\
	return (u##n)(x << (by & (n - 1)) | x >> (-by & (n - 1)));	\
}									\
static inline u##n ror##n(u##n x, unsigned int by)			\
{									\
	return (u##n)(x >> (by & (n - 1)) | x << (-by & (n - 1)));	\
}
__ROTATES(64)
__ROTATES(32)
__ROTATES(16)
__ROTATES(8)

static inline s32 sign_extend32(u32 value, int index)
{
	u8 shift = (u8)(31 - index);

	return (s32)(value << shift) >> shift;
}

static inline s64 sign_extend64(u64 value, int index)
{
	u8 shift = (u8)(63 - index);

	return (s64)(value << shift) >> shift;
}

/* The order of a block of @n: the logarithm, rounded up; -1 for 0. */
static inline int get_count_order(unsigned int n)
{
	return n ? fls64((u64)n - 1) : -1;
}

static inline int get_count_order_long(unsigned long n)
{
	return n ? fls64(n - 1) : -1;
}

/* Sets the bits of @mask to @bits; the old value. Any context. */
#define set_mask_bits(ptr, mask, bits) ({				\
	__typeof__(*(ptr)) __sm_old = READ_ONCE(*(ptr)), __sm_new;	\
									\
	do								\
		__sm_new = (__sm_old & ~(mask)) | (bits);		\
	while (!__atomic_compare_exchange_n((ptr), &__sm_old, __sm_new,	\
					    false, __ATOMIC_SEQ_CST,	\
					    __ATOMIC_RELAXED));		\
	__sm_old; })

#endif
