// SPDX-License-Identifier: MIT
/*
 * A CPU's ring of records: written by the CPU alone, in any context, without
 * a lock; read by anybody, without stopping the writer.
 *
 * Terms
 *   position   a count of bytes since the ring was opened: page number times
 *              PAGE_SIZE, plus the offset in the page. It only goes up; page
 *              number n is pages[n % nr_pages]
 *   record     a head, which is one word (time, words of payload), and the
 *              payload. It lies on one page
 *   committed  a record whose head is written, which is done last
 *   outer      a writer that an inner one interrupted, which runs whole in
 *              the meantime
 *
 *        read                            pos
 *         ▼                               ▼
 *   |..rrr|rrrrrE|rrrrrr|rrrrrE|rr[outer]rr_____|000000|
 *                                        ready ───────▲
 *
 * Writing. A writer reads pos, then the clock, and moves pos behind its record
 * by an exchange that fails when anybody wrote in between; then it begins
 * again. So the clock never runs back in a ring, and what an interrupt writes
 * is later than what it interrupted. Then it stores payload and head.
 *
 * A page is cleared before it is used again, so that a head of 0 is one that
 * is not committed. Who finds no room on its page clears the next, moves pos
 * there, and marks the rest of the old one (RECORD_END). An inner writer that
 * comes while an outer one clears cannot do so as well, and one that would
 * come upon the page on which the outermost began, all the way round, would
 * destroy what is not committed yet: both drop their record ("nested").
 *
 * Readers copy a record, and then look at `taken`, which says that pages are
 * in use again before they are: a copy from such a page is thrown away.
 * Consumers in addition move `read` by an exchange; so does a writer before it
 * takes a page away that has something unread on it. Who succeeds has the
 * records: none is counted as overrun and consumed both, or consumed twice.
 *
 * Invariants (ring_check(); nobody is inside)
 *   I1  pages below ready are cleared or hold what is newer: ready == taken,
 *       ready - 1 is pos's page or, when pos begins a page, the one before
 *   I2  read <= pos, and not on a page that was taken away
 *   I3  from read on there are whole committed records up to pos; where a
 *       page has no more of them, there is RECORD_END or its end
 *   I4  their times do not go down
 *   I5  written = overrun + consumed + records from read on
 *
 * Failure: a record that finds no room is dropped and counted.
 *
 * Differs from Linux: the time stands in full in each head, so that nothing
 * in a record depends on the one before; what leaves the machine as a file is
 * converted (trace_dat.c).
 */
#include "ring.h"

#include <linux/kernel.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <octavo/plant.h>
#include <octavo/port.h>
#include <asm/point.h>

DEFINE_PER_CPU_ALIGNED(struct trace_ring, trace_ring);

static u64 position_page(u64 pos)
{
	return pos >> PAGE_SHIFT;
}

/* The words from @pos to the end of its page. */
static u64 *position_words(const struct trace_ring *r, u64 pos)
{
	return r->pages[position_page(pos) % r->nr_pages] +
	       (pos & ~PAGE_MASK) / 8;
}

