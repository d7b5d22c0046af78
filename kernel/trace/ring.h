/* SPDX-License-Identifier: MIT */
/* A CPU's ring of records. The theory: kernel/trace/ring.c. */
#ifndef _KERNEL_TRACE_RING_H
#define _KERNEL_TRACE_RING_H

#include <linux/mm.h>
#include <linux/percpu.h>
#include <octavo/trace_point.h>

#define RING_WORDS	(PAGE_SIZE / 8)	/* of a page */
#define RING_PAGES_MIN	4U	/* below it, a page is reused at once */

/*
 * c: constant while open; w: this CPU's writers, of which an inner one (an
 * interrupt) runs whole within an outer one; a: atomic
 */
struct trace_ring {
	u64 pos;		/* a: next free byte; see ring.c */
	u64 read;		/* a: first byte that nobody has consumed */
	u64 taken;		/* a: pages below so many are in use again, or
				 * are about to be, for what is new */
	u64 ready;		/* w: pages below so many are cleared */
	u64 floor;		/* w: where the outermost writer began */
	u64 **pages;		/* c: NULL: there is no memory */
	u32 nr_pages;		/* c */
	u32 inside;		/* a: writers inside, outer and inner */
	u32 closed;		/* a: somebody has it to himself */
	u32 clearing;		/* w: an outer writer clears a page */
	u32 levels;		/* w: kinds of context inside a tracepoint */
	int comm_pid;		/* w: whose name was noted last */
	u64 written;		/* a: records */
	u64 overrun;		/* a: of these, overwritten unread */
	u64 dropped;		/* a: records not written: full, and not to be
				 * overwritten; too long; closed */
	u64 nested;		/* a: records not written: the outer writer's
				 * page, or none was cleared */
	u64 recursed;		/* a: tracepoints met on the way of another */
	u64 consumed;		/* a: of those written */
	u64 told;		/* m: of overrun, what consumers were told */
};
DECLARE_PER_CPU(struct trace_ring, trace_ring);

/* A record begins with one word: words of payload, and the time. */
#define RECORD_WORDS_BITS	10
#define RECORD_WORDS_MASK	((1ULL << RECORD_WORDS_BITS) - 1)
#define RECORD_HEAD(ns, words)	((ns) << RECORD_WORDS_BITS | (words))
#define RECORD_WORDS(head)	((unsigned int)((head) & RECORD_WORDS_MASK))
#define RECORD_NS(head)		((head) >> RECORD_WORDS_BITS)
/* Nothing more is on the page. A word of 0: nothing yet. */
#define RECORD_END		(~0ULL << RECORD_WORDS_BITS)

/*
 * Writes @words of payload, at most TRACE_RECORD_MAX / 8; false: it was
 * dropped, and counted. Preemption off; any context, NMI included.
 */
bool ring_write(struct trace_ring *r, const u64 *payload, unsigned int words,
		bool overwrite);

/* @pages of memory, from now on; nobody is inside. */
void ring_open(struct trace_ring *r, u64 **pages, u32 nr_pages);
/* What it holds is gone, and its counters are 0; claimed. */
void ring_clear(struct trace_ring *r);
/*
 * Alone with the rings of all CPUs: their writers drop what they have. Task
 * context, interrupts on unless no other CPU is online; nests in nothing.
 */
void rings_claim(void);
void rings_release(void);

/* Where a reader is. Owned by one thread, which has trace_state.mutex. */
struct ring_reader {
	struct trace_ring *ring;
	u64 at;			/* as trace_ring.pos */
	u64 end;		/* where it stops */
	bool lost;		/* something was overwritten in front of it */
};

/* From the oldest record that is there to the newest. */
void ring_reader_start(struct ring_reader *rd, struct trace_ring *r);
/* The head of the next record; 0: there is none. Moves over ends of pages. */
u64 ring_reader_peek(struct ring_reader *rd);
/*
 * The payload of the record whose head is @head and that comes next; goes on
 * behind it. False: it was overwritten meanwhile; the next is looked for anew.
 * @consume: nobody else gets it either.
 */
bool ring_reader_take(struct ring_reader *rd, u64 head, u64 *payload,
		      bool consume);

/* Records in it: what readers find. */
u64 ring_entries(const struct trace_ring *r);
/* NULL, or the invariant that does not hold. Nobody writes or reads. */
const char *ring_check(const struct trace_ring *r);

#endif
