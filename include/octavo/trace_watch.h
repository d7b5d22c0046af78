/* SPDX-License-Identifier: MIT */
/*
 * What tracing asks of the allocators: that each call takes the way with the
 * tracepoints on it. The short ways have none, and ask nothing; closing them
 * is all that it takes.
 */
#ifndef _OCTAVO_TRACE_WATCH_H
#define _OCTAVO_TRACE_WATCH_H

#include <linux/types.h>

/* All CPUs' calls from now on, or no longer. Task context. */
void page_trace_watch(bool on);		/* mm_page_alloc, mm_page_free */
void slab_trace_watch(bool on);		/* kmalloc and the like */
void percpu_trace_watch(bool on);	/* percpu_alloc_percpu, ..._free_... */

#endif
