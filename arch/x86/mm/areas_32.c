// SPDX-License-Identifier: MIT
/*
 * How a machine of 32 bits uses its addresses: which RAM is low memory, what
 * kernel mappings and per-CPU areas get, and a table of it in the log.
 *
 *   low_pfn_limit()       vmalloc=, highmem=, RAM  --> max_low_pfn, max_pfn
 *   port_percpu_space()   number of CPUs           --> percpu_start, VMALLOC_*
 *   areas_report()        all of it
 *
 * Failure: RAM that is not used is one line, with what would use it. Without
 * room for a mapping between low memory and per-CPU areas the machine stops.
 */
#include <asm/areas_32.h>

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <octavo/machine.h>
#include <octavo/percpu_types.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/e820/api.h>
#include <asm/mapping.h>
#include <asm/memtype.h>
#include <asm/msr.h>
#include <asm/pgtable.h>
#include <asm/sections.h>
#include <asm/x86_machine.h>

#define CPUID_1_EDX_PAE		(1U << 6)
#define CPUID_EXT_EDX_LM	(1U << 29)

static struct x86_areas *areas(void)
{
	return &this_arch()->port.map.areas;
}

static int __init vmalloc_option(char *val)
{
	struct low_memory_wish *w = &areas()->wish;

	if (low_memory_number(val, &w->vmalloc))
		return option_malformed("vmalloc", val,
					"is no number of bytes");
	w->vmalloc_given = true;
	return 0;
}
early_param("vmalloc", vmalloc_option);

static int __init highmem_option(char *val)
{
	struct low_memory_wish *w = &areas()->wish;

	if (low_memory_number(val, &w->highmem))
		return option_malformed("highmem", val,
					"is no number of bytes");
	w->highmem_given = true;
	return 0;
}
early_param("highmem", highmem_option);

/* Bytes of RAM in [start, end). */
static u64 __init ram_within(u64 start, u64 end)
{
	const struct e820_table *t = &this_fw()->e820;
	const struct e820_entry *e;
	u64 sum = 0, from, to;

	for (e = t->entries; e < t->entries + t->nr_entries; e++) {
		from = max(e->addr, start);
		to = min(e->addr + e->size, end);
		if (e->type == E820_TYPE_RAM && from < to)
			sum += to - from;
	}
	return sum;
}

/* Addresses behind VMALLOC_END, with as many CPUs as there may be. */
static unsigned long __init bytes_above(void)
{
	u32 limit = this_fw()->cpus.limit, cpus = NR_CPUS;

	if (limit && limit < cpus)
		cpus = limit;
	return 0UL - PKMAP_BASE + VMALLOC_END_HOLE +
	       ALIGN((unsigned long)cpus * PERCPU_STRIDE, PMD_SIZE);
}

/* RAM that the CPU, or an entry of a page table, has no address for. */
static void __init report_beyond(void)
{
	u32 basic = cpuid(1).edx, ext = cpuid_or_zero(0x80000001, 0).edx;
	unsigned int bits = memtype_state()->phys_bits;

	if (bits < MAX_PHYSMEM_BITS) {
		low_memory_report_cpu(ram_within(1ULL << bits, U64_MAX), bits);
		max_pfn = min(max_pfn, 1UL << (bits - PAGE_SHIFT));
		return;
	}
	low_memory_report_beyond(ram_within(1ULL << MAX_PHYSMEM_BITS, U64_MAX),
				 MAX_PHYSMEM_BITS, basic & CPUID_1_EDX_PAE,
				 ext & CPUID_EXT_EDX_LM);
}

unsigned long __init low_pfn_limit(void)
{
	struct x86_areas *a = areas();

	report_beyond();
	a->wish.ram_pfn = max_pfn;
	a->wish.above = bytes_above();
	low_memory_find(&a->wish, &a->low);
	low_memory_report_cut(&a->low, ram_within(PFN_PHYS(a->low.end_pfn),
						  PFN_PHYS(max_pfn)));
	max_pfn = a->low.end_pfn;
	return a->low.low_pfn;
}

unsigned long port_percpu_space(unsigned int nr, size_t stride)
{
	struct x86_areas *a = areas();

	a->percpu_start = (PKMAP_BASE - nr * (unsigned long)stride) & PMD_MASK;
	a->vmalloc_start = ALIGN((unsigned long)high_memory + VMALLOC_OFFSET,
				 PMD_SIZE);
	a->vmalloc_end = a->percpu_start - VMALLOC_END_HOLE;
	if (a->vmalloc_start >= a->vmalloc_end)
		panic("per-CPU areas of %u CPUs leave no addresses for kernel mappings: vmalloc= sets more aside",
		      nr);
	return a->percpu_start;
}

static void line(const char *name, unsigned long start, unsigned long end,
		 unsigned int shift)
{
	pr_info("%11s : 0x%08lx - 0x%08lx   (%4lu %cB)\n", name, start, end,
		(end - start) >> shift, shift == 20 ? 'M' : 'k');
}

void areas_report(void)
{
	const struct x86_areas *a = areas();

	pr_info("virtual kernel memory layout:\n");
	line("fixmap ", FIXADDR_START, FIXADDR_TOP, 10);
	line("pkmap  ", PKMAP_BASE, PKMAP_BASE + PKMAP_SIZE, 10);
	line("percpu ", a->percpu_start, PKMAP_BASE, 10);
	line("vmalloc", a->vmalloc_start, a->vmalloc_end, 20);
	line("lowmem ", PAGE_OFFSET, (unsigned long)high_memory, 20);
	line("  .init", (unsigned long)__init_begin, (unsigned long)__init_end,
	     10);
	line("  .data", (unsigned long)_sdata, (unsigned long)_edata, 10);
	line("  .text", (unsigned long)_text, (unsigned long)_etext, 10);
}
