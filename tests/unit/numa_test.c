// SPDX-License-Identifier: MIT
/* Ranges of nodes: cleaning them up, and splitting nodes into fake ones. */
#include <kunit/test.h>

#include <linux/string.h>

#include <asm/numa.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>

#include "log_capture.h"

#define MIB	(1ULL << 20)
#define GIB	(1ULL << 30)

static struct numa_meminfo mi, out;
static struct numa_emu saved_emu;
static struct log_capture log;

static int numa_test_init(struct kunit *test)
{
	saved_emu = this_fw()->numa.emu;
	memset(&mi, 0, sizeof(mi));
	memset(&out, 0, sizeof(out));
	return 0;
}

static void numa_test_exit(struct kunit *test)
{
	this_fw()->numa.emu = saved_emu;
}

/* The recorded machine with 4 GiB: two ranges a node, a hole in each. */
static void two_nodes(void)
{
	numa_add_memblk_to(&mi, 0, 0, 0xa0000);
	numa_add_memblk_to(&mi, 0, MIB, 2 * GIB);
	numa_add_memblk_to(&mi, 1, 2 * GIB, 3 * GIB);
	numa_add_memblk_to(&mi, 1, 4 * GIB, 5 * GIB);
}

static void numa_cleanup_test(struct kunit *test)
{
	two_nodes();
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, numa_cleanup_meminfo(&mi, 5 * GIB), 0);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "NUMA: Node 0 [mem 0x00000000-0x0009ffff] + [mem 0x00100000-0x7fffffff] -> [mem 0x00000000-0x7fffffff]\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "NUMA: Node 1 [mem 0x80000000-0xbfffffff] + [mem 0x100000000-0x13fffffff] -> [mem 0x80000000-0x13fffffff]\n"));
	KUNIT_EXPECT_NULL(test, numa_meminfo_check(&mi));
	KUNIT_ASSERT_EQ(test, mi.nr_blks, 2);
	KUNIT_EXPECT_EQ(test, mi.blk[1].end, 5 * GIB);
}

/* Interleaved nodes stay apart; what is above the limit goes. */
static void numa_cleanup_interleaved_test(struct kunit *test)
{
	numa_add_memblk_to(&mi, 1, 3 * GIB, 4 * GIB);
	numa_add_memblk_to(&mi, 0, 2 * GIB, 3 * GIB);
	numa_add_memblk_to(&mi, 1, 1 * GIB, 2 * GIB);
	numa_add_memblk_to(&mi, 0, 0, GIB);
	numa_add_memblk_to(&mi, 2, 5 * GIB, 6 * GIB);
	KUNIT_EXPECT_EQ(test, numa_cleanup_meminfo(&mi, 7 * GIB / 2), 0);
	KUNIT_EXPECT_NULL(test, numa_meminfo_check(&mi));
	KUNIT_ASSERT_EQ(test, mi.nr_blks, 4);
	KUNIT_EXPECT_EQ(test, mi.blk[0].nid, 0);
	KUNIT_EXPECT_EQ(test, mi.blk[3].nid, 1);
	KUNIT_EXPECT_EQ(test, mi.blk[3].end, 7 * GIB / 2);
}

static void numa_overlap_test(struct kunit *test)
{
	numa_add_memblk_to(&mi, 0, 0, 2 * GIB);
	numa_add_memblk_to(&mi, 1, GIB, 3 * GIB);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, numa_cleanup_meminfo(&mi, 4 * GIB), -EINVAL);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "NUMA: Error: node 0 [mem 0x00000000-0x7fffffff] overlaps with node 1 [mem 0x40000000-0xbfffffff]"));
}

static void numa_add_bad_test(struct kunit *test)
{
	int i;

	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, numa_add_memblk_to(&mi, 0, 5, 5), 0);
	KUNIT_EXPECT_EQ(test, numa_add_memblk_to(&mi, -1, 0, 5), -EINVAL);
	KUNIT_EXPECT_EQ(test, numa_add_memblk_to(&mi, MAX_NUMNODES, 0, 5),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, numa_add_memblk_to(&mi, 0, 6, 5), -EINVAL);
	KUNIT_EXPECT_EQ(test, mi.nr_blks, 0);
	for (i = 0; i < NR_NODE_MEMBLKS; i++)
		KUNIT_EXPECT_EQ(test, numa_add_memblk_to(&mi, 0, (u64)i * 10,
							 (u64)i * 10 + 5), 0);
	KUNIT_EXPECT_EQ(test, numa_add_memblk_to(&mi, 0, 5000, 5001), -EINVAL);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "NUMA: too many memblk ranges: no room for node 0"));
}

