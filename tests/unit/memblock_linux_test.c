// SPDX-License-Identifier: MIT
/*
 * Code as people write it against Linux's memblock: their headers, their
 * types, each call and iterator with Linux's argument list, each field that
 * callers read. It must compile as it stands, and behave.
 *
 * The machine's own memblock is put aside meanwhile. Memory that is written
 * to is a block of the page allocator's; all else are numbers.
 */
#include <linux/cache.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/numa.h>
#include <linux/pfn.h>
#include <linux/string.h>

#include <kunit/test.h>

#define SZ_1M		0x00100000ULL
#define SZ_4M		0x00400000ULL
#define SZ_1G		0x40000000ULL

/* Memory that exists: the largest block. */
#define POOL_ORDER	MAX_PAGE_ORDER
#define POOL_SIZE	(PAGE_SIZE << POOL_ORDER)

static struct memblock_state saved;
static struct page *pool_pages;
static phys_addr_t pool;	/* its address, bytes */

static int memblock_linux_init(struct kunit *test)
{
	pool_pages = alloc_pages(GFP_KERNEL, POOL_ORDER);
	if (!pool_pages)
		return -ENOMEM;
	pool = page_to_phys(pool_pages);
	saved = memblock;
	memset(&memblock, 0, sizeof(memblock));
	memblock_init(&memblock);
	return 0;
}

static void memblock_linux_exit(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 0);
	memblock = saved;
	__free_pages(pool_pages, POOL_ORDER);
}

/* Two nodes of 1 GiB, a hole between them, a reserved MiB in each. */
static void describe(void)
{
	memblock_add_node(0, SZ_1G, 0, MEMBLOCK_NONE);
	memblock_add_node(2 * SZ_1G, SZ_1G, 1, MEMBLOCK_HOTPLUG);
	memblock_reserve(SZ_1M, SZ_1M);
	memblock_reserve(2 * SZ_1G, SZ_1M);
}

/* ---- what setup_arch() does ---- */

/* From a map, as e820__memblock_setup() does it. */
static void arch_setup_test(struct kunit *test)
{
	static const struct {
		u64 addr, size;
		bool soft_reserved;
	} map[] = {
		{ 0x1000, 0x9e000, false }, { SZ_1M, SZ_1G - SZ_1M, false },
		{ SZ_1G + 0x800, 0x2000, false }, { 3 * SZ_1G, SZ_1M, true },
	};
	int i;

	memblock_allow_resize();
	for (i = 0; i < ARRAY_SIZE(map); i++) {
		u64 end = map[i].addr + map[i].size;

		if (end != (resource_size_t)end)
			continue;
		if (map[i].soft_reserved)
			memblock_reserve(map[i].addr, map[i].size);
		else
			memblock_add(map[i].addr, map[i].size);
	}
	memblock_trim_memory(PAGE_SIZE);
	memblock_dump_all();

	KUNIT_EXPECT_EQ(test, memblock.memory.cnt, 3UL);
	KUNIT_EXPECT_EQ(test, memblock.reserved.cnt, 1UL);
	KUNIT_EXPECT_EQ(test, memblock_start_of_DRAM(), 0x1000ULL);
	KUNIT_EXPECT_EQ(test, memblock_end_of_DRAM(), SZ_1G + 0x2000);
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(),
			0x9e000 + SZ_1G - SZ_1M + 0x1000);
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), SZ_1M);
	KUNIT_EXPECT_EQ(test, memblock.memory.regions[0].size, 0x9e000ULL);
	KUNIT_EXPECT_STREQ(test, memblock.memory.name, "memory");
	KUNIT_EXPECT_STREQ(test, memblock.reserved.name, "reserved");
}

