// SPDX-License-Identifier: MIT
/*
 * memblock's calls, one by one, on a scratch state: the machine's own is put
 * aside meanwhile. Memory that is written to is a block of the page
 * allocator's; all other addresses are numbers.
 */
#include <kunit/test.h>

#include <linux/bootmem.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "../model/memblock_model.h"
#include "log_capture.h"

#define K(n)	((phys_addr_t)(n) << 10)
#define M(n)	((phys_addr_t)(n) << 20)
#define G(n)	((phys_addr_t)(n) << 30)
/* Further than any machine that runs this has memory. */
#define FAR(n)	(G(8192) + G(n))
#define NONE	MAX_NUMNODES

/* Real memory: 4 MiB. */
#define REAL_ORDER	MAX_PAGE_ORDER
#define REAL_BYTES	(PAGE_SIZE << REAL_ORDER)

/* Too large for a kernel's stack. */
static struct memblock_state saved;
static struct early_options saved_options;
static struct log_capture log;
static struct page *real_pages;
static phys_addr_t real;	/* its address, bytes */

static int memblock_test_init(struct kunit *test)
{
	real_pages = alloc_pages(GFP_KERNEL, REAL_ORDER);
	if (!real_pages)
		return -ENOMEM;
	real = PFN_PHYS(page_to_pfn(real_pages));
	saved = memblock;
	saved_options = this_machine()->early;
	memset(&this_machine()->early, 0, sizeof(saved_options));
	memset(&memblock, 0, sizeof(memblock));
	memblock_init(&memblock);
	return 0;
}

static void memblock_test_exit(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 0);
	memblock = saved;
	this_machine()->early = saved_options;
	__free_pages(real_pages, REAL_ORDER);
}

static void expect_region(struct kunit *test, const struct memblock_type *type,
			  unsigned long i, phys_addr_t base, phys_addr_t end,
			  int nid, unsigned int flags)
{
	KUNIT_ASSERT_TRUE(test, i < type->cnt);
	KUNIT_EXPECT_EQ(test, type->regions[i].base, base);
	KUNIT_EXPECT_EQ(test, type->regions[i].base + type->regions[i].size,
			end);
	KUNIT_EXPECT_EQ(test, type->regions[i].nid, nid);
	KUNIT_EXPECT_EQ(test, (unsigned int)type->regions[i].flags, flags);
}

/* ---- regions ---- */

static void memblock_starts_empty_test(struct kunit *test)
{
	memset(&memblock, 0, sizeof(memblock));
	KUNIT_EXPECT_EQ(test, memblock_get_current_limit(),
			MEMBLOCK_ALLOC_ANYWHERE);
	KUNIT_EXPECT_EQ(test, memblock_start_of_DRAM(), 0ULL);
	KUNIT_EXPECT_EQ(test, memblock_end_of_DRAM(), 0ULL);
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), 0ULL);
	KUNIT_EXPECT_FALSE(test, memblock_bottom_up());
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), 0ULL);
	KUNIT_EXPECT_NULL(test, memblock_alloc(PAGE_SIZE, PAGE_SIZE));
}

static void memblock_add_merges_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, memblock_add(M(4), M(1)), 0);
	KUNIT_EXPECT_EQ(test, memblock_add(M(1), M(1)), 0);
	KUNIT_EXPECT_EQ(test, memblock_add(M(2), M(2)), 0);
	KUNIT_ASSERT_EQ(test, memblock.memory.cnt, 1UL);
	expect_region(test, &memblock.memory, 0, M(1), M(5), NONE, 0);
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), M(4));
}

static void memblock_add_keeps_what_is_there_test(struct kunit *test)
{
	memblock_add_node(M(2), M(1), 1, MEMBLOCK_HOTPLUG);
	memblock_add_node(M(4), M(1), 2, MEMBLOCK_NONE);
	memblock_add_node(M(1), M(6), 0, MEMBLOCK_NONE);
	KUNIT_ASSERT_EQ(test, memblock.memory.cnt, 5UL);
	expect_region(test, &memblock.memory, 0, M(1), M(2), 0, 0);
	expect_region(test, &memblock.memory, 1, M(2), M(3), 1,
		      MEMBLOCK_HOTPLUG);
	expect_region(test, &memblock.memory, 3, M(4), M(5), 2, 0);
	expect_region(test, &memblock.memory, 4, M(5), M(7), 0, 0);
}

