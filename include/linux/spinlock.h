/* SPDX-License-Identifier: MIT */
/*
 * Spin locks. Holding one keeps preemption off. The _irq forms also keep
 * interrupts off; a lock that an interrupt handler takes must be taken with
 * them everywhere. The waiter gives the port a hint on every turn, so that
 * the host can let the holder run.
 */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <linux/atomic.h>
#include <linux/bottom_half.h>
#include <linux/bug.h>
#include <linux/cleanup.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/spinlock_types.h>
#include <asm/processor.h>

static inline void spin_lock_init(spinlock_t *lock)
{
	lock->word = 0;
}

static inline bool spin_is_locked(const spinlock_t *lock)
{
	u32 w = __atomic_load_n(&lock->word, __ATOMIC_RELAXED);

	return (w >> 16) != (w & 0xffff);
}

static inline bool raw_ticket_trylock(spinlock_t *lock)
{
	u32 w = __atomic_load_n(&lock->word, __ATOMIC_RELAXED);

	port_locked_point(lock);
	if ((w >> 16) != (w & 0xffff))
		return false;
	/* Pairs with the release in raw_ticket_unlock(). */
	return __atomic_compare_exchange_n(&lock->word, &w, w + (1U << 16),
					   false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static inline void raw_ticket_lock(spinlock_t *lock)
{
	u16 mine;

	if (port_spin_unfair()) {
		while (!raw_ticket_trylock(lock))
			cpu_relax();
		return;
	}
	port_locked_point(lock);
	mine = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);
	/* Pairs with the release in raw_ticket_unlock(). */
	while (__atomic_load_n(&lock->owner, __ATOMIC_ACQUIRE) != mine)
		cpu_relax();
}

static inline void raw_ticket_unlock(spinlock_t *lock)
{
	u16 mine;

	port_point(lock);
	/* Atomic, since a trylock writes the whole word. */
	mine = __atomic_load_n(&lock->owner, __ATOMIC_RELAXED);
	/* Pairs with the acquire of the next owner. */
	__atomic_store_n(&lock->owner, (u16)(mine + 1), __ATOMIC_RELEASE);
}

static inline void spin_lock(spinlock_t *lock)
{
	preempt_disable();
	raw_ticket_lock(lock);
}

static inline void spin_unlock(spinlock_t *lock)
{
	raw_ticket_unlock(lock);
	preempt_enable();
}

static inline bool spin_trylock(spinlock_t *lock)
{
	preempt_disable();
	if (raw_ticket_trylock(lock))
		return true;
	preempt_enable();
	return false;
}

static inline void spin_lock_irq(spinlock_t *lock)
{
	local_irq_disable();
	spin_lock(lock);
}

static inline void spin_unlock_irq(spinlock_t *lock)
{
	raw_ticket_unlock(lock);
	local_irq_enable();
	preempt_enable();
}

#define spin_lock_irqsave(lock, flags) do {				\
	local_irq_save(flags);						\
	spin_lock(lock);						\
} while (0)

static inline void spin_unlock_irqrestore(spinlock_t *lock,
					  unsigned long flags)
{
	raw_ticket_unlock(lock);
	local_irq_restore(flags);
	preempt_enable();
}

/* Bottom halves are threads here, which preemption keeps out. */
static inline void spin_lock_bh(spinlock_t *lock)
{
	local_bh_disable();
	spin_lock(lock);
}

static inline void spin_unlock_bh(spinlock_t *lock)
{
	spin_unlock(lock);
	local_bh_enable();
}

static inline bool spin_trylock_bh(spinlock_t *lock)
{
	local_bh_disable();
	if (spin_trylock(lock))
		return true;
	local_bh_enable();
	return false;
}

static inline bool spin_trylock_irq(spinlock_t *lock)
{
	local_irq_disable();
	if (spin_trylock(lock))
		return true;
	local_irq_enable();
	return false;
}

