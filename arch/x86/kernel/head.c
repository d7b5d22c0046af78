// SPDX-License-Identifier: MIT
/*
 * First C code of the booted kernel: what any loader left behind becomes one
 * struct boot_params and one command line, both in memory of our own.
 *
 * On entry head_64.S or head_32.S has cleared .bss, mapped the first
 * EARLY_MAP_SIZE bytes at PAGE_OFFSET and given the boot CPU a private copy of
 * the per-CPU template.  Interrupts are off, exceptions are fatal until
 * setup_arch() has handlers of its own, and what a loader left is looked at
 * through early_memremap(), which shows what lies elsewhere, or says no.
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
#include <asm/desc.h>
#include <asm/early_ioremap.h>
#include <asm/mapping.h>
#include <asm/msr.h>
#include <asm/page.h>
#include <asm/ptrace.h>
#include <asm/setup.h>

#include "boot_source.h"

/* Longest command line that is measured; only its length is reported. */
#define CMDLINE_SCAN	65536

struct boot_params boot_params;

/* The setup code's own option: arch/x86/boot/memory.c. */
known_param(detect, "detect");

/* The entries call it and nothing returns there. */
void __noreturn x86_start_kernel(unsigned int source, u32 at);

/* The boot CPU's private per-CPU area, from sections.lds. */
extern char __boot_percpu[];

/* The area itself is in place (by the entry); here it learns where it is. */
static void __init boot_percpu_init(void)
{
	unsigned long offset = (unsigned long)__boot_percpu -
			       (unsigned long)__per_cpu_start;

	__per_cpu_offset[0] = offset;
	this_cpu_write(this_cpu_off, offset);
}

/* What early_idt_common of the entries leaves on the stack. */
struct early_frame {
	unsigned long vector, error, ip, cs, flags;
	unsigned long above[];	/* on 64 bits %rsp and %ss */
};

#define EARLY_VECTORS	32	/* the CPU's own exceptions */
#define EARLY_STUB_SIZE	16	/* bytes, of the entries */

extern const char early_idt_stubs[];
void __noreturn early_exception(const struct early_frame *frame);

/* A fault before the kernel's own handlers ends in one line, not a reset. */
void __init __noreturn early_exception(const struct early_frame *frame)
{
	unsigned long offset = 0;
	const char *name = kallsyms_lookup(frame->ip, &offset, NULL);

	panic("early exception %lu, error %#lx, at %#lx (%s+%#lx), cr2 %#lx, sp %#lx",
	      frame->vector, frame->error, frame->ip, name ? name : "?",
	      offset, read_cr2(), interrupted_sp(frame->above));
}

static void __init early_idt_load(void)
{
	static struct idt_gate idt[EARLY_VECTORS] __initdata;
	struct desc_ptr pointer = { sizeof(idt) - 1, (unsigned long)idt };
	unsigned int i;

	for (i = 0; i < EARLY_VECTORS; i++)
		idt_gate_set(&idt[i], early_idt_stubs + i * EARLY_STUB_SIZE);
	asm volatile("lidt %0" : : "m"(pointer));
}

/* Memory below and outside of the early map, a piece at a time. */
static bool __init early_memory_read(const struct boot_memory *m, void *to,
				     u64 at, size_t size)
{
	void *from = at < 1ULL << 32 ? early_memremap(at, size) : NULL;

	if (!from)
		return false;
	memcpy(to, from, size);
	early_memunmap(from, size);
	return true;
}

static const char *__init boot_params_read(struct boot_params *bp,
					   unsigned int source, u32 at)
{
	static const struct boot_memory memory __initconst = {
		.read = early_memory_read,
	};

	switch (source) {
	case BOOT_SOURCE_PVH:
		return boot_params_from_pvh(bp, &memory, at);
	case BOOT_SOURCE_MULTIBOOT:
		return boot_params_from_multiboot(bp, &memory, at);
	case BOOT_SOURCE_LINUX:
		if (!early_memory_read(&memory, bp, at, sizeof(*bp)))
			return "boot_params lie outside of memory";
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
	char *line;

	if (!at)
		return;
	if (at >= 1ULL << 32) {
		pr_warn("command line at %#llx lies above 4 GiB: not used\n",
			at);
		return;
	}
	most = (size_t)min_t(u64, CMDLINE_SCAN, (1ULL << 32) - at);
	line = early_memremap(at, most);
	if (!line) {
		pr_warn("command line at %#llx cannot be read: not used\n",
			at);
		return;
	}
	length = strnlen(line, most);
	kept = min_t(size_t, length, COMMAND_LINE_SIZE - 1);
	memcpy(boot_command_line, line, kept);
	boot_command_line[kept] = '\0';
	early_memunmap(line, most);
	if (kept < length)
		pr_warn("command line of %zu bytes: only the first %zu are used\n",
			length, kept);
}

void __init __noreturn x86_start_kernel(unsigned int source, u32 at)
{
	static const char *const names[] __initconst = {
		[BOOT_SOURCE_LINUX] = "Linux boot protocol",
		[BOOT_SOURCE_PVH] = "PVH",
		[BOOT_SOURCE_MULTIBOOT] = "multiboot",
	};
	const char *error;

	boot_percpu_init();
	early_idt_load();
	early_fixmap_init();
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
