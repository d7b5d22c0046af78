// SPDX-License-Identifier: MIT
/*
 * Watermarks and reserves against what recorded Linux machines show: each
 * number of each zone is the same.
 *
 * The zones of the machine under test are given the recorded managed pages
 * for the length of a calculation, and their own back. Linux works the values
 * out before it frees its start-up code, and the idle records were made later:
 * there the frames freed in between, which dmesg tells, are taken off again.
 * In the records under pressure the marks were worked out once more.
 */
#include <kunit/test.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

#include "../../mm/page/internal.h"
#include "recorded.h"

/* A zone of a record. */
struct zone_record {
	int nid;			/* place among the online nodes */
	enum zone_type type;
	unsigned long managed;		/* pages */
	unsigned long wmark[NR_WMARK];	/* pages */
	bool promo;			/* the record has WMARK_PROMO */
	long reserve[MAX_NR_ZONES];	/* pages */
};

#define RECORD_ZONES	16

struct machine_record {
	const char *name;
	const unsigned char *zoneinfo, *sysvm;
	const unsigned long *zoneinfo_size, *sysvm_size;
	int nodes;
	bool pae;			/* 32 bits, with PAE */
	bool narrow;			/* 32 bits */
	/* Marks were worked out when these frames were not managed yet; its
	 * dmesg tells how many were freed later. */
	unsigned long freed_later[2];	/* by node */
	enum zone_type freed_in;	/* all in zones of this kind */
	/* min_free_kbytes follows from start-up, not only the marks from it. */
	bool fresh;
};

#define RECORD(file, settings)						\
	.zoneinfo = recorded_##file, .zoneinfo_size = &recorded_##file##_size, \
	.sysvm = recorded_##settings, .sysvm_size = &recorded_##settings##_size

static const struct machine_record records[] = {
	/* initrd 1672K on node 1; 2036K + 2824K + 2040K + 1108K on node 0 */
	{ .name = "6.1-amd64-numa2-4g", RECORD(zoneinfo_4g, sysvm_4g),
	  .nodes = 2, .freed_later = { 2002, 418 }, .freed_in = ZONE_DMA32,
	  .fresh = true },
	{ .name = "6.1-amd64-numa2-4g, pressure", RECORD(pressure_4g, sysvm_4g),
	  .nodes = 2 },
	/* 1692K + 2028K + 4172K + 460K, all on node 1 */
	{ .name = "6.12-amd64-numa2-1g", RECORD(zoneinfo_1g, sysvm_1g),
	  .nodes = 2, .freed_later = { 0, 2088 }, .freed_in = ZONE_DMA32,
	  .fresh = true },
	{ .name = "6.12-amd64-numa2-1g, pressure", RECORD(pressure_1g, sysvm_1g),
	  .nodes = 2 },
	/* 1524K + 912K */
	{ .name = "6.1-i386-highmem-2g", RECORD(zoneinfo_i386, sysvm_i386),
	  .nodes = 1, .narrow = true, .freed_later = { 609 },
	  .freed_in = ZONE_NORMAL, .fresh = true },
	/* 1524K + 928K */
	{ .name = "6.1-i386pae-highmem-5g", RECORD(zoneinfo_pae, sysvm_pae),
	  .nodes = 1, .narrow = true, .pae = true, .freed_later = { 613 },
	  .freed_in = ZONE_NORMAL, .fresh = true },
};

static struct {
	struct zone_record zones[RECORD_ZONES];
	unsigned int nr;
	char text[32768];
	int min_free_kbytes;	/* of sys.vm.txt */
} rec;

/* Columns of "protection", by the kinds of zone of the machine. */
static const enum zone_type columns_64[] = {
	ZONE_DMA, ZONE_DMA32, ZONE_NORMAL, ZONE_MOVABLE, ZONE_DEVICE,
};
static const enum zone_type columns_32[] = {
	ZONE_DMA, ZONE_NORMAL, ZONE_HIGHMEM, ZONE_MOVABLE,
};

