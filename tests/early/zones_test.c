// SPDX-License-Identifier: MIT
/* ZONE_MOVABLE, zonelists and per-CPU areas of machines described here. */
#include "early_machine.h"

#include <linux/init.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/string.h>

static struct log_capture log;

static const struct early_range two_gigs[] = {
	{ M(1), G(1), 0 }, { G(1), G(2), 1 }, { 0, 0 },
};

/* ---- ZONE_MOVABLE ---- */

static unsigned long movable_pages(int nid)
{
	return NODE_DATA(nid)->node_zones[ZONE_MOVABLE].present_pages;
}

static void kernelcore_is_spread_test(struct kunit *test)
{
	parse_early_options("kernelcore=512M");
	early_memory(two_gigs);
	log_capture_start(&log);
	early_start_pc();
	log_capture_end(&log);
	KUNIT_EXPECT_EQ(test, movable_pages(1), PFN_DOWN(M(768)));
	KUNIT_EXPECT_EQ(test, movable_pages(0), PFN_DOWN(M(764)));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
					     "  Node 1: 0x0000000050000000\n"));
	expect_sound(test);
}

/* One node is too small for its share: the other gives more. */
static void kernelcore_uneven_nodes_test(struct kunit *test)
{
	static const struct early_range uneven[] = {
		{ M(1), M(65), 0 }, { G(1), G(2), 1 }, { 0, 0 },
	};
	unsigned long kernel;

	parse_early_options("kernelcore=512M");
	early_memory(uneven);
	early_start_pc();
	KUNIT_EXPECT_EQ(test, movable_pages(0), 0UL);
	kernel = node_present_pages(1) - movable_pages(1) +
		 node_present_pages(0);
	KUNIT_EXPECT_EQ(test, kernel, PFN_DOWN(M(512)));
	expect_sound(test);
}

static void movablecore_test(struct kunit *test)
{
	parse_early_options("movablecore=50%");
	early_memory(two_gigs);
	early_start_pc();
	KUNIT_EXPECT_LE(test, movable_pages(0) + movable_pages(1),
			PFN_DOWN(G(1)));
	KUNIT_EXPECT_GE(test, movable_pages(0) + movable_pages(1),
			PFN_DOWN(G(1)) - 2 * MAX_ORDER_NR_PAGES);
	expect_sound(test);
}

static void kernelcore_larger_than_memory_test(struct kunit *test)
{
	parse_early_options("kernelcore=64G movablecore=1G");
	early_memory(two_gigs);
	early_start_pc();
	KUNIT_EXPECT_EQ(test, movable_pages(0) + movable_pages(1), 0UL);
}

static void kernelcore_percent_test(struct kunit *test)
{
	parse_early_options("kernelcore=25%");
	early_memory(two_gigs);
	early_start_pc();
	KUNIT_EXPECT_EQ(test, movable_pages(1), PFN_DOWN(M(768)));
}

static void movable_node_test(struct kunit *test)
{
	static const struct early_range hot[] = {
		{ M(1), G(1), 0 }, { G(1), G(2), 1, MEMBLOCK_HOTPLUG },
		{ G(2), G(3), 1, MEMBLOCK_HOTPLUG }, { 0, 0 },
	};

	parse_early_options("movable_node");
	early_memory(hot);
	early_start_pc();
	KUNIT_EXPECT_EQ(test, movable_pages(0), 0UL);
	KUNIT_EXPECT_EQ(test, movable_pages(1), PFN_DOWN(G(2)));
	KUNIT_EXPECT_FALSE(test, node_state(1, N_NORMAL_MEMORY));
	KUNIT_EXPECT_TRUE(test, node_state(1, N_MEMORY));
	expect_sound(test);
}

static void kernelcore_mirror_test(struct kunit *test)
{
	static const struct early_range pc[] = {
		{ M(1), G(3), 0 }, { G(4), G(6), 0 }, { 0, 0 },
	};

	parse_early_options("kernelcore=mirror");
	early_memory(pc);
	memblock_mark_mirror(G(5), M(512));
	log_capture_start(&log);
	early_start_pc();
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "unmirrored kernel memory"));
	KUNIT_EXPECT_EQ(test, movable_pages(0), PFN_DOWN(M(1536)));
	KUNIT_EXPECT_EQ(test, NODE_DATA(0)->node_zones[ZONE_NORMAL]
			.present_pages, PFN_DOWN(M(512)));
	KUNIT_EXPECT_EQ(test, page_zonenum(pfn_to_page(PFN_DOWN(G(5)))),
			ZONE_NORMAL);
	KUNIT_EXPECT_TRUE(test, is_zone_movable_page(
				pfn_to_page(PFN_DOWN(G(4)))));
	expect_sound(test);
}

