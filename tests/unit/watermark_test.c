// SPDX-License-Identifier: MIT
/*
 * Watermarks and reserves against what recorded Linux machines show.
 *
 * The zones of the machine under test are given the recorded managed pages
 * for the length of a calculation, and their own back. Linux works the values
 * out before it frees its start-up code, the record was made later: so zones
 * whose managed pages grew in between may differ by the hundredth part.
 */
#include <kunit/test.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

struct zone_record {
	int nid;			/* place among the online nodes */
	enum zone_type type;
	unsigned long managed;		/* pages */
	unsigned long min, low, high;	/* pages */
	int reserve_for;		/* zone whose reserve is recorded */
	long reserve;			/* pages */
	int batch;
};

struct machine_record {
	const char *name;
	int min_free_kbytes;
	int nodes;
	struct zone_record zones[4];
};

static const struct machine_record records[] = {
	{ "6.1-amd64-numa2-4g", 90112, 2, {
		{ 0, ZONE_DMA, 3840, 86, 107, 128, ZONE_DMA32, 1947, 1 },
		{ 0, ZONE_DMA32, 500572, 11222, 14027, 16832, ZONE_NORMAL, 0,
		  63 },
		{ 1, ZONE_DMA32, 245722, 5521, 6901, 8281, ZONE_NORMAL, 988,
		  63 },
		{ 1, ZONE_NORMAL, 253135, 5697, 7121, 8545, ZONE_MOVABLE, 0,
		  63 } } },
	{ "6.12-amd64-numa2-1g", 48768, 2, {
		{ 0, ZONE_DMA, 3840, 190, 237, 284, ZONE_DMA32, 487, 1 },
		{ 0, ZONE_DMA32, 124815, 6203, 7753, 9303, ZONE_NORMAL, 0,
		  31 },
		{ 1, ZONE_DMA32, 118751, 5798, 7247, 8696, ZONE_NORMAL, 0,
		  31 } } },
	{ "6.1-i386-highmem-2g", 42608, 1, {
		{ 0, ZONE_DMA, 3840, 190, 237, 284, ZONE_NORMAL, 822, 1 },
		{ 0, ZONE_NORMAL, 211209, 10461, 13076, 15691, ZONE_HIGHMEM,
		  9374, 63 },
		{ 0, ZONE_HIGHMEM, 299996, 128, 3853, 7578, ZONE_MOVABLE, 0,
		  63 } } },
	{ "6.1-i386pae-highmem-5g", 37456, 1, {
		{ 0, ZONE_DMA, 3840, 190, 237, 284, ZONE_NORMAL, 721, 1 },
		{ 0, ZONE_NORMAL, 185365, 9173, 11466, 13759, ZONE_HIGHMEM,
		  33918, 63 },
		{ 0, ZONE_HIGHMEM, 1085404, 128, 13601, 27074, ZONE_MOVABLE,
		  0, 63 } } },
};

/* What a calculation reads and writes of a zone. */
struct zone_values {
	unsigned long present;
	long managed;
	unsigned long wmark[NR_WMARK];
	long reserve[MAX_NR_ZONES];
	int batch, high_min, high_max;
};

#define MAX_ZONES	(MAX_NUMNODES * MAX_NR_ZONES)

static struct {
	struct zone_values zones[MAX_ZONES];
	int min_free_kbytes;
	unsigned long totalreserve;
	unsigned long flags;
} saved;

/* Threads must not run out of watermarks meanwhile. */
static void machine_save(void)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	struct zone_values *v = saved.zones;
	struct zone *zone;

	preempt_disable();
	local_irq_save(saved.flags);
	saved.min_free_kbytes = pa->min_free_kbytes;
	saved.totalreserve = pa->totalreserve_pages;
	for_each_zone(zone) {
		v->present = zone->present_pages;
		v->managed = atomic_long_read(&zone->managed_pages);
		memcpy(v->wmark, zone->_watermark, sizeof(v->wmark));
		memcpy(v->reserve, zone->lowmem_reserve, sizeof(v->reserve));
		v->batch = zone->pageset_batch;
		v->high_min = zone->pageset_high_min;
		v->high_max = zone->pageset_high_max;
		v++;
		zone->present_pages = 0;
		atomic_long_set(&zone->managed_pages, 0);
	}
}

