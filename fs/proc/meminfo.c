// SPDX-License-Identifier: MIT
/*
 * /proc/meminfo and /proc/vmstat.
 *
 * Every line of Linux is there, for readers that look for it. A line of a
 * subsystem that this machine has not (swap, huge page pools, zswap) is 0,
 * which is what there is of it.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/percpu.h>
#include <linux/vmalloc.h>
#include <linux/vmstat.h>

#include <octavo/port.h>

/* Linux's vm.overcommit_ratio: what may be promised, in % of RAM. */

__weak void arch_report_meminfo(struct seq_file *m)
{
}

static void show_kb(struct seq_file *m, const char *name, unsigned long pages)
{
	seq_printf(m, "%-16s%8lu kB\n", name, K(pages));
}

static void show_kb_node(struct seq_file *m, const char *name,
			 enum node_stat_item item)
{
	struct pglist_data *pgdat;
	unsigned long sum = 0;

	for_each_online_pgdat(pgdat)
		sum += node_page_state_pages(pgdat, item);
	show_kb(m, name, sum);
}

/* Counters of huge mappings count huge pages. */
static void show_kb_huge(struct seq_file *m, const char *name,
			 enum node_stat_item item)
{
	show_kb(m, name, global_node_page_state(item) << pageblock_order);
}

static void meminfo_totals(struct seq_file *m, const struct sysinfo *si)
{
	unsigned long swapcache = global_node_page_state(NR_SWAPCACHE);
	unsigned long file = global_node_page_state(NR_FILE_PAGES);
	unsigned long other = swapcache + si->bufferram;

	show_kb(m, "MemTotal:", si->totalram);
	show_kb(m, "MemFree:", si->freeram);
	show_kb(m, "MemAvailable:", (unsigned long)si_mem_available());
	show_kb(m, "Buffers:", si->bufferram);
	show_kb(m, "Cached:", file > other ? file - other : 0);
	show_kb(m, "SwapCached:", swapcache);
}

static void meminfo_lru(struct seq_file *m)
{
	unsigned long n[NR_UNEVICTABLE + 1];
	int i;

	for (i = 0; i <= NR_UNEVICTABLE; i++)
		n[i] = global_node_page_state(i);
	show_kb(m, "Active:", n[NR_ACTIVE_ANON] + n[NR_ACTIVE_FILE]);
	show_kb(m, "Inactive:", n[NR_INACTIVE_ANON] + n[NR_INACTIVE_FILE]);
	show_kb(m, "Active(anon):", n[NR_ACTIVE_ANON]);
	show_kb(m, "Inactive(anon):", n[NR_INACTIVE_ANON]);
	show_kb(m, "Active(file):", n[NR_ACTIVE_FILE]);
	show_kb(m, "Inactive(file):", n[NR_INACTIVE_FILE]);
	show_kb(m, "Unevictable:", n[NR_UNEVICTABLE]);
	show_kb(m, "Mlocked:", global_zone_page_state(NR_MLOCK));
}

/* A machine of 32 bits has memory with an address, and without. */
static void meminfo_high(struct seq_file *m, const struct sysinfo *si)
{
	if (!zone_type_known(ZONE_HIGHMEM))
		return;
	show_kb(m, "HighTotal:", si->totalhigh);
	show_kb(m, "HighFree:", si->freehigh);
	show_kb(m, "LowTotal:", si->totalram - si->totalhigh);
	show_kb(m, "LowFree:", si->freeram - si->freehigh);
}

static void meminfo_swap(struct seq_file *m)
{
	show_kb(m, "SwapTotal:", 0);
	show_kb(m, "SwapFree:", 0);
	show_kb(m, "Zswap:", 0);
	show_kb(m, "Zswapped:", 0);
}

