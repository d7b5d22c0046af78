// SPDX-License-Identifier: MIT
/*
 * Addresses of kernel mappings: a part of the kernel's half of its one root,
 * which all CPUs run on, so that an entry that comes is there for all of them.
 */
#include <linux/align.h>
#include <linux/kernel.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/kvirt.h>
#include <asm/mapping.h>
#include <asm/mem_range.h>
#include <asm/page.h>
#include <asm/pgtable.h>

static const struct x86_mapping *mapping(void)
{
	return &this_arch()->port.map;
}

int port_kvirt_setup(unsigned long *start, unsigned long *end, void **root,
		     bool *huge)
{
	const struct pgtable *kernel = kernel_pgtable();

	/* VMALLOC_END may be the last byte, and may be in a table's midst. */
	*start = VMALLOC_START;
	*end = ALIGN_DOWN(VMALLOC_END + 1, PAGE_SIZE);
	*root = kernel->ops->table_at(kernel->ctx, kernel->root);
	*huge = mapping()->page_size_mask & (1U << PG_LEVEL_2M);
	kernel_pgtable_leave(*start, ALIGN(*end, PMD_SIZE));
	areas_report();
	return 0;
}

u64 port_kvirt_prot(u64 prot)
{
	return kernel_prot(__pgprot(prot));
}