static void machine_restore(void)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	const struct zone_values *v = saved.zones;
	struct zone *zone;

	for_each_zone(zone) {
		zone->present_pages = v->present;
		atomic_long_set(&zone->managed_pages, v->managed);
		memcpy(zone->_watermark, v->wmark, sizeof(v->wmark));
		memcpy(zone->lowmem_reserve, v->reserve, sizeof(v->reserve));
		zone->pageset_batch = v->batch;
		zone->pageset_high_min = v->high_min;
		zone->pageset_high_max = v->high_max;
		v++;
	}
	pa->min_free_kbytes = saved.min_free_kbytes;
	setup_per_zone_lowmem_reserve();
	pa->totalreserve_pages = saved.totalreserve;
	local_irq_restore(saved.flags);
	preempt_enable();
}

static struct zone *record_zone(const struct zone_record *r)
{
	struct pglist_data *pgdat = first_online_pgdat();
	int i;

	for (i = 0; i < r->nid; i++)
		pgdat = next_online_pgdat(pgdat);
	return &pgdat->node_zones[r->type];
}

static bool within_1_percent(unsigned long a, unsigned long b)
{
	unsigned long d = a > b ? a - b : b - a;

	return d * 100 <= b + 100;
}

#define EXPECT_NEAR(test, rec, a, b)					\
	KUNIT_CHECK(test, within_1_percent((unsigned long)(a),		\
					   (unsigned long)(b)), 0,	\
		    "%s: " #a ": expected about %lu, found %lu",	\
		    (rec)->name, (unsigned long)(b), (unsigned long)(a))

static void record_check(struct kunit *test, const struct machine_record *m,
			 const struct zone_record *r)
{
	const struct zone *zone = record_zone(r);

	EXPECT_NEAR(test, m, zone->_watermark[WMARK_MIN], r->min);
	EXPECT_NEAR(test, m, zone->_watermark[WMARK_LOW], r->low);
	EXPECT_NEAR(test, m, zone->_watermark[WMARK_HIGH], r->high);
	EXPECT_NEAR(test, m, zone->lowmem_reserve[r->reserve_for], r->reserve);
	KUNIT_EXPECT_EQ(test, zone->_watermark[WMARK_PROMO] -
			zone->_watermark[WMARK_HIGH],
			zone->_watermark[WMARK_HIGH] -
			zone->_watermark[WMARK_LOW]);
	KUNIT_EXPECT_EQ(test, zone->pageset_batch, r->batch);
}

static void record_run(struct kunit *test, const struct machine_record *m)
{
	const struct zone_record *r;

	for (r = m->zones; r < m->zones + ARRAY_SIZE(m->zones); r++) {
		struct zone *zone = record_zone(r);

		if (!r->managed)
			continue;
		zone->present_pages = r->managed;
		atomic_long_set(&zone->managed_pages, (long)r->managed);
	}
	this_machine()->page_alloc.min_free_kbytes = m->min_free_kbytes;
	setup_per_zone_wmarks();
	setup_per_zone_lowmem_reserve();
	setup_per_cpu_pageset();
}

static void recorded_machines_test(struct kunit *test)
{
	const struct machine_record *m;
	unsigned int i;

	for (m = records; m < records + ARRAY_SIZE(records); m++) {
		if (m->nodes > num_online_nodes())
			continue;
		machine_save();
		record_run(test, m);
		for (i = 0; i < ARRAY_SIZE(m->zones); i++)
			if (m->zones[i].managed)
				record_check(test, m, &m->zones[i]);
		machine_restore();
	}
}

/* A machine of nothing, and one of 128 TiB: both ends of each formula. */
static void extremes_test(struct kunit *test)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	unsigned long pages = sizeof(long) == 8 ? 1UL << 35 : 1UL << 20;
	struct zone *zone = page_zone(pfn_to_page(min_low_pfn));
	unsigned long least;
	int kbytes, threshold;

	machine_save();
	setup_per_zone_wmarks();
	least = zone->_watermark[WMARK_MIN];
	calculate_min_free_kbytes();
	kbytes = pa->min_free_kbytes;
	machine_restore();
	KUNIT_EXPECT_EQ(test, least, 0UL);
	KUNIT_EXPECT_EQ(test, kbytes, 128);
	if (sizeof(long) == 4)
		return;
	machine_save();
	zone->present_pages = pages;
	atomic_long_set(&zone->managed_pages, (long)pages);
	memset(zone->_watermark, 0, sizeof(zone->_watermark));
	calculate_min_free_kbytes();
	kbytes = pa->min_free_kbytes;
	threshold = calculate_normal_threshold(zone);
	machine_restore();
	KUNIT_EXPECT_EQ(test, kbytes, 262144);
	KUNIT_EXPECT_LE(test, threshold, 125);
	KUNIT_EXPECT_GE(test, threshold, 30);
}

