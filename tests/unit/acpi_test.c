// SPDX-License-Identifier: MIT
/* SRAT, SLIT and MADT: recorded ones, and what no firmware should say. */
#include <kunit/test.h>

#include <linux/string.h>
#include <linux/topology.h>

#include <asm/acpi.h>
#include <asm/numa.h>
#include <asm/x86_init.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>

#include "log_capture.h"
#include "recorded.h"

#define SRAT_SIZE	48	/* of a table without entries */
#define DISTANCES	64	/* nodes of the table lent to the machine */

static struct x86_firmware saved_fw;
static u8 *saved_distance;
static int saved_distance_cnt;
static u8 distances[DISTANCES * DISTANCES];
static struct log_capture log;
/* A table being made. */
static u8 bytes[8192];

static int srat_test_init(struct kunit *test)
{
	struct machine *m = this_machine();

	saved_fw = *this_fw();
	saved_distance = m->numa_distance;
	saved_distance_cnt = m->numa_distance_cnt;
	memset(&this_fw()->numa, 0, sizeof(this_fw()->numa));
	memset(&this_fw()->cpus, 0, sizeof(this_fw()->cpus));
	memset(&this_fw()->acpi, 0, sizeof(this_fw()->acpi));
	memset(distances, REMOTE_DISTANCE, sizeof(distances));
	m->numa_distance = distances;
	m->numa_distance_cnt = DISTANCES;
	memset(bytes, 0, sizeof(bytes));
	return 0;
}

static void srat_test_exit(struct kunit *test)
{
	struct machine *m = this_machine();

	*this_fw() = saved_fw;
	m->numa_distance = saved_distance;
	m->numa_distance_cnt = saved_distance_cnt;
}

static struct acpi_table_header *made(void)
{
	return (struct acpi_table_header *)bytes;
}

static void make_table(const char *signature, u32 length)
{
	memcpy(made()->signature, signature, 4);
	made()->length = length;
	made()->revision = 2;
}

static void set_checksum(void)
{
	u32 i;

	made()->checksum = 0;
	for (i = 0; i < made()->length; i++)
		made()->checksum = (u8)(made()->checksum - bytes[i] +
			(&bytes[i] == &made()->checksum ? bytes[i] : 0));
}

static u8 *append(size_t n)
{
	u8 *p = bytes + made()->length;

	made()->length += (u32)n;
	p[1] = (u8)n;
	return p;
}

static void srat_add_memory(u32 pxm, u64 base, u64 length, u32 flags)
{
	u8 *p = append(40);

	p[0] = 1;
	memcpy(p + 2, &pxm, 4);
	memcpy(p + 8, &base, 8);
	memcpy(p + 16, &length, 8);
	memcpy(p + 28, &flags, 4);
}

static void srat_add_x2apic(u32 pxm, u32 apicid)
{
	u8 *p = append(24);

	p[0] = 2;
	memcpy(p + 4, &pxm, 4);
	memcpy(p + 8, &apicid, 4);
	p[12] = 1;
}

/* --- headers --- */

static void acpi_sound_test(struct kunit *test)
{
	const char *reason = NULL;

	KUNIT_EXPECT_TRUE(test, acpi_table_sound(recorded_srat_4g,
						 recorded_srat_4g_size,
						 &reason));
	KUNIT_EXPECT_FALSE(test, acpi_table_sound(recorded_srat_4g,
						  recorded_srat_4g_size - 1,
						  &reason));
	KUNIT_EXPECT_STREQ(test, reason, "is longer than what there is of it");
	KUNIT_EXPECT_FALSE(test, acpi_table_sound(recorded_srat_4g, 35,
						  &reason));
	make_table("SRAT", SRAT_SIZE);
	KUNIT_EXPECT_FALSE(test, acpi_table_sound(bytes, sizeof(bytes),
						  &reason));
	KUNIT_EXPECT_STREQ(test, reason, "has a wrong checksum");
	set_checksum();
	KUNIT_EXPECT_TRUE(test, acpi_table_sound(bytes, sizeof(bytes),
						 &reason));
	made()->length = 35;
	KUNIT_EXPECT_FALSE(test, acpi_table_sound(bytes, sizeof(bytes),
						  &reason));
}

