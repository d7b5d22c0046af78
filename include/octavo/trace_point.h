/* SPDX-License-Identifier: MIT */
/*
 * What a tracepoint's call looks at: for linux/tracepoint.h and for the code
 * that the macros of trace/define_trace.h make.
 */
#ifndef _OCTAVO_TRACE_POINT_H
#define _OCTAVO_TRACE_POINT_H

#include <linux/compiler.h>
#include <linux/tracepoint-defs.h>
#include <linux/types.h>
#include <octavo/machine.h>

#define trace_state()	(&this_machine()->trace)

extern const struct tracepoint __start_octavo_tracepoints[];
extern const struct tracepoint __stop_octavo_tracepoints[];

/* The place of @tp among all tracepoints. */
static inline unsigned int trace_point_number(const struct tracepoint *tp)
{
	return (unsigned int)(tp - __start_octavo_tracepoints);
}

/* Whether any tracepoint is on: all that is asked while none is. */
static __always_inline bool trace_any(void)
{
	/* Nothing depends on it: who turns one on expects some to miss it. */
	return unlikely(READ_ONCE(trace_state()->any));
}

/* What is to be done at @tp: TRACE_ON_*. Any context. */
unsigned int trace_point_on(const struct tracepoint *tp);

/* A tracepoint that is being dealt with. */
struct trace_call {
	struct trace_ring *ring;	/* of this CPU */
	unsigned int on;		/* TRACE_ON_* */
	unsigned int level;		/* bit of this kind of context */
	unsigned int count;		/* preempt_count() of who met it */
};

/*
 * Preemption is off from here on; false: nothing is to be done, as it is not
 * on, or it was met on the way of another one. Any context, NMI included.
 */
bool trace_call_begin(struct trace_call *call, const struct tracepoint *tp);
void trace_call_end(struct trace_call *call);

/* What every record begins with. Linux's names. */
struct trace_entry {
	unsigned short type;		/* trace_event_id() */
	unsigned char flags;		/* TRACE_FLAG_* */
	unsigned char preempt_count;	/* lower four bits: depth */
	int pid;
};

#define TRACE_FLAG_IRQS_OFF	0x01u
#define TRACE_FLAG_NEED_RESCHED	0x04u
#define TRACE_FLAG_HARDIRQ	0x08u
#define TRACE_FLAG_SOFTIRQ	0x10u
#define TRACE_FLAG_NMI		0x40u

/* Of a record, bytes; and of its strings and arrays of any length, together:
 * what does not fit is not written, and counted as dropped. */
#define TRACE_RECORD_MAX	1024u
#define TRACE_DYNAMIC_MAX	256u

/*
 * Fills in @entry, which begins a record of @size bytes in memory that is
 * writable up to the next multiple of 8, and writes it to this CPU's ring.
 */
void trace_record(const struct trace_call *call, const struct tracepoint *tp,
		  struct trace_entry *entry, size_t size);
/* A record had no room for its strings. */
void trace_record_too_long(const struct trace_call *call);

/* ---- how an event is written down -------------------------------------- */

struct trace_text;

/* A part of a record. */
struct trace_event_field {
	const char *type;	/* "unsigned long", "__data_loc char[]", "char[16]" */
	const char *name;
	unsigned short offset;	/* bytes */
	unsigned short size;	/* bytes */
	bool is_signed;
};

/* All that is to know of an event, from its one definition. Constant. */
struct trace_event {
	const char *system;
	const char *name;
	/* Its fields, behind those of struct trace_entry; how many to *@nr. */
	const struct trace_event_field *(*fields)(unsigned int *nr);
	/* As a format file has it; see kernel/trace/trace_format.c. */
	const char *print_fmt;
	/* The fields of @record as text. */
	void (*print)(struct trace_text *t, const void *record);
};

#define TRACE_EVENT_FIRST_ID	64	/* below are Linux's own kinds */

static inline unsigned int trace_event_id(const struct tracepoint *tp)
{
	return TRACE_EVENT_FIRST_ID + trace_point_number(tp);
}

/* A bit or a value and its name; the last one has no name. */
struct trace_print_flags {
	unsigned long mask;
	const char *name;
};

/* trace_text.c: for the functions that events' macros make. */
void __printf(2, 3) trace_text_printf(struct trace_text *t, const char *fmt,
				      ...);
/* Each returns a text that is good until trace_text_printf() returns. */
const char *trace_print_flags_seq(struct trace_text *t, const char *delim,
				  unsigned long flags,
				  const struct trace_print_flags *names);
const char *trace_print_symbols_seq(struct trace_text *t, unsigned long value,
				    const struct trace_print_flags *names);
const char *trace_print_hex_seq(struct trace_text *t, const void *bytes,
				int n);
const char *trace_print_gfp(struct trace_text *t, unsigned long gfp);

/* Bytes of a record that @s takes, @len of its characters or (-1) all. */
size_t trace_string_size(const char *s, long len);
/* @size bytes to a record, the last of which is NUL. */
void trace_string_copy(char *to, const char *s, size_t size);

/* ---- probes ------------------------------------------------------------ */

/*
 * @fn is called with @data and the tracepoint's arguments whenever it is met,
 * with preemption off. 0; -EEXIST when it is already; -ENOSPC when too many
 * are. Task context.
 */
int tracepoint_probe_register(const struct tracepoint *tp, void *fn,
			      void *data);
/* -ENOENT when it is not. Calls may still run: see the next. */
int tracepoint_probe_unregister(const struct tracepoint *tp, void *fn,
				void *data);
/* No probe that was unregistered runs any more. May sleep. */
void tracepoint_synchronize_unregister(void);

/* The probe of @tp at place *@at or behind it; NULL: there is no other. */
const struct trace_probe *trace_probe_next(const struct tracepoint *tp,
					   unsigned int *at);
#define for_each_trace_probe(probe, tp, at)				\
	for ((at) = 0; ((probe) = trace_probe_next((tp), &(at))); (at)++)

#endif
