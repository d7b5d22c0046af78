/* SPDX-License-Identifier: MIT */
/*
 * What a case says must hold. Each has four forms: EXPECT notes a failure and
 * goes on, ASSERT ends the case; with _MSG a text of the caller's, as printf
 * has it, is written too.
 */
#ifndef _KUNIT_ASSERT_H
#define _KUNIT_ASSERT_H

#include <kunit/test.h>

/* A failure's line, then @say; @stop: and the case's end. */
#define KUNIT_CHECK_SAY(test, ok, stop, say, fmt, ...) do {		\
	if (!(ok)) {							\
		kunit_fail(test, __FILE__, __LINE__, fmt, ##__VA_ARGS__);\
		say;							\
		if (stop)						\
			kunit_abort(test);				\
	}								\
} while (0)
#define KUNIT_SAY_NOTHING	((void)0)
#define KUNIT_SAY(t, ...)	(kunit_info(t, __VA_ARGS__))
#define KUNIT_CHECK(test, ok, stop, fmt, ...)				\
	KUNIT_CHECK_SAY(test, ok, stop, KUNIT_SAY_NOTHING, fmt, ##__VA_ARGS__)

#define KUNIT_CMP_SAY(test, a, op, b, stop, say) do {			\
	__typeof__(a) __ka = (a);					\
	__typeof__(b) __kb = (b);					\
	KUNIT_CHECK_SAY(test, __ka op __kb, stop, say,			\
		"expected %s %s %s, but %lld (%#llx) and %lld (%#llx)",	\
		#a, #op, #b, (long long)__ka, (u64)__ka,		\
		(long long)__kb, (u64)__kb);				\
} while (0)
#define KUNIT_CMP(test, a, op, b, stop)					\
	KUNIT_CMP_SAY(test, a, op, b, stop, KUNIT_SAY_NOTHING)

#define KUNIT_PTR_SAY(test, a, op, b, stop, say) do {			\
	const void *__ka = (const void *)(a);				\
	const void *__kb = (const void *)(b);				\
	KUNIT_CHECK_SAY(test, __ka op __kb, stop, say,			\
		"expected %s %s %s, but %px and %px", #a, #op, #b,	\
		__ka, __kb);						\
} while (0)

#define KUNIT_STR_SAY(test, a, op, b, stop, say) do {			\
	const char *__ka = (a);						\
	const char *__kb = (b);						\
	KUNIT_CHECK_SAY(test, __ka && __kb && strcmp(__ka, __kb) op 0,	\
		stop, say,						\
		"expected %s %s %s, but \"%s\" and \"%s\"", #a, #op, #b, \
		__ka ? __ka : "(null)", __kb ? __kb : "(null)");	\
} while (0)

/* Says which byte differs first. */
#define KUNIT_MEM_SAY(test, a, op, b, size, stop, say) do {		\
	const u8 *__ka = (const void *)(a);				\
	const u8 *__kb = (const void *)(b);				\
	size_t __kn = (size), __ki = 0;					\
									\
	while (__ka && __kb && __ki < __kn && __ka[__ki] == __kb[__ki])	\
		__ki++;							\
	KUNIT_CHECK_SAY(test, __ka && __kb && (__ki < __kn) op 0, stop,	\
		say, "expected %zu bytes at %s %s %s, but they %s at byte %zu (%#x and %#x)", \
		__kn, #a, #op, #b,					\
		__ki < __kn ? "differ" : "are equal", __ki,		\
		__ka && __ki < __kn ? __ka[__ki] : 0,			\
		__kb && __ki < __kn ? __kb[__ki] : 0);			\
} while (0)

#define KUNIT_ERR_SAY(test, p, stop, say) do {				\
	const void *__kp = (p);						\
									\
	KUNIT_CHECK_SAY(test, !IS_ERR_OR_NULL(__kp), stop, say,		\
		"expected %s is neither NULL nor an error, but %ld",	\
		#p, (long)__kp);					\
} while (0)

