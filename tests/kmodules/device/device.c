// SPDX-License-Identifier: GPL-2.0
/*
 * A driver of a device that has 64 KiB of memory: it claims the addresses,
 * maps registers uncached and the rest write-combining, and gives all back.
 * Where no device answers, all bits read as 1.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

static ulong base = 0xd8000000;
module_param(base, ulong, 0444);
MODULE_PARM_DESC(base, "physical address of the device");

#define REGS_SIZE	0x1000
#define BUF_SIZE	0xf000

#define REG_ID		0x00
#define REG_COUNT	0x10

struct toy {
	struct resource *res;
	void __iomem *regs;
	void __iomem *buf;
};

static struct toy *toy_probe(phys_addr_t at)
{
	struct toy *toy = kzalloc(sizeof(*toy), GFP_KERNEL);
	int err = -ENOMEM;

	if (!toy)
		return ERR_PTR(err);
	toy->res = request_mem_region(at, REGS_SIZE + BUF_SIZE, "toy");
	if (!toy->res) {
		err = -EBUSY;
		goto free;
	}
	toy->regs = ioremap(at, REGS_SIZE);
	if (!toy->regs)
		goto release;
	toy->buf = ioremap_wc(at + REGS_SIZE, BUF_SIZE);
	if (!toy->buf)
		goto unmap;
	return toy;
unmap:
	iounmap(toy->regs);
release:
	release_mem_region(at, REGS_SIZE + BUF_SIZE);
free:
	kfree(toy);
	return ERR_PTR(err);
}

static void toy_remove(struct toy *toy)
{
	iounmap(toy->buf);
	iounmap(toy->regs);
	release_mem_region(toy->res->start, resource_size(toy->res));
	kfree(toy);
}

static void toy_probes(struct kunit *test)
{
	struct toy *toy = toy_probe(base);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, toy);
	/* It is in use. */
	KUNIT_EXPECT_EQ(test, PTR_ERR(toy_probe(base)), (long)-EBUSY);
	KUNIT_EXPECT_TRUE(test, is_vmalloc_addr((void __force *)toy->regs));
	toy_remove(toy);
	toy = toy_probe(base);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, toy);
	toy_remove(toy);
}

static void toy_registers(struct kunit *test)
{
	struct toy *toy = toy_probe(base);
	u8 out[100], in[100];

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, toy);
	iowrite32(0x12345678, toy->regs + REG_ID);
	if (readl(toy->regs + REG_ID) == 0x12345678) {
		KUNIT_EXPECT_EQ(test, readw(toy->regs + REG_ID), 0x5678);
		KUNIT_EXPECT_EQ(test, ioread16be(toy->regs + REG_ID), 0x7856);
		writeb_relaxed(3, toy->regs + REG_COUNT);
		KUNIT_EXPECT_EQ(test, readb(toy->regs + REG_COUNT), 3);
		memset(out, 0x5a, sizeof(out));
		memcpy_toio(toy->buf + 7, out, sizeof(out));
		memcpy_fromio(in, toy->buf + 7, sizeof(in));
		KUNIT_EXPECT_EQ(test, memcmp(in, out, sizeof(in)), 0);
		memset_io(toy->buf, 0, BUF_SIZE);
		KUNIT_EXPECT_EQ(test, readb(toy->buf + 7), 0);
	} else {
		KUNIT_EXPECT_EQ(test, readl(toy->regs + REG_ID), ~0U);
	}
	toy_remove(toy);
}

static struct kunit_case toy_cases[] = {
	KUNIT_CASE(toy_probes),
	KUNIT_CASE(toy_registers),
	{}
};

static struct kunit_suite toy_suite = {
	.name = "toy_device",
	.test_cases = toy_cases,
};
kunit_test_suite(toy_suite);

static int __init toy_init(void)
{
	struct toy *toy = toy_probe(base);

	if (IS_ERR(toy))
		return PTR_ERR(toy);
	pr_info("toy: %pR, registers say %#x\n", toy->res,
		readl(toy->regs + REG_ID));
	toy_remove(toy);
	return 0;
}
module_init(toy_init);

static void __exit toy_exit(void)
{
}
module_exit(toy_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A device with registers and a buffer");
