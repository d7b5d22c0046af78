// SPDX-License-Identifier: MIT
/*
 * How much of each zone is kept back, and for whom.
 *
 * Watermarks. min is for requests that must not fail; below low reclaim is
 * woken; above high it sleeps. With M the pages that min_free_kbytes stands
 * for, shared among the low zones by their managed pages:
 *
 *   min_free_kbytes = sqrt(16 * low memory in kB), from 128 to 262144
 *   share = M * managed / managed pages of all low zones
 *   min  = share; for high memory and ZONE_MOVABLE, which no request depends
 *          on, managed / 1024, from 32 to 128
 *   step = max(share / 4, managed * watermark_scale_factor / 10000)
 *   low  = min + step     high = low + step     promo = high + step
 *
 * The square root: what is needed to keep reclaim going grows with the size
 * of the machine, but slower.
 *
 * lowmem_reserve. A request that could have gone to a higher zone may not use
 * up a lower one: zone i keeps, from requests that go up to zone j, the
 * managed pages of zones i + 1 to j divided by i's ratio. The ratio of a zone
 * that nobody falls back from is 0: nothing kept.
 *
 * Huge pages. Whoever makes them needs free pageblocks of each type to work
 * with, two and as many as types there are to mix, in each zone:
 *
 *   min_free_kbytes >= (2 + 3 x 3) pageblocks x low zones with memory, at most
 *                      a twentieth of low memory
 *
 * Boost. When a request takes over a pageblock of another type, the zone has
 * too few free blocks. Reclaim is to free some, so the marks rise by
 * a pageblock each time, up to watermark_boost_factor / 10000 of the high mark,
 * and the node's reclaim thread is woken; it takes down what it has answered.
 *
 * Everything here is a pure function of zones' managed pages and of settings
 * (settings.c), stored with the zones.
 *
 * Locks: page_alloc.settings_lock for what follows from settings; zone->lock
 * inside it for a zone's marks and boost. Readers see each value old or new.
 *
 * Differs from Linux: while nobody answers wakeup_kswapd, marks are not
 * boosted, as nobody would take them down again.
 */
#include "internal.h"

#include "page_debug.h"
#include "pcp.h"

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mutex.h>

#define MIN_FREE_KBYTES_LEAST	128
#define MIN_FREE_KBYTES_MOST	262144
/* What reclaim moves at once; a high zone keeps one to four of them. */
#define SWAP_CLUSTER_MAX	32UL
/* Pageblocks that making huge pages wants free in a zone. */
#define HUGE_PAGE_BLOCKS	(2 + MIGRATE_PCPTYPES * MIGRATE_PCPTYPES)

int min_free_kbytes_of(unsigned long lowmem_pages)
{
	unsigned long kbytes = lowmem_pages * (PAGE_SIZE >> 10);

	return (int)clamp(int_sqrt(kbytes * 16),
			  (unsigned long)MIN_FREE_KBYTES_LEAST,
			  (unsigned long)MIN_FREE_KBYTES_MOST);
}

int huge_page_min_free_kbytes_of(unsigned int nr_zones,
				 unsigned long block_pages,
				 unsigned long lowmem_pages)
{
	unsigned long pages = block_pages * nr_zones * HUGE_PAGE_BLOCKS;

	return (int)(min(pages, lowmem_pages / 20) << (PAGE_SHIFT - 10));
}

void calculate_min_free_kbytes(void)
{
	struct page_alloc_state *pa = page_alloc_state();
	int wanted = min_free_kbytes_of(nr_free_buffer_pages());

	if (wanted > pa->user_min_free_kbytes)
		pa->min_free_kbytes = wanted;
	else
		pr_warn("min_free_kbytes is not updated to %d because user defined value %d is preferred\n",
			wanted, pa->user_min_free_kbytes);
}

