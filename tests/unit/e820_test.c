// SPDX-License-Identifier: MIT
/* The memory map: overlaps, edits, options, maps as text, real maps. */
#include <kunit/test.h>

#include <linux/string.h>

#include <asm/e820/api.h>
#include <octavo/this_machine.h>
#include <uapi/asm/bootparam.h>

#include "log_capture.h"
#include "recorded.h"

#define MIB	(1ULL << 20)
#define GIB	(1ULL << 30)

/* Too large for a kernel's stack. */
static struct e820_table table, other;
static struct x86_firmware saved_fw;
static struct log_capture log;

static int e820_test_init(struct kunit *test)
{
	saved_fw = *this_fw();
	memset(&table, 0, sizeof(table));
	memset(&other, 0, sizeof(other));
	memset(&this_fw()->e820, 0, sizeof(this_fw()->e820));
	memset(&this_fw()->e820_options, 0, sizeof(this_fw()->e820_options));
	return 0;
}

static void e820_test_exit(struct kunit *test)
{
	*this_fw() = saved_fw;
}

static void expect_entry(struct kunit *test, const struct e820_table *t,
			 u32 i, u64 addr, u64 last, enum e820_type type)
{
	KUNIT_ASSERT_TRUE(test, i < t->nr_entries);
	KUNIT_EXPECT_EQ(test, t->entries[i].addr, addr);
	KUNIT_EXPECT_EQ(test, t->entries[i].addr + t->entries[i].size - 1,
			last);
	KUNIT_EXPECT_EQ(test, t->entries[i].type, type);
}

static void e820_sanitize_overlap_test(struct kunit *test)
{
	e820_table_add(&table, 0x5000, 0x1000, E820_TYPE_NVS);
	e820_table_add(&table, 0x1000, 0x9000, E820_TYPE_RAM);
	e820_table_add(&table, 0x4000, 0x3000, E820_TYPE_RESERVED);
	e820_table_add(&table, 0xa000, 0x1000, E820_TYPE_RAM);
	KUNIT_EXPECT_EQ(test, e820_table_sanitize(&table), 0U);
	KUNIT_EXPECT_NULL(test, e820_table_check(&table));
	KUNIT_ASSERT_EQ(test, table.nr_entries, 5U);
	expect_entry(test, &table, 0, 0x1000, 0x3fff, E820_TYPE_RAM);
	expect_entry(test, &table, 1, 0x4000, 0x4fff, E820_TYPE_RESERVED);
	expect_entry(test, &table, 2, 0x5000, 0x5fff, E820_TYPE_NVS);
	expect_entry(test, &table, 3, 0x6000, 0x6fff, E820_TYPE_RESERVED);
	expect_entry(test, &table, 4, 0x7000, 0xafff, E820_TYPE_RAM);
}

/* Persistent memory of two devices stays two ranges. */
static void e820_nomerge_test(struct kunit *test)
{
	e820_table_add(&table, 0x1000, 0x1000, E820_TYPE_PRAM);
	e820_table_add(&table, 0x2000, 0x1000, E820_TYPE_PRAM);
	e820_table_sanitize(&table);
	KUNIT_EXPECT_EQ(test, table.nr_entries, 2U);
	KUNIT_EXPECT_NULL(test, e820_table_check(&table));
}

static void e820_top_of_addresses_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, e820_table_add(&table, U64_MAX - 0xfff, 0x1000,
					     E820_TYPE_RESERVED), 0);
	KUNIT_EXPECT_EQ(test, e820_table_add(&table, 0, U64_MAX,
					     E820_TYPE_RAM), 0);
	KUNIT_EXPECT_EQ(test, e820_table_add(&table, 5, 0, E820_TYPE_RAM),
			-EINVAL);
	e820_table_sanitize(&table);
	KUNIT_EXPECT_NULL(test, e820_table_check(&table));
	KUNIT_ASSERT_EQ(test, table.nr_entries, 2U);
	expect_entry(test, &table, 1, U64_MAX - 0xfff, U64_MAX,
		     E820_TYPE_RESERVED);
	KUNIT_EXPECT_EQ(test, e820_table_remove(&table, 0x1000, U64_MAX,
						E820_TYPE_RAM, true),
			U64_MAX - 0x1fff);
	KUNIT_EXPECT_EQ(test, table.nr_entries, 2U);
}

