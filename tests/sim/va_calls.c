// SPDX-License-Identifier: MIT
/*
 * What the simulated CPUs do with kernel addresses: take ranges of all sizes,
 * give up their own and others', two of them the same one, purge, give chunks
 * up, look ranges up.
 */
#include "va_sim.h"

#include <linux/kernel.h>
#include <linux/sizes.h>

#include <octavo/failslab.h>
#include <octavo/random.h>

static gfp_t random_gfp(u64 *rng)
{
	if (in_atomic() || irqs_disabled() || random_below(rng, 2))
		return GFP_ATOMIC | __GFP_NOWARN;
	return GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY;
}

static void take(u64 *rng, unsigned long pages, unsigned long align)
{
	unsigned long size = pages * PAGE_SIZE;
	struct range *r = range_reserve();
	unsigned long addr;
	u32 turn;

	if (!r)
		return;
	turn = r->turn;
	addr = va_alloc(ranges.space, size, align, 0, ~0UL, r,
			random_gfp(rng));
	range_got(r, turn, addr, size);
}

static void call_small(u64 *rng)
{
	take(rng, random_between(rng, 1, 4), PAGE_SIZE);
}

static void call_middle(u64 *rng)
{
	take(rng, VA_RANGE_MAX, PAGE_SIZE);
}

static void call_rare(u64 *rng)
{
	take(rng, RANGE_RARE / PAGE_SIZE, PAGE_SIZE);
}

static void call_aligned(u64 *rng)
{
	take(rng, 20, VA_RANGE_MAX * PAGE_SIZE);
}

static void call_large(u64 *rng)
{
	take(rng, random_between(rng, VA_RANGE_MAX + 1, 3000), PAGE_SIZE);
}

/* Whoever is told of the address may disown it. */
static struct range *disown(u64 *rng, unsigned long of_size)
{
	struct range *r = range_some(rng, of_size);
	unsigned long addr, size = 0;
	void *owner;
	u32 turn;

	if (!r)
		return NULL;
	addr = r->addr;
	turn = r->turn;
	sim_note("disowns %#lx", (long)addr, 0);
	range_disown(r);
	owner = va_disown(ranges.space, addr, &size);
	return range_disowned(r, turn, addr, owner, size);
}

static void release(u64 *rng, unsigned long size)
{
	struct range *r = disown(rng, size);
	unsigned long addr;
	u64 number;

	if (!r)
		return;
	addr = r->addr;
	number = range_release(r);
	if (!number) {
		range_cancel(r);
		va_cancel(ranges.space, addr);
		return;
	}
	va_release(ranges.space, addr);
	range_released(number);
}

static void call_release(u64 *rng)
{
	release(rng, 0);
}

static void call_releases(u64 *rng)
{
	unsigned long n;

	for (n = random_between(rng, 2, 6); n; n--)
		call_release(rng);
}

/* Of a chunk that no CPU has, maybe the last one. */
static void call_last(u64 *rng)
{
	if (random_below(rng, 2))
		va_chunks_drain(ranges.space);
	release(rng, RANGE_RARE);
}

static void call_cancel(u64 *rng)
{
	struct range *r = disown(rng, 0);
	unsigned long addr;

	if (!r)
		return;
	addr = r->addr;
	range_cancel(r);
	sim_note("cancels %#lx", (long)addr, 0);
	va_cancel(ranges.space, addr);
}

static void call_purge(u64 *rng)
{
	u64 start = purge_start();

	va_purge(ranges.space);
	purge_done(start);
	/* So that chunks go as soon as they are empty. */
	if (random_below(rng, 2))
		va_chunks_trim(ranges.space);
}

static void call_drain(u64 *rng)
{
	va_chunks_drain(ranges.space);
}

static void call_trim(u64 *rng)
{
	va_chunks_trim(ranges.space);
}

/* One that was there all the time is found. */
static void call_find(u64 *rng)
{
	struct range *r = range_some(rng, 0);
	struct va_area area;
	unsigned long addr;
	bool found;
	u32 turn;

	if (!r)
		return;
	turn = r->turn;
	addr = r->addr + random_below(rng, r->size);
	found = va_find(ranges.space, addr, &area);
	if (r->turn != turn || r->state != RANGE_OWNED || r->trying)
		return;
	if (!found)
		sim_stop("an owned range is not found");
	if (area.owner != r || area.start != r->addr || area.size != r->size)
		sim_stop("another range than the owned one is found");
}

static void call_fail(u64 *rng)
{
	failslab_fail_nth((long)random_between(rng, 1, 3));
}

/* ---- what this program has not ---------------------------------------- */

void program_calls_start(void)
{
}

const struct call calls[] = {
	{ "small", call_small, 8, true },
	{ "middle", call_middle, 10, true },
	{ "rare", call_rare, 2, true },
	{ "aligned", call_aligned, 2, true },
	{ "large", call_large, 3, false },
	{ "release", call_release, 10, true },
	{ "releases", call_releases, 4, false },
	{ "last", call_last, 6, false },
	{ "cancel", call_cancel, 3, true },
	{ "purge", call_purge, 5, false },
	{ "drain", call_drain, 2, false },
	{ "trim", call_trim, 2, true },
	{ "find", call_find, 4, true },
	{ "fail", call_fail, 1, false },
};
const unsigned int nr_calls = ARRAY_SIZE(calls);
