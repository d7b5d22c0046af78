// SPDX-License-Identifier: MIT
/*
 * Every state of a small space of kernel addresses, by the real code.
 *
 * The space has a few pages and no chunks. From every state that can be
 * reached each call is made: ranges of one to three pages, on each alignment,
 * anywhere and in a window; each range disowned, each disowned one released or
 * cancelled; a purge, and a purge during which a range is released, or one
 * taken. After each of them:
 *
 *   - what was handed out was free, and not only released
 *   - a request fails only if no run of free pages is long enough
 *   - a purge cleans what had been released before it, and flushes it once
 *   - va_space_check(): the invariants
 *   - each page is found as what it is, and the next range from there on
 *
 * Of each new state, wrong calls are tried: what is no owned range's start is
 * disowned. They bring nothing and change nothing.
 *
 * A state is what segments there are and the order of those in each free list,
 * since that decides what a request gets. Segments lie wherever objects do, so
 * a state is not put back but made anew, by the calls that led to it.
 */
#include "driver.h"
#include "va.h"

#include <linux/align.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <octavo/log.h>

#include "../../arch/host/os/include/host_os.h"
#include "../../mm/kvirt/va_internal.h"
#include "../host/harness.h"

#define MEMORY		(64ULL << 20)
#define MAX_PAGES	8U
#define START		0x7e0000001000UL
#define MAX_DEPTH	64U

/* By page; then the first pages of free segments, list by list, and 1. */
struct key {
	u8 page[MAX_PAGES];	/* state and 1 where a segment starts; else 0 */
	u8 listed[MAX_PAGES];
};

struct state {
	struct key key;
	u32 from;		/* the state that led here */
	u8 op;			/* by this call */
	u8 depth;		/* calls from the first state */
};

enum op_kind {
	OP_ALLOC, OP_WINDOW, OP_DISOWN, OP_RELEASE, OP_CANCEL, OP_PURGE,
	OP_PURGE_RELEASE, OP_PURGE_ALLOC,
};

struct op {
	enum op_kind kind;
	unsigned int n;		/* pages of a request; else the page */
	unsigned int align;	/* pages */
};

/* What the oracle says of a page. */
enum page_is { PAGE_FREE, PAGE_OWNED, PAGE_DISOWNED, PAGE_LAZY, PAGE_CLEANED };

static struct {
	const struct va_options *o;
	struct va_result *result;
	struct va_space *space;
	u8 is[MAX_PAGES];	/* enum page_is */
	u8 first[MAX_PAGES];	/* the first page of its range */
	char owner;		/* whose address is the owner of all */
	const struct op *during;	/* what is done in the flush, or NULL */
	unsigned int flushes;
	struct state *states;
	u32 *table;		/* hash to state + 1; open addressing */
	u32 mask, nr, at;	/* of the table; states; the one explored */
	bool failed;
} st;

static void __printf(1, 2) fail(const char *fmt, ...)
{
	char line[256];
	va_list args;
	u32 i;

	if (st.failed)
		return;
	st.failed = true;
	va_start(args, fmt);
	vscnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	search_line(line);
	for (i = st.at; i; i = st.states[i].from) {
		scnprintf(line, sizeof(line), "  before that, operation %u",
			  st.states[i].op);
		search_line(line);
	}
}

static unsigned long addr_of(unsigned int page)
{
	return START + page * PAGE_SIZE;
}

static unsigned int page_of(unsigned long addr)
{
	return (unsigned int)((addr - START) >> PAGE_SHIFT);
}

/* ---- the oracle ------------------------------------------------------- */

static unsigned int range_pages(unsigned int first)
{
	unsigned int n = 0;

	while (first + n < st.o->pages && st.first[first + n] == first &&
	       st.is[first + n] == st.is[first])
		n++;
	return n;
}

static void range_is(unsigned int first, enum page_is is)
{
	unsigned int i, n = range_pages(first);

	for (i = first; i < first + n; i++)
		st.is[i] = (u8)is;
}

