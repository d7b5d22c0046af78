// SPDX-License-Identifier: MIT
/*
 * The files under /proc/sys/vm: what each shows, takes and refuses, and that
 * what is set has taken effect when the call returns.
 */
#include <kunit/test.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/proc_fs.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

#include "../../mm/page/pcp.h"
#include "../../mm/upcalls.h"
#include "by_width.h"
#include "text_capture.h"

#define VM	"sys/vm/"

static char why[160];
/* Settings as they were, to be as they were again. */
static struct page_alloc_state was;

static int settings_init(struct kunit *test)
{
	was = this_machine()->page_alloc;
	return 0;
}

static void settings_exit(struct kunit *test)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;

	pa->min_free_kbytes = was.min_free_kbytes;
	pa->user_min_free_kbytes = was.user_min_free_kbytes;
	pa->watermark_scale_factor = was.watermark_scale_factor;
	pa->watermark_boost_factor = was.watermark_boost_factor;
	pa->percpu_pagelist_high_fraction = was.percpu_pagelist_high_fraction;
	pa->dirty_background_ratio = was.dirty_background_ratio;
	pa->dirty_background_bytes = was.dirty_background_bytes;
	pa->dirty_ratio = was.dirty_ratio;
	pa->dirty_bytes = was.dirty_bytes;
	pa->min_unmapped_ratio = was.min_unmapped_ratio;
	pa->min_slab_ratio = was.min_slab_ratio;
	pa->numa_stat = was.numa_stat;
	pa->overcommit_ratio = was.overcommit_ratio;
	pa->overcommit_kbytes = was.overcommit_kbytes;
	pa->upcalls = was.upcalls;
	memcpy(pa->lowmem_reserve_ratio, was.lowmem_reserve_ratio,
	       sizeof(pa->lowmem_reserve_ratio));
	setup_per_zone_wmarks();
	setup_per_zone_lowmem_reserve();
}

static const char *shown(struct kunit *test, const char *path)
{
	struct text_capture *c = text_capture_start();

	KUNIT_CHECK(test, proc_show(path, &c->m) == 0, 0, "%s", path);
	return c->text;
}

static void set(struct kunit *test, const char *path, const char *text)
{
	why[0] = '\0';
	KUNIT_CHECK(test, proc_write(path, text, why, sizeof(why)) == 0, 0,
		    "%s: %s: %s", path, text, why);
}

static struct zone *dma_zone(void)
{
	return &first_online_pgdat()->node_zones[ZONE_DMA];
}

static void takes_effect_test(struct kunit *test)
{
	struct zone *zone = dma_zone();
	unsigned long least = min_wmark_pages(zone), step;

	set(test, VM "min_free_kbytes", "131072\n");
	KUNIT_EXPECT_STREQ(test, shown(test, VM "min_free_kbytes"),
			   "131072\n");
	KUNIT_EXPECT_GT(test, min_wmark_pages(zone), least);
	/* What a user set is not lowered by what would be right. */
	calculate_min_free_kbytes();
	KUNIT_EXPECT_EQ(test, this_machine()->page_alloc.min_free_kbytes,
			131072);
	set(test, "/proc/" VM "min_free_kbytes", " 0");
	KUNIT_EXPECT_EQ(test, min_wmark_pages(zone), 0UL);
	set(test, VM "watermark_scale_factor", "3000");
	step = zone->_watermark[WMARK_LOW] - zone->_watermark[WMARK_MIN];
	KUNIT_EXPECT_EQ(test, step, zone_managed_pages(zone) * 3 / 10);
	set(test, VM "watermark_boost_factor", "0");
	KUNIT_EXPECT_EQ(test, this_machine()->page_alloc.watermark_boost_factor,
			0);
}