void set_recommended_min_free_kbytes(void)
{
	struct page_alloc_state *pa = page_alloc_state();
	unsigned int nr_zones = 0;
	struct zone *zone;
	int wanted;

	for_each_populated_zone(zone)
		if (zone_idx(zone) <= (int)ZONE_NORMAL)
			nr_zones++;
	wanted = huge_page_min_free_kbytes_of(nr_zones, pageblock_nr_pages,
					      nr_free_buffer_pages());
	if (wanted > pa->min_free_kbytes) {
		if (pa->user_min_free_kbytes >= 0)
			pr_info("raising min_free_kbytes from %d to %d to help transparent hugepage allocations\n",
				pa->min_free_kbytes, wanted);
		pa->min_free_kbytes = wanted;
	}
	setup_per_zone_wmarks();
}

/* Zones whose pages requests without a way out depend on. */
static bool zone_is_low(const struct zone *zone)
{
	return !is_highmem(zone) && zone_idx(zone) != ZONE_MOVABLE;
}

/* x * n / d, rounded down, without overflow as long as the result has none. */
static unsigned long fraction(unsigned long x, unsigned long n,
			      unsigned long d)
{
	return x / d * n + x % d * n / d;
}

void zone_marks_of(unsigned long *wmark, unsigned long managed, bool low,
		   const struct mark_rule *rule)
{
	unsigned long share = (unsigned long)((u64)rule->pages_min * managed /
					      rule->lowmem_pages);
	unsigned long step = max(share / 4, fraction(managed,
			(unsigned long)rule->scale_factor, 10000));
	unsigned long least = share;

	if (!low)
		least = clamp(managed / 1024, SWAP_CLUSTER_MAX,
			      4 * SWAP_CLUSTER_MAX);
	wmark[WMARK_MIN] = least;
	wmark[WMARK_LOW] = least + step;
	wmark[WMARK_HIGH] = least + 2 * step;
	wmark[WMARK_PROMO] = least + 3 * step;
}

static void zone_setup_wmarks(struct zone *zone, const struct mark_rule *rule)
{
	unsigned long wmark[NR_WMARK], flags;
	int i;

	zone_marks_of(wmark, zone_managed_pages(zone), zone_is_low(zone), rule);
	spin_lock_irqsave(&zone->lock, flags);
	WRITE_ONCE(zone->watermark_boost, 0);
	for (i = 0; i < NR_WMARK; i++)
		WRITE_ONCE(zone->_watermark[i], wmark[i]);
	spin_unlock_irqrestore(&zone->lock, flags);
}

/* Pages that cannot be had for user pages: reserves and high marks. */
static void calculate_totalreserve_pages(void)
{
	unsigned long total = 0;
	struct pglist_data *pgdat;
	int i;

	for_each_online_pgdat(pgdat) {
		pgdat->totalreserve_pages = 0;
		for (i = 0; i < MAX_NR_ZONES; i++) {
			struct zone *zone = &pgdat->node_zones[i];
			/* From those who could go highest it keeps most. */
			unsigned long kept = (unsigned long)
				zone->lowmem_reserve[MAX_NR_ZONES - 1];

			kept += high_wmark_pages(zone);
			kept = min(kept, zone_managed_pages(zone));
			pgdat->totalreserve_pages += kept;
		}
		total += pgdat->totalreserve_pages;
	}
	page_alloc_state()->totalreserve_pages = total;
}

void zones_update_wmarks(void)
{
	const struct page_alloc_state *pa = page_alloc_state();
	struct mark_rule rule = {
		.pages_min = (unsigned long)pa->min_free_kbytes >>
			     (PAGE_SHIFT - 10),
		.scale_factor = pa->watermark_scale_factor,
	};
	struct zone *zone;

	for_each_populated_zone(zone)
		if (zone_is_low(zone))
			rule.lowmem_pages += zone_managed_pages(zone);
	if (!rule.lowmem_pages)
		rule.lowmem_pages = 1;
	for_each_zone(zone)
		zone_setup_wmarks(zone, &rule);
	zones_update_pagesets();
	calculate_totalreserve_pages();
}

void setup_per_zone_wmarks(void)
{
	struct page_alloc_state *pa = page_alloc_state();
	unsigned long flags;

	spin_lock_irqsave(&pa->settings_lock, flags);
	zones_update_wmarks();
	spin_unlock_irqrestore(&pa->settings_lock, flags);
}

