/* SPDX-License-Identifier: MIT */
/*
 * Counters that tell a reader that what it read was being changed: odd while
 * a writer is at it. A reader reads the count, then the data, then asks
 * whether to do it again. Writers keep each other out by a lock: their own
 * (seqcount_t and seqcount_*_t) or the one inside (seqlock_t).
 */
#ifndef _LINUX_SEQLOCK_H
#define _LINUX_SEQLOCK_H

#include <linux/compiler.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/rwlock.h>
#include <linux/spinlock.h>

typedef struct seqcount {
	unsigned int sequence;		/* a: odd while it is written */
} seqcount_t;

/* The lock is the user's word for it; what it is does not matter here. */
#define __SEQCOUNT_LOCK(name, type)					\
	typedef struct { seqcount_t seqcount; type *lock; } seqcount_##name##_t
__SEQCOUNT_LOCK(spinlock, spinlock_t);
__SEQCOUNT_LOCK(raw_spinlock, raw_spinlock_t);
__SEQCOUNT_LOCK(rwlock, rwlock_t);
__SEQCOUNT_LOCK(mutex, struct mutex);

#define SEQCNT_ZERO(n)			{ .sequence = 0 }
#define __SEQCNT_LOCK_ZERO(n, l)	{ .seqcount = SEQCNT_ZERO(n), .lock = (l) }
#define SEQCNT_SPINLOCK_ZERO(n, l)	__SEQCNT_LOCK_ZERO(n, l)
#define SEQCNT_RAW_SPINLOCK_ZERO(n, l)	__SEQCNT_LOCK_ZERO(n, l)
#define SEQCNT_RWLOCK_ZERO(n, l)	__SEQCNT_LOCK_ZERO(n, l)
#define SEQCNT_MUTEX_ZERO(n, l)		__SEQCNT_LOCK_ZERO(n, l)
#define seqcount_init(s)		((void)((s)->sequence = 0))
#define seqcount_spinlock_init(s, l)					\
	((void)((s)->seqcount.sequence = 0), (void)((s)->lock = (l)))
#define seqcount_raw_spinlock_init(s, l)	seqcount_spinlock_init(s, l)
#define seqcount_rwlock_init(s, l)		seqcount_spinlock_init(s, l)
#define seqcount_mutex_init(s, l)		seqcount_spinlock_init(s, l)

/* Each kind of count begins with a seqcount_t. */
#define __seqcount(s)		((seqcount_t *)(void *)(uintptr_t)(s))

static inline unsigned int __seq_read(const seqcount_t *s)
{
	/* Pairs with the barriers of the writer. */
	return __atomic_load_n(&s->sequence, __ATOMIC_ACQUIRE);
}

static inline unsigned int __seq_begin(const seqcount_t *s)
{
	unsigned int n;

	while ((n = __seq_read(s)) & 1)
		cpu_relax();
	return n;
}

static inline int __seq_retry(const seqcount_t *s, unsigned int start)
{
	smp_rmb();
	return __atomic_load_n(&s->sequence, __ATOMIC_RELAXED) != start;
}

static inline void __seq_write_begin(seqcount_t *s)
{
	preempt_disable();
	__atomic_store_n(&s->sequence, s->sequence + 1, __ATOMIC_RELAXED);
	smp_wmb();
}

static inline void __seq_write_end(seqcount_t *s)
{
	__atomic_store_n(&s->sequence, s->sequence + 1, __ATOMIC_RELEASE);
	preempt_enable();
}

#define read_seqcount_begin(s)		__seq_begin(__seqcount(s))
#define __read_seqcount_begin(s)	__seq_begin(__seqcount(s))
#define raw_read_seqcount_begin(s)	__seq_begin(__seqcount(s))
#define raw_read_seqcount(s)		__seq_read(__seqcount(s))
#define raw_seqcount_begin(s)		(__seq_read(__seqcount(s)) & ~1u)
#define read_seqcount_retry(s, start)	__seq_retry(__seqcount(s), start)
#define __read_seqcount_retry(s, start)	__seq_retry(__seqcount(s), start)
#define write_seqcount_begin(s)		__seq_write_begin(__seqcount(s))
#define write_seqcount_begin_nested(s, c)				\
	((void)(c), __seq_write_begin(__seqcount(s)))
#define write_seqcount_end(s)		__seq_write_end(__seqcount(s))
#define raw_write_seqcount_begin(s)	__seq_write_begin(__seqcount(s))
#define raw_write_seqcount_end(s)	__seq_write_end(__seqcount(s))
/* Readers that have begun do it again. */
#define write_seqcount_invalidate(s)					\
	__atomic_fetch_add(&__seqcount(s)->sequence, 2, __ATOMIC_RELEASE)

typedef struct {
	seqcount_t seqcount;
	spinlock_t lock;		/* of writers */
} seqlock_t;

#define __SEQLOCK_UNLOCKED(n)						\
	{ .seqcount = SEQCNT_ZERO(n), .lock = __SPIN_LOCK_UNLOCKED }
#define DEFINE_SEQLOCK(n)	seqlock_t n = __SEQLOCK_UNLOCKED(n)

static inline void seqlock_init(seqlock_t *sl)
{
	sl->seqcount.sequence = 0;
	spin_lock_init(&sl->lock);
}

static inline unsigned int read_seqbegin(const seqlock_t *sl)
{
	return __seq_begin(&sl->seqcount);
}

static inline unsigned int read_seqretry(const seqlock_t *sl,
					 unsigned int start)
{
	return (unsigned int)__seq_retry(&sl->seqcount, start);
}

/* A writer; and a reader that keeps writers out and cannot fail. */
#define __SEQLOCK_FORMS(form)						\
static inline void write_seqlock##form(seqlock_t *sl)			\
{									\
	spin_lock##form(&sl->lock);					\
	__seq_write_begin(&sl->seqcount);				\
}									\
static inline void write_sequnlock##form(seqlock_t *sl)			\
{									\
	__seq_write_end(&sl->seqcount);					\
	spin_unlock##form(&sl->lock);					\
}									\
static inline void read_seqlock_excl##form(seqlock_t *sl)		\
{									\
	spin_lock##form(&sl->lock);					\
}									\
static inline void read_sequnlock_excl##form(seqlock_t *sl)		\
{									\
	spin_unlock##form(&sl->lock);					\
}
__SEQLOCK_FORMS()
__SEQLOCK_FORMS(_irq)
__SEQLOCK_FORMS(_bh)

#define write_seqlock_irqsave(sl, flags) do {				\
	local_irq_save(flags);						\
	write_seqlock(sl);						\
} while (0)
static inline void write_sequnlock_irqrestore(seqlock_t *sl,
					      unsigned long flags)
{
	write_sequnlock(sl);
	local_irq_restore(flags);
}

#define read_seqlock_excl_irqsave(sl, flags)				\
	spin_lock_irqsave(&(sl)->lock, flags)
#define read_sequnlock_excl_irqrestore(sl, flags)			\
	spin_unlock_irqrestore(&(sl)->lock, flags)

/* First without the lock (*@seq even), the second time with it (odd). */
static inline void read_seqbegin_or_lock(seqlock_t *sl, int *seq)
{
	if (!(*seq & 1))
		*seq = (int)read_seqbegin(sl);
	else
		read_seqlock_excl(sl);
}

static inline int need_seqretry(seqlock_t *sl, int seq)
{
	return !(seq & 1) && read_seqretry(sl, (unsigned int)seq);
}

static inline void done_seqretry(seqlock_t *sl, int seq)
{
	if (seq & 1)
		read_sequnlock_excl(sl);
}

#endif
