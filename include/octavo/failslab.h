/* SPDX-License-Identifier: MIT */
/* Requests for objects that fail because a test asks for it. */
#ifndef _OCTAVO_FAILSLAB_H
#define _OCTAVO_FAILSLAB_H

#ifdef CONFIG_SLAB_DEBUG

/*
 * The @nth request from now on, of any CPU, finds nothing, and later ones go
 * on as before. 0: none fails. Requests with __GFP_NOFAIL are not counted.
 * Task context.
 */
void failslab_fail_nth(long nth);
/* How many requests still go well before it, and itself; 0: it was, or none
 * is. */
long failslab_fail_left(void);
/* The current thread's @nth request from now on fails; 0: none does, and no
 * thread's that counts need be looked at any more. Threads. */
void failslab_fail_task_nth(unsigned int nth);

/*
 * The files of failslab/, by name: probability, interval, space, times,
 * verbose, ignore-gfp-wait, cache-filter. 0; -ENOENT for another name;
 * -EINVAL for a value that the file cannot have. Task context.
 */
int failslab_read(const char *name, long *value);
int failslab_write(const char *name, long value);

#else

static inline void failslab_fail_nth(long nth) {}
static inline long failslab_fail_left(void) { return 0; }
static inline void failslab_fail_task_nth(unsigned int nth) {}

#endif

#endif
