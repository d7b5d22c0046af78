/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_BUILD_BUG_H
#define _LINUX_BUILD_BUG_H

#include <linux/compiler.h>

/* 0, or an error at compile time. */
#define BUILD_BUG_ON_ZERO(c)	((int)(sizeof(struct { int:(-!!(c)); })))
#define BUILD_BUG_ON_NOT_POWER_OF_2(n)					\
	BUILD_BUG_ON((n) == 0 || (((n) & ((n) - 1)) != 0))
#define BUILD_BUG_ON_MSG(c, msg)	_Static_assert(!(c), msg)
#define BUILD_BUG_ON_INVALID(e)		((void)(sizeof((long)(e))))
#define BUILD_BUG()			BUILD_BUG_ON(1)

#endif