static void e820_full_test(struct kunit *test)
{
	u32 i;

	for (i = 0; i < E820_MAX_ENTRIES; i++)
		KUNIT_ASSERT_EQ(test, e820_table_add(&table, i * 0x2000,
						     0x1000, E820_TYPE_RAM), 0);
	KUNIT_EXPECT_EQ(test, e820_table_add(&table, 0, 1, E820_TYPE_RAM),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, table.nr_lost, 1U);
	/* Cutting one in two needs room for one more: it is lost, not wrong. */
	e820_table_remove(&table, 0x400, 0x400, E820_TYPE_RAM, true);
	e820_table_sanitize(&table);
	KUNIT_EXPECT_NULL(test, e820_table_check(&table));
	KUNIT_EXPECT_EQ(test, table.nr_lost, 2U);
	KUNIT_EXPECT_EQ(test, table.entries[0].size, 0x400ULL);
	log_capture_start(&log);
	this_fw()->e820 = table;
	e820__range_add(0x123000, 0x1000, E820_TYPE_ACPI);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"e820: too many entries; ignoring [mem 0x0000000000123000-0x0000000000123fff] ACPI data"));
}

static void e820_queries_test(struct kunit *test)
{
	struct e820_table *t = &this_fw()->e820;

	e820_table_add(t, 0x3000, 0x2000, E820_TYPE_RAM);
	e820_table_add(t, 0x1000, 0x2000, E820_TYPE_RAM);
	e820_table_add(t, 0x5000, 0x1000, E820_TYPE_ACPI);
	KUNIT_EXPECT_TRUE(test, e820__mapped_all(0x1800, 0x4800,
						 E820_TYPE_RAM));
	KUNIT_EXPECT_FALSE(test, e820__mapped_all(0x1800, 0x5800,
						  E820_TYPE_RAM));
	KUNIT_EXPECT_TRUE(test, e820__mapped_all(0x1800, 0x5800, 0));
	KUNIT_EXPECT_TRUE(test, e820__mapped_any(0, 0x1001, E820_TYPE_RAM));
	KUNIT_EXPECT_FALSE(test, e820__mapped_any(0, 0x1000, E820_TYPE_RAM));
	KUNIT_EXPECT_EQ(test, e820__get_entry_type(0x5000, 0x6000),
			E820_TYPE_ACPI);
	KUNIT_EXPECT_EQ(test, e820__get_entry_type(0x4fff, 0x6000), -EINVAL);
	KUNIT_EXPECT_EQ(test, e820__end_of_ram_pfn(), 5UL);
}

/* --- the firmware's words --- */

static void boot_entry(struct boot_params *bp, u64 addr, u64 size, u32 type)
{
	bp->e820_table[bp->e820_entries++] =
		(struct boot_e820_entry){ addr, size, type };
}

static void e820_bad_entries_test(struct kunit *test)
{
	static struct boot_params bp;

	memset(&bp, 0, sizeof(bp));
	boot_entry(&bp, MIB, 15 * MIB, E820_TYPE_RAM);
	boot_entry(&bp, 0, 0x9fc00, E820_TYPE_RAM);
	boot_entry(&bp, 4 * MIB, 0, E820_TYPE_RAM);
	boot_entry(&bp, U64_MAX - 5, 100, E820_TYPE_RAM);
	boot_entry(&bp, 2 * MIB, MIB, E820_TYPE_RESERVED);
	boot_entry(&bp, 32 * MIB, MIB, 13);
	boot_entry(&bp, 33 * MIB, MIB, 0);
	log_capture_start(&log);
	KUNIT_EXPECT_STREQ(test, e820__memory_setup_default(&bp), "BIOS-e820");
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "e820: entry 1 [mem 0x0000000000000000-0x000000000009fbff] usable is out of order: sorted"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "e820: entry 2 [addr 0x0000000000400000 size 0x0000000000000000 type 1] has no size: ignored"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "e820: entry 3 [addr 0xfffffffffffffffa size 0x0000000000000064 type 1] passes the end of the address space: ignored"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "[mem 0x0000000000200000-0x00000000002fffff] reserved overlaps [mem 0x0000000000100000-0x0000000000ffffff] usable: the higher type holds"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "has unknown type 13: reserved"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "has type 0, which is none: ignored"));
	KUNIT_EXPECT_NULL(test, e820_table_check(&this_fw()->e820));
	KUNIT_EXPECT_EQ(test, this_fw()->e820.nr_entries, 5U);
	KUNIT_EXPECT_EQ(test, e820_table_bytes(&this_fw()->e820,
					       E820_TYPE_RAM),
			14 * MIB + 0x9fc00);
}

