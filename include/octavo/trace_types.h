/* SPDX-License-Identifier: MIT */
/* What tracing keeps for the whole machine. The theory: kernel/trace/trace.c. */
#ifndef _OCTAVO_TRACE_TYPES_H
#define _OCTAVO_TRACE_TYPES_H

#include <linux/mutex_types.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>

struct tracepoint;
struct trace_comm;

/* Tracepoints that can be told apart: those of the kernel, thrice. */
#define TRACE_POINTS_MAX	256
/* Functions of others that are called by tracepoints, of all together. */
#define TRACE_PROBES_MAX	32

/* Bits of trace_state.on[]: what happens when a tracepoint is met. */
#define TRACE_ON_RECORD	1u	/* it is written down */
#define TRACE_ON_PROBE	2u	/* somebody's function is called */

/* A function that wants to be called. m: mutex; a: atomic */
struct trace_probe {
	const struct tracepoint *point;	/* a: NULL: no probe */
	void *fn;			/* m: before point: what is called */
	void *data;			/* m: before point: its first argument */
};

/* m: mutex; a: atomic; b: booting CPU, constant later */
struct trace_state {
	unsigned int any;		/* a: whether any tracepoint is on */
	u8 on[TRACE_POINTS_MAX];	/* a: TRACE_ON_*, by number */
	unsigned int stopped;		/* a: tracing_on is 0 */
	unsigned int drop_new;		/* a: a full ring keeps its oldest */
	bool ready;			/* b: start-up has come to tracing */
	struct mutex mutex;		/* of all changes, and of readers */
	struct trace_probe probe[TRACE_PROBES_MAX];	/* m, a */
	unsigned int size_kb;		/* m: of a CPU's ring; 0: the default */
	unsigned int nr_pages;		/* m: that each CPU's ring has now; 0:
					 * there are none */
	unsigned int watched;		/* m: TRACE_WATCH_*: which fast paths
					 * are closed for it */
	spinlock_t comm_lock;		/* of comms; only ever tried */
	struct trace_comm *comms;	/* a: names of threads by PID, or NULL */
};

#endif