static void memblock_empty_and_wrapping_ranges_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, memblock_add(M(1), 0), 0);
	KUNIT_EXPECT_EQ(test, memblock_remove(M(1), 0), 0);
	KUNIT_EXPECT_EQ(test, memblock.memory.cnt, 0UL);
	KUNIT_EXPECT_EQ(test, memblock_reserve(PHYS_ADDR_MAX - M(1),
					       PHYS_ADDR_MAX), 0);
	expect_region(test, &memblock.reserved, 0, PHYS_ADDR_MAX - M(1),
		      PHYS_ADDR_MAX, NONE, 0);
	KUNIT_EXPECT_EQ(test, memblock_phys_free(0, PHYS_ADDR_MAX), 0);
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), 0ULL);
}

static void memblock_remove_splits_test(struct kunit *test)
{
	memblock_add_node(M(1), M(8), 3, MEMBLOCK_NONE);
	memblock_remove(M(3), M(2));
	KUNIT_ASSERT_EQ(test, memblock.memory.cnt, 2UL);
	expect_region(test, &memblock.memory, 0, M(1), M(3), 3, 0);
	expect_region(test, &memblock.memory, 1, M(5), M(9), 3, 0);
	memblock_remove(0, M(6));
	expect_region(test, &memblock.memory, 0, M(6), M(9), 3, 0);
	memblock_remove(M(20), M(1));
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), M(3));
}

static void memblock_free_by_address_test(struct kunit *test)
{
	memblock_reserve(real, M(1));
	memblock_free(NULL, M(1));
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), M(1));
	memblock_free(__va(real), K(512));
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), K(512));
}

static void memblock_set_node_test(struct kunit *test)
{
	memblock_add(M(0), M(8));
	KUNIT_EXPECT_EQ(test, memblock_set_node(M(2), M(2), &memblock.memory,
						1), 0);
	KUNIT_ASSERT_EQ(test, memblock.memory.cnt, 3UL);
	expect_region(test, &memblock.memory, 1, M(2), M(4), 1, 0);
	memblock_set_node(0, PHYS_ADDR_MAX, &memblock.memory, 0);
	KUNIT_EXPECT_EQ(test, memblock.memory.cnt, 1UL);
}

static void memblock_flags_test(struct kunit *test)
{
	memblock_add(M(0), M(8));
	memblock_mark_hotplug(M(1), M(1));
	expect_region(test, &memblock.memory, 1, M(1), M(2), NONE,
		      MEMBLOCK_HOTPLUG);
	memblock_clear_hotplug(0, M(8));
	KUNIT_EXPECT_EQ(test, memblock.memory.cnt, 1UL);
	memblock_mark_nomap(M(2), M(1));
	KUNIT_EXPECT_FALSE(test, memblock_is_map_memory(M(2)));
	KUNIT_EXPECT_TRUE(test, memblock_is_memory(M(2)));
	memblock_clear_nomap(M(2), M(1));
	KUNIT_EXPECT_TRUE(test, memblock_is_map_memory(M(2)));
	/* Without kernelcore=mirror there are no mirrors. */
	KUNIT_EXPECT_EQ(test, memblock_mark_mirror(M(0), M(1)), 0);
	KUNIT_EXPECT_FALSE(test, memblock.has_mirror);
	this_machine()->early.kernelcore_mirror = true;
	memblock_mark_mirror(M(0), M(1));
	KUNIT_EXPECT_TRUE(test, memblock.has_mirror);
	memblock_reserve(M(4), M(2));
	memblock_reserved_mark_noinit(M(5), M(1));
	expect_region(test, &memblock.reserved, 1, M(5), M(6), NONE,
		      MEMBLOCK_RSRV_NOINIT);
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved_noinit(
						&memblock.reserved.regions[1]));
}

/* ---- limits ---- */

static void memblock_trim_test(struct kunit *test)
{
	memblock_add(K(3), K(3));		/* nothing whole inside 4K..6K */
	memblock_add(K(13), K(22));
	memblock_add(PHYS_ADDR_MAX - 100, 100);	/* rounding up would wrap */
	memblock_trim_memory(K(4));
	KUNIT_ASSERT_EQ(test, memblock.memory.cnt, 1UL);
	expect_region(test, &memblock.memory, 0, K(16), K(32), NONE, 0);
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), K(16));
}

