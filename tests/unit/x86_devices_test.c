// SPDX-License-Identifier: MIT
/*
 * Real devices of a PC, by their registers' known values: HPET, local APIC,
 * VGA's text memory, and a display's frame buffer through its PCI BAR. What a
 * machine lacks is skipped.
 */
#include <kunit/test.h>

#include <linux/delay.h>
#include <linux/io.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/vmalloc.h>

#include <asm/apic.h>
#include <asm/memtype.h>
#include <asm/mtrr.h>
#include <asm/pgtable_types.h>
#include <asm/x86_init.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>

#include "../../mm/kvirt/tables.h"

#define HPET_PHYS	0xfed00000ULL
#define HPET_CAP	0x0		/* revision, timers, vendor */
#define HPET_PERIOD	0x4		/* femtoseconds a count */
#define HPET_CONFIG	0x10
#define HPET_COUNTER	0xf0
#define INTEL		0x8086
#define PERIOD_MAX	100000000u	/* 10 MHz at least, by its manual */

static void hpet_registers(struct kunit *test)
{
	u8 __iomem *p = ioremap(HPET_PHYS, 0x400);
	u32 cap, config, before;

	KUNIT_ASSERT_NOT_NULL(test, p);
	cap = readl(p + HPET_CAP);
	if (cap == ~0U) {
		iounmap(p);
		kunit_skip(test, "no HPET");
	}
	KUNIT_EXPECT_EQ(test, cap >> 16, (u32)INTEL);
	KUNIT_EXPECT_GT(test, readl(p + HPET_PERIOD), 0U);
	KUNIT_EXPECT_LE(test, readl(p + HPET_PERIOD), PERIOD_MAX);
	config = readl(p + HPET_CONFIG);
	writel(config | 1, p + HPET_CONFIG);
	before = readl(p + HPET_COUNTER);
	udelay(50);
	KUNIT_EXPECT_NE(test, readl(p + HPET_COUNTER), before);
	writel(config, p + HPET_CONFIG);
	KUNIT_EXPECT_EQ(test, memtype_effective(HPET_PHYS, HPET_PHYS + 0x1000,
						_PAGE_CACHE_MODE_UC_MINUS),
			MTRR_TYPE_UNCACHABLE);
	iounmap(p);
}

/* The fixmap shows it as well: two mappings of one type. */
static void apic_registers(struct kunit *test)
{
	u8 __iomem *p;
	u32 id;

	if (this_arch()->port.x2apic)
		kunit_skip(test, "the APIC speaks MSRs");
	p = ioremap(0xfee00000, 0x1000);
	KUNIT_ASSERT_NOT_NULL(test, p);
	preempt_disable();
	id = readl(p + 0x20) >> 24;
	KUNIT_EXPECT_EQ(test, id, cpu_to_apicid(raw_smp_processor_id()));
	preempt_enable();
	KUNIT_EXPECT_GE(test, readl(p + 0x30) & 0xff, 0x10U);
	iounmap(p);
}

static void vga_text(struct kunit *test)
{
	u16 __iomem *p = ioremap(0xb8000, 80 * 25 * 2);
	u16 was, v;

	KUNIT_ASSERT_NOT_NULL(test, p);
	was = readw(p + 80 * 25 - 1);
	writew(0x0741, p + 80 * 25 - 1);
	v = readw(p + 80 * 25 - 1);
	writew(was, p + 80 * 25 - 1);
	iounmap(p);
	if (v != 0x0741)
		kunit_skip(test, "no VGA");
}

/* ---- PCI configuration, by ports --------------------------------------- */

static u32 pci_read(unsigned int device, unsigned int reg)
{
	outl(0x80000000 | device << 11 | reg, 0xcf8);
	return inl(0xcfc);
}

/* The display's slot on bus 0; 32: there is none. */
static unsigned int pci_display(void)
{
	unsigned int device;

	for (device = 0; device < 32; device++)
		if (pci_read(device, 0) != ~0U &&
		    pci_read(device, 8) >> 16 == 0x0300)
			break;
	return device;
}

static enum page_cache_mode mode_at(const void __iomem *addr)
{
	unsigned long at = (unsigned long)addr & PAGE_MASK;
	struct kvirt_run run;

	if (!kvirt_run(&this_machine()->kvirt, at, at + PAGE_SIZE, &run))
		return _PAGE_CACHE_MODE_NUM;
	return pgprot2cachemode(__pgprot(run.prot), pat_enabled());
}

#define FB_SIZE		(4UL << 20)	/* of it that is looked at */
#define FB_START	(1UL << 20)	/* behind what shows text */

static void frame_buffer(struct kunit *test)
{
	unsigned int device = pci_display();
	u32 bar = device < 32 ? pci_read(device, 0x10) : 0;
	u32 __iomem *fb, *uc;
	unsigned long at;

	/* Memory, prefetchable: a frame buffer and no registers. */
	if (!(bar & ~0xfU) || (bar & 9) != 8)
		kunit_skip(test, "no display with a frame buffer");
	bar &= ~0xfU;
	fb = ioremap_wc(bar, FB_SIZE);
	uc = ioremap(bar + FB_START, FB_SIZE - FB_START);
	KUNIT_ASSERT_TRUE(test, fb && uc);
	if (pat_enabled()) {
		KUNIT_EXPECT_EQ(test, (int)mode_at(fb),
				(int)_PAGE_CACHE_MODE_WC);
		KUNIT_EXPECT_EQ(test, (int)mode_at(uc),
				(int)_PAGE_CACHE_MODE_WC);
		KUNIT_EXPECT_EQ(test, memtype_effective(bar, bar + FB_SIZE,
				_PAGE_CACHE_MODE_WC), MTRR_TYPE_WRCOMB);
	}
	for (at = FB_START; at < FB_SIZE; at += 0x10004)
		writel((u32)at ^ 0x5aa5, fb + at / 4);
	for (at = FB_START; at < FB_SIZE; at += 0x10004)
		KUNIT_EXPECT_EQ(test, readl(uc + (at - FB_START) / 4),
				(u32)at ^ 0x5aa5);
	memset_io(fb + FB_START / 4, 0, FB_SIZE - FB_START);
	KUNIT_EXPECT_EQ(test, readl(uc + 1), 0U);
	iounmap(uc);
	iounmap(fb);
}

/* QEMU's display has its registers in BAR 2: at 0x500 which it is. */
static void display_registers(struct kunit *test)
{
	unsigned int device = pci_display();
	u8 __iomem *p;
	u32 bar;

	if (device == 32 || pci_read(device, 0) != 0x11111234)
		kunit_skip(test, "no display of QEMU's");
	bar = pci_read(device, 0x18) & ~0xfU;
	if (!bar)
		kunit_skip(test, "its registers have no address");
	p = ioremap(bar, 0x1000);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, readw(p + 0x500) & 0xfff0, 0xb0c0);
	iounmap(p);
}

static struct kunit_case x86_devices_cases[] = {
	KUNIT_CASE(hpet_registers),
	KUNIT_CASE(apic_registers),
	KUNIT_CASE(vga_text),
	KUNIT_CASE(frame_buffer),
	KUNIT_CASE(display_registers),
	{}
};

static struct kunit_suite x86_devices_suite = {
	.name = "x86_devices",
	.test_cases = x86_devices_cases,
};
kunit_test_suite(x86_devices_suite);
