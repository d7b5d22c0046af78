// SPDX-License-Identifier: MIT
/*
 * Misuse of mappings of devices: one line each, nothing mapped that was not,
 * and what was, stays. DEV is where the machine has a device's memory.
 */
#include "death.h"

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/vmalloc.h>

#include <asm/memtype.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>

#define DEV	0xd0000000ULL

/* Every death test leaves it as it was. */
static void all_is_well(unsigned long users)
{
	BUG_ON(memtype_check());
	BUG_ON(memtype_state()->users != users);
	BUG_ON(!vmalloc_check());
}

static void ioremap_of_ram(void)
{
	BUG_ON(ioremap(0x100000, 0x1234));
	all_is_well(0);
}
DEATH_TEST(ioremap_of_ram, SURVIVES,
	   "ioremap on RAM at 0x0000000000100000 - 0x0000000000101233");

static void ioremap_of_some_ram(void)
{
	BUG_ON(ioremap_wc(0xff000, 0x1001));
	all_is_well(0);
}
DEATH_TEST(ioremap_of_some_ram, SURVIVES,
	   "ioremap on RAM at 0x00000000000ff000 - 0x0000000000100000");

static void ioremap_wrapped(void)
{
	BUG_ON(ioremap(~0ULL - 0xfff, 0x2000));
	all_is_well(0);
}
DEATH_TEST(ioremap_wrapped, SURVIVES,
	   "ioremap: invalid physical address fffffffffffff000, size 0x2000");

static void ioremap_too_high(void)
{
	BUG_ON(ioremap((1ULL << 52) - 8, 16));
	all_is_well(0);
}
DEATH_TEST(ioremap_too_high, SURVIVES,
	   "ioremap: invalid physical address ffffffffffff8, size 0x10");

static void ioremap_empty(void)
{
	BUG_ON(ioremap(DEV, 0));
	all_is_well(0);
}
DEATH_TEST(ioremap_empty, SURVIVES,
	   "ioremap: size 0 at physical address d0000000");

static void ioremap_of_nobody(void)
{
	BUG_ON(ioremap(0x380000000000ULL, 64));
	all_is_well(0);
}
DEATH_TEST(ioremap_of_nobody, SURVIVES,
	   "ioremap: this machine has no device's memory at 0x0000380000000000 - 0x000038000000003f");

static void ioremap_larger_than_addresses(void)
{
	unsigned long size = VMALLOC_END - VMALLOC_START + PAGE_SIZE;
	struct arch_machine *arch = this_arch();
	phys_addr_t end = arch->ram_end;

	/* The type is to be had; the addresses are not. */
	arch->ram_end = 1ULL << 42;
	BUG_ON(ioremap(1ULL << 40, size));
	arch->ram_end = end;
	all_is_well(0);
}
DEATH_TEST(ioremap_larger_than_addresses, SURVIVES,
	   "vmalloc_node_range for size * failed: Address range restricted to *");

static void ioremap_conflict(void)
{
	void __iomem *p = ioremap_wc(DEV, 0x2000);

	BUG_ON(!p || ioremap_wt(DEV + 0x1000, 0x3000));
	all_is_well(1);
	iounmap(p);
	all_is_well(0);
}
DEATH_TEST(ioremap_conflict, SURVIVES,
	   "x86/PAT: *:* conflicting memory types d0001000-d0004000 write-through<->write-combining, which d0000000-d0002000 has",
	   "ioremap error for 0xd0001000-0xd0004000, requested write-through");

static void ioremap_conflict_of_two(void)
{
	void __iomem *p = ioremap_wc(DEV, 0x1000);
	void __iomem *q = ioremap_uc(DEV + 0x2000, 0x1000);

	BUG_ON(!p || !q || ioremap(DEV, 0x3000));
	all_is_well(2);
	iounmap(p);
	iounmap(q);
	all_is_well(0);
}
DEATH_TEST(ioremap_conflict_of_two, SURVIVES,
	   "x86/PAT: *:* conflicting memory types d0000000-d0003000 write-combining<->uncached, which d0002000-d0003000 has",
	   "ioremap error for 0xd0000000-0xd0003000, requested uncached-minus");

static void ioremap_in_interrupt(void)
{
	preempt_count_add(HARDIRQ_OFFSET);
	BUG_ON(ioremap(DEV, 64));
	preempt_count_sub(HARDIRQ_OFFSET);
	all_is_well(0);
}
DEATH_TEST(ioremap_in_interrupt, SURVIVES,
	   "ioremap of 0x00000000d0000000 in an interrupt");

static void ioremap_atomic(void)
{
	void __iomem *p;

	preempt_disable();
	p = ioremap(DEV, 64);
	preempt_enable();
	iounmap(p);
	all_is_well(0);
}
DEATH_TEST(ioremap_atomic, SURVIVES,
	   "BUG: sleeping function called from invalid context at *ioremap.c:*");

