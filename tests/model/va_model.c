// SPDX-License-Identifier: MIT
/*
 * The allocator of kernel addresses against an oracle: for each page of a
 * space, the number of the range that has it, or that it is free, or that it
 * was released and nobody has flushed since. After each step
 *
 *   - a range that was handed out is aligned, in its window, and on pages that
 *     were free: not lazy
 *   - who disowns gets the owner and the size that the oracle has; a wrong
 *     address brings nothing
 *   - a purge cleans each maximal run of lazy pages once and flushes their
 *     hull once, and they are free only then
 *   - a request fails only when the oracle finds no place for it, or no object
 *     was to be had
 *   - va_find() and va_next() at random addresses say what the oracle says,
 *     and so do the sums
 *   - va_space_check() finds the invariants to hold: in the small space, which
 *     has no chunks, after each step; in the large one every so often, since
 *     it looks at each of its pages
 *
 * The stream fills the space, holds it and empties it, in turn. Now and then
 * objects fail, callers may not sleep, the CPU's section is claimed, and all
 * CPUs are made to give their chunks up.
 */
#include "va_model.h"

#include <linux/align.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include <kunit/random.h>
#include <octavo/failslab.h>

#include "../../mm/kvirt/va_internal.h"

#define START		0x7e0000123000UL	/* in the middle of a slot */
#define SMALL_PAGES	700U
#define LARGE_PAGES	(120U * 512U)
#define MAX_RANGES	6000U
#define CHECK_EVERY	256U	/* steps between looks at the large space */
#define PHASE		3000U	/* steps */

#define FREE		0	/* of a page; else the range, and 1 */
#define LAZY		0xffff

struct range {
	unsigned int page, nr;	/* nr 0: none */
};

static struct random rnd;
static const char *wrong;		/* what differs */

/* A space and what the oracle knows of it. */
static struct model {
	struct va_space *space;
	unsigned int pages;		/* of it */
	bool large;
	u16 page[LARGE_PAGES];
	struct range range[MAX_RANGES];
	char owner[MAX_RANGES];		/* whose addresses are owners */
	unsigned int nr_ranges, used, lazy;
	unsigned int cleaned;		/* pages, in the running purge */
	unsigned int runs;		/* of it */
} models[2], *vm;			/* that of the step */

static bool vm_expect(bool ok, const char *what)
{
	if (!ok && !wrong)
		wrong = what;
	return ok;
}
#define VM_EXPECT(ok)	vm_expect(ok, #ok)

static unsigned long addr_of(unsigned int page)
{
	return START + page * PAGE_SIZE;
}

static unsigned int page_at(unsigned long addr)
{
	return (unsigned int)((addr - START) >> PAGE_SHIFT);
}

/* ---- purges ----------------------------------------------------------- */

static void model_clean(void *ctx, unsigned long start, unsigned long end)
{
	unsigned int page = page_at(start), last = page_at(end);

	VM_EXPECT(start >= START && start < end && last <= vm->pages);
	VM_EXPECT(!page || vm->page[page - 1] != LAZY);
	VM_EXPECT(last == vm->pages || vm->page[last] != LAZY);
	vm->runs++;
	for (; page < last; page++) {
		VM_EXPECT(vm->page[page] == LAZY);
		vm->cleaned++;
	}
}

static void model_flush(void *ctx, unsigned long start, unsigned long end)
{
	unsigned int page;

	VM_EXPECT(vm->cleaned == vm->lazy && vm->lazy);
	VM_EXPECT(vm->page[page_at(start)] == LAZY);
	VM_EXPECT(vm->page[page_at(end) - 1] == LAZY);
	for (page = page_at(start); page < page_at(end); page++) {
		if (vm->page[page] != LAZY)
			continue;
		vm->page[page] = FREE;
		vm->lazy--;
	}
	VM_EXPECT(!vm->lazy);
	vm->cleaned = 0;
}

static const struct va_space_ops model_ops = {
	.clean = model_clean, .flush = model_flush,
};

/* ---- requests --------------------------------------------------------- */

/* What a step asks for, in pages of the space. */
struct ask {
	unsigned int n, align;
	unsigned int min, max;
	gfp_t gfp;
};

/* Small ones more often; in the large space, of chunks and beyond. */
static unsigned int ask_pages(void)
{
	unsigned int max = 2U << random_below(&rnd, 4);

	if (!random_below(&rnd, 16))
		max = vm->large ? 1500 : 200;
	return 1 + random_below(&rnd, max);
}

static struct ask ask_random(void)
{
	struct ask ask = {
		.n = ask_pages(), .align = 1, .max = vm->pages,
		.gfp = random_below(&rnd, 8) ? GFP_KERNEL : GFP_ATOMIC,
	};

	ask.gfp |= __GFP_NOWARN;
	if (!random_below(&rnd, 8))
		ask.align = 1U << random_below(&rnd, vm->large ? 12 : 7);
	if (!random_below(&rnd, 16)) {
		ask.min = random_below(&rnd, vm->pages);
		ask.max = ask.min + random_below(&rnd, vm->pages / 4);
		ask.max = min(ask.max, vm->pages);
	}
	return ask;
}

