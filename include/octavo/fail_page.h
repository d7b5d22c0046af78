/* SPDX-License-Identifier: MIT */
/* Requests for pages that fail because a test asks for it. */
#ifndef _OCTAVO_FAIL_PAGE_H
#define _OCTAVO_FAIL_PAGE_H

/*
 * The @nth request from now on, of any CPU, finds nothing, as if memory had
 * run out, and later ones find it again. 0: none fails. Any context.
 */
void page_alloc_fail_nth(long nth);
/* How many requests still go well before it; 0 when it was, or none is. */
long page_alloc_fail_left(void);

#endif