/* The ratios of all kinds of zone, or their places, of those that are known. */
static const char *ratios(struct kunit *test, const int *ratio)
{
	char *text = kunit_kzalloc(test, 64, GFP_KERNEL);
	int i, at = 0, nr = 0;

	KUNIT_ASSERT_NOT_NULL(test, text);
	for (i = 0; i < MAX_NR_ZONES; i++) {
		if (!zone_type_known(i))
			continue;
		at += scnprintf(text + at, (size_t)(64 - at), "%s%d",
				nr ? "\t" : "", ratio ? ratio[i] : nr);
		nr++;
	}
	strcat(text, "\n");
	return text;
}

static void reserve_ratio_test(struct kunit *test)
{
	static const int start[MAX_NR_ZONES] = {
		[ZONE_DMA] = 256, [ZONE_DMA32] = 256, [ZONE_NORMAL] = 32,
	};
	static const int first[MAX_NR_ZONES] = {
		[ZONE_DMA] = 64, [ZONE_DMA32] = 256, [ZONE_NORMAL] = 32,
	};
	enum zone_type next = zone_type_known(ZONE_DMA32) ? ZONE_DMA32 :
			      ZONE_NORMAL;
	struct pglist_data *pgdat = first_online_pgdat();
	struct zone *zone = dma_zone();
	unsigned long above = zone_managed_pages(&pgdat->node_zones[next]);
	char text[64];

	KUNIT_EXPECT_STREQ(test, shown(test, VM "lowmem_reserve_ratio"),
			   ratios(test, start));
	set(test, VM "lowmem_reserve_ratio", "64");
	KUNIT_EXPECT_STREQ(test, shown(test, VM "lowmem_reserve_ratio"),
			   ratios(test, first));
	KUNIT_EXPECT_EQ(test, zone->lowmem_reserve[next], (long)(above / 64));
	/* What is negative is none: the DMA zone keeps nothing. */
	snprintf(text, sizeof(text), "-5%s", ratios(test, NULL) + 1);
	set(test, VM "lowmem_reserve_ratio", text);
	KUNIT_EXPECT_STREQ(test, shown(test, VM "lowmem_reserve_ratio"),
			   ratios(test, NULL));
	KUNIT_EXPECT_EQ(test, zone->lowmem_reserve[next], 0L);
}

/* The zone with most memory, which every list of this CPU is made for. */
static struct zone *large_zone(void)
{
	struct zone *zone, *large = NULL;

	for_each_populated_zone(zone)
		if (zone_to_nid(zone) == numa_node_id() &&
		    (!large || zone_managed_pages(zone) >
			       zone_managed_pages(large)))
			large = zone;
	return large;
}

static unsigned int cpus_of(const struct zone *zone)
{
	unsigned int cpu, n = 0;

	for_each_online_cpu(cpu)
		n += cpu_to_node((int)cpu) == zone_to_nid(zone);
	return n;
}

/* What zoneinfo shows as "high:" of this CPU's lists for @zone. */
static int high_shown(struct zone *zone)
{
	struct zone_pageset_info info;

	zone_pageset_info(zone, smp_processor_id(), &info);
	return info.high;
}

/* Takes and gives more than CPUs may hold of @zone; what they hold at most. */
static unsigned long kept_most(struct kunit *test, struct zone *zone)
{
	unsigned long most = 0, chain = 0;
	struct page *page;
	unsigned int i;

	for (i = 0; i < 2000; i++) {
		page = alloc_page(GFP_NOWAIT);
		if (!page)
			break;
		set_page_private(page, chain);
		chain = page_to_pfn(page);
	}
	KUNIT_EXPECT_GE(test, i, 1000U);
	while (chain) {
		page = pfn_to_page(chain);
		chain = page_private(page);
		set_page_private(page, 0);
		__free_page(page);
		most = max(most, zone_pcp_pages(zone));
	}
	return most;
}

