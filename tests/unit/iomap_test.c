// SPDX-License-Identifier: MIT
/*
 * Accesses to registers, on memory that plays them: widths, byte order,
 * blocks that touch nothing beside themselves, ports, and addresses that are
 * neither.
 */
#include <kunit/test.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "log_capture.h"

#define REGS	64	/* bytes */

/* Aligned, with room around the block. */
static union {
	u8 b[REGS];
	u64 q[REGS / 8];
} regs;
static u8 memory[REGS], wanted[REGS];
static struct log_capture log;

static int iomap_init(struct kunit *test)
{
	int i;

	for (i = 0; i < REGS; i++) {
		regs.b[i] = (u8)(i * 7 + 1);
		memory[i] = (u8)(0xc0 ^ i);
	}
	return 0;
}

static void iomap_widths(struct kunit *test)
{
	regs.q[0] = 0x8877665544332211ULL;
	KUNIT_EXPECT_EQ(test, readb(&regs.b[1]), 0x22);
	KUNIT_EXPECT_EQ(test, readw(&regs.b[2]), 0x4433);
	KUNIT_EXPECT_EQ(test, readl(&regs.b[4]), 0x88776655U);
	KUNIT_EXPECT_EQ(test, readb_relaxed(&regs.b[7]), 0x88);
	KUNIT_EXPECT_EQ(test, readw_relaxed(&regs.b[0]), 0x2211);
	KUNIT_EXPECT_EQ(test, readl_relaxed(&regs.b[0]), 0x44332211U);
	writeb(0xab, &regs.b[0]);
	writew(0xcdef, &regs.b[2]);
	writel_relaxed(0x01020304, &regs.b[4]);
	KUNIT_EXPECT_EQ(test, regs.q[0], 0x01020304cdef22abULL);
	writeb_relaxed(1, &regs.b[0]);
	writew_relaxed(2, &regs.b[2]);
	writel(3, &regs.b[4]);
	KUNIT_EXPECT_EQ(test, regs.q[0], 0x0000000300022201ULL);
#ifdef CONFIG_64BIT
	writeq(0x1122334455667788ULL, &regs.q[1]);
	KUNIT_EXPECT_EQ(test, readq(&regs.q[1]), 0x1122334455667788ULL);
	writeq_relaxed(5, &regs.q[1]);
	KUNIT_EXPECT_EQ(test, readq_relaxed(&regs.q[1]), 5ULL);
#endif
}

/* The same register again and again. */
static void iomap_strings(struct kunit *test)
{
	u32 words[4] = { 1, 2, 3, 4 };
	u16 halves[3];

	writesl(&regs.q[0], words, 4);
	KUNIT_EXPECT_EQ(test, (u32)regs.q[0], 4U);
	writew(0x1234, &regs.q[1]);
	readsw(&regs.q[1], halves, 3);
	KUNIT_EXPECT_TRUE(test, halves[0] == 0x1234 && halves[2] == 0x1234);
	writesb(&regs.b[20], "abc", 3);
	KUNIT_EXPECT_EQ(test, regs.b[20], 'c');
	KUNIT_EXPECT_EQ(test, regs.b[21], 21 * 7 + 1);
}

static void iomap_registers(struct kunit *test)
{
	regs.q[0] = 0x8877665544332211ULL;
	KUNIT_EXPECT_EQ(test, ioread8(&regs.b[1]), 0x22);
	KUNIT_EXPECT_EQ(test, ioread16(&regs.b[2]), 0x4433);
	KUNIT_EXPECT_EQ(test, ioread16be(&regs.b[2]), 0x3344);
	KUNIT_EXPECT_EQ(test, ioread32(&regs.b[4]), 0x88776655U);
	KUNIT_EXPECT_EQ(test, ioread32be(&regs.b[4]), 0x55667788U);
	iowrite8(0xab, &regs.b[0]);
	iowrite16(0xcdef, &regs.b[2]);
	iowrite32(0x01020304, &regs.b[4]);
	KUNIT_EXPECT_EQ(test, regs.q[0], 0x01020304cdef22abULL);
	iowrite16be(0xcdef, &regs.b[2]);
	iowrite32be(0x01020304, &regs.b[4]);
	KUNIT_EXPECT_EQ(test, regs.q[0], 0x04030201efcd22abULL);
#ifdef CONFIG_64BIT
	KUNIT_EXPECT_EQ(test, ioread64be(&regs.q[0]), 0xab22cdef01020304ULL);
	iowrite64be(7, &regs.q[0]);
	KUNIT_EXPECT_EQ(test, ioread64(&regs.q[0]), 7ULL << 56);
	iowrite64(7, &regs.q[0]);
	KUNIT_EXPECT_EQ(test, regs.q[0], 7ULL);
#endif
	iowrite32(7, &regs.b[0]);
	iowrite8_rep(&regs.b[8], "xyz", 3);
	KUNIT_EXPECT_EQ(test, regs.b[8], 'z');
	ioread32_rep(&regs.q[0], memory, 2);
	KUNIT_EXPECT_EQ(test, memory[4], 7);
}

