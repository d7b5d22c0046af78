// SPDX-License-Identifier: MIT
/*
 * First C code of the booted kernel: what any loader left behind becomes one
 * struct boot_params and one command line, both in memory of our own.
 *
 * On entry head_64.S has cleared .bss, mapped the first 4 GiB at PAGE_OFFSET
 * and given the boot CPU a private copy of the per-CPU template.  Interrupts
 * are off and there are no exception handlers yet, so each pointer is checked
 * against those 4 GiB before it is followed.
 *
 * Failure: input that cannot be used gets one line in the log and is left out;
 * whether what remains is enough to boot on is setup_arch()'s to say.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <octavo/machine.h>
#include <octavo/start.h>
#include <asm/boot_params.h>
#include <asm/page.h>
#include <asm/setup.h>

#include "boot_source.h"

/* What the early page tables of head_64.S map at PAGE_OFFSET. */
#define EARLY_MAP_END	(4ULL << 30)

/* Longest command line that is measured; only its length is reported. */
#define CMDLINE_SCAN	65536

struct boot_params boot_params;

/* head_64.S calls it and nothing returns there. */
void __noreturn x86_64_start_kernel(unsigned int source, u32 at);

/* The boot CPU's private per-CPU area, from vmlinux.lds. */
extern char __boot_percpu[];

/* The area itself is in place (head_64.S); here it learns where it is. */
static void __init boot_percpu_init(void)
{
	unsigned long offset = (unsigned long)__boot_percpu -
			       (unsigned long)__per_cpu_start;

	__per_cpu_offset[0] = offset;
	this_cpu_write(this_cpu_off, offset);
}

static const u8 *__init early_ram(void)
{
	return (const u8 *)PAGE_OFFSET;
}

static const char *__init boot_params_read(struct boot_params *bp,
					   unsigned int source, u32 at)
{
	const u8 *ram = early_ram();

	switch (source) {
	case BOOT_SOURCE_PVH:
		return boot_params_from_pvh(bp, ram, EARLY_MAP_END, at);
	case BOOT_SOURCE_MULTIBOOT:
		return boot_params_from_multiboot(bp, ram, EARLY_MAP_END, at);
	case BOOT_SOURCE_LINUX:
		if (at > EARLY_MAP_END - sizeof(*bp))
			return "boot_params lie outside of memory";
		memcpy(bp, ram + at, sizeof(*bp));
		if (boot_params_sanitize(bp))
			pr_warn("boot_params: the loader did not clear them: using only header, memory map and screen\n");
		return NULL;
	}
	return "entered by a loader of unknown kind, without boot_params";
}

/* More entries than the table has cannot be there, whatever the count says. */
static void __init boot_params_clamp(struct boot_params *bp)
{
	if (bp->e820_entries > E820_MAX_ENTRIES_ZEROPAGE) {
		pr_warn("boot_params: %u E820 entries, only %u fit: using those\n",
			bp->e820_entries, E820_MAX_ENTRIES_ZEROPAGE);
		bp->e820_entries = E820_MAX_ENTRIES_ZEROPAGE;
	}
	if (bp->scratch && bp->e820_entries == E820_MAX_ENTRIES_ZEROPAGE)
		pr_warn("boot_params: firmware map has %u entries more than the %u that fit: ignored\n",
			bp->scratch, E820_MAX_ENTRIES_ZEROPAGE);
}

/* The loader's line, cut to what boot_command_line holds. */
static void __init command_line_read(const struct boot_params *bp)
{
	u64 at = bp->hdr.cmd_line_ptr | (u64)bp->ext_cmd_line_ptr << 32;
	size_t length, most, kept;
	const char *line;

	if (!at)
		return;
	if (at >= EARLY_MAP_END) {
		pr_warn("command line at %#llx lies above 4 GiB: not used\n",
			at);
		return;
	}
	line = (const char *)early_ram() + at;
	most = (size_t)min_t(u64, CMDLINE_SCAN, EARLY_MAP_END - at);
	length = strnlen(line, most);
	kept = min_t(size_t, length, COMMAND_LINE_SIZE - 1);
	memcpy(boot_command_line, line, kept);
	boot_command_line[kept] = '\0';
	if (kept < length)
		pr_warn("command line of %zu bytes: only the first %zu are used\n",
			length, kept);
}

void __init __noreturn x86_64_start_kernel(unsigned int source, u32 at)
{
	static const char *const names[] __initconst = {
		[BOOT_SOURCE_LINUX] = "Linux boot protocol",
		[BOOT_SOURCE_PVH] = "PVH",
		[BOOT_SOURCE_MULTIBOOT] = "multiboot",
	};
	const char *error;

	boot_percpu_init();
	error = boot_params_read(&boot_params, source, at);
	if (error)
		pr_err("%s\n", error);
	if (source < ARRAY_SIZE(names))
		pr_info("Loaded by: %s, loader type %#x\n", names[source],
			boot_params.hdr.type_of_loader);
	boot_params_clamp(&boot_params);
	command_line_read(&boot_params);
	start_kernel();
	rest_init();
}
