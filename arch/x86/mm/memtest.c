// SPDX-License-Identifier: MIT
/*
 * memtest=N: writes and reads N patterns over all free RAM before anything
 * is allocated from it. Words that misread are reserved for good and logged,
 * whole pages of them. memtest alone means all patterns once; the zero
 * pattern comes last, so that tested memory ends up clear.
 *
 * Memory that the direct map does not show is looked at through early mappings,
 * a piece at a time.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/memblock.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>
#include <asm/early_ioremap.h>
#include <asm/mapping.h>
#include <asm/memtest.h>

#define ALL_PATTERNS	17

static int __init memtest_option(char *val)
{
	unsigned int n = ALL_PATTERNS;

	if (val && kstrtouint(val, 0, &n))
		return option_malformed("memtest", val, "is no number");
	this_arch()->port.map.memtest = n;
	return 0;
}
early_param("memtest", memtest_option);

static void __init memtest_report(u64 pattern, phys_addr_t start,
				  phys_addr_t end)
{
	pr_info("  %016llx bad mem addr %#018llx - %#018llx reserved\n",
		pattern, (u64)start, (u64)end);
	memblock_reserve(start & PAGE_MASK,
			 ALIGN(end, PAGE_SIZE) - (start & PAGE_MASK));
}

/* @size bytes of memory at @phys, seen at @at; both in whole words. */
static void __init memtest_words(volatile u64 *at, phys_addr_t phys,
				 unsigned long size, u64 pattern)
{
	volatile u64 *p = at, *last = at + size / sizeof(*at), *good;

	memtest_fill(p, last, pattern);
	while ((p = memtest_bad(p, last, pattern)) < last) {
		good = memtest_good(p, last, pattern);
		memtest_report(pattern,
			       phys + (unsigned long)(p - at) * sizeof(*p),
			       phys + (unsigned long)(good - at) * sizeof(*p));
		p = good;
	}
}

/* Tests what is at @start, and before @end; returns where it has come to. */
static phys_addr_t __init memtest_piece(phys_addr_t start, phys_addr_t end,
					u64 pattern)
{
	unsigned long size = (unsigned long)
		min(end - start, (phys_addr_t)EARLY_MEMREMAP_MAX);
	void *p = early_memremap(start, size);

	if (!p) {
		pr_warn("  %#018llx - %#018llx cannot be mapped: not tested\n",
			(u64)start, (u64)(start + size));
		return start + size;
	}
	memtest_words(p, start, size, pattern);
	early_memunmap(p, size);
	return start + size;
}

static void __init memtest_range(phys_addr_t start, phys_addr_t end,
				 u64 pattern)
{
	start = ALIGN(start, sizeof(u64));
	end = ALIGN_DOWN(end, sizeof(u64));
	if (start >= end)
		return;
	if (pfn_range_is_mapped(PHYS_PFN(start), PHYS_PFN(end - 1) + 1)) {
		memtest_words(__va(start), start,
			      (unsigned long)(end - start), pattern);
		return;
	}
	while (start < end)
		start = memtest_piece(start, end, pattern);
}

void __init early_memtest(phys_addr_t start, phys_addr_t end)
{
	unsigned int n = (unsigned int)this_arch()->port.map.memtest;
	phys_addr_t from, to;
	u64 i;

	if (!n)
		return;
	pr_info("early_memtest: # of tests: %u\n", n);
	while (n--) {
		u64 pattern = memtest_pattern(n);

		for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &from,
					&to, NULL) {
			from = clamp(from, start, end);
			to = clamp(to, start, end);
			if (from >= to)
				continue;
			pr_info("  %#018llx - %#018llx pattern %016llx\n",
				(u64)from, (u64)to, pattern);
			memtest_range(from, to, pattern);
		}
	}
}
