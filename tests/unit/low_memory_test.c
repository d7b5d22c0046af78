// SPDX-License-Identifier: MIT
/* arch/x86/mm/low_memory.c: which RAM is low, which is high, which is lost. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/pfn.h>
#include <asm/low_memory.h>

#include "log_capture.h"

#define M		(1ULL << 20)
#define G		(1ULL << 30)
/* What lies behind VMALLOC_END: a round number between 0 and the reserve. */
#define ABOVE		(24 * M)

static struct log_capture captured;

static struct low_memory_wish machine_of(u64 ram)
{
	return (struct low_memory_wish){
		.ram_pfn = PFN_DOWN(ram), .above = (unsigned long)ABOVE,
	};
}

static struct low_memory find(struct low_memory_wish wish)
{
	struct low_memory found;

	log_capture_start(&captured);
	low_memory_find(&wish, &found);
	log_capture_end(&captured);
	return found;
}

static void expect(struct kunit *test, const struct low_memory *f, u64 low,
		   u64 end, enum low_memory_cut cut)
{
	KUNIT_EXPECT_EQ(test, (u64)PFN_PHYS(f->low_pfn), low);
	KUNIT_EXPECT_EQ(test, (u64)PFN_PHYS(f->end_pfn), end);
	KUNIT_EXPECT_EQ(test, (int)f->cut, (int)cut);
}

static void low_memory_of_machines(struct kunit *test)
{
	static const struct {
		u64 ram, low;
	} machines[] = {
		{ 16 * M, 16 * M }, { 128 * M, 128 * M }, { 512 * M, 512 * M },
		{ 896 * M - 4096, 896 * M - 4096 }, { 896 * M, 896 * M },
		{ 896 * M + 4096, 896 * M }, { G, 896 * M }, { 2 * G, 896 * M },
		{ 4 * G, 896 * M }, { 5 * G, 896 * M }, { 64 * G, 896 * M },
	};

	for (int i = 0; i < ARRAY_SIZE(machines); i++) {
		struct low_memory f = find(machine_of(machines[i].ram));

		expect(test, &f, machines[i].low, machines[i].ram,
		       LOW_MEMORY_ALL);
		KUNIT_EXPECT_EQ(test, (u64)f.reserve, 128 * M);
		KUNIT_EXPECT_FALSE(test, log_captured(&captured, "vmalloc"));
		KUNIT_EXPECT_FALSE(test, log_captured(&captured, "highmem"));
	}
}

static struct low_memory find_vmalloc(u64 ram, u64 vmalloc)
{
	struct low_memory_wish w = machine_of(ram);

	w.vmalloc = vmalloc;
	w.vmalloc_given = true;
	return find(w);
}

static void low_memory_vmalloc(struct kunit *test)
{
	/* At least as much as was asked for, between the hole and the rest. */
	struct low_memory f = find_vmalloc(2 * G, 256 * M);

	KUNIT_EXPECT_EQ(test, (u64)f.reserve, 256 * M + 8 * M + ABOVE);
	expect(test, &f, G - 288 * M, 2 * G, LOW_MEMORY_ALL);
	f = find_vmalloc(2 * G, 64 * M + 4096);
	KUNIT_EXPECT_EQ(test, (u64)f.reserve, 100 * M);
	f = find_vmalloc(512 * M, 256 * M);
	expect(test, &f, 512 * M, 512 * M, LOW_MEMORY_ALL);

	f = find_vmalloc(2 * G, 4096);
	KUNIT_EXPECT_EQ(test, (u64)f.reserve, 48 * M);
	KUNIT_EXPECT_TRUE(test, log_captured(&captured,
		"vmalloc=4096: less than the 16MB that the kernel's own mappings take: using 16MB\n"));
	f = find_vmalloc(2 * G, U64_MAX);
	expect(test, &f, 64 * M, 2 * G, LOW_MEMORY_ALL);
	KUNIT_EXPECT_TRUE(test, log_captured(&captured,
		"vmalloc=18446744073709551615: more than 928MB leaves less than 64MB of low memory: using 928MB\n"));
}

