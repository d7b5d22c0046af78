/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SRCU_H
#define _LINUX_SRCU_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

/*
 * RCU whose readers may sleep. Readers count themselves in one of two counts;
 * a grace period makes new ones use the other, and waits until the first is 0.
 */
struct srcu_struct {
	atomic_t index;			/* a: its low bit: which count */
	atomic_t readers[2];		/* a */
	struct mutex mutex;		/* one grace period at a time */
};

#define __SRCU_STRUCT_INIT(name)					\
	{ .mutex = __MUTEX_INITIALIZER((name).mutex) }
#define DEFINE_SRCU(name)						\
	struct srcu_struct name = __SRCU_STRUCT_INIT(name)
#define DEFINE_STATIC_SRCU(name)	static DEFINE_SRCU(name)

static inline int init_srcu_struct(struct srcu_struct *ssp)
{
	*ssp = (struct srcu_struct)__SRCU_STRUCT_INIT(*ssp);
	return 0;
}

static inline void cleanup_srcu_struct(struct srcu_struct *ssp)
{
	WARN_ON(atomic_read(&ssp->readers[0]) || atomic_read(&ssp->readers[1]));
}

static inline int srcu_read_lock(struct srcu_struct *ssp)
{
	int index = atomic_read(&ssp->index) & 1;

	atomic_inc(&ssp->readers[index]);
	smp_mb();
	return index;
}

static inline void srcu_read_unlock(struct srcu_struct *ssp, int index)
{
	smp_mb();
	atomic_dec(&ssp->readers[index]);
}

static inline int srcu_read_lock_held(const struct srcu_struct *ssp)
{
	return 1;
}

static inline void srcu_wait(struct srcu_struct *ssp)
{
	int old = atomic_fetch_inc(&ssp->index) & 1;

	smp_mb();
	while (atomic_read(&ssp->readers[old]))
		schedule_timeout_uninterruptible(1);
	smp_mb();
}

/* Twice: a reader may have looked at the index long before it counted. */
static inline void synchronize_srcu(struct srcu_struct *ssp)
{
	mutex_lock(&ssp->mutex);
	srcu_wait(ssp);
	srcu_wait(ssp);
	mutex_unlock(&ssp->mutex);
}

#define synchronize_srcu_expedited(ssp)	synchronize_srcu(ssp)
#define srcu_barrier(ssp)		((void)(ssp))
#define srcu_dereference(p, ssp)	((void)(ssp), rcu_dereference_raw(p))
#define srcu_dereference_check(p, ssp, c) srcu_dereference(p, ssp)

#endif
