// SPDX-License-Identifier: MIT
/*
 * What a loader and a firmware leave in memory, laid out by hand in a machine
 * that has not started: setup_data, the ACPI tables, and what becomes of nodes
 * and processors.
 */
#include "early_machine.h"

#include <linux/cpu.h>
#include <linux/init.h>
#include <linux/string.h>
#include <linux/topology.h>

#include <asm/acpi.h>
#include <asm/e820/api.h>
#include <asm/numa.h>
#include <asm/x86_init.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>
#include <uapi/asm/bootparam.h>

#include "plan.h"

static struct log_capture log;

static void expect_log(struct kunit *test, const char *line)
{
	if (!log_captured(&log, line))
		kunit_info(test, "no line \"%s\" in: %s", line, log.text);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, line));
}

/* ---- setup_data ---- */

static struct setup_data *put_node(phys_addr_t at, u64 next, u32 type, u32 len)
{
	struct setup_data *node = __va(at);

	node->next = next;
	node->type = type;
	node->len = len;
	return node;
}

static void put_entries(phys_addr_t at, u32 nr)
{
	struct boot_e820_entry *e = __va(at + sizeof(struct setup_data));
	u32 i;

	for (i = 0; i < nr; i++, e++) {
		e->addr = G(4) + M(64) * i;
		e->size = M(32);
		e->type = E820_TYPE_RAM;
	}
}

static void walk(u64 chain)
{
	struct e820_table *t = &this_fw()->e820;

	t->nr_entries = 0;
	e820_table_add(t, 0, G(2), E820_TYPE_RAM);
	log_capture_start(&log);
	e820__reserve_setup_data(chain);
	e820__memblock_reserve_setup_data(chain);
	log_capture_end(&log);
}

static u64 ram(void)
{
	return e820_table_bytes(&this_fw()->e820, E820_TYPE_RAM);
}

static void setup_data_sound_test(struct kunit *test)
{
	const u32 len = 3 * sizeof(struct boot_e820_entry);

	put_node(M(1), M(2), 77, 100);
	put_node(M(2), 0, SETUP_E820_EXT, len);
	put_entries(M(2), 3);
	walk(M(1));
	KUNIT_EXPECT_EQ(test, e820_table_bytes(&this_fw()->e820,
					       E820_TYPE_RESERVED_KERN),
			2 * sizeof(struct setup_data) + 100 + len);
	KUNIT_EXPECT_EQ(test, ram(), G(2) + 3 * M(32) -
			(2 * sizeof(struct setup_data) + 100 + len));
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(M(1) + 100));
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(M(2) + len));
	KUNIT_EXPECT_FALSE(test, memblock_is_reserved(M(3)));
	expect_log(test, "extended: [mem 0x0000000100000000-0x0000000101ffffff] usable\n");
}

static void setup_data_none_test(struct kunit *test)
{
	walk(0);
	KUNIT_EXPECT_EQ(test, ram(), G(2));
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), 0);
}

static void setup_data_loop_test(struct kunit *test)
{
	put_node(M(1), M(2), 77, 8);
	put_node(M(2), M(1), 78, 8);
	walk(M(1));
	expect_log(test, "setup_data: more than 64 nodes at 0x100000: the rest is ignored\n");
	KUNIT_EXPECT_EQ(test, ram(), G(2) - 2 * (sizeof(struct setup_data) + 8));
	put_node(M(1), M(1), 77, 8);
	walk(M(1));
	expect_log(test, "setup_data: more than 64 nodes at 0x100000: the rest is ignored\n");
}

static void setup_data_bad_pointer_test(struct kunit *test)
{
	walk(1ULL << 60);
	expect_log(test, "setup_data: node at 0x1000000000000000 cannot be read: the rest is ignored\n");
	KUNIT_EXPECT_EQ(test, ram(), G(2));
	/* The node before counts. */
	put_node(M(1), U64_MAX - 3, SETUP_E820_EXT,
		 sizeof(struct boot_e820_entry));
	put_entries(M(1), 1);
	walk(M(1));
	expect_log(test, "setup_data: node at 0xfffffffffffffffc cannot be read: the rest is ignored\n");
	KUNIT_EXPECT_GT(test, ram(), G(2));
	/* A header that the end of memory cuts. */
	walk(EARLY_BYTES - 4);
	expect_log(test, "setup_data: node at 0x1fffffffc cannot be read: the rest is ignored\n");
}

