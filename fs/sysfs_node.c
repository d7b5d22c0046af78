// SPDX-License-Identifier: MIT
/*
 * /sys/devices/system/node: the nodes as numactl and numastat look at them.
 *
 *   online possible has_cpu has_memory has_normal_memory   lists of nodes; and
 *   has_high_memory, on machines of 32 bits
 *   nodeN/{cpulist,cpumap,distance,meminfo,numastat,vmstat}
 *
 * A path is what follows "/sys/devices/system/node/".
 */
#include <linux/proc_fs.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/string.h>
#include <linux/topology.h>
#include <linux/vmstat.h>

#include "proc/internal.h"

/* A node's line: its number stands in front of each. */
static void node_kb(struct seq_file *m, int nid, const char *name,
		    unsigned long pages)
{
	seq_printf(m, "Node %d %-16s%8lu kB\n", nid, name, K(pages));
}

static unsigned long node_pages(int nid, enum node_stat_item item)
{
	return node_page_state_pages(NODE_DATA(nid), item);
}

static void node_meminfo_lru(struct seq_file *m, int nid)
{
	unsigned long n[NR_UNEVICTABLE + 1];
	int i;

	for (i = 0; i <= NR_UNEVICTABLE; i++)
		n[i] = node_pages(nid, i);
	node_kb(m, nid, "Active:", n[NR_ACTIVE_ANON] + n[NR_ACTIVE_FILE]);
	node_kb(m, nid, "Inactive:", n[NR_INACTIVE_ANON] + n[NR_INACTIVE_FILE]);
	node_kb(m, nid, "Active(anon):", n[NR_ACTIVE_ANON]);
	node_kb(m, nid, "Inactive(anon):", n[NR_INACTIVE_ANON]);
	node_kb(m, nid, "Active(file):", n[NR_ACTIVE_FILE]);
	node_kb(m, nid, "Inactive(file):", n[NR_INACTIVE_FILE]);
	node_kb(m, nid, "Unevictable:", n[NR_UNEVICTABLE]);
	node_kb(m, nid, "Mlocked:", sum_zone_node_page_state(nid, NR_MLOCK));
}

static void node_meminfo_use(struct seq_file *m, int nid)
{
	unsigned long reclaimable = node_pages(nid, NR_SLAB_RECLAIMABLE_B);
	unsigned long unreclaimable = node_pages(nid, NR_SLAB_UNRECLAIMABLE_B);

	node_kb(m, nid, "Dirty:", node_pages(nid, NR_FILE_DIRTY));
	node_kb(m, nid, "Writeback:", node_pages(nid, NR_WRITEBACK));
	node_kb(m, nid, "FilePages:", node_pages(nid, NR_FILE_PAGES));
	node_kb(m, nid, "Mapped:", node_pages(nid, NR_FILE_MAPPED));
	node_kb(m, nid, "AnonPages:", node_pages(nid, NR_ANON_MAPPED));
	node_kb(m, nid, "Shmem:", node_pages(nid, NR_SHMEM));
	seq_printf(m, "Node %d %-16s%8lu kB\n", nid, "KernelStack:",
		   node_pages(nid, NR_KERNEL_STACK_KB));
	node_kb(m, nid, "PageTables:", node_pages(nid, NR_PAGETABLE));
	node_kb(m, nid, "SecPageTables:",
		node_pages(nid, NR_SECONDARY_PAGETABLE));
	node_kb(m, nid, "NFS_Unstable:", 0);
	node_kb(m, nid, "Bounce:", sum_zone_node_page_state(nid, NR_BOUNCE));
	node_kb(m, nid, "WritebackTmp:", node_pages(nid, NR_WRITEBACK_TEMP));
	node_kb(m, nid, "KReclaimable:", reclaimable +
		node_pages(nid, NR_KERNEL_MISC_RECLAIMABLE));
	node_kb(m, nid, "Slab:", reclaimable + unreclaimable);
	node_kb(m, nid, "SReclaimable:", reclaimable);
	node_kb(m, nid, "SUnreclaim:", unreclaimable);
}

