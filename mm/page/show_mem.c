// SPDX-License-Identifier: MIT
/*
 * Memory as a whole: what sysinfo(2) and a failed request's report show.
 *
 * Figures are read one by one while others change, so sums may be off by what
 * happens in between. Any context but NMI; takes the zones' locks, one at
 * a time.
 */
#include "internal.h"

#include <linux/kernel.h>

#define PAGES_KB(n)	((unsigned long)(n) << (PAGE_SHIFT - 10))

/* Pages in buffers of block devices are page cache; none are apart here. */
static unsigned long bufferram_pages(void)
{
	return 0;
}

void si_meminfo(struct sysinfo *val)
{
	struct zone *zone;

	val->totalram = totalram_pages();
	val->sharedram = global_node_page_state(NR_SHMEM);
	val->freeram = global_zone_page_state(NR_FREE_PAGES);
	val->bufferram = bufferram_pages();
	val->totalhigh = 0;
	val->freehigh = 0;
	for_each_populated_zone(zone) {
		if (!is_highmem(zone))
			continue;
		val->totalhigh += zone_managed_pages(zone);
		val->freehigh += zone_page_state(zone, NR_FREE_PAGES);
	}
	val->mem_unit = (unsigned int)PAGE_SIZE;
}

void si_meminfo_node(struct sysinfo *val, int nid)
{
	struct pglist_data *pgdat = NODE_DATA(nid);
	int i;

	val->totalram = val->freeram = 0;
	val->totalhigh = val->freehigh = 0;
	for (i = 0; i < MAX_NR_ZONES; i++) {
		struct zone *zone = &pgdat->node_zones[i];
		unsigned long managed = zone_managed_pages(zone);
		unsigned long nr_free = zone_page_state(zone, NR_FREE_PAGES);

		val->totalram += managed;
		val->freeram += nr_free;
		if (is_highmem(zone)) {
			val->totalhigh += managed;
			val->freehigh += nr_free;
		}
	}
	val->sharedram = node_page_state(pgdat, NR_SHMEM);
	val->bufferram = 0;
	val->mem_unit = (unsigned int)PAGE_SIZE;
}

static unsigned long low_marks(void)
{
	unsigned long pages = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		pages += low_wmark_pages(zone);
	return pages;
}

long si_mem_available(void)
{
	unsigned long cache, reclaimable, low = low_marks();
	long available;

	available = (long)global_zone_page_state(NR_FREE_PAGES) -
		    (long)page_alloc_state()->totalreserve_pages;
	/* Part of the page cache must stay, or the machine thrashes. */
	cache = global_node_page_state(NR_ACTIVE_FILE) +
		global_node_page_state(NR_INACTIVE_FILE);
	available += (long)(cache - min(cache / 2, low));
	/* So must what cannot be shrunk of the caches that could be. */
	reclaimable = (global_node_page_state(NR_SLAB_RECLAIMABLE_B) >>
		       PAGE_SHIFT) +
		      global_node_page_state(NR_KERNEL_MISC_RECLAIMABLE);
	available += (long)(reclaimable - min(reclaimable / 2, low));
	return max(available, 0L);
}

unsigned long nr_free_buffer_pages(void)
{
	struct zone *zone;
	unsigned long sum = 0;
	struct zoneref *z;

	for_each_zone_zonelist(zone, z, node_zonelist(numa_node_id(), GFP_USER),
			       gfp_zone(GFP_USER)) {
		unsigned long size = zone_managed_pages(zone);
		unsigned long high = high_wmark_pages(zone);

		if (size > high)
			sum += size - high;
	}
	return sum;
}

static bool node_shown(int nid, const nodemask_t *nodemask)
{
	return !nodemask || node_isset(nid, *nodemask);
}

static unsigned long pcp_pages_total(void)
{
	unsigned long pages = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		pages += zone_pcp_pages(zone);
	return pages;
}

