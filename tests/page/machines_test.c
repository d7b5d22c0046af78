// SPDX-License-Identifier: MIT
/* Zones that cut pageblocks, that overlap, that have holes, that are small. */
#include "page_machine.h"

#include <linux/init.h>
#include <linux/page-isolation.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/topology.h>

#include <octavo/machine.h>

#include "../../mm/page/internal.h"
#include "../../mm/upcalls.h"

static struct log_capture log;

/* Takes all pages as each type in turn, and gives them back mixed. */
static void exhaust_each_type(struct kunit *test, gfp_t zone_gfp)
{
	static const gfp_t types[] = { 0, __GFP_MOVABLE, __GFP_RECLAIMABLE };
	unsigned long nr_free = global_zone_page_state(NR_FREE_PAGES);
	unsigned int i, order;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		struct held held = { 0, 0 };

		for (order = 0; order <= MAX_PAGE_ORDER; order++) {
			unsigned int t = (i + order) % ARRAY_SIZE(types);
			struct page *page = alloc_pages(GFP_ATOMIC | zone_gfp |
					__GFP_NOWARN | types[t], order);

			KUNIT_EXPECT_TRUE(test, buddy_check());
			if (page)
				__free_pages(page, order);
		}
		held_exhaust(&held, zone_gfp | types[i]);
		KUNIT_EXPECT_GT(test, held.nr, 0UL);
		KUNIT_EXPECT_TRUE(test, buddy_check());
		held_free(&held);
		KUNIT_EXPECT_TRUE(test, buddy_check());
	}
	KUNIT_EXPECT_EQ(test, global_zone_page_state(NR_FREE_PAGES), nr_free);
}

/* ---- too small for pageblocks of several types ---- */

static void small_machine_test(struct kunit *test)
{
	static const struct early_range small[] = {
		{ K(4), K(636), 0 }, { M(1), M(8), 0 }, { 0, 0 },
	};
	struct page *page;

	page_machine_start(small, NULL);
	KUNIT_EXPECT_TRUE(test, this_machine()->page_alloc
			  .page_group_by_mobility_disabled);
	page = alloc_page(GFP_ATOMIC | __GFP_MOVABLE);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, get_pageblock_migratetype(page),
			MIGRATE_UNMOVABLE);
	/* Nor does a pageblock become movable; what it is kept for stays. */
	set_pageblock_migratetype(page, MIGRATE_RECLAIMABLE);
	KUNIT_EXPECT_EQ(test, get_pageblock_migratetype(page),
			MIGRATE_UNMOVABLE);
	set_pageblock_migratetype(page, MIGRATE_HIGHATOMIC);
	KUNIT_EXPECT_EQ(test, get_pageblock_migratetype(page),
			MIGRATE_HIGHATOMIC);
	set_pageblock_migratetype(page, MIGRATE_UNMOVABLE);
	__free_page(page);
	exhaust_each_type(test, 0);
	page_alloc_init_late();
	KUNIT_EXPECT_GE(test, this_machine()->page_alloc.min_free_kbytes, 128);
}

/* ---- high memory, from the middle of a block on ---- */

#define CUT_PFN		0x2ffeUL	/* no multiple of more than 2 */

static void highmem_start(void)
{
	static const struct early_range pc[] = {
		{ K(4), K(636), 0 }, { M(1), M(64), 0 }, { 0, 0 },
	};
	unsigned long limits[MAX_NR_ZONES] = {
		[ZONE_DMA] = 4096, [ZONE_NORMAL] = CUT_PFN,
		[ZONE_HIGHMEM] = PFN_DOWN(M(64)),
	};

	page_machine_start(pc, limits);
}

static void no_merge_across_zones_test(struct kunit *test)
{
	const struct page *below, *above;

	highmem_start();
	KUNIT_EXPECT_TRUE(test, buddy_check());
	below = pfn_to_page(CUT_PFN - 2);
	above = pfn_to_page(CUT_PFN);
	KUNIT_EXPECT_TRUE(test, PageBuddy(below) && PageBuddy(above));
	KUNIT_EXPECT_EQ(test, buddy_order(below), 1U);
	KUNIT_EXPECT_EQ(test, buddy_order(above), 1U);
	KUNIT_EXPECT_EQ(test, (int)page_zonenum(below), (int)ZONE_NORMAL);
	KUNIT_EXPECT_EQ(test, (int)page_zonenum(above), (int)ZONE_HIGHMEM);
	exhaust_each_type(test, __GFP_HIGHMEM);
	exhaust_each_type(test, 0);
}

