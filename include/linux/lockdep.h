/* SPDX-License-Identifier: MIT */
/*
 * What code says of its locks. The order of locks is not followed here; that
 * a lock is held is looked at in builds with VM_BUG_ON().
 */
#ifndef _LINUX_LOCKDEP_H
#define _LINUX_LOCKDEP_H

#include <linux/bug.h>

struct lock_class_key { };
struct lockdep_map { };

#define lockdep_assert_held(l)		__lockdep_held(l)
#define lockdep_assert_held_once(l)	__lockdep_held(l)
#define lockdep_assert_held_read(l)	((void)(l))
#define lockdep_assert_held_write(l)	((void)(l))
#define lockdep_assert_not_held(l)	((void)(l))
#define lockdep_assert_none_held_once()	((void)0)
#define lockdep_is_held(l)		((void)(l), 1)
#define lockdep_assert(c)		VM_WARN_ON(!(c))
#define lockdep_assert_irqs_disabled()	VM_WARN_ON(!irqs_disabled())
#define lockdep_assert_irqs_enabled()	VM_WARN_ON(irqs_disabled())
#define lockdep_assert_in_irq()		((void)0)
#define lockdep_assert_preemption_disabled() VM_WARN_ON(preemptible())
#define lockdep_set_class(l, k)		((void)(l), (void)(k))
#define lockdep_set_class_and_name(l, k, n) ((void)(l), (void)(k))
#define lockdep_set_subclass(l, s)	((void)(l), (void)(s))
#define lockdep_init_map(m, n, k, s)	((void)(m), (void)(k))
#define lockdep_register_key(k)		((void)(k))
#define lockdep_unregister_key(k)	((void)(k))
#define lockdep_off()			((void)0)
#define lockdep_on()			((void)0)
#define might_lock(l)			((void)(l))
#define might_lock_read(l)		((void)(l))
#define SINGLE_DEPTH_NESTING		1

/* By the type of lock; one that is not known is taken on trust. */
#define __lockdep_held(l)						\
	VM_BUG_ON(!_Generic((l),					\
		struct spinlock *: lockdep_spin_held,			\
		struct mutex *: lockdep_mutex_held,			\
		default: lockdep_unknown_held)(l))

struct spinlock;
struct mutex;
static inline bool lockdep_unknown_held(const void *lock)
{
	return true;
}

/* A ticket lock's two halves differ while somebody holds it. */
static inline bool lockdep_spin_held(const void *lock)
{
	unsigned int w = __atomic_load_n((const unsigned int *)lock,
					 __ATOMIC_RELAXED);

	return (w >> 16) != (w & 0xffff);
}

/* A mutex's first word is its owner. */
static inline bool lockdep_mutex_held(const void *lock)
{
	return __atomic_load_n((void *const *)lock, __ATOMIC_RELAXED) != NULL;
}

#endif
