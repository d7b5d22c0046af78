// SPDX-License-Identifier: MIT
/*
 * Per-CPU areas: every possible CPU gets a copy of the section octavo_percpu
 * (the template), in memory of its own node.
 *
 *   template          |var a|var b|...|
 *                        \ + __per_cpu_offset[cpu]
 *   memory of node n       |a b ...|a b ...|a b ...|
 *                           unit    unit    unit
 *                           CPU 0   CPU 2   CPU 4
 *
 * Terms. A unit is one CPU's area: the template rounded up to whole pages, so
 * that no two CPUs share one. A group is the CPUs of one node; their units
 * are one allocation.
 *
 * The booting CPU has been running on an area of the port's; what it wrote
 * there is copied, and the port then makes the new area its own. The others
 * start from the template, with cpu_number set.
 *
 * Failure. A group that does not fit as one is tried CPU by CPU, anywhere;
 * when that fails too, the machine stops.
 */
#include <linux/percpu.h>

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/log2.h>
#include <linux/memblock.h>
#include <linux/minmax.h>
#include <linux/mmzone.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <octavo/port.h>

/* Leave what devices need alone, while there is other memory. */
#define PERCPU_MIN_ADDR	PFN_PHYS(MAX_DMA_PFN)

/* The node whose memory @cpu gets; NUMA_NO_NODE when it has none. */
static int percpu_node(unsigned int cpu)
{
	int nid = this_machine()->cpu_node[cpu];

	return nid >= 0 && nid < MAX_NUMNODES && node_online(nid)
	       ? nid : NUMA_NO_NODE;
}

static void *percpu_alloc(size_t bytes, int nid)
{
	return memblock_alloc_try_nid_raw(bytes, PAGE_SIZE, PERCPU_MIN_ADDR,
					  MEMBLOCK_ALLOC_ACCESSIBLE, nid);
}

static unsigned int percpu_group_size(int nid)
{
	unsigned int cpu, n = 0;

	for_each_possible_cpu(cpu)
		n += percpu_node(cpu) == nid;
	return n;
}

static void percpu_set_area(unsigned int cpu, char *area)
{
	this_machine()->percpu_offset[cpu] =
		(unsigned long)area - (unsigned long)__per_cpu_start;
}

/* Finds the areas of all CPUs of node @nid; NUMA_NO_NODE: of no node. */
static void percpu_place_group(int nid, size_t unit)
{
	unsigned int nr = percpu_group_size(nid);
	char *block = nr ? percpu_alloc(nr * unit, nid) : NULL;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		char *area = block;

		if (percpu_node(cpu) != nid)
			continue;
		if (block)
			block += unit;
		else
			area = percpu_alloc(unit, nid);
		if (!area)
			panic("percpu: no memory for the %zu bytes of CPU %u",
			      unit, cpu);
		percpu_set_area(cpu, area);
	}
}

/* @boot: written by the running CPU up to this moment, so copy it as it is. */
static void percpu_fill_area(unsigned int cpu, unsigned int boot, size_t bytes)
{
	char *area = per_cpu_ptr(&__per_cpu_start[0], cpu);

	if (cpu == boot) {
		memcpy(area, this_cpu_ptr(&__per_cpu_start[0]), bytes);
		port_switch_percpu(per_cpu_offset(cpu));
		return;
	}
	memcpy(area, __per_cpu_start, bytes);
	per_cpu(cpu_number, cpu) = (int)cpu;
}

static unsigned int decimal_width(unsigned int n)
{
	unsigned int w = 1;

	while (n /= 10)
		w++;
	return w;
}

/* "pcpu-alloc: [group] cpu [group] cpu ...", some to a line of 72. */
static void percpu_log_groups(void)
{
	unsigned int group_width = decimal_width((unsigned int)nr_node_ids - 1);
	unsigned int cpu_width = decimal_width(nr_cpu_ids - 1);
	unsigned int width = group_width + cpu_width + 4;
	unsigned int per_line = (unsigned int)
		rounddown_pow_of_two(max(60 / width, 1U));
	unsigned int cpu, n = 0;

	for_each_possible_cpu(cpu) {
		int nid = percpu_node(cpu);

		if (n++ % per_line == 0)
			printk(KERN_DEBUG "%spcpu-alloc: ", "");
		pr_cont("[%0*d] %0*u ", (int)group_width, max(nid, 0),
			(int)cpu_width, cpu);
		if (n % per_line == 0)
			pr_cont("\n");
	}
	if (n % per_line)
		pr_cont("\n");
}

static void percpu_log(size_t bytes, size_t unit)
{
	pr_info("percpu: Embedded %zu pages/cpu s%zu r%zu d%zu u%zu\n",
		unit >> PAGE_SHIFT, bytes, (size_t)0, unit - bytes, unit);
	pr_debug("pcpu-alloc: s%zu r%zu d%zu u%zu alloc=%zu*%lu\n", bytes,
		 (size_t)0, unit - bytes, unit, unit >> PAGE_SHIFT, PAGE_SIZE);
	percpu_log_groups();
}

void setup_per_cpu_areas(void)
{
	size_t bytes = (size_t)(__per_cpu_end - __per_cpu_start);
	size_t unit = ALIGN(bytes, PAGE_SIZE);
	unsigned int boot = (unsigned int)raw_smp_processor_id();
	unsigned int cpu;
	int nid;

	pr_info("setup_percpu: NR_CPUS:%d nr_cpumask_bits:%d nr_cpu_ids:%u nr_node_ids:%u\n",
		NR_CPUS, NR_CPUS, nr_cpu_ids, (unsigned int)nr_node_ids);
	BUG_ON(!cpu_possible(boot));
	percpu_place_group(NUMA_NO_NODE, unit);
	for_each_online_node(nid)
		percpu_place_group(nid, unit);
	this_machine()->percpu_unit_size = unit;
	percpu_log(bytes, unit);
	for_each_possible_cpu(cpu)
		percpu_fill_area(cpu, boot, bytes);
}