static void meminfo_slab(struct seq_file *m)
{
	unsigned long reclaimable = 0, unreclaimable = 0;
	struct pglist_data *pgdat;

	for_each_online_pgdat(pgdat) {
		reclaimable += node_page_state_pages(pgdat,
						     NR_SLAB_RECLAIMABLE_B);
		unreclaimable += node_page_state_pages(pgdat,
						NR_SLAB_UNRECLAIMABLE_B);
	}
	show_kb(m, "KReclaimable:", reclaimable +
		global_node_page_state(NR_KERNEL_MISC_RECLAIMABLE));
	show_kb(m, "Slab:", reclaimable + unreclaimable);
	show_kb(m, "SReclaimable:", reclaimable);
	show_kb(m, "SUnreclaim:", unreclaimable);
}

static void meminfo_use(struct seq_file *m)
{
	show_kb_node(m, "Dirty:", NR_FILE_DIRTY);
	show_kb_node(m, "Writeback:", NR_WRITEBACK);
	show_kb_node(m, "AnonPages:", NR_ANON_MAPPED);
	show_kb_node(m, "Mapped:", NR_FILE_MAPPED);
	show_kb_node(m, "Shmem:", NR_SHMEM);
	meminfo_slab(m);
	seq_printf(m, "%-16s%8lu kB\n", "KernelStack:",
		   global_node_page_state(NR_KERNEL_STACK_KB));
	show_kb_node(m, "PageTables:", NR_PAGETABLE);
	show_kb_node(m, "SecPageTables:", NR_SECONDARY_PAGETABLE);
	show_kb(m, "NFS_Unstable:", 0);
	show_kb(m, "Bounce:", global_zone_page_state(NR_BOUNCE));
	show_kb_node(m, "WritebackTmp:", NR_WRITEBACK_TEMP);
}

static void meminfo_kernel(struct seq_file *m, const struct sysinfo *si)
{
	show_kb(m, "CommitLimit:", vm_commit_limit());
	show_kb(m, "Committed_AS:", 0);
	seq_printf(m, "%-16s%8lu kB\n", "VmallocTotal:",
		   vmalloc_total_kb());
	show_kb(m, "VmallocUsed:", vmalloc_nr_pages());
	show_kb(m, "VmallocChunk:", 0);
	show_kb(m, "Percpu:", pcpu_nr_pages());
	seq_printf(m, "HardwareCorrupted: %5lu kB\n", 0UL);
}

static void meminfo_huge(struct seq_file *m)
{
	show_kb_huge(m, "AnonHugePages:", NR_ANON_THPS);
	show_kb_huge(m, "ShmemHugePages:", NR_SHMEM_THPS);
	show_kb_huge(m, "ShmemPmdMapped:", NR_SHMEM_PMDMAPPED);
	show_kb_huge(m, "FileHugePages:", NR_FILE_THPS);
	show_kb_huge(m, "FilePmdMapped:", NR_FILE_PMDMAPPED);
	show_kb(m, "Unaccepted:", global_zone_page_state(NR_UNACCEPTED));
	seq_printf(m, "HugePages_Total:   %5lu\n", 0UL);
	seq_printf(m, "HugePages_Free:    %5lu\n", 0UL);
	seq_printf(m, "HugePages_Rsvd:    %5lu\n", 0UL);
	seq_printf(m, "HugePages_Surp:    %5lu\n", 0UL);
	show_kb(m, "Hugepagesize:", pageblock_nr_pages);
	show_kb(m, "Hugetlb:", 0);
}

int meminfo_show(struct seq_file *m)
{
	struct sysinfo si;

	si_meminfo(&si);
	meminfo_totals(m, &si);
	meminfo_lru(m);
	meminfo_high(m, &si);
	meminfo_swap(m);
	meminfo_use(m);
	meminfo_kernel(m, &si);
	meminfo_huge(m);
	arch_report_meminfo(m);
	return 0;
}

int vmstat_show(struct seq_file *m)
{
	unsigned long v[NR_VMSTAT_ITEMS];
	unsigned int i;

	vmstat_read(v);
	for (i = 0; i < NR_VMSTAT_ITEMS; i++)
		if (vmstat_shown(i))
			seq_printf(m, "%s %lu\n", vmstat_text[i], v[i]);
	/* Linux keeps the line of a counter that is gone. */
	seq_puts(m, "nr_unstable 0\n");
	return 0;
}