static void memblock_enforce_limit_test(struct kunit *test)
{
	memblock_add(M(1), M(2));
	memblock_add(M(4), M(4));
	memblock_reserve(M(5), M(1));
	memblock_reserve(M(7), M(9));
	memblock_enforce_memory_limit(0);
	memblock_enforce_memory_limit(G(1));
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), M(6));
	memblock_enforce_memory_limit(M(3));
	KUNIT_EXPECT_EQ(test, memblock_end_of_DRAM(), M(5));
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), 0ULL);
	memblock_enforce_memory_limit(M(2));
	KUNIT_EXPECT_EQ(test, memblock_end_of_DRAM(), M(3));
}

static void memblock_cap_test(struct kunit *test)
{
	log_capture_start(&log);
	memblock_cap_memory_range(M(1), M(1));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "No memory registered yet"));
	memblock_add(M(0), M(8));
	memblock_mark_nomap(M(6), M(1));
	memblock_reserve(M(1), M(2));
	memblock_reserve(M(5), M(2));
	memblock_cap_memory_range(M(2), 0);
	memblock_cap_memory_range(M(2), M(3));
	KUNIT_ASSERT_EQ(test, memblock.memory.cnt, 2UL);
	expect_region(test, &memblock.memory, 0, M(2), M(5), NONE, 0);
	expect_region(test, &memblock.memory, 1, M(6), M(7), NONE,
		      MEMBLOCK_NOMAP);
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), M(1));
	memblock_mem_limit_remove_map(0);
	memblock_mem_limit_remove_map(G(1));
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), M(4));
	memblock_mem_limit_remove_map(M(1));
	expect_region(test, &memblock.memory, 0, M(2), M(3), NONE, 0);
}

/* ---- questions ---- */

static void memblock_questions_test(struct kunit *test)
{
	unsigned long start = 0, end = 0;

	memblock_add_node(M(1), M(2), 0, MEMBLOCK_NONE);
	memblock_add_node(M(3), M(2), 1, MEMBLOCK_NONE);
	memblock_reserve(M(2), K(4));
	KUNIT_EXPECT_FALSE(test, memblock_is_memory(M(1) - 1));
	KUNIT_EXPECT_TRUE(test, memblock_is_memory(M(5) - 1));
	KUNIT_EXPECT_FALSE(test, memblock_is_map_memory(M(5)));
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(M(2)));
	KUNIT_EXPECT_FALSE(test, memblock_is_reserved(M(2) + K(4)));
	KUNIT_EXPECT_TRUE(test, memblock_is_region_memory(M(1), M(2)));
	KUNIT_EXPECT_FALSE(test, memblock_is_region_memory(M(1), M(3)));
	KUNIT_EXPECT_FALSE(test, memblock_is_region_memory(M(6), M(1)));
	KUNIT_EXPECT_TRUE(test, memblock_is_region_reserved(M(1), M(2)));
	KUNIT_EXPECT_FALSE(test, memblock_is_region_reserved(M(1), M(1)));
	KUNIT_EXPECT_FALSE(test, memblock_overlaps_region(&memblock.memory,
							  M(5), M(1)));
	KUNIT_EXPECT_EQ(test, memblock_search_pfn_nid(PFN_DOWN(M(3)), &start,
						      &end), 1);
	KUNIT_EXPECT_EQ(test, start, PFN_DOWN(M(3)));
	KUNIT_EXPECT_EQ(test, end, PFN_DOWN(M(5)));
	KUNIT_EXPECT_EQ(test, memblock_search_pfn_nid(0, NULL, NULL),
			NUMA_NO_NODE);
	KUNIT_EXPECT_EQ(test, memblock_estimated_nr_free_pages(),
			PFN_DOWN(M(4)) - 1);
	KUNIT_EXPECT_EQ(test, memblock_addrs_overlap(M(1), M(1), M(2), M(1)),
			0UL);
}

static void memblock_numa_coverage_test(struct kunit *test)
{
	memblock_add_node(M(0), M(4), 0, MEMBLOCK_NONE);
	memblock_add(M(4), M(2));
	KUNIT_EXPECT_TRUE(test, memblock_validate_numa_coverage(M(2)));
	log_capture_start(&log);
	KUNIT_EXPECT_FALSE(test, memblock_validate_numa_coverage(M(1)));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"NUMA: no nodes coverage for 2MB of 6MB RAM"));
}

/* ---- walks ---- */

