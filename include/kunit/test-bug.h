/* SPDX-License-Identifier: MIT */
/* For code that is tested: which case runs it, if any. */
#ifndef _KUNIT_TEST_BUG_H
#define _KUNIT_TEST_BUG_H

#include <kunit/test.h>
#include <linux/sched.h>

static inline struct kunit *kunit_get_current_test(void)
{
	return current ? current->kunit_test : NULL;
}

#define kunit_fail_current_test(fmt, ...) do {				\
	struct kunit *__test = kunit_get_current_test();		\
									\
	if (__test)							\
		kunit_fail(__test, __FILE__, __LINE__, fmt, ##__VA_ARGS__); \
} while (0)

#endif