static void kernelcore_mirror_without_mirrors_test(struct kunit *test)
{
	parse_early_options("kernelcore=mirror");
	early_memory(two_gigs);
	log_capture_start(&log);
	early_start_pc();
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "has no mirror memory"));
	KUNIT_EXPECT_EQ(test, movable_pages(0) + movable_pages(1), 0UL);
}

static void core_options_malformed_test(struct kunit *test)
{
	const struct early_options *o = &this_machine()->early;

	log_capture_start(&log);
	parse_early_options("kernelcore kernelcore=x kernelcore=101% kernelcore=5%x movablecore=5Mx movablecore=~");
	log_capture_end(&log);
	KUNIT_EXPECT_EQ(test, o->kernelcore + o->movablecore, 0ULL);
	KUNIT_EXPECT_EQ(test, o->kernelcore_percent + o->movablecore_percent,
			0U);
}

/* ---- zonelists ---- */

static void expect_order(struct kunit *test, int nid, const int *order, int nr)
{
	const struct zoneref *ref =
		NODE_DATA(nid)->node_zonelists[ZONELIST_FALLBACK]._zonerefs;
	int i;

	for (i = 0; i < nr; i++) {
		KUNIT_ASSERT_NOT_NULL(test, ref->zone);
		KUNIT_EXPECT_EQ(test, zonelist_node_idx(ref), order[i]);
		while (ref->zone && zonelist_node_idx(ref) == order[i])
			ref++;
	}
	KUNIT_EXPECT_NULL(test, ref->zone);
	KUNIT_EXPECT_EQ(test, zonelist_check(NODE_DATA(nid)), 0);
}

static const struct early_range four_nodes[] = {
	{ M(1), M(128), 0 }, { M(128), M(256), 1 }, { M(256), M(384), 2 },
	{ M(384), M(512), 3 }, { 0, 0 },
};

static void zonelists_follow_distance_test(struct kunit *test)
{
	static u8 distance[] = { 10, 30, 20, 40,  30, 10, 40, 20,
				 20, 40, 10, 30,  40, 20, 30, 10 };

	early_memory(four_nodes);
	this_machine()->numa_distance = distance;
	this_machine()->numa_distance_cnt = 4;
	early_start_pc();
	log_capture_start(&log);
	build_all_zonelists(NULL);
	log_capture_end(&log);
	expect_order(test, 0, (int[]){ 0, 2, 1, 3 }, 4);
	expect_order(test, 1, (int[]){ 1, 3, 0, 2 }, 4);
	expect_order(test, 3, (int[]){ 3, 1, 2, 0 }, 4);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
				"Fallback order for Node 0: 0 2 1 3 \n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"Built 4 zonelists, mobility grouping on.  Total pages: 130816\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "Policy zone: DMA32\n"));
}

/* Equal distances: without CPUs first, then the one used least so far. */
static void zonelists_spread_load_test(struct kunit *test)
{
	struct machine *m = this_machine();
	unsigned int cpu;

	early_memory(four_nodes);
	for (cpu = 0; cpu < 3; cpu++) {
		cpumask_set_cpu(cpu, &m->cpu_possible);
		m->cpu_node[cpu] = (int)cpu;
	}
	m->cpu_node[2] = NUMA_NO_NODE;
	early_start_pc();
	build_all_zonelists(NULL);
	/* Node 1 of the even ones goes last for 0: it has a CPU. */
	expect_order(test, 0, (int[]){ 0, 2, 3, 1 }, 4);
	/* Node 2 has been chosen already, so 3 comes first; 0 is lower. */
	expect_order(test, 1, (int[]){ 1, 3, 2, 0 }, 4);
}

static void zonelists_of_memoryless_node_test(struct kunit *test)
{
	node_set_state(5, N_POSSIBLE);
	node_set_state(5, N_ONLINE);
	early_memory(two_gigs);
	early_start_pc();
	build_all_zonelists(NULL);
	KUNIT_EXPECT_EQ(test, zonelist_check(NODE_DATA(5)), 0);
	KUNIT_EXPECT_NULL(test, NODE_DATA(5)->node_zonelists[
				ZONELIST_NOFALLBACK]._zonerefs->zone);
	KUNIT_EXPECT_TRUE(test, local_memory_node(5) <= 1);
	KUNIT_EXPECT_EQ(test, local_memory_node(1), 1);
}