static bool page_usable(const struct ask *ask, unsigned int page)
{
	bool small = ask->n <= VA_RANGE_MAX && ask->align <= VA_RANGE_MAX &&
		     !ask->min && ask->max == vm->pages;
	bool sleeps = ask->gfp & __GFP_DIRECT_RECLAIM;

	if (vm->page[page] != FREE && !(sleeps && vm->page[page] == LAZY))
		return false;
	return small || !va_chunk_at(vm->space, addr_of(page));
}

/*
 * Whether the oracle sees a place. One that begins in a chunk ends there, and
 * one that begins outside does not go on in one.
 */
static bool ask_fits(const struct ask *ask)
{
	unsigned int page, run = 0;

	for (page = ask->max; page-- > ask->min;) {
		const void *here = va_chunk_at(vm->space, addr_of(page));
		const void *next = page + 1 < vm->pages ?
			va_chunk_at(vm->space, addr_of(page + 1)) : here;

		if (here != next)
			run = 0;
		run = page_usable(ask, page) ? run + 1 : 0;
		if (run >= ask->n &&
		    IS_ALIGNED(addr_of(page), ask->align * PAGE_SIZE))
			return true;
	}
	return false;
}

/* A range that came: whose pages they are from now on. */
static void range_enter(unsigned int i, const struct ask *ask,
			unsigned long addr)
{
	struct range *r = &vm->range[i];
	unsigned int page;

	if (!VM_EXPECT(addr >= addr_of(ask->min)) ||
	    !VM_EXPECT(addr + ask->n * PAGE_SIZE <= addr_of(ask->max)))
		return;
	VM_EXPECT(IS_ALIGNED(addr, ask->align * PAGE_SIZE));
	r->page = page_at(addr);
	r->nr = ask->n;
	for (page = r->page; page < r->page + r->nr; page++) {
		VM_EXPECT(vm->page[page] == FREE);
		vm->page[page] = (u16)(i + 1);
	}
	vm->nr_ranges++;
	vm->used += r->nr;
}

static void model_alloc(unsigned int i)
{
	struct cpu_section *section = vm->space->cpu ?
		&per_cpu_ptr(vm->space->cpu, 0)->section : NULL;
	bool claim = section && !random_below(&rnd, 16);
	bool fault = !random_below(&rnd, 32);
	struct ask ask = ask_random();
	unsigned long addr;

	if (fault)
		failslab_fail_nth(1 + random_below(&rnd, 4));
	if (claim)
		cpu_section_claim(section, CPU_SECTION_OFF);
	addr = va_alloc(vm->space, ask.n * PAGE_SIZE, ask.align * PAGE_SIZE,
			addr_of(ask.min), addr_of(ask.max), &vm->owner[i],
			ask.gfp);
	if (claim)
		cpu_section_release(section, CPU_SECTION_OFF);
	failslab_fail_nth(0);
	if (addr)
		range_enter(i, &ask, addr);
	else if (!fault && (!vm->large || ask.gfp & __GFP_DIRECT_RECLAIM))
		VM_EXPECT(!ask_fits(&ask));
}

/* ---- what becomes of them --------------------------------------------- */

static void model_end(unsigned int i)
{
	struct range *r = &vm->range[i];
	bool cancel = !random_below(&rnd, 16);
	unsigned long size = 0, addr = addr_of(r->page);
	unsigned int page;

	if (r->nr > 1)
		VM_EXPECT(!va_disown(vm->space, addr + PAGE_SIZE *
				     (1 + random_below(&rnd, r->nr - 1)),
				     &size));
	VM_EXPECT(va_disown(vm->space, addr, &size) == &vm->owner[i]);
	VM_EXPECT(size == r->nr * PAGE_SIZE);
	VM_EXPECT(!va_disown(vm->space, addr, &size));
	if (cancel)
		va_cancel(vm->space, addr);
	else
		va_release(vm->space, addr);
	for (page = r->page; page < r->page + r->nr; page++)
		vm->page[page] = cancel ? FREE : LAZY;
	vm->lazy += cancel ? 0 : r->nr;
	vm->used -= r->nr;
	vm->nr_ranges--;
	r->nr = 0;
}

static void model_purge(void)
{
	vm->cleaned = 0;
	va_purge(vm->space);
	VM_EXPECT(!vm->lazy);
}

/* ---- questions -------------------------------------------------------- */

static void expect_area(const struct va_area *area, unsigned int i)
{
	VM_EXPECT(area->start == addr_of(vm->range[i].page));
	VM_EXPECT(area->size == vm->range[i].nr * PAGE_SIZE);
	VM_EXPECT(area->owner == &vm->owner[i]);
}

