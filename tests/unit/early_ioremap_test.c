// SPDX-License-Identifier: MIT
/*
 * Fixed addresses and the slots of early mappings, as start-up has them: the
 * state of the machine is set back for as long as a test runs.
 */
#include <kunit/test.h>

#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>

#include <asm/fixmap.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>

#include "by_width.h"
#include "log_capture.h"

static struct log_capture log;
static int saved_state;
static u8 *memory;	/* two pages */
static phys_addr_t phys;

static int early_ioremap_init(struct kunit *test)
{
	saved_state = this_machine()->state;
	memory = (u8 *)__get_free_pages(GFP_KERNEL, 1);
	if (!memory)
		return -ENOMEM;
	phys = __pa(memory);
	memset(memory, 0x11, PAGE_SIZE);
	memset(memory + PAGE_SIZE, 0x22, PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, fixmap_ready());
	this_machine()->state = SYSTEM_SCHEDULING;
	return 0;
}

static void early_ioremap_exit(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, early_ioremap_check(), 0);
	this_machine()->state = saved_state;
	free_pages((unsigned long)memory, 1);
}

static void fixmap_addresses(struct kunit *test)
{
	enum fixed_addresses i;

	for (i = 0; i < __end_of_fixed_addresses; i++) {
		KUNIT_EXPECT_EQ(test, (int)virt_to_fix(fix_to_virt(i)), (int)i);
		KUNIT_EXPECT_EQ(test, (int)virt_to_fix(fix_to_virt(i) +
						       PAGE_SIZE - 1), (int)i);
	}
}

static void fixmap_set_and_clear(struct kunit *test)
{
	volatile u8 *p = (volatile u8 *)fix_to_virt(FIX_TEST);

	set_fixmap(FIX_TEST, phys);
	KUNIT_EXPECT_EQ(test, p[5], 0x11);
	p[5] = 0x33;
	KUNIT_EXPECT_EQ(test, memory[5], 0x33);
	/* In place of what was there. */
	set_fixmap(FIX_TEST, phys + PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, p[5], 0x22);
	p = (volatile u8 *)set_fixmap_offset(FIX_TEST, phys + 7);
	KUNIT_EXPECT_EQ(test, (unsigned long)p, fix_to_virt(FIX_TEST) + 7);
	KUNIT_EXPECT_EQ(test, p[-2], 0x33);
	clear_fixmap(FIX_TEST);
	clear_fixmap(FIX_TEST);
}

/* RAM is where it always is. */
static void early_direct(struct kunit *test)
{
	void *p = early_memremap(phys + 3, PAGE_SIZE);

	KUNIT_EXPECT_PTR_EQ(test, p, (void *)(memory + 3));
	early_memunmap(p, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, memory[3], 0x11);
}

static void early_slots(struct kunit *test)
{
	const u8 *p[FIX_BTMAPS_SLOTS + 1];
	int i;

	for (i = 0; i < FIX_BTMAPS_SLOTS; i++) {
		p[i] = early_memremap_ro(phys + PAGE_SIZE - 1 - i, 2 + i);
		KUNIT_ASSERT_NOT_NULL(test, p[i]);
		KUNIT_EXPECT_EQ(test, p[i][i], 0x11);
		KUNIT_EXPECT_EQ(test, p[i][i + 1], 0x22);
	}
	log_capture_start(&log);
	p[i] = early_memremap_ro(phys, 1);
	log_capture_end(&log);
	KUNIT_EXPECT_NULL(test, p[i]);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			", 00000001) not found slot\n"));
	log_capture_start(&log);
	KUNIT_EXPECT_EQ(test, early_ioremap_check(), FIX_BTMAPS_SLOTS);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"Debug warning: early ioremap leak of 8 areas detected.\n"));
	/* The one in the middle is free, and no other is touched. */
	early_memunmap((void *)p[3], 5);
	p[3] = early_memremap_ro(phys + PAGE_SIZE, 1);
	KUNIT_EXPECT_EQ(test, *p[3], 0x22);
	early_memunmap((void *)p[3], 1);
	for (i = 0; i < FIX_BTMAPS_SLOTS; i++)
		if (i != 3)
			early_memunmap((void *)p[i], 2 + i);
}

static void early_bad_unmap(struct kunit *test)
{
	u8 *p = early_memremap_ro(phys + 8, PAGE_SIZE);

	KUNIT_ASSERT_NOT_NULL(test, p);
	log_capture_start(&log);
	early_memunmap(p, PAGE_SIZE + 1);
	early_memunmap(p + 1, PAGE_SIZE);
	early_memunmap(p, PAGE_SIZE);
	early_memunmap(p, PAGE_SIZE);
	early_iounmap(NULL, 1);
	log_capture_end(&log);
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"00001001) [0] size not consistent 00001000\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"008, 00001000) not found slot\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		"009, 00001000) not found slot\n"));
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
		POINTER_TEXT_IN("early_iounmap(", "00000000", ", 00000001) not found slot\n")));
}

static void early_bad_range(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, early_memremap(phys, 0));
	KUNIT_EXPECT_NULL(test, early_memremap(phys, EARLY_MEMREMAP_MAX + 1));
	KUNIT_EXPECT_NULL(test, early_memremap(~0ULL - 1, 4));
	KUNIT_EXPECT_NULL(test, early_ioremap(1ULL << 52, 4));
	KUNIT_EXPECT_NULL(test, early_ioremap((1ULL << 52) - 2, 4));
}

static void early_largest(struct kunit *test)
{
	/* Unaligned, so that it takes all 65 pages; no device is there. */
	void __iomem *p = early_ioremap(0xd0000ffc, EARLY_MEMREMAP_MAX);

	KUNIT_ASSERT_NOT_NULL(test, p);
	(void)readl(p);
	(void)readl(p + EARLY_MEMREMAP_MAX - 4);
	early_iounmap(p, EARLY_MEMREMAP_MAX);
}

static void early_too_late(struct kunit *test)
{
	void *p;

	this_machine()->state = SYSTEM_RUNNING;
	log_capture_start(&log);
	p = early_memremap_ro(phys, 8);
	log_capture_end(&log);
	this_machine()->state = SYSTEM_SCHEDULING;
	KUNIT_EXPECT_TRUE(test, log_captured(&log,
			"system_state >= SYSTEM_RUNNING\n"));
	KUNIT_ASSERT_NOT_NULL(test, p);
	early_memunmap(p, 8);
}

static struct kunit_case early_ioremap_cases[] = {
	KUNIT_CASE(fixmap_addresses),
	KUNIT_CASE(fixmap_set_and_clear),
	KUNIT_CASE(early_direct),
	KUNIT_CASE(early_slots),
	KUNIT_CASE(early_bad_unmap),
	KUNIT_CASE(early_bad_range),
	KUNIT_CASE(early_largest),
	KUNIT_CASE(early_too_late),
	{ }
};

static struct kunit_suite early_ioremap_suite = {
	.name = "early_ioremap",
	.init = early_ioremap_init,
	.exit = early_ioremap_exit,
	.test_cases = early_ioremap_cases,
};
kunit_test_suite(early_ioremap_suite);