static void zonelists_rebuilt_test(struct kunit *test)
{
	struct zone *zone;
	unsigned long present;

	early_memory(two_gigs);
	early_start_pc();
	build_all_zonelists(NULL);
	zone = &NODE_DATA(0)->node_zones[ZONE_DMA];
	present = zone->present_pages;
	zone->present_pages = 0;
	build_all_zonelists(NODE_DATA(0));
	KUNIT_EXPECT_EQ(test, zonelist_check(NODE_DATA(1)), 0);
	zone->present_pages = present;
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, zonelist_check(NODE_DATA(1)), 4);
	log_capture_end(&log);
	build_all_zonelists(NODE_DATA(0));
	KUNIT_EXPECT_EQ(test, zonelist_check(NODE_DATA(1)), 0);
}

static void zonelists_of_small_machine_test(struct kunit *test)
{
	static const struct early_range tiny[] = {
		{ K(4), M(8), 0 }, { 0, 0 },
	};

	early_memory(tiny);
	early_start_pc();
	log_capture_start(&log);
	build_all_zonelists(NULL);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "mobility grouping off."));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "Policy zone: DMA\n"));
}

static void zonelist_walk_test(struct kunit *test)
{
	nodemask_t only1;
	struct zoneref *z;
	struct zone *zone;
	int n = 0;

	early_memory(two_gigs);
	early_start_pc();
	build_all_zonelists(NULL);
	nodes_clear(only1);
	node_set(1, only1);
	for_each_zone_zonelist_nodemask(zone, z, &NODE_DATA(0)->node_zonelists[
					ZONELIST_FALLBACK], ZONE_NORMAL, &only1)
		n += zone_to_nid(zone) == 1 ? 1 : 100;
	KUNIT_EXPECT_EQ(test, n, 1);
	for_each_zone_zonelist(zone, z, &NODE_DATA(0)->node_zonelists[
			       ZONELIST_FALLBACK], ZONE_DMA)
		n += zone_idx(zone) == ZONE_DMA ? 1 : 100;
	KUNIT_EXPECT_EQ(test, n, 2);
	for_each_zone(zone)
		n++;
	KUNIT_EXPECT_EQ(test, n, 2 + 2 * MAX_NR_ZONES);
}

static void zonelist_check_finds_test(struct kunit *test)
{
	struct zoneref *all, *own, keep;
	unsigned int i, room = 2 * MAX_NR_ZONES + 1;

	early_memory(two_gigs);
	early_start_pc();
	build_all_zonelists(NULL);
	all = NODE_DATA(0)->node_zonelists[ZONELIST_FALLBACK]._zonerefs;
	own = NODE_DATA(0)->node_zonelists[ZONELIST_NOFALLBACK]._zonerefs;
	log_capture_start(&log);
	all[0].zone_idx = ZONE_MOVABLE;
	KUNIT_EXPECT_EQ(test, zonelist_check(NODE_DATA(0)), 2);
	all[0].zone_idx = ZONE_DMA32;
	swap(all[0], all[1]);
	KUNIT_EXPECT_EQ(test, zonelist_check(NODE_DATA(0)), 3);
	swap(all[0], all[1]);
	swap(all[1], all[2]);			/* node 0, 1, 0 */
	KUNIT_EXPECT_EQ(test, zonelist_check(NODE_DATA(0)), 3);
	swap(all[1], all[2]);
	keep = own[1];
	own[1].zone = NULL;
	KUNIT_EXPECT_EQ(test, zonelist_check(NODE_DATA(0)), 4);
	own[0] = all[2];
	own[1].zone = NULL;
	NODE_DATA(0)->node_zones[ZONE_DMA].present_pages = 0;
	KUNIT_EXPECT_NE(test, zonelist_check(NODE_DATA(0)), 0);
	own[0] = all[0];
	own[1] = keep;
	for (i = 0; i < room; i++)
		all[i].zone = all[0].zone;
	KUNIT_EXPECT_EQ(test, zonelist_check(NODE_DATA(0)), 1);
	log_capture_end(&log);
}

/* ---- per-CPU areas ---- */

static DEFINE_PER_CPU(unsigned long, sample) = 0x1234;