/* As arm64's arch code cuts memory to what it can map. */
static void limits_test(struct kunit *test)
{
	describe();
	memblock_remove(2 * SZ_1G + SZ_4M, ULLONG_MAX);
	KUNIT_EXPECT_EQ(test, memblock_end_of_DRAM(), 2 * SZ_1G + SZ_4M);
	memblock_cap_memory_range(0, SZ_1G);
	KUNIT_EXPECT_EQ(test, memblock.memory.cnt, 1UL);
	KUNIT_EXPECT_EQ(test, memblock.reserved.cnt, 1UL);
	memblock_mem_limit_remove_map(64 * SZ_1M);
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), 64 * SZ_1M);
	memblock_enforce_memory_limit(32 * SZ_1M);
	KUNIT_EXPECT_EQ(test, memblock_end_of_DRAM(), 32 * SZ_1M);

	memblock_set_current_limit(SZ_4M);
	KUNIT_EXPECT_EQ(test, memblock.current_limit, SZ_4M);
	KUNIT_EXPECT_EQ(test, memblock_get_current_limit(), SZ_4M);
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE),
			SZ_4M - PAGE_SIZE);
	memblock.current_limit = 2 * SZ_4M;
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE),
			2 * SZ_4M - PAGE_SIZE);
	memblock_set_bottom_up(true);
	KUNIT_EXPECT_TRUE(test, memblock_bottom_up());
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE),
			(phys_addr_t)PAGE_SIZE);
}

/* ---- allocating ---- */

static bool all_zero(const void *p, size_t n)
{
	const u8 *b = p;

	while (n && !*b)
		b++, n--;
	return !n;
}

static void alloc_test(struct kunit *test)
{
	phys_addr_t used;
	void *p, *q;

	memset(__va(pool), 0x5a, POOL_SIZE);
	memblock_add(pool, POOL_SIZE);
	memblock_set_current_limit(pool + POOL_SIZE);
	p = memblock_alloc(1000, SMP_CACHE_BYTES);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_TRUE(test, all_zero(p, 1000));
	KUNIT_EXPECT_EQ(test, __pa(p) % SMP_CACHE_BYTES, 0UL);
	KUNIT_EXPECT_TRUE(test, memblock_is_region_reserved(__pa(p), 1000));
	q = memblock_alloc_or_panic(L1_CACHE_ALIGN(3), SMP_CACHE_BYTES);
	KUNIT_EXPECT_TRUE(test, all_zero(q, L1_CACHE_BYTES));
	memblock_free(q, L1_CACHE_ALIGN(3));

	q = memblock_alloc_raw(PAGE_SIZE, PAGE_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, q);
	KUNIT_EXPECT_EQ(test, *(u8 *)q, 0x5a);
	memblock_free(q, PAGE_SIZE);
	q = memblock_alloc_from(PAGE_SIZE, PAGE_SIZE, pool + SZ_1M);
	KUNIT_EXPECT_TRUE(test, __pa(q) >= pool + SZ_1M);
	q = memblock_alloc_node(PAGE_SIZE, PAGE_SIZE, NUMA_NO_NODE);
	KUNIT_EXPECT_NOT_NULL(test, q);
	q = memblock_alloc_try_nid(64, SMP_CACHE_BYTES, MEMBLOCK_LOW_LIMIT,
				   MEMBLOCK_ALLOC_ACCESSIBLE,
				   NUMA_NO_NODE);
	KUNIT_EXPECT_NOT_NULL(test, q);
	used = memblock_reserved_size();
	memblock_phys_free(__pa(q), 64);
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), used - 64);
	KUNIT_EXPECT_NULL(test, memblock_alloc(2 * POOL_SIZE,
					       SMP_CACHE_BYTES));
}

/* As crash kernels, CMA and page tables of nodes take their memory. */
static void phys_alloc_test(struct kunit *test)
{
	phys_addr_t base;

	describe();
	base = memblock_phys_alloc_range(SZ_4M, SZ_4M, SZ_1M, 64 * SZ_1M);
	KUNIT_EXPECT_EQ(test, base, 60 * SZ_1M);
	base = memblock_phys_alloc_range(SZ_4M, PAGE_SIZE, SZ_1G, 2 * SZ_1G);
	KUNIT_EXPECT_EQ(test, base, 0ULL);
	base = memblock_alloc_range_nid(PAGE_SIZE, PAGE_SIZE, 0,
					MEMBLOCK_ALLOC_ANYWHERE, 1, true);
	KUNIT_EXPECT_EQ(test, base, 3 * SZ_1G - PAGE_SIZE);
	base = memblock_phys_alloc_try_nid(PAGE_SIZE, PAGE_SIZE, 0);
	KUNIT_EXPECT_EQ(test, base, SZ_1G - PAGE_SIZE);
}