static void acpi_give_test(struct kunit *test)
{
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, acpi_table_give(recorded_slit_4g,
					      recorded_slit_4g_size), 0);
	memcpy(bytes, recorded_srat_4g, recorded_srat_4g_size);
	bytes[100]++;
	KUNIT_EXPECT_EQ(test, acpi_table_give(bytes, recorded_srat_4g_size),
			-EINVAL);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "ACPI: SLIT 0x0000000000000000 000030 (v01 BOCHS  BXPC     00000001 BXPC 00000001)"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "ACPI: given table SRAT of 240 bytes has a wrong checksum: ignored"));
	KUNIT_EXPECT_EQ(test, this_fw()->acpi.nr_tables, 1U);
	KUNIT_EXPECT_EQ(test, acpi_table_parse(ACPI_SIG_SRAT,
					       acpi_numa_parse_srat), -ENODEV);
}

/* --- SRAT --- */

static void srat_recorded_test(struct kunit *test)
{
	const struct numa_meminfo *mi = &this_fw()->numa.meminfo;

	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, acpi_numa_parse_srat((const void *)
						   recorded_srat_4g), 0);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "SRAT: PXM 0 -> APIC 0x00 -> Node 0\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "SRAT: PXM 1 -> APIC 0x01 -> Node 1\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "ACPI: SRAT: Node 1 PXM 1 [mem 0x100000000-0x13fffffff]\n"));
	KUNIT_ASSERT_EQ(test, mi->nr_blks, 4);
	KUNIT_EXPECT_EQ(test, mi->blk[1].end, 0x80000000ULL);
	KUNIT_EXPECT_EQ(test, mi->blk[2].nid, 1);
	KUNIT_EXPECT_EQ(test, apicid_to_node(1), 1);
	KUNIT_EXPECT_EQ(test, apicid_to_node(2), NUMA_NO_NODE);
}

static void srat_sparse_domains_test(struct kunit *test)
{
	make_table("SRAT", SRAT_SIZE);
	srat_add_memory(0xdeadbeef, 0, 1 << 20, 1);
	srat_add_memory(7, 1 << 20, 1 << 20, 1 | 2);
	srat_add_memory(9, 2 << 20, 1 << 20, 0);
	srat_add_x2apic(7, 0x12345);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, acpi_numa_parse_srat(made()), 0);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "ACPI: SRAT: Node 1 PXM 7 [mem 0x00100000-0x001fffff] hotplug\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "SRAT: PXM 7 -> APIC 0x12345 -> Node 1\n"));
	KUNIT_EXPECT_EQ(test, pxm_to_node(0xdeadbeef), 0);
	KUNIT_EXPECT_EQ(test, pxm_to_node(9), -1);
	KUNIT_EXPECT_EQ(test, apicid_to_node(0x12345), 1);
}

/* Parses the made SRAT; expects failure and @line in the log. */
static void expect_bad_srat(struct kunit *test, const char *line)
{
	int err;

	memset(&this_fw()->numa, 0, sizeof(this_fw()->numa));
	log_capture_start(&log);
	err = acpi_numa_parse_srat(made());
	log_capture_end(&log);
	KUNIT_EXPECT_LT(test, err, 0);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, line));
}

/* 64 domains are known; one more is refused, a known one is not. */
static void srat_too_many_nodes_test(struct kunit *test)
{
	int i;

	for (i = 0; i < MAX_NUMNODES; i++)
		KUNIT_ASSERT_EQ(test, acpi_map_pxm_to_node((u32)i * 3), i);
	make_table("SRAT", SRAT_SIZE);
	srat_add_memory(63, 0, 1 << 20, 1);
	srat_add_memory(64, 1 << 20, 1 << 20, 1);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, acpi_numa_parse_srat(made()), -ENOSPC);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "SRAT: entry at offset 0x58: proximity domain 64 is one more than the 64 nodes there is room for"));
	KUNIT_EXPECT_EQ(test, this_fw()->numa.meminfo.nr_blks, 1);
}

