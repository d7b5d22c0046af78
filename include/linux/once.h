/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_ONCE_H
#define _LINUX_ONCE_H

#include <linux/printk.h>

/* Calls @func once, for all who come by here. */
#define DO_ONCE_LITE(func, ...)						\
	({ bool __first = DO_ONCE_LITE_IF(true);			\
	   if (__first)							\
		func(__VA_ARGS__);					\
	   __first; })
#define DO_ONCE(func, ...)	DO_ONCE_LITE(func, ##__VA_ARGS__)
#define get_random_once(buf, n)	DO_ONCE(get_random_bytes, buf, n)

#endif
