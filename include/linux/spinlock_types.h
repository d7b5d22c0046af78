/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SPINLOCK_TYPES_H
#define _LINUX_SPINLOCK_TYPES_H

#include <linux/types.h>

/*
 * A ticket lock: next is handed out, owner is served. Free when equal, so an
 * all-zero word is an unlocked lock.
 */
typedef struct spinlock {
	union {
		u32 word;
		struct { u16 owner, next; };
	};
} spinlock_t;

typedef spinlock_t raw_spinlock_t;

#define __SPIN_LOCK_UNLOCKED	{ .word = 0 }
#define __SPIN_LOCK_INITIALIZER(name) __SPIN_LOCK_UNLOCKED
#define DEFINE_SPINLOCK(name)	spinlock_t name = __SPIN_LOCK_UNLOCKED

#endif
