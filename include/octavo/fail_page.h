/* SPDX-License-Identifier: MIT */
/* Requests for pages that fail because a test asks for it. */
#ifndef _OCTAVO_FAIL_PAGE_H
#define _OCTAVO_FAIL_PAGE_H

/*
 * The @nth request from now on, of any CPU, finds nothing, as if memory had
 * run out, and later ones find it again. 0: none fails. Requests with
 * __GFP_NOFAIL are not counted. Any context.
 */
void page_alloc_fail_nth(long nth);
/* How many requests still go well before it; 0 when it was, or none is. */
long page_alloc_fail_left(void);

/*
 * The files of fail_page_alloc/, by name: probability, interval, space, times,
 * verbose, ignore-gfp-highmem, ignore-gfp-wait, min-order. 0; -ENOENT for
 * another name, and always in a build without page_debug; -EINVAL for a value
 * that the file cannot have. Any context.
 */
int fail_page_read(const char *name, long *value);
int fail_page_write(const char *name, long value);

/*
 * The current thread's @nth request from now on fails; 0: none does. Threads
 * only; without page_debug nothing happens.
 */
void page_alloc_fail_task_nth(unsigned int nth);

#endif
