// SPDX-License-Identifier: MIT
/*
 * Mutexes: one word that names the owner, and a wait queue behind it.
 *
 * Taking a free one and giving back one nobody wants is one atomic operation
 * each. Who finds it taken counts itself in `waiters`, queues, tries again,
 * and sleeps; who gives it back wakes one of them. The woken one competes with
 * newcomers; if it loses it sleeps again, and the winner will wake one.
 *
 * No wake is lost: the four accesses are sequentially consistent.
 *
 *   L: waiters++                       U: owner = NULL (exchange)
 *   L: owner == NULL? no: sleep        U: waiters? yes: wake one
 *
 * If L's second comes before U's first, L's first does too, and U sees it.
 *
 * I1. owner is NULL or a live thread between mutex_lock and mutex_unlock.
 *
 * Lock order: mutex -> wait queue's lock -> run queue's lock.
 */
#include <linux/mutex.h>

#include <linux/kernel.h>
#include <linux/percpu.h>

#include <octavo/machine.h>

void mutex_init(struct mutex *lock)
{
	lock->owner = NULL;
	lock->waiters = 0;
	init_waitqueue_head(&lock->wait);
}

int mutex_trylock(struct mutex *lock)
{
	struct task_struct *none = NULL;

	/* The acquire in it pairs with the exchange in mutex_unlock(). */
	return __atomic_compare_exchange_n(&lock->owner, &none, current, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static noinline void mutex_lock_slow(struct mutex *lock)
{
	struct wait_queue_entry w;

	BUG_ON(__atomic_load_n(&lock->owner, __ATOMIC_RELAXED) == current);
	init_wait_entry(&w, true);
	__atomic_fetch_add(&lock->waiters, 1, __ATOMIC_SEQ_CST);
	for (;;) {
		prepare_to_wait(&lock->wait, &w, TASK_UNINTERRUPTIBLE);
		if (mutex_trylock(lock))
			break;
		schedule();
	}
	finish_wait(&lock->wait, &w);
	__atomic_fetch_sub(&lock->waiters, 1, __ATOMIC_RELAXED);
}

void mutex_lock(struct mutex *lock)
{
	might_sleep();
	if (!mutex_trylock(lock))
		mutex_lock_slow(lock);
}

void mutex_unlock(struct mutex *lock)
{
	BUG_ON(__atomic_load_n(&lock->owner, __ATOMIC_RELAXED) != current);
	(void)__atomic_exchange_n(&lock->owner, NULL, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&lock->waiters, __ATOMIC_SEQ_CST))
		wake_up(&lock->wait);
}

bool mutex_is_locked(struct mutex *lock)
{
	return __atomic_load_n(&lock->owner, __ATOMIC_RELAXED) != NULL;
}

int atomic_dec_and_mutex_lock(atomic_t *cnt, struct mutex *lock)
{
	if (atomic_add_unless(cnt, -1, 1))
		return 0;
	mutex_lock(lock);
	if (atomic_dec_and_test(cnt))
		return 1;
	mutex_unlock(lock);
	return 0;
}