static void min_free_kbytes_test(struct kunit *test)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	unsigned long kb = nr_free_buffer_pages() << (PAGE_SHIFT - 10);
	int was = pa->min_free_kbytes, wanted;

	wanted = (int)clamp(int_sqrt(kb * 16), 128UL, 262144UL);
	calculate_min_free_kbytes();
	KUNIT_EXPECT_EQ(test, pa->min_free_kbytes, wanted);
	pa->user_min_free_kbytes = 1 << 20;
	calculate_min_free_kbytes();
	KUNIT_EXPECT_EQ(test, pa->min_free_kbytes, wanted);
	pa->user_min_free_kbytes = -1;
	pa->min_free_kbytes = was;
}

static void scale_factor_test(struct kunit *test)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	struct zone *zone;

	pa->watermark_scale_factor = 1000;
	setup_per_zone_wmarks();
	for_each_populated_zone(zone) {
		unsigned long step = zone->_watermark[WMARK_LOW] -
				     zone->_watermark[WMARK_MIN];

		KUNIT_EXPECT_GE(test, step + 1,
				zone_managed_pages(zone) / 10);
	}
	pa->watermark_scale_factor = 10;
	setup_per_zone_wmarks();
}

static void watermark_ok_test(struct kunit *test)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		unsigned long free = zone_page_state(zone, NR_FREE_PAGES);

		KUNIT_EXPECT_FALSE(test, zone_watermark_ok(zone, 0, free,
							   ZONE_DMA, 0));
		KUNIT_EXPECT_FALSE(test, zone_watermark_ok_safe(zone, 0,
					free + 1, ZONE_DMA));
		if (free > 2 * MAX_ORDER_NR_PAGES) {
			KUNIT_EXPECT_TRUE(test, zone_watermark_ok(zone, 0, 0,
							ZONE_DMA, 0));
			/* 0x20: ALLOC_MIN_RESERVE, to half of the mark. */
			KUNIT_EXPECT_TRUE(test, zone_watermark_ok(zone, 0,
					free + free / 2, ZONE_DMA, 0x20));
			/* 0x30: and a quarter of that for who cannot wait. */
			KUNIT_EXPECT_TRUE(test, zone_watermark_ok(zone, 0,
					2 * free, ZONE_DMA, 0x30));
			/* 0x08: a dying task. */
			KUNIT_EXPECT_TRUE(test, zone_watermark_ok(zone, 0,
					free + free / 2, ZONE_DMA, 0x08));
		}
	}
}

static void pageset_test(struct kunit *test)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		KUNIT_EXPECT_GE(test, zone->pageset_batch, 1);
		KUNIT_EXPECT_GE(test, zone->pageset_high_min,
				4 * zone->pageset_batch);
		KUNIT_EXPECT_GE(test, calculate_normal_threshold(zone), 2);
		KUNIT_EXPECT_LE(test, calculate_normal_threshold(zone), 125);
	}
	KUNIT_EXPECT_EQ(test, page_alloc_cpu_online(0), 0);
}

static void dirty_limits_test(struct kunit *test)
{
	unsigned long background, dirty;

	global_dirty_limits(&background, &dirty);
	KUNIT_EXPECT_LT(test, background, dirty);
	this_machine()->page_alloc.dirty_background_ratio = 50;
	global_dirty_limits(&background, &dirty);
	KUNIT_EXPECT_EQ(test, background, dirty / 2);
	this_machine()->page_alloc.dirty_background_ratio = 10;
}

static struct kunit_case watermark_cases[] = {
	KUNIT_CASE(recorded_machines_test),
	KUNIT_CASE(extremes_test),
	KUNIT_CASE(min_free_kbytes_test),
	KUNIT_CASE(scale_factor_test),
	KUNIT_CASE(watermark_ok_test),
	KUNIT_CASE(pageset_test),
	KUNIT_CASE(dirty_limits_test),
	{ 0 }
};

static struct kunit_suite watermark_suite = {
	.name = "watermark",
	.test_cases = watermark_cases,
};
kunit_test_suite(watermark_suite);