static void percpu_areas_test(struct kunit *test)
{
	struct machine *m = this_machine();
	unsigned int cpu, other;

	early_memory(two_gigs);
	early_start_pc();
	m->nr_cpus = 6;
	for (cpu = 0; cpu < 6; cpu++) {
		cpumask_set_cpu(cpu, &m->cpu_possible);
		m->cpu_node[cpu] = cpu == 5 ? NUMA_NO_NODE : (int)cpu % 2;
	}
	this_cpu_write(sample, 99);
	log_capture_start(&log);
	setup_per_cpu_areas();
	log_capture_end(&log);
	/* What the booting CPU wrote came along; the others start afresh. */
	KUNIT_EXPECT_EQ(test, this_cpu_read(sample), 99UL);
	KUNIT_EXPECT_EQ(test, per_cpu(sample, 0), 99UL);
	KUNIT_EXPECT_PTR_EQ(test, this_cpu_ptr(&sample),
			    per_cpu_ptr(&sample, 0));
	for (cpu = 0; cpu < 6; cpu++) {
		KUNIT_EXPECT_EQ(test, per_cpu(cpu_number, cpu), (int)cpu);
		if (cpu)
			KUNIT_EXPECT_EQ(test, per_cpu(sample, cpu), 0x1234UL);
		if (cpu < 5)
			KUNIT_EXPECT_EQ(test, early_pfn_to_nid(PFN_DOWN(
				per_cpu_ptr_to_phys(per_cpu_ptr(&sample,
								cpu)))),
				(int)cpu % 2);
		for (other = 0; other < cpu; other++)
			KUNIT_EXPECT_TRUE(test,
				abs((long)(per_cpu_offset(cpu) -
					   per_cpu_offset(other))) >=
				(long)m->percpu_unit_size);
	}
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "setup_percpu: NR_CPUS:512 nr_cpumask_bits:512 nr_cpu_ids:6 nr_node_ids:2\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "percpu: Embedded "));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "pcpu-alloc: [0] 0 [1] 1 [0] 2 [1] 3 "));
	expect_sound(test);
}

/* No room for the whole group at once: CPU by CPU. */
static void percpu_areas_in_pieces_test(struct kunit *test)
{
	size_t unit = ALIGN((size_t)(__per_cpu_end - __per_cpu_start) +
			    PERCPU_DYNAMIC_RESERVE, PERCPU_UNIT_SIZE);
	struct machine *m = this_machine();
	unsigned int cpu;

	early_memory(two_gigs);
	early_start_pc();
	m->nr_cpus = 20;
	for (cpu = 0; cpu < 20; cpu++) {
		cpumask_set_cpu(cpu, &m->cpu_possible);
		m->cpu_node[cpu] = 0;
	}
	memblock_reserve(0, G(4));
	for (cpu = 0; cpu < 20; cpu++)
		memblock_phys_free(M(64) + cpu * M(1), unit);
	/* The record of each slot of start-up. */
	memblock_phys_free(M(512), unit / PERCPU_UNIT_SIZE * PAGE_SIZE);
	setup_per_cpu_areas();
	for (cpu = 0; cpu < 20; cpu++)
		KUNIT_EXPECT_EQ(test, per_cpu(cpu_number, cpu), (int)cpu);
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), 0ULL);
}

static struct kunit_case zones_cases[] = {
	KUNIT_CASE(kernelcore_is_spread_test),
	KUNIT_CASE(kernelcore_uneven_nodes_test),
	KUNIT_CASE(movablecore_test),
	KUNIT_CASE(kernelcore_larger_than_memory_test),
	KUNIT_CASE(kernelcore_percent_test),
	KUNIT_CASE(movable_node_test),
	KUNIT_CASE(kernelcore_mirror_test),
	KUNIT_CASE(kernelcore_mirror_without_mirrors_test),
	KUNIT_CASE(core_options_malformed_test),
	KUNIT_CASE(zonelists_follow_distance_test),
	KUNIT_CASE(zonelists_spread_load_test),
	KUNIT_CASE(zonelists_of_memoryless_node_test),
	KUNIT_CASE(zonelists_rebuilt_test),
	KUNIT_CASE(zonelists_of_small_machine_test),
	KUNIT_CASE(zonelist_walk_test),
	KUNIT_CASE(zonelist_check_finds_test),
	KUNIT_CASE(percpu_areas_test),
	KUNIT_CASE(percpu_areas_in_pieces_test),
	{}
};

static struct kunit_suite zones_suite = {
	.name = "zones",
	.test_cases = zones_cases,
};
kunit_test_suite(zones_suite);