#define KUNIT_SUCCEED(test)		((void)(test))
#define KUNIT_FAIL(t, fmt, ...)		KUNIT_CHECK(t, 0, 0, fmt, ##__VA_ARGS__)
#define KUNIT_FAIL_AND_ABORT(t, fmt, ...)				\
	KUNIT_CHECK(t, 0, 1, fmt, ##__VA_ARGS__)

#define KUNIT_EXPECT_TRUE(t, c) \
	KUNIT_CHECK_SAY(t, c, 0, KUNIT_SAY_NOTHING, "expected %s", #c)
#define KUNIT_EXPECT_FALSE(t, c) \
	KUNIT_CHECK_SAY(t, !(c), 0, KUNIT_SAY_NOTHING, "expected not %s", #c)
#define KUNIT_EXPECT_EQ(t, a, b) \
	KUNIT_CMP_SAY(t, a, ==, b, 0, KUNIT_SAY_NOTHING)
#define KUNIT_EXPECT_NE(t, a, b) \
	KUNIT_CMP_SAY(t, a, !=, b, 0, KUNIT_SAY_NOTHING)
#define KUNIT_EXPECT_LT(t, a, b) \
	KUNIT_CMP_SAY(t, a, <, b, 0, KUNIT_SAY_NOTHING)
#define KUNIT_EXPECT_LE(t, a, b) \
	KUNIT_CMP_SAY(t, a, <=, b, 0, KUNIT_SAY_NOTHING)
#define KUNIT_EXPECT_GT(t, a, b) \
	KUNIT_CMP_SAY(t, a, >, b, 0, KUNIT_SAY_NOTHING)
#define KUNIT_EXPECT_GE(t, a, b) \
	KUNIT_CMP_SAY(t, a, >=, b, 0, KUNIT_SAY_NOTHING)
#define KUNIT_EXPECT_PTR_EQ(t, a, b) \
	KUNIT_PTR_SAY(t, a, ==, b, 0, KUNIT_SAY_NOTHING)
#define KUNIT_EXPECT_PTR_NE(t, a, b) \
	KUNIT_PTR_SAY(t, a, !=, b, 0, KUNIT_SAY_NOTHING)
#define KUNIT_EXPECT_NULL(t, p) \
	KUNIT_CHECK_SAY(t, !(p), 0, KUNIT_SAY_NOTHING, "expected no %s", #p)
#define KUNIT_EXPECT_NOT_NULL(t, p) \
	KUNIT_CHECK_SAY(t, p, 0, KUNIT_SAY_NOTHING, "expected %s", #p)
#define KUNIT_EXPECT_STREQ(t, a, b) \
	KUNIT_STR_SAY(t, a, ==, b, 0, KUNIT_SAY_NOTHING)
#define KUNIT_EXPECT_STRNEQ(t, a, b) \
	KUNIT_STR_SAY(t, a, !=, b, 0, KUNIT_SAY_NOTHING)
#define KUNIT_EXPECT_MEMEQ(t, a, b, n) \
	KUNIT_MEM_SAY(t, a, ==, b, n, 0, KUNIT_SAY_NOTHING)
#define KUNIT_EXPECT_MEMNEQ(t, a, b, n) \
	KUNIT_MEM_SAY(t, a, !=, b, n, 0, KUNIT_SAY_NOTHING)
#define KUNIT_EXPECT_NOT_ERR_OR_NULL(t, p) \
	KUNIT_ERR_SAY(t, p, 0, KUNIT_SAY_NOTHING)

#define KUNIT_EXPECT_TRUE_MSG(t, c, ...) \
	KUNIT_CHECK_SAY(t, c, 0, KUNIT_SAY(t, __VA_ARGS__), "expected %s", #c)
#define KUNIT_EXPECT_FALSE_MSG(t, c, ...) \
	KUNIT_CHECK_SAY(t, !(c), 0, KUNIT_SAY(t, __VA_ARGS__), "expected not %s", #c)
#define KUNIT_EXPECT_EQ_MSG(t, a, b, ...) \
	KUNIT_CMP_SAY(t, a, ==, b, 0, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_EXPECT_NE_MSG(t, a, b, ...) \
	KUNIT_CMP_SAY(t, a, !=, b, 0, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_EXPECT_LT_MSG(t, a, b, ...) \
	KUNIT_CMP_SAY(t, a, <, b, 0, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_EXPECT_LE_MSG(t, a, b, ...) \
	KUNIT_CMP_SAY(t, a, <=, b, 0, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_EXPECT_GT_MSG(t, a, b, ...) \
	KUNIT_CMP_SAY(t, a, >, b, 0, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_EXPECT_GE_MSG(t, a, b, ...) \
	KUNIT_CMP_SAY(t, a, >=, b, 0, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_EXPECT_PTR_EQ_MSG(t, a, b, ...) \
	KUNIT_PTR_SAY(t, a, ==, b, 0, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_EXPECT_PTR_NE_MSG(t, a, b, ...) \
	KUNIT_PTR_SAY(t, a, !=, b, 0, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_EXPECT_NULL_MSG(t, p, ...) \
	KUNIT_CHECK_SAY(t, !(p), 0, KUNIT_SAY(t, __VA_ARGS__), "expected no %s", #p)
#define KUNIT_EXPECT_NOT_NULL_MSG(t, p, ...) \
	KUNIT_CHECK_SAY(t, p, 0, KUNIT_SAY(t, __VA_ARGS__), "expected %s", #p)
#define KUNIT_EXPECT_STREQ_MSG(t, a, b, ...) \
	KUNIT_STR_SAY(t, a, ==, b, 0, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_EXPECT_STRNEQ_MSG(t, a, b, ...) \
	KUNIT_STR_SAY(t, a, !=, b, 0, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_EXPECT_MEMEQ_MSG(t, a, b, n, ...) \
	KUNIT_MEM_SAY(t, a, ==, b, n, 0, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_EXPECT_MEMNEQ_MSG(t, a, b, n, ...) \
	KUNIT_MEM_SAY(t, a, !=, b, n, 0, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_EXPECT_NOT_ERR_OR_NULL_MSG(t, p, ...) \
	KUNIT_ERR_SAY(t, p, 0, KUNIT_SAY(t, __VA_ARGS__))

#define KUNIT_ASSERT_TRUE(t, c) \
	KUNIT_CHECK_SAY(t, c, 1, KUNIT_SAY_NOTHING, "expected %s", #c)
#define KUNIT_ASSERT_FALSE(t, c) \
	KUNIT_CHECK_SAY(t, !(c), 1, KUNIT_SAY_NOTHING, "expected not %s", #c)
#define KUNIT_ASSERT_EQ(t, a, b) \
	KUNIT_CMP_SAY(t, a, ==, b, 1, KUNIT_SAY_NOTHING)
#define KUNIT_ASSERT_NE(t, a, b) \
	KUNIT_CMP_SAY(t, a, !=, b, 1, KUNIT_SAY_NOTHING)
#define KUNIT_ASSERT_LT(t, a, b) \
	KUNIT_CMP_SAY(t, a, <, b, 1, KUNIT_SAY_NOTHING)
#define KUNIT_ASSERT_LE(t, a, b) \
	KUNIT_CMP_SAY(t, a, <=, b, 1, KUNIT_SAY_NOTHING)
#define KUNIT_ASSERT_GT(t, a, b) \
	KUNIT_CMP_SAY(t, a, >, b, 1, KUNIT_SAY_NOTHING)
#define KUNIT_ASSERT_GE(t, a, b) \
	KUNIT_CMP_SAY(t, a, >=, b, 1, KUNIT_SAY_NOTHING)
#define KUNIT_ASSERT_PTR_EQ(t, a, b) \
	KUNIT_PTR_SAY(t, a, ==, b, 1, KUNIT_SAY_NOTHING)
#define KUNIT_ASSERT_PTR_NE(t, a, b) \
	KUNIT_PTR_SAY(t, a, !=, b, 1, KUNIT_SAY_NOTHING)
#define KUNIT_ASSERT_NULL(t, p) \
	KUNIT_CHECK_SAY(t, !(p), 1, KUNIT_SAY_NOTHING, "expected no %s", #p)
#define KUNIT_ASSERT_NOT_NULL(t, p) \
	KUNIT_CHECK_SAY(t, p, 1, KUNIT_SAY_NOTHING, "expected %s", #p)
#define KUNIT_ASSERT_STREQ(t, a, b) \
	KUNIT_STR_SAY(t, a, ==, b, 1, KUNIT_SAY_NOTHING)
#define KUNIT_ASSERT_STRNEQ(t, a, b) \
	KUNIT_STR_SAY(t, a, !=, b, 1, KUNIT_SAY_NOTHING)
#define KUNIT_ASSERT_MEMEQ(t, a, b, n) \
	KUNIT_MEM_SAY(t, a, ==, b, n, 1, KUNIT_SAY_NOTHING)
#define KUNIT_ASSERT_MEMNEQ(t, a, b, n) \
	KUNIT_MEM_SAY(t, a, !=, b, n, 1, KUNIT_SAY_NOTHING)
#define KUNIT_ASSERT_NOT_ERR_OR_NULL(t, p) \
	KUNIT_ERR_SAY(t, p, 1, KUNIT_SAY_NOTHING)

#define KUNIT_ASSERT_TRUE_MSG(t, c, ...) \
	KUNIT_CHECK_SAY(t, c, 1, KUNIT_SAY(t, __VA_ARGS__), "expected %s", #c)
#define KUNIT_ASSERT_FALSE_MSG(t, c, ...) \
	KUNIT_CHECK_SAY(t, !(c), 1, KUNIT_SAY(t, __VA_ARGS__), "expected not %s", #c)
#define KUNIT_ASSERT_EQ_MSG(t, a, b, ...) \
	KUNIT_CMP_SAY(t, a, ==, b, 1, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_ASSERT_NE_MSG(t, a, b, ...) \
	KUNIT_CMP_SAY(t, a, !=, b, 1, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_ASSERT_LT_MSG(t, a, b, ...) \
	KUNIT_CMP_SAY(t, a, <, b, 1, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_ASSERT_LE_MSG(t, a, b, ...) \
	KUNIT_CMP_SAY(t, a, <=, b, 1, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_ASSERT_GT_MSG(t, a, b, ...) \
	KUNIT_CMP_SAY(t, a, >, b, 1, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_ASSERT_GE_MSG(t, a, b, ...) \
	KUNIT_CMP_SAY(t, a, >=, b, 1, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_ASSERT_PTR_EQ_MSG(t, a, b, ...) \
	KUNIT_PTR_SAY(t, a, ==, b, 1, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_ASSERT_PTR_NE_MSG(t, a, b, ...) \
	KUNIT_PTR_SAY(t, a, !=, b, 1, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_ASSERT_NULL_MSG(t, p, ...) \
	KUNIT_CHECK_SAY(t, !(p), 1, KUNIT_SAY(t, __VA_ARGS__), "expected no %s", #p)
#define KUNIT_ASSERT_NOT_NULL_MSG(t, p, ...) \
	KUNIT_CHECK_SAY(t, p, 1, KUNIT_SAY(t, __VA_ARGS__), "expected %s", #p)
#define KUNIT_ASSERT_STREQ_MSG(t, a, b, ...) \
	KUNIT_STR_SAY(t, a, ==, b, 1, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_ASSERT_STRNEQ_MSG(t, a, b, ...) \
	KUNIT_STR_SAY(t, a, !=, b, 1, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_ASSERT_MEMEQ_MSG(t, a, b, n, ...) \
	KUNIT_MEM_SAY(t, a, ==, b, n, 1, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_ASSERT_MEMNEQ_MSG(t, a, b, n, ...) \
	KUNIT_MEM_SAY(t, a, !=, b, n, 1, KUNIT_SAY(t, __VA_ARGS__))
#define KUNIT_ASSERT_NOT_ERR_OR_NULL_MSG(t, p, ...) \
	KUNIT_ERR_SAY(t, p, 1, KUNIT_SAY(t, __VA_ARGS__))

#endif
