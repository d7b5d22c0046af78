// SPDX-License-Identifier: MIT
/*
 * Reader-writer semaphores: a state under the wait queue's lock.
 *
 *   active = -1   a writer          active = n > 0   n readers
 *   active = 0    free
 *
 * A reader gets in while there is no writer and none waits; a writer when
 * it is free. Each change that could let somebody in wakes all waiters, which
 * look for themselves: there are few, and the rule stays one line.
 *
 * I1. active >= -1.
 * I2. writers_waiting counts the writers between their first look and success.
 */
#include <linux/rwsem.h>

#include <linux/kernel.h>
#include <linux/percpu.h>

#include <octavo/machine.h>

void init_rwsem(struct rw_semaphore *sem)
{
	sem->active = 0;
	sem->writers_waiting = 0;
	init_waitqueue_head(&sem->wait);
}

int down_read_trylock(struct rw_semaphore *sem)
{
	unsigned long flags;
	bool got;

	spin_lock_irqsave(&sem->wait.lock, flags);
	got = sem->active >= 0 && !sem->writers_waiting;
	if (got)
		sem->active++;
	spin_unlock_irqrestore(&sem->wait.lock, flags);
	return got;
}

void down_read(struct rw_semaphore *sem)
{
	wait_event(sem->wait, down_read_trylock(sem));
}

int down_write_trylock(struct rw_semaphore *sem)
{
	unsigned long flags;
	bool got;

	spin_lock_irqsave(&sem->wait.lock, flags);
	got = sem->active == 0;
	if (got)
		sem->active = -1;
	spin_unlock_irqrestore(&sem->wait.lock, flags);
	return got;
}

static void rwsem_writers_add(struct rw_semaphore *sem, unsigned int n)
{
	unsigned long flags;

	spin_lock_irqsave(&sem->wait.lock, flags);
	sem->writers_waiting += n;
	spin_unlock_irqrestore(&sem->wait.lock, flags);
}

void down_write(struct rw_semaphore *sem)
{
	might_sleep();
	if (down_write_trylock(sem))
		return;
	rwsem_writers_add(sem, 1);
	wait_event(sem->wait, down_write_trylock(sem));
	/* Readers that this kept out look again at up_write(). */
	rwsem_writers_add(sem, -1U);
}

static void writer_leave(struct rw_semaphore *sem, int readers)
{
	unsigned long flags;

	spin_lock_irqsave(&sem->wait.lock, flags);
	BUG_ON(sem->active != -1);
	sem->active = readers;
	__wake_up_locked(&sem->wait, TASK_NORMAL, 0);
	spin_unlock_irqrestore(&sem->wait.lock, flags);
}

void up_read(struct rw_semaphore *sem)
{
	unsigned long flags;

	spin_lock_irqsave(&sem->wait.lock, flags);
	BUG_ON(sem->active <= 0);
	if (!--sem->active)
		__wake_up_locked(&sem->wait, TASK_NORMAL, 0);
	spin_unlock_irqrestore(&sem->wait.lock, flags);
}

void up_write(struct rw_semaphore *sem)
{
	writer_leave(sem, 0);
}

void downgrade_write(struct rw_semaphore *sem)
{
	writer_leave(sem, 1);
}

bool rwsem_is_locked(struct rw_semaphore *sem)
{
	unsigned long flags;
	bool locked;

	spin_lock_irqsave(&sem->wait.lock, flags);
	locked = sem->active != 0;
	spin_unlock_irqrestore(&sem->wait.lock, flags);
	return locked;
}

bool rwsem_is_contended(struct rw_semaphore *sem)
{
	return waitqueue_active(&sem->wait);
}
