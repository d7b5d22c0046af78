// SPDX-License-Identifier: MIT
/*
 * The tour: a walk through everything the memory manager does, on the machine
 * that is running, with a check at every step.
 *
 *   calls      every page call, its result and its way back
 *   zones      GFP_DMA, GFP_DMA32 and the rest give from where they must
 *   nodes      each node serves who asks for it, and nobody else does
 *   exhaust    each zone is taken to its last page and given back
 *   reserves   what is kept back is there for those it is kept for
 *   wrong      each wrong free is caught, and costs nothing
 *   objects    caches, kmalloc(), RCU, shrinkers: tour_slab.c
 *   devices    every call that maps their memory (tour_io.c)
 *   pools      every call on pools and per-CPU data (tour_pool.c)
 *   vmalloc    every call on areas, from all CPUs (tour_vmalloc.c)
 *   DMA        memory for devices, wherever they reach (tour_dma.c)
 *   high memory   addresses for pages that have none (tour_highmem.c)
 *   stress     threads on all CPUs prove that no page has two owners
 *   balance    every free list and counter is what it was before
 *
 * The picture for the last step is one number per zone and order, taken before
 * the first step, and the zone's counters. Pages that a thread on its way out
 * still holds are not lost, so the comparison is made again for up to two
 * seconds before a difference counts.
 *
 * A failed check is one log line and the tour goes on; tour_run() returns how
 * many there were.
 */
#include "tour.h"

#include <octavo/start.h>

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/run_queue.h>

#define TOUR_BULK	40	/* pages: more than one batch of any list */
#define TOUR_EXACT	(5 * PAGE_SIZE + 1)	/* bytes: six pages */
#define TOUR_SETTLE_MS	2000	/* how long threads may take to end */
#define TOUR_SETTLE_STEP_MS 20	/* how often that is looked at */

/* What one zone holds, as far as the tour may not change it. */
struct zone_picture {
	/*
	 * Blocks; larger ones than a pageblock as so many pageblocks: two
	 * make one only while they are of one type, which requests change.
	 */
	unsigned long nr_free[NR_PAGE_ORDERS];
	unsigned long free;			/* pages */
	unsigned long managed;			/* pages */
};

struct machine_picture {
	unsigned long zones;	/* how many are populated; long: no padding */
	struct zone_picture zone[MAX_NUMNODES * MAX_NR_ZONES];
};

struct tour_step {
	const char *name;
	void (*fn)(struct tour *t);
};

bool tour_check(struct tour *t, bool ok, const char *what, int line)
{
	t->checks++;
	if (!ok) {
		t->failed++;
		pr_err("tour: not ok: %s: %s (tour.c:%d)\n", t->step, what,
		       line);
	}
	return ok;
}

static void picture_take(struct machine_picture *p)
{
	struct zone *zone;
	unsigned int order;

	memset(p, 0, sizeof(*p));
	/* What CPUs and caches keep, or is lazy, is free too. */
	vm_unmap_aliases();
	kvfree_rcu_barrier();
	kmem_caches_reap_all();
	percpu_shrink();
	drain_all_pages(NULL);
	for_each_populated_zone(zone) {
		struct zone_picture *z = &p->zone[p->zones++];
		unsigned long flags;

		spin_lock_irqsave(&zone->lock, flags);
		for (order = 0; order < NR_PAGE_ORDERS; order++) {
			unsigned int unit = min(order, pageblock_order);

			z->nr_free[unit] += zone->free_area[order].nr_free <<
					    (order - unit);
		}
		z->free = zone_page_state(zone, NR_FREE_PAGES);
		z->managed = zone_managed_pages(zone);
		spin_unlock_irqrestore(&zone->lock, flags);
	}
}

static void tour_order(struct tour *t, unsigned int order)
{
	struct page *page = alloc_pages(GFP_KERNEL, order);

	/* A machine of a few MiB need not have so large a block. */
	if (!page && totalram_pages() < 4UL << order)
		return;
	if (!TOUR_CHECK(t, page))
		return;
	TOUR_CHECK(t, IS_ALIGNED(page_to_pfn(page), 1UL << order));
	TOUR_CHECK(t, page_count(page) == 1);
	TOUR_CHECK(t, virt_to_page(page_address(page)) == page);
	memset(page_address(page), 0xa5, PAGE_SIZE << order);
	__free_pages(page, order);
}

static void tour_orders(struct tour *t)
{
	unsigned int order;

	for (order = 0; order <= MAX_PAGE_ORDER; order++)
		tour_order(t, order);
}

