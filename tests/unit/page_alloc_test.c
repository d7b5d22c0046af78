// SPDX-License-Identifier: MIT
/* Page calls: what they give, from where, how they fail, how they take back. */
#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/vmstat.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>

#include "../../mm/page/internal.h"

#include "log_capture.h"
#include "page_snapshot.h"

static struct page_snapshot before;

static int snapshot_init(struct kunit *test)
{
	before = page_snapshot_take();
	return 0;
}

static void snapshot_exit(struct kunit *test)
{
	page_snapshot_check(test, &before);
}

static void every_order_test(struct kunit *test)
{
	unsigned int order;

	for (order = 0; order <= MAX_PAGE_ORDER; order++) {
		struct page *page = alloc_pages(GFP_KERNEL, order);
		unsigned long i;

		KUNIT_ASSERT_NOT_NULL(test, page);
		KUNIT_EXPECT_TRUE(test, IS_ALIGNED(page_to_pfn(page),
						   1UL << order));
		KUNIT_EXPECT_EQ(test, page_count(page), 1);
		KUNIT_EXPECT_FALSE(test, PageCompound(page));
		for (i = 1; i < 1UL << order; i++)
			KUNIT_EXPECT_EQ(test, page_ref_count(page + i), 0);
		memset(page_address(page), 0xa5, PAGE_SIZE << order);
		__free_pages(page, order);
	}
}

static void order_too_large_test(struct kunit *test)
{
	static struct log_capture log;

	KUNIT_EXPECT_NULL(test, alloc_pages(GFP_KERNEL | __GFP_NOWARN,
					    MAX_PAGE_ORDER + 1));
	log_capture_start(&log);
	KUNIT_EXPECT_NULL(test, alloc_pages(GFP_KERNEL, MAX_PAGE_ORDER + 1));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"page allocation of order 11, the largest is 10"));
}

static void refused_requests_test(struct kunit *test)
{
	static struct log_capture log;

	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, __get_free_pages(GFP_HIGHUSER, 0), 0UL);
	KUNIT_EXPECT_NULL(test, alloc_page(__GFP_DMA | __GFP_DMA32));
	KUNIT_EXPECT_NULL(test, alloc_page(__GFP_MOVABLE | __GFP_RECLAIMABLE));
	KUNIT_EXPECT_NULL(test, __alloc_pages(GFP_KERNEL, 0, MAX_NUMNODES,
					      NULL));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "has no address"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "more than one zone"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "movable and reclaimable"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "which is not online"));
}

static void zones_test(struct kunit *test)
{
	const struct {
		gfp_t gfp;
		enum zone_type highest;
	} cases[] = {
		{ GFP_KERNEL, ZONE_NORMAL },
		{ GFP_KERNEL | GFP_DMA, ZONE_DMA },
		{ GFP_KERNEL | GFP_DMA32,
		  zone_type_known(ZONE_DMA32) ? ZONE_DMA32 : ZONE_NORMAL },
		{ GFP_HIGHUSER, ZONE_HIGHMEM },
		{ GFP_HIGHUSER_MOVABLE, ZONE_MOVABLE },
		{ GFP_KERNEL | __GFP_MOVABLE, ZONE_NORMAL },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct page *page = alloc_page(cases[i].gfp);

		KUNIT_EXPECT_EQ(test, (int)gfp_zone(cases[i].gfp),
				(int)cases[i].highest);
		KUNIT_ASSERT_NOT_NULL(test, page);
		KUNIT_EXPECT_LE(test, (int)page_zonenum(page),
				(int)cases[i].highest);
		if (cases[i].highest == ZONE_DMA)
			KUNIT_EXPECT_LT(test, page_to_pfn(page), MAX_DMA_PFN);
		if (cases[i].gfp & __GFP_DMA32)
			KUNIT_EXPECT_LT(test, page_to_pfn(page),
					MAX_DMA32_PFN);
		__free_page(page);
	}
}

static void nodes_test(struct kunit *test)
{
	int nid;

	for_each_online_node(nid) {
		gfp_t gfp = GFP_KERNEL | __GFP_THISNODE | __GFP_NOWARN;
		struct page *page = alloc_pages_node(nid, gfp, 0);

		if (!page)
			continue;
		KUNIT_EXPECT_EQ(test, page_to_nid(page), nid);
		__free_page(page);
	}
	{
		struct page *page = alloc_pages_node(NUMA_NO_NODE, GFP_KERNEL,
						     0);

		KUNIT_ASSERT_NOT_NULL(test, page);
		__free_page(page);
	}
}

