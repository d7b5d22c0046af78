// SPDX-License-Identifier: MIT
/*
 * Per-CPU areas: every possible CPU gets a copy of the section octavo_percpu
 * (the template), in memory of its own node.
 *
 *   template       |var a|var b|...|
 *                     \ + __per_cpu_offset[cpu]
 *   addresses          |a b ... ++++|......|a b ... ++++|......|a b ... ++++|
 *                      CPU 0         stride  CPU 1                CPU 2
 *                           \  mapped a second time  /               |
 *   memory of node n    |a b ... ++++|a b ... ++++|    of node m |a b ... ++++|
 *
 * Terms. A unit is one CPU's area: the template and, marked +, room for objects
 * that are allocated later, in whole slots of PERCPU_UNIT_SIZE, so that no two
 * CPUs share a page. A group is the CPUs of one node; their units are one
 * allocation.
 *
 * Areas lie a stride of addresses apart, whatever memory is behind them, so
 * that mm/page/percpu.c can put more memory behind each and one offset a CPU
 * reaches all of it. The port chooses the space and maps it.
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

/* Shows @memory at the addresses of @cpu, and remembers it slot by slot. */
static void percpu_set_area(unsigned int cpu, char *memory, size_t unit)
{
	struct percpu_state *s = &this_machine()->percpu;
	unsigned long addr = s->base + (unsigned long)cpu * PERCPU_STRIDE;
	unsigned int slot;

	if (port_percpu_map(addr, __pa(memory), unit))
		panic("percpu: cannot map the %zu bytes of CPU %u at %#lx",
		      unit, cpu, addr);
	this_machine()->percpu_offset[cpu] =
		addr - (unsigned long)__per_cpu_start;
	for (slot = 0; slot < s->nr_boot; slot++)
		s->chunk[slot]->pfn[cpu] = (u32)PHYS_PFN(__pa(memory) +
					   slot * PERCPU_UNIT_SIZE);
}

/* The space of all CPUs, and the records of the slots that are backed now. */
static void percpu_prepare(size_t unit)
{
	struct percpu_state *s = &this_machine()->percpu;
	unsigned int slot;

	BUILD_BUG_ON(sizeof(struct percpu_chunk) > PAGE_SIZE);
	BUG_ON(unit > PERCPU_STRIDE);
	s->base = port_percpu_space(nr_cpu_ids, PERCPU_STRIDE);
	if (!s->base)
		panic("percpu: no addresses for the areas of %u CPUs",
		      nr_cpu_ids);
	s->nr_boot = (unsigned int)(unit / PERCPU_UNIT_SIZE);
	for (slot = 0; slot < s->nr_boot; slot++) {
		s->chunk[slot] = memblock_alloc(sizeof(struct percpu_chunk),
						PAGE_SIZE);
		if (!s->chunk[slot])
			panic("percpu: no memory for the record of slot %u",
			      slot);
	}
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
		percpu_set_area(cpu, area, unit);
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
	size_t unit = ALIGN(bytes + PERCPU_DYNAMIC_RESERVE, PERCPU_UNIT_SIZE);
	unsigned int boot = (unsigned int)raw_smp_processor_id();
	unsigned int cpu;
	int nid;

	pr_info("setup_percpu: NR_CPUS:%d nr_cpumask_bits:%d nr_cpu_ids:%u nr_node_ids:%u\n",
		NR_CPUS, NR_CPUS, nr_cpu_ids, (unsigned int)nr_node_ids);
	BUG_ON(!cpu_possible(boot));
	percpu_prepare(unit);
	percpu_place_group(NUMA_NO_NODE, unit);
	for_each_online_node(nid)
		percpu_place_group(nid, unit);
	this_machine()->percpu_unit_size = bytes;
	percpu_log(bytes, unit);
	for_each_possible_cpu(cpu)
		percpu_fill_area(cpu, boot, bytes);
}
