// SPDX-License-Identifier: MIT
/*
 * Completions: a count of events under the wait queue's lock.
 *
 * complete() touches nothing of the completion after it drops the lock, and a
 * waiter returns only after it has held that lock; so a completion may lie on
 * the waiter's stack. done is UINT_MAX for ever after complete_all().
 */
#include <linux/completion.h>

#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/percpu.h>

#include <octavo/machine.h>

void init_completion(struct completion *x)
{
	x->done = 0;
	init_waitqueue_head(&x->wait);
}

void complete(struct completion *x)
{
	unsigned long flags;

	spin_lock_irqsave(&x->wait.lock, flags);
	if (x->done != UINT_MAX)
		x->done++;
	__wake_up_locked(&x->wait, TASK_NORMAL, 1);
	spin_unlock_irqrestore(&x->wait.lock, flags);
}

void complete_all(struct completion *x)
{
	unsigned long flags;

	spin_lock_irqsave(&x->wait.lock, flags);
	x->done = UINT_MAX;
	__wake_up_locked(&x->wait, TASK_NORMAL, 0);
	spin_unlock_irqrestore(&x->wait.lock, flags);
}

/* Takes one event if there is one. */
static bool completion_consume(struct completion *x)
{
	unsigned long flags;
	bool got;

	spin_lock_irqsave(&x->wait.lock, flags);
	got = x->done != 0;
	if (got && x->done != UINT_MAX)
		x->done--;
	spin_unlock_irqrestore(&x->wait.lock, flags);
	return got;
}

static long completion_wait(struct completion *x, long left)
{
	struct wait_queue_entry w;

	might_sleep();
	init_wait_entry(&w, true);
	for (;;) {
		prepare_to_wait(&x->wait, &w, TASK_UNINTERRUPTIBLE);
		if (completion_consume(x)) {
			left = left ? left : 1;
			break;
		}
		if (!left)
			break;
		left = schedule_timeout(left);
	}
	finish_wait(&x->wait, &w);
	return left;
}

void wait_for_completion(struct completion *x)
{
	completion_wait(x, MAX_SCHEDULE_TIMEOUT);
}

unsigned long wait_for_completion_timeout(struct completion *x,
					  unsigned long timeout)
{
	return (unsigned long)completion_wait(x, (long)min(timeout,
					(unsigned long)MAX_SCHEDULE_TIMEOUT));
}

bool try_wait_for_completion(struct completion *x)
{
	return completion_consume(x);
}

bool completion_done(struct completion *x)
{
	unsigned long flags;
	bool done;

	spin_lock_irqsave(&x->wait.lock, flags);
	done = x->done != 0;
	spin_unlock_irqrestore(&x->wait.lock, flags);
	return done;
}
