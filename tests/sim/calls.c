// SPDX-License-Identifier: MIT
/*
 * What the simulated CPUs do: calls of the page allocator with random
 * arguments. Whatever a call brings goes to the oracle, and any CPU may free
 * it later, so that pages wander from CPU to CPU.
 */
#include "sim_test.h"

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/page-isolation.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <asm/processor.h>
#include <octavo/fail_page.h>
#include <octavo/machine.h>
#include <octavo/random.h>

#include "../../mm/upcalls.h"

/* Where the free blocks lie (machine.c). */
#define FIRST_PFN	0x400UL
#define LAST_PFN	0xe00UL

static struct {
	bool isolating;			/* one at a time */
	bool hungry;			/* the same */
	unsigned long going;		/* a frame that was freed of late */
	u64 reclaim_rng;		/* of what reclaim frees */
	unsigned long reserved;		/* pages for HIGHATOMIC, as last seen */
	u64 nr_reserved, nr_released;	/* pageblocks of them, seen to come
					 * and to go */
} state;

static void items_start(void);

void program_calls_start(void)
{
	items_start();
	state.isolating = state.hungry = false;
	state.going = 0;
	state.reclaim_rng = 1;
	state.reserved = 0;
	state.nr_reserved = state.nr_released = 0;
}

/* ---- allocations and frees -------------------------------------------- */

static const gfp_t types[] = { 0, __GFP_MOVABLE, __GFP_RECLAIMABLE };

static gfp_t random_gfp(u64 *rng)
{
	static const gfp_t hows[] = { GFP_ATOMIC, GFP_ATOMIC, GFP_NOWAIT,
				      GFP_KERNEL | __GFP_NORETRY,
				      GFP_ATOMIC | __GFP_MEMALLOC };
	static const gfp_t zones[] = { 0, 0, 0, __GFP_DMA32 };
	gfp_t how = hows[random_below(rng, ARRAY_SIZE(hows))];

	if (in_atomic() || irqs_disabled())
		how = GFP_ATOMIC;
	return how | types[random_below(rng, ARRAY_SIZE(types))] |
	       zones[random_below(rng, ARRAY_SIZE(zones))] | __GFP_NOWARN;
}

static void take(u64 *rng, unsigned int order)
{
	gfp_t gfp = random_gfp(rng);
	struct page *page;

	sim_note("asks for order %ld, gfp %#lx", order, (long)gfp);
	page = alloc_pages(gfp, order);
	if (page)
		oracle_take(page, order, SLOT_BLOCK);
}

static void call_alloc(u64 *rng)
{
	take(rng, 0);
}

static void call_alloc_block(u64 *rng)
{
	take(rng, (unsigned int)random_between(rng, 1, 3));
}

static void call_alloc_large(u64 *rng)
{
	take(rng, random_below(rng, 4) ? pageblock_order :
		  (unsigned int)random_between(rng, 4, MAX_PAGE_ORDER));
}

static void call_alloc_folio(u64 *rng)
{
	unsigned int order = (unsigned int)random_below(rng, 3);
	struct folio *folio;

	sim_note("asks for a folio of order %ld", order, 0);
	folio = folio_alloc(random_gfp(rng), order);
	if (folio)
		oracle_take(&folio->page, order, SLOT_FOLIO);
}

static void call_bulk(u64 *rng)
{
	struct page *pages[12] = { NULL };
	unsigned long n = random_between(rng, 2, ARRAY_SIZE(pages)), i;

	sim_note("asks for %ld pages", (long)n, 0);
	n = alloc_pages_bulk_array_node(random_gfp(rng), 0, n, pages);
	for (i = 0; i < n; i++)
		oracle_take(pages[i], 0, SLOT_BLOCK);
}

static void call_free(u64 *rng)
{
	struct slot slot;

	if (!oracle_give(rng, &slot))
		return;
	state.going = slot.pfn;
	slot_free(&slot);
}

/* Several at once, so that lists overflow. */
static void call_free_many(u64 *rng)
{
	unsigned int n;

	for (n = (unsigned int)random_between(rng, 4, 16); n; n--)
		call_free(rng);
}

