/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_COMPLETION_H
#define _LINUX_COMPLETION_H

#include <linux/wait.h>

/* Something that happens; each complete() lets one waiter through. */
struct completion {
	unsigned int done;		/* wait.lock: completions not consumed */
	wait_queue_head_t wait;
};

#define COMPLETION_INITIALIZER(n)					\
	{ .wait = __WAIT_QUEUE_HEAD_INITIALIZER((n).wait) }
#define DECLARE_COMPLETION(n)	struct completion n = COMPLETION_INITIALIZER(n)
#define COMPLETION_INITIALIZER_ONSTACK(n)				\
	(*({ init_completion(&(n)); &(n); }))
#define DECLARE_COMPLETION_ONSTACK(n)	DECLARE_COMPLETION(n)

void init_completion(struct completion *x);

/* For the next time, when nobody waits. */
static inline void reinit_completion(struct completion *x)
{
	x->done = 0;
}

void complete(struct completion *x);		/* any context */
void complete_all(struct completion *x);	/* any context; for good */
void wait_for_completion(struct completion *x);	/* may sleep */
/* Jiffies left, at least 1; 0 when the time ran out. May sleep. */
unsigned long wait_for_completion_timeout(struct completion *x,
					  unsigned long timeout);
/* Nothing interrupts a waiter: as the plain ones, and 0 for those that wait
 * without end. */
static inline int __must_check
wait_for_completion_interruptible(struct completion *x)
{
	wait_for_completion(x);
	return 0;
}

static inline long __must_check
wait_for_completion_interruptible_timeout(struct completion *x,
					  unsigned long timeout)
{
	return (long)wait_for_completion_timeout(x, timeout);
}

#define wait_for_completion_killable(x)	wait_for_completion_interruptible(x)
#define wait_for_completion_killable_timeout(x, timeout)		\
	wait_for_completion_interruptible_timeout(x, timeout)
#define wait_for_completion_state(x, state)				\
	((void)(state), wait_for_completion_interruptible(x))
#define wait_for_completion_io(x)	wait_for_completion(x)
#define wait_for_completion_io_timeout(x, timeout)			\
	wait_for_completion_timeout(x, timeout)
/* Takes one event without waiting; false when there is none. Any context. */
bool try_wait_for_completion(struct completion *x);
bool completion_done(struct completion *x);

#endif