static void zone_setup_reserve(struct pglist_data *pgdat, int i)
{
	struct zone *zone = &pgdat->node_zones[i];
	unsigned long ratio = (unsigned long)
			      page_alloc_state()->lowmem_reserve_ratio[i];
	unsigned long above = 0;
	int j;

	for (j = i + 1; j < MAX_NR_ZONES; j++) {
		above += zone_managed_pages(&pgdat->node_zones[j]);
		WRITE_ONCE(zone->lowmem_reserve[j],
			   ratio && zone_managed_pages(zone) ?
			   (long)(above / ratio) : 0);
	}
}

void zones_update_reserves(void)
{
	struct pglist_data *pgdat;
	int i;

	for_each_online_pgdat(pgdat)
		for (i = 0; i < MAX_NR_ZONES - 1; i++)
			zone_setup_reserve(pgdat, i);
	calculate_totalreserve_pages();
}

void setup_per_zone_lowmem_reserve(void)
{
	struct page_alloc_state *pa = page_alloc_state();
	unsigned long flags;

	spin_lock_irqsave(&pa->settings_lock, flags);
	zones_update_reserves();
	spin_unlock_irqrestore(&pa->settings_lock, flags);
}

/* Whether the marks rose. */
static bool zone_boost_marks(struct zone *zone)
{
	const struct page_alloc_state *pa = page_alloc_state();
	unsigned long most, factor = (unsigned long)
				     READ_ONCE(pa->watermark_boost_factor);

	if (!factor || !pa->upcalls || !pa->upcalls->wakeup_kswapd)
		return false;
	/* A small zone would never come up again. */
	if (zone_managed_pages(zone) < 4 * pageblock_nr_pages)
		return false;
	most = fraction(zone->_watermark[WMARK_HIGH], factor, 10000);
	/* Marks that are not set yet, or asked to be 0. */
	if (!most)
		return false;
	most = max(most, pageblock_nr_pages);
	WRITE_ONCE(zone->watermark_boost,
		   min(zone->watermark_boost + pageblock_nr_pages, most));
	return true;
}

void zone_types_mix(struct zone *zone, unsigned int alloc_flags)
{
	/* Reclaim is woken once the lock is given back: zone_served(). */
	if (zone_boost_marks(zone) && alloc_flags & ALLOC_KSWAPD)
		__atomic_fetch_or(&zone->flags, ZONE_BOOSTED_WATERMARK,
				  __ATOMIC_RELAXED);
}

void zone_unboost_marks(struct zone *zone, unsigned long pages)
{
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	WRITE_ONCE(zone->watermark_boost, zone->watermark_boost -
		   min(zone->watermark_boost, pages));
	spin_unlock_irqrestore(&zone->lock, flags);
}

static void setup_node_reclaim_limits(void)
{
	struct page_alloc_state *pa = page_alloc_state();
	unsigned long flags;

	spin_lock_irqsave(&pa->settings_lock, flags);
	nodes_update_reclaim_limits();
	spin_unlock_irqrestore(&pa->settings_lock, flags);
}

int init_per_zone_wmark_min(void)
{
	calculate_min_free_kbytes();
	setup_per_zone_wmarks();
	setup_per_zone_lowmem_reserve();
	setup_node_reclaim_limits();
	return 0;
}

/*
 * Pages that a CPU takes from a zone at once: a thousandth of it, at most
 * 1 MiB, a quarter of that; one less than a power of two, which spreads better
 * over caches that index by address.
 */
static int zone_batchsize(struct zone *zone)
{
	unsigned long batch = min(zone_managed_pages(zone) >> 10,
				  (1UL << 20) / PAGE_SIZE) / 4;

	if (batch < 1)
		batch = 1;
	return (int)rounddown_pow_of_two(batch + batch / 2) - 1;
}

/* Online CPUs of @nid; all of them when it has none. */
static unsigned int node_cpus(int nid)
{
	unsigned int n = 0, cpu;

	for_each_online_cpu(cpu)
		if (cpu_to_node((int)cpu) == nid)
			n++;
	return n ? n : max(num_online_cpus(), 1U);
}