static u64 word_read(const u64 *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static void word_write(u64 *word, u64 value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

/* Says that what stands before it is whole. */
static void head_write(u64 *word, u64 head)
{
	port_point(word);
	/* Pairs with the acquire in ring_reader_peek(). */
	__atomic_store_n(word, head, __ATOMIC_RELEASE);
}

/* ---- pages that come around again ------------------------------------- */

/* Committed records from @pos to the end of its page. */
static u64 page_records(const struct trace_ring *r, u64 pos)
{
	const u64 *word = position_words(r, pos);
	const u64 *end = position_words(r, pos & PAGE_MASK) + RING_WORDS;
	u64 n = 0;

	while (word < end && RECORD_WORDS(word_read(word))) {
		word += 1 + RECORD_WORDS(word_read(word));
		n++;
	}
	return n;
}

/*
 * Nobody finds anything on page @old any more, so that it can be cleared;
 * false: it has to stay.
 */
static bool page_take_away(struct trace_ring *r, u64 old, bool overwrite)
{
	u64 end = (old + 1) << PAGE_SHIFT, read;

	/* Somebody on it has not committed. */
	if (old >= position_page(r->floor) && !PLANT(trace_floor_unseen))
		return false;
	read = __atomic_load_n(&r->read, __ATOMIC_RELAXED);
	while (read < end) {
		if (!overwrite)
			return false;
		port_locked_point(&r->read);
		/* Whoever moves it has what lies between. */
		if (__atomic_compare_exchange_n(&r->read, &read, end, false,
						__ATOMIC_RELAXED,
						__ATOMIC_RELAXED)) {
			asm_count_add(&r->overrun, page_records(r, read));
			break;
		}
	}
	return true;
}

/* Makes page @n, the next, fit to be written to; false: it cannot be. */
static bool page_prepare(struct trace_ring *r, u64 n, bool overwrite)
{
	u64 *word, *end;

	if (n < r->ready)
		return true;
	if (r->clearing) {
		asm_count_add(&r->nested, 1);
		return false;
	}
	r->clearing = 1;
	barrier();
	if (n >= r->nr_pages &&
	    !page_take_away(r, n - r->nr_pages, overwrite)) {
		if (n - r->nr_pages >= position_page(r->floor))
			asm_count_add(&r->nested, 1);
		else
			asm_count_add(&r->dropped, 1);
		r->clearing = 0;
		return false;
	}
	port_point(&r->taken);
	__atomic_store_n(&r->taken, n + 1, __ATOMIC_RELAXED);
	/* Pairs with the fence in ring_reader_take(): first this is seen. */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	word = position_words(r, n << PAGE_SHIFT);
	for (end = word + RING_WORDS; word < end; word++)
		word_write(word, 0);
	r->ready = n + 1;
	barrier();
	r->clearing = 0;
	return true;
}

/* ---- writing ---------------------------------------------------------- */

/*
 * Where a record of @bytes would go if pos is @pos; false: nowhere, and that
 * was counted.
 */
static bool position_for(struct trace_ring *r, u64 pos, u64 bytes,
			 bool overwrite, u64 *at)
{
	u64 offset = pos & ~PAGE_MASK;

	*at = pos;
	if (offset && offset + bytes <= PAGE_SIZE)
		return true;
	if (offset)
		*at = (pos | ~PAGE_MASK) + 1;
	return page_prepare(r, position_page(*at), overwrite);
}

/* Takes room for a record; *@ns: its time. False: there is none. */
static bool ring_reserve(struct trace_ring *r, u64 bytes, bool overwrite,
			 u64 *at, u64 *ns)
{
	u64 pos;

	do {
		port_read_point(&r->pos);
		pos = __atomic_load_n(&r->pos, __ATOMIC_RELAXED);
		if (!position_for(r, pos, bytes, overwrite, at))
			return false;
		*ns = port_clock_ns();
		port_locked_point(&r->pos);
		/*
		 * Release: who sees pos sees that the page was cleared; pairs
		 * with ring_reader_start().
		 */
	} while (!__atomic_compare_exchange_n(&r->pos, &pos, *at + bytes,
					      false, __ATOMIC_RELEASE,
					      __ATOMIC_RELAXED));
	if (*at != pos)
		head_write(position_words(r, pos), RECORD_END);
	return true;
}

static bool ring_write_inside(struct trace_ring *r, const u64 *payload,
			      unsigned int words, bool overwrite)
{
	u64 *word, at, ns;
	unsigned int i;

	if (!ring_reserve(r, 8 * (1 + words), overwrite, &at, &ns))
		return false;
	word = position_words(r, at);
	if (PLANT(trace_head_first))
		head_write(word, RECORD_HEAD(ns, words));
	port_point(word);
	for (i = 0; i < words; i++)
		word_write(&word[1 + i], payload[i]);
	head_write(word, RECORD_HEAD(ns, words));
	asm_count_add(&r->written, 1);
	return true;
}

bool ring_write(struct trace_ring *r, const u64 *payload, unsigned int words,
		bool overwrite)
{
	u32 inside = port_load(&r->inside, __ATOMIC_RELAXED);
	bool written = false;

	VM_BUG_ON(!words || words > TRACE_RECORD_MAX / 8);
	/* An inner writer leaves it as it finds it. */
	port_store(&r->inside, inside + 1, __ATOMIC_RELAXED);
	barrier();
	/* Pairs with the release in rings_release(). */
	if (unlikely(port_load(&r->closed, __ATOMIC_ACQUIRE)) || !r->pages) {
		asm_count_add(&r->dropped, 1);
	} else {
		if (!inside)
			r->floor = __atomic_load_n(&r->pos, __ATOMIC_RELAXED);
		barrier();
		written = ring_write_inside(r, payload, words, overwrite);
	}
	/* Pairs with the acquire in rings_claim(). */
	port_store(&r->inside, inside, __ATOMIC_RELEASE);
	return written;
}

/* ---- all rings -------------------------------------------------------- */

/*
 * As octavo/cpu_section.h has it: a writer's store of inside and load of
 * closed may pass each other; the barrier makes up for that.
 */
void rings_claim(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		port_store(&per_cpu(trace_ring, cpu).closed, 1,
			   __ATOMIC_RELAXED);
	port_cpu_barrier(&this_machine()->cpu_online);
	for_each_possible_cpu(cpu)
		while (port_load(&per_cpu(trace_ring, cpu).inside,
				 __ATOMIC_ACQUIRE))
			cpu_relax();
}

void rings_release(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		port_store(&per_cpu(trace_ring, cpu).closed, 0,
			   __ATOMIC_RELEASE);
}

void ring_clear(struct trace_ring *r)
{
	r->pos = r->read = r->taken = r->ready = r->floor = 0;
	r->written = r->overrun = r->dropped = r->nested = 0;
	r->recursed = r->consumed = r->told = 0;
}

void ring_open(struct trace_ring *r, u64 **pages, u32 nr_pages)
{
	BUG_ON(pages && nr_pages < RING_PAGES_MIN);
	ring_clear(r);
	r->pages = pages;
	r->nr_pages = nr_pages;
	r->comm_pid = -1;
}

/* ---- reading ---------------------------------------------------------- */

/* The first position that is not taken away, and was not consumed. */
static u64 ring_oldest(const struct trace_ring *r)
{
	u64 taken = __atomic_load_n(&r->taken, __ATOMIC_ACQUIRE);
	u64 read = __atomic_load_n(&r->read, __ATOMIC_RELAXED);

	if (taken <= r->nr_pages)
		return read;
	return max(read, (taken - r->nr_pages) << PAGE_SHIFT);
}

void ring_reader_start(struct ring_reader *rd, struct trace_ring *r)
{
	*rd = (struct ring_reader){ .ring = r };
	if (!r->pages)
		return;
	rd->end = __atomic_load_n(&r->pos, __ATOMIC_ACQUIRE);
	rd->at = min(ring_oldest(r), rd->end);
}

/* Goes on with what is still there. */
static void reader_catch_up(struct ring_reader *rd)
{
	u64 oldest = ring_oldest(rd->ring);

	if (oldest > rd->at) {
		rd->at = oldest;
		rd->lost = true;
	}
}

u64 ring_reader_peek(struct ring_reader *rd)
{
	u64 head;

	for (;;) {
		reader_catch_up(rd);
		if (rd->at >= rd->end)
			return 0;
		port_read_point(&rd->ring->pos);
		head = __atomic_load_n(position_words(rd->ring, rd->at),
				       __ATOMIC_ACQUIRE);
		if (!head || RECORD_WORDS(head))
			break;
		rd->at = (rd->at | ~PAGE_MASK) + 1;
	}
	/* What was read after its page was taken away is anything. */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (ring_oldest(rd->ring) > rd->at)
		return ring_reader_peek(rd);
	return head;
}

/* Moves `read` from what comes before @at to @next; or somebody else has. */
static bool reader_consume(struct trace_ring *r, u64 at, u64 next)
{
	u64 read = __atomic_load_n(&r->read, __ATOMIC_RELAXED);

	while (read <= at) {
		port_locked_point(&r->read);
		if (__atomic_compare_exchange_n(&r->read, &read, next, false,
						__ATOMIC_RELAXED,
						__ATOMIC_RELAXED)) {
			__atomic_fetch_add(&r->consumed, 1, __ATOMIC_RELAXED);
			return true;
		}
	}
	return false;
}

bool ring_reader_take(struct ring_reader *rd, u64 head, u64 *payload,
		      bool consume)
{
	unsigned int words = RECORD_WORDS(head), i;
	const u64 *word = position_words(rd->ring, rd->at);
	u64 next = rd->at + 8 * (1 + words);

	if (words > TRACE_RECORD_MAX / 8)
		return false;
	for (i = 0; i < words; i++)
		payload[i] = word_read(&word[1 + i]);
	/* Pairs with the one in page_prepare(). */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (ring_oldest(rd->ring) > rd->at && !PLANT(trace_overwrite_unseen))
		return false;
	if (consume && !reader_consume(rd->ring, rd->at, next))
		return false;
	rd->at = next;
	return true;
}

u64 ring_entries(const struct trace_ring *r)
{
	u64 written = __atomic_load_n(&r->written, __ATOMIC_RELAXED);
	u64 gone = __atomic_load_n(&r->overrun, __ATOMIC_RELAXED) +
		   __atomic_load_n(&r->consumed, __ATOMIC_RELAXED);

	return written > gone ? written - gone : 0;
}

/* ---- checking --------------------------------------------------------- */

static const char *check_records(const struct trace_ring *r)
{
	u64 at = r->read, ns = 0, n = 0;

	while (at < r->pos) {
		u64 head = *position_words(r, at);

		if (head == RECORD_END) {
			at = (at | ~PAGE_MASK) + 1;
			continue;
		}
		if (!RECORD_WORDS(head))
			return "I3: a record is not committed";
		if ((at & ~PAGE_MASK) + 8 * (1 + RECORD_WORDS(head)) >
		    PAGE_SIZE)
			return "I3: a record goes past its page";
		if (RECORD_NS(head) < ns)
			return "I4: the time runs back";
		ns = RECORD_NS(head);
		at += 8 * (1 + RECORD_WORDS(head));
		n++;
	}
	if (at != r->pos)
		return "I3: records do not end at pos";
	return r->written == r->overrun + r->consumed + n ? NULL :
	       "I5: records are not accounted for";
}

const char *ring_check(const struct trace_ring *r)
{
	u64 last = (r->pos + PAGE_SIZE - 1) >> PAGE_SHIFT;

	if (!r->pages)
		return r->pos || r->written ? "I1: records without memory" :
		       NULL;
	if (r->inside || r->clearing)
		return "I1: somebody is inside";
	if (r->ready != r->taken || (r->ready != last && r->ready != last + 1))
		return "I1: pages that are ready are not those up to pos";
	if (r->read > r->pos)
		return "I2: more was consumed than was written";
	if (r->taken > r->nr_pages &&
	    r->read < (r->taken - r->nr_pages) << PAGE_SHIFT)
		return "I2: a page was taken away unread";
	return check_records(r);
}
