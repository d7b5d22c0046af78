// SPDX-License-Identifier: MIT
/*
 * First C code of the booted kernel: what any loader left behind becomes one
 * struct boot_params and one command line, both in memory of our own.
 *
 * On entry head_64.S has cleared .bss, mapped the first 4 GiB at PAGE_OFFSET
 * and given the boot CPU a private copy of the per-CPU template.  Interrupts
 * are off, exceptions are fatal until setup_arch() has handlers of its own, and
 * each pointer is checked against those 4 GiB before it is followed.
 *
 * Failure: input that cannot be used gets one line in the log and is left out;
 * whether what remains is enough to boot on is setup_arch()'s to say.
 */
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <octavo/machine.h>
#include <octavo/options.h>
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

/* The setup code's own option: arch/x86/boot/memory.c. */
known_param(detect, "detect");

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

/* An interrupt gate of a 64-bit IDT. */
struct early_gate {
	u16 offset_low;
	u16 selector;
	u16 type;		/* EARLY_GATE, no interrupt stack */
	u16 offset_middle;
	u32 offset_high;
	u32 reserved;
};

/* What early_idt_common of head_64.S leaves on the stack. */
struct early_frame {
	u64 vector, error, rip, cs, flags, rsp, ss;
};

#define EARLY_VECTORS	32	/* the CPU's own exceptions */
#define EARLY_STUB_SIZE	16	/* bytes, head_64.S */
#define EARLY_GATE	0x8e00	/* present, ring 0, interrupt gate */
#define EARLY_CODE	0x10	/* code segment of head_64.S */

extern const char early_idt_stubs[];
void __noreturn early_exception(const struct early_frame *frame);

/* A fault before the kernel's own handlers ends in one line, not a reset. */
void __init __noreturn early_exception(const struct early_frame *frame)
{
	unsigned long offset = 0, address;
	const char *name = kallsyms_lookup(frame->rip, &offset, NULL);

	asm volatile("movq %%cr2, %0" : "=r"(address));
	panic("early exception %llu, error %#llx, at %#llx (%s+%#lx), cr2 %#lx, rsp %#llx",
	      frame->vector, frame->error, frame->rip, name ? name : "?",
	      offset, address, frame->rsp);
}

static void __init early_idt_load(void)
{
	static struct early_gate idt[EARLY_VECTORS] __initdata;
	struct { u16 limit; u64 base; } __packed pointer;
	unsigned long stub = (unsigned long)early_idt_stubs;
	unsigned int i;

	for (i = 0; i < EARLY_VECTORS; i++, stub += EARLY_STUB_SIZE) {
		idt[i].offset_low = (u16)stub;
		idt[i].selector = EARLY_CODE;
		idt[i].type = EARLY_GATE;
		idt[i].offset_middle = (u16)(stub >> 16);
		idt[i].offset_high = (u32)(stub >> 32);
	}
	pointer.limit = sizeof(idt) - 1;
	pointer.base = (unsigned long)idt;
	asm volatile("lidt %0" : : "m"(pointer));
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
	early_idt_load();
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