static enum zone_type type_named(const char *name)
{
	static const char *const names[MAX_NR_ZONES] = {
		[ZONE_DMA] = "DMA\n", [ZONE_DMA32] = "DMA32\n",
		[ZONE_NORMAL] = "Normal\n", [ZONE_HIGHMEM] = "HighMem\n",
		[ZONE_MOVABLE] = "Movable\n", [ZONE_DEVICE] = "Device\n",
	};
	int i;

	name = skip_spaces(name);
	for (i = 0; i < MAX_NR_ZONES; i++)
		if (!strncmp(name, names[i], strlen(names[i])))
			return (enum zone_type)i;
	return MAX_NR_ZONES;
}

/* The number behind @key in @s, before @end; 0 when there is none. */
static unsigned long record_number(const char *s, const char *end,
				   const char *key, bool *found)
{
	const char *at = strstr(s, key);

	*found = at && at < end;
	return *found ? simple_strtoul(skip_spaces(at + strlen(key)), NULL,
				       10) : 0;
}

static void record_protection(struct zone_record *z, const char *s,
			      const struct machine_record *m)
{
	unsigned int n = m->narrow ? ARRAY_SIZE(columns_32) :
				   ARRAY_SIZE(columns_64), i;
	const enum zone_type *columns = m->narrow ? columns_32 : columns_64;
	char *end;

	s = strchr(strstr(s, "protection:"), '(') + 1;
	for (i = 0; i < n; i++) {
		z->reserve[columns[i]] = (long)simple_strtoul(s, &end, 10);
		s = skip_spaces(end + 1);
	}
}

static const char *const mark_names[NR_WMARK] = {
	" min ", " low ", " high ", " promo ",
};

static void record_zone_read(struct kunit *test, const char *s,
			     const char *end, const struct machine_record *m)
{
	struct zone_record *z = &rec.zones[rec.nr++];
	bool found;
	int i;

	memset(z, 0, sizeof(*z));
	z->nid = (int)simple_strtoul(s, NULL, 10);
	z->type = type_named(strstr(s, "zone") + 4);
	KUNIT_ASSERT_TRUE(test, (int)z->type < (int)MAX_NR_ZONES);
	for (i = 0; i < NR_WMARK; i++) {
		z->wmark[i] = record_number(s, end, mark_names[i], &found);
		KUNIT_ASSERT_TRUE(test, found || i == WMARK_PROMO);
	}
	z->promo = found;
	z->managed = record_number(s, end, " managed ", &found);
	KUNIT_ASSERT_TRUE(test, found);
	record_protection(z, s, m);
}

static void record_text(struct kunit *test, const unsigned char *data,
			unsigned long size)
{
	KUNIT_ASSERT_TRUE(test, size < sizeof(rec.text));
	memcpy(rec.text, data, size);
	rec.text[size] = '\0';
}

static void record_read(struct kunit *test, const struct machine_record *m)
{
	const char *s, *next;
	bool found;

	record_text(test, m->sysvm, *m->sysvm_size);
	rec.min_free_kbytes = (int)record_number(rec.text,
			rec.text + *m->sysvm_size, "min_free_kbytes:", &found);
	KUNIT_ASSERT_TRUE(test, found);
	record_text(test, m->zoneinfo, *m->zoneinfo_size);
	rec.nr = 0;
	for (s = rec.text; s; s = next) {
		next = strstr(s + 1, "\nNode ");
		KUNIT_ASSERT_TRUE(test, rec.nr < (unsigned int)RECORD_ZONES);
		record_zone_read(test, strchr(s, 'N') + 5,
				 next ? next : s + strlen(s), m);
	}
}

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