/* Pages that the lists of one CPU may hold of @pages that all share. */
static int zone_highsize(struct zone *zone, int batch, unsigned long pages)
{
	unsigned long high = pages / node_cpus(zone_to_nid(zone));

	return (int)max(high, (unsigned long)batch * 4);
}

static void zone_set_pageset_high_and_batch(struct zone *zone)
{
	int fraction_set = page_alloc_state()->percpu_pagelist_high_fraction;
	unsigned long managed = zone_managed_pages(zone);
	int batch = max(1, zone_batchsize(zone));
	int least, most;

	if (fraction_set) {
		/* Who sets a size wants that one. */
		least = zone_highsize(zone, batch,
				      managed / (unsigned long)fraction_set);
		most = least;
	} else {
		least = zone_highsize(zone, batch, low_wmark_pages(zone));
		most = zone_highsize(zone, batch,
				     managed / PAGELIST_HIGH_FRACTION);
	}
	WRITE_ONCE(zone->pageset_batch, batch);
	WRITE_ONCE(zone->pageset_high_min, least);
	WRITE_ONCE(zone->pageset_high_max, most);
}

void zones_update_pagesets(void)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		zone_set_pageset_high_and_batch(zone);
}

void setup_per_cpu_pageset(void)
{
	zones_update_pagesets();
	/* Earlier, the other CPUs have not come yet. */
	if (!(page_alloc_state()->slow & PAGE_SLOW_STARTING))
		pcp_setup();
}

/* A size that is set is a part for each CPU of those there are. */
static void pagesets_settle(void)
{
	if (page_alloc_state()->percpu_pagelist_high_fraction)
		pcp_reshape();
}

int page_alloc_cpu_online(unsigned int cpu)
{
	zones_update_pagesets();
	pcp_cpu_online(cpu);
	pagesets_settle();
	return 0;
}

int page_alloc_cpu_dead(unsigned int cpu)
{
	pcp_cpu_dead(cpu);
	vm_events_fold_cpu((int)cpu);
	zones_update_pagesets();
	pagesets_settle();
	return 0;
}

void page_alloc_init_cpuhp(void)
{
	int err = cpuhp_setup_state_nocalls(CPUHP_PAGE_ALLOC,
					    "mm/page_alloc:pcp",
					    page_alloc_cpu_online,
					    page_alloc_cpu_dead);

	BUG_ON(err);
}

/* The nearest online node: that of the CPU if it has memory. */
static int cpu_online_node(unsigned int cpu)
{
	int nid = cpu_to_node((int)cpu);

	if (nid != NUMA_NO_NODE && node_online(nid))
		return nid;
	return first_online_pgdat()->node_id;
}

void page_alloc_init(void)
{
	struct page_alloc_state *pa = page_alloc_state();
	unsigned int cpu;

	/* Until threads run, nobody may wait for memory. */
	page_slow_set(PAGE_SLOW_STARTING, true);
	pa->allowed_mask = __GFP_BITS_MASK &
			   ~(__GFP_RECLAIM | __GFP_IO | __GFP_FS);
	mutex_init(&pa->oom_lock);
	pa->user_min_free_kbytes = -1;
	pa->watermark_scale_factor = 10;
	pa->watermark_boost_factor = 15000;
	pa->lowmem_reserve_ratio[ZONE_DMA] = 256;
	pa->lowmem_reserve_ratio[ZONE_DMA32] = 256;
	pa->lowmem_reserve_ratio[ZONE_NORMAL] = 32;
	pa->dirty_background_ratio = 10;
	pa->dirty_ratio = 20;
	pa->numa_stat = 1;
	pa->min_unmapped_ratio = 1;
	pa->min_slab_ratio = 5;
	pa->compaction_proactiveness = 20;
	pa->extfrag_threshold = 500;
	pa->overcommit_ratio = 50;
	for_each_possible_cpu(cpu) {
		per_cpu(numa_node, cpu) = cpu_online_node(cpu);
		per_cpu(numa_mem, cpu) = node_to_mem_node(cpu_online_node(cpu));
	}
}