static void e820_older_methods_test(struct kunit *test)
{
	static struct boot_params bp;
	struct e820_table *t = &this_fw()->e820;

	memset(&bp, 0, sizeof(bp));
	bp.alt_mem_k = 512 << 10;
	bp.screen_info.ext_mem_k = 0xfc00;
	KUNIT_EXPECT_STREQ(test, e820__memory_setup_default(&bp), "BIOS-e801");
	KUNIT_ASSERT_EQ(test, t->nr_entries, 2U);
	expect_entry(test, t, 0, 0, 0x9efff, E820_TYPE_RAM);
	expect_entry(test, t, 1, MIB, 513 * MIB - 1, E820_TYPE_RAM);
	bp.alt_mem_k = 0;
	KUNIT_EXPECT_STREQ(test, e820__memory_setup_default(&bp), "BIOS-88");
	expect_entry(test, t, 1, MIB, 64 * MIB - 1, E820_TYPE_RAM);
	bp.screen_info.ext_mem_k = 0;
	e820__memory_setup_default(&bp);
	KUNIT_EXPECT_EQ(test, t->nr_entries, 1U);
}

/* --- the user's words --- */

static void map_of_2g(void)
{
	e820_table_add(&this_fw()->e820, 0, 0x9fc00, E820_TYPE_RAM);
	e820_table_add(&this_fw()->e820, MIB, 2 * GIB - MIB, E820_TYPE_RAM);
}

static int memmap(const char *value)
{
	char text[128];

	strscpy(text, value, sizeof(text));
	return e820__parse_memmap_opt(text);
}

static void e820_mem_option_test(struct kunit *test)
{
	char nopentium[] = "nopentium", size[] = "1G", junk[] = "1Q";
	char zero[] = "0";

	map_of_2g();
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, e820__parse_mem_opt(nopentium), -EBADMSG);
	KUNIT_EXPECT_EQ(test, e820__parse_mem_opt(junk), -EBADMSG);
	KUNIT_EXPECT_EQ(test, e820__parse_mem_opt(zero), -EBADMSG);
	KUNIT_EXPECT_EQ(test, e820__parse_mem_opt(NULL), -EBADMSG);
	KUNIT_EXPECT_EQ(test, e820__parse_mem_opt(size), 0);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "mem=nopentium ignored! (only supported on x86_32)"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "mem=1Q is no size: ignored"));
	KUNIT_EXPECT_EQ(test, e820__end_of_ram_pfn(), 1UL << 18);
}

static void e820_memmap_option_test(struct kunit *test)
{
	struct e820_table *t = &this_fw()->e820;

	map_of_2g();
	KUNIT_EXPECT_EQ(test, memmap("1M$0x10000000,2M#512M"), 0);
	KUNIT_EXPECT_EQ(test, memmap("1G@4G"), 0);
	KUNIT_EXPECT_EQ(test, memmap("64M!1G"), 0);
	KUNIT_EXPECT_NULL(test, e820_table_check(t));
	KUNIT_EXPECT_EQ(test, e820__get_entry_type(256 * MIB, 257 * MIB),
			E820_TYPE_RESERVED);
	KUNIT_EXPECT_EQ(test, e820__get_entry_type(512 * MIB, 514 * MIB),
			E820_TYPE_ACPI);
	KUNIT_EXPECT_EQ(test, e820__get_entry_type(GIB, GIB + 64 * MIB),
			E820_TYPE_PRAM);
	KUNIT_EXPECT_EQ(test, e820__get_entry_type(4 * GIB, 5 * GIB),
			E820_TYPE_RAM);
	KUNIT_EXPECT_EQ(test, memmap("64M%1G-12+1"), 0);
	KUNIT_EXPECT_EQ(test, memmap("1M%256M-2"), 0);
	KUNIT_EXPECT_EQ(test, memmap("2M%512M+5"), 0);
	KUNIT_EXPECT_TRUE(test, e820__mapped_all(GIB, GIB + 64 * MIB,
						 E820_TYPE_RAM));
	KUNIT_EXPECT_FALSE(test, e820__mapped_any(256 * MIB, 257 * MIB, 0));
	KUNIT_EXPECT_EQ(test, e820__get_entry_type(512 * MIB, 514 * MIB),
			E820_TYPE_UNUSABLE);
	KUNIT_EXPECT_EQ(test, memmap("1G"), 0);
	KUNIT_EXPECT_EQ(test, e820__end_of_ram_pfn(), 1UL << 18);
	KUNIT_EXPECT_TRUE(test, this_fw()->e820_options.userdef);
}

