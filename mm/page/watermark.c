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
 * Differs from Linux: khugepaged, which raises min_free_kbytes there, does
 * not exist at this stage; what it would set can be set by hand.
 *
 * Locks: writers are start-up and the sysctls, one at a time by their lock;
 * readers see each value old or new.
 */
#include "internal.h"

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mutex.h>

#define MIN_FREE_KBYTES_LEAST	128
#define MIN_FREE_KBYTES_MOST	262144
/* What reclaim moves at once; a high zone keeps one to four of them. */
#define SWAP_CLUSTER_MAX	32UL

static const unsigned long lowmem_reserve_ratio[MAX_NR_ZONES] = {
	[ZONE_DMA] = 256,
	[ZONE_DMA32] = 256,
	[ZONE_NORMAL] = 32,
};

/* Every zone has the same, empty lists per CPU until a later stage. */
static DEFINE_PER_CPU(struct per_cpu_pages, boot_pageset) = {
	.count = 0, .high = 0, .batch = 1,
};

void calculate_min_free_kbytes(void)
{
	struct page_alloc_state *pa = page_alloc_state();
	unsigned long lowmem_kbytes = nr_free_buffer_pages() *
				      (PAGE_SIZE >> 10);
	int wanted = (int)min(int_sqrt(lowmem_kbytes * 16),
			      (unsigned long)MIN_FREE_KBYTES_MOST);

	if (wanted > pa->user_min_free_kbytes)
		pa->min_free_kbytes = max(wanted, MIN_FREE_KBYTES_LEAST);
	else
		pr_warn("min_free_kbytes is not updated to %d because user defined value %d is preferred\n",
			wanted, pa->user_min_free_kbytes);
}

/* Zones whose pages requests without a way out depend on. */
static bool zone_is_low(const struct zone *zone)
{
	return !is_highmem(zone) && zone_idx(zone) != ZONE_MOVABLE;
}

/* x * n / d without overflow for n below d. */
static unsigned long fraction(unsigned long x, unsigned long n,
			      unsigned long d)
{
	return x / d * n + x % d * n / d;
}

static void zone_setup_wmarks(struct zone *zone, unsigned long pages_min,
			      unsigned long lowmem_pages)
{
	unsigned long managed = zone_managed_pages(zone);
	unsigned long share, least, step;

	share = (unsigned long)((u64)pages_min * managed / lowmem_pages);
	least = share;
	if (!zone_is_low(zone))
		least = clamp(managed / 1024, SWAP_CLUSTER_MAX,
			      4 * SWAP_CLUSTER_MAX);
	step = max(share / 4, fraction(managed, (unsigned long)
			page_alloc_state()->watermark_scale_factor, 10000));
	zone->watermark_boost = 0;
	WRITE_ONCE(zone->_watermark[WMARK_MIN], least);
	WRITE_ONCE(zone->_watermark[WMARK_LOW], least + step);
	WRITE_ONCE(zone->_watermark[WMARK_HIGH], least + 2 * step);
	WRITE_ONCE(zone->_watermark[WMARK_PROMO], least + 3 * step);
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

void setup_per_zone_wmarks(void)
{
	unsigned long kbytes = (unsigned long)
			       page_alloc_state()->min_free_kbytes;
	unsigned long pages_min = kbytes >> (PAGE_SHIFT - 10);
	unsigned long lowmem_pages = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		if (zone_is_low(zone))
			lowmem_pages += zone_managed_pages(zone);
	for_each_zone(zone)
		zone_setup_wmarks(zone, pages_min, max(lowmem_pages, 1UL));
	calculate_totalreserve_pages();
}

static void zone_setup_reserve(struct pglist_data *pgdat, int i)
{
	struct zone *zone = &pgdat->node_zones[i];
	unsigned long ratio = lowmem_reserve_ratio[i];
	unsigned long above = 0;
	int j;

	for (j = i + 1; j < MAX_NR_ZONES; j++) {
		above += zone_managed_pages(&pgdat->node_zones[j]);
		zone->lowmem_reserve[j] =
			ratio && zone_managed_pages(zone) ?
			(long)(above / ratio) : 0;
	}
}

void setup_per_zone_lowmem_reserve(void)
{
	struct pglist_data *pgdat;
	int i;

	for_each_online_pgdat(pgdat)
		for (i = 0; i < MAX_NR_ZONES - 1; i++)
			zone_setup_reserve(pgdat, i);
	calculate_totalreserve_pages();
}

int init_per_zone_wmark_min(void)
{
	calculate_min_free_kbytes();
	setup_per_zone_wmarks();
	setup_per_zone_lowmem_reserve();
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

/* An eighth of a zone is the most that CPUs may hold between them. */
#define PAGELIST_HIGH_FRACTION	8

static void zone_set_pageset_high_and_batch(struct zone *zone)
{
	int batch = max(1, zone_batchsize(zone));

	zone->pageset_batch = batch;
	zone->pageset_high_min = zone_highsize(zone, batch,
					       low_wmark_pages(zone));
	zone->pageset_high_max = zone_highsize(zone, batch,
		zone_managed_pages(zone) / PAGELIST_HIGH_FRACTION);
}

void setup_per_cpu_pageset(void)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		zone->per_cpu_pageset = &boot_pageset;
		zone_set_pageset_high_and_batch(zone);
	}
}

void drain_all_pages(struct zone *zone)
{
	VM_BUG_ON(zone && !zone->initialized);
}

int page_alloc_cpu_online(unsigned int cpu)
{
	struct zone *zone;

	(void)cpu;
	for_each_populated_zone(zone)
		zone_set_pageset_high_and_batch(zone);
	return 0;
}

int page_alloc_cpu_dead(unsigned int cpu)
{
	vm_events_fold_cpu((int)cpu);
	return page_alloc_cpu_online(cpu);
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
	pa->allowed_mask = __GFP_BITS_MASK &
			   ~(__GFP_RECLAIM | __GFP_IO | __GFP_FS);
	mutex_init(&pa->oom_lock);
	pa->user_min_free_kbytes = -1;
	pa->watermark_scale_factor = 10;
	pa->watermark_boost_factor = 15000;
	pa->dirty_background_ratio = 10;
	pa->dirty_ratio = 20;
	for_each_possible_cpu(cpu)
		per_cpu(numa_node, cpu) = cpu_online_node(cpu);
}