static void srat_bad_test(struct kunit *test)
{
	make_table("SRAT", SRAT_SIZE - 1);
	expect_bad_srat(test, "SRAT: table has 47 bytes, not even 48");
	make_table("SRAT", SRAT_SIZE);
	expect_bad_srat(test, "SRAT: no entry names any memory");
	srat_add_memory(0, 1 << 20, 0, 1);
	expect_bad_srat(test, "SRAT: entry at offset 0x30: memory at 0x100000 of 0x0 bytes is no range");
	make_table("SRAT", SRAT_SIZE);
	srat_add_memory(0, U64_MAX - 10, 100, 1);
	expect_bad_srat(test, "SRAT: entry at offset 0x30: memory at 0xfffffffffffffff5 of 0x64 bytes is no range");
	make_table("SRAT", SRAT_SIZE);
	srat_add_memory(0, 0, 1 << 20, 1);
	bytes[SRAT_SIZE + 1] = 39;
	made()->length--;
	expect_bad_srat(test, "SRAT: entry at offset 0x30 of type 1 has 39 bytes, not 40");
	made()->length--;
	expect_bad_srat(test, "ACPI: SRAT: entry 0 at offset 0x30 has a bad length: the table is cut there");
	bytes[SRAT_SIZE + 1] = 0;
	expect_bad_srat(test, "ACPI: SRAT: entry 0 at offset 0x30 has a bad length");
	make_table("SRAT", SRAT_SIZE);
}

/* --- SLIT --- */

static void make_slit(u64 count, const char *entries, size_t n)
{
	make_table("SLIT", (u32)(44 + n));
	memcpy(bytes + 36, &count, 8);
	memcpy(bytes + 44, entries, n);
}

static void slit_recorded_test(struct kunit *test)
{
	acpi_numa_parse_srat((const void *)recorded_srat_4g);
	KUNIT_EXPECT_EQ(test, acpi_numa_parse_slit((const void *)
						   recorded_slit_4g), 0);
	KUNIT_EXPECT_EQ(test, node_distance(0, 1), 21);
	KUNIT_EXPECT_EQ(test, node_distance(1, 0), 21);
	KUNIT_EXPECT_EQ(test, node_distance(1, 1), 10);
	KUNIT_EXPECT_EQ(test, node_distance(3, 99), REMOTE_DISTANCE);
}

static void slit_bad_test(struct kunit *test)
{
	static const struct {
		u64 count;
		const char *entries, *line;
		size_t n;
	} bad[] = {
		{ 2, "\x0a\x14\x15\x0a", "entry [0][1]: it is not the same both ways. Not used.", 4 },
		{ 2, "\x0a\x00\x00\x0a", "entry [0][1]: another domain is no farther than the own. Not used.", 4 },
		{ 2, "\x0a\x14\x14\x0b", "entry [1][1]: a domain is not at distance 10 from itself. Not used.", 4 },
		{ 3, "\x0a\x14\x14\x0a", "table of 48 bytes is too short for its matrix. Not used.", 4 },
		{ 1ULL << 32, "\x0a\x14\x14\x0a", "too short for its matrix. Not used.", 4 },
	};
	size_t i;

	acpi_numa_parse_srat((const void *)recorded_srat_4g);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		make_slit(bad[i].count, bad[i].entries, bad[i].n);
		log_capture_start(&log);
		KUNIT_EXPECT_EQ(test, acpi_numa_parse_slit(made()), -EINVAL);
		log_capture_end(&log);
		KUNIT_EXPECT_TRUE(test, log_captured(&log, bad[i].line));
	}
	KUNIT_EXPECT_EQ(test, node_distance(0, 1), REMOTE_DISTANCE);
}

/* --- MADT --- */

static void madt_recorded_test(struct kunit *test)
{
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, acpi_parse_madt((const void *)recorded_madt_4g),
			0);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "IOAPIC[0]: apic_id 0, address 0xfec00000, GSI base 0"));
	KUNIT_EXPECT_EQ(test, this_fw()->cpus.nr, 2U);
	KUNIT_EXPECT_EQ(test, cpu_to_apicid(1), 1U);
	KUNIT_EXPECT_EQ(test, this_fw()->acpi.lapic_addr, 0xfee00000ULL);
}