static void tour_single(struct tour *t)
{
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned long addr;

	if (TOUR_CHECK(t, page))
		__free_page(page);
	page = alloc_pages_node(0, GFP_KERNEL, 1);
	if (TOUR_CHECK(t, page))
		__free_pages(page, 1);
	page = __alloc_pages(GFP_KERNEL, 2, numa_node_id(), NULL);
	if (TOUR_CHECK(t, page))
		__free_pages(page, 2);
	addr = __get_free_page(GFP_KERNEL);
	if (TOUR_CHECK(t, addr))
		free_page(addr);
	addr = __get_free_pages(GFP_KERNEL, 3);
	if (TOUR_CHECK(t, addr))
		free_pages(addr, 3);
}

static void tour_zeroed(struct tour *t)
{
	unsigned long addr = __get_free_pages(GFP_KERNEL, 2);

	if (!TOUR_CHECK(t, addr))
		return;
	memset((void *)addr, 0xff, PAGE_SIZE << 2);
	free_pages(addr, 2);
	addr = get_zeroed_page(GFP_KERNEL);
	if (TOUR_CHECK(t, addr)) {
		TOUR_CHECK(t, !memchr_inv((void *)addr, 0, PAGE_SIZE));
		free_page(addr);
	}
	addr = __get_free_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (TOUR_CHECK(t, addr)) {
		TOUR_CHECK(t, !memchr_inv((void *)addr, 0, PAGE_SIZE << 2));
		free_pages(addr, 2);
	}
}

static void tour_split(struct tour *t)
{
	struct page *page = alloc_pages(GFP_KERNEL, 3);
	unsigned int i;

	if (!TOUR_CHECK(t, page))
		return;
	split_page(page, 3);
	for (i = 0; i < 8; i++) {
		TOUR_CHECK(t, page_count(page + i) == 1);
		__free_page(page + i);
	}
}

static void tour_exact(struct tour *t)
{
	void *p = alloc_pages_exact(TOUR_EXACT, GFP_KERNEL);

	if (!TOUR_CHECK(t, p))
		return;
	memset(p, 0x5a, TOUR_EXACT);
	free_pages_exact(p, TOUR_EXACT);
}

static void tour_bulk(struct tour *t)
{
	struct page *pages[TOUR_BULK] = { NULL };
	unsigned long got;
	unsigned int i;

	got = alloc_pages_bulk(GFP_KERNEL, TOUR_BULK, pages);
	TOUR_CHECK(t, got == TOUR_BULK);
	for (i = 0; i < got; i++)
		__free_page(pages[i]);
}

static void tour_folio(struct tour *t)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 4);

	if (!TOUR_CHECK(t, folio))
		return;
	TOUR_CHECK(t, folio_order(folio) == 4);
	TOUR_CHECK(t, folio_nr_pages(folio) == 16);
	TOUR_CHECK(t, page_folio(folio_page(folio, 7)) == folio);
	folio_get(folio);
	folio_put(folio);
	folio_put(folio);
}

static void tour_contig(struct tour *t)
{
	unsigned long nr = pageblock_nr_pages + 7;
	struct page *page = alloc_contig_pages(nr, GFP_KERNEL, numa_node_id(),
					       NULL);

	/* A machine of 16 MiB need not have a block and a half in one. */
	if (!page && totalram_pages() < 16 * pageblock_nr_pages)
		return;
	if (!TOUR_CHECK(t, page))
		return;
	free_contig_range(page_to_pfn(page), nr);
}

static void tour_refused(struct tour *t)
{
	TOUR_CHECK(t, !alloc_pages(GFP_KERNEL | __GFP_NOWARN,
				   MAX_PAGE_ORDER + 1));
	TOUR_CHECK(t, !alloc_pages_exact((PAGE_SIZE << MAX_PAGE_ORDER) + 1,
					 GFP_KERNEL | __GFP_NOWARN));
}

static void tour_zone_of(struct tour *t, gfp_t gfp, unsigned long end_pfn)
{
	struct page *page = alloc_pages(gfp | __GFP_NOWARN, 0);

	if (!page)	/* a machine may have no memory there */
		return;
	TOUR_CHECK(t, page_to_pfn(page) < end_pfn);
	__free_page(page);
}

static void tour_zones(struct tour *t)
{
	tour_zone_of(t, GFP_KERNEL | GFP_DMA, MAX_DMA_PFN);
	tour_zone_of(t, GFP_KERNEL | GFP_DMA32, MAX_DMA32_PFN);
	tour_zone_of(t, GFP_KERNEL, max_low_pfn);
	tour_zone_of(t, GFP_HIGHUSER_MOVABLE, max_pfn);
}

unsigned long tour_low_pages(int nid)
{
	const struct pglist_data *pgdat = NODE_DATA(nid);

	return pgdat->node_zones[ZONE_DMA].present_pages +
	       pgdat->node_zones[ZONE_DMA32].present_pages +
	       pgdat->node_zones[ZONE_NORMAL].present_pages;
}

