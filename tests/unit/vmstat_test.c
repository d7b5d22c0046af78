// SPDX-License-Identifier: MIT
/* Sums of counters, at their edges; figures that follow from them. */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

/* Counters that are added to one by one may be read as below nothing. */
static void negative_sum_test(struct kunit *test)
{
	struct zone *zone = page_zone(pfn_to_page(min_low_pfn));
	unsigned long was = global_zone_page_state(NR_BOUNCE);

	KUNIT_EXPECT_EQ(test, was, 0UL);
	atomic_long_set(&zone->vm_stat[NR_BOUNCE], -5);
	KUNIT_EXPECT_EQ(test, global_zone_page_state(NR_BOUNCE), 0UL);
	atomic_long_set(&zone->vm_stat[NR_BOUNCE], 7);
	KUNIT_EXPECT_EQ(test, global_zone_page_state(NR_BOUNCE), 7UL);
	atomic_long_set(&zone->vm_stat[NR_BOUNCE], 0);
}

static void empty_zone_test(struct kunit *test)
{
	struct zone *device =
		&first_online_pgdat()->node_zones[MAX_NR_ZONES - 1];
	static struct zone_free_info info;
	unsigned long count[MIGRATE_TYPES];

	if (populated_zone(device))
		kunit_skip(test, "a machine with every zone");
	info.nr_free[0] = 1;
	zone_free_info(device, &info);
	KUNIT_EXPECT_NULL(test, memchr_inv(&info, 0, sizeof(info)));
	zone_pageblock_info(device, count);
	KUNIT_EXPECT_NULL(test, memchr_inv(count, 0, sizeof(count)));
}

/* Page cache and slabs count as available but for what must stay. */
static void available_test(struct kunit *test)
{
	struct pglist_data *pgdat = first_online_pgdat();
	unsigned long low = 0, background, dirty, more;
	struct zone *zone;
	long plain = si_mem_available(), with;

	for_each_populated_zone(zone)
		low += low_wmark_pages(zone);
	mod_node_page_state(pgdat, NR_INACTIVE_FILE, (long)low * 10);
	with = si_mem_available();
	mod_node_page_state(pgdat, NR_INACTIVE_FILE, -(long)low * 10);
	/* Other threads may take or give pages meanwhile. */
	KUNIT_EXPECT_LE(test, with - plain, (long)low * 9 + 64);
	KUNIT_EXPECT_GE(test, with - plain, (long)low * 9 - 64);
	mod_node_page_state(pgdat, NR_KERNEL_MISC_RECLAIMABLE, (long)low * 4);
	with = si_mem_available();
	mod_node_page_state(pgdat, NR_KERNEL_MISC_RECLAIMABLE, -(long)low * 4);
	KUNIT_EXPECT_LE(test, with - plain, (long)low * 3 + 64);
	KUNIT_EXPECT_GE(test, with - plain, (long)low * 3 - 64);
	/* All reserved: nothing is, and no sum goes below that. */
	more = totalram_pages();
	this_machine()->page_alloc.totalreserve_pages += more;
	KUNIT_EXPECT_EQ(test, si_mem_available(), 0L);
	global_dirty_limits(&background, &dirty);
	KUNIT_EXPECT_EQ(test, dirty, 0UL);
	this_machine()->page_alloc.totalreserve_pages -= more;
}

static void names_test(struct kunit *test)
{
	char buf[64];

	/* A bit that no name stands for, alone and after one that has. */
	KUNIT_EXPECT_STREQ(test, gfp_flags_format(buf, sizeof(buf),
			__GFP_ZERO | 0x2000000u), "__GFP_ZERO|0x2000000");
}

static struct kunit_case vmstat_cases[] = {
	KUNIT_CASE(negative_sum_test),
	KUNIT_CASE(empty_zone_test),
	KUNIT_CASE(available_test),
	KUNIT_CASE(names_test),
	{ 0 }
};

static struct kunit_suite vmstat_suite = {
	.name = "vmstat",
	.test_cases = vmstat_cases,
};
kunit_test_suite(vmstat_suite);