/* ---- iterators ---- */

static void region_iterators_test(struct kunit *test)
{
	struct memblock_region *r;
	phys_addr_t memory = 0, reserved = 0;
	unsigned long pages = 0;
	int nodes = 0;

	describe();
	for_each_mem_region(r) {
		memory += r->size;
		pages += memblock_region_memory_end_pfn(r) -
			 memblock_region_memory_base_pfn(r);
		nodes |= 1 << memblock_get_region_node(r);
		KUNIT_EXPECT_EQ(test, memblock_is_hotpluggable(r),
				r->base == 2 * SZ_1G);
		KUNIT_EXPECT_FALSE(test, memblock_is_nomap(r));
		KUNIT_EXPECT_FALSE(test, memblock_is_mirror(r));
		KUNIT_EXPECT_FALSE(test, memblock_is_driver_managed(r));
	}
	for_each_reserved_mem_region(r)
		reserved += PFN_PHYS(memblock_region_reserved_end_pfn(r) -
				     memblock_region_reserved_base_pfn(r));
	KUNIT_EXPECT_EQ(test, memory, 2 * SZ_1G);
	KUNIT_EXPECT_EQ(test, pages, (unsigned long)PFN_DOWN(2 * SZ_1G));
	KUNIT_EXPECT_EQ(test, reserved, 2 * SZ_1M);
	KUNIT_EXPECT_EQ(test, nodes, 3);
}

static void range_iterators_test(struct kunit *test)
{
	phys_addr_t start, end, up = 0, down = 0, first = 0, reserved = 0;
	u64 i;

	describe();
	memblock_mark_nomap(SZ_4M, SZ_1M);
	for_each_mem_range(i, &start, &end)
		up += end - start;
	for_each_mem_range_rev(i, &start, &end) {
		down += end - start;
		first = start;
	}
	for_each_reserved_mem_range(i, &start, &end)
		reserved += end - start;
	KUNIT_EXPECT_EQ(test, up, 2 * SZ_1G - SZ_1M);
	KUNIT_EXPECT_EQ(test, down, up);
	KUNIT_EXPECT_EQ(test, first, 0ULL);
	KUNIT_EXPECT_EQ(test, reserved, 2 * SZ_1M);
}

/* As memtest, the page allocator's hand-over and EFI's search walk them. */
static void free_range_iterators_test(struct kunit *test)
{
	phys_addr_t start, end, all = 0, last = 0, one = 0;
	u64 loop_cnt;
	int nid;

	describe();
	for_each_free_mem_range(loop_cnt, NUMA_NO_NODE, MEMBLOCK_HOTPLUG,
				&start, &end, NULL)
		all += end - start;
	KUNIT_EXPECT_EQ(test, all, 2 * SZ_1G - 2 * SZ_1M);
	for_each_free_mem_range(loop_cnt, 1, MEMBLOCK_HOTPLUG, &start, &end,
				&nid) {
		one += end - start;
		KUNIT_EXPECT_EQ(test, nid, 1);
	}
	KUNIT_EXPECT_EQ(test, one, SZ_1G - SZ_1M);
	for_each_free_mem_range_reverse(loop_cnt, NUMA_NO_NODE, MEMBLOCK_NONE,
					&start, &end, NULL) {
		last = end;
		break;
	}
	KUNIT_EXPECT_EQ(test, last, 3 * SZ_1G);
}

static void pfn_range_iterators_test(struct kunit *test)
{
	unsigned long start_pfn, end_pfn, pages = 0;
	int i, this_nid, nid = 1;

	describe();
	for_each_mem_pfn_range(i, MAX_NUMNODES, &start_pfn, &end_pfn,
			       &this_nid) {
		pages += end_pfn - start_pfn;
		KUNIT_EXPECT_EQ(test, this_nid, i);
	}
	KUNIT_EXPECT_EQ(test, pages, (unsigned long)PFN_DOWN(2 * SZ_1G));
	for_each_mem_pfn_range(i, nid, &start_pfn, &end_pfn, NULL)
		KUNIT_EXPECT_EQ(test, start_pfn,
				(unsigned long)PFN_DOWN(2 * SZ_1G));
	KUNIT_EXPECT_EQ(test, memblock_search_pfn_nid(PFN_DOWN(SZ_1M),
						      &start_pfn, &end_pfn),
			0);
	KUNIT_EXPECT_EQ(test, end_pfn, (unsigned long)PFN_DOWN(SZ_1G));
}

