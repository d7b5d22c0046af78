// SPDX-License-Identifier: MIT
/* Nodes, zones and struct pages of machines that are described here. */
#include "early_machine.h"

#include <linux/init.h>
#include <linux/page-flags.h>
#include <linux/string.h>

static struct log_capture log;

/* Of the recorded machines: spans and lines are their dmesg's. */
static const struct early_range pc_2_nodes[] = {
	{ K(4), K(636), 0 }, { M(1), G(2), 0 },
	{ G(2), 0xbffda000, 1 }, { G(4), G(5), 1 }, { 0, 0 },
};

static void zones_of_recorded_numa_machine_test(struct kunit *test)
{
	early_memory(pc_2_nodes);
	log_capture_start(&log);
	early_start_pc();
	log_capture_end(&log);
	expect_zone(test, 0, ZONE_DMA, 1, 4095, 3998);
	expect_zone(test, 0, ZONE_DMA32, 4096, 520192, 520192);
	expect_zone(test, 0, ZONE_NORMAL, 0, 0, 0);
	expect_zone(test, 1, ZONE_DMA32, 524288, 524288, 262106);
	expect_zone(test, 1, ZONE_NORMAL, 1048576, 262144, 262144);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"  DMA      [mem 0x0000000000001000-0x0000000000ffffff]\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"  Normal   [mem 0x0000000100000000-0x000000013fffffff]\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "  Device   empty\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"  node   1: [mem 0x0000000080000000-0x00000000bffd9fff]\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"Initmem setup node 1 [mem 0x0000000080000000-0x000000013fffffff]\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"On node 0, zone DMA: 1 pages in unavailable ranges\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"On node 0, zone DMA: 97 pages in unavailable ranges\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"On node 1, zone Normal: 38 pages in unavailable ranges\n"));
	KUNIT_EXPECT_FALSE(test, log_captured(&log, "HighMem"));
	KUNIT_EXPECT_EQ(test, absent_pages_in_range(0, PFN_DOWN(G(4))),
			1 + 97 + PFN_DOWN(G(1)) + 38);
	expect_sound(test);
}

static void zones_of_recorded_highmem_machine_test(struct kunit *test)
{
	static const struct early_range pae[] = {
		{ K(4), K(636), 0 }, { M(1), 0xbffda000, 0 },
		{ G(4), G(6), 0 }, { 0, 0 },
	};
	unsigned long limits[MAX_NR_ZONES] = {
		[ZONE_DMA] = 4096, [ZONE_NORMAL] = 0x36ffe,
		[ZONE_HIGHMEM] = PFN_DOWN(G(6)),
	};

	early_memory(pae);
	log_capture_start(&log);
	free_area_init(limits);
	log_capture_end(&log);
	expect_zone(test, 0, ZONE_NORMAL, 4096, 221182, 221182);
	expect_zone(test, 0, ZONE_HIGHMEM, 225278, 1347586, 1085404);
	KUNIT_EXPECT_FALSE(test, zone_exists(ZONE_DMA32));
	KUNIT_EXPECT_TRUE(test, zone_exists(ZONE_MOVABLE));
	KUNIT_EXPECT_FALSE(test, log_captured(&log, "DMA32"));
	KUNIT_EXPECT_TRUE(test, is_highmem(&NODE_DATA(0)->node_zones[
						ZONE_HIGHMEM]));
	KUNIT_EXPECT_TRUE(test, is_highmem_idx(ZONE_MOVABLE));
	KUNIT_EXPECT_TRUE(test, node_state(0, N_HIGH_MEMORY));
	expect_sound(test);
}

/* Memory without a node is node 0's; a possible node without is there. */
static void nodes_are_completed_test(struct kunit *test)
{
	memblock_add(M(1), M(31));
	memblock_add_node(M(32), M(32), 0, MEMBLOCK_NONE);
	memblock_add(M(64), M(64));
	memblock_allow_resize();
	node_set_state(3, N_POSSIBLE);
	log_capture_start(&log);
	early_start_pc();
	log_capture_end(&log);
	KUNIT_EXPECT_EQ(test, memblock.memory.cnt, 1UL);
	KUNIT_EXPECT_EQ(test, nr_node_ids, 4);
	KUNIT_EXPECT_FALSE(test, node_online(3));
	KUNIT_EXPECT_NOT_NULL(test, NODE_DATA(3));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
				"Initmem setup node 3 as memoryless\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
				"    NODE_DATA(3) on node 0\n"));
	KUNIT_EXPECT_EQ(test, early_pfn_to_nid(0), 0);
	expect_sound(test);
}

