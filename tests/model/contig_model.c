// SPDX-License-Identifier: MIT
/*
 * Contiguous blocks at a place against an oracle: a byte for each frame that
 * says whether it is free. After each step
 *
 *   - a block that was given meets every condition, and each of its frames
 *     was free
 *   - a request fails only when no place of a zone that it may use would do,
 *     tried one by one
 *   - the free pages of all zones are those of the oracle
 *   - every so often buddy_check() finds the invariants to hold, and the maps
 *     say of every frame what the oracle says
 *
 * Requests for blocks of the buddy system and frees of single pages come in
 * between, so that runs begin and end anywhere. Reserves are no matter here:
 * every request may have the last page.
 */
#include "contig_model.h"

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <kunit/random.h>
#include <octavo/contig.h>
#include <octavo/free_runs.h>
#include <octavo/machine.h>

#define FRAMES		(1U << 15)	/* more than the machine's */
#define BLOCKS		400		/* at once */
#define CHECK_EVERY	512		/* steps between looks at everything */
#define GFP		(GFP_KERNEL | __GFP_NOWARN | __GFP_MEMALLOC |	\
			 __GFP_NORETRY)

struct block {
	u32 pfn, nr;		/* frames; nr 0: none */
};

static struct {
	struct random rnd;
	struct block block[BLOCKS];
	u8 free[FRAMES];	/* 1: nobody has it */
	u8 seen[FRAMES];	/* the same, as the maps say */
	unsigned long nr_free;
	const char *wrong;	/* what differs */
} cm;

static bool cm_expect(bool ok, const char *what)
{
	if (!ok && !cm.wrong)
		cm.wrong = what;
	return ok;
}
#define CM_EXPECT(ok)	cm_expect(ok, #ok)

static void cm_mark(unsigned long pfn, unsigned long nr, bool free)
{
	for (; nr; pfn++, nr--) {
		CM_EXPECT(cm.free[pfn] != free);
		cm.free[pfn] = free;
		cm.nr_free += free ? 1 : -1UL;
	}
}

static void cm_see(void *ctx, unsigned long pfn, unsigned long nr)
{
	memset((u8 *)ctx + pfn, 1, nr);
}

static void cm_look(u8 *map)
{
	struct zone *zone;

	drain_all_pages(NULL);
	memset(map, 0, FRAMES);
	for_each_populated_zone(zone)
		zone_for_each_free_run(zone, cm_see, map);
}

/* Does a block at @pfn meet the conditions? */
static bool cm_meets(unsigned long pfn, unsigned long nr,
		     const struct contig_place *p)
{
	phys_addr_t start = PFN_PHYS(pfn), end = PFN_PHYS(pfn + nr);

	if (start < p->low || (p->high && end > p->high))
		return false;
	if (p->align && start % p->align)
		return false;
	return !p->boundary ||
	       start / p->boundary == (end - 1) / p->boundary;
}

/* Whether some place of the zone would do. */
static bool cm_zone_room(const struct zone *zone, unsigned long nr,
			 const struct contig_place *p)
{
	unsigned long pfn, run = 0;

	for (pfn = zone->zone_start_pfn; pfn < zone_end_pfn(zone); pfn++) {
		run = cm.free[pfn] ? run + 1 : 0;
		if (run >= nr && cm_meets(pfn + 1 - nr, nr, p))
			return true;
	}
	return false;
}

static bool cm_room(unsigned long nr, const struct contig_place *p, gfp_t gfp)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		if (zone_idx(zone) <= (int)gfp_zone(gfp) &&
		    cm_zone_room(zone, nr, p))
			return true;
	return false;
}

static phys_addr_t cm_power(unsigned int low, unsigned int high)
{
	return 1ULL << (low + random_below(&cm.rnd, high - low + 1));
}

static void cm_place(struct contig_place *p, unsigned long nr)
{
	unsigned long end = max_pfn;

	memset(p, 0, sizeof(*p));
	if (random_below(&cm.rnd, 2))
		p->low = random_below(&cm.rnd, (u32)PFN_PHYS(end));
	if (random_below(&cm.rnd, 2))
		p->high = p->low + PFN_PHYS(nr) +
			  random_below(&cm.rnd, (u32)PFN_PHYS(end) / 2);
	if (random_below(&cm.rnd, 2))
		p->align = cm_power(0, 22);
	if (random_below(&cm.rnd, 2))
		p->boundary = max(cm_power(12, 23),
				  (phys_addr_t)PAGE_SIZE << get_order(
						nr << PAGE_SHIFT));
}