static void nodemask_test(struct kunit *test)
{
	int nid;

	for_each_online_node(nid) {
		nodemask_t mask;
		struct page *page;

		nodes_clear(mask);
		node_set(nid, mask);
		page = __alloc_pages(GFP_KERNEL | __GFP_NOWARN, 0,
				     numa_node_id(), &mask);
		if (!page)
			continue;
		KUNIT_EXPECT_EQ(test, page_to_nid(page), nid);
		__free_page(page);
	}
}

static void empty_nodemask_test(struct kunit *test)
{
	static struct log_capture log;
	nodemask_t none;

	nodes_clear(none);
	log_capture_start(&log);
	KUNIT_EXPECT_NULL(test, __alloc_pages(GFP_KERNEL, 0, numa_node_id(),
					      &none));
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"page allocation failure: order:0, mode:0xcc0(GFP_KERNEL), nodemask="));
}

static void zero_test(struct kunit *test)
{
	unsigned long addr = __get_free_pages(GFP_KERNEL, 2);

	KUNIT_ASSERT_TRUE(test, addr);
	memset((void *)addr, 0xff, PAGE_SIZE << 2);
	free_pages(addr, 2);
	addr = __get_free_pages(GFP_KERNEL | __GFP_ZERO, 2);
	KUNIT_ASSERT_TRUE(test, addr);
	KUNIT_EXPECT_NULL(test, memchr_inv((void *)addr, 0, PAGE_SIZE << 2));
	free_pages(addr, 2);
	addr = get_zeroed_page(GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, addr);
	KUNIT_EXPECT_NULL(test, memchr_inv((void *)addr, 0, PAGE_SIZE));
	free_page(addr);
	free_page(0);
}

static void addresses_test(struct kunit *test)
{
	unsigned long addr = __get_free_page(GFP_KERNEL);
	struct page *page;

	KUNIT_ASSERT_TRUE(test, addr);
	page = virt_to_page((void *)addr);
	KUNIT_EXPECT_PTR_EQ(test, page_address(page), (void *)addr);
	KUNIT_EXPECT_PTR_EQ(test, pfn_to_page(page_to_pfn(page)), page);
	KUNIT_EXPECT_EQ(test, page_to_phys(page), __pa(addr));
	KUNIT_EXPECT_TRUE(test, virt_addr_valid((void *)addr));
	KUNIT_EXPECT_FALSE(test, virt_addr_valid((void *)8));
	free_page(addr);
	addr = __get_dma_pages(GFP_KERNEL, 1);
	KUNIT_ASSERT_TRUE(test, addr);
	KUNIT_EXPECT_LT(test, __pa(addr), 16ULL << 20);
	free_pages(addr, 1);
}

static void split_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, 3);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, page);
	split_page(page, 3);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, page_count(page + i), 1);
	for (i = 7; i >= 0; i--)
		__free_page(page + i);
	page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	split_page(page, 0);
	__free_page(page);
}

static void exact_test(struct kunit *test)
{
	unsigned long free_before = global_zone_page_state(NR_FREE_PAGES);
	void *p = alloc_pages_exact(5 * PAGE_SIZE + 1, GFP_KERNEL);
	unsigned long taken;

	KUNIT_ASSERT_NOT_NULL(test, p);
	taken = free_before - global_zone_page_state(NR_FREE_PAGES);
	/* Other threads of a booted kernel may take pages meanwhile. */
	KUNIT_EXPECT_GE(test, taken, 6UL);
	memset(p, 0x5a, 5 * PAGE_SIZE + 1);
	free_pages_exact(p, 5 * PAGE_SIZE + 1);
	p = alloc_pages_exact_nid(numa_node_id(), PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, p);
	free_pages_exact(p, PAGE_SIZE);
	KUNIT_EXPECT_NULL(test, alloc_pages_exact(0, GFP_KERNEL |
						  __GFP_NOWARN));
}

static void exact_flags_test(struct kunit *test)
{
	static struct log_capture log;
	void *p;

	log_capture_start(&log);
	p = alloc_pages_exact(PAGE_SIZE, GFP_KERNEL | __GFP_COMP);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "neither compound"));
	KUNIT_ASSERT_NOT_NULL(test, p);
	free_pages_exact(p, PAGE_SIZE);
}

static void bulk_test(struct kunit *test)
{
	struct page *pages[20] = { NULL };
	unsigned long i;

	pages[0] = alloc_page(GFP_KERNEL);
	pages[5] = alloc_page(GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, alloc_pages_bulk_array(GFP_KERNEL, 20, pages),
			20UL);
	for (i = 0; i < 20; i++) {
		KUNIT_ASSERT_NOT_NULL(test, pages[i]);
		KUNIT_EXPECT_EQ(test, page_count(pages[i]), 1);
	}
	KUNIT_EXPECT_EQ(test, alloc_pages_bulk_array(GFP_KERNEL, 20, pages),
			20UL);
	release_pages(pages, 20);
	memset(pages, 0, sizeof(pages));
	KUNIT_EXPECT_EQ(test, alloc_pages_bulk_array_node(GFP_KERNEL,
			NUMA_NO_NODE, 3, pages), 3UL);
	release_pages(pages, 3);
	KUNIT_EXPECT_EQ(test, alloc_pages_bulk_array(GFP_KERNEL, 0, pages),
			0UL);
}

