// SPDX-License-Identifier: MIT
/* /proc/iomem: the tree of resources, writing it and reading it back. */
#include <kunit/test.h>

#include <linux/ioport.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include <asm/e820/api.h>
#include <octavo/machine.h>

#include "log_capture.h"
#include "recorded.h"

static struct e820_table table, other;

struct text {
	size_t n;
	char s[2048];
};
static struct text text;

static void text_emit(void *ctx, const char *s, size_t n)
{
	struct text *t = ctx;

	n = min(n, sizeof(t->s) - 1 - t->n);
	memcpy(t->s + t->n, s, n);
	t->n += n;
	t->s[t->n] = '\0';
}

static int iomem_test_init(struct kunit *test)
{
	memset(&table, 0, sizeof(table));
	memset(&other, 0, sizeof(other));
	text.n = 0;
	return 0;
}

static void iomem_nesting_test(struct kunit *test)
{
	struct resource root = { .name = "root", .end = U64_MAX };
	struct resource code = { .start = 0x1000, .end = 0x1fff, .name = "code" };
	struct resource data = { .start = 0x3000, .end = 0x3fff, .name = "data" };
	struct resource low = { .start = 0, .end = 0xfff, .name = "low" };
	struct resource ram = { .start = 0x1000, .end = 0xffff, .name = "RAM" };
	struct resource half = { .start = 0x1800, .end = 0x2800, .name = "half" };
	struct resource deep = { .start = 0x1100, .end = 0x11ff, .name = "deep" };
	struct seq_file m = { .emit = text_emit, .ctx = &text };

	KUNIT_EXPECT_EQ(test, insert_resource(&root, &code), 0);
	KUNIT_EXPECT_EQ(test, insert_resource(&root, &data), 0);
	KUNIT_EXPECT_EQ(test, insert_resource(&root, &ram), 0);
	KUNIT_EXPECT_EQ(test, insert_resource(&root, &low), 0);
	KUNIT_EXPECT_EQ(test, insert_resource(&root, &half), -EBUSY);
	KUNIT_EXPECT_EQ(test, insert_resource(&root, &deep), 0);
	KUNIT_EXPECT_EQ(test, request_resource(&root, &half), -EBUSY);
	KUNIT_EXPECT_NULL(test, resource_check(&root));
	resource_show(&m, &root);
	KUNIT_EXPECT_STREQ(test, text.s,
			   "00000000-00000fff : low\n"
			   "00001000-0000ffff : RAM\n"
			   "  00001000-00001fff : code\n"
			   "    00001100-000011ff : deep\n"
			   "  00003000-00003fff : data\n");
	/* A tree that lies is found out. */
	low.end = 0x1234;
	KUNIT_EXPECT_NOT_NULL(test, resource_check(&root));
}

/* A device at an address that no port has, which tests may have. */
#define DEV		0xf00000000000ULL
#define DEV_SIZE	0x10000

static struct resource bus = {
	.start = DEV, .end = DEV + DEV_SIZE - 1, .name = "test bus",
	.flags = IORESOURCE_MEM,
};
static struct resource bar = {
	.start = DEV + 0x4000, .end = DEV + 0x7fff, .name = "test BAR",
	.flags = IORESOURCE_MEM,
};
static struct log_capture log;

static void iomem_device_take(struct kunit *test)
{
	if (!iomem_resource.child)
		kunit_skip(test, "this machine was not set up");
	KUNIT_ASSERT_EQ(test, insert_resource(&iomem_resource, &bar), 0);
	KUNIT_ASSERT_EQ(test, insert_resource(&iomem_resource, &bus), 0);
}

static void iomem_device_leave(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, resource_check(&iomem_resource));
	KUNIT_EXPECT_EQ(test, release_resource(&bar), 0);
	KUNIT_EXPECT_EQ(test, release_resource(&bar), -EINVAL);
	KUNIT_EXPECT_EQ(test, release_resource(&bus), 0);
	KUNIT_EXPECT_NULL(test, resource_check(&iomem_resource));
}

/* A driver's region is nobody else's, until it is given back. */
static void iomem_regions_test(struct kunit *test)
{
	struct resource *r, *beside;

	iomem_device_take(test);
	r = request_mem_region(DEV + 0x4000, 0x1000, "driver");
	KUNIT_ASSERT_NOT_NULL(test, r);
	KUNIT_EXPECT_PTR_EQ(test, r->parent, &bar);
	KUNIT_EXPECT_EQ(test, r->flags, IORESOURCE_BUSY | IORESOURCE_MEM);
	KUNIT_EXPECT_NULL(test, request_mem_region(DEV + 0x4800, 0x1000,
						   "other"));
	KUNIT_EXPECT_NULL(test, request_mem_region(DEV + 0x4100, 16, "in it"));
	KUNIT_EXPECT_NULL(test, request_mem_region(DEV + 0x3000, 0x2000,
						   "across"));
	KUNIT_EXPECT_NULL(test, request_mem_region(DEV, 0, "nothing"));
	KUNIT_EXPECT_NULL(test, request_mem_region(DEV, ~0ULL, "wrapped"));
	beside = request_mem_region(DEV + 0x5000, 1, "beside");
	KUNIT_ASSERT_NOT_NULL(test, beside);
	KUNIT_EXPECT_EQ(test, request_resource(&bar, &(struct resource){
			.start = DEV + 0x5000, .end = DEV + 0x6000 }), -EBUSY);
	KUNIT_EXPECT_NULL(test, resource_check(&iomem_resource));
	release_mem_region(DEV + 0x5000, 1);
	release_mem_region(DEV + 0x4000, 0x1000);
	KUNIT_EXPECT_NULL(test, bar.child);
	iomem_device_leave(test);
}

