// SPDX-License-Identifier: MIT
/*
 * A ring of records (kernel/trace/ring.c) against an oracle: the list of what
 * was ever written, and which of it has been consumed. After each step
 *
 *   - ring_check() finds the ring's invariants to hold
 *   - a reader finds the newest records, all from some one on, each as it was
 *     written and none that was consumed; what is missing in front of them is
 *     what was overwritten
 *   - with overwriting, no record is dropped, and all but a page's worth of
 *     the ring's memory can be held; without, none is overwritten, and one is
 *     dropped only when all but a page of the memory is unread
 *
 * Records are of any length that there can be; readers may stop at any place
 * and go on after more was written. Now and then the ring is cleared, or gets
 * memory of another size.
 */
#include "trace_model.h"

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <kunit/random.h>

#include "../../kernel/trace/ring.h"

#define PAGES_MAX	12U
#define NEWEST		8192U	/* records that the oracle remembers */
#define CHECK_EVERY	16	/* steps between looks at every record */

static struct {
	struct random rnd;
	struct trace_ring ring;
	u64 *pages[PAGES_MAX];
	u32 nr_pages;
	u16 words[NEWEST];	/* of record n, at n % NEWEST */
	u64 next;		/* number of the next record */
	u64 first;		/* of the oldest that was neither consumed nor
				 * overwritten, as the ring said */
	u64 consumed, overrun, dropped;
	bool overwrite;
	struct ring_reader reader;	/* one that goes on */
	u64 reader_next;	/* the least that it may find */
	const char *wrong;	/* what differs */
} tm;

static bool tm_expect(bool ok, const char *what)
{
	if (!ok && !tm.wrong)
		tm.wrong = what;
	return ok;
}
#define TM_EXPECT(ok)	tm_expect(ok, #ok)

static u32 tm_between(u32 lo, u32 hi)
{
	return lo + random_below(&tm.rnd, hi - lo + 1);
}

static u64 tm_word(u64 n, unsigned int i)
{
	return (n + 1) * 0x9e3779b97f4a7c15ULL + i;
}

static void tm_reopen(void)
{
	tm.nr_pages = tm_between(RING_PAGES_MIN, PAGES_MAX);
	ring_open(&tm.ring, tm.pages, tm.nr_pages);
	tm.first = tm.next;
	tm.consumed = tm.overrun = tm.dropped = 0;
	tm.overwrite = random_below(&tm.rnd, 4);
	ring_reader_start(&tm.reader, &tm.ring);
	tm.reader_next = tm.next;
}

/* Bytes of records from @n on, with their heads. */
static u64 tm_bytes(u64 n)
{
	u64 bytes = 0;

	for (; n < tm.next; n++)
		bytes += 8 * (1ULL + tm.words[n % NEWEST]);
	return bytes;
}

static void tm_write(void)
{
	unsigned int most = random_below(&tm.rnd, 8) ? 12 :
			    TRACE_RECORD_MAX / 8;
	unsigned int words = tm_between(1, most), i;
	u64 payload[TRACE_RECORD_MAX / 8];

	for (i = 0; i < words; i++)
		payload[i] = tm_word(tm.next, i);
	if (ring_write(&tm.ring, payload, words, tm.overwrite)) {
		tm.words[tm.next % NEWEST] = (u16)words;
		tm.next++;
		return;
	}
	tm.dropped++;
	TM_EXPECT(!tm.overwrite);
	/* Each page may lose what the longest record found no room in. */
	TM_EXPECT(tm_bytes(tm.first) + tm.nr_pages *
		  (TRACE_RECORD_MAX + 8ULL) >=
		  (tm.nr_pages - 1) * PAGE_SIZE);
}

/* Is record @n as it was written? */
static bool tm_is(u64 n, u64 head, const u64 *payload)
{
	unsigned int i;

	if (RECORD_WORDS(head) != tm.words[n % NEWEST])
		return false;
	for (i = 0; i < RECORD_WORDS(head); i++)
		if (payload[i] != tm_word(n, i))
			return false;
	return true;
}

/* The number of a record, by its first word. */
static u64 tm_number(const u64 *payload)
{
	return payload[0] * 0xf1de83e19937733dULL - 1;
}

/* Up to @most records by a new reader, from the oldest on. */
static void tm_read(u64 most, bool consume)
{
	u64 payload[TRACE_RECORD_MAX / 8], head, n;
	struct ring_reader rd;

	tm.first += tm.ring.overrun - tm.overrun;
	tm.overrun = tm.ring.overrun;
	n = tm.first;
	ring_reader_start(&rd, &tm.ring);
	while (most-- && (head = ring_reader_peek(&rd))) {
		if (!TM_EXPECT(ring_reader_take(&rd, head, payload, consume)) ||
		    !TM_EXPECT(tm_is(n, head, payload)))
			return;
		n++;
		if (!consume)
			continue;
		tm.first++;
		tm.consumed++;
	}
	if (!ring_reader_peek(&rd))
		TM_EXPECT(n == tm.next);
}

/* One step of the reader that goes on, which may have been overtaken. */
static void tm_read_on(void)
{
	u64 payload[TRACE_RECORD_MAX / 8], n;
	u64 head = ring_reader_peek(&tm.reader);

	if (!head || random_below(&tm.rnd, 64) == 0) {
		ring_reader_start(&tm.reader, &tm.ring);
		return;
	}
	if (!ring_reader_take(&tm.reader, head, payload, false))
		return;
	n = tm_number(payload);
	TM_EXPECT(n < tm.next && n + NEWEST > tm.next);
	TM_EXPECT(tm_is(n, head, payload));
}

static void tm_check(bool thorough)
{
	const char *fault = ring_check(&tm.ring);

	if (fault && !tm.wrong)
		tm.wrong = fault;
	TM_EXPECT(tm.ring.consumed == tm.consumed);
	TM_EXPECT(tm.ring.dropped + tm.ring.nested == tm.dropped);
	TM_EXPECT(tm.overwrite ? !tm.dropped : tm.ring.overrun == tm.overrun);
	if (thorough)
		tm_read(~0ULL, false);
	TM_EXPECT(ring_entries(&tm.ring) == tm.next - tm.first ||
		  !thorough);
}

static void tm_step(void)
{
	unsigned int what = random_below(&tm.rnd, 1000);

	if (what < 800)
		tm_write();
	else if (what < 900)
		tm_read_on();
	else if (what < 960)
		tm_read(tm_between(1, 40), true);
	else if (what < 990)
		tm_read(tm_between(1, 400), false);
	else if (what < 997)
		tm_read(~0ULL, true);
	else
		tm_reopen();
}

static bool tm_start(u64 seed)
{
	unsigned int i;

	memset(&tm, 0, sizeof(tm));
	random_seed(&tm.rnd, seed);
	for (i = 0; i < PAGES_MAX; i++) {
		tm.pages[i] = (u64 *)__get_free_page(GFP_KERNEL);
		if (!tm.pages[i])
			return false;
	}
	tm_reopen();
	return true;
}

int trace_model_run(u64 seed, u64 steps)
{
	u64 step;
	unsigned int i;

	if (!tm_start(seed))
		return 1;
	preempt_disable();
	for (step = 1; step <= steps && !tm.wrong; step++) {
		tm_step();
		tm_check(step % CHECK_EVERY == 0);
	}
	preempt_enable();
	if (tm.wrong)
		pr_err("trace: step %llu: %s\n", step - 1, tm.wrong);
	for (i = 0; i < PAGES_MAX; i++)
		free_page((unsigned long)tm.pages[i]);
	return tm.wrong ? (int)(step - 1) : 0;
}