static bool starts(unsigned int page, enum page_is is)
{
	return page < st.o->pages && st.is[page] == is &&
	       st.first[page] == page;
}

static bool room(unsigned int n, unsigned int align, unsigned int min,
		 unsigned int max)
{
	unsigned int page, run = 0;

	for (page = max; page-- > min;) {
		run = st.is[page] == PAGE_FREE ? run + 1 : 0;
		if (run >= n && IS_ALIGNED(addr_of(page), align * PAGE_SIZE))
			return true;
	}
	return false;
}

static void oracle_clean(void *ctx, unsigned long start, unsigned long end)
{
	unsigned int page;

	for (page = page_of(start); page < page_of(end); page++) {
		if (st.is[page] != PAGE_LAZY)
			fail("page %u was cleaned, which is %u", page,
			     st.is[page]);
		st.is[page] = PAGE_CLEANED;
	}
}

static bool op_do(struct op op);

static void oracle_flush(void *ctx, unsigned long start, unsigned long end)
{
	unsigned int page;

	st.flushes++;
	for (page = 0; page < st.o->pages; page++)
		if (st.is[page] == PAGE_LAZY)
			fail("a purge leaves page %u", page);
	if (st.during)
		op_do(*st.during);
	for (page = page_of(start); page < page_of(end); page++)
		if (st.is[page] == PAGE_CLEANED)
			st.is[page] = PAGE_FREE;
	for (page = 0; page < st.o->pages; page++)
		if (st.is[page] == PAGE_CLEANED)
			fail("page %u is not flushed", page);
}

static const struct va_space_ops oracle_ops = {
	.clean = oracle_clean, .flush = oracle_flush,
};

/* ---- operations ------------------------------------------------------- */

#define NR_SIZES	3U
#define NR_ALIGNS	3U
#define NR_REQUESTS	(NR_SIZES * NR_ALIGNS + NR_SIZES)
#define NR_OPS		(NR_REQUESTS + 4 * MAX_PAGES + 1 + NR_SIZES)

/* Requests first; then what is done to ranges, page by page; then purges. */
static struct op op_decode(unsigned int i)
{
	static const enum op_kind kinds[] = {
		OP_DISOWN, OP_RELEASE, OP_CANCEL, OP_PURGE_RELEASE,
	};

	if (i < NR_SIZES * NR_ALIGNS)
		return (struct op){ OP_ALLOC, 1 + i % NR_SIZES,
				    1U << i / NR_SIZES };
	if (i < NR_REQUESTS)
		return (struct op){ OP_WINDOW, 1 + i % NR_SIZES, 1 };
	i -= NR_REQUESTS;
	if (i < 4 * MAX_PAGES)
		return (struct op){ kinds[i % 4], i / 4, 0 };
	i -= 4 * MAX_PAGES;
	return i ? (struct op){ OP_PURGE_ALLOC, i, 1 } :
		   (struct op){ OP_PURGE, 0, 0 };
}

/* @n pages within [min, max); a request that may not sleep. */
static bool do_alloc(unsigned int n, unsigned int align, unsigned int min,
		     unsigned int max)
{
	bool fits = room(n, align, min, max);
	unsigned int page, i;
	unsigned long addr;

	addr = va_alloc(st.space, n * PAGE_SIZE, align * PAGE_SIZE,
			addr_of(min), addr_of(max), &st.owner,
			GFP_ATOMIC | __GFP_NOWARN);
	if (!addr != !fits)
		fail("%u pages were %s", n, addr ? "found" : "refused");
	if (!addr) {
		st.result->refused++;
		return false;
	}
	page = page_of(addr);
	if (page < min || page + n > max ||
	    !IS_ALIGNED(addr, align * PAGE_SIZE)) {
		fail("%u pages at page %u are not where they should", n, page);
		return false;
	}
	for (i = page; i < page + n; i++) {
		if (st.is[i] != PAGE_FREE)
			fail("page %u was handed out, which is %u", i,
			     st.is[i]);
		st.is[i] = PAGE_OWNED;
		st.first[i] = (u8)page;
	}
	return true;
}