#define spin_trylock_irqsave(lock, flags) ({				\
	local_irq_save(flags);						\
	bool __locked = spin_trylock(lock);				\
	if (!__locked)							\
		local_irq_restore(flags);				\
	__locked; })

/* Whether somebody else waits for it. */
static inline bool spin_is_contended(const spinlock_t *lock)
{
	u32 w = __atomic_load_n(&lock->word, __ATOMIC_RELAXED);

	return (u16)((w >> 16) - (w & 0xffff)) > 1;
}

#define spin_needbreak(lock)		spin_is_contended(lock)
/* Classes of locks are not told apart. */
#define spin_lock_nested(lock, subclass) ((void)(subclass), spin_lock(lock))
#define spin_lock_irqsave_nested(lock, flags, subclass)			\
	spin_lock_irqsave(lock, flags)
#define spin_lock_nest_lock(lock, nest)	((void)(nest), spin_lock(lock))
#define spin_unlock_wait(lock)						\
	do cpu_relax(); while (spin_is_locked(lock))

#define raw_spin_lock_init		spin_lock_init
#define raw_spin_lock			spin_lock
#define raw_spin_unlock			spin_unlock
#define raw_spin_trylock		spin_trylock
#define raw_spin_is_locked		spin_is_locked
#define raw_spin_is_contended		spin_is_contended
#define raw_spin_lock_irq		spin_lock_irq
#define raw_spin_unlock_irq		spin_unlock_irq
#define raw_spin_lock_irqsave		spin_lock_irqsave
#define raw_spin_unlock_irqrestore	spin_unlock_irqrestore
#define raw_spin_trylock_irqsave	spin_trylock_irqsave
#define raw_spin_lock_bh		spin_lock_bh
#define raw_spin_unlock_bh		spin_unlock_bh
#define raw_spin_lock_nested		spin_lock_nested
#define DEFINE_RAW_SPINLOCK(name)	DEFINE_SPINLOCK(name)
#define __RAW_SPIN_LOCK_UNLOCKED(name)	__SPIN_LOCK_UNLOCKED
#define assert_spin_locked(l)	BUG_ON(!spin_is_locked(l))
#define assert_raw_spin_locked(l)	assert_spin_locked(l)

/* When @cnt comes to 0: 1, and the lock is held. */
static inline int atomic_dec_and_lock(atomic_t *cnt, spinlock_t *lock)
{
	if (atomic_add_unless(cnt, -1, 1))
		return 0;
	spin_lock(lock);
	if (atomic_dec_and_test(cnt))
		return 1;
	spin_unlock(lock);
	return 0;
}

#define atomic_dec_and_lock_irqsave(cnt, lock, flags) ({		\
	local_irq_save(flags);						\
	int __zero = atomic_dec_and_lock(cnt, lock);			\
	if (!__zero)							\
		local_irq_restore(flags);				\
	__zero; })

DEFINE_GUARD(spinlock, spinlock_t *, spin_lock(_T), spin_unlock(_T))
DEFINE_GUARD_COND(spinlock, _try, spin_trylock(_T))
DEFINE_GUARD(spinlock_irq, spinlock_t *, spin_lock_irq(_T), spin_unlock_irq(_T))
DEFINE_GUARD(spinlock_bh, spinlock_t *, spin_lock_bh(_T), spin_unlock_bh(_T))
DEFINE_LOCK_GUARD_1(spinlock_irqsave, spinlock_t,
		    spin_lock_irqsave(_T->lock, _T->flags),
		    spin_unlock_irqrestore(_T->lock, _T->flags),
		    unsigned long flags)
DEFINE_GUARD(raw_spinlock, raw_spinlock_t *, raw_spin_lock(_T),
	     raw_spin_unlock(_T))
DEFINE_LOCK_GUARD_1(raw_spinlock_irqsave, raw_spinlock_t,
		    raw_spin_lock_irqsave(_T->lock, _T->flags),
		    raw_spin_unlock_irqrestore(_T->lock, _T->flags),
		    unsigned long flags)

#include <linux/rwlock.h>

#endif