static void e820_exactmap_test(struct kunit *test)
{
	map_of_2g();
	KUNIT_EXPECT_EQ(test, memmap("exactmap,640K@0,31M@1M"), 0);
	KUNIT_ASSERT_EQ(test, this_fw()->e820.nr_entries, 2U);
	expect_entry(test, &this_fw()->e820, 0, 0, 640 * 1024 - 1,
		     E820_TYPE_RAM);
	expect_entry(test, &this_fw()->e820, 1, MIB, 32 * MIB - 1,
		     E820_TYPE_RAM);
}

static void e820_bad_memmap_test(struct kunit *test)
{
	static const char *const bad[] = {
		"", "@1M", "1M@", "0@1M", "1M@x", "1M*2M", "1M@2M@3M",
		"1M%1M-", "1M%1M+x", "1M%1M-0", "16E@4G", "exact",
	};
	size_t i;

	map_of_2g();
	other = this_fw()->e820;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		log_capture_start(&log);
		KUNIT_EXPECT_EQ(test, memmap(bad[i]), -EBADMSG);
		log_capture_end(&log);
		KUNIT_EXPECT_TRUE(test, log_captured(&log, "memmap="));
		KUNIT_EXPECT_TRUE(test, log_captured(&log, ": ignored"));
	}
	KUNIT_EXPECT_EQ(test, memcmp(&other, &this_fw()->e820, sizeof(other)),
			0);
	/* The sound piece of a list counts. */
	KUNIT_EXPECT_EQ(test, memmap("zzz,1M$16M"), -EBADMSG);
	KUNIT_EXPECT_EQ(test, e820__get_entry_type(16 * MIB, 17 * MIB),
			E820_TYPE_RESERVED);
}

/* --- maps as text --- */

struct reports {
	unsigned int nr;
	unsigned int line[8];
	const char *reason[8];
};

static void note_report(void *ctx, unsigned int line, const char *text,
			size_t n, const char *reason)
{
	struct reports *r = ctx;

	if (r->nr < ARRAY_SIZE(r->line)) {
		r->line[r->nr] = line;
		r->reason[r->nr] = reason;
	}
	r->nr++;
}

static void e820_parse_recorded_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, e820_parse_dmesg(&table,
				(const char *)recorded_dmesg_4g,
				recorded_dmesg_4g_size, NULL, NULL), 0U);
	KUNIT_ASSERT_EQ(test, table.nr_entries, 8U);
	expect_entry(test, &table, 0, 0, 0x9fbff, E820_TYPE_RAM);
	expect_entry(test, &table, 3, MIB, 0xbffd9fff, E820_TYPE_RAM);
	expect_entry(test, &table, 6, 4 * GIB, 5 * GIB - 1, E820_TYPE_RAM);
	expect_entry(test, &table, 7, 0xfd00000000, 0xffffffffff,
		     E820_TYPE_RESERVED);
	KUNIT_EXPECT_EQ(test, e820_table_end_pfn(&table, U64_MAX), 0x140000ULL);
	KUNIT_EXPECT_EQ(test, e820_table_end_pfn(&table, 4 * GIB), 0xbffdaULL);
	memset(&table, 0, sizeof(table));
	e820_parse_dmesg(&table, (const char *)recorded_dmesg_1g,
			 recorded_dmesg_1g_size, NULL, NULL);
	KUNIT_EXPECT_EQ(test, e820_table_end_pfn(&table, U64_MAX), 0x3ffdaULL);
	memset(&table, 0, sizeof(table));
	e820_parse_dmesg(&table, (const char *)recorded_dmesg_pae,
			 recorded_dmesg_pae_size, NULL, NULL);
	KUNIT_EXPECT_EQ(test, e820_table_end_pfn(&table, U64_MAX), 0x180000ULL);
}