static void pageset_fraction_test(struct kunit *test)
{
	static const unsigned int fractions[] = { 8, 16, 64, 1000, INT_MAX };
	struct zone *zone = large_zone();
	int most = zone->pageset_high_max, high, before, last = INT_MAX;
	struct pcp_list *list;
	u32 made;
	unsigned long pages;
	char text[24];
	unsigned int i;

	/* Lists that have grown start anew. */
	set(test, VM "percpu_pagelist_high_fraction", "0");
	preempt_disable();
	before = high_shown(zone);
	list = pcp_at(pcp_of(smp_processor_id(), zone), 0, MIGRATE_UNMOVABLE);
	made = list->capacity;
	preempt_enable();
	for (i = 0; i < ARRAY_SIZE(fractions); i++) {
		snprintf(text, sizeof(text), "%u", fractions[i]);
		set(test, VM "percpu_pagelist_high_fraction", text);
		pages = max(zone_managed_pages(zone) / fractions[i] /
			    cpus_of(zone), 4UL * zone->pageset_batch);
		KUNIT_EXPECT_EQ(test, zone->pageset_high_max, (int)pages);
		KUNIT_EXPECT_EQ(test, zone->pageset_high_min, (int)pages);
		preempt_disable();
		list = pcp_at(pcp_of(smp_processor_id(), zone), 0,
			      MIGRATE_UNMOVABLE);
		KUNIT_EXPECT_EQ(test, list->high,
				min((u32)(pages / 12), made));
		high = high_shown(zone);
		KUNIT_EXPECT_LE(test, high, (int)pages);
		KUNIT_EXPECT_LE(test, high, last);
		/* Nor does it grow by use, or fall without. */
		KUNIT_EXPECT_LE(test, kept_most(test, zone),
				(list->high + list->room) * MIGRATE_PCPTYPES);
		decay_pcp_high();
		KUNIT_EXPECT_EQ(test, high_shown(zone), high);
		preempt_enable();
		last = high;
		KUNIT_EXPECT_TRUE(test, pcp_check());
	}
	KUNIT_EXPECT_LT(test, last, most);
	set(test, VM "percpu_pagelist_high_fraction", "0");
	KUNIT_EXPECT_EQ(test, zone->pageset_high_max, most);
	preempt_disable();
	KUNIT_EXPECT_EQ(test, high_shown(zone), before);
	preempt_enable();
}

/* Of a ratio and its bytes one is 0. */
static void dirty_pairs_test(struct kunit *test)
{
	unsigned long background, dirty;

	set(test, VM "dirty_bytes", "409600");
	set(test, VM "dirty_background_bytes", "81920");
	KUNIT_EXPECT_STREQ(test, shown(test, VM "dirty_ratio"), "0\n");
	KUNIT_EXPECT_STREQ(test, shown(test, VM "dirty_background_ratio"),
			   "0\n");
	global_dirty_limits(&background, &dirty);
	KUNIT_EXPECT_EQ(test, dirty, 100UL);
	KUNIT_EXPECT_EQ(test, background, 20UL);
	set(test, VM "dirty_ratio", "40");
	set(test, VM "dirty_background_ratio", "5");
	KUNIT_EXPECT_STREQ(test, shown(test, VM "dirty_bytes"), "0\n");
	KUNIT_EXPECT_STREQ(test, shown(test, VM "dirty_background_bytes"),
			   "0\n");
}

/* What a node keeps of its cache follows from its size. */
static void reclaim_ratios_test(struct kunit *test)
{
	struct pglist_data *pgdat = first_online_pgdat();
	unsigned long managed = 0;
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++)
		managed += zone_managed_pages(&pgdat->node_zones[i]);
	/* Since start-up the image gave some back. */
	set(test, VM "min_unmapped_ratio", "1");
	set(test, VM "min_slab_ratio", "5");
	KUNIT_EXPECT_EQ(test, pgdat->min_unmapped_pages, managed / 100);
	KUNIT_EXPECT_EQ(test, pgdat->min_slab_pages, managed * 5 / 100);
	set(test, VM "min_unmapped_ratio", "100");
	set(test, VM "min_slab_ratio", "0");
	KUNIT_EXPECT_EQ(test, pgdat->min_unmapped_pages, managed);
	KUNIT_EXPECT_EQ(test, pgdat->min_slab_pages, 0UL);
	set(test, VM "min_unmapped_ratio", "1");
	set(test, VM "min_slab_ratio", "5");
}

