// SPDX-License-Identifier: MIT
/*
 * What happens to the kernel's tables once everything is mapped: init memory
 * is given back, and nothing must be both writable and executable.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/early_ioremap.h>
#include <asm/mapping.h>
#include <asm/msr.h>
#include <asm/page.h>
#include <asm/pgtable.h>
#include <asm/sections.h>

#include "init.h"

/* What freed init memory is filled with: int3, if ever executed. */
#define INITMEM_POISON	0xcc

static int wx_report(void *ctx, const struct pgtable_leaf *leaf)
{
	pr_warn("x86/mm: Found insecure W+X mapping at address %#llx, %llu KiB\n",
		leaf->va, leaf->size >> 10);
	return 0;
}

unsigned long ptdump_check_wx(void)
{
	unsigned long pages;

	if (!this_arch()->port.map.nx) {
		pr_info("x86/mm: Checked W+X mappings: skipped, no NX\n");
		return 0;
	}
	pages = pgtable_check_wx(kernel_pgtable(), 0, ~0ULL, wx_report, NULL);
	if (pages)
		pr_warn("x86/mm: Checked W+X mappings: FAILED, %lu W+X pages found.\n",
			pages);
	else
		pr_info("x86/mm: Checked W+X mappings: passed, no W+X pages found.\n");
	return pages;
}

void kernel_dump_pagetable(unsigned long addr, char *buf, size_t size)
{
	struct pgtable live = *kernel_pgtable();

	if (!this_arch()->port.map.loaded) {
		scnprintf(buf, size, "PGD: early tables");
		return;
	}
	live.root = read_cr3() & PTE_PFN_MASK;
	pgtable_dump(&live, addr, buf, size);
}

void free_initmem(void)
{
	unsigned long start = (unsigned long)__init_begin;
	unsigned long end = (unsigned long)__init_end;

	early_ioremap_check();
	kernel_pgtable_leave_boot();
	retire_init_image(start, end);
	free_reserved_area(__va(__pa_symbol(start)), __va(__pa_symbol(end)),
			   INITMEM_POISON,
			   "unused kernel image (initmem)");
	pgtable_check(kernel_pgtable());
	ptdump_check_wx();
}