/* As deferred initialisation finds its work, with and without a restart. */
static void zone_iterators_test(struct kunit *test)
{
	struct zone *zone = &page_pgdat(pool_pages)->node_zones[
				page_zonenum(pool_pages)];
	unsigned long spfn, epfn, pages = 0, again = 0;
	u64 i;

	memblock_add_node(pool, POOL_SIZE, page_to_nid(pool_pages),
			  MEMBLOCK_NONE);
	memblock_reserve(pool + SZ_1M, PAGE_SIZE);
	for_each_free_mem_pfn_range_in_zone(i, zone, &spfn, &epfn)
		pages += epfn - spfn;
	KUNIT_EXPECT_EQ(test, pages, (1UL << POOL_ORDER) - 1);
	i = 0;
	__next_mem_pfn_range_in_zone(&i, zone, &spfn, &epfn);
	for_each_free_mem_pfn_range_in_zone_from(i, zone, &spfn, &epfn)
		again += epfn - spfn;
	KUNIT_EXPECT_EQ(test, again, pages);
}

/* ---- questions and flags ---- */

static void questions_test(struct kunit *test)
{
	describe();
	KUNIT_EXPECT_TRUE(test, memblock_is_memory(SZ_1M));
	KUNIT_EXPECT_FALSE(test, memblock_is_memory(SZ_1G));
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(SZ_1M));
	KUNIT_EXPECT_TRUE(test, memblock_is_region_memory(0, SZ_1G));
	KUNIT_EXPECT_FALSE(test, memblock_is_region_memory(SZ_1M, SZ_1G));
	KUNIT_EXPECT_TRUE(test, memblock_is_region_reserved(0, SZ_4M));
	KUNIT_EXPECT_TRUE(test, memblock_overlaps_region(&memblock.reserved,
							 0, SZ_4M));
	KUNIT_EXPECT_TRUE(test, memblock_addrs_overlap(0, SZ_4M, SZ_1M,
						       SZ_1M));
	KUNIT_EXPECT_FALSE(test, memblock_has_mirror());
	KUNIT_EXPECT_EQ(test, memblock_mark_nomap(0, SZ_1M), 0);
	KUNIT_EXPECT_FALSE(test, memblock_is_map_memory(0));
	KUNIT_EXPECT_TRUE(test, memblock_is_memory(0));
	KUNIT_EXPECT_EQ(test, memblock_clear_nomap(0, SZ_1M), 0);
	KUNIT_EXPECT_TRUE(test, memblock_is_map_memory(0));
	KUNIT_EXPECT_EQ(test, memblock_clear_hotplug(2 * SZ_1G, SZ_1G), 0);
	KUNIT_EXPECT_EQ(test, memblock_mark_hotplug(0, SZ_1M), 0);
	KUNIT_EXPECT_EQ(test, memblock_reserved_mark_noinit(SZ_1M, SZ_1M), 0);
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved_noinit(
				&memblock.reserved.regions[0]));
	KUNIT_EXPECT_EQ(test, memblock_set_node(0, ULLONG_MAX,
						&memblock.memory, 0), 0);
	KUNIT_EXPECT_EQ(test, memblock.memory.cnt, 3UL);
}

static struct kunit_case memblock_linux_cases[] = {
	KUNIT_CASE(arch_setup_test),
	KUNIT_CASE(limits_test),
	KUNIT_CASE(alloc_test),
	KUNIT_CASE(phys_alloc_test),
	KUNIT_CASE(region_iterators_test),
	KUNIT_CASE(range_iterators_test),
	KUNIT_CASE(free_range_iterators_test),
	KUNIT_CASE(pfn_range_iterators_test),
	KUNIT_CASE(zone_iterators_test),
	KUNIT_CASE(questions_test),
	{}
};

static struct kunit_suite memblock_linux_suite = {
	.name = "memblock_linux",
	.init = memblock_linux_init,
	.exit = memblock_linux_exit,
	.test_cases = memblock_linux_cases,
};
kunit_test_suite(memblock_linux_suite);
