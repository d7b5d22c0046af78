// SPDX-License-Identifier: MIT
/*
 * Who has each range of kernel addresses, and which nobody may have yet. Its
 * owner is its place here. Between two points nobody else runs, so it needs no
 * lock.
 *
 * What is checked as it happens: a range that is handed out overlaps none that
 * is somebody's, nor one that was released and not flushed since. Of those who
 * disown an address one gets the owner. A purge cleans what is released, all
 * of it, and nothing else; and when it ends, nothing is left of what was
 * released before it began. After the run: the invariants hold, and with all
 * given back the space is one free segment.
 */
#include "va_sim.h"

#include <linux/align.h>
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <octavo/fail_page.h>
#include <octavo/failslab.h>
#include <octavo/machine.h>
#include <octavo/random.h>

/* Of each CPU, warm: ranges of 64 pages, two chunks but for one range, of
 * which some are lazy; and small ones. */
#define WARM_LARGE	15
#define WARM_SMALL	6

struct ranges ranges;

static void __noreturn wrong(const char *why, unsigned long addr, long size)
{
	sim_note("address %#lx, %ld bytes:", (long)addr, size);
	sim_stop(why);
}

static bool overlap(unsigned long a, unsigned long a_size, unsigned long b,
		    unsigned long b_size)
{
	return b_size && a < b + b_size && b < a + a_size;
}

/* ---- ranges ----------------------------------------------------------- */

struct range *range_reserve(void)
{
	unsigned int i;

	for (i = 0; i < NR_RANGES; i++) {
		struct range *r = &ranges.range[i];

		if (r->state != RANGE_NONE)
			continue;
		r->state = RANGE_COMING;
		r->size = 0;
		r->turn++;
		return r;
	}
	return NULL;
}

static void range_enter(struct range *r, unsigned long addr,
			unsigned long size)
{
	unsigned int i;

	sim_note("got %#lx, %ld bytes", (long)addr, (long)size);
	for (i = 0; i < NR_RANGES; i++)
		if (ranges.range[i].state != RANGE_NONE &&
		    overlap(addr, size, ranges.range[i].addr,
			    ranges.range[i].size))
			wrong("addresses that are somebody's were handed out",
			      addr, (long)size);
	for (i = 0; i < NR_LAZY; i++)
		if (overlap(addr, size, ranges.lazy[i].addr,
			    ranges.lazy[i].size))
			wrong("addresses were handed out before a flush",
			      addr, (long)size);
	r->addr = addr;
	r->size = size;
	r->state = RANGE_OWNED;
}

void range_got(struct range *r, u32 turn, unsigned long addr,
	       unsigned long size)
{
	if (!addr)
		r->state = RANGE_NONE;
	else if (r->turn == turn && r->state == RANGE_COMING)
		range_enter(r, addr, size);
}

struct range *range_some(u64 *rng, unsigned long size)
{
	unsigned int at = (unsigned int)random_below(rng, NR_RANGES), n;

	for (n = 0; n < NR_RANGES; n++, at = (at + 1) % NR_RANGES)
		if (ranges.range[at].state == RANGE_OWNED &&
		    (!size || ranges.range[at].size == size))
			return &ranges.range[at];
	return NULL;
}

void range_disown(struct range *r)
{
	r->trying++;
}

struct range *range_disowned(struct range *r, u32 turn, unsigned long addr,
			     void *owner, unsigned long size)
{
	struct range *got = owner;

	r->trying--;
	if (!owner) {
		if (r->turn == turn && r->state == RANGE_OWNED && !r->trying)
			wrong("an owned range was not found", r->addr,
			      (long)r->size);
		return NULL;
	}
	sim_note("disowned %#lx, %ld bytes", (long)addr, (long)size);
	/* An address that had been another's: it is new, too. */
	if (got->state == RANGE_COMING)
		range_enter(got, addr, size);
	if (got->state != RANGE_OWNED || got->addr != addr)
		wrong("a range was disowned twice", got->addr, (long)size);
	if (got->size != size)
		wrong("a range was disowned with a wrong size", got->addr,
		      (long)size);
	got->state = RANGE_DISOWNED;
	return got;
}

static bool lazy_enter(unsigned long addr, unsigned long size)
{
	unsigned int i;

	for (i = 0; i < NR_LAZY; i++) {
		if (ranges.lazy[i].size)
			continue;
		ranges.lazy[i] = (struct lazy){
			.addr = addr, .size = size,
			.number = ranges.releases,
		};
		return true;
	}
	return false;
}

static unsigned int nr_lazy(void)
{
	unsigned int i, nr = 0;

	for (i = 0; i < NR_LAZY; i++)
		nr += ranges.lazy[i].size != 0;
	return nr;
}

u64 range_release(struct range *r)
{
	unsigned long word = VA_RANGE_MAX * PAGE_SIZE;
	unsigned long end = r->addr + r->size;
	unsigned long cut = ALIGN(r->addr + 1, word);

	if (nr_lazy() + 2 > NR_LAZY)
		return 0;
	ranges.releases++;
	if (r->size > word || cut > end)
		cut = end;
	lazy_enter(r->addr, cut - r->addr);
	if (cut < end)
		lazy_enter(cut, end - cut);
	r->state = RANGE_NONE;
	r->size = 0;
	return ranges.releases;
}

void range_released(u64 number)
{
	u64 now = ++ranges.now;
	unsigned int i;

	/* Those that have been flushed already are no more. */
	for (i = 0; i < NR_LAZY; i++)
		if (ranges.lazy[i].size && ranges.lazy[i].number == number)
			ranges.lazy[i].released = now;
}