static void setup_data_bad_length_test(struct kunit *test)
{
	put_node(M(1), 0, SETUP_E820_EXT, 21);
	walk(M(1));
	expect_log(test, "setup_data: E820 extension at 0x100000 has 21 bytes, not a number of entries that fits: ignored\n");
	put_node(M(1), 0, SETUP_E820_EXT, U32_MAX);
	walk(M(1));
	expect_log(test, "setup_data: E820 extension at 0x100000 has 4294967295 bytes, not a number of entries that fits: ignored\n");
	put_node(EARLY_BYTES - 32, 0, SETUP_E820_EXT, 20);
	walk(EARLY_BYTES - 32);
	expect_log(test, "setup_data: E820 extension at 0x1ffffffe0 cannot be read: ignored\n");
	put_node(M(1), 0, SETUP_E820_EXT, 0);
	walk(M(1));
	KUNIT_EXPECT_TRUE(test, ram() >= G(2) - 4096);
}

/* ---- finding ACPI's tables ---- */

static u8 checksum_of(const void *p, size_t n)
{
	const u8 *b = p;
	u8 sum = 0;

	while (n--)
		sum = (u8)(sum - *b++);
	return sum;
}

static void put_rsdp(phys_addr_t at, u32 rsdt, u64 xsdt)
{
	struct acpi_table_rsdp *r = __va(at);

	memset(r, 0, sizeof(*r));
	memcpy(r->signature, ACPI_SIG_RSDP, 8);
	memcpy(r->oem_id, "OCTAVO", 6);
	r->rsdt_physical_address = rsdt;
	if (xsdt) {
		r->revision = 2;
		r->length = sizeof(*r);
		r->xsdt_physical_address = xsdt;
	}
	r->checksum = checksum_of(r, 20);
	r->extended_checksum = checksum_of(r, sizeof(*r));
}

static struct acpi_table_header *put_table(phys_addr_t at, const char *sig,
					   const void *body, u32 n)
{
	struct acpi_table_header *h = __va(at);

	memset(h, 0, sizeof(*h));
	memcpy(h->signature, sig, 4);
	h->length = (u32)sizeof(*h) + n;
	h->revision = 1;
	memcpy(h + 1, body, n);
	h->checksum = checksum_of(h, h->length);
	return h;
}

static void find_tables(phys_addr_t rsdp)
{
	memset(&this_fw()->acpi, 0, sizeof(this_fw()->acpi));
	log_capture_start(&log);
	acpi_boot_table_init(rsdp);
	log_capture_end(&log);
}

static u32 nr_tables(void)
{
	return this_fw()->acpi.nr_tables;
}

static void rsdp_none_test(struct kunit *test)
{
	find_tables(0);
	expect_log(test, "ACPI: no RSDP found\n");
	find_tables(M(4));
	expect_log(test, "ACPI: no RSDP at 0x400000, where the loader says: searching\n");
	find_tables(1ULL << 60);
	expect_log(test, "ACPI: no RSDP at 0x1000000000000000, where the loader says: searching\n");
	KUNIT_EXPECT_EQ(test, nr_tables(), 0);
}

/* One with a wrong checksum is passed over, in the EBDA and below 1 MiB. */
static void rsdp_search_test(struct kunit *test)
{
	const u32 table = (u32)M(2);
	u16 segment = 0x9fc0;

	put_table(M(2), "TEST", "", 0);
	put_table(M(3), "RSDT", &table, sizeof(table));
	put_rsdp(0xf0000, (u32)M(3), 0);
	put_rsdp(0xf8000, (u32)M(3), 0);
	((struct acpi_table_rsdp *)__va(0xf0000))->checksum ^= 1;
	find_tables(0);
	KUNIT_EXPECT_EQ(test, this_fw()->acpi.rsdp, 0xf8000);
	KUNIT_EXPECT_EQ(test, nr_tables(), 1);
	memcpy(__va(0x40e), &segment, sizeof(segment));
	put_rsdp(0x9fc10, (u32)M(3), 0);
	find_tables(0);
	KUNIT_EXPECT_EQ(test, this_fw()->acpi.rsdp, 0x9fc10);
	((struct acpi_table_rsdp *)__va(0x9fc10))->signature[0] = 'X';
	find_tables(0);
	KUNIT_EXPECT_EQ(test, this_fw()->acpi.rsdp, 0xf8000);
}

/* A length or checksum of the second half that is wrong. */
static void rsdp_second_half_test(struct kunit *test)
{
	struct acpi_table_rsdp *r = __va(0xf0000);

	put_rsdp(0xf0000, 0, M(3));
	r->extended_checksum ^= 1;
	find_tables(0);
	expect_log(test, "ACPI: no RSDP found\n");
	put_rsdp(0xf0000, 0, M(3));
	r->length = 4096;
	find_tables(0);
	expect_log(test, "ACPI: no RSDP found\n");
}

