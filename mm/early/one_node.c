// SPDX-License-Identifier: MIT
/*
 * Zones by address, and the end of setup_arch() on a machine of one node.
 */
#include <linux/memblock.h>

#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/minmax.h>
#include <linux/mmzone.h>
#include <linux/pfn.h>
#include <linux/printk.h>

#include <octavo/machine.h>
#include <octavo/start.h>

/* Kinds of zone that the port has not, and those without RAM, stay 0. */
void __init zone_sizes_init(void)
{
	unsigned long max_zone_pfns[MAX_NR_ZONES] = { 0 };

	max_zone_pfns[ZONE_DMA] = min(MAX_DMA_PFN, max_low_pfn);
	if (zone_type_known(ZONE_DMA32))
		max_zone_pfns[ZONE_DMA32] = min(MAX_DMA32_PFN, max_low_pfn);
	max_zone_pfns[ZONE_NORMAL] = max_low_pfn;
	if (max_pfn > max_low_pfn)
		max_zone_pfns[ZONE_HIGHMEM] = max_pfn;
	free_area_init(max_zone_pfns);
}

static void __init setup_cpus(unsigned int nr_cpus)
{
	struct machine *m = this_machine();
	unsigned int cpu;

	if (!nr_cpus || nr_cpus > NR_CPUS)
		panic("%u CPUs: this kernel is for 1 to %d", nr_cpus, NR_CPUS);
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		m->cpu_node[cpu] = cpu < nr_cpus ? 0 : NUMA_NO_NODE;
	for (cpu = 0; cpu < nr_cpus; cpu++) {
		cpumask_set_cpu(cpu, &m->cpu_possible);
		cpumask_set_cpu(cpu, &m->cpu_present);
	}
	m->nr_cpus = nr_cpus;
}

void __init setup_one_node(unsigned int nr_cpus)
{
	if (!memblock_phys_mem_size())
		panic("No RAM in memblock: nothing to run on");
	max_pfn = PFN_DOWN(memblock_end_of_DRAM());
	max_low_pfn = max_pfn;
	min_low_pfn = PFN_UP(memblock_start_of_DRAM());
	high_memory = __va(PFN_PHYS(max_low_pfn) - 1) + 1;
	memblock_set_current_limit(PFN_PHYS(max_low_pfn));
	memblock_allow_resize();
	parse_early_options(boot_command_line);
	setup_cpus(nr_cpus);
	zone_sizes_init();
}