static void madt_add(u8 type, u32 apicid, u32 flags)
{
	u8 *p = append(type == 9 ? 16 : 8);

	p[0] = type;
	if (type == 9) {
		memcpy(p + 4, &apicid, 4);
		memcpy(p + 8, &flags, 4);
	} else {
		p[3] = (u8)apicid;
		memcpy(p + 4, &flags, 4);
	}
}

static void madt_kinds_test(struct kunit *test)
{
	make_table("APIC", 44);
	x86_add_cpu(5, true);
	madt_add(0, 4, 1);
	madt_add(0, 5, 1);
	madt_add(0, 6, 0);
	madt_add(0, 7, 2);
	madt_add(0, 0xff, 1);
	madt_add(9, 4, 1);
	madt_add(9, 0x1000, 1);
	KUNIT_EXPECT_EQ(test, acpi_parse_madt(made()), 0);
	KUNIT_EXPECT_EQ(test, this_fw()->cpus.nr, 3U);
	KUNIT_EXPECT_EQ(test, this_fw()->cpus.nr_disabled, 1U);
	KUNIT_EXPECT_EQ(test, cpu_to_apicid(0), 5U);
	KUNIT_EXPECT_EQ(test, cpu_to_apicid(1), 4U);
	KUNIT_EXPECT_EQ(test, cpu_to_apicid(2), 0x1000U);
}

static void madt_too_many_test(struct kunit *test)
{
	u32 i;

	make_table("APIC", 44);
	for (i = 0; i < 5; i++)
		madt_add(0, i, 1);
	this_fw()->cpus.limit = 3;
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, acpi_parse_madt(made()), 0);
	log_capture_end(&log);
	KUNIT_EXPECT_EQ(test, this_fw()->cpus.nr, 3U);
	KUNIT_EXPECT_EQ(test, this_fw()->cpus.nr_lost, 2U);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "limit of 3 reached. Processor 4/0x4 ignored."));
	this_fw()->cpus.limit = 0;
	for (i = 3; i < NR_CPUS; i++)
		KUNIT_ASSERT_EQ(test, x86_add_cpu(0x1000 + i, true), (int)i);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, x86_add_cpu(0x5000, true), -ENOSPC);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "limit of " __stringify(NR_CPUS) " reached"));
}

static void madt_bad_test(struct kunit *test)
{
	make_table("APIC", 40);
	KUNIT_EXPECT_EQ(test, acpi_parse_madt(made()), -EINVAL);
	make_table("APIC", 44);
	madt_add(0, 1, 1);
	madt_add(0, 2, 1);
	bytes[44 + 1] = 7;
	log_capture_start(&log);
	/* The next entry then starts a byte early, as type 1 of length 0. */
	KUNIT_EXPECT_EQ(test, acpi_parse_madt(made()), -EINVAL);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "ACPI: MADT: entry at offset 0x2c of type 0 has 7 bytes, not 8: ignored"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "entry 1 at offset 0x33 has a bad length"));
}

static struct kunit_case srat_cases[] = {
	KUNIT_CASE(acpi_sound_test),
	KUNIT_CASE(acpi_give_test),
	KUNIT_CASE(srat_recorded_test),
	KUNIT_CASE(srat_sparse_domains_test),
	KUNIT_CASE(srat_too_many_nodes_test),
	KUNIT_CASE(srat_bad_test),
	KUNIT_CASE(slit_recorded_test),
	KUNIT_CASE(slit_bad_test),
	KUNIT_CASE(madt_recorded_test),
	KUNIT_CASE(madt_kinds_test),
	KUNIT_CASE(madt_too_many_test),
	KUNIT_CASE(madt_bad_test),
	{ }
};

static struct kunit_suite srat_suite = {
	.name = "acpi",
	.init = srat_test_init,
	.exit = srat_test_exit,
	.test_cases = srat_cases,
};
kunit_test_suite(srat_suite);