static void e820_parse_forms_test(struct kunit *test)
{
	static const char list[] =
		"# a map by hand\n\n"
		"0-0x9fbff usable\n"
		"  [mem 0x00100000-0x07ffffff] usable \r\n"
		"08000000-0800ffff ACPI data\n"
		"0x8010000-0x801ffff type 20";
	static const char old[] =
		"<6> BIOS-e820: 0000000000100000 - 0000000020000000 (usable)\n"
		"something else\n";

	KUNIT_EXPECT_EQ(test, e820_parse_dmesg(&table, list, sizeof(list) - 1,
					       NULL, NULL), 0U);
	KUNIT_ASSERT_EQ(test, table.nr_entries, 4U);
	expect_entry(test, &table, 1, MIB, 0x7ffffff, E820_TYPE_RAM);
	expect_entry(test, &table, 2, 0x8000000, 0x800ffff, E820_TYPE_ACPI);
	expect_entry(test, &table, 3, 0x8010000, 0x801ffff, 20);
	KUNIT_EXPECT_EQ(test, e820_parse_dmesg(&other, old, sizeof(old) - 1,
					       NULL, NULL), 0U);
	KUNIT_ASSERT_EQ(test, other.nr_entries, 1U);
	expect_entry(test, &other, 0, MIB, 0x1fffffff, E820_TYPE_RAM);
}

static void e820_parse_bad_lines_test(struct kunit *test)
{
	static const char list[] =
		"0-fff usable\n"
		"zzz\n"
		"1000 usable\n"
		"2000-1fff usable\n"
		"3000-3fff strange\n"
		"[mem 0x4000-0x4fff usable\n"
		"10000000000000000-10000000000000fff usable\n"
		"5000-5fff\n"
		"6000-6fff reserved\n";
	struct reports r = { .nr = 0 };
	static const char *const reasons[] = {
		"no start address", "no - after the start address",
		"range ends before it starts", "unknown type",
		"no ] after the end address", "no start address", "no type",
	};
	unsigned int i;

	KUNIT_EXPECT_EQ(test, e820_parse_dmesg(&table, list, sizeof(list) - 1,
					       note_report, &r), 7U);
	KUNIT_ASSERT_EQ(test, r.nr, 7U);
	for (i = 0; i < r.nr; i++) {
		KUNIT_EXPECT_EQ(test, r.line[i], i + 2);
		KUNIT_EXPECT_STREQ(test, r.reason[i], reasons[i]);
	}
	KUNIT_EXPECT_EQ(test, table.nr_entries, 2U);
}

static struct kunit_case e820_cases[] = {
	KUNIT_CASE(e820_sanitize_overlap_test),
	KUNIT_CASE(e820_nomerge_test),
	KUNIT_CASE(e820_top_of_addresses_test),
	KUNIT_CASE(e820_full_test),
	KUNIT_CASE(e820_queries_test),
	KUNIT_CASE(e820_bad_entries_test),
	KUNIT_CASE(e820_older_methods_test),
	KUNIT_CASE(e820_mem_option_test),
	KUNIT_CASE(e820_memmap_option_test),
	KUNIT_CASE(e820_exactmap_test),
	KUNIT_CASE(e820_bad_memmap_test),
	KUNIT_CASE(e820_parse_recorded_test),
	KUNIT_CASE(e820_parse_forms_test),
	KUNIT_CASE(e820_parse_bad_lines_test),
	{ }
};

static struct kunit_suite e820_suite = {
	.name = "e820",
	.init = e820_test_init,
	.exit = e820_test_exit,
	.test_cases = e820_cases,
};
kunit_test_suite(e820_suite);
