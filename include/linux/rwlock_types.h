/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RWLOCK_TYPES_H
#define _LINUX_RWLOCK_TYPES_H

#include <linux/types.h>

#define RWLOCK_WRITER	0x80000000u

typedef struct {
	u32 word;		/* a: readers, or RWLOCK_WRITER */
} rwlock_t;

#define __RW_LOCK_UNLOCKED(n)	{ .word = 0 }
#define DEFINE_RWLOCK(n)	rwlock_t n = __RW_LOCK_UNLOCKED(n)

#endif
