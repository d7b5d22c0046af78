/* SPDX-License-Identifier: MIT */
/*
 * Tracing, to whoever turns it on and reads it: the console, files under
 * /sys/kernel/tracing, programs. All in task context; may sleep.
 */
#ifndef _OCTAVO_TRACE_H
#define _OCTAVO_TRACE_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>

struct seq_file;
struct tracepoint;

#define TRACE_NAME_MAX	64	/* bytes of an event's name, with its NUL */
#define TRACE_WHY_MAX	128	/* bytes of an error's line that always do */

#ifdef CONFIG_TRACEPOINTS

/* Start-up: does what trace_event= and trace_buf_size= say. */
void trace_init(void);

/*
 * Turns events on (@on) or off. @names: SYSTEM:EVENT, SYSTEM, EVENT or all,
 * with * and ? as in file names, several with commas or blanks between them; a
 * ! in front means the opposite. The first that is turned on brings memory for
 * the rings. 0; -ENOENT: no such event; -EINVAL: no name; -ENOMEM: each with a
 * line of at most @size bytes in @why, and nothing changed.
 */
int trace_events_set(const char *names, bool on, char *why, size_t size);
void trace_events_off(void);

/* Whether what happens is written down; events stay on. At first: it is. */
void tracing_set(bool on);
bool tracing_is_on(void);
/* Whether a full ring loses its oldest records (at first) or the new ones. */
void trace_overwrite_set(bool on);
bool trace_overwrites(void);

/*
 * Memory of each CPU's ring, in KiB. What the rings hold is lost. 0; -EINVAL:
 * too small or too large; -ENOMEM: nothing changed.
 */
int trace_size_set(unsigned long kb);
unsigned int trace_size_kb(void);	/* of one */
bool trace_has_buffers(void);
/* What the rings hold is gone. */
void trace_clear(void);
/* All events off, and the memory given back. */
void trace_free(void);

/* The event at place @i of all; NULL: there are no more. */
const struct tracepoint *trace_event_at(unsigned int i);
const struct tracepoint *trace_event_find(const char *system, size_t len,
					  const char *name);
bool trace_event_is_on(const struct tracepoint *tp);
/* One event on or off; -ENOMEM. */
int trace_event_set(const struct tracepoint *tp, bool on);

/*
 * What the rings hold, oldest first, as ftrace's file `trace` (@consume: as
 * trace_pipe, and it is gone then). 0 or -ENOMEM.
 */
int trace_show(struct seq_file *m, bool consume);
/* Counters of each CPU, or of @cpu, as ftrace's per_cpu/cpuN/stats. */
void trace_stats_show(struct seq_file *m);
void trace_cpu_stats_show(struct seq_file *m, unsigned int cpu);
/* How a page of a trace.dat file, and the head of a record in it, look: as
 * ftrace's files events/header_page and events/header_event. */
extern const char trace_header_page[], trace_header_event[];
/* An event's format file; "PID NAME" lines. */
void trace_format_show(struct seq_file *m, const struct tracepoint *tp);
void trace_comms_show(struct seq_file *m);
/*
 * All of it as a trace.dat file of trace-cmd (version 6): bytes. Nothing is
 * written down meanwhile. 0, or -ENOMEM with nothing emitted.
 */
int trace_dat_show(struct seq_file *m);
/* The same to where the port keeps such things (port_dump_write()). -ENODEV:
 * there is no such place. */
int trace_dump(void);
/* The same at the end of a machine, if there is anything, and a place. */
void trace_end(void);

/* NULL, or which invariant of which rings does not hold (ring.c); at rest. */
const char *trace_check(void);

/* Records of all CPUs, since the last trace_clear(). */
struct trace_sums {
	unsigned long long entries;	/* in the rings now */
	unsigned long long written;
	unsigned long long overrun;	/* overwritten unread */
	unsigned long long dropped;	/* never written, for whatever reason */
};
void trace_sums_read(struct trace_sums *sums);

#else

static inline void trace_init(void) {}
static inline void trace_end(void) {}

#endif

#endif