/* A reference that somebody else holds when the owner frees the block. */
static void held_block_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, 3);

	KUNIT_ASSERT_NOT_NULL(test, page);
	get_page(page);
	__free_pages(page, 3);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	KUNIT_EXPECT_EQ(test, page_count(page + 1), 0);
	put_page(page);
}

static void fail_nth_test(struct kunit *test)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	long failed = atomic_long_read(&pa->nr_failed);
	struct page *page;

	page_alloc_fail_nth(2);
	page = alloc_page(GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, page);
	KUNIT_EXPECT_NULL(test, alloc_page(GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, atomic_long_read(&pa->nr_failed), failed + 1);
	if (page)
		__free_page(page);
	page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

/* Every zone down to its last page, and back. */
static void exhaust_test(struct kunit *test)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		u64 chain = 0, next;
		struct page *page;

		/* Large zones of a booted kernel: the tour does those. */
		if (zone_managed_pages(zone) > 1UL << 15)
			continue;
		/* Lower zones of the node go before this one's last pages. */
		while ((page = alloc_pages_node(zone_to_nid(zone),
						zone_only_gfp(zone), 0))) {
			set_page_private(page, chain);
			chain = page_to_pfn(page) + 1;
		}
		KUNIT_EXPECT_EQ(test, zone_page_state(zone, NR_FREE_PAGES),
				0UL);
		for (; chain; chain = next) {
			page = pfn_to_page((unsigned long)chain - 1);
			next = page_private(page);
			set_page_private(page, 0);
			__free_page(page);
		}
	}
}

static void events_test(struct kunit *test)
{
	static unsigned long a[NR_VM_EVENT_ITEMS], b[NR_VM_EVENT_ITEMS];
	struct page *page;
	enum vm_event_item item;

	all_vm_events(a);
	page = alloc_pages(GFP_KERNEL, 2);
	KUNIT_ASSERT_NOT_NULL(test, page);
	item = (enum vm_event_item)(PGALLOC_DMA + page_zonenum(page));
	__free_pages(page, 2);
	all_vm_events(b);
	KUNIT_EXPECT_GE(test, b[item] - a[item], 4UL);
	KUNIT_EXPECT_GE(test, b[PGFREE] - a[PGFREE], 4UL);
}

static void numa_counters_test(struct kunit *test)
{
	int nid;

	for_each_online_node(nid) {
		unsigned long hit = sum_zone_numa_event_state(nid, NUMA_HIT);
		struct page *page = alloc_pages_node(nid, GFP_KERNEL |
					__GFP_THISNODE | __GFP_NOWARN, 0);

		if (!page)
			continue;
		KUNIT_EXPECT_GT(test, sum_zone_numa_event_state(nid, NUMA_HIT),
				hit);
		__free_page(page);
	}
}

static void flag_names_test(struct kunit *test)
{
	char buf[128];

	KUNIT_EXPECT_STREQ(test, gfp_flags_format(buf, sizeof(buf),
			GFP_KERNEL | __GFP_ZERO), "GFP_KERNEL|__GFP_ZERO");
	KUNIT_EXPECT_STREQ(test, gfp_flags_format(buf, sizeof(buf), 0),
			   "none");
	KUNIT_EXPECT_STREQ(test, gfp_flags_format(buf, sizeof(buf),
			GFP_ATOMIC), "GFP_ATOMIC");
	KUNIT_EXPECT_STREQ(test, gfp_flags_format(buf, sizeof(buf),
			GFP_HIGHUSER_MOVABLE | __GFP_COMP),
			"GFP_HIGHUSER_MOVABLE|__GFP_COMP");
	KUNIT_EXPECT_STREQ(test, gfp_flags_format(buf, sizeof(buf),
			0x2000000u), "0x2000000");
}

static void atomic_context_test(struct kunit *test)
{
	static struct log_capture log;
	struct page *page;

	log_capture_start(&log);
	preempt_disable();
	page = alloc_page(GFP_KERNEL);
	preempt_enable();
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"BUG: sleeping function called from invalid context"));
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
	log_capture_start(&log);
	preempt_disable();
	page = alloc_page(GFP_ATOMIC);
	preempt_enable();
	log_capture_end(&log);
	KUNIT_EXPECT_FALSE(test, log_captured(&log, "BUG:"));
	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