static void node_meminfo_huge(struct seq_file *m, int nid)
{
	static const struct {
		const char *name;
		enum node_stat_item item;
	} huge[] = {
		{ "AnonHugePages:", NR_ANON_THPS },
		{ "ShmemHugePages:", NR_SHMEM_THPS },
		{ "ShmemPmdMapped:", NR_SHMEM_PMDMAPPED },
		{ "FileHugePages:", NR_FILE_THPS },
		{ "FilePmdMapped:", NR_FILE_PMDMAPPED },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(huge); i++)
		node_kb(m, nid, huge[i].name,
			node_pages(nid, huge[i].item) << pageblock_order);
	node_kb(m, nid, "Unaccepted:",
		sum_zone_node_page_state(nid, NR_UNACCEPTED));
	seq_printf(m, "Node %d HugePages_Total: %5u\n", nid, 0);
	seq_printf(m, "Node %d HugePages_Free:  %5u\n", nid, 0);
	seq_printf(m, "Node %d HugePages_Surp:  %5u\n", nid, 0);
}

static void node_meminfo_high(struct seq_file *m, int nid,
			      const struct sysinfo *si)
{
	if (!zone_type_known(ZONE_HIGHMEM))
		return;
	node_kb(m, nid, "HighTotal:", si->totalhigh);
	node_kb(m, nid, "HighFree:", si->freehigh);
	node_kb(m, nid, "LowTotal:", si->totalram - si->totalhigh);
	node_kb(m, nid, "LowFree:", si->freeram - si->freehigh);
}

static int node_meminfo_show(struct seq_file *m, int nid)
{
	struct sysinfo si;

	si_meminfo_node(&si, nid);
	node_kb(m, nid, "MemTotal:", si.totalram);
	node_kb(m, nid, "MemFree:", si.freeram);
	node_kb(m, nid, "MemUsed:", si.totalram - si.freeram);
	node_kb(m, nid, "SwapCached:", node_pages(nid, NR_SWAPCACHE));
	node_meminfo_lru(m, nid);
	node_meminfo_high(m, nid, &si);
	node_meminfo_use(m, nid);
	node_meminfo_huge(m, nid);
	return 0;
}

static int node_numastat_show(struct seq_file *m, int nid)
{
	static const char *const names[NR_VM_NUMA_EVENT_ITEMS] = {
		[NUMA_HIT] = "numa_hit", [NUMA_MISS] = "numa_miss",
		[NUMA_FOREIGN] = "numa_foreign",
		[NUMA_INTERLEAVE_HIT] = "interleave_hit",
		[NUMA_LOCAL] = "local_node", [NUMA_OTHER] = "other_node",
	};
	int i;

	for (i = 0; i < NR_VM_NUMA_EVENT_ITEMS; i++)
		seq_printf(m, "%s %lu\n", names[i],
			   sum_zone_numa_event_state(nid, i));
	return 0;
}

static int node_vmstat_show(struct seq_file *m, int nid)
{
	int i;

	for (i = 0; i < NR_VM_ZONE_STAT_ITEMS; i++)
		seq_printf(m, "%s %lu\n", zone_stat_name(i),
			   sum_zone_node_page_state(nid, i));
	for (i = 0; i < NR_VM_NUMA_EVENT_ITEMS; i++)
		seq_printf(m, "%s %lu\n", numa_stat_name(i),
			   sum_zone_numa_event_state(nid, i));
	for (i = 0; i < NR_VM_NODE_STAT_ITEMS; i++)
		seq_printf(m, "%s %lu\n", node_stat_name(i),
			   node_pages(nid, i));
	return 0;
}

static int node_distance_show(struct seq_file *m, int nid)
{
	bool more = false;
	int other;

	for_each_online_node(other) {
		seq_printf(m, "%s%d", more ? " " : "",
			   node_distance(nid, other));
		more = true;
	}
	seq_putc(m, '\n');
	return 0;
}