static void xsdt_bad_test(struct kunit *test)
{
	const u32 table32 = (u32)M(2);
	const u64 table64 = M(2);
	struct acpi_table_header *xsdt;

	put_table(M(2), "TEST", "", 0);
	put_table(M(3), "RSDT", &table32, sizeof(table32));
	xsdt = put_table(M(4), "XSDT", &table64, sizeof(table64));
	put_rsdp(0xf0000, (u32)M(3), M(4));
	find_tables(0);
	KUNIT_EXPECT_EQ(test, nr_tables(), 1);
	xsdt->checksum ^= 1;
	find_tables(0);
	expect_log(test, "ACPI: XSDT at 0x400000 has a wrong checksum: ignored\n");
	KUNIT_EXPECT_EQ(test, nr_tables(), 1);
	xsdt->length = U32_MAX;
	find_tables(0);
	expect_log(test, "ACPI: XSDT at 0x400000 has a bad length: ignored\n");
	xsdt->signature[0] = 'Y';
	find_tables(0);
	expect_log(test, "ACPI: XSDT at 0x400000 has another signature: ignored\n");
	put_rsdp(0xf0000, 0, EARLY_BYTES);
	find_tables(0);
	expect_log(test, "ACPI: XSDT at 0x200000000 cannot be read: ignored\n");
	KUNIT_EXPECT_EQ(test, nr_tables(), 0);
}

/* Entries that lead nowhere, a length that no table has; one that is good. */
static void xsdt_entries_test(struct kunit *test)
{
	const u64 entries[] = { 0, EARLY_BYTES, M(5), M(6), M(2) };

	put_table(M(2), "GOOD", "", 0);
	put_table(M(5), "TINY", "", 0)->length = 12;
	put_table(M(6), "HUGE", "", 0)->length = 0xf0000000;
	put_table(M(4), "XSDT", entries, sizeof(entries));
	put_rsdp(0xf0000, 0, M(4));
	find_tables(0);
	expect_log(test, "ACPI: table at 0x0 cannot be read: ignored\n");
	expect_log(test, "ACPI: table at 0x200000000 cannot be read: ignored\n");
	expect_log(test, "ACPI: table TINY at 0x500000 has a bad length of 12: ignored\n");
	expect_log(test, "ACPI: table HUGE at 0x600000 has a bad length of 4026531840: ignored\n");
	KUNIT_ASSERT_EQ(test, nr_tables(), 1);
	acpi_reserve_tables();
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(M(2)));
	KUNIT_EXPECT_FALSE(test, memblock_is_reserved(M(6)));
}

static void xsdt_too_many_test(struct kunit *test)
{
	u64 entries[ACPI_MAX_TABLES + 1];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(entries); i++) {
		entries[i] = M(8) + 4096 * i;
		put_table(entries[i], "SOME", "", 0);
	}
	put_table(M(4), "XSDT", entries, sizeof(entries));
	put_rsdp(0xf0000, 0, M(4));
	find_tables(0);
	/* The log's last lines are what the capture may have lost. */
	KUNIT_EXPECT_EQ(test, nr_tables(), ACPI_MAX_TABLES);
}

static int parse_nothing(const struct acpi_table_header *table)
{
	return 0;
}

/* A table found whose bytes add up wrong is not read. */
static void table_bad_test(struct kunit *test)
{
	const u64 entry = M(2);

	put_table(M(2), "SRAT", "abc", 3)->checksum ^= 1;
	put_table(M(4), "XSDT", &entry, sizeof(entry));
	put_rsdp(0xf0000, 0, M(4));
	find_tables(0);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, acpi_table_parse(ACPI_SIG_SRAT, parse_nothing),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, acpi_table_parse(ACPI_SIG_SLIT, parse_nothing),
			-ENODEV);
	log_capture_end(&log);
	expect_log(test, "ACPI: SRAT at 0x200000, 39 bytes, has a wrong checksum: ignored\n");
}

/* ---- nodes ---- */

/* A plan that names no nodes, so that ACPI is asked. */
static const struct octavo_options no_options;
static const struct host_plan no_plan = { .options = &no_options };

static u8 srat_bytes[48 + 16 * 40];

static void srat_start(void)
{
	struct acpi_table_header *h = (void *)srat_bytes;

	memset(srat_bytes, 0, sizeof(srat_bytes));
	memcpy(h->signature, ACPI_SIG_SRAT, 4);
	h->revision = 3;
	h->length = 48;
}

