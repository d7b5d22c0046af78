/* SPDX-License-Identifier: MIT */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/sched/types.h>
#elif !defined(_OCTAVO_LINUX_SCHED_TYPES_H)
#define _OCTAVO_LINUX_SCHED_TYPES_H

#include <linux/sched.h>

#endif