static struct low_memory find_highmem(u64 ram, u64 highmem)
{
	struct low_memory_wish w = machine_of(ram);

	w.highmem = highmem;
	w.highmem_given = true;
	return find(w);
}

static void low_memory_highmem(struct kunit *test)
{
	/* High memory where there would be none, and more than there would. */
	struct low_memory f = find_highmem(512 * M, 256 * M);

	expect(test, &f, 256 * M, 512 * M, LOW_MEMORY_ALL);
	f = find_highmem(2 * G, 2 * G - 512 * M);
	expect(test, &f, 512 * M, 2 * G, LOW_MEMORY_ALL);
	f = find_highmem(512 * M, 0);
	expect(test, &f, 512 * M, 512 * M, LOW_MEMORY_ALL);
	/* The least low memory that a machine has. */
	f = find_highmem(512 * M, 448 * M);
	expect(test, &f, 64 * M, 512 * M, LOW_MEMORY_ALL);
	/* Less: RAM is left over. */
	f = find_highmem(2 * G, 100 * M);
	expect(test, &f, 896 * M, 996 * M, LOW_MEMORY_HIGHMEM);
	f = find_highmem(2 * G, 0);
	expect(test, &f, 896 * M, 896 * M, LOW_MEMORY_HIGHMEM);
}

static void low_memory_highmem_too_large(struct kunit *test)
{
	struct low_memory f = find_highmem(512 * M, 449 * M);

	expect(test, &f, 512 * M, 512 * M, LOW_MEMORY_ALL);
	KUNIT_EXPECT_TRUE(test, log_captured(&captured,
		"highmem=470810624: of the 512MB of memory at most 448MB can be high, as low memory needs 64MB: ignored, 0MB are\n"));
	f = find_highmem(2 * G, U64_MAX);
	expect(test, &f, 896 * M, 2 * G, LOW_MEMORY_ALL);
	KUNIT_EXPECT_TRUE(test, log_captured(&captured,
		"at most 1984MB can be high, as low memory needs 64MB: ignored, 1152MB are\n"));
	f = find_highmem(32 * M, 1 * M);
	expect(test, &f, 32 * M, 32 * M, LOW_MEMORY_ALL);
	KUNIT_EXPECT_TRUE(test, log_captured(&captured, "at most 0MB"));
}

static void low_memory_frames_cost(struct kunit *test)
{
	struct low_memory_wish w = machine_of(64 * G);
	struct low_memory f;
	u64 most;

	w.vmalloc = 512 * M;
	w.vmalloc_given = true;
	f = find(w);
	/* Of 32 bytes each, in two thirds of 480 MiB. */
	most = 480 * M / 3 * 2 / 32 * 4096;
	expect(test, &f, 480 * M, most, LOW_MEMORY_FRAMES);
	log_capture_start(&captured);
	low_memory_report_cut(&f, 64 * G - most);
	log_capture_end(&captured);
	KUNIT_EXPECT_TRUE(test, log_captured(&captured,
		"RAM from 0xa00000000 on is not used: its struct pages would take too much of 480MB of low memory: 24576MB are lost"));
}

