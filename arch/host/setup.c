// SPDX-License-Identifier: MIT
/*
 * setup_arch() of a machine in a process: a PC whose firmware is the plan.
 *
 * The way from the map to free_area_init() is the x86 port's own,
 * x86_setup_memory(); here stand only the steps at which a process differs:
 *
 *   memory_setup      the e820 table is the plan's; a map's text is read
 *                     again, now that there is a log for its bad lines
 *   reserve_early     the direct map is one mapping of a memfd, made when
 *                     max_pfn is known and before memblock, whose arrays
 *                     may grow into it, has any range. mem= makes it
 *                     smaller, memmap= may make it larger
 *   low_pfn_limit     where it ends, on a machine of 32 bits (lowmem.c)
 *   init_mem_mapping  all of it can be allocated from
 *   topology          nodes by count; without a count ACPI's tables go on
 *   processors        CPUs by count; CPU c's APIC is number c
 */
#include "host.h"

#include <linux/align.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mmzone.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <asm/acpi.h>
#include <asm/e820/api.h>
#include <asm/memtype.h>
#include <asm/numa.h>
#include <asm/pgtable_types.h>
#include <asm/x86_init.h>
#include <octavo/machine.h>
#include <octavo/port.h>

#include "os/include/host_os.h"
#include "plan.h"

#define SECTION_BYTES	(1ULL << SECTION_SIZE_BITS)

static const struct host_plan *this_plan(void)
{
	return this_arch()->plan;
}

static void map_bad_line(void *ctx, unsigned int line, const char *text,
			 size_t n, const char *reason)
{
	const char *name = ctx;

	pr_warn("%s:%u: \"%.*s\": %s: ignored\n", name, line,
		(int)min_t(size_t, n, HOST_LINE_SHOWN), text, reason);
}

static void report_unknown_types(const struct e820_table *t)
{
	const struct e820_entry *e;

	for (e = t->entries; e < t->entries + t->nr_entries; e++)
		if (!e820_type_known(e->type))
			pr_warn("e820: entry %u [mem 0x%016llx-0x%016llx] has unknown type %u: reserved\n",
				(unsigned int)(e - t->entries), e->addr,
				e->addr + e->size - 1, (unsigned int)e->type);
}

/* The plan's map once more, with a word on all that is odd about it. */
static void host_read_map(struct e820_table *t)
{
	const struct octavo_options *o = this_plan()->options;
	void *name = (void *)host_input_name(&o->map, "map");

	t->nr_entries = 0;
	if (o->map_format == OCTAVO_MAP_IOMEM)
		iomem_read(t, o->map.data, o->map.size, map_bad_line, name);
	else
		e820_read_dmesg(t, o->map.data, o->map.size, map_bad_line,
				name);
	report_unknown_types(t);
	e820_table_report(t);
	e820_table_sanitize(t);
}

static const char *host_memory_setup(void)
{
	if (this_plan()->options->map.data) {
		host_read_map(&this_fw()->e820);
		return "BIOS-e820";
	}
	this_fw()->e820 = this_plan()->map;
	return "host-e820";
}

static size_t frame_kinds_size(phys_addr_t end)
{
	return ALIGN(end / PAGE_SIZE * sizeof(u16), PAGE_SIZE);
}

u16 *port_frame_kinds(void)
{
	return this_arch()->frame_kinds;
}

void host_arena_release(struct arch_machine *a)
{
	if (a->frame_kinds)
		host_pages_free(a->frame_kinds, frame_kinds_size(a->ram_end));
	a->frame_kinds = NULL;
	host_arena_destroy(a->arena);
	a->arena = NULL;
}

void host_arena_setup(struct arch_machine *a, phys_addr_t end)
{
	/* Whole sections: their struct pages are populated whole. */
	u64 map_size = ALIGN(end, SECTION_BYTES) / PAGE_SIZE *
		       sizeof(struct page);
	int err;

	a->arena = host_arena_create(end, map_size,
				     max(end, host_devices_end(a)), &err);
	if (!a->arena)
		panic("no address space for %llu MiB of RAM: error %d",
		      (u64)end >> 20, err);
	a->frame_kinds = host_pages_alloc(frame_kinds_size(end));
	if (!a->frame_kinds)
		panic("no address space for the kinds of %llu MiB of frames",
		      (u64)end >> 20);
	a->ram_end = end;
	a->page_offset = (unsigned long)host_arena_ram(a->arena);
	a->struct_pages = host_arena_map(a->arena);
}

static void host_reserve_early(void)
{
	host_devices_setup(this_arch(), this_plan());
	host_arena_setup(this_arch(), PFN_PHYS(max_pfn));
}

