// SPDX-License-Identifier: MIT
/*
 * 64-bit arithmetic and atomics, which a CPU of 32 bits has no instructions
 * for (lib/div64_32.c, lib/atomic64_32.c): by what must hold of any result.
 */
#include <kunit/test.h>
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/math64.h>
#include <linux/percpu.h>
#include <octavo/random.h>

#define ROUNDS	20000

/* Of any length: short divisors and long ones take different ways. */
static u64 any_length(u64 *random)
{
	u64 value = random_next(random) >> random_below(random, 64);

	return random_below(random, 8) ? value : ~0ULL << random_below(random, 64);
}

static void divides(struct kunit *test, u64 a, u64 b)
{
	u64 quotient, rest, other;

	/* Not to be worked out by the compiler. */
	OPTIMIZER_HIDE_VAR(a);
	OPTIMIZER_HIDE_VAR(b);
	quotient = a / b;
	rest = a % b;
	KUNIT_CHECK(test, rest < b && quotient * b + rest == a &&
		    quotient <= a, 1, "%llu / %llu = %llu rest %llu", a, b,
		    quotient, rest);
	KUNIT_EXPECT_EQ(test, div64_u64_rem(a, b, &other), quotient);
	KUNIT_EXPECT_EQ(test, other, rest);
}

static void wide_divide_test(struct kunit *test)
{
	static const u64 edges[] = {
		1, 2, 3, U32_MAX - 1ULL, U32_MAX, U32_MAX + 1ULL,
		U32_MAX + 2ULL, 1ULL << 63, U64_MAX - 1, U64_MAX,
	};
	u64 random = test->seed * 2 + 1;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(edges); i++)
		for (j = 0; j < ARRAY_SIZE(edges); j++)
			divides(test, edges[i], edges[j]);
	for (i = 0; i < ROUNDS; i++) {
		u64 a = any_length(&random), b = any_length(&random);

		divides(test, a, b ?: 1);
	}
}

static void wide_divide_signed_test(struct kunit *test)
{
	u64 random = test->seed * 2 + 1;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		s64 a = (s64)any_length(&random), b = (s64)any_length(&random);
		s64 quotient, rest;

		if (!b || (a == LLONG_MIN && b == -1))
			continue;
		OPTIMIZER_HIDE_VAR(a);
		OPTIMIZER_HIDE_VAR(b);
		quotient = a / b;
		rest = a % b;
		KUNIT_CHECK(test, (u64)quotient * (u64)b + (u64)rest == (u64)a,
			    1, "%lld / %lld = %lld rest %lld", a, b, quotient,
			    rest);
		/* Towards 0: what is left has the dividend's sign. */
		KUNIT_EXPECT_TRUE(test, !rest || (rest < 0) == (a < 0));
	}
}

/* The bits of a * b from @shift on, bit by bit. */
static u64 product_from(u64 a, u64 b, unsigned int shift)
{
	u64 low = 0, high = 0;
	unsigned int i;

	for (i = 64; i--; ) {
		high = high << 1 | low >> 63;
		low <<= 1;
		if (!(b >> i & 1))
			continue;
		high += low + a < low;
		low += a;
	}
	if (!shift)
		return low;
	return shift >= 64 ? high >> (shift - 64) :
	       high << (64 - shift) | low >> shift;
}

static void wide_product_test(struct kunit *test)
{
	u64 random = test->seed * 2 + 1;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		u64 a = any_length(&random), b = any_length(&random);
		unsigned int shift = random_below(&random, 128);

		KUNIT_EXPECT_EQ(test, mul_u64_u64_shr(a, b, shift),
				product_from(a, b, shift));
		KUNIT_EXPECT_EQ(test, mul_u64_u32_shr(a, (u32)b, shift),
				product_from(a, (u32)b, shift));
	}
}

static void wide_bits_test(struct kunit *test)
{
	unsigned int i, j;

	KUNIT_EXPECT_EQ(test, fls64(0), 0);
	for (i = 0; i < 64; i++)
		for (j = 0; j <= i; j++) {
			u64 value = 1ULL << i | 1ULL << j;

			OPTIMIZER_HIDE_VAR(value);
			KUNIT_EXPECT_EQ(test, fls64(value), (int)i + 1);
			KUNIT_EXPECT_EQ(test, __ffs64(value), j);
			KUNIT_EXPECT_EQ(test, hweight64(value), 1U + (i != j));
		}
}

/* Across the middle, where a carry goes from one half to the other. */
static void wide_atomic_test(struct kunit *test)
{
	atomic64_t v = ATOMIC64_INIT(0xfffffffeLL);
	s64 old = 5;

	KUNIT_EXPECT_EQ(test, atomic64_add_return(3, &v), 0x100000001LL);
	KUNIT_EXPECT_EQ(test, atomic64_fetch_sub(2, &v), 0x100000001LL);
	KUNIT_EXPECT_EQ(test, atomic64_read(&v), 0xffffffffLL);
	atomic64_inc(&v);
	KUNIT_EXPECT_EQ(test, atomic64_xchg(&v, -1), 0x100000000LL);
	KUNIT_EXPECT_FALSE(test, atomic64_try_cmpxchg(&v, &old, 7));
	KUNIT_EXPECT_EQ(test, old, -1LL);
	KUNIT_EXPECT_TRUE(test, atomic64_try_cmpxchg(&v, &old, 1LL << 40));
	KUNIT_EXPECT_EQ(test, atomic64_fetch_or(1, &v), 1LL << 40);
	KUNIT_EXPECT_EQ(test, atomic64_fetch_and(~1LL, &v), (1LL << 40) + 1);
	KUNIT_EXPECT_EQ(test, atomic64_fetch_xor(-1, &v), 1LL << 40);
	KUNIT_EXPECT_EQ(test, atomic64_read(&v), ~(1LL << 40));
	atomic64_set(&v, LLONG_MIN);
	KUNIT_EXPECT_EQ(test, atomic64_read(&v), LLONG_MIN);
}

/* A CPU's counter of 64 bits. */
static void wide_percpu_test(struct kunit *test)
{
	u64 __percpu *counter = alloc_percpu(u64), sum = 0;
	unsigned int cpu, i;

	KUNIT_ASSERT_NOT_NULL(test, counter);
	preempt_disable();
	*this_cpu_ptr(counter) = U32_MAX - 2ULL;
	for (i = 0; i < 5; i++)
		this_cpu_inc(*counter);
	this_cpu_add(*counter, 1ULL << 33);
	this_cpu_sub(*counter, 1ULL);
	preempt_enable();
	for_each_possible_cpu(cpu)
		sum += *per_cpu_ptr(counter, cpu);
	KUNIT_EXPECT_EQ(test, sum, U32_MAX + (1ULL << 33) + 2ULL);
	free_percpu(counter);
}

static struct kunit_case wide_cases[] = {
	KUNIT_CASE(wide_divide_test),
	KUNIT_CASE(wide_divide_signed_test),
	KUNIT_CASE(wide_product_test),
	KUNIT_CASE(wide_bits_test),
	KUNIT_CASE(wide_atomic_test),
	KUNIT_CASE(wide_percpu_test),
	{ 0 }
};

static struct kunit_suite wide_suite = {
	.name = "wide",
	.test_cases = wide_cases,
};
kunit_test_suite(wide_suite);