/* A pageblock of two zones: each isolates its own part. */
static void cut_pageblock_test(struct kunit *test)
{
	unsigned long start = pageblock_start_pfn(CUT_PFN), high;

	highmem_start();
	high = zone_page_state(zone_of(0, ZONE_HIGHMEM), NR_FREE_PAGES);
	KUNIT_ASSERT_EQ(test, alloc_contig_range(start, start + 7,
			MIGRATE_MOVABLE, GFP_ATOMIC), 0);
	KUNIT_EXPECT_EQ(test, zone_page_state(zone_of(0, ZONE_HIGHMEM),
					      NR_FREE_PAGES), high);
	free_contig_range(start, 7);
	KUNIT_EXPECT_EQ(test, alloc_contig_range(CUT_PFN - 4, CUT_PFN + 4,
			MIGRATE_MOVABLE, GFP_ATOMIC), -EBUSY);
	KUNIT_EXPECT_NULL(test, alloc_contig_pages(zone_managed_pages(
			zone_of(0, ZONE_NORMAL)) + 1, GFP_ATOMIC, 0, NULL));
	KUNIT_EXPECT_TRUE(test, buddy_check());
}

static void highmem_figures_test(struct kunit *test)
{
	struct zone *high;
	struct sysinfo all, node;

	highmem_start();
	page_alloc_init_late();
	high = zone_of(0, ZONE_HIGHMEM);
	si_meminfo(&all);
	si_meminfo_node(&node, 0);
	KUNIT_EXPECT_EQ(test, all.totalhigh, zone_managed_pages(high));
	KUNIT_EXPECT_EQ(test, node.totalhigh, all.totalhigh);
	KUNIT_EXPECT_EQ(test, node.freehigh, all.freehigh);
	KUNIT_EXPECT_GE(test, high->_watermark[WMARK_MIN], 32UL);
	KUNIT_EXPECT_LE(test, high->_watermark[WMARK_MIN], 128UL);
	log_capture_start(&log);
	show_mem();
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"4098 pages HighMem/MovableOnly\n"));
	log_capture_start(&log);
	__show_mem(0, NULL, ZONE_NORMAL);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "Node 0 Normal free:"));
	KUNIT_EXPECT_FALSE(test, log_captured(&log, "Node 0 HighMem free:"));
}

/* ---- zones that share their span ---- */