static void iomem_bad_release_test(struct kunit *test)
{
	iomem_device_take(test);
	KUNIT_ASSERT_NOT_NULL(test, request_mem_region(DEV, 0x1000, "driver"));
	log_capture_start(&log);
	release_mem_region(DEV, 0x800);		/* a part */
	release_mem_region(DEV + 0x4000, 0x4000);	/* what is there */
	release_mem_region(DEV, 0);
	release_mem_region(DEV, 0x1000);
	release_mem_region(DEV, 0x1000);	/* twice */
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"Trying to free nonexistent resource <0x0000f00000000000-0x0000f000000007ff>\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"Trying to free nonexistent resource <0x0000f00000004000-0x0000f00000007fff>\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"Trying to free nonexistent resource <0x0000f00000000000-0x0000efffffffffff>\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"Trying to free nonexistent resource <0x0000f00000000000-0x0000f00000000fff>\n"));
	iomem_device_leave(test);
}

static void iomem_intersects_test(struct kunit *test)
{
	const struct resource *ram;

	iomem_device_take(test);
	for (ram = iomem_resource.child; ram; ram = ram->sibling)
		if (ram->flags & IORESOURCE_SYSTEM_RAM)
			break;
	KUNIT_ASSERT_NOT_NULL(test, ram);
#define RAM_IN(start, n)						\
	region_intersects(start, n, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE)
	KUNIT_EXPECT_EQ(test, RAM_IN(ram->start, resource_size(ram)),
			REGION_INTERSECTS);
	KUNIT_EXPECT_EQ(test, RAM_IN(ram->end, 1), REGION_INTERSECTS);
	KUNIT_EXPECT_EQ(test, RAM_IN(DEV, DEV_SIZE), REGION_DISJOINT);
	KUNIT_EXPECT_EQ(test, RAM_IN(ram->start, DEV), REGION_MIXED);
	KUNIT_EXPECT_EQ(test, RAM_IN(0, 0), REGION_DISJOINT);
	KUNIT_EXPECT_EQ(test, RAM_IN(ram->start, 0), REGION_DISJOINT);
	KUNIT_EXPECT_EQ(test, RAM_IN(~0ULL, 2), REGION_DISJOINT);
	KUNIT_EXPECT_EQ(test, region_intersects(DEV, 0x8000, IORESOURCE_MEM,
			IORES_DESC_NONE), REGION_INTERSECTS);
	KUNIT_EXPECT_EQ(test, region_intersects(DEV + 0xffff, 2,
			IORESOURCE_MEM, IORES_DESC_NONE), REGION_MIXED);
	iomem_device_leave(test);
}

/* Whole, or parts of one; not one and what lies beside it. */
static void iomem_sanity_test(struct kunit *test)
{
	iomem_device_take(test);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, iomem_map_sanity_check(DEV, DEV_SIZE), -1);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"resource sanity check: requesting [mem 0xf00000000000-0xf0000000ffff], which spans more than test BAR [mem 0xf00000004000-0xf00000007fff]\n"));
	KUNIT_EXPECT_EQ(test, iomem_map_sanity_check(DEV + 0x4000, 0x4000), 0);
	KUNIT_EXPECT_EQ(test, iomem_map_sanity_check(DEV + 0x4800, 0x100), 0);
	KUNIT_EXPECT_EQ(test, iomem_map_sanity_check(DEV, 0x4000), 0);
	/* What a driver marked is not looked at. */
	KUNIT_ASSERT_NOT_NULL(test, request_mem_region(DEV, 0x1000, "driver"));
	KUNIT_EXPECT_EQ(test, iomem_map_sanity_check(DEV, 0x4000), 0);
	release_mem_region(DEV, 0x1000);
	iomem_device_leave(test);
}

static bool same_map(const struct e820_table *a, const struct e820_table *b)
{
	u32 i;

	if (a->nr_entries != b->nr_entries)
		return false;
	for (i = 0; i < a->nr_entries; i++)
		if (a->entries[i].addr != b->entries[i].addr ||
		    a->entries[i].size != b->entries[i].size ||
		    a->entries[i].type != b->entries[i].type)
			return false;
	return true;
}

