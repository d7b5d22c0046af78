/* SPDX-License-Identifier: MIT */
/* What the files of kernel/trace share. */
#ifndef _KERNEL_TRACE_INTERNAL_H
#define _KERNEL_TRACE_INTERNAL_H

#include <linux/sched.h>
#include <linux/seq_file.h>
#include <octavo/trace.h>

#include "ring.h"

/* Bits of trace_state.watched. */
#define TRACE_WATCH_PAGE	1u
#define TRACE_WATCH_SLAB	2u
#define TRACE_WATCH_PERCPU	4u

/* Threads' names, by the lower bits of the PID. l: trace_state.comm_lock */
#define TRACE_COMMS	256u
struct trace_comm {
	int pid;			/* l: 0: nobody's */
	char comm[TASK_COMM_LEN];	/* l */
};

/* trace_comm.c */

/* Notes the name of who runs, if nobody else is at it. Any context. */
void trace_comm_note(struct trace_ring *r);
/* The name of @pid, or "<...>". */
void trace_comm_find(int pid, char comm[TASK_COMM_LEN]);

/* trace_reader.c */

/* Goes through the records of all CPUs in the order of time. */
struct trace_reader {
	unsigned int nr_cpus;		/* of cpu[] and head[] */
	unsigned int cpu;		/* whose record comes next */
	u64 ns;				/* its time */
	u64 payload[TRACE_RECORD_MAX / 8];	/* what it says */
	unsigned int words;		/* of payload */
	struct trace_place {
		struct ring_reader rd;
		u64 head;		/* of its next record; 0: none */
	} place[];
};

/* NULL: no memory. Under trace_state.mutex until it is ended. */
struct trace_reader *trace_reader_start(void);
/* The next record, to the reader's fields; false: that was all. */
bool trace_reader_next(struct trace_reader *rd, bool consume);
/* The next one of CPU @cpu alone. */
bool trace_reader_next_of(struct trace_reader *rd, unsigned int cpu,
			  bool consume);
void trace_reader_end(struct trace_reader *rd);

/* trace_text.c */

struct trace_text {
	size_t len;			/* characters of line */
	size_t used;			/* characters of scratch */
	char line[1024];		/* an event's fields */
	char scratch[1024];		/* names of flags, for them */
};

/* trace_format.c: names in capitals of a print format, with what they are. */
struct trace_gfp_name {
	unsigned long mask;
	const char *name;
	const char *text;	/* the mask, as Linux's headers come out */
};
extern const struct trace_gfp_name trace_gfp_names[];

/* The tracepoint that a record of type @id is of; NULL: none is. */
static inline const struct tracepoint *trace_event_of(unsigned int id)
{
	return id < TRACE_EVENT_FIRST_ID ? NULL :
	       trace_event_at(id - TRACE_EVENT_FIRST_ID);
}

#endif