static void mirror_test(struct kunit *test)
{
	static const struct early_range pc[] = {
		{ M(1), M(64), 0 }, { G(4), G(4) + M(64), 0 }, { 0, 0 },
	};
	unsigned long count[MIGRATE_TYPES], pfn = PFN_DOWN(G(4));
	struct zone *movable, *normal;
	struct held held = { 0, 0 };

	parse_early_options("kernelcore=mirror");
	early_memory(pc);
	memblock_mark_mirror(G(4) + M(17), M(15));
	memblock_mark_mirror(M(1), M(63));
	early_start_pc();
	build_all_zonelists(NULL);
	page_alloc_init();
	mem_init();
	movable = zone_of(0, ZONE_MOVABLE);
	normal = zone_of(0, ZONE_NORMAL);
	KUNIT_EXPECT_TRUE(test, zone_spans_pfn(movable, PFN_DOWN(G(4) +
								 M(20))));
	KUNIT_EXPECT_EQ(test, movable->present_pages, PFN_DOWN(M(49)));
	KUNIT_EXPECT_TRUE(test, buddy_check());
	zone_pageblock_info(movable, count);
	KUNIT_EXPECT_EQ(test, count[MIGRATE_MOVABLE],
			(PFN_DOWN(M(48)) >> pageblock_order) + 1);
	log_capture_start(&log);
	show_mem();
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"12544 pages HighMem/MovableOnly\n"));
	/* The frame is found in the zone that it is of. */
	KUNIT_ASSERT_EQ(test, alloc_contig_range(pfn, pfn + 9,
			MIGRATE_MOVABLE, GFP_ATOMIC), 0);
	free_contig_range(pfn, 9);
	KUNIT_EXPECT_NULL(test, alloc_contig_pages(PFN_DOWN(M(64)),
			GFP_ATOMIC | __GFP_HIGHMEM | __GFP_MOVABLE, 0, NULL));
	exhaust_each_type(test, __GFP_HIGHMEM);
	KUNIT_EXPECT_GT(test, zone_managed_pages(normal), 0UL);
	/* Half of a pageblock is taken over, and not the other zone's half. */
	pfn = PFN_DOWN(G(4) + M(16));
	KUNIT_ASSERT_EQ(test, alloc_contig_range(pfn, pfn + 256,
			MIGRATE_MOVABLE, GFP_ATOMIC), 0);
	set_pageblock_migratetype(pfn_to_page(pfn), MIGRATE_UNMOVABLE);
	free_contig_range(pfn, 256);
	KUNIT_EXPECT_TRUE(test, buddy_check());
	while (movable->free_area[8].nr_type[MIGRATE_UNMOVABLE] && pfn)
		pfn = held_one(&held, __GFP_HIGHMEM | __GFP_MOVABLE);
	KUNIT_EXPECT_EQ(test, get_pageblock_migratetype(pfn_to_page(
			PFN_DOWN(G(4) + M(16)))), MIGRATE_MOVABLE);
	KUNIT_EXPECT_TRUE(test, buddy_check());
	held_free(&held);
	KUNIT_EXPECT_TRUE(test, buddy_check());
}

/* ---- holes ---- */

static void holes_test(struct kunit *test)
{
	static const struct early_range holes[] = {
		{ 0, M(64), 0 }, { M(512), M(576), 0 },
		{ M(600), M(601), 0 }, { 0, 0 },
	};
	unsigned long count[MIGRATE_TYPES], hole = PFN_DOWN(M(256));

	page_machine_start(holes, NULL);
	KUNIT_EXPECT_TRUE(test, buddy_check());
	zone_pageblock_info(zone_of(0, ZONE_DMA32), count);
	KUNIT_EXPECT_GE(test, count[MIGRATE_MOVABLE],
			PFN_DOWN(M(48 + 64)) / pageblock_nr_pages);
	KUNIT_EXPECT_EQ(test, alloc_contig_range(hole, hole + 4,
			MIGRATE_MOVABLE, GFP_ATOMIC), -EBUSY);
	/* Begins in memory, goes on in the hole. */
	hole = PFN_DOWN(M(64));
	KUNIT_EXPECT_EQ(test, alloc_contig_range(hole - 4, hole + 4,
			MIGRATE_MOVABLE, GFP_ATOMIC), -EBUSY);
	KUNIT_EXPECT_EQ(test, alloc_contig_range(hole - 4, PFN_DOWN(M(128)),
			MIGRATE_MOVABLE, GFP_ATOMIC), -EBUSY);
	KUNIT_EXPECT_NULL(test, alloc_contig_pages(PFN_DOWN(M(65)),
						   GFP_ATOMIC, 0, NULL));
	undo_isolate_page_range(hole, hole + MAX_ORDER_NR_PAGES,
				MIGRATE_MOVABLE);
	exhaust_each_type(test, 0);
}

/* ---- DMA32 and Normal of one node, Normal alone of another ---- */