static void node_alignment_test(struct kunit *test)
{
	memblock_add_node(M(1), M(63), 0, MEMBLOCK_NONE);
	KUNIT_EXPECT_EQ(test, node_map_pfn_alignment(), 0UL);
	/* 64 MiB part what ends there from what starts at 96 MiB. */
	memblock_add_node(M(96), M(33), 1, MEMBLOCK_NONE);
	KUNIT_EXPECT_EQ(test, node_map_pfn_alignment(), PFN_DOWN(M(64)));
	memblock_add_node(M(129), M(1), 0, MEMBLOCK_NONE);
	KUNIT_EXPECT_EQ(test, node_map_pfn_alignment(), PFN_DOWN(M(1)));
}

/* ---- struct pages ---- */

static void fresh_page_test(struct kunit *test)
{
	const struct page *page;

	early_memory(pc_2_nodes);
	early_start_pc();
	page = pfn_to_page(PFN_DOWN(G(4)));
	/* Waits for the hand-over; what is never handed over has its owner. */
	KUNIT_EXPECT_EQ(test, atomic_read(&page->_refcount), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&pfn_to_page(0)->_refcount), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&page->_mapcount), -1);
	KUNIT_EXPECT_EQ(test, page->flags, page_links(ZONE_NORMAL, 1));
	KUNIT_EXPECT_EQ(test, page->mapping, 0ULL);
	KUNIT_EXPECT_EQ(test, page->lru_next, PFN_NONE);
	/* Holes are reserved; those far from memory have no page. */
	KUNIT_EXPECT_TRUE(test, PageReserved(pfn_to_page(0)));
	KUNIT_EXPECT_TRUE(test, PageReserved(pfn_to_page(0xa0)));
	KUNIT_EXPECT_TRUE(test, pfn_valid(0xbfffe));
	KUNIT_EXPECT_TRUE(test, PageReserved(pfn_to_page(0xbfffe)));
	KUNIT_EXPECT_FALSE(test, pfn_valid(0xc0000));
	KUNIT_EXPECT_FALSE(test, pfn_valid(0xfffff));
	KUNIT_EXPECT_FALSE(test, pfn_valid(PFN_DOWN(G(5))));
	KUNIT_EXPECT_FALSE(test, pfn_valid(ULONG_MAX));
	KUNIT_EXPECT_NULL(test, pfn_to_online_page(0xfffff));
	KUNIT_EXPECT_PTR_EQ(test, pfn_to_online_page(1), pfn_to_page(1));
}

/* A max-order block with memory has pages for all its frames. */
static void max_order_block_is_whole_test(struct kunit *test)
{
	static const struct early_range holes[] = {
		{ M(1), M(33), 0 }, { M(37), M(38), 0 }, { M(65), M(66), 1 },
		{ M(67), M(100), 1 }, { 0, 0 },
	};
	unsigned long pfn, bad = 0;

	early_memory(holes);
	early_start_pc();
	for (pfn = PFN_DOWN(M(33)); pfn < PFN_DOWN(M(37)); pfn++)
		bad += !PageReserved(pfn_to_page(pfn));
	for (pfn = PFN_DOWN(M(66)); pfn < PFN_DOWN(M(67)); pfn++)
		bad += !PageReserved(pfn_to_page(pfn));
	KUNIT_EXPECT_EQ(test, bad, 0UL);
	KUNIT_EXPECT_FALSE(test, pfn_valid(PFN_DOWN(M(34))));
	KUNIT_EXPECT_TRUE(test, pfn_valid(PFN_DOWN(M(36))));
	expect_sound(test);
}

static void interleaved_nodes_test(struct kunit *test)
{
	static const struct early_range mix[] = {
		{ M(1), M(20), 0 }, { M(20), M(40), 1 }, { M(40), M(60), 0 },
		{ M(64), M(96), 1 }, { M(128), M(130), 2 },
		{ M(130), M(200), 0 }, { 0, 0 },
	};

	early_memory(mix);
	early_start_pc();
	expect_sound(test);
	KUNIT_EXPECT_EQ(test, node_spanned_pages(1), PFN_DOWN(M(76)));
	KUNIT_EXPECT_EQ(test, node_present_pages(1), PFN_DOWN(M(52)));
}