static void show_totals(void)
{
	pr_info("Mem-Info:\n");
	pr_info("active_anon:%lu inactive_anon:%lu isolated_anon:%lu\n",
		global_node_page_state(NR_ACTIVE_ANON),
		global_node_page_state(NR_INACTIVE_ANON),
		global_node_page_state(NR_ISOLATED_ANON));
	pr_info(" active_file:%lu inactive_file:%lu isolated_file:%lu\n",
		global_node_page_state(NR_ACTIVE_FILE),
		global_node_page_state(NR_INACTIVE_FILE),
		global_node_page_state(NR_ISOLATED_FILE));
	pr_info(" unevictable:%lu dirty:%lu writeback:%lu\n",
		global_node_page_state(NR_UNEVICTABLE),
		global_node_page_state(NR_FILE_DIRTY),
		global_node_page_state(NR_WRITEBACK));
	pr_info(" slab_reclaimable:%lu slab_unreclaimable:%lu\n",
		global_node_page_state(NR_SLAB_RECLAIMABLE_B) >> PAGE_SHIFT,
		global_node_page_state(NR_SLAB_UNRECLAIMABLE_B) >> PAGE_SHIFT);
	pr_info(" mapped:%lu shmem:%lu pagetables:%lu\n",
		global_node_page_state(NR_FILE_MAPPED),
		global_node_page_state(NR_SHMEM),
		global_node_page_state(NR_PAGETABLE));
	pr_info(" sec_pagetables:%lu bounce:%lu\n",
		global_node_page_state(NR_SECONDARY_PAGETABLE),
		global_zone_page_state(NR_BOUNCE));
	pr_info(" kernel_misc_reclaimable:%lu\n",
		global_node_page_state(NR_KERNEL_MISC_RECLAIMABLE));
	pr_info(" free:%lu free_pcp:%lu free_cma:%lu\n",
		global_zone_page_state(NR_FREE_PAGES), pcp_pages_total(),
		global_zone_page_state(NR_FREE_CMA_PAGES));
}

static void show_node(struct pglist_data *pgdat)
{
	pr_info("Node %d active_anon:%lukB inactive_anon:%lukB active_file:%lukB inactive_file:%lukB unevictable:%lukB isolated(anon):%lukB isolated(file):%lukB mapped:%lukB dirty:%lukB writeback:%lukB shmem:%lukB kernel_stack:%lukB pagetables:%lukB sec_pagetables:%lukB\n",
		pgdat->node_id,
		PAGES_KB(node_page_state(pgdat, NR_ACTIVE_ANON)),
		PAGES_KB(node_page_state(pgdat, NR_INACTIVE_ANON)),
		PAGES_KB(node_page_state(pgdat, NR_ACTIVE_FILE)),
		PAGES_KB(node_page_state(pgdat, NR_INACTIVE_FILE)),
		PAGES_KB(node_page_state(pgdat, NR_UNEVICTABLE)),
		PAGES_KB(node_page_state(pgdat, NR_ISOLATED_ANON)),
		PAGES_KB(node_page_state(pgdat, NR_ISOLATED_FILE)),
		PAGES_KB(node_page_state(pgdat, NR_FILE_MAPPED)),
		PAGES_KB(node_page_state(pgdat, NR_FILE_DIRTY)),
		PAGES_KB(node_page_state(pgdat, NR_WRITEBACK)),
		PAGES_KB(node_page_state(pgdat, NR_SHMEM)),
		node_page_state(pgdat, NR_KERNEL_STACK_KB),
		PAGES_KB(node_page_state(pgdat, NR_PAGETABLE)),
		PAGES_KB(node_page_state(pgdat, NR_SECONDARY_PAGETABLE)));
}