static unsigned int free_ranges(int nid, enum memblock_flags flags,
				phys_addr_t *bytes)
{
	phys_addr_t start, end;
	unsigned int n = 0;
	u64 i;

	*bytes = 0;
	for_each_free_mem_range(i, nid, flags, &start, &end, NULL) {
		*bytes += end - start;
		n++;
	}
	return n;
}

static void memblock_walks_test(struct kunit *test)
{
	phys_addr_t start, end, bytes, last = PHYS_ADDR_MAX;
	struct memblock_region *r;
	unsigned int n = 0;
	int nid;
	u64 i;

	memblock_add_node(M(1), M(4), 0, MEMBLOCK_NONE);
	memblock_add_node(M(8), M(4), 1, MEMBLOCK_DRIVER_MANAGED);
	memblock_add_node(M(16), M(4), 1, MEMBLOCK_HOTPLUG);
	memblock_reserve(M(0), M(2));
	memblock_reserve(M(3), M(6));
	KUNIT_EXPECT_EQ(test, free_ranges(NUMA_NO_NODE, MEMBLOCK_NONE, &bytes),
			2U);
	KUNIT_EXPECT_EQ(test, bytes, M(5));
	KUNIT_EXPECT_EQ(test, free_ranges(1, MEMBLOCK_DRIVER_MANAGED, &bytes),
			2U);
	KUNIT_EXPECT_EQ(test, bytes, M(7));
	KUNIT_EXPECT_EQ(test, free_ranges(2, MEMBLOCK_NONE, &bytes), 0U);
	this_machine()->early.movable_node = true;
	KUNIT_EXPECT_EQ(test, free_ranges(1, MEMBLOCK_NONE, &bytes), 0U);
	KUNIT_EXPECT_EQ(test, free_ranges(1, MEMBLOCK_HOTPLUG, &bytes), 1U);

	for_each_mem_range_rev(i, &start, &end) {
		KUNIT_EXPECT_TRUE(test, end <= last);
		last = start;
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, 3U);
	for_each_mem_range(i, &start, &end)
		n--;
	for_each_reserved_mem_range(i, &start, &end)
		n++;
	for_each_reserved_mem_region(r)
		n++;
	KUNIT_EXPECT_EQ(test, n, 4U);
	n = 0;
	for_each_free_mem_range_reverse(i, 0, MEMBLOCK_NONE, &start, &end,
					&nid) {
		KUNIT_EXPECT_EQ(test, nid, 0);
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, 1U);
	__for_each_mem_range(i, &memblock.memory, &memblock.reserved, 0,
			     MEMBLOCK_NONE, NULL, NULL, NULL)
		n++;
	KUNIT_EXPECT_EQ(test, n, 2U);
}

static void memblock_pfn_walk_test(struct kunit *test)
{
	unsigned long start, end, frames = 0;
	int i, nid, n = 0;

	memblock_add_node(K(2), K(7), 0, MEMBLOCK_NONE);	/* 4K..8K */
	memblock_add_node(K(17), K(2), 0, MEMBLOCK_NONE);	/* no frame */
	memblock_add_node(M(1), M(1), 1, MEMBLOCK_NONE);
	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid) {
		frames += end - start;
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, 2);
	KUNIT_EXPECT_EQ(test, frames, 1 + PFN_DOWN(M(1)));
	for_each_mem_pfn_range(i, 1, NULL, NULL, NULL)
		n++;
	KUNIT_EXPECT_EQ(test, n, 3);
}

static void memblock_zone_walk_test(struct kunit *test)
{
	static struct zone zone;
	unsigned long start, end, frames = 0;
	u64 i;

	zone.node = 0;
	zone.zone_start_pfn = PFN_DOWN(M(2));
	zone.spanned_pages = PFN_DOWN(M(4));
	memblock_add_node(M(0), M(3), 0, MEMBLOCK_NONE);
	memblock_add_node(M(3), M(1), 1, MEMBLOCK_NONE);
	memblock_add_node(M(4), M(8), 0, MEMBLOCK_NONE);
	memblock_reserve(M(4) + K(1), K(1));
	for_each_free_mem_pfn_range_in_zone(i, &zone, &start, &end)
		frames += end - start;
	KUNIT_EXPECT_EQ(test, frames, PFN_DOWN(M(3)) - 1);
	KUNIT_EXPECT_EQ(test, start, ULONG_MAX);
	i = 0;
	__next_mem_pfn_range_in_zone(&i, &zone, NULL, NULL);
	frames = 0;
	for_each_free_mem_pfn_range_in_zone_from(i, &zone, &start, &end)
		frames++;
	KUNIT_EXPECT_TRUE(test, frames > 0);
	zone.zone_start_pfn = PFN_DOWN(M(20));
	i = 0;
	__next_mem_pfn_range_in_zone(&i, &zone, NULL, NULL);
	KUNIT_EXPECT_EQ(test, i, U64_MAX);
}

