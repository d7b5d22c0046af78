// SPDX-License-Identifier: MIT
/*
 * From the firmware's map to nodes and zones: what setup_arch() does for
 * memory, in the order in which the steps need each other.
 *
 *	memory_setup          the firmware's map, printed
 *	setup_data, options   longer maps; mem=, memmap=
 *	trim, MTRRs           what is not fit to be RAM leaves the map
 *	max_pfn               known from here on
 *	reserve_early         image, initrd, loader's data
 *	memblock              RAM, whole pages
 *	init_mem_mapping      RAM can be read and written
 *	ACPI tables           found, reserved
 *	initmem_init          nodes
 *	zones                 free_area_init()
 *	processors            masks, nodes of CPUs
 *	/proc/iomem
 *
 * Where ports differ they say so in x86_init; this file knows no port.
 *
 * Failure: whatever is not sound has been reported and left out by the step
 * that met it. If no RAM is left, one line says so and the machine stops.
 */
#include <asm/x86_init.h>

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mmzone.h>
#include <octavo/machine.h>
#include <octavo/start.h>
#include <octavo/this_machine.h>
#include <asm/acpi.h>
#include <asm/e820/api.h>
#include <asm/mtrr.h>
#include <asm/numa.h>
#include <asm/page.h>
#include <uapi/asm/bootparam.h>

static void __init run(void (*step)(void))
{
	if (step)
		step();
}

/* The map as the firmware has it, kept and printed. */
static void __init setup_firmware_map(void)
{
	struct x86_firmware *fw = this_fw();
	const char *who = x86_init.resources.memory_setup();

	fw->e820_firmware = fw->e820;
	pr_info("BIOS-provided physical RAM map:\n");
	e820__print_table(who);
}

/* What the loader and the user add to it. */
static void __init setup_working_map(const struct boot_params *bp)
{
	if (bp)
		e820__reserve_setup_data(bp->hdr.setup_data);
	parse_early_options(boot_command_line);
	e820__finish_early_params();
	run(x86_init.resources.insert_kernel);
	e820__trim_bios_range();
}

static unsigned long __init find_max_pfn(void)
{
	unsigned long pfn = e820__end_of_ram_pfn();

	if (!pfn)
		panic("No usable RAM in the firmware's memory map: nothing to run on");
	return pfn;
}

/* How far RAM and the direct map reach. */
static void __init setup_max_pfn(void)
{
	max_pfn = find_max_pfn();
	run(x86_init.cache.mtrr_init);
	if (mtrr_trim_uncached_memory(max_pfn))
		max_pfn = find_max_pfn();
	run(x86_init.cache.pat_init);
	if (max_pfn > 1UL << (32 - PAGE_SHIFT))
		e820__end_of_low_ram_pfn();
	max_low_pfn = ULONG_MAX;
	if (x86_init.paging.low_pfn_limit)
		max_low_pfn = x86_init.paging.low_pfn_limit();
	max_low_pfn = min(max_low_pfn, max_pfn);
}

/* Is a whole page of RAM there that nothing occupies? */
static bool __init memblock_has_free_page(void)
{
	phys_addr_t start, end;
	u64 i;

	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end,
				NULL)
		if (PFN_UP(start) < PFN_DOWN(end))
			return true;
	return false;
}

/* RAM, and what of it is taken, in memblock; then it can be touched. */
static void __init setup_memblock(const struct boot_params *bp)
{
	run(x86_init.resources.reserve_early);
	if (bp)
		e820__memblock_reserve_setup_data(bp->hdr.setup_data);
	e820__memblock_setup();
	if (!memblock_phys_mem_size())
		panic("No whole page of usable RAM in the memory map: nothing to run on");
	if (!memblock_has_free_page())
		panic("No usable RAM in the memory map but what the kernel's image and the loader's data occupy");
	min_low_pfn = PHYS_PFN(memblock_start_of_DRAM());
	run(x86_init.paging.init_mem_mapping);
	high_memory = __va(PFN_PHYS(max_low_pfn) - 1) + 1;
}

static void __init setup_processors(void)
{
	run(x86_init.numa.processors);
	acpi_boot_init();
	prefill_possible_map();
	init_cpu_to_node();
}

void __init x86_setup_memory(const struct boot_params *bp)
{
	setup_firmware_map();
	setup_working_map(bp);
	setup_max_pfn();
	setup_memblock(bp);
	run(x86_init.reserve_initrd);
	if (bp)
		acpi_boot_table_init(bp->acpi_rsdp_addr);
	acpi_reserve_tables();
	initmem_init();
	run(x86_init.paging.pagetable_init);
	zone_sizes_init();
	setup_processors();
	e820__reserve_resources();
}
