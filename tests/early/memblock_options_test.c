// SPDX-License-Identifier: MIT
/* memblock=debug, reserve_mem=, current limits and odd parts of memory. */
#include "early_machine.h"

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/page-flags.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <octavo/machine.h>

static struct log_capture log;

static const struct early_range small[] = {
	{ M(1), M(33), 0 }, { M(33), M(65), 1 }, { 0, 0 },
};

static void debug_names_each_call_test(struct kunit *test)
{
	static const char *const lines[] = {
		"memblock_add:", "memblock_add_node:", "memblock_remove:",
		"memblock_reserve:", "memblock_phys_free:",
		"memblock_alloc_try_nid:", "memblock_alloc_try_nid_raw:",
		"memblock_alloc_exact_nid_raw:", "memblock_phys_alloc_range:",
	};
	unsigned int i;

	parse_early_options("memblock=debug");
	log_capture_start(&log);
	early_memory(small);
	memblock_add(M(100), M(1));
	memblock_remove(M(100), M(1));
	memblock_reserve(M(2), K(4));
	memblock_phys_free(M(2), K(4));
	memblock_alloc_try_nid(64, 64, 0, 0, 0);
	memblock_alloc_try_nid_raw(64, 64, 0, 0, 0);
	memblock_alloc_exact_nid_raw(64, 64, 0, 0, 1);
	memblock_phys_alloc_range(64, 64, 0, M(65));
	log_capture_end(&log);
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		KUNIT_CHECK(test, log_captured(&log, lines[i]), 0,
			    "no line of %s in: %s", lines[i], log.text);
}

static void current_limit_test(struct kunit *test)
{
	void *p;

	early_memory(small);
	memblock_set_current_limit(M(8));
	p = memblock_alloc_try_nid(K(64), K(4), 0, M(64), NUMA_NO_NODE);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_LE(test, __pa(p) + K(64), M(8));
	KUNIT_EXPECT_NULL(test, memblock_alloc_try_nid(M(16), K(4), 0, M(64),
						       NUMA_NO_NODE));
}

static void reserve_mem_test(struct kunit *test)
{
	phys_addr_t start = 0, size = 0;

	parse_early_options("reserve_mem=1M:4K:ring reserve_mem=64K:2M:trace "
			    "reserve_mem=4K:4K:9lives reserve_mem=4K:4K:ring "
			    "reserve_mem=1G:4K:much reserve_mem=4K:1:fine");
	early_memory(small);
	log_capture_start(&log);
	early_start_pc();
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, reserve_mem_find_by_name("ring", &start,
							 &size));
	KUNIT_EXPECT_EQ(test, size, M(1));
	KUNIT_EXPECT_TRUE(test, memblock_is_region_reserved(start, size));
	KUNIT_EXPECT_TRUE(test, reserve_mem_find_by_name("trace", &start,
							 &size));
	KUNIT_EXPECT_EQ(test, start % M(2), 0ULL);
	KUNIT_EXPECT_FALSE(test, reserve_mem_find_by_name("9lives", &start,
							  &size));
	KUNIT_EXPECT_FALSE(test, reserve_mem_find_by_name("much", &start,
							  &size));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "reserve_mem: no room for"));
	expect_sound(test);
}

/* Late pages: what is reserved is not free, whether it is marked or not. */
static void late_reserved_test(struct kunit *test)
{
	static const struct early_range two_gigs[] = {
		{ M(1), G(2), 0 }, { 0, 0 },
	};
	unsigned long start, end = PFN_DOWN(G(2)), from, to, nr_free = 0;
	struct zone *zone;
	u64 i;

	parse_early_options("deferred_init=on");
	early_memory(two_gigs);
	memblock_reserve(G(1) + M(512), M(4));
	memblock_reserve(G(1) + M(600), M(8));
	memblock_reserved_mark_noinit(G(1) + M(604), M(4));
	early_start_pc();
	zone = &NODE_DATA(0)->node_zones[ZONE_DMA32];
	start = zone->first_deferred_pfn;
	KUNIT_ASSERT_TRUE(test, start < PFN_DOWN(G(1)));
	for_each_free_mem_pfn_range_in_zone(i, zone, &from, &to)
		if (to > start)
			nr_free += to - max(from, start);
	KUNIT_EXPECT_EQ(test, deferred_init_pages(zone, start, end), nr_free);
	KUNIT_EXPECT_TRUE(test, PageReserved(
				pfn_to_page(PFN_DOWN(G(1) + M(600)))));
	KUNIT_EXPECT_FALSE(test, PageReserved(
				pfn_to_page(PFN_DOWN(G(1) + M(604)))));
}