static bool do_disown(unsigned int page)
{
	unsigned long size = 0;

	if (!starts(page, PAGE_OWNED))
		return false;
	if (va_disown(st.space, addr_of(page), &size) != &st.owner ||
	    size != range_pages(page) * PAGE_SIZE)
		fail("page %u was disowned wrongly", page);
	range_is(page, PAGE_DISOWNED);
	return true;
}

static bool do_purge(const struct op *during)
{
	unsigned int page, lazy = 0;

	for (page = 0; page < st.o->pages; page++)
		lazy += st.is[page] == PAGE_LAZY;
	st.during = during;
	st.flushes = 0;
	va_purge(st.space);
	st.during = NULL;
	if (st.flushes != (lazy > 0))
		fail("a purge flushed %u times", st.flushes);
	return lazy;
}

/* One operation. False when it is none of this state. */
static bool op_do(struct op op)
{
	unsigned int pages = st.o->pages;

	switch (op.kind) {
	case OP_ALLOC:
		return do_alloc(op.n, op.align, 0, pages);
	case OP_WINDOW:
		return pages > 2 && do_alloc(op.n, 1, 1, pages - 1);
	case OP_DISOWN:
		return do_disown(op.n);
	case OP_RELEASE:
		if (!starts(op.n, PAGE_DISOWNED))
			return false;
		range_is(op.n, PAGE_LAZY);
		va_release(st.space, addr_of(op.n));
		return true;
	case OP_CANCEL:
		if (!starts(op.n, PAGE_DISOWNED))
			return false;
		range_is(op.n, PAGE_FREE);
		va_cancel(st.space, addr_of(op.n));
		return true;
	case OP_PURGE_RELEASE:
		op.kind = OP_RELEASE;
		return starts(op.n, PAGE_DISOWNED) && do_purge(&op);
	case OP_PURGE_ALLOC:
		op.kind = OP_ALLOC;
		return do_purge(&op);
	default:
		return do_purge(NULL);
	}
}

/* ---- checks ----------------------------------------------------------- */

static struct key key_make(void)
{
	const struct va_seg *seg;
	struct key key = { { 0 } };
	unsigned int k, n = 0;

	list_for_each_entry(seg, &st.space->segs, order)
		key.page[page_of(seg->start)] = (u8)(seg->state + 1);
	for (k = 0; k < VA_CLASSES; k++)
		list_for_each_entry(seg, &st.space->free[k], link)
			key.listed[n++] = (u8)(page_of(seg->start) + 1);
	return key;
}

static void check_page(unsigned int page)
{
	bool owned = st.is[page] == PAGE_OWNED, found;
	unsigned int next = page;
	struct va_area area;

	found = va_find(st.space, addr_of(page) + 7, &area);
	if (found != owned || (found && (area.start !=
	    addr_of(st.first[page]) || area.owner != &st.owner)))
		fail("page %u is found wrongly", page);
	while (next < st.o->pages && !starts(next, PAGE_OWNED))
		next++;
	found = va_next(st.space, addr_of(page), &area);
	if (found != (next < st.o->pages) ||
	    (found && area.start != addr_of(next)))
		fail("from page %u on the next range is another", page);
}

static void check_state(void)
{
	unsigned int page;

	if (!va_space_check(st.space))
		fail("an invariant is broken");
	for (page = 0; page < st.o->pages; page++)
		check_page(page);
}

/* What is no owned range's start is disowned: nothing happens. */
static void wrong_calls(void)
{
	struct key before = key_make(), after;
	unsigned long size = 0;
	unsigned int page;

	for (page = 0; page < st.o->pages; page++) {
		if (starts(page, PAGE_OWNED))
			continue;
		if (va_disown(st.space, addr_of(page), &size))
			fail("page %u was disowned, where none starts", page);
		st.result->rejected++;
	}
	after = key_make();
	if (size || memcmp(&before, &after, sizeof(after)))
		fail("a wrong call changed something");
}

/* ---- the search ------------------------------------------------------- */

