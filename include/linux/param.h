/* SPDX-License-Identifier: MIT */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/param.h>
#elif !defined(_OCTAVO_LINUX_PARAM_H)
#define _OCTAVO_LINUX_PARAM_H

#undef HZ
#define HZ		250	/* ticks a second, as Debian has it */
#define USER_HZ		100

#endif