/* Splits; each byte must be dealt out once, to a node of its physical one. */
static int split(struct kunit *test, const struct numa_emu *emu,
		 int to_phys[MAX_NUMNODES])
{
	u64 bytes_in = 0, bytes_out = 0;
	int nr, i, j;

	nr = numa_emu_split(&mi, emu, &out, to_phys);
	KUNIT_ASSERT_TRUE(test, nr > 0);
	numa_sort_meminfo(&out);
	KUNIT_EXPECT_NULL(test, numa_meminfo_check(&out));
	for (i = 0; i < mi.nr_blks; i++)
		bytes_in += mi.blk[i].end - mi.blk[i].start;
	for (i = 0; i < out.nr_blks; i++) {
		const struct numa_memblk *b = &out.blk[i];

		bytes_out += b->end - b->start;
		KUNIT_EXPECT_TRUE(test, b->nid < nr);
		for (j = 0; j < mi.nr_blks; j++)
			if (mi.blk[j].start <= b->start &&
			    b->end <= mi.blk[j].end)
				break;
		KUNIT_ASSERT_TRUE(test, j < mi.nr_blks);
		KUNIT_EXPECT_EQ(test, mi.blk[j].nid, to_phys[b->nid]);
	}
	KUNIT_EXPECT_EQ(test, bytes_in, bytes_out);
	return nr;
}

static void numa_fake_count_test(struct kunit *test)
{
	struct numa_emu emu = { .nr = 4 };
	int to_phys[MAX_NUMNODES];

	two_nodes();
	KUNIT_EXPECT_EQ(test, split(test, &emu, to_phys), 4);
	KUNIT_EXPECT_EQ(test, to_phys[1], 0);
	KUNIT_EXPECT_EQ(test, to_phys[2], 1);
	/* Fewer than physical ones: one of each. */
	emu.nr = 1;
	KUNIT_EXPECT_EQ(test, split(test, &emu, to_phys), 2);
	emu.nr = 1000;
	KUNIT_EXPECT_EQ(test, split(test, &emu, to_phys), MAX_NUMNODES);
}

static void numa_fake_size_test(struct kunit *test)
{
	struct numa_emu emu = { .size = 512 * MIB };
	int to_phys[MAX_NUMNODES];

	two_nodes();
	KUNIT_EXPECT_EQ(test, split(test, &emu, to_phys), 8);
	emu = (struct numa_emu){ .nr = 3, .uniform = true };
	KUNIT_EXPECT_EQ(test, split(test, &emu, to_phys), 6);
	KUNIT_EXPECT_EQ(test, to_phys[2], 0);
	KUNIT_EXPECT_EQ(test, to_phys[3], 1);
}

/* A small machine: nodes of a few blocks, some counts cannot be had. */
static void numa_fake_small_test(struct kunit *test)
{
	struct numa_emu emu = { .nr = 4 };
	int to_phys[MAX_NUMNODES], nr;

	numa_add_memblk_to(&mi, 0, 0x1000, 0x9f000);
	numa_add_memblk_to(&mi, 0, MIB, 16 * MIB);
	KUNIT_EXPECT_EQ(test, split(test, &emu, to_phys), 4);
	emu.nr = 64;
	nr = split(test, &emu, to_phys);
	KUNIT_EXPECT_GE(test, nr, 3);
	KUNIT_EXPECT_LE(test, nr, 5);
}

static void numa_fake_option_test(struct kunit *test)
{
	struct numa_emu *emu = &this_fw()->numa.emu;

	KUNIT_EXPECT_EQ(test, numa_emu_option("8"), 0);
	KUNIT_EXPECT_EQ(test, emu->nr, 8ULL);
	KUNIT_EXPECT_FALSE(test, emu->uniform);
	KUNIT_EXPECT_EQ(test, numa_emu_option("2U"), 0);
	KUNIT_EXPECT_TRUE(test, emu->uniform);
	KUNIT_EXPECT_EQ(test, numa_emu_option("1G"), 0);
	KUNIT_EXPECT_EQ(test, emu->size, GIB);
	KUNIT_EXPECT_EQ(test, emu->nr, 0ULL);
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, numa_emu_option("0"), -EBADMSG);
	KUNIT_EXPECT_EQ(test, numa_emu_option(""), -EBADMSG);
	KUNIT_EXPECT_EQ(test, numa_emu_option("G"), -EBADMSG);
	KUNIT_EXPECT_EQ(test, numa_emu_option("4x"), -EBADMSG);
	KUNIT_EXPECT_EQ(test, numa_emu_option("1MU"), -EBADMSG);
	KUNIT_EXPECT_EQ(test, numa_emu_option("-1"), -EBADMSG);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log, "numa=fake=4x is neither a count nor a size: ignored"));
	KUNIT_EXPECT_EQ(test, emu->size, GIB);
}

static struct kunit_case numa_cases[] = {
	KUNIT_CASE(numa_cleanup_test),
	KUNIT_CASE(numa_cleanup_interleaved_test),
	KUNIT_CASE(numa_overlap_test),
	KUNIT_CASE(numa_add_bad_test),
	KUNIT_CASE(numa_fake_count_test),
	KUNIT_CASE(numa_fake_size_test),
	KUNIT_CASE(numa_fake_small_test),
	KUNIT_CASE(numa_fake_option_test),
	{ }
};

static struct kunit_suite numa_suite = {
	.name = "numa",
	.init = numa_test_init,
	.exit = numa_test_exit,
	.test_cases = numa_cases,
};
kunit_test_suite(numa_suite);