static void reserved_pages_test(struct kunit *test)
{
	unsigned long pfn, n = 0;

	early_memory(pc_2_nodes);
	memblock_mark_nomap(M(32), M(1));
	early_start_pc();
	memblock_reserve(M(64) + 5, 10);
	memblock_reserve(M(80), M(1));
	memblock_reserved_mark_noinit(M(80), M(1));
	memblock_reserve(0xbffd9000, K(64));	/* reaches into a hole */
	memmap_init_reserved_pages();
	for (pfn = PFN_DOWN(M(32)); pfn < PFN_DOWN(M(96)); pfn++)
		n += PageReserved(pfn_to_page(pfn));
	KUNIT_EXPECT_EQ(test, n, PFN_DOWN(M(1)) + 1);
	KUNIT_EXPECT_TRUE(test, PageReserved(pfn_to_page(0xbffd9)));
	KUNIT_EXPECT_FALSE(test, PageReserved(pfn_to_page(0xbffd8)));
}

static void deferred_pages_test(struct kunit *test)
{
	struct zone *zone;
	unsigned long first, end, n, pfn, wrong = 0;

	early_memory(pc_2_nodes);
	this_machine()->early.defer = 1;
	early_start_pc();
	zone = &NODE_DATA(1)->node_zones[ZONE_NORMAL];
	first = zone->first_deferred_pfn;
	KUNIT_EXPECT_EQ(test, first, PFN_DOWN(G(4) + M(128)));
	KUNIT_EXPECT_TRUE(test, zone_pfn_deferred(zone, first));
	KUNIT_EXPECT_FALSE(test, zone_pfn_deferred(zone, first - 1));
	KUNIT_EXPECT_EQ(test, NODE_DATA(1)->node_zones[ZONE_DMA32]
			.first_deferred_pfn, ULONG_MAX);
	memblock_reserve(G(4) + M(256) + 1, 1);
	memblock_reserve(G(4) + M(256) + 100, 1);	/* the same frame */
	memblock_mark_nomap(G(4) + M(300), M(1));
	memmap_init_reserved_pages();

	n = deferred_init_pages(zone, first, PFN_DOWN(G(4) + M(256)));
	KUNIT_EXPECT_EQ(test, n, PFN_DOWN(M(128)));
	end = PFN_DOWN(G(4) + M(384));
	n = deferred_init_pages(zone, PFN_DOWN(G(4) + M(256)), end);
	KUNIT_EXPECT_EQ(test, n, PFN_DOWN(M(127)) - 1);
	for (pfn = first; pfn < end; pfn++)
		wrong += page_zone(pfn_to_page(pfn)) != zone ||
			 page_to_pfn(pfn_to_page(pfn)) != pfn;
	KUNIT_EXPECT_EQ(test, wrong, 0UL);
	KUNIT_EXPECT_TRUE(test, PageReserved(pfn_to_page(PFN_DOWN(G(4) +
								  M(256)))));
	KUNIT_EXPECT_TRUE(test, PageReserved(pfn_to_page(PFN_DOWN(G(4) +
								  M(300)))));
	expect_sound(test);
}

static void deferral_decision_test(struct kunit *test)
{
	static const struct early_range small[] = {
		{ M(1), M(64), 0 }, { 0, 0 },
	};

	log_capture_start(&log);
	parse_early_options("deferred_init deferred_init=maybe deferred_init=off");
	KUNIT_EXPECT_EQ(test, this_machine()->early.defer, -1);
	parse_early_options("deferred_init=auto");
	KUNIT_EXPECT_EQ(test, this_machine()->early.defer, 0);
	parse_early_options("deferred_init=on");
	KUNIT_EXPECT_EQ(test, this_machine()->early.defer, 1);
	log_capture_end(&log);
	early_memory(small);
	early_start_pc();
	/* On, but all of it is in the first part. */
	KUNIT_EXPECT_EQ(test, NODE_DATA(0)->first_deferred_pfn, ULONG_MAX);
}

/* ---- reserve_mem=, the check ---- */