static void ioremap_across_bars(void)
{
	static struct resource bar = {
		.start = DEV, .end = DEV + 0xfff, .name = "BAR 0",
		.flags = IORESOURCE_MEM,
	};
	void __iomem *p;

	BUG_ON(insert_resource(&iomem_resource, &bar));
	p = ioremap(DEV + 0x800, 0x1000);
	BUG_ON(!p);
	iounmap(p);
	BUG_ON(release_resource(&bar));
	all_is_well(0);
}
DEATH_TEST(ioremap_across_bars, SURVIVES,
	   "resource sanity check: requesting [[]mem 0xd0000800-0xd00017ff], which spans more than BAR 0 [[]mem 0xd0000000-0xd0000fff]",
	   "caller ioremap_across_bars+0x* mapping multiple BARs");

/* What an option takes from RAM is a driver's, and no longer shown there. */
static void ioremap_of_what_memmap_took(void)
{
	u32 __iomem *p = ioremap_wc(0x2000000, 0x100000);

	BUG_ON(!p);
	writel(0x1234, p + 0x1000);
	BUG_ON(readl(p + 0x1000) != 0x1234);
	iounmap(p);
	BUG_ON(ioremap_wc(0x2000000 - 4096, 8192));
	all_is_well(0);
}
DEATH_TEST_WITH(ioremap_of_what_memmap_took, SURVIVES, "memmap=1M$32M",
	   "ioremap on RAM at 0x0000000001fff000 - 0x0000000002000fff");

static void iounmap_of_null(void)
{
	iounmap(NULL);
	all_is_well(0);
}
DEATH_TEST(iounmap_of_null, SURVIVES,
	   "iounmap: bad address 0000000000000000: nothing is mapped there");

static void iounmap_twice(void)
{
	void __iomem *p = ioremap(DEV, 64);

	iounmap(p);
	iounmap(p);
	all_is_well(0);
}
DEATH_TEST(iounmap_twice, SURVIVES,
	   "iounmap: bad address *: nothing is mapped there");

static void iounmap_of_the_middle(void)
{
	u8 __iomem *p = ioremap(DEV + 8, 0x3000);

	iounmap(p + 0x2000);
	all_is_well(1);
	writeb(1, p + 0x2000);
	iounmap(p);
	all_is_well(0);
}
DEATH_TEST(iounmap_of_the_middle, SURVIVES,
	   "iounmap: bad address *: 8192 bytes inside the mapping of 0x00000000d0000000");

static void iounmap_of_vmalloc(void)
{
	char *p = vmalloc(100);

	iounmap((void __iomem *)p);
	*p = 1;
	vfree(p);
	all_is_well(0);
}
DEATH_TEST(iounmap_of_vmalloc, SURVIVES,
	   "iounmap: bad address *: it is none of ioremap()'s");

static void iounmap_of_the_direct_map(void)
{
	unsigned long page = __get_free_page(GFP_KERNEL);

	iounmap((void __iomem *)page);
	free_page(page);
	all_is_well(0);
}
DEATH_TEST(iounmap_of_the_direct_map, SURVIVES,
	   "iounmap: bad address *: nothing is mapped there");

static void iounmap_in_interrupt(void)
{
	u8 __iomem *p = ioremap(DEV, 64);

	preempt_count_add(HARDIRQ_OFFSET);
	iounmap(p);
	preempt_count_sub(HARDIRQ_OFFSET);
	all_is_well(1);
	writeb(1, p);
	iounmap(p);
	all_is_well(0);
}
DEATH_TEST(iounmap_in_interrupt, SURVIVES,
	   "iounmap of * in an interrupt: it stays mapped");

static void vfree_of_ioremap(void)
{
	void __iomem *p = ioremap(DEV, 64);

	vfree((void *)p);
	all_is_well(1);
	iounmap(p);
	all_is_well(0);
}
DEATH_TEST(vfree_of_ioremap, SURVIVES, "Trying to vfree() *");

static void memremap_of_some_ram(void)
{
	BUG_ON(memremap(0xff000, 0x2000, MEMREMAP_WB));
	all_is_well(0);
}
DEATH_TEST(memremap_of_some_ram, SURVIVES,
	   "memremap attempted on mixed range 0x00000000000ff000 size: 0x2000");

static void memremap_of_ram_uncached(void)
{
	BUG_ON(memremap(0x100000, 0x1000, MEMREMAP_WT));
	all_is_well(0);
}
DEATH_TEST(memremap_of_ram_uncached, SURVIVES,
	   "memremap attempted on ram 0x0000000000100000 size: 0x1000");

static void device_read_past_its_end(void)
{
	u8 __iomem *p = ioremap(DEV, 0x1000);

	writeb(1, p + 0xfff);
	writeb(1, p + 0x1000);
}
DEATH_TEST(device_read_past_its_end, DIES,
	   "Kernel panic - not syncing: fault at * in the kernel's mappings, by device_read_past_its_end+*");

static void device_in_the_direct_map(void)
{
	/* What is no RAM is not shown there: see unit tests of booted kernels
	 * for the fault itself. */
	BUG_ON(memtype_kernel_map_sync(0xa0000, 0x1000, _PAGE_CACHE_MODE_UC));
	BUG_ON(memtype_kernel_map_sync(0x100000, 0x1000,
				       _PAGE_CACHE_MODE_UC) != -EINVAL);
}
DEATH_TEST(device_in_the_direct_map, SURVIVES,
	   "x86/PAT: *:* map pfn expected mapping type write-back for [[]mem 0x00100000-0x00100fff], got uncached: the direct map shows some of it");