static void nofragment_test(struct kunit *test)
{
	static const struct early_range two_nodes[] = {
		{ M(1), M(64), 0 }, { G(4), G(4) + M(64), 0 },
		{ G(5), G(5) + M(64), 1 }, { 0, 0 },
	};
	struct held held = { 0, 0 };
	struct page *page;

	page_machine_start(two_nodes, NULL);
	page_alloc_init_late();
	/* All of Normal is movable: rather DMA32 than part of a block. */
	page = alloc_page(GFP_ATOMIC | __GFP_NOWARN);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, page_to_nid(page), 0);
	__free_page(page);
	held_exhaust(&held, __GFP_THISNODE | __GFP_MOVABLE);
	KUNIT_EXPECT_GT(test, held.nr, PFN_DOWN(M(100)));
	/* Each second page free: no block of a pageblock, all is movable. */
	while (held.chain) {
		page = pfn_to_page((unsigned long)held.chain - 1);
		held.chain = page_private(page);
		set_page_private(page, 0);
		if (page_to_pfn(page) & 1)
			__free_page(page);
	}
	page = alloc_page(GFP_ATOMIC);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, page_to_nid(page), 0);
	__free_page(page);
	page = alloc_pages(GFP_ATOMIC, 4);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, page_to_nid(page), 1);
	__free_pages(page, 4);
	KUNIT_EXPECT_GT(test, zone_numa_event_state(zone_of(0, ZONE_NORMAL),
						    NUMA_FOREIGN), 0UL);
	KUNIT_EXPECT_TRUE(test, buddy_check());
}

/* A report without a thread, of the nodes that were asked. */
static void failure_report_test(struct kunit *test)
{
	static const struct early_range two_nodes[] = {
		{ M(1), M(64), 0 }, { M(64), M(128), 1 }, { 0, 0 },
	};
	struct held held = { 0, 0 };
	nodemask_t one;

	page_machine_start(two_nodes, NULL);
	nodes_clear(one);
	node_set(1, one);
	held_exhaust(&held, 0);
	log_capture_start(&log);
	/* Who may go deeper than others is not kept to nodes either. */
	KUNIT_EXPECT_NULL(test, __alloc_pages(__GFP_KSWAPD_RECLAIM, 0, 0,
					      &one));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"swapper: page allocation failure: order:0"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "Node 1 DMA32 free:0kB"));
	KUNIT_EXPECT_FALSE(test, log_captured(&log, "Node 0 DMA32 free:"));
	held_free(&held);
}

static void not_ready_test(struct kunit *test)
{
	static const struct early_range some[] = {
		{ M(1), M(64), 0 }, { 0, 0 },
	};

	early_memory(some);
	early_start_pc();
	build_all_zonelists(NULL);
	page_alloc_init();
	log_capture_start(&log);
	KUNIT_EXPECT_NULL(test, alloc_page(GFP_ATOMIC));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"page allocation before mem_init()"));
}

/* CPUs of no node, and of one that is not there, start with the first. */
static void cpus_test(struct kunit *test)
{
	static const struct early_range two_nodes[] = {
		{ M(1), M(64), 0 }, { M(64), M(128), 1 }, { 0, 0 },
	};
	static const int nodes[] = { 0, NUMA_NO_NODE, 5, 0 };
	struct machine *m = this_machine();
	struct vm_event_state *state;
	struct zone *without;
	unsigned int cpu;

	early_memory(two_nodes);
	early_start_pc();
	m->nr_cpus = ARRAY_SIZE(nodes);
	for (cpu = 0; cpu < ARRAY_SIZE(nodes); cpu++) {
		cpumask_set_cpu(cpu, &m->cpu_possible);
		if (cpu < 3)
			cpumask_set_cpu(cpu, &m->cpu_online);
		m->cpu_node[cpu] = nodes[cpu];
	}
	setup_per_cpu_areas();
	build_all_zonelists(NULL);
	page_alloc_init();
	mem_init();
	for (cpu = 0; cpu < ARRAY_SIZE(nodes); cpu++)
		KUNIT_EXPECT_EQ(test, per_cpu(numa_node, cpu), 0);
	/* Node 1 has no CPU: all of them may come. */
	page_alloc_init_late();
	without = zone_of(1, ZONE_DMA32);
	KUNIT_EXPECT_EQ(test, without->pageset_high_max,
			(int)(zone_managed_pages(without) / 8 / 3));
	/* What a CPU counted stays when it goes. */
	state = per_cpu_ptr(&vm_event_states, 3);
	state->event[PGFREE] = 7;
	KUNIT_EXPECT_EQ(test, page_alloc_cpu_dead(3), 0);
	KUNIT_EXPECT_EQ(test, state->event[PGFREE], 0UL);
	KUNIT_EXPECT_EQ(test, this_cpu_read(vm_event_states.event[PGFREE]),
			7UL);
}