/* Mirrored memory keeps struct pages from being made late. */
static void mirror_is_not_deferred_test(struct kunit *test)
{
	parse_early_options("kernelcore=mirror deferred_init=on");
	early_memory(small);
	memblock_mark_mirror(M(1), M(64));
	early_start_pc();
	KUNIT_EXPECT_EQ(test, NODE_DATA(0)->first_deferred_pfn, ULONG_MAX);
	expect_sound(test);
}

/* CPUs that no table gave a node, or gave one without memory. */
static void cpus_without_a_node_test(struct kunit *test)
{
	struct machine *m = this_machine();

	m->nr_cpus = 3;
	cpumask_set_cpu(1, &m->cpu_possible);
	cpumask_set_cpu(2, &m->cpu_possible);
	m->cpu_node[0] = NUMA_NO_NODE;
	m->cpu_node[1] = MAX_NUMNODES;
	m->cpu_node[2] = 7;
	early_memory(small);
	early_start_pc();
	setup_per_cpu_areas();
	build_all_zonelists(NULL);
	KUNIT_EXPECT_NE(test, per_cpu_offset(1), per_cpu_offset(2));
	expect_sound(test);
}

/* The coarsest steps of frame numbers that keep the nodes apart. */
static void alignment_of_nodes_test(struct kunit *test)
{
	static const struct early_range apart[] = {
		{ M(0), M(96), 0 }, { M(96), M(128), 0 },
		{ M(128), M(192), 1 }, { G(1), G(2), 2 }, { 0, 0 },
	};

	early_memory(apart);
	KUNIT_EXPECT_EQ(test, node_map_pfn_alignment(), PFN_DOWN(M(128)));
}

static void deferral_off_test(struct kunit *test)
{
	parse_early_options("deferred_init=off");
	early_memory(small);
	early_start_pc();
	KUNIT_EXPECT_EQ(test, NODE_DATA(0)->first_deferred_pfn, ULONG_MAX);
	KUNIT_EXPECT_EQ(test, NODE_DATA(1)->first_deferred_pfn, ULONG_MAX);
}

static void ranges_that_meet_test(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, memblock_addrs_overlap(M(1), M(2), M(2), M(2)));
	KUNIT_EXPECT_FALSE(test, memblock_addrs_overlap(M(1), M(1), M(2),
							M(1)));
	KUNIT_EXPECT_FALSE(test, memblock_addrs_overlap(M(2), M(1), M(1),
							M(1)));
	early_memory(small);
	KUNIT_EXPECT_NE(test, memblock_alloc_range_nid(K(4), K(4), 0,
			MEMBLOCK_ALLOC_NOLEAKTRACE, NUMA_NO_NODE, false), 0);
}

static struct kunit_case memblock_options_cases[] = {
	KUNIT_CASE(debug_names_each_call_test),
	KUNIT_CASE(current_limit_test),
	KUNIT_CASE(reserve_mem_test),
	KUNIT_CASE(late_reserved_test),
	KUNIT_CASE(mirror_is_not_deferred_test),
	KUNIT_CASE(cpus_without_a_node_test),
	KUNIT_CASE(alignment_of_nodes_test),
	KUNIT_CASE(deferral_off_test),
	KUNIT_CASE(ranges_that_meet_test),
	{ 0 }
};

static struct kunit_suite memblock_options_suite = {
	.name = "memblock_options",
	.test_cases = memblock_options_cases,
};
kunit_test_suite(memblock_options_suite);
