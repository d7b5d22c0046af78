// SPDX-License-Identifier: MIT
/*
 * The end of a reference count together with a lock: who takes it to 0 holds
 * the lock, so that nobody finds the object under the lock meanwhile. Only a
 * count of 1 needs the lock.
 */
#include <linux/refcount.h>

#include <linux/mutex.h>
#include <linux/spinlock.h>

bool refcount_dec_and_lock(refcount_t *r, spinlock_t *lock)
{
	if (refcount_dec_not_one(r))
		return false;
	spin_lock(lock);
	if (refcount_dec_and_test(r))
		return true;
	spin_unlock(lock);
	return false;
}

bool refcount_dec_and_mutex_lock(refcount_t *r, struct mutex *lock)
{
	if (refcount_dec_not_one(r))
		return false;
	mutex_lock(lock);
	if (refcount_dec_and_test(r))
		return true;
	mutex_unlock(lock);
	return false;
}