/* Events of this machine's nodes, all of them. */
static unsigned long numa_hits(void)
{
	unsigned long sum = 0;
	int nid;

	for_each_online_node(nid)
		sum += sum_zone_numa_event_state(nid, NUMA_HIT);
	return sum;
}

static void numa_stat_test(struct kunit *test)
{
	unsigned long before = numa_hits(), hits;

	/* What is set already starts nothing anew. */
	set(test, VM "numa_stat", "1");
	KUNIT_EXPECT_GE(test, numa_hits(), before);
	__free_page(alloc_page(GFP_KERNEL));
	KUNIT_EXPECT_GT(test, numa_hits(), 0UL);
	set(test, VM "numa_stat", "0");
	__free_page(alloc_page(GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, numa_hits(), 0UL);
	set(test, VM "numa_stat", "1");
	hits = numa_hits();
	KUNIT_EXPECT_LT(test, hits, before + 1);
	__free_page(alloc_page(GFP_KERNEL));
	KUNIT_EXPECT_GT(test, numa_hits(), hits);
}

static void commit_limit_test(struct kunit *test)
{
	set(test, VM "overcommit_ratio", "80");
	KUNIT_EXPECT_EQ(test, vm_commit_limit(), totalram_pages() * 80 / 100);
	set(test, VM "overcommit_kbytes", "8192");
	KUNIT_EXPECT_EQ(test, vm_commit_limit(), 8192 / (PAGE_SIZE >> 10));
	KUNIT_EXPECT_STREQ(test, shown(test, VM "overcommit_ratio"), "0\n");
	set(test, VM "overcommit_ratio", "50");
	KUNIT_EXPECT_STREQ(test, shown(test, VM "overcommit_kbytes"), "0\n");
	KUNIT_EXPECT_EQ(test, vm_commit_limit(), totalram_pages() / 2);
	/* What is kept to begin with is a part of what was free. */
	KUNIT_EXPECT_GT(test, was.admin_reserve_kbytes, 0UL);
	KUNIT_EXPECT_LE(test, was.admin_reserve_kbytes, 8192UL);
	KUNIT_EXPECT_GE(test, was.user_reserve_kbytes,
			was.admin_reserve_kbytes);
	KUNIT_EXPECT_LE(test, was.user_reserve_kbytes, 131072UL);
}

static unsigned int nr_compacted;

static void count_compact(struct pglist_data *pgdat)
{
	nr_compacted++;
}

static void compact_memory_test(struct kunit *test)
{
	static const struct page_upcalls compacting = {
		.compact_node = count_compact,
	};
	struct text_capture *c = text_capture_start();

	KUNIT_EXPECT_EQ(test, proc_show(VM "compact_memory", &c->m), -EACCES);
	nr_compacted = 0;
	page_upcalls_register(NULL);
	set(test, VM "compact_memory", "1");
	page_upcalls_register(&compacting);
	set(test, VM "compact_memory", "1");
	KUNIT_EXPECT_EQ(test, nr_compacted, num_online_nodes());
	KUNIT_EXPECT_EQ(test, proc_write(VM "compact_memory", "2", why,
					 sizeof(why)), -EINVAL);
	KUNIT_EXPECT_EQ(test, nr_compacted, num_online_nodes());
}

/* High memory's setting is there where there can be such memory. */
static void highmem_setting_test(struct kunit *test)
{
	struct text_capture *c = text_capture_start();
	int err = proc_show(VM "highmem_is_dirtyable", &c->m);

	KUNIT_EXPECT_EQ(test, err, zone_type_known(ZONE_HIGHMEM) ? 0 : -ENOENT);
}

static void refusals_test(struct kunit *test)
{
	const struct {
		const char *file, *text, *why;
		int err;
	} cases[] = {
		{ VM "min_free_kbytes", "-1", "vm.min_free_kbytes: -1 is not from 0 to 2147483647", -EINVAL },
		{ VM "min_free_kbytes", "2147483648", BY_WIDTH("vm.min_free_kbytes: 2147483648 is not from 0 to 2147483647", "vm.min_free_kbytes: 2147483648 is too large"), -EINVAL },
		{ VM "min_free_kbytes", "99999999999999999999", "vm.min_free_kbytes: 99999999999999999999 is too large", -EINVAL },
		{ VM "min_free_kbytes", "", "vm.min_free_kbytes: no number", -EINVAL },
		{ VM "min_free_kbytes", " \n", "vm.min_free_kbytes: no number", -EINVAL },
		{ VM "min_free_kbytes", "12k", "vm.min_free_kbytes: '12k' is no number", -EINVAL },
		{ VM "min_free_kbytes", "--1", "vm.min_free_kbytes: '--1' is no number", -EINVAL },
		{ VM "min_free_kbytes", "1 2", "vm.min_free_kbytes: one number, not '2' besides", -EINVAL },
		{ VM "watermark_scale_factor", "0", "vm.watermark_scale_factor: 0 is not from 1 to 3000", -EINVAL },
		{ VM "watermark_scale_factor", "3001", "vm.watermark_scale_factor: 3001 is not from 1 to 3000", -EINVAL },
		{ VM "watermark_boost_factor", "-1", "vm.watermark_boost_factor: -1 is not from 0 to 2147483647", -EINVAL },
		{ VM "percpu_pagelist_high_fraction", "7", "vm.percpu_pagelist_high_fraction: 7 is neither 0 nor at least 8", -EINVAL },
		{ VM "zone_reclaim_mode", "-1", "vm.zone_reclaim_mode: -1 is not from 0 to 2147483647", -EINVAL },
		{ VM "min_unmapped_ratio", "101", "vm.min_unmapped_ratio: 101 is not from 0 to 100", -EINVAL },
		{ VM "min_slab_ratio", "-1", "vm.min_slab_ratio: -1 is not from 0 to 100", -EINVAL },
		{ VM "numa_stat", "2", "vm.numa_stat: 2 is not from 0 to 1", -EINVAL },
		{ VM "overcommit_memory", "3", "vm.overcommit_memory: 3 is not from 0 to 2", -EINVAL },
		{ VM "compaction_proactiveness", "101", "vm.compaction_proactiveness: 101 is not from 0 to 100", -EINVAL },
		{ VM "extfrag_threshold", "1001", "vm.extfrag_threshold: 1001 is not from 0 to 1000", -EINVAL },
		{ VM "compact_memory", "0", "vm.compact_memory: 0 is not 1", -EINVAL },
		{ VM "user_reserve_kbytes", "-1", BY_WIDTH("vm.user_reserve_kbytes: -1 is not from 0 to 9223372036854775807", "vm.user_reserve_kbytes: -1 is not from 0 to 2147483647"), -EINVAL },
		{ VM "dirty_ratio", "101", "vm.dirty_ratio: 101 is not from 0 to 100", -EINVAL },
		{ VM "lowmem_reserve_ratio", zone_type_known(ZONE_DEVICE) ? "1 2 3 4 5 6" : "1 2 3 4 6", "vm.lowmem_reserve_ratio: more numbers than kinds of zone: '6'", -EINVAL },
		{ VM "lowmem_reserve_ratio", "1 x", "vm.lowmem_reserve_ratio: 'x' is no number", -EINVAL },
		{ VM "lowmem_reserve_ratio", "", "vm.lowmem_reserve_ratio: no number", -EINVAL },
		{ VM "numa_zonelist_order", "zone", "vm.numa_zonelist_order: 'zone' is not supported, only Node is", -EINVAL },
		{ VM "numa_zonelist_order", "", "vm.numa_zonelist_order: '' is not supported, only Node is", -EINVAL },
		{ VM "nothing", "1", "sys/vm/nothing: no such file", -ENOENT },
		{ "", "1", ": no such file", -ENOENT },
		{ "meminfo", "1", "meminfo: cannot be written", -EACCES },
		{ "/proc/buddyinfo", "1", "/proc/buddyinfo: cannot be written", -EACCES },
	};
	const struct page_alloc_state *pa = &this_machine()->page_alloc;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		int err = proc_write(cases[i].file, cases[i].text, why,
				     sizeof(why));

		KUNIT_CHECK(test, err == cases[i].err, 0, "%s: '%s': %d",
			    cases[i].file, cases[i].text, err);
		KUNIT_EXPECT_STREQ(test, why, cases[i].why);
	}
	/* Nothing of it was taken. */
	KUNIT_EXPECT_EQ(test, pa->min_free_kbytes, was.min_free_kbytes);
	KUNIT_EXPECT_EQ(test, pa->watermark_scale_factor,
			was.watermark_scale_factor);
	KUNIT_EXPECT_EQ(test, memcmp(pa->lowmem_reserve_ratio,
				     was.lowmem_reserve_ratio,
				     sizeof(was.lowmem_reserve_ratio)), 0);
}

