/* SPDX-License-Identifier: MIT */
/*
 * Spinning locks for many readers or one writer. A word counts readers; its
 * top bit says that a writer has it. Readers are let in before writers that
 * wait, so that one may nest, in interrupts too.
 */
#ifndef _LINUX_RWLOCK_H
#define _LINUX_RWLOCK_H

#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/rwlock_types.h>
#include <asm/processor.h>

static inline void rwlock_init(rwlock_t *lock)
{
	lock->word = 0;
}

static inline bool read_trylock(rwlock_t *lock)
{
	u32 w = __atomic_load_n(&lock->word, __ATOMIC_RELAXED);

	preempt_disable();
	/* Pairs with the release in write_unlock(). */
	while (!(w & RWLOCK_WRITER))
		if (__atomic_compare_exchange_n(&lock->word, &w, w + 1, false,
						__ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return true;
	preempt_enable();
	return false;
}

static inline bool write_trylock(rwlock_t *lock)
{
	u32 none = 0;

	preempt_disable();
	/* Pairs with the releases in read_unlock() and write_unlock(). */
	if (__atomic_compare_exchange_n(&lock->word, &none, RWLOCK_WRITER,
					false, __ATOMIC_ACQUIRE,
					__ATOMIC_RELAXED))
		return true;
	preempt_enable();
	return false;
}

static inline void read_lock(rwlock_t *lock)
{
	while (!read_trylock(lock))
		cpu_relax();
}

static inline void write_lock(rwlock_t *lock)
{
	while (!write_trylock(lock))
		cpu_relax();
}

static inline void read_unlock(rwlock_t *lock)
{
	__atomic_fetch_sub(&lock->word, 1, __ATOMIC_RELEASE);
	preempt_enable();
}

static inline void write_unlock(rwlock_t *lock)
{
	__atomic_fetch_and(&lock->word, ~RWLOCK_WRITER, __ATOMIC_RELEASE);
	preempt_enable();
}

#define __RWLOCK_FORMS(kind)						\
static inline void kind##_lock_irq(rwlock_t *lock)			\
{									\
	local_irq_disable();						\
	kind##_lock(lock);						\
}									\
static inline void kind##_unlock_irq(rwlock_t *lock)			\
{									\
	kind##_unlock(lock);						\
	local_irq_enable();						\
}									\
static inline void kind##_lock_bh(rwlock_t *lock)			\
{									\
	local_bh_disable();						\
	kind##_lock(lock);						\
}									\
static inline void kind##_unlock_bh(rwlock_t *lock)			\
{									\
	kind##_unlock(lock);						\
	local_bh_enable();						\
}									\
static inline void kind##_unlock_irqrestore(rwlock_t *lock,		\
					    unsigned long flags)	\
{									\
	kind##_unlock(lock);						\
	local_irq_restore(flags);					\
}
__RWLOCK_FORMS(read)
__RWLOCK_FORMS(write)
#define read_lock_irqsave(lock, flags) do {				\
	local_irq_save(flags);						\
	read_lock(lock);						\
} while (0)
#define write_lock_irqsave(lock, flags) do {				\
	local_irq_save(flags);						\
	write_lock(lock);						\
} while (0)

#define rwlock_is_contended(lock)	((void)(lock), 0)

DEFINE_GUARD(read_lock, rwlock_t *, read_lock(_T), read_unlock(_T))
DEFINE_GUARD(write_lock, rwlock_t *, write_lock(_T), write_unlock(_T))

#endif