/* ---- allocations ---- */

static void memblock_alloc_directions_test(struct kunit *test)
{
	memblock_add(real, REAL_BYTES);
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(K(6), K(4)),
			real + REAL_BYTES - K(8));
	memblock_set_bottom_up(true);
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(100, 64), real);
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(K(4), K(4)), real + K(4));
	memblock_set_current_limit(real + K(8));
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(K(4), K(4)), 0ULL);
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc_range(K(4), K(4),
				real + M(1), real + M(2)), real + M(1));
}

static void memblock_alloc_is_zeroed_test(struct kunit *test)
{
	char *p;

	memset(__va(real), 0x5a, REAL_BYTES);
	memblock_add(real, REAL_BYTES);
	p = memblock_alloc(K(4), K(4));
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, K(4)));
	p = memblock_alloc_raw(K(4), K(4));
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_NULL(test, memchr_inv(p, 0x5a, K(4)));
	p = memblock_alloc_from(K(4), K(4), real + REAL_BYTES + M(1));
	KUNIT_EXPECT_NOT_NULL(test, p);	/* nothing above: below will do */
	KUNIT_EXPECT_NOT_NULL(test, memblock_alloc_exact_nid_raw(64, 64,
			0, MEMBLOCK_ALLOC_ANYWHERE, NUMA_NO_NODE));
	KUNIT_EXPECT_NULL(test, memblock_alloc_exact_nid_raw(64, 64, 0,
			MEMBLOCK_ALLOC_ACCESSIBLE, 5));
	KUNIT_EXPECT_NOT_NULL(test, memblock_alloc_node(64, 64, 5));
	if (real + REAL_BYTES < G(4))
		KUNIT_EXPECT_NOT_NULL(test, memblock_alloc_low(64, 64));
}

static void memblock_alloc_nodes_test(struct kunit *test)
{
	memblock_add_node(M(16), M(1), 0, MEMBLOCK_NONE);
	memblock_add_node(M(32), M(1), 1, MEMBLOCK_NONE);
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc_try_nid(M(1), M(1), 0),
			M(16));
	/* Node 0 is full now: any, unless it must be that one. */
	KUNIT_EXPECT_EQ(test, memblock_alloc_range_nid(K(4), K(4), 0, 0, 0,
						       true), 0ULL);
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc_try_nid(K(4), K(4), 0),
			M(33) - K(4));
}

static void memblock_alloc_mirror_test(struct kunit *test)
{
	this_machine()->early.kernelcore_mirror = true;
	memblock_add(M(16), M(2));
	memblock_mark_mirror(M(16), M(1));
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(M(1), M(1)), M(16));
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(K(4), K(4)), M(18) - K(4));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "of mirrored memory"));
}

static void memblock_alloc_misuse_test(struct kunit *test)
{
	memblock_add(M(16), M(2));
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(100, 0),
			M(18) - 128);	/* a cache line's alignment */
	KUNIT_EXPECT_NE(test, memblock_phys_alloc_try_nid(64, 64,
							  MAX_NUMNODES), 0ULL);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "without alignment"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "NUMA_NO_NODE meant"));
}

/* The first page is never given; rounding never wraps. */
static void memblock_alloc_edges_test(struct kunit *test)
{
	memblock_add(0, K(4));
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(64, 64), 0ULL);
	memblock_add(PHYS_ADDR_MAX - K(6), K(6));
	memblock_set_bottom_up(true);
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(K(2), M(1)), 0ULL);
	memblock_set_bottom_up(false);
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(K(16), K(4)), 0ULL);
}

static void memblock_alloc_after_hand_over_test(struct kunit *test)
{
	void *p;

	memblock.handed_over = true;
	log_capture_start(&log);
	p = memblock_alloc(K(4), K(4));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "after hand-over"));
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, K(4)));
	free_pages_exact(p, K(4));
}

/* ---- arrays that grow ---- */

/* Fills the array of @type with regions that cannot merge. */
static void fill(struct memblock_type *type, phys_addr_t base)
{
	while (type->cnt < type->max) {
		phys_addr_t at = base + type->cnt * M(2);

		if (type == &memblock.memory)
			memblock_add(at, M(1));
		else
			memblock_reserve(at, M(1));
	}
}

