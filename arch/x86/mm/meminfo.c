// SPDX-License-Identifier: MIT
/* The direct map in /proc/meminfo: what each page size maps of it. */
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/mapping.h>
#include <asm/page.h>
#include <asm/pgtable.h>

static int count_leaf(void *ctx, const struct pgtable_leaf *leaf)
{
	u64 *bytes = ctx;

	bytes[leaf->level] += leaf->size;
	return 0;
}

void arch_report_meminfo(struct seq_file *m)
{
	struct x86_mapping *map = &this_arch()->port.map;
	u64 bytes[PGTABLE_MAX_LEVELS] = { 0 };
	unsigned long flags;

	spin_lock_irqsave(&map->pgtable_lock, flags);
	pgtable_walk(kernel_pgtable(), PAGE_OFFSET,
		     (unsigned long)high_memory - 1, count_leaf, bytes);
	spin_unlock_irqrestore(&map->pgtable_lock, flags);
	seq_printf(m, "DirectMap4k:    %8llu kB\n", bytes[PG_LEVEL_4K] >> 10);
	seq_printf(m, "DirectMap%uM:    %8llu kB\n", (u32)(PMD_SIZE >> 20),
		   bytes[PG_LEVEL_2M] >> 10);
	if (map->page_size_mask & (1U << PG_LEVEL_1G))
		seq_printf(m, "DirectMap1G:    %8llu kB\n",
			   bytes[PG_LEVEL_1G] >> 10);
}