/* Nodes that are far from each other are not reclaimed from first. */
static void reclaim_distance_test(struct kunit *test)
{
	static const struct early_range two_nodes[] = {
		{ M(1), M(64), 0 }, { M(64), M(128), 1 }, { 0, 0 },
	};
	static u8 table[] = {
		LOCAL_DISTANCE, node_reclaim_distance,
		node_reclaim_distance + 1, LOCAL_DISTANCE,
	};
	struct zone *a, *b;

	page_machine_start(two_nodes, NULL);
	a = zone_of(0, ZONE_DMA32);
	b = zone_of(1, ZONE_DMA32);
	KUNIT_EXPECT_TRUE(test, zone_allows_reclaim(a, a));
	this_machine()->numa_distance = table;
	this_machine()->numa_distance_cnt = 2;
	KUNIT_EXPECT_TRUE(test, zone_allows_reclaim(a, b));
	KUNIT_EXPECT_FALSE(test, zone_allows_reclaim(b, a));
}

/* High memory counts as dirtyable where that is set. */
static void highmem_dirtyable_test(struct kunit *test)
{
	unsigned long with, without, background;
	struct page_alloc_state *pa;
	struct zone *high;

	highmem_start();
	pa = &this_machine()->page_alloc;
	high = zone_of(0, ZONE_HIGHMEM);
	pa->dirty_ratio = 100;
	global_dirty_limits(&background, &without);
	pa->highmem_is_dirtyable = 1;
	global_dirty_limits(&background, &with);
	KUNIT_EXPECT_EQ(test, with - without,
			zone_page_state(high, NR_FREE_PAGES) -
			high_wmark_pages(high));
}

static int wakeups;

static void count_wakeup(struct zone *zone, gfp_t gfp, int order,
			 enum zone_type highest)
{
	wakeups++;
}

/* A zone of which nothing is managed has no thread to wake. */
static void unmanaged_zone_test(struct kunit *test)
{
	static const struct early_range some[] = {
		{ M(1), M(64), 0 }, { M(64), M(128), 1 }, { 0, 0 },
	};
	static const struct page_upcalls ops = {
		.wakeup_kswapd = count_wakeup,
	};
	struct held held = { 0, 0 };

	early_memory(some);
	memblock_reserve(M(64), M(64));
	early_start_pc();
	build_all_zonelists(NULL);
	page_alloc_init();
	mem_init();
	KUNIT_EXPECT_EQ(test, zone_managed_pages(zone_of(1, ZONE_DMA32)), 0UL);
	held_exhaust(&held, 0);
	page_upcalls_register(&ops);
	this_machine()->page_alloc.allowed_mask = __GFP_BITS_MASK;
	wakeups = 0;
	KUNIT_EXPECT_NULL(test, alloc_page(GFP_NOWAIT | __GFP_NOWARN));
	KUNIT_EXPECT_EQ(test, wakeups, 1);
	page_upcalls_register(NULL);
	held_free(&held);
}

static struct kunit_case machines_cases[] = {
	KUNIT_CASE(small_machine_test),
	KUNIT_CASE(no_merge_across_zones_test),
	KUNIT_CASE(cut_pageblock_test),
	KUNIT_CASE(highmem_figures_test),
	KUNIT_CASE(mirror_test),
	KUNIT_CASE(holes_test),
	KUNIT_CASE(nofragment_test),
	KUNIT_CASE(failure_report_test),
	KUNIT_CASE(not_ready_test),
	KUNIT_CASE(cpus_test),
	KUNIT_CASE(unmanaged_zone_test),
	KUNIT_CASE(reclaim_distance_test),
	KUNIT_CASE(highmem_dirtyable_test),
	{ 0 }
};

static struct kunit_suite machines_suite = {
	.name = "page_machines",
	.test_cases = machines_cases,
};
kunit_test_suite(machines_suite);