static void show_mem_test(struct kunit *test)
{
	static struct log_capture log;

	log_capture_start(&log);
	show_mem();
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "Mem-Info:"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "active_anon:0"));
}

static void meminfo_test(struct kunit *test)
{
	struct sysinfo all, node;
	unsigned long total = 0;
	int nid;

	si_meminfo(&all);
	for_each_online_node(nid) {
		si_meminfo_node(&node, nid);
		total += node.totalram;
	}
	KUNIT_EXPECT_EQ(test, all.totalram, totalram_pages());
	KUNIT_EXPECT_EQ(test, total, all.totalram);
	KUNIT_EXPECT_LE(test, all.freeram, all.totalram);
	KUNIT_EXPECT_LE(test, si_mem_available(), (long)all.freeram);
	KUNIT_EXPECT_GT(test, si_mem_available(), 0L);
}

static void vmstat_text_test(struct kunit *test)
{
	static unsigned long v[NR_VMSTAT_ITEMS];
	unsigned int i;

	vmstat_read(v);
	for (i = 0; i < NR_VMSTAT_ITEMS; i++)
		KUNIT_EXPECT_NOT_NULL(test, vmstat_text[i]);
	KUNIT_EXPECT_STREQ(test, vmstat_text[0], "nr_free_pages");
	KUNIT_EXPECT_STREQ(test, numa_stat_name(NUMA_HIT), "numa_hit");
	KUNIT_EXPECT_STREQ(test, node_stat_name(PGDEMOTE_KHUGEPAGED),
			   "pgdemote_khugepaged");
	KUNIT_EXPECT_STREQ(test, vm_stat_name(NR_MEMMAP_BOOT_PAGES),
			   "nr_memmap_boot_pages");
	KUNIT_EXPECT_STREQ(test, vm_event_name(PGALLOC_DMA32),
			   "pgalloc_dma32");
	KUNIT_EXPECT_STREQ(test, zone_stat_name(NR_UNACCEPTED),
			   "nr_unaccepted");
	KUNIT_EXPECT_EQ(test, v[0], global_zone_page_state(NR_FREE_PAGES));
	KUNIT_EXPECT_TRUE(test, vmstat_shown(0));
	KUNIT_EXPECT_FALSE(test, vmstat_shown(NR_VMSTAT_ITEMS));
}

/* Every order comes zeroed, and nothing beyond it is touched. */
static void zeroed_test(struct kunit *test)
{
	unsigned int order;

	for (order = 0; order < MAX_PAGE_ORDER; order++) {
		struct page *page = alloc_pages(GFP_KERNEL, order + 1);
		size_t bytes = PAGE_SIZE << order, i;
		unsigned char *p, wrong = 0;

		KUNIT_ASSERT_NOT_NULL(test, page);
		p = page_address(page);
		memset(p, 0xa5, 2 * bytes);
		pages_zero(page, order);
		for (i = 0; i < bytes; i++)
			wrong |= p[i] | (p[bytes + i] ^ 0xa5);
		KUNIT_CHECK(test, !wrong, 0, "order %u", order);
		__free_pages(page, order + 1);
	}
}

static struct kunit_case page_alloc_cases[] = {
	KUNIT_CASE(zeroed_test),
	KUNIT_CASE(every_order_test),
	KUNIT_CASE(order_too_large_test),
	KUNIT_CASE(refused_requests_test),
	KUNIT_CASE(zones_test),
	KUNIT_CASE(nodes_test),
	KUNIT_CASE(nodemask_test),
	KUNIT_CASE(empty_nodemask_test),
	KUNIT_CASE(zero_test),
	KUNIT_CASE(addresses_test),
	KUNIT_CASE(split_test),
	KUNIT_CASE(exact_test),
	KUNIT_CASE(exact_flags_test),
	KUNIT_CASE(bulk_test),
	KUNIT_CASE(held_block_test),
	KUNIT_CASE(fail_nth_test),
	KUNIT_CASE(exhaust_test),
	KUNIT_CASE(events_test),
	KUNIT_CASE(numa_counters_test),
	KUNIT_CASE(flag_names_test),
	KUNIT_CASE(atomic_context_test),
	KUNIT_CASE(show_mem_test),
	KUNIT_CASE(meminfo_test),
	KUNIT_CASE(vmstat_text_test),
	{ 0 }
};

static struct kunit_suite page_alloc_suite = {
	.name = "page_alloc",
	.init = snapshot_init,
	.exit = snapshot_exit,
	.test_cases = page_alloc_cases,
};
kunit_test_suite(page_alloc_suite);