#define EXPECT_SAME(test, m, z, what, a, b)				\
	KUNIT_CHECK(test, (a) == (b), 0,				\
		    "%s: node %d zone %d: %s is %ld, recorded %ld", (m)->name, \
		    (z)->nid, (int)(z)->type, what, (long)(a), (long)(b))

static void record_check(struct kunit *test, const struct machine_record *m,
			 const struct zone_record *r)
{
	const struct zone *zone = record_zone(r);
	int i;

	/* 6.1 counts ZONE_MOVABLE among the low zones where it is no highmem;
	 * 6.12, as here, never. */
	if (!m->narrow && !r->promo && r->type == ZONE_MOVABLE)
		return;
	for (i = 0; i < (r->promo ? WMARK_PROMO + 1 : WMARK_PROMO); i++)
		EXPECT_SAME(test, m, r, mark_names[i], zone->_watermark[i],
			    r->wmark[i]);
	for (i = 0; i < MAX_NR_ZONES; i++)
		if (i != (m->narrow ? ZONE_DEVICE : ZONE_HIGHMEM))
			EXPECT_SAME(test, m, r, "protection",
				    zone->lowmem_reserve[i], r->reserve[i]);
}

static bool record_is_low(const struct zone_record *r)
{
	return r->type <= ZONE_NORMAL;
}

/* What the low zones have above their high marks, and how many have any. */
static unsigned long record_lowmem(unsigned int *nr_zones)
{
	const struct zone_record *r;
	unsigned long pages = 0;

	*nr_zones = 0;
	for (r = rec.zones; r < rec.zones + rec.nr; r++) {
		struct zone *zone = record_zone(r);

		if (!record_is_low(r) || !populated_zone(zone))
			continue;
		(*nr_zones)++;
		pages += zone_managed_pages(zone) - high_wmark_pages(zone);
	}
	return pages;
}

/* As start-up does, and then khugepaged, whose pageblocks are the record's. */
static void record_start(struct kunit *test, const struct machine_record *m)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	unsigned long block = m->narrow && !m->pae ? 1024 : 512;
	unsigned int nr_zones;
	int huge;

	pa->min_free_kbytes = min_free_kbytes_of(record_lowmem(&nr_zones));
	setup_per_zone_wmarks();
	huge = huge_page_min_free_kbytes_of(nr_zones, block,
					    record_lowmem(&nr_zones));
	pa->min_free_kbytes = max(pa->min_free_kbytes, huge);
	KUNIT_CHECK(test, pa->min_free_kbytes == rec.min_free_kbytes, 0,
		    "%s: min_free_kbytes is %d, recorded %d", m->name,
		    pa->min_free_kbytes, rec.min_free_kbytes);
}

static void record_run(struct kunit *test, const struct machine_record *m)
{
	const struct zone_record *r;
	struct zone *zone;

	for_each_zone(zone)
		memset(zone->_watermark, 0, sizeof(zone->_watermark));
	for (r = rec.zones; r < rec.zones + rec.nr; r++) {
		unsigned long managed = r->managed;

		zone = record_zone(r);
		if (r->type == m->freed_in)
			managed -= m->freed_later[r->nid];
		zone->present_pages = managed;
		atomic_long_set(&zone->managed_pages, (long)managed);
	}
	this_machine()->page_alloc.min_free_kbytes = rec.min_free_kbytes;
	if (m->fresh)
		record_start(test, m);
	setup_per_zone_wmarks();
	setup_per_zone_lowmem_reserve();
}

static void recorded_machines_test(struct kunit *test)
{
	const struct machine_record *m;
	unsigned int i, nr = 0;

	for (m = records; m < records + ARRAY_SIZE(records); m++) {
		if (m->nodes > num_online_nodes())
			continue;
		record_read(test, m);
		machine_save();
		record_run(test, m);
		for (i = 0; i < rec.nr; i++)
			record_check(test, m, &rec.zones[i]);
		machine_restore();
		nr += rec.nr;
	}
	KUNIT_EXPECT_GE(test, nr, 8U);
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
