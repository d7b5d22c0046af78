// SPDX-License-Identifier: MIT
/*
 * A ring of records (kernel/trace/ring.c) on simulated CPUs: CPU 0 writes to
 * it, and so do its interrupts; CPU 1 reads, or consumes, meanwhile. Records
 * are so long that a few fill a page, and the ring is as small as can be, so
 * that it comes around in a run.
 *
 *   a record that is read is whole, and no older than the one before
 *   each that was written is overwritten, consumed or there, once
 *   the ring's invariants hold
 */
#include "toys.h"

#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include <octavo/plant.h>

#include "../../kernel/trace/ring.h"

#define PAGES		RING_PAGES_MIN
#define WORDS		(TRACE_RECORD_MAX / 8)	/* three to a page */
#define WRITES		8	/* of CPU 0 */
#define INNER		14	/* of each interrupt: all the way round */
#define READS		4	/* rounds of CPU 1 */

static struct {
	struct trace_ring ring;
	u64 words[PAGES][RING_WORDS];
	u64 *pages[PAGES];
	u64 next;		/* number of the next record */
	bool overwrite, consume;
	u64 got;		/* records that CPU 1 got */
} rt;

static void ring_start(void)
{
	unsigned int i;

	/* A run that was stopped left somebody inside. */
	memset(&rt, 0, sizeof(rt));
	rt.overwrite = rt.consume = true;
	memset(rt.words, 0xa5, sizeof(rt.words));
	for (i = 0; i < PAGES; i++)
		rt.pages[i] = rt.words[i];
	ring_open(&rt.ring, rt.pages, PAGES);
}

static void ring_start_reading(void)
{
	ring_start();
	rt.consume = false;
}

static void ring_start_dropping(void)
{
	ring_start();
	rt.overwrite = false;
}

/* Each word says which record it is of, and where it stands. */
static void ring_put(void)
{
	u64 payload[WORDS], n = rt.next++;
	unsigned int i;

	for (i = 0; i < WORDS; i++)
		payload[i] = n << 16 | i;
	ring_write(&rt.ring, payload, WORDS, rt.overwrite);
}

static void ring_get(void)
{
	u64 payload[WORDS], head, ns = 0;
	struct ring_reader rd;
	unsigned int i;

	ring_reader_start(&rd, &rt.ring);
	while ((head = ring_reader_peek(&rd))) {
		sim_yield();
		if (!ring_reader_take(&rd, head, payload, rt.consume))
			continue;
		if (RECORD_WORDS(head) != WORDS || RECORD_NS(head) < ns)
			sim_stop("a record has another's head");
		for (i = 0; i < WORDS; i++)
			if (payload[i] != (payload[0] | i))
				sim_stop("a record is not whole");
		ns = RECORD_NS(head);
		rt.got++;
	}
}

static void ring_body(void *ctx, unsigned int cpu)
{
	unsigned int i;

	for (i = 0; !cpu && i < WRITES; i++)
		ring_put();
	for (i = 0; cpu && i < READS; i++)
		ring_get();
}

static void ring_interrupt(void *ctx, unsigned int cpu)
{
	unsigned int i;

	for (i = 0; !cpu && i < INNER; i++)
		ring_put();
}

static const char *ring_sound(void)
{
	const struct trace_ring *r = &rt.ring;
	const char *fault = ring_check(r);

	if (fault)
		return fault;
	if (r->written + r->dropped + r->nested != rt.next)
		return "a record is neither written nor dropped";
	if (rt.consume && r->consumed != rt.got)
		return "a record is consumed, and nobody has it";
	return NULL;
}

#define TORN	"a record is not whole"
#define RING(what, begin, ...)						\
	{ .name = what, .body = ring_body, .interrupt = ring_interrupt,	\
	  .check = ring_sound, .start = begin, .interrupts = 3, __VA_ARGS__ }

const struct toy_case ring_toys[] = {
	RING("ring_consumed", ring_start),
	RING("ring_read", ring_start_reading),
	RING("ring_dropping", ring_start_dropping),
	RING("ring_head_first", ring_start, .plant = PLANT_trace_head_first,
	     .expect = TORN),
	RING("ring_overwrite_unseen", ring_start_reading,
	     .plant = PLANT_trace_overwrite_unseen, .expect = TORN),
	RING("ring_floor_unseen", ring_start,
	     .plant = PLANT_trace_floor_unseen,
	     .expect = "I5: records are not accounted for"),
};
const unsigned int nr_ring_toys = ARRAY_SIZE(ring_toys);