static void tour_nodes(struct tour *t)
{
	int nid;

	for_each_online_node(nid) {
		struct page *page;

		page = alloc_pages_node(nid, GFP_KERNEL | __GFP_THISNODE |
					__GFP_NOWARN, 0);
		if (!page) {
			TOUR_CHECK(t, tour_low_pages(nid) < 1024);
			continue;
		}
		TOUR_CHECK(t, page_to_nid(page) == nid);
		__free_page(page);
	}
}

/* The request that @zone is the first to serve. */
static gfp_t zone_request(const struct zone *zone)
{
	/* Not GFP_ATOMIC, for which blocks of higher orders are kept. */
	gfp_t gfp = __GFP_THISNODE | __GFP_NOWARN | __GFP_MEMALLOC |
		    __GFP_NORETRY | GFP_KERNEL;

	switch (zone_idx(zone)) {
	case ZONE_DMA:
		return gfp | __GFP_DMA;
	case ZONE_DMA32:
		return gfp | __GFP_DMA32;
	case ZONE_HIGHMEM:
		return gfp | __GFP_HIGHMEM;
	case ZONE_MOVABLE:
		return gfp | __GFP_HIGHMEM | __GFP_MOVABLE;
	default:
		return gfp;
	}
}

/* Pages are chained through `private`: PFN + 1, 0 ends. */
static u64 chain_add(u64 chain, struct page *page)
{
	set_page_private(page, chain);
	return page_to_pfn(page) + 1;
}

/*
 * Takes blocks of @order until @zone has none left. While a lower zone is
 * above its watermarks it answers before @zone's reserve is touched: what it
 * gives is kept in *@foreign, so that @zone's turn comes.
 */
static u64 zone_drain(struct zone *zone, unsigned int order, u64 *foreign)
{
	struct page *page;
	u64 chain = 0;

	for (;;) {
		page = alloc_pages_node(zone_to_nid(zone), zone_request(zone),
					order);
		if (!page)
			return chain;
		if (page_zone(page) == zone)
			chain = chain_add(chain, page);
		else
			*foreign = chain_add(*foreign, page);
		if (!(page_to_pfn(page) & 0xff))
			cond_resched();
	}
}

static unsigned long chain_free(u64 chain, unsigned int order)
{
	unsigned long pages = 0;

	while (chain) {
		struct page *page = pfn_to_page((unsigned long)(chain - 1));

		chain = page_private(page);
		set_page_private(page, 0);
		__free_pages(page, order);
		pages += 1UL << order;
	}
	return pages;
}

static void zone_exhaust(struct tour *t, struct zone *zone)
{
	u64 chain[NR_PAGE_ORDERS], foreign[NR_PAGE_ORDERS] = { 0 };
	unsigned long had = zone_page_state(zone, NR_FREE_PAGES);
	unsigned long pages = 0;
	int order;

	for (order = MAX_PAGE_ORDER; order >= 0; order--)
		chain[order] = zone_drain(zone, (unsigned int)order,
					  &foreign[order]);
	TOUR_CHECK(t, zone_page_state(zone, NR_FREE_PAGES) == 0);
	for (order = 0; order < NR_PAGE_ORDERS; order++) {
		pages += chain_free(chain[order], (unsigned int)order);
		chain_free(foreign[order], (unsigned int)order);
	}
	TOUR_CHECK(t, pages == had);
	pr_info("tour: node %d zone %s: took all of %lu pages, gave back %lu\n",
		zone_to_nid(zone), zone->name, had, pages);
}

/* A request that finds nothing would have it given back meanwhile. */
static void kept_give(void)
{
	kvfree_rcu_barrier();
	kmem_caches_reap_all();
	drain_all_pages(NULL);
}

static void tour_exhaust(struct tour *t)
{
	struct zone *zone;

	kept_give();
	for_each_populated_zone(zone)
		if (managed_zone(zone))
			zone_exhaust(t, zone);
}

/* The same to the last single page, where that is quick. */
static void tour_exhaust_singles(struct tour *t)
{
	struct zone *zone;

	kept_give();
	for_each_populated_zone(zone) {
		unsigned long had = zone_page_state(zone, NR_FREE_PAGES);
		u64 chain, foreign = 0;

		if (zone_managed_pages(zone) > MAX_DMA_PFN)
			continue;
		chain = zone_drain(zone, 0, &foreign);
		TOUR_CHECK(t, zone_page_state(zone, NR_FREE_PAGES) == 0);
		TOUR_CHECK(t, chain_free(chain, 0) == had);
		chain_free(foreign, 0);
	}
}

static void tour_stress(struct tour *t)
{
	TOUR_CHECK(t, stress_run(1, num_online_cpus()) == 0);
}