void range_cancel(struct range *r)
{
	r->state = RANGE_NONE;
	r->size = 0;
}

/* ---- purges ----------------------------------------------------------- */

u64 purge_start(void)
{
	return ++ranges.now;
}

void purge_done(u64 start)
{
	unsigned int i;

	for (i = 0; i < NR_LAZY; i++)
		if (ranges.lazy[i].size && ranges.lazy[i].released &&
		    ranges.lazy[i].released < start)
			wrong("a purge left what was released before it",
			      ranges.lazy[i].addr, (long)ranges.lazy[i].size);
}

static void sim_clean(void *ctx, unsigned long start, unsigned long end)
{
	unsigned long left = end - start;
	unsigned int i;

	sim_note("cleans from %#lx, %ld bytes", (long)start, (long)left);
	for (i = 0; i < NR_LAZY; i++) {
		struct lazy *lazy = &ranges.lazy[i];

		if (!overlap(start, end - start, lazy->addr, lazy->size))
			continue;
		if (lazy->cleaned || lazy->addr < start ||
		    lazy->addr + lazy->size > end)
			wrong("a range was cleaned twice, or in part",
			      lazy->addr, (long)lazy->size);
		lazy->cleaned = true;
		left -= lazy->size;
	}
	if (left)
		wrong("what nobody released was cleaned", start, (long)left);
	sim_yield();
}

static void sim_flush(void *ctx, unsigned long start, unsigned long end)
{
	unsigned int i;

	sim_yield();
	sim_note("flushes from %#lx, %ld bytes", (long)start,
		 (long)(end - start));
	for (i = 0; i < NR_LAZY; i++) {
		struct lazy *lazy = &ranges.lazy[i];

		if (!lazy->cleaned)
			continue;
		if (lazy->addr < start || lazy->addr + lazy->size > end)
			wrong("a cleaned range is not flushed", lazy->addr,
			      (long)lazy->size);
		*lazy = (struct lazy){ .size = 0 };
	}
}

const struct va_space_ops sim_space_ops = {
	.clean = sim_clean, .flush = sim_flush,
};

/* ---- the machine's ---------------------------------------------------- */

const unsigned int program_short = 24;

void program_start(void)
{
	BUG_ON(va_space_create(&ranges.space, SPACE_START,
			       SPACE_START + SPACE_SIZE, &sim_space_ops,
			       NULL));
	BUG_ON(!ranges.space->cpu);
}

static struct range *warm_range(unsigned long pages)
{
	struct range *r = range_reserve();
	unsigned long size = pages * PAGE_SIZE;

	BUG_ON(!r);
	range_got(r, r->turn, va_alloc(ranges.space, size, PAGE_SIZE, 0, ~0UL,
				       r, GFP_ATOMIC), size);
	BUG_ON(r->state != RANGE_OWNED);
	return r;
}

static void range_give_back(struct range *r)
{
	unsigned long size, addr = r->addr;
	u64 number;

	BUG_ON(va_disown(ranges.space, addr, &size) != r);
	number = range_release(r);
	BUG_ON(!number);
	va_release(ranges.space, addr);
	range_released(number);
}

void program_warm(void)
{
	struct range *r[WARM_LARGE];
	unsigned int cpu, i;

	for (cpu = 0; cpu < TEST_CPUS; cpu++) {
		cpu_become(cpu);
		for (i = 0; i < WARM_LARGE; i++)
			r[i] = warm_range(VA_RANGE_MAX);
		for (i = 0; i < WARM_LARGE; i += 2)
			range_give_back(r[i]);
		for (i = 0; i < WARM_SMALL; i++)
			r[i] = warm_range(2);
		range_give_back(r[1]);
		warm_range(RANGE_RARE / PAGE_SIZE);
		warm_range(RANGE_RARE / PAGE_SIZE);
	}
	cpu_become(0);
	warm_range(700);
}

void program_empty(void)
{
	unsigned int i;

	for (i = 0; i < NR_RANGES; i++)
		if (ranges.range[i].state == RANGE_OWNED)
			range_give_back(&ranges.range[i]);
	va_purge(ranges.space);
	va_chunks_drain(ranges.space);
	va_chunks_trim(ranges.space);
}

struct books program_settle(void)
{
	return (struct books){ .pages = 0 };
}

void *program_data(size_t *size)
{
	*size = sizeof(ranges);
	return &ranges;
}

/* ---- after a run ------------------------------------------------------ */

static const char *nothing_left(void)
{
	const struct va_space *space = ranges.space;
	struct va_stats stats;

	program_empty();
	if (!va_space_check(ranges.space))
		return "the space is not sound at the end";
	va_get_stats(ranges.space, &stats);
	if (stats.used || stats.lazy || stats.nr_areas)
		return "ranges were lost or won";
	if (space->nr_chunks || space->nr_segs != 1)
		return "the space is not one free segment at the end";
	return NULL;
}

const char *oracle_check(enum start_state state, bool thorough)
{
	unsigned int i, nr = 0;
	struct va_stats stats;

	page_alloc_fail_nth(0);
	failslab_fail_nth(0);
	if (!va_space_check(ranges.space))
		return "the space is not sound";
	for (i = 0; i < NR_RANGES; i++)
		nr += ranges.range[i].state == RANGE_OWNED;
	va_get_stats(ranges.space, &stats);
	if (stats.nr_areas != nr)
		return "the space counts other ranges than there are";
	if (kmem_cache_check(NULL))
		return "a cache is not sound";
	return thorough ? nothing_left() : NULL;
}