/* What the kernel shows is its map less page 0 and the ISA hole. */
static void check_recorded(struct kunit *test, const unsigned char *dmesg,
			   size_t dmesg_size, const unsigned char *iomem,
			   size_t iomem_size)
{
	memset(&table, 0, sizeof(table));
	memset(&other, 0, sizeof(other));
	KUNIT_EXPECT_EQ(test, e820_parse_dmesg(&table, (const char *)dmesg,
					       dmesg_size, NULL, NULL), 0U);
	KUNIT_EXPECT_EQ(test, iomem_parse(&other, (const char *)iomem,
					  iomem_size, NULL, NULL), 0U);
	e820_table_update(&table, 0, 0x1000, E820_TYPE_RAM,
			  E820_TYPE_RESERVED);
	e820_table_remove(&table, 0xa0000, 0x60000, E820_TYPE_RAM, true);
	e820_table_sanitize(&table);
	KUNIT_EXPECT_TRUE(test, same_map(&table, &other));
}

static void iomem_recorded_test(struct kunit *test)
{
	check_recorded(test, recorded_dmesg_4g, recorded_dmesg_4g_size,
		       recorded_iomem_4g, recorded_iomem_4g_size);
	check_recorded(test, recorded_dmesg_1g, recorded_dmesg_1g_size,
		       recorded_iomem_1g, recorded_iomem_1g_size);
	check_recorded(test, recorded_dmesg_pae, recorded_dmesg_pae_size,
		       recorded_iomem_pae, recorded_iomem_pae_size);
}

struct devices {
	unsigned int nr;
	u64 last;		/* of the latest */
	bool below;		/* one that is indented was told */
};

static void count_device(void *ctx, u64 start, u64 last, const char *name,
			 size_t n)
{
	struct devices *d = ctx;

	d->nr++;
	d->last = last;
	d->below |= n == 17 && !strncmp(name, "virtio-pci-modern", n);
}

/* What is no memory, and what lies within. */
static void iomem_devices_test(struct kunit *test)
{
	static const char bad[] = "a0000-bffff : VGA\n  b0000-a0000 : odd\n"
		"x : y\n  1-2 : below what is none\n0-0 : hidden\n"
		"1000-1fff : System RAM\n  1000-10ff : code\n";
	struct devices d = { 0 };

	iomem_devices((const char *)recorded_iomem_4g, recorded_iomem_4g_size,
		      count_device, &d);
	/* Three buses, two ROMs, three of the chipset, and nine within. */
	KUNIT_EXPECT_EQ(test, d.nr, 17U);
	KUNIT_EXPECT_EQ(test, d.last, 0x1bfffffffULL);
	KUNIT_EXPECT_TRUE(test, d.below);
	d = (struct devices){ 0 };
	iomem_devices(bad, sizeof(bad) - 1, count_device, &d);
	KUNIT_EXPECT_EQ(test, d.nr, 1U);
}

static void iomem_bad_lines_test(struct kunit *test)
{
	static const char lines[] =
		"00000000-00000000 : System RAM\n"
		"00001000-0009fbff System RAM\n"
		"00100000-001fffff : System RAM\n"
		"  nonsense that is nested\n"
		"nonsense\n";

	KUNIT_EXPECT_EQ(test, iomem_parse(&table, lines, sizeof(lines) - 1,
					  NULL, NULL), 3U);
	KUNIT_ASSERT_EQ(test, table.nr_entries, 1U);
	KUNIT_EXPECT_EQ(test, table.entries[0].addr, 0x100000ULL);
}

/* The machine's own file has its map in it. */
static void iomem_proc_test(struct kunit *test)
{
	struct seq_file m = { .emit = text_emit, .ctx = &text };

	if (!iomem_resource.child)
		kunit_skip(test, "this machine was not set up");
	KUNIT_EXPECT_NULL(test, resource_check(&iomem_resource));
	KUNIT_EXPECT_EQ(test, iomem_proc_show(&m), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(text.s, " : System RAM\n"));
}

static struct kunit_case iomem_cases[] = {
	KUNIT_CASE(iomem_nesting_test),
	KUNIT_CASE(iomem_regions_test),
	KUNIT_CASE(iomem_bad_release_test),
	KUNIT_CASE(iomem_intersects_test),
	KUNIT_CASE(iomem_sanity_test),
	KUNIT_CASE(iomem_recorded_test),
	KUNIT_CASE(iomem_devices_test),
	KUNIT_CASE(iomem_bad_lines_test),
	KUNIT_CASE(iomem_proc_test),
	{ }
};

static struct kunit_suite iomem_suite = {
	.name = "iomem",
	.init = iomem_test_init,
	.test_cases = iomem_cases,
};
kunit_test_suite(iomem_suite);