/* Memory that arrays can be put into, and none other. */
static void add_real(void)
{
	memblock_add(real, REAL_BYTES);
	memblock_set_current_limit(real + REAL_BYTES);
}

static void memblock_full_array_test(struct kunit *test)
{
	unsigned long max = memblock.memory.max;

	fill(&memblock.memory, FAR(8));
	fill(&memblock.reserved, FAR(6));
	/* It may not grow, and nothing changes. */
	KUNIT_EXPECT_EQ(test, memblock_add(FAR(4), M(1)), -ENOMEM);
	KUNIT_EXPECT_EQ(test, memblock_reserve(FAR(4), M(1)), -ENOMEM);
	KUNIT_EXPECT_EQ(test, memblock_remove(FAR(8) + K(4), K(4)), -ENOMEM);
	KUNIT_EXPECT_EQ(test, memblock_phys_free(FAR(6) + K(4), K(4)), -ENOMEM);
	KUNIT_EXPECT_EQ(test, memblock_mark_nomap(FAR(8) + K(4), K(4)), -ENOMEM);
	KUNIT_EXPECT_EQ(test, memblock_set_node(FAR(8) + K(4), K(4),
						&memblock.memory, 1), -ENOMEM);
	KUNIT_EXPECT_EQ(test, memblock.memory.cnt, max);
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), M(max));
	/* There is room for it, but none to say that it is taken. */
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc_range(K(4), K(4), 0,
							FAR(8) + M(1)), 0ULL);
	/* What needs no place goes on. */
	KUNIT_EXPECT_EQ(test, memblock_remove(FAR(8), M(1)), 0);
	KUNIT_EXPECT_EQ(test, memblock_add(FAR(8), M(1)), 0);
	/* Limits that would need a place are reported and not applied. */
	log_capture_start(&log);
	memblock_cap_memory_range(FAR(8) + K(8), K(4));
	memblock_enforce_memory_limit(K(16));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "limit not applied"));
}

static void memblock_growing_finds_no_room_test(struct kunit *test)
{
	memblock_allow_resize();
	fill(&memblock.memory, FAR(8));
	memblock_reserve(0, PHYS_ADDR_MAX);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, memblock_add(FAR(4), M(1)), -ENOMEM);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
					     "Failed to double memory array"));
	KUNIT_EXPECT_PTR_EQ(test, memblock.memory.regions,
			    memblock.init_memory);
}

/* Room for memory's array, none to note that it is taken. */
static void memblock_growing_both_full_test(struct kunit *test)
{
	add_real();
	fill(&memblock.memory, FAR(8));
	fill(&memblock.reserved, FAR(4));
	memblock_allow_resize();
	/* Growing memory grows reserved on the way. */
	KUNIT_EXPECT_EQ(test, memblock_add(FAR(100), M(1)), 0);
	KUNIT_EXPECT_EQ(test, memblock.memory.max, 256UL);
	KUNIT_EXPECT_EQ(test, memblock.reserved.max, 256UL);
	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 0);
}

static void memblock_grows_test(struct kunit *test)
{
	unsigned long i;

	add_real();
	memblock_allow_resize();
	memblock.debug = true;
	log_capture_start(&log);
	for (i = 0; i < 1000; i++) {
		KUNIT_ASSERT_EQ(test, memblock_reserve(FAR(8) + i * M(2), M(1)),
				0);
		KUNIT_ASSERT_EQ(test, memblock_add(FAR(64) + i * M(2), M(1)), 0);
	}
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "memblock_add: ["));
	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 0);
	KUNIT_EXPECT_EQ(test, memblock.memory.max, 1024UL);
	/* Former arrays were given back: only the current two are taken. */
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), M(1000) +
			ALIGN(memblock.memory.max *
			      sizeof(struct memblock_region), PAGE_SIZE) +
			ALIGN(memblock.reserved.max *
			      sizeof(struct memblock_region), PAGE_SIZE));
}

/* The array must not come to lie in what is just being reserved. */
static void memblock_growing_avoids_new_range_test(struct kunit *test)
{
	add_real();
	fill(&memblock.reserved, FAR(8));
	memblock_allow_resize();
	KUNIT_EXPECT_EQ(test, memblock_reserve(real + M(1), REAL_BYTES - M(1)),
			0);
	KUNIT_EXPECT_TRUE(test, __pa(memblock.reserved.regions) < real + M(1));
	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 0);
}