/* Looks a page up by its place, as a walker of page tables does. */
static void call_try_get(u64 *rng)
{
	unsigned int i = (unsigned int)random_below(rng, NR_SLOTS);
	unsigned long pfn = state.going;
	struct folio *folio;

	if (!pfn || !random_below(rng, 3))
		pfn = oracle.slots[i].pfn;
	if (!pfn)
		pfn = random_between(rng, FIRST_PFN, LAST_PFN - 1);
	folio = (struct folio *)pfn_to_page(pfn);
	if (!folio_try_get(folio))
		return;
	sim_note("has a reference of frame %#lx", (long)pfn, 0);
	sim_yield();
	folio_put(folio);
}

/* ---- reclaim, and what is kept from it -------------------------------- */

static unsigned long reserved_pages(void)
{
	unsigned long pages = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		pages += zone->nr_reserved_highatomic;
	return pages;
}

void calls_watch(void)
{
	unsigned long now = reserved_pages();

	if (now > state.reserved)
		state.nr_reserved++;
	else if (now < state.reserved)
		state.nr_released++;
	state.reserved = now;
}

void calls_tally(struct sim_tally *tally)
{
	tally->reserved += state.nr_reserved;
	tally->released += state.nr_released;
}

/* Frees some of what calls have brought, or nothing. */
static unsigned long reclaim(struct zonelist *zonelist, int order, gfp_t gfp,
			     const nodemask_t *nodes)
{
	unsigned int n = (unsigned int)random_below(&state.reclaim_rng, 4);
	unsigned long pages = 0;
	struct slot slot;

	sim_note("reclaims %ld slots", n, 0);
	while (n-- && oracle_give(&state.reclaim_rng, &slot)) {
		pages += slot.nr;
		slot_free(&slot);
	}
	return pages;
}

void calls_register(void)
{
	static const struct page_upcalls upcalls = {
		.try_to_free_pages = reclaim,
	};

	page_upcalls_register(&upcalls);
}

/*
 * Goes on until reclaim has brought a block, or nothing more can be done: so
 * what was kept for HIGHATOMIC requests is given back. One at a time, since
 * who waits for another's victim sleeps.
 */
static void call_hungry(u64 *rng)
{
	unsigned int order = (unsigned int)random_below(rng, 4);
	gfp_t type = types[random_below(rng, ARRAY_SIZE(types))];
	struct page *page;

	if (state.hungry || in_atomic() || irqs_disabled())
		return;
	state.hungry = true;
	sim_note("asks hard for order %ld", order, 0);
	page = alloc_pages(GFP_KERNEL | __GFP_RETRY_MAYFAIL | __GFP_NOWARN |
			   type, order);
	state.hungry = false;
	if (page)
		oracle_take(page, order, SLOT_BLOCK);
}

static const struct call hungry = { "hungry", call_hungry, 1, false };
#define HUNGRY_ONE_IN	6	/* calls, on the large machine */

/* ---- lists ------------------------------------------------------------ */

static void call_drain_local(u64 *rng)
{
	sim_note("drains its lists", 0, 0);
	drain_local_pages(NULL);
}

static void call_drain_all(u64 *rng)
{
	sim_note("drains all lists", 0, 0);
	drain_all_pages(NULL);
}

static void call_fail(u64 *rng)
{
	page_alloc_fail_nth((long)random_between(rng, 1, 3));
}

static void call_watermark(u64 *rng)
{
	static const int kbytes[] = { 128, 160, 256, 512 };

	this_machine()->page_alloc.min_free_kbytes =
		kbytes[random_below(rng, ARRAY_SIZE(kbytes))];
	sim_note("sets min_free_kbytes to %ld",
		 this_machine()->page_alloc.min_free_kbytes, 0);
	setup_per_zone_wmarks();
}

/* ---- pageblocks ------------------------------------------------------- */

static unsigned long random_pageblock(u64 *rng)
{
	return random_between(rng, FIRST_PFN / pageblock_nr_pages,
			      LAST_PFN / pageblock_nr_pages - 1) *
	       pageblock_nr_pages;
}

static void call_isolate(u64 *rng)
{
	unsigned long pfn = random_pageblock(rng);
	unsigned long end = pfn + pageblock_nr_pages;

	if (state.isolating)
		return;
	state.isolating = true;
	sim_note("isolates pageblock %#lx", (long)pfn, 0);
	if (!start_isolate_page_range(pfn, end, MIGRATE_MOVABLE, 0,
				      GFP_KERNEL)) {
		test_pages_isolated(pfn, end, 0);
		undo_isolate_page_range(pfn, end, MIGRATE_MOVABLE);
	}
	state.isolating = false;
}