static void node_cpus(struct cpumask *mask, int nid)
{
	int cpu;

	cpumask_clear(mask);
	for_each_online_cpu(cpu)
		if (cpu_to_node(cpu) == nid)
			cpumask_set_cpu((unsigned int)cpu, mask);
}

static int node_cpulist_show(struct seq_file *m, int nid)
{
	struct cpumask mask;

	node_cpus(&mask, nid);
	seq_printf(m, "%*pbl\n", NR_CPUS, cpumask_bits(&mask));
	return 0;
}

static int node_cpumap_show(struct seq_file *m, int nid)
{
	struct cpumask mask;

	node_cpus(&mask, nid);
	seq_printf(m, "%*pb\n", (int)nr_cpu_ids, cpumask_bits(&mask));
	return 0;
}

/* Files of each node, in the order of names. */
static const struct {
	const char *name;
	int (*show)(struct seq_file *m, int nid);
} node_files[] = {
	{ "cpulist", node_cpulist_show },
	{ "cpumap", node_cpumap_show },
	{ "distance", node_distance_show },
	{ "meminfo", node_meminfo_show },
	{ "numastat", node_numastat_show },
	{ "vmstat", node_vmstat_show },
};

/* Files about all nodes: who is in which state. */
static const struct {
	const char *name;
	enum node_states state;
} node_lists[] = {
	{ "has_cpu", N_CPU },
	{ "has_high_memory", N_HIGH_MEMORY },
	{ "has_memory", N_MEMORY },
	{ "has_normal_memory", N_NORMAL_MEMORY },
	{ "online", N_ONLINE },
	{ "possible", N_POSSIBLE },
};

static bool node_list_known(size_t i)
{
	return node_lists[i].state != N_HIGH_MEMORY ||
	       zone_type_known(ZONE_HIGHMEM);
}

static int node_list_show(struct seq_file *m, enum node_states state)
{
	seq_printf(m, "%*pbl\n", MAX_NUMNODES,
		   this_machine()->node_masks[state].bits);
	return 0;
}

/* "node12/file": the node, with *@file behind the slash; -1 for other text. */
static int node_of_path(const char *path, const char **file)
{
	unsigned long nid;
	char *end;

	if (strncmp(path, "node", 4) || path[4] < '0' || path[4] > '9')
		return -1;
	nid = simple_strtoul(path + 4, &end, 10);
	if (*end != '/' || nid >= MAX_NUMNODES || !node_online(nid))
		return -1;
	*file = end + 1;
	return (int)nid;
}

int sysfs_node_show(const char *path, struct seq_file *m)
{
	const char *file;
	size_t i;
	int nid;

	for (i = 0; i < ARRAY_SIZE(node_lists); i++)
		if (node_list_known(i) && !strcmp(path, node_lists[i].name))
			return node_list_show(m, node_lists[i].state);
	nid = node_of_path(path, &file);
	if (nid < 0)
		return -ENOENT;
	for (i = 0; i < ARRAY_SIZE(node_files); i++)
		if (!strcmp(file, node_files[i].name))
			return node_files[i].show(m, nid);
	return -ENOENT;
}

void sysfs_node_for_each(void (*fn)(const char *name, void *ctx), void *ctx)
{
	char path[64];
	size_t i;
	int nid;

	for (i = 0; i < ARRAY_SIZE(node_lists); i++) {
		if (!node_list_known(i))
			continue;
		scnprintf(path, sizeof(path), SYS_NODE "%s",
			  node_lists[i].name);
		fn(path, ctx);
	}
	for_each_online_node(nid)
		for (i = 0; i < ARRAY_SIZE(node_files); i++) {
			scnprintf(path, sizeof(path), SYS_NODE "node%d/%s",
				  nid, node_files[i].name);
			fn(path, ctx);
		}
}