static void show_zone(struct zone *zone)
{
	struct zone_pageset_info here;
	int i;

	zone_pageset_info(zone, raw_smp_processor_id(), &here);
	pr_info("Node %d %s free:%lukB boost:%lukB min:%lukB low:%lukB high:%lukB reserved_highatomic:%luKB active_anon:%lukB inactive_anon:%lukB active_file:%lukB inactive_file:%lukB unevictable:%lukB writepending:%lukB present:%lukB managed:%lukB mlocked:%lukB bounce:%lukB free_pcp:%lukB local_pcp:%lukB free_cma:%lukB\n",
		zone_to_nid(zone), zone->name,
		PAGES_KB(zone_page_state(zone, NR_FREE_PAGES)),
		PAGES_KB(zone->watermark_boost),
		PAGES_KB(min_wmark_pages(zone)),
		PAGES_KB(low_wmark_pages(zone)),
		PAGES_KB(high_wmark_pages(zone)),
		PAGES_KB(zone->nr_reserved_highatomic),
		PAGES_KB(zone_page_state(zone, NR_ZONE_ACTIVE_ANON)),
		PAGES_KB(zone_page_state(zone, NR_ZONE_INACTIVE_ANON)),
		PAGES_KB(zone_page_state(zone, NR_ZONE_ACTIVE_FILE)),
		PAGES_KB(zone_page_state(zone, NR_ZONE_INACTIVE_FILE)),
		PAGES_KB(zone_page_state(zone, NR_ZONE_UNEVICTABLE)),
		PAGES_KB(zone_page_state(zone, NR_ZONE_WRITE_PENDING)),
		PAGES_KB(zone->present_pages),
		PAGES_KB(zone_managed_pages(zone)),
		PAGES_KB(zone_page_state(zone, NR_MLOCK)),
		PAGES_KB(zone_page_state(zone, NR_BOUNCE)),
		PAGES_KB(zone_pcp_pages(zone)),
		PAGES_KB((unsigned long)here.count),
		PAGES_KB(zone_page_state(zone, NR_FREE_CMA_PAGES)));
	pr_info("lowmem_reserve[]:");
	for (i = 0; i < MAX_NR_ZONES; i++)
		if (zone_type_known((int)i))
			pr_cont(" %ld", zone->lowmem_reserve[i]);
	pr_cont("\n");
}

/* "(UME) ": which lists of an order hold blocks. */
static void show_types(const struct zone_free_info *info, unsigned int order)
{
	static const char letters[MIGRATE_TYPES] = {
		[MIGRATE_UNMOVABLE] = 'U', [MIGRATE_MOVABLE] = 'M',
		[MIGRATE_RECLAIMABLE] = 'E', [MIGRATE_HIGHATOMIC] = 'H',
		[MIGRATE_CMA] = 'C', [MIGRATE_ISOLATE] = 'I',
	};
	char text[MIGRATE_TYPES + 1];
	int type, n = 0;

	for (type = 0; type < MIGRATE_TYPES; type++)
		if (info->nr_type[type][order])
			text[n++] = letters[type];
	text[n] = '\0';
	pr_cont("(%s) ", text);
}

static void show_free_lists(struct zone *zone)
{
	struct zone_free_info info;
	unsigned long total = 0;
	unsigned int order;

	zone_free_info(zone, &info);
	pr_info("Node %d %s: ", zone_to_nid(zone), zone->name);
	for (order = 0; order < NR_PAGE_ORDERS; order++) {
		total += info.nr_free[order] << order;
		pr_cont("%lu*%lukB ", info.nr_free[order],
			PAGES_KB(1UL) << order);
		if (info.nr_free[order])
			show_types(&info, order);
	}
	pr_cont("= %lukB\n", PAGES_KB(total));
}

static void show_ram(void)
{
	unsigned long total = 0, reserved = 0, highmem = 0;
	struct zone *zone;

	for_each_populated_zone(zone) {
		total += zone->present_pages;
		reserved += zone->present_pages - zone_managed_pages(zone);
		if (is_highmem(zone) || zone_idx(zone) == ZONE_MOVABLE)
			highmem += zone->present_pages;
	}
	pr_info("%lu total pagecache pages\n",
		global_node_page_state(NR_FILE_PAGES));
	pr_info("%lu pages in swap cache\n",
		global_node_page_state(NR_SWAPCACHE));
	pr_info("%lu pages RAM\n", total);
	pr_info("%lu pages HighMem/MovableOnly\n", highmem);
	pr_info("%lu pages reserved\n", reserved);
}

void __show_mem(unsigned int flags, const nodemask_t *nodemask,
		int max_zone_idx)
{
	struct pglist_data *pgdat;
	struct zone *zone;

	(void)flags;
	show_totals();
	for_each_online_pgdat(pgdat)
		if (node_shown(pgdat->node_id, nodemask))
			show_node(pgdat);
	for_each_populated_zone(zone)
		if (zone_idx(zone) <= max_zone_idx &&
		    node_shown(zone_to_nid(zone), nodemask))
			show_zone(zone);
	for_each_populated_zone(zone)
		if (zone_idx(zone) <= max_zone_idx &&
		    node_shown(zone_to_nid(zone), nodemask))
			show_free_lists(zone);
	show_ram();
}

void show_mem(void)
{
	__show_mem(0, NULL, MAX_NR_ZONES - 1);
}
