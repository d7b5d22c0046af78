/* SPDX-License-Identifier: MIT */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/time.h>
#elif !defined(_OCTAVO_LINUX_TIME_H)
#define _OCTAVO_LINUX_TIME_H

#include <linux/ktime.h>

#endif