static void model_ask(void)
{
	unsigned int page = random_below(&rnd, vm->pages);
	unsigned long inside = random_below(&rnd, PAGE_SIZE);
	u16 owner = vm->page[page];
	struct va_area area;
	bool found;

	found = va_find(vm->space, addr_of(page) + inside, &area);
	if (VM_EXPECT(found == (owner != FREE && owner != LAZY)) && found)
		expect_area(&area, owner - 1);
	if (random_below(&rnd, 8))
		return;
	/* The first page from there on where a range begins. */
	for (page += inside > 0; page < vm->pages; page++) {
		owner = vm->page[page];
		if (owner != FREE && owner != LAZY &&
		    vm->range[owner - 1].page == page)
			break;
	}
	found = va_next(vm->space, addr_of(page) - (inside > 0), &area);
	if (page < vm->pages && VM_EXPECT(found))
		expect_area(&area, owner - 1);
	else
		VM_EXPECT(!found);
}

static void model_wrong_call(void)
{
	unsigned long size = 0, addr;

	addr = addr_of(random_below(&rnd, vm->pages)) + 8;
	VM_EXPECT(!va_disown(vm->space, addr, &size));
	VM_EXPECT(!va_disown(vm->space, START - PAGE_SIZE, &size));
	VM_EXPECT(!va_disown(vm->space, addr_of(vm->pages), &size));
	VM_EXPECT(!size);
}

static unsigned int longest_run(void)
{
	unsigned int page, run = 0, longest = 0;

	for (page = 0; page < vm->pages; page++) {
		run = vm->page[page] == FREE ? run + 1 : 0;
		longest = max(longest, run);
	}
	return longest;
}

static void model_compare(u64 step)
{
	struct va_stats stats;

	va_get_stats(vm->space, &stats);
	VM_EXPECT(stats.nr_areas == vm->nr_ranges);
	VM_EXPECT(stats.used == vm->used);
	VM_EXPECT(stats.lazy == vm->lazy);
	VM_EXPECT(stats.free == vm->pages - vm->used - vm->lazy);
	if (vm->large)
		VM_EXPECT(stats.largest <= vm->pages);
	else
		VM_EXPECT(stats.largest == longest_run());
	if (!vm->large || !(step % CHECK_EVERY))
		VM_EXPECT(va_space_check(vm->space));
}

/* ---- the stream ------------------------------------------------------- */

/* How many pages a phase of the stream wants in use. */
static unsigned int pages_wanted(u64 step)
{
	static const unsigned int percent[] = { 20, 100, 60, 0, 95, 5 };

	return vm->pages / 100 * percent[step / PHASE % ARRAY_SIZE(percent)];
}

static void model_step(u64 step)
{
	unsigned int i = random_below(&rnd, MAX_RANGES), tries = 0;
	bool grow = vm->used < pages_wanted(step) || !vm->nr_ranges;

	if (!random_below(&rnd, 6))
		grow = !grow;
	while (tries++ < MAX_RANGES && !vm->range[i].nr == !grow)
		i = (i + 1) % MAX_RANGES;
	if (vm->range[i].nr)
		model_end(i);
	else
		model_alloc(i);
	model_ask();
	if (!random_below(&rnd, 64))
		model_wrong_call();
	if (!random_below(&rnd, vm->large ? 2048 : 256))
		model_purge();
	if (!random_below(&rnd, 1024))
		va_chunks_drain(vm->space);
	if (!random_below(&rnd, 1024))
		va_chunks_trim(vm->space);
}

/* All is given back, and the space is one free segment again. */
static void model_empty(void)
{
	struct va_stats stats;
	unsigned int i;

	for (i = 0; i < MAX_RANGES && !wrong; i++)
		if (vm->range[i].nr)
			model_end(i);
	model_purge();
	va_chunks_drain(vm->space);
	va_chunks_trim(vm->space);
	model_compare(0);
	va_get_stats(vm->space, &stats);
	VM_EXPECT(stats.largest == vm->pages);
}

static void model_create(struct model *m, unsigned int pages, bool large)
{
	m->pages = pages;
	m->large = large;
	VM_EXPECT(!va_space_create(&m->space, START, START + pages * PAGE_SIZE,
				   &model_ops, NULL));
	if (!wrong)
		VM_EXPECT(!m->space->cpu == !large);
}

int va_model_run(u64 seed, u64 steps)
{
	u64 step;

	memset(models, 0, sizeof(models));
	wrong = NULL;
	random_seed(&rnd, seed);
	model_create(&models[0], SMALL_PAGES, false);
	model_create(&models[1], LARGE_PAGES, true);
	for (step = 1; step <= steps && !wrong; step++) {
		vm = &models[step & 1];
		model_step(step / 2);
		model_compare(step / 2);
	}
	for (vm = models; vm < models + 2 && !wrong; vm++) {
		model_empty();
		va_space_destroy(vm->space);
	}
	if (!wrong)
		return 0;
	pr_err("va model: not so: %s\n", wrong);
	return (int)min(step, steps);
}