static void reserve_mem_finds_room_test(struct kunit *test)
{
	phys_addr_t start, size;

	parse_early_options("reserve_mem=2M:2M:trace reserve_mem=64G:4K:huge");
	early_memory(pc_2_nodes);
	log_capture_start(&log);
	early_start_pc();
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "reserve_mem: no room for 68719476736 bytes of \"huge\""));
	KUNIT_EXPECT_FALSE(test, reserve_mem_find_by_name("huge", &start,
							  &size));
	KUNIT_ASSERT_TRUE(test, reserve_mem_find_by_name("trace", &start,
							 &size));
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED(start, M(2)));
	KUNIT_EXPECT_TRUE(test, memblock_is_region_reserved(start, size));
}

static void zone_check_finds_test(struct kunit *test)
{
	struct zone *zone;

	early_memory(pc_2_nodes);
	early_start_pc();
	zone = &NODE_DATA(1)->node_zones[ZONE_NORMAL];
	log_capture_start(&log);
	zone->node = 0;
	KUNIT_EXPECT_EQ(test, zone_check(zone), 1);
	zone->node = 1;
	zone->present_pages = zone->spanned_pages + 1;
	KUNIT_EXPECT_EQ(test, zone_check(zone), 2);
	zone->present_pages--;
	atomic_long_set(&zone->managed_pages, (long)zone->present_pages + 1);
	KUNIT_EXPECT_EQ(test, zone_check(zone), 2);
	atomic_long_set(&zone->managed_pages, 0);
	zone->initialized = false;
	KUNIT_EXPECT_EQ(test, zone_check(zone), 3);
	zone->initialized = true;
	zone->zone_start_pfn++;
	KUNIT_EXPECT_EQ(test, zone_check(zone), 4);
	zone->zone_start_pfn--;
	zone->first_deferred_pfn = 1;
	KUNIT_EXPECT_EQ(test, zone_check(zone), 5);
	zone->first_deferred_pfn = zone->zone_start_pfn + 1;
	KUNIT_EXPECT_EQ(test, zone_check(zone), 5);
	zone->first_deferred_pfn = ULONG_MAX;
	log_capture_end(&log);
	expect_sound(test);
}

static void pgdat_check_finds_test(struct kunit *test)
{
	pg_data_t *pgdat;
	struct zone *dma32;

	early_memory(pc_2_nodes);
	early_start_pc();
	pgdat = NODE_DATA(1);
	dma32 = &pgdat->node_zones[ZONE_DMA32];
	log_capture_start(&log);
	pgdat->node_id = 0;
	KUNIT_EXPECT_EQ(test, pgdat_check(pgdat), 1);
	pgdat->node_id = MAX_NUMNODES;
	KUNIT_EXPECT_EQ(test, pgdat_check(pgdat), 1);
	pgdat->node_id = 1;
	dma32->name = NULL;
	KUNIT_EXPECT_EQ(test, pgdat_check(pgdat), 2);
	dma32->name = "DMA32";
	pgdat->node_present_pages++;
	KUNIT_EXPECT_EQ(test, pgdat_check(pgdat), 3);
	pgdat->node_present_pages--;
	pgdat->nr_zones++;
	KUNIT_EXPECT_EQ(test, pgdat_check(pgdat), 4);
	pgdat->nr_zones--;
	dma32->spanned_pages++;
	KUNIT_EXPECT_EQ(test, pgdat_check(pgdat), 5);
	dma32->spanned_pages--;
	node_clear_state(1, N_MEMORY);
	KUNIT_EXPECT_EQ(test, pgdat_check(pgdat), 6);
	node_set_state(1, N_MEMORY);
	log_capture_end(&log);
	expect_sound(test);
}

static struct kunit_case mm_init_cases[] = {
	KUNIT_CASE(zones_of_recorded_numa_machine_test),
	KUNIT_CASE(zones_of_recorded_highmem_machine_test),
	KUNIT_CASE(nodes_are_completed_test),
	KUNIT_CASE(node_alignment_test),
	KUNIT_CASE(fresh_page_test),
	KUNIT_CASE(max_order_block_is_whole_test),
	KUNIT_CASE(interleaved_nodes_test),
	KUNIT_CASE(reserved_pages_test),
	KUNIT_CASE(deferred_pages_test),
	KUNIT_CASE(deferral_decision_test),
	KUNIT_CASE(reserve_mem_finds_room_test),
	KUNIT_CASE(zone_check_finds_test),
	KUNIT_CASE(pgdat_check_finds_test),
	{}
};

static struct kunit_suite mm_init_suite = {
	.name = "mm_init",
	.test_cases = mm_init_cases,
};
kunit_test_suite(mm_init_suite);