static void space_make(void)
{
	memset(st.is, PAGE_FREE, sizeof(st.is));
	if (va_space_create(&st.space, START, addr_of(st.o->pages),
			    &oracle_ops, NULL))
		fail("no memory for a space");
}

/* All is given back, and then it is free. */
static void space_end(void)
{
	unsigned int page;

	for (page = 0; page < st.o->pages; page++) {
		if (starts(page, PAGE_OWNED))
			op_do((struct op){ OP_DISOWN, page, 0 });
		if (starts(page, PAGE_DISOWNED))
			op_do((struct op){ OP_RELEASE, page, 0 });
	}
	va_purge(st.space);
	if (!st.failed && !room(st.o->pages, 1, 0, st.o->pages))
		fail("pages are not free when all is given back");
	if (!st.failed && !list_is_singular(&st.space->segs))
		fail("free segments were not merged");
	va_space_destroy(st.space);
}

/* State @i by the calls that lead to it. */
static void state_make(u32 i)
{
	u8 ops[MAX_DEPTH];
	unsigned int n = 0;

	for (; i; i = st.states[i].from)
		ops[n++] = st.states[i].op;
	space_make();
	while (n && !st.failed)
		op_do(op_decode(ops[--n]));
}

static u32 key_hash(const struct key *key)
{
	u64 words[sizeof(*key) / 8];

	memcpy(words, key, sizeof(*key));
	words[0] = (words[0] ^ words[1] * 0x9e3779b97f4a7c15ULL) *
		   0xff51afd7ed558ccdULL;
	return (u32)(words[0] >> 32);
}

/* Whether the space is in a state that was not known. */
static bool state_add(unsigned int op)
{
	struct key key = key_make();
	u32 h = key_hash(&key);
	struct state *s;

	for (; st.table[h & st.mask]; h++)
		if (!memcmp(&st.states[st.table[h & st.mask] - 1].key, &key,
			    sizeof(key)))
			return false;
	if (st.nr == st.o->max_states) {
		st.result->complete = false;
		return false;
	}
	s = &st.states[st.nr];
	*s = (struct state){ .key = key, .from = st.at, .op = (u8)op };
	s->depth = st.nr ? st.states[st.at].depth + 1 : 0;
	BUG_ON(s->depth >= MAX_DEPTH);
	st.result->depth = max(st.result->depth, (unsigned int)s->depth);
	st.table[h & st.mask] = ++st.nr;
	return true;
}

static void state_explore(void)
{
	unsigned int i;

	for (i = 0; i < NR_OPS && !st.failed; i++) {
		state_make(st.at);
		if (!i)
			wrong_calls();
		if (op_do(op_decode(i))) {
			st.result->transitions++;
			check_state();
			state_add(i);
		}
		space_end();
	}
}

static void search_all(void *arg)
{
	console_loglevel_set(0);
	space_make();
	state_add(0);
	space_end();
	for (st.at = 0; st.at < st.nr && !st.failed; st.at++)
		state_explore();
	st.result->states = st.nr;
}

static void log_line(void *ctx, const char *s, size_t n)
{
	char line[200];

	scnprintf(line, sizeof(line), "log: %.*s", (int)n - 1, s);
	search_line(line);
}

int va_search(const struct va_options *o, struct va_result *result)
{
	u32 slots = (u32)roundup_pow_of_two(o->max_states * 2UL);
	int thrown;

	memset(&st, 0, sizeof(st));
	st.o = o;
	st.result = result;
	st.mask = slots - 1;
	result->complete = true;
	if (harness_machine(MEMORY, true))
		return -ENOMEM;
	st.states = host_pages_alloc(o->max_states * sizeof(*st.states));
	st.table = host_pages_alloc(slots * sizeof(*st.table));
	if (!st.states || !st.table)
		return -ENOMEM;
	thrown = host_catch(search_all, NULL);
	if (thrown)
		fail("the machine stopped: %d", thrown);
	if (st.failed)
		log_for_each(log_line, NULL);
	harness_machine_end();
	return st.failed;
}
