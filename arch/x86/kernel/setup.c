// SPDX-License-Identifier: MIT
/*
 * setup_arch() of a booted PC.
 *
 * The way from the firmware's map to zones is x86_setup_memory(), which the
 * host walks too; here stand the steps that need a real processor or a loader:
 *
 *	reserve_early     of the first MiB the firmware's parts; image, initrd
 *	insert_kernel     the image's parts for /proc/iomem
 *	cache, paging     MTRRs, PAT, direct map
 *	reserve_initrd    where it lies, if it lies in RAM
 *	processors        the booting one is CPU 0
 *
 * The initrd is kept where the loader put it, in high memory too, and is never
 * handed out.
 *
 * Failure: an initrd that is not in RAM is reported and not used. An image
 * that the map does not call RAM is: it runs, so the map is wrong.
 */
#include <asm/setup.h>

#include <linux/init.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/e820/api.h>
#include <asm/mapping.h>
#include <asm/msr.h>
#include <asm/mtrr.h>
#include <asm/page.h>
#include <asm/pci_host.h>
#include <asm/traps.h>
#include <asm/x86_init.h>

/*
 * Frame 0 has the BIOS's vectors and data; many BIOSes write to the rest of
 * the first 64 KiB when the machine sleeps or a device interrupts.
 */
#define LOW_RESERVED	0x10000
#define BIOS_DATA_START	0x9f000
#define BIOS_DATA_END	0x100000

/* Parts of the image, sections.lds. */
extern char _text[], _etext[], __start_rodata[], __end_rodata[];
extern char _sdata[], _edata[], __bss_start[], __bss_stop[], _end[];

static const char *__init pc_memory_setup(void)
{
	return e820__memory_setup_default(&boot_params);
}

static void __init initrd_range(u64 *start, u64 *size)
{
	const struct setup_header *h = &boot_params.hdr;

	*start = h->ramdisk_image | (u64)boot_params.ext_ramdisk_image << 32;
	*size = h->ramdisk_size | (u64)boot_params.ext_ramdisk_size << 32;
}

/* Is all of the initrd in RAM? */
static bool __init initrd_is_sound(u64 start, u64 size)
{
	return start && size && size <= U64_MAX - start &&
	       e820__mapped_all(start, start + size, E820_TYPE_RAM);
}

static void __init pc_reserve_early(void)
{
	u64 start, size;

	/* Until the direct map is there, memory is what the head mapped. */
	memblock_set_current_limit(EARLY_MAP_SIZE);
	memblock_reserve(0, LOW_RESERVED);
	memblock_reserve(BIOS_DATA_START, BIOS_DATA_END - BIOS_DATA_START);
	memblock_reserve(__pa_symbol(_text), (u64)(_end - _text));
	initrd_range(&start, &size);
	if (initrd_is_sound(start, size))
		memblock_reserve(start, size);
}

/* The image is where the processor fetches from: that is RAM. */
static void __init e820_add_kernel_range(void)
{
	u64 start = __pa_symbol(_text), size = (u64)(_end - _text);

	if (e820__mapped_all(start, start + size, E820_TYPE_RAM))
		return;
	pr_warn(".text .data .bss are not marked as E820_TYPE_RAM!\n");
	e820__range_remove(start, size, E820_TYPE_RAM, false);
	e820__range_add(start, size, E820_TYPE_RAM);
	e820_table_sanitize(&this_fw()->e820);
}

static void __init pc_insert_kernel(void)
{
	static struct resource code, rodata, data, bss;

	e820_add_kernel_range();
	e820__insert_kernel(&code, "Kernel code", __pa_symbol(_text),
			    __pa_symbol(_etext));
	e820__insert_kernel(&rodata, "Kernel rodata",
			    __pa_symbol(__start_rodata),
			    __pa_symbol(__end_rodata));
	e820__insert_kernel(&data, "Kernel data", __pa_symbol(_sdata),
			    __pa_symbol(_edata));
	e820__insert_kernel(&bss, "Kernel bss", __pa_symbol(__bss_start),
			    __pa_symbol(__bss_stop));
}

static void __init pc_reserve_initrd(void)
{
	u64 start, size;

	initrd_range(&start, &size);
	if (!start || !size)
		return;
	if (initrd_is_sound(start, size))
		pr_info("RAMDISK: [mem 0x%08llx-0x%08llx]%s\n", start,
			start + size - 1,
			start + size > PFN_PHYS(max_low_pfn) ?
			": some of it is no low memory, and stays there" : "");
	else
		pr_err("RAMDISK: %#llx bytes at %#llx are not all in RAM: not used\n",
		       size, start);
}

/* The APIC id that CPUID tells, before the APIC itself is set up. */
static u32 __init boot_apicid(void)
{
	struct cpuid_regs r = cpuid_or_zero(0xb, 0);

	/* Leaf 0xb is there when its first level says something. */
	return r.ebx ? r.edx : cpuid(1).ebx >> 24;
}

static void __init pc_processors(void)
{
	x86_add_cpu(boot_apicid(), true);
}

const struct x86_init_ops x86_init = {
	.resources.memory_setup = pc_memory_setup,
	.resources.reserve_early = pc_reserve_early,
	.resources.insert_kernel = pc_insert_kernel,
	.cache.mtrr_init = mtrr_bp_init,
	.cache.pat_init = pat_init,
	.paging.low_pfn_limit = low_pfn_limit,
	.paging.init_mem_mapping = init_mem_mapping,
	.paging.pagetable_init = pagetable_init,
	.reserve_initrd = pc_reserve_initrd,
	.numa.processors = pc_processors,
};

void __init setup_arch(void)
{
	early_trap_init();
	x86_setup_memory(&boot_params);
	pci_mmcfg_early_init();
}