static void memblock_growing_late_test(struct kunit *test)
{
	unsigned long i;

	memblock_allow_resize();
	memblock.handed_over = true;
	for (i = 0; i < 600; i++)
		KUNIT_ASSERT_EQ(test, memblock_add(FAR(64) + i * M(2), M(1)), 0);
	KUNIT_EXPECT_TRUE(test, memblock.memory_in_slab);
	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 0);
	memblock_discard();
	KUNIT_EXPECT_EQ(test, memblock.memory.cnt, 0UL);
	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 0);
}

/* ---- check, dump, options ---- */

static void memblock_check_finds_test(struct kunit *test)
{
	struct memblock_region *r = memblock.memory.regions;

	memblock_add_node(M(1), M(1), 0, MEMBLOCK_NONE);
	memblock_add_node(M(2), M(1), 1, MEMBLOCK_NONE);
	log_capture_start(&log);
	memblock.memory.cnt = memblock.memory.max + 1;
	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 1);
	memblock.memory.cnt = 2;
	r[1].size = 0;
	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 2);
	r[1].size = PHYS_ADDR_MAX;
	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 3);
	r[1].size = M(1);
	r[0].size = M(2);
	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 4);
	r[0].size = M(1);
	r[1].nid = 0;
	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 5);
	r[1].nid = 1;
	memblock.reserved.total_size = 1;
	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 6);
	memblock.reserved.total_size = 0;
	memblock.memory.regions = __va(real);
	memcpy(memblock.memory.regions, r, 2 * sizeof(*r));
	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 7);
	memblock.memory.regions = r;
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"memblock_check: I4 broken by memory[1] of 2"));
}

static void memblock_dump_test(struct kunit *test)
{
	memblock_add_node(M(1), M(1), 2, MEMBLOCK_HOTPLUG);
	memblock_reserve(M(1), K(4));
	log_capture_start(&log);
	memblock_dump_all();
	memblock.debug = true;
	memblock_dump_all();
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "MEMBLOCK configuration:"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		" memory size = 0x0000000000100000 reserved size = 0x0000000000001000"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, " memory.cnt  = 0x1"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		" memory[0x0]\t[0x0000000000100000-0x00000000001fffff], 0x0000000000100000 bytes on node 2 flags: 0x1"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		" reserved[0x0]\t[0x0000000000100000-0x0000000000100fff], 0x0000000000001000 bytes flags: 0x0"));
}

static void memblock_option_test(struct kunit *test)
{
	log_capture_start(&log);
	parse_early_options("memblock=loud memblock");
	KUNIT_EXPECT_FALSE(test, memblock.debug);
	parse_early_options("memblock=debug");
	KUNIT_EXPECT_TRUE(test, memblock.debug);
	log_capture_end(&log);
}

static void reserve_mem_option_test(struct kunit *test)
{
	phys_addr_t start, size;

	log_capture_start(&log);
	parse_early_options("reserve_mem=1M:4K:trace reserve_mem=1M:4K:trace reserve_mem");
	parse_early_options("reserve_mem=0:4K:a reserve_mem=1M reserve_mem=1M:3:b");
	parse_early_options("reserve_mem=1M:4K: reserve_mem=1M:4K:9lives reserve_mem=1M:4K");
	parse_early_options("reserve_mem=1M:4K:a_name_that_is_too_long");
	KUNIT_EXPECT_EQ(test, memblock.nr_reserve_mem, 1U);
	parse_early_options("reserve_mem=1M:4K:b reserve_mem=1M:4K:c reserve_mem=1M:4K:d reserve_mem=1M:4K:e");
	parse_early_options("reserve_mem=1M:4K:f reserve_mem=1M:4K:g reserve_mem=1M:4K:h reserve_mem=1M:4K:i");
	log_capture_end(&log);
	KUNIT_EXPECT_EQ(test, memblock.nr_reserve_mem,
			(unsigned int)RESERVE_MEM_MAX_ENTRIES);
	/* Nobody has looked for room yet. */
	KUNIT_EXPECT_FALSE(test, reserve_mem_find_by_name("trace", &start,
							  &size));
	memblock.reserve_mem[0].start = M(3);
	KUNIT_EXPECT_TRUE(test, reserve_mem_find_by_name("trace", &start,
							 &size));
	KUNIT_EXPECT_EQ(test, start, M(3));
	KUNIT_EXPECT_EQ(test, size, M(1));
	KUNIT_EXPECT_FALSE(test, reserve_mem_find_by_name("none", &start,
							  &size));
}