/* Every start and length within a few words. */
static void iomap_blocks(struct kunit *test)
{
	unsigned int at, n, i;

	for (at = 8; at < 24; at++) {
		for (n = 0; n < 32; n++) {
			iomap_init(test);
			memcpy(wanted, regs.b, REGS);
			memcpy(wanted + at, memory + 3, n);
			memcpy_toio(&regs.b[at], memory + 3, n);
			KUNIT_ASSERT_EQ(test, memcmp(regs.b, wanted, REGS), 0);
			memset(memory, 0, REGS);
			memcpy_fromio(memory + 5, &regs.b[at], n);
			KUNIT_ASSERT_EQ(test, memcmp(memory + 5, wanted + at,
						     n), 0);
			KUNIT_ASSERT_EQ(test, memory[4] | memory[5 + n], 0);
			memset(wanted + at, 0x5a, n);
			memset_io(&regs.b[at], 0x5a, n);
			KUNIT_ASSERT_EQ(test, memcmp(regs.b, wanted, REGS), 0);
		}
	}
	iomap_init(test);
	__iowrite32_copy(&regs.q[1], memory, 3);
	KUNIT_EXPECT_EQ(test, memcmp(&regs.q[1], memory, 12), 0);
	KUNIT_EXPECT_EQ(test, regs.b[20], (u8)(20 * 7 + 1));
	__iowrite64_copy(&regs.q[4], memory, 2);
	KUNIT_EXPECT_EQ(test, memcmp(&regs.q[4], memory, 16), 0);
	__ioread32_copy(wanted, &regs.q[4], 4);
	for (i = 0; i < 16; i++)
		KUNIT_EXPECT_EQ(test, wanted[i], memory[i]);
}

/* 0x80 is the port of POST codes: any PC takes a write there. */
static void iomap_ports(struct kunit *test)
{
	void __iomem *port = ioport_map(0x80, 1);

	KUNIT_EXPECT_EQ(test, (unsigned long)port, 0x10080UL);
	iowrite8(0x5a, port);
	(void)ioread8(port);
	ioport_unmap(port);
	KUNIT_EXPECT_NOT_NULL(test, ioport_map(0xffff, 1));
	KUNIT_EXPECT_NULL(test, ioport_map(0xffff, 2));
	KUNIT_EXPECT_NULL(test, ioport_map(0x10000, 1));
	KUNIT_EXPECT_NULL(test, ioport_map(~0UL, 2));
}

static void iomap_nobodys(struct kunit *test)
{
	void __iomem *bare = (void __iomem *)0x3f8UL;
	u8 v[2] = { 0, 0 };

	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, ioread8(bare), 0xff);
	KUNIT_EXPECT_EQ(test, ioread16(NULL), 0xffff);
	iowrite32(1, (void __iomem *)0x3ffffUL);
	ioread8_rep(bare, v, 2);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, v[0] == 0xff && v[1] == 0xff);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"Bad IO access at port 0x3f8 (ioread8)\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"Bad IO access at port 0x0 (ioread16)\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"Bad IO access at port 0x3ffff (iowrite32)\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"Bad IO access at port 0x3f8 (ioread8_rep)\n"));
}

static struct kunit_case iomap_cases[] = {
	KUNIT_CASE(iomap_widths),
	KUNIT_CASE(iomap_strings),
	KUNIT_CASE(iomap_registers),
	KUNIT_CASE(iomap_blocks),
	KUNIT_CASE(iomap_ports),
	KUNIT_CASE(iomap_nobodys),
	{ }
};

static struct kunit_suite iomap_suite = {
	.name = "iomap",
	.init = iomap_init,
	.test_cases = iomap_cases,
};
kunit_test_suite(iomap_suite);
