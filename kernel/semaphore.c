// SPDX-License-Identifier: MIT
/*
 * Semaphores: a count under the wait queue's lock.
 *
 * A waiter is woken by up() and takes one itself; if a newcomer was faster it
 * sleeps again, and that one's up() will wake it.
 */
#include <linux/semaphore.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/percpu.h>

#include <octavo/machine.h>

void sema_init(struct semaphore *sem, int val)
{
	BUG_ON(val < 0);
	sem->count = (unsigned int)val;
	init_waitqueue_head(&sem->wait);
}

int down_trylock(struct semaphore *sem)
{
	unsigned long flags;
	bool got;

	spin_lock_irqsave(&sem->wait.lock, flags);
	got = sem->count != 0;
	if (got)
		sem->count--;
	spin_unlock_irqrestore(&sem->wait.lock, flags);
	return !got;
}

int down_timeout(struct semaphore *sem, long timeout)
{
	struct wait_queue_entry w;
	int ret = 0;

	might_sleep();
	init_wait_entry(&w, true);
	for (;;) {
		prepare_to_wait(&sem->wait, &w, TASK_UNINTERRUPTIBLE);
		if (!down_trylock(sem))
			break;
		if (!timeout) {
			ret = -ETIME;
			break;
		}
		timeout = schedule_timeout(timeout);
	}
	finish_wait(&sem->wait, &w);
	return ret;
}

void down(struct semaphore *sem)
{
	down_timeout(sem, MAX_SCHEDULE_TIMEOUT);
}

void up(struct semaphore *sem)
{
	unsigned long flags;

	spin_lock_irqsave(&sem->wait.lock, flags);
	sem->count++;
	__wake_up_locked(&sem->wait, TASK_NORMAL, 1);
	spin_unlock_irqrestore(&sem->wait.lock, flags);
}