static const struct tour_step tour_steps[] = {
	{ "orders", tour_orders },	{ "single", tour_single },
	{ "zeroed", tour_zeroed },	{ "split", tour_split },
	{ "exact", tour_exact },	{ "bulk", tour_bulk },
	{ "folio", tour_folio },	{ "contig", tour_contig },
	{ "refused", tour_refused },	{ "zones", tour_zones },
	{ "nodes", tour_nodes },	{ "exhaust", tour_exhaust },
	{ "singles", tour_exhaust_singles },
	{ "reserves", tour_reserves },	{ "wrong frees", tour_wrong_frees },
	{ "caches", tour_caches },	{ "kmalloc", tour_kmalloc },
	{ "object nodes", tour_object_nodes },
	{ "object threads", tour_object_threads },
	{ "rcu", tour_rcu },		{ "shrinkers", tour_shrinkers },
	{ "pools", tour_pools },	{ "pool reserve", tour_pool_reserve },
	{ "pool waiting", tour_pool_waiting },
	{ "pool resize", tour_pool_resize },
	{ "per-CPU", tour_percpu },
	{ "vmalloc", tour_vmalloc },	{ "vmap", tour_vmap },
	{ "areas", tour_areas },	{ "vmalloc threads", tour_vmalloc_threads },
	{ "high memory", tour_highmem },
	{ "DMA", tour_dma },		{ "disk", tour_disk },
	{ "CPUs", tour_cpus },
	{ "devices", tour_io },
	{ "stress", tour_stress },
};

/* Names the zones that differ, once waiting did not help. */
static void picture_report(const struct machine_picture *a,
			   const struct machine_picture *b)
{
	unsigned int i, order;

	for (i = 0; i < a->zones; i++) {
		const struct zone_picture *was = &a->zone[i], *is = &b->zone[i];

		if (!memcmp(was, is, sizeof(*was)))
			continue;
		pr_err("tour: populated zone %u: free %lu, was %lu\n", i,
		       is->free, was->free);
		for (order = 0; order < NR_PAGE_ORDERS; order++)
			if (was->nr_free[order] != is->nr_free[order])
				pr_err("tour: of order %u: %lu, was %lu\n",
				       order, is->nr_free[order],
				       was->nr_free[order]);
	}
}

/* Whether the machine looks like @want, once threads had time to end. */
static bool picture_awaits(const struct machine_picture *want,
			   struct machine_picture *now)
{
	unsigned int ms;

	for (ms = 0; ms < TOUR_SETTLE_MS; ms += TOUR_SETTLE_STEP_MS) {
		sched_reap();
		picture_take(now);
		if (!memcmp(want, now, sizeof(*want)))
			return true;
		msleep(TOUR_SETTLE_STEP_MS);
	}
	return false;
}

/*
 * The picture to come back to: all struct pages made, as exhausting the zones
 * makes them, and nothing changing any more.
 */
static void picture_first(struct machine_picture *p, struct machine_picture *q)
{
	unsigned int tries;

	deferred_init_finish();
	for (tries = 0; tries < TOUR_SETTLE_MS / TOUR_SETTLE_STEP_MS; tries++) {
		sched_reap();
		picture_take(p);
		msleep(TOUR_SETTLE_STEP_MS);
		picture_take(q);
		if (!memcmp(p, q, sizeof(*p)))
			break;
	}
}

static void tour_balance(struct tour *t, const struct machine_picture *before,
			 struct machine_picture *after)
{
	if (!TOUR_CHECK(t, picture_awaits(before, after)))
		picture_report(before, after);
}

static void tour_consistent(struct tour *t)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		TOUR_CHECK(t, zone_check(zone) == 0);
		TOUR_CHECK(t, buddy_zone_check(zone));
	}
}

int tour_run(void)
{
	size_t size = 2 * sizeof(struct machine_picture);
	struct machine_picture *picture;
	struct tour t = { .step = "start" };
	struct slab_totals objects;
	unsigned int i;

	picture = alloc_pages_exact(size, GFP_KERNEL);
	if (!TOUR_CHECK(&t, picture))
		return (int)t.failed;
	pr_info("tour: start\n");
	picture_first(&picture[0], &picture[1]);
	tour_objects_take(&objects);
	for (i = 0; i < ARRAY_SIZE(tour_steps); i++) {
		t.step = tour_steps[i].name;
		tour_steps[i].fn(&t);
		pr_info("tour: %s done\n", t.step);
	}
	t.step = "balance";
	tour_balance(&t, &picture[0], &picture[1]);
	tour_objects_compare(&t, &objects);
	tour_consistent(&t);
	free_pages_exact(picture, size);
	pr_info("tour: %u checks, %u failed\n", t.checks, t.failed);
	return (int)t.failed;
}