/* What is no RAM has no place in the direct map, as on a PC. */
static void host_hide(phys_addr_t start, phys_addr_t end)
{
	int err;

	start = ALIGN(start, PAGE_SIZE);
	end = ALIGN_DOWN(end, PAGE_SIZE);
	if (start >= end)
		return;
	err = host_space_hide(__va(start), end - start);
	if (err)
		panic("cannot take [mem %#llx-%#llx] out of the direct map: error %d",
		      (u64)start, (u64)end - 1, err);
}

static void host_hide_holes(void)
{
	phys_addr_t low_end = PFN_PHYS(max_low_pfn), start, end, at = 0;
	u64 i;

	for_each_mem_range(i, &start, &end) {
		host_hide(at, min(start, low_end));
		at = max(at, min(end, low_end));
	}
	host_hide(at, this_arch()->ram_end);
	this_arch()->holes_hidden = true;
}

static void host_init_mem_mapping(void)
{
	phys_addr_t end = PFN_PHYS(max_low_pfn);

	host_hide_holes();

	pr_info("direct map: [mem %#018llx-%#018llx] at %#lx\n", 0ULL,
		(u64)end - 1, PAGE_OFFSET);
	memblock_set_current_limit(end);
}

/*
 * Page tables of a process know no types of caches; ours know all. Addresses
 * are as wide as a recorded processor's, or as an entry has room for.
 */
static void host_pat_init(void)
{
	u8 bits = this_fw()->mtrr.phys_bits;

	memtype_state()->phys_bits = bits ?: fls64(PTE_PFN_MASK);
	memtype_state()->pat = !memtype_state()->off;
}

/* Which of @nr nodes CPU @cpu of @nr_cpus is on. */
static int host_cpu_to_node(unsigned int cpu, unsigned int nr_cpus,
			    unsigned int nr)
{
	return (int)((u64)cpu * nr / nr_cpus);
}

static int host_topology(void)
{
	const struct host_plan *plan = this_plan();
	const u8 *distances = plan->options->distances;
	unsigned int nr = plan->nr_nodes, i, j;
	u64 start = 0;

	if (!nr)
		return -ENODEV;
	for (i = 0; i < nr; i++) {
		if (numa_add_memblk((int)i, start, plan->node_end[i]))
			return -EINVAL;
		start = plan->node_end[i];
	}
	for (i = 0; i < plan->nr_cpus; i++)
		set_apicid_to_node(i, host_cpu_to_node(i, plan->nr_cpus, nr));
	for (i = 0; distances && i < nr; i++)
		for (j = 0; j < nr; j++)
			numa_set_distance((int)i, (int)j,
					  distances[i * nr + j]);
	return 0;
}

static void host_processors(void)
{
	unsigned int cpu;

	for (cpu = 0; cpu < this_plan()->nr_cpus; cpu++)
		x86_add_cpu(cpu, true);
}

const struct x86_init_ops x86_init = {
	.resources.memory_setup = host_memory_setup,
	.resources.reserve_early = host_reserve_early,
	.cache.pat_init = host_pat_init,
	.paging.low_pfn_limit = host_low_pfn_limit,
	.paging.init_mem_mapping = host_init_mem_mapping,
	.numa.topology = host_topology,
	.numa.processors = host_processors,
};

static void host_give_table(const struct octavo_input *in)
{
	if (in->data)
		acpi_table_give(in->data, in->size);
}

void setup_arch(void)
{
	const struct octavo_options *o = this_plan()->options;

	host_give_table(&o->srat);
	host_give_table(&o->slit);
	host_give_table(&o->madt);
	x86_setup_memory(NULL);
	host_devices_insert(o);
}

/* One piece of vmemmap, of RAM that lies together. */
static int vmemmap_piece(unsigned long start, unsigned long end, int nid)
{
	phys_addr_t phys, size = end - start;
	int err;

	phys = memblock_phys_alloc_try_nid(size, PAGE_SIZE, nid);
	if (!phys)
		return -ENOMEM;
	err = host_arena_alias(this_arch()->arena, (void *)start, phys, size);
	if (!err) {
		memmap_boot_pages_add((long)PHYS_PFN(size));
		return 0;
	}
	pr_err("vmemmap: cannot map [%#lx-%#lx]: error %d\n", start, end - 1,
	       err);
	memblock_phys_free(phys, size);
	return -ENOMEM;
}

/* RAM in small ranges has no room for all in one: then halves, and so on. */
int vmemmap_populate(unsigned long start, unsigned long end, int nid)
{
	unsigned long half;
	int err;

	BUG_ON(!IS_ALIGNED(start | end, PAGE_SIZE) || start >= end);
	err = vmemmap_piece(start, end, nid);
	half = ALIGN_DOWN((end - start) / 2, PAGE_SIZE);
	if (err != -ENOMEM || !half)
		return err;
	err = vmemmap_populate(start, start + half, nid);
	return err ?: vmemmap_populate(start + half, end, nid);
}