static void low_memory_reports(struct kunit *test)
{
	struct low_memory f = find_highmem(2 * G, 100 * M);

	log_capture_start(&captured);
	low_memory_report_cut(&f, 1052 * M);
	low_memory_report_beyond(4 * G, 32, true, true);
	low_memory_report_beyond(3 * G, 32, true, false);
	low_memory_report_beyond(2 * G, 32, false, false);
	low_memory_report_beyond(1 * G, 36, true, true);
	low_memory_report_beyond(0, 36, true, true);
	low_memory_report_cpu(6 * G, 32);
	low_memory_report_cpu(0, 32);
	log_capture_end(&captured);
	KUNIT_EXPECT_TRUE(test, log_captured(&captured,
		"highmem=: RAM from 0x3e400000 on is neither low memory nor what was asked for: 1052MB are not used\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&captured,
		"RAM above 4GB has no address in this kernel's page tables: 4096MB are lost; a PAE kernel or a 64-bit one has it\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&captured,
		"3072MB are lost; a PAE kernel has it\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&captured,
		"2048MB are lost; no kernel has it on this CPU\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&captured,
		"RAM above 64GB has no address in this kernel's page tables: 1024MB are lost; a 64-bit kernel has it\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&captured,
		"RAM above 4GB has no address on this CPU, whose addresses have 32 bits: 6144MB are lost\n"));
	KUNIT_EXPECT_FALSE(test, log_captured(&captured, " 0MB are lost"));
}

static void low_memory_numbers(struct kunit *test)
{
	u64 bytes = 1;

	KUNIT_EXPECT_EQ(test, low_memory_number("256M", &bytes), 0);
	KUNIT_EXPECT_EQ(test, bytes, 256 * M);
	KUNIT_EXPECT_EQ(test, low_memory_number("0", &bytes), 0);
	KUNIT_EXPECT_EQ(test, bytes, 0ULL);
	KUNIT_EXPECT_EQ(test, low_memory_number("0x1000k", &bytes), 0);
	KUNIT_EXPECT_EQ(test, bytes, 4 * M);
	KUNIT_EXPECT_EQ(test, low_memory_number("8g", &bytes), 0);
	KUNIT_EXPECT_EQ(test, bytes, 8 * G);
	KUNIT_EXPECT_EQ(test, low_memory_number(NULL, &bytes), -EINVAL);
	KUNIT_EXPECT_EQ(test, low_memory_number("", &bytes), -EINVAL);
	KUNIT_EXPECT_EQ(test, low_memory_number("-1M", &bytes), -EINVAL);
	KUNIT_EXPECT_EQ(test, low_memory_number("M", &bytes), -EINVAL);
	KUNIT_EXPECT_EQ(test, low_memory_number("12MB", &bytes), -EINVAL);
}

/* Whatever is there and asked for; low_memory_find() verifies I1 to I4. */
static void low_memory_any_machine(struct kunit *test)
{
	static const u64 wishes[] = { 0, 4096, 3 * M, 100 * M, 448 * M, G,
				      3 * G + 4096, 64 * G, U64_MAX };
	u64 ram = 4 * M;
	int v, h;

	for (; ram <= 64 * G; ram += ram / 3 & ~4095ULL) {
		for (v = -1; v < ARRAY_SIZE(wishes); v++) {
			for (h = -1; h < ARRAY_SIZE(wishes); h++) {
				struct low_memory_wish w = machine_of(ram);
				struct low_memory f;

				w.vmalloc_given = v >= 0;
				w.vmalloc = v >= 0 ? wishes[v] : 0;
				w.highmem_given = h >= 0;
				w.highmem = h >= 0 ? wishes[h] : 0;
				f = find(w);
				KUNIT_EXPECT_GE(test, f.low_pfn,
						min(w.ram_pfn,
						    PFN_DOWN(64 * M)));
			}
		}
	}
}

static struct kunit_case low_memory_cases[] = {
	KUNIT_CASE(low_memory_of_machines),
	KUNIT_CASE(low_memory_vmalloc),
	KUNIT_CASE(low_memory_highmem),
	KUNIT_CASE(low_memory_highmem_too_large),
	KUNIT_CASE(low_memory_frames_cost),
	KUNIT_CASE(low_memory_reports),
	KUNIT_CASE(low_memory_numbers),
	KUNIT_CASE(low_memory_any_machine),
	{}
};

static struct kunit_suite low_memory_suite = {
	.name = "low_memory",
	.test_cases = low_memory_cases,
};
kunit_test_suite(low_memory_suite);