static void srat_memory(u32 pxm, u64 start, u64 end)
{
	struct acpi_table_header *h = (void *)srat_bytes;
	u8 *p = srat_bytes + h->length;
	const u64 size = end - start;

	p[0] = 1;
	p[1] = 40;
	memcpy(p + 2, &pxm, sizeof(pxm));
	memcpy(p + 8, &start, sizeof(start));
	memcpy(p + 16, &size, sizeof(size));
	p[28] = 1;
	h->length += 40;
}

/* Gives the SRAT made to a machine with RAM [1M, 1G), and starts its nodes. */
static void start_nodes(void)
{
	struct acpi_table_header *h = (void *)srat_bytes;

	h->checksum = checksum_of(h, h->length);
	this_arch()->plan = &no_plan;
	memblock_add(M(1), G(1) - M(1));
	memblock_allow_resize();
	max_pfn = PFN_DOWN(G(1));
	log_capture_start(&log);
	acpi_table_give(h, h->length);
	initmem_init();
	log_capture_end(&log);
}

static int node_at(phys_addr_t addr)
{
	struct memblock_region *r;

	for_each_mem_region(r)
		if (addr >= r->base && addr < r->base + r->size)
			return memblock_get_region_node(r);
	return NUMA_NO_NODE;
}

static void cover_gap_test(struct kunit *test)
{
	srat_start();
	srat_memory(0, M(1), M(512) - K(512));
	srat_memory(1, M(512), G(1) - K(256));
	start_nodes();
	expect_log(test, "NUMA: [mem 0x1ff80000-0x1fffffff] is in no node's range: given to node 0\n");
	expect_log(test, "NUMA: [mem 0x3ffc0000-0x3fffffff] is in no node's range: given to node 1\n");
	KUNIT_EXPECT_EQ(test, node_at(M(512) - K(4)), 0);
	KUNIT_EXPECT_EQ(test, node_at(G(1) - K(4)), 1);
	KUNIT_EXPECT_EQ(test, memblock_check(&memblock), 0);
}

/* RAM below the first range goes to that one. */
static void cover_gap_below_test(struct kunit *test)
{
	srat_start();
	srat_memory(0, M(1) + K(64), M(512));
	srat_memory(1, M(512), G(1));
	start_nodes();
	expect_log(test, "NUMA: [mem 0x00100000-0x0010ffff] is in no node's range: given to node 0\n");
	KUNIT_EXPECT_EQ(test, node_at(M(1)), 0);
	KUNIT_EXPECT_EQ(test, node_at(G(1) - 1), 1);
}

/* 1 MiB in all is too much, though no gap is that large. */
static void cover_too_much_test(struct kunit *test)
{
	srat_start();
	srat_memory(0, M(1) + K(512), M(512));
	srat_memory(1, M(512) + K(512), G(1));
	start_nodes();
	expect_log(test, "NUMA: nodes only cover 1022MB of your 1023MB e820 RAM. Not used.\n");
	expect_log(test, "No NUMA configuration found\n");
	KUNIT_EXPECT_EQ(test, node_at(G(1) - 1), 0);
	KUNIT_EXPECT_FALSE(test, node_online(1));
}

/* Ranges without RAM, for memory to be plugged in, make no node. */
static void cover_absent_test(struct kunit *test)
{
	srat_start();
	srat_memory(0, M(1), G(1));
	srat_memory(1, G(4), G(8));
	start_nodes();
	KUNIT_EXPECT_TRUE(test, node_online(0));
	KUNIT_EXPECT_FALSE(test, node_online(1));
}

/* ---- processors ---- */

static void add_cpus(u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		x86_add_cpu(i, true);
}

static void settle_cpus(const char *options)
{
	log_capture_start(&log);
	parse_early_options(options);
	add_cpus(4);
	x86_add_cpu(9, false);
	prefill_possible_map();
	log_capture_end(&log);
}

static void expect_cpus(struct kunit *test, unsigned int possible,
			unsigned int present)
{
	struct machine *m = this_machine();

	KUNIT_EXPECT_EQ(test, m->nr_cpus, possible);
	KUNIT_EXPECT_EQ(test, cpumask_weight(&m->cpu_possible), possible);
	KUNIT_EXPECT_EQ(test, cpumask_weight(&m->cpu_present), present);
	KUNIT_EXPECT_TRUE(test, cpumask_test_cpu(0, &m->cpu_present));
}

