// SPDX-License-Identifier: MIT
/*
 * The machine that runs: its nodes, zones, zonelists and struct pages are
 * sound, whichever memory model it was built with. Reads only.
 */
#include <kunit/test.h>

#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/percpu.h>

/* No more frames than this are looked at one by one: 4 GiB. */
#define EVERY_FRAME	(1UL << (32 - PAGE_SHIFT))

/* Steps over a large machine so that odd and even frames are met. */
static unsigned long frame_step(void)
{
	return max_pfn / EVERY_FRAME * 2 + 1;
}

static void nodes_are_sound_test(struct kunit *test)
{
	pg_data_t *pgdat;

	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 0);
	for_each_online_pgdat(pgdat) {
		KUNIT_EXPECT_EQ(test, pgdat_check(pgdat), 0);
		KUNIT_EXPECT_EQ(test, zonelist_check(pgdat), 0);
		KUNIT_EXPECT_TRUE(test, node_state(local_memory_node(
					pgdat->node_id), N_MEMORY));
	}
}

static bool frame_is_deferred(unsigned long pfn, int nid)
{
	struct zone *zone;

	for_each_zone(zone)
		if (zone_to_nid(zone) == nid && zone_pfn_deferred(zone, pfn))
			return true;
	return false;
}

/* There and back again, for every frame that is memory. */
static void memory_has_pages_test(struct kunit *test)
{
	unsigned long start, end, pfn, wrong = 0;
	int i, nid;

	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid) {
		for (pfn = start; pfn < end; pfn += frame_step()) {
			wrong += !pfn_valid(pfn);
			if (frame_is_deferred(pfn, nid))
				break;
			wrong += page_to_pfn(pfn_to_page(pfn)) != pfn ||
				 pfn_to_nid(pfn) != nid ||
				 page_to_nid(pfn_to_page(pfn)) != nid ||
				 !zone_spans_pfn(page_zone(pfn_to_page(pfn)),
						 pfn) ||
				 pfn_to_online_page(pfn) != pfn_to_page(pfn);
		}
	}
	KUNIT_EXPECT_EQ(test, wrong, 0UL);
}

/* A pageblock without memory has no valid frame, one with some has. */
static void holes_are_not_valid_test(struct kunit *test)
{
	unsigned long pfn, wrong = 0;

	for (pfn = 0; pfn < max_pfn; pfn += pageblock_nr_pages) {
		bool memory = absent_pages_in_range(pfn,
				pfn + pageblock_nr_pages) < pageblock_nr_pages;

		wrong += pfn_valid(pfn) != memory;
	}
	KUNIT_EXPECT_EQ(test, wrong, 0UL);
	KUNIT_EXPECT_FALSE(test, pfn_valid(pageblock_align(max_pfn)));
	KUNIT_EXPECT_FALSE(test, pfn_valid(ULONG_MAX));
	KUNIT_EXPECT_NULL(test, pfn_to_online_page(ULONG_MAX));
}

/* What is reserved in memory is marked, so nobody hands it out. */
static void reserved_frames_are_marked_test(struct kunit *test)
{
	struct memblock_region *r;
	unsigned long pfn, taken = 0;

	for_each_reserved_mem_region(r) {
		pfn = memblock_region_reserved_base_pfn(r);
		if (!memblock_is_memory(PFN_PHYS(pfn)) ||
		    frame_is_deferred(pfn, early_pfn_to_nid(pfn)))
			continue;
		taken += PageReserved(pfn_to_page(pfn));
	}
	/* Init memory may have been given back; node data never is. */
	KUNIT_EXPECT_TRUE(test, taken > 0);
}

static void percpu_areas_are_apart_test(struct kunit *test)
{
	unsigned int cpu, other;

	for_each_possible_cpu(cpu) {
		KUNIT_EXPECT_EQ(test, per_cpu(cpu_number, cpu), (int)cpu);
		other = cpumask_next((int)cpu, cpu_possible_mask);
		if (other < NR_CPUS)
			KUNIT_EXPECT_NE(test, per_cpu_offset(cpu),
					per_cpu_offset(other));
	}
}

static struct kunit_case memory_model_cases[] = {
	KUNIT_CASE(nodes_are_sound_test),
	KUNIT_CASE(memory_has_pages_test),
	KUNIT_CASE(holes_are_not_valid_test),
	KUNIT_CASE(reserved_frames_are_marked_test),
	KUNIT_CASE(percpu_areas_are_apart_test),
	{}
};

static struct kunit_suite memory_model_suite = {
	.name = "memory_model",
	.test_cases = memory_model_cases,
};
kunit_test_suite(memory_model_suite);