static void bootmem_test(struct kunit *test)
{
	pg_data_t *pgdat = first_online_pgdat();
	char *p;

	memblock_add_node(real, REAL_BYTES, pgdat->node_id, MEMBLOCK_NONE);
	p = alloc_bootmem(100);
	KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, 100));
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED(__pa(alloc_bootmem_pages(1)),
					   PAGE_SIZE));
	KUNIT_EXPECT_NOT_NULL(test, alloc_bootmem_node(pgdat, 1));
	KUNIT_EXPECT_NOT_NULL(test, alloc_bootmem_pages_node(pgdat, 1));
	if (real + REAL_BYTES < G(4)) {
		KUNIT_EXPECT_NOT_NULL(test, alloc_bootmem_low(1));
		KUNIT_EXPECT_NOT_NULL(test, alloc_bootmem_low_pages(1));
	}
	KUNIT_EXPECT_NULL(test, alloc_bootmem_nopanic(REAL_BYTES));
	KUNIT_EXPECT_EQ(test, reserve_bootmem(M(1), M(1), BOOTMEM_EXCLUSIVE),
			0);
	KUNIT_EXPECT_EQ(test, reserve_bootmem(M(1), K(4), BOOTMEM_EXCLUSIVE),
			-EBUSY);
	KUNIT_EXPECT_EQ(test, reserve_bootmem(M(1), K(4), BOOTMEM_DEFAULT), 0);
	free_bootmem(M(1), K(512));
	free_bootmem_node(pgdat, M(1) + K(512), K(512));
	KUNIT_EXPECT_FALSE(test, memblock_is_region_reserved(M(1), M(1)));
}

/* A slice of the model test, with this run's seed. */
static void memblock_model_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, memblock_model_run(test->seed, 2000), 0);
}

static struct kunit_case memblock_cases[] = {
	KUNIT_CASE(memblock_starts_empty_test),
	KUNIT_CASE(memblock_add_merges_test),
	KUNIT_CASE(memblock_add_keeps_what_is_there_test),
	KUNIT_CASE(memblock_empty_and_wrapping_ranges_test),
	KUNIT_CASE(memblock_remove_splits_test),
	KUNIT_CASE(memblock_free_by_address_test),
	KUNIT_CASE(memblock_set_node_test),
	KUNIT_CASE(memblock_flags_test),
	KUNIT_CASE(memblock_trim_test),
	KUNIT_CASE(memblock_enforce_limit_test),
	KUNIT_CASE(memblock_cap_test),
	KUNIT_CASE(memblock_questions_test),
	KUNIT_CASE(memblock_numa_coverage_test),
	KUNIT_CASE(memblock_walks_test),
	KUNIT_CASE(memblock_pfn_walk_test),
	KUNIT_CASE(memblock_zone_walk_test),
	KUNIT_CASE(memblock_alloc_directions_test),
	KUNIT_CASE(memblock_alloc_is_zeroed_test),
	KUNIT_CASE(memblock_alloc_nodes_test),
	KUNIT_CASE(memblock_alloc_mirror_test),
	KUNIT_CASE(memblock_alloc_misuse_test),
	KUNIT_CASE(memblock_alloc_edges_test),
	KUNIT_CASE(memblock_alloc_after_hand_over_test),
	KUNIT_CASE(memblock_full_array_test),
	KUNIT_CASE(memblock_growing_finds_no_room_test),
	KUNIT_CASE(memblock_growing_both_full_test),
	KUNIT_CASE(memblock_grows_test),
	KUNIT_CASE(memblock_growing_avoids_new_range_test),
	KUNIT_CASE(memblock_growing_late_test),
	KUNIT_CASE(memblock_check_finds_test),
	KUNIT_CASE(memblock_dump_test),
	KUNIT_CASE(memblock_option_test),
	KUNIT_CASE(reserve_mem_option_test),
	KUNIT_CASE(bootmem_test),
	KUNIT_CASE(memblock_model_test),
	{}
};

static struct kunit_suite memblock_suite = {
	.name = "memblock",
	.init = memblock_test_init,
	.exit = memblock_test_exit,
	.test_cases = memblock_cases,
};
kunit_test_suite(memblock_suite);