static void call_contig(u64 *rng)
{
	unsigned long nr = random_between(rng, 1, 40);
	unsigned long pfn = random_pageblock(rng) +
			    random_below(rng, pageblock_nr_pages);

	if (state.isolating)
		return;
	state.isolating = true;
	sim_note("asks for the frames from %#lx, %ld of them", (long)pfn,
		 (long)nr);
	if (!alloc_contig_range(pfn, pfn + nr, MIGRATE_MOVABLE, GFP_KERNEL))
		oracle_take_range(pfn, nr);
	state.isolating = false;
}

/* ---- CPUs that come and go -------------------------------------------- */

static bool cpu_holds_pages(unsigned int cpu)
{
	struct zone_pageset_info info;
	struct zone *zone;

	for_each_populated_zone(zone) {
		zone_pageset_info(zone, cpu, &info);
		if (info.count)
			return true;
	}
	return false;
}

/* Takes a CPU that stands still off-line, and back on. */
static void call_hotplug(u64 *rng)
{
	unsigned int cpu = park_take();

	if (cpu == TEST_CPUS)
		return;
	sim_note("takes CPU %ld off-line", cpu, 0);
	cpumask_clear_cpu(cpu, &this_machine()->cpu_online);
	page_alloc_cpu_dead(cpu);
	sim_yield();
	if (cpu_holds_pages(cpu))
		sim_stop("a CPU that is off-line holds pages");
	sim_note("brings CPU %ld back", cpu, 0);
	page_alloc_cpu_online(cpu);
	cpumask_set_cpu(cpu, &this_machine()->cpu_online);
	park_back(cpu);
}

/* ---- readers without locks -------------------------------------------- */

#define NR_ITEMS	8

/* What readers find; `life` is odd from when it is shown until it may go. */
static struct item {
	struct rcu_head head;
	u32 life;
} items[NR_ITEMS];
static struct item *shown;

static void items_start(void)
{
	memset(items, 0, sizeof(items));
	shown = NULL;
}

static void item_end(struct rcu_head *head)
{
	struct item *item = container_of(head, struct item, head);

	item->life++;
}

static void call_read(u64 *rng)
{
	struct item *item;
	unsigned int i;
	u32 life;

	rcu_read_lock();
	item = rcu_dereference(shown);
	life = item ? item->life : 1;
	if (!(life & 1))
		sim_stop("a reader found what was gone");
	/* Long enough for a grace period, if one does not wait. */
	for (i = 0; i < 8; i++)
		sim_yield();
	if (item && item->life != life)
		sim_stop("what a reader was at has gone");
	rcu_read_unlock();
}

/* Shows another item, and sees the former one off. */
static void call_show(u64 *rng)
{
	struct item *item = &items[random_below(rng, NR_ITEMS)];
	bool wait = random_below(rng, 2);

	if (item->life & 1)
		return;
	item->life++;
	item = xchg(&shown, item);
	sim_note("sees an item off, waiting: %ld", wait, 0);
	if (!item)
		return;
	if (!wait) {
		call_rcu(&item->head, item_end);
		return;
	}
	synchronize_rcu();
	item_end(&item->head);
}

const struct call calls[] = {
	{ "alloc", call_alloc, 10, true },
	{ "block", call_alloc_block, 5, true },
	{ "large", call_alloc_large, 1, false },
	{ "folio", call_alloc_folio, 2, false },
	{ "bulk", call_bulk, 2, false },
	{ "free", call_free, 12, true },
	{ "frees", call_free_many, 2, false },
	{ "get", call_try_get, 2, false },
	{ "drain", call_drain_local, 1, false },
	{ "drain_all", call_drain_all, 2, false },
	{ "fail", call_fail, 1, false },
	{ "watermark", call_watermark, 1, false },
	{ "isolate", call_isolate, 2, false },
	{ "contig", call_contig, 2, false },
	{ "hotplug", call_hotplug, 2, false },
	{ "read", call_read, 4, true },
	{ "show", call_show, 4, false },
};
const unsigned int nr_calls = ARRAY_SIZE(calls);

const struct call *program_call(u64 *rng)
{
	if (machine_is_large() && !random_below(rng, HUNGRY_ONE_IN))
		return &hungry;
	return NULL;
}
