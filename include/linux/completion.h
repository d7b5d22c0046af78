/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_COMPLETION_H
#define _LINUX_COMPLETION_H

#include <linux/wait.h>

/* Something that happens; each complete() lets one waiter through. */
struct completion {
	unsigned int done;		/* wait.lock: completions not consumed */
	wait_queue_head_t wait;
};

void init_completion(struct completion *x);
void complete(struct completion *x);		/* any context */
void complete_all(struct completion *x);	/* any context; for good */
void wait_for_completion(struct completion *x);	/* may sleep */
/* Jiffies left, at least 1; 0 when the time ran out. May sleep. */
unsigned long wait_for_completion_timeout(struct completion *x,
					  unsigned long timeout);
/* Takes one event without waiting; false when there is none. Any context. */
bool try_wait_for_completion(struct completion *x);
bool completion_done(struct completion *x);

#endif
