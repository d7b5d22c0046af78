/* SPDX-License-Identifier: MIT */
/* What a tracepoint is: linux/tracepoint.h tells how one is made. */
#ifndef _LINUX_TRACEPOINT_DEFS_H
#define _LINUX_TRACEPOINT_DEFS_H

struct trace_event;

/*
 * Constant. All of them lie side by side in a section, and the place there is
 * a tracepoint's number: whether it is on is the machine's to know.
 */
struct tracepoint {
	const char *name;			/* "mm_page_alloc" */
	const struct trace_event *event;	/* how it is written down; NULL:
						 * it only calls probes */
};

#endif
