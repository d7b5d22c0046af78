/* SPDX-License-Identifier: MIT */
/* Chains of functions that are told of something. */
#ifndef _LINUX_NOTIFIER_H
#define _LINUX_NOTIFIER_H

#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>

struct notifier_block;
typedef int (*notifier_fn_t)(struct notifier_block *nb, unsigned long action,
			     void *data);

/* c: constant while registered  l: lock of the chain */
struct notifier_block {
	notifier_fn_t notifier_call;	/* c */
	struct notifier_block *next;	/* l */
	int priority;			/* c: higher ones are called first */
};

#define NOTIFY_DONE		0x0000
#define NOTIFY_OK		0x0001
#define NOTIFY_STOP_MASK	0x8000
#define NOTIFY_BAD		(NOTIFY_STOP_MASK | 0x0002)
#define NOTIFY_STOP		(NOTIFY_OK | NOTIFY_STOP_MASK)

static inline int notifier_from_errno(int err)
{
	return err ? NOTIFY_STOP_MASK | (NOTIFY_OK - err) : NOTIFY_OK;
}

static inline int notifier_to_errno(int ret)
{
	ret &= ~NOTIFY_STOP_MASK;
	return ret > NOTIFY_OK ? NOTIFY_OK - ret : 0;
}

/* The caller locks. */
struct raw_notifier_head {
	struct notifier_block *head;
};

#define RAW_NOTIFIER_INIT(name)		{ .head = NULL }
#define RAW_NOTIFIER_HEAD(name)						\
	struct raw_notifier_head name = RAW_NOTIFIER_INIT(name)
#define RAW_INIT_NOTIFIER_HEAD(name)	((void)((name)->head = NULL))

static inline int raw_notifier_chain_register(struct raw_notifier_head *nh,
					      struct notifier_block *nb)
{
	struct notifier_block **p = &nh->head;

	for (; *p && (*p)->priority >= nb->priority; p = &(*p)->next)
		if (*p == nb)
			return -EEXIST;
	nb->next = *p;
	rcu_assign_pointer(*p, nb);
	return 0;
}

static inline int raw_notifier_chain_unregister(struct raw_notifier_head *nh,
						struct notifier_block *nb)
{
	struct notifier_block **p = &nh->head;

	for (; *p; p = &(*p)->next) {
		if (*p != nb)
			continue;
		rcu_assign_pointer(*p, nb->next);
		return 0;
	}
	return -ENOENT;
}

static inline int raw_notifier_call_chain(struct raw_notifier_head *nh,
					  unsigned long action, void *data)
{
	struct notifier_block *nb, *next;
	int ret = NOTIFY_DONE;

	for (nb = rcu_dereference_raw(nh->head); nb; nb = next) {
		next = rcu_dereference_raw(nb->next);
		ret = nb->notifier_call(nb, action, data);
		if (ret & NOTIFY_STOP_MASK)
			break;
	}
	return ret;
}

/* Called from any context; nothing may sleep. */
struct atomic_notifier_head {
	spinlock_t lock;
	struct raw_notifier_head raw;
};

#define ATOMIC_NOTIFIER_INIT(name)	{ .lock = __SPIN_LOCK_UNLOCKED }
#define ATOMIC_NOTIFIER_HEAD(name)					\
	struct atomic_notifier_head name = ATOMIC_NOTIFIER_INIT(name)
#define ATOMIC_INIT_NOTIFIER_HEAD(name)					\
	(*(name) = (struct atomic_notifier_head)ATOMIC_NOTIFIER_INIT(name))

static inline int
atomic_notifier_chain_register(struct atomic_notifier_head *nh,
			       struct notifier_block *nb)
{
	unsigned long flags;
	int err;

	spin_lock_irqsave(&nh->lock, flags);
	err = raw_notifier_chain_register(&nh->raw, nb);
	spin_unlock_irqrestore(&nh->lock, flags);
	return err;
}

static inline int
atomic_notifier_chain_unregister(struct atomic_notifier_head *nh,
				 struct notifier_block *nb)
{
	unsigned long flags;
	int err;

	spin_lock_irqsave(&nh->lock, flags);
	err = raw_notifier_chain_unregister(&nh->raw, nb);
	spin_unlock_irqrestore(&nh->lock, flags);
	synchronize_rcu();
	return err;
}

static inline int atomic_notifier_call_chain(struct atomic_notifier_head *nh,
					     unsigned long action, void *data)
{
	int ret;

	rcu_read_lock();
	ret = raw_notifier_call_chain(&nh->raw, action, data);
	rcu_read_unlock();
	return ret;
}

/* Called where sleeping is allowed. */
struct blocking_notifier_head {
	struct rw_semaphore rwsem;
	struct raw_notifier_head raw;
};

#define BLOCKING_NOTIFIER_INIT(name)					\
	{ .rwsem = __RWSEM_INITIALIZER((name).rwsem) }
#define BLOCKING_NOTIFIER_HEAD(name)					\
	struct blocking_notifier_head name = BLOCKING_NOTIFIER_INIT(name)
#define BLOCKING_INIT_NOTIFIER_HEAD(name)				\
	(init_rwsem(&(name)->rwsem), RAW_INIT_NOTIFIER_HEAD(&(name)->raw))

static inline int
blocking_notifier_chain_register(struct blocking_notifier_head *nh,
				 struct notifier_block *nb)
{
	int err;

	down_write(&nh->rwsem);
	err = raw_notifier_chain_register(&nh->raw, nb);
	up_write(&nh->rwsem);
	return err;
}

static inline int
blocking_notifier_chain_unregister(struct blocking_notifier_head *nh,
				   struct notifier_block *nb)
{
	int err;

	down_write(&nh->rwsem);
	err = raw_notifier_chain_unregister(&nh->raw, nb);
	up_write(&nh->rwsem);
	return err;
}

static inline int
blocking_notifier_call_chain(struct blocking_notifier_head *nh,
			     unsigned long action, void *data)
{
	int ret;

	down_read(&nh->rwsem);
	ret = raw_notifier_call_chain(&nh->raw, action, data);
	up_read(&nh->rwsem);
	return ret;
}

#endif