static void write_back(const char *path, void *ctx)
{
	char text[64];
	int n;

	/* Of a ratio and what may be set instead one is 0. */
	if (strncmp(path, VM, strlen(VM)) || strstr(path, "_bytes") ||
	    strstr(path, "overcommit_kbytes") ||
	    strstr(path, "compact_memory") || strstr(path, "drop_caches"))
		return;
	n = scnprintf(text, sizeof(text), "%s", shown(ctx, path));
	KUNIT_CHECK((struct kunit *)ctx, n > 1, 0, "%s", path);
	set(ctx, path, text);
	KUNIT_EXPECT_STREQ((struct kunit *)ctx, shown(ctx, path), text);
}

/* What a file shows can be written to it, and changes nothing. */
static void round_trip_test(struct kunit *test)
{
	proc_for_each(write_back, test);
}

/* Huge pages raise min_free_kbytes, and never lower it. */
static void huge_pages_test(struct kunit *test)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	int before = pa->min_free_kbytes;

	set_recommended_min_free_kbytes();
	KUNIT_EXPECT_GE(test, pa->min_free_kbytes, before);
	set(test, VM "min_free_kbytes", "1048576");
	set_recommended_min_free_kbytes();
	KUNIT_EXPECT_EQ(test, pa->min_free_kbytes, 1048576);
	set(test, VM "min_free_kbytes", "64");
	set_recommended_min_free_kbytes();
	KUNIT_EXPECT_GT(test, pa->min_free_kbytes, 64);
}

static struct kunit_case settings_cases[] = {
	KUNIT_CASE(takes_effect_test),
	KUNIT_CASE(reserve_ratio_test),
	KUNIT_CASE(pageset_fraction_test),
	KUNIT_CASE(dirty_pairs_test),
	KUNIT_CASE(reclaim_ratios_test),
	KUNIT_CASE(numa_stat_test),
	KUNIT_CASE(commit_limit_test),
	KUNIT_CASE(compact_memory_test),
	KUNIT_CASE(highmem_setting_test),
	KUNIT_CASE(refusals_test),
	KUNIT_CASE(round_trip_test),
	KUNIT_CASE(huge_pages_test),
	{ 0 }
};

static struct kunit_suite settings_suite = {
	.name = "vm_settings",
	.init = settings_init,
	.exit = settings_exit,
	.test_cases = settings_cases,
};
kunit_test_suite(settings_suite);