static void cpus_plain_test(struct kunit *test)
{
	settle_cpus("");
	expect_cpus(test, 5, 4);
	expect_log(test, "smpboot: Allowing 5 CPUs, 1 hotplug CPUs\n");
}

static void cpus_nr_test(struct kunit *test)
{
	settle_cpus("nr_cpus=2");
	expect_cpus(test, 2, 2);
	expect_log(test, "APIC: NR_CPUS/nr_cpus limit of 2 reached. Processor 2/0x2 ignored.\n");
	expect_log(test, "APIC: NR_CPUS/nr_cpus limit of 2 reached. Processor 3/0x3 ignored.\n");
}

static void cpus_max_test(struct kunit *test)
{
	settle_cpus("maxcpus=3");
	expect_cpus(test, 5, 4);
	KUNIT_EXPECT_EQ(test, setup_max_cpus, 3U);
}

/* The processor that runs cannot be left out; others wait to be started. */
static void cpus_none_test(struct kunit *test)
{
	settle_cpus("maxcpus=0");
	expect_cpus(test, 5, 4);
	KUNIT_EXPECT_EQ(test, setup_max_cpus, 1U);
}

static void cpus_possible_more_test(struct kunit *test)
{
	settle_cpus("possible_cpus=8");
	expect_cpus(test, 8, 4);
}

static void cpus_possible_less_test(struct kunit *test)
{
	settle_cpus("possible_cpus=3");
	expect_cpus(test, 3, 3);
	expect_log(test, "smpboot: 4 processors exceed possible_cpus= limit of 3\n");
}

static void cpus_too_many_test(struct kunit *test)
{
	settle_cpus("nr_cpus=4000000000 possible_cpus=4000000000");
	expect_cpus(test, NR_CPUS, 4);
}

/* Without a word from anybody there is the one that runs. */
static void cpus_nobody_test(struct kunit *test)
{
	prefill_possible_map();
	expect_cpus(test, 1, 1);
}

/* Placed ones on their node; others, and those of no node, in turn. */
static void cpu_to_node_test(struct kunit *test)
{
	struct machine *m = this_machine();

	srat_start();
	srat_memory(0, M(1), M(512));
	srat_memory(1, M(512), G(1));
	start_nodes();
	set_apicid_to_node(2, 1);
	set_apicid_to_node(3, 5);
	log_capture_start(&log);
	set_apicid_to_node(7, MAX_NUMNODES);
	log_capture_end(&log);
	expect_log(test, "NUMA: APIC 0x7 on node 64: no such node: ignored\n");
	add_cpus(4);
	prefill_possible_map();
	init_cpu_to_node();
	KUNIT_EXPECT_EQ(test, m->cpu_node[2], 1);
	KUNIT_EXPECT_EQ(test, m->cpu_node[0], 0);
	KUNIT_EXPECT_EQ(test, m->cpu_node[1], 1);
	/* Node 5 is not online. */
	KUNIT_EXPECT_EQ(test, m->cpu_node[3], 0);
}

static struct kunit_case firmware_cases[] = {
	KUNIT_CASE(setup_data_sound_test),
	KUNIT_CASE(setup_data_none_test),
	KUNIT_CASE(setup_data_loop_test),
	KUNIT_CASE(setup_data_bad_pointer_test),
	KUNIT_CASE(setup_data_bad_length_test),
	KUNIT_CASE(rsdp_none_test),
	KUNIT_CASE(rsdp_search_test),
	KUNIT_CASE(rsdp_second_half_test),
	KUNIT_CASE(xsdt_bad_test),
	KUNIT_CASE(xsdt_entries_test),
	KUNIT_CASE(xsdt_too_many_test),
	KUNIT_CASE(table_bad_test),
	KUNIT_CASE(cover_gap_test),
	KUNIT_CASE(cover_gap_below_test),
	KUNIT_CASE(cover_too_much_test),
	KUNIT_CASE(cover_absent_test),
	KUNIT_CASE(cpus_plain_test),
	KUNIT_CASE(cpus_nr_test),
	KUNIT_CASE(cpus_max_test),
	KUNIT_CASE(cpus_none_test),
	KUNIT_CASE(cpus_possible_more_test),
	KUNIT_CASE(cpus_possible_less_test),
	KUNIT_CASE(cpus_too_many_test),
	KUNIT_CASE(cpus_nobody_test),
	KUNIT_CASE(cpu_to_node_test),
	{}
};

static struct kunit_suite firmware_suite = {
	.name = "early_firmware",
	.test_cases = firmware_cases,
};
kunit_test_suite(firmware_suite);
