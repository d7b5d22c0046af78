/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_TYPECHECK_H
#define _LINUX_TYPECHECK_H

/* 1; a warning when @x is not of @type. */
#define typecheck(type, x) ({						\
	type __dummy;							\
	__typeof__(x) __dummy2;						\
	(void)(&__dummy == &__dummy2);					\
	1; })

#endif