static void cm_enter(struct block *b, struct page *page, unsigned long nr)
{
	*b = (struct block) { .pfn = (u32)page_to_pfn(page), .nr = (u32)nr };
	CM_EXPECT(b->pfn + nr <= FRAMES);
	cm_mark(b->pfn, nr, false);
}

static void cm_alloc(struct block *b)
{
	unsigned long nr = 1 + random_below(&cm.rnd, 1U << random_below(
						&cm.rnd, 12));
	gfp_t gfp = GFP | (random_below(&cm.rnd, 4) ? 0 : __GFP_DMA);
	struct contig_place p;
	struct page *page;
	size_t size;

	cm_place(&p, nr);
	size = (nr << PAGE_SHIFT) - random_below(&cm.rnd, PAGE_SIZE);
	page = alloc_contig_pages_within(size, &p, gfp, NUMA_NO_NODE, NULL);
	if (!page) {
		CM_EXPECT(!cm_room(nr, &p, gfp));
		return;
	}
	CM_EXPECT(cm_meets(page_to_pfn(page), nr, &p));
	CM_EXPECT(zone_idx(page_zone(page)) <= (int)gfp_zone(gfp));
	cm_enter(b, page, nr);
}

/* A block of the buddy system, as single pages. */
static void cm_alloc_order(struct block *b)
{
	unsigned int order = random_below(&cm.rnd, 6);
	gfp_t movable = random_below(&cm.rnd, 2) ? __GFP_MOVABLE : 0;
	struct page *page = alloc_pages(GFP | movable, order);

	if (!page)
		return;
	split_page(page, order);
	cm_enter(b, page, 1UL << order);
}

/* Gives a block back: all, or its lower or upper part. */
static void cm_free(struct block *b)
{
	unsigned long part = b->nr;

	if (random_below(&cm.rnd, 2))
		part = 1 + random_below(&cm.rnd, b->nr);
	if (random_below(&cm.rnd, 2)) {
		cm_mark(b->pfn, part, true);
		free_contig_pages_within(pfn_to_page(b->pfn),
					 part << PAGE_SHIFT);
		b->pfn += (u32)part;
	} else {
		cm_mark(b->pfn + b->nr - part, part, true);
		free_contig_pages_within(pfn_to_page(b->pfn + b->nr - part),
					 part << PAGE_SHIFT);
	}
	b->nr -= (u32)part;
}

static void cm_step(void)
{
	struct block *b = &cm.block[random_below(&cm.rnd, BLOCKS)];

	if (b->nr)
		cm_free(b);
	else if (random_below(&cm.rnd, 4))
		cm_alloc(b);
	else
		cm_alloc_order(b);
}

static void cm_compare(u64 step)
{
	if (step % CHECK_EVERY)
		return;
	cm_look(cm.seen);
	CM_EXPECT(!memcmp(cm.seen, cm.free, sizeof(cm.free)));
	CM_EXPECT(global_zone_page_state(NR_FREE_PAGES) == cm.nr_free);
	CM_EXPECT(buddy_check());
}

static void cm_start(u64 seed)
{
	unsigned long i;

	memset(&cm, 0, sizeof(cm));
	random_seed(&cm.rnd, seed);
	/* What caches keep stays theirs. */
	this_machine()->page_alloc.upcalls = NULL;
	cm_look(cm.free);
	for (i = 0; i < FRAMES; i++)
		cm.nr_free += cm.free[i];
}

int contig_model_run(u64 seed, u64 steps)
{
	u64 step;
	unsigned int i;

	cm_start(seed);
	for (step = 1; step <= steps && !cm.wrong; step++) {
		cm_step();
		cm_compare(step);
	}
	for (i = 0; i < BLOCKS && !cm.wrong; i++)
		while (cm.block[i].nr)
			cm_free(&cm.block[i]);
	cm_compare(0);
	if (!cm.wrong)
		return 0;
	pr_err("contig model: not so: %s\n", cm.wrong);
	return (int)min(step, steps);
}
