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
#include <linux/irqflags.h>
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

#define raw_spin_lock		spin_lock
#define raw_spin_unlock		spin_unlock
#define assert_spin_locked(l)	BUG_ON(!spin_is_locked(l))
#define lockdep_assert_held(l)	VM_BUG_ON(!spin_is_locked(l))

#endif
