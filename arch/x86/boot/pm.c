// SPDX-License-Identifier: MIT
/*
 * The way out of real mode: interrupts quiet, A20 open, flat segments.  The
 * selectors are fixed by the boot protocol: code 0x10, data 0x18.
 */
#include "boot.h"

#define CMOS_INDEX	0x70
#define CMOS_NMI_OFF	0x80
#define PIC1_MASK	0x21
#define PIC2_MASK	0xa1
#define PIC1_ALL_BUT_CASCADE 0xfb
#define FPU_CLEAR_BUSY	0xf0
#define FPU_RESET	0xf1

/*
 * A flat 4 GiB segment descriptor: limit fffff in 4 KiB units, base 0,
 * 32-bit, present, ring 0.  Type 9b: code, readable, accessed; 93: data,
 * writable, accessed.
 */
#define FLAT_SEGMENT(type)	(0x00cf00000000ffffull | (u64)(type) << 40)

struct gdt_pointer {
	u16 limit;	/* bytes - 1 */
	u32 base;	/* linear */
} __attribute__((packed));

static const u64 boot_gdt[] __attribute__((aligned(16))) = {
	[2] = FLAT_SEGMENT(0x9b),
	[3] = FLAT_SEGMENT(0x93),
};

static u32 linear(const void *pointer)
{
	return ((u32)ds() << 4) + (u32)(size_t)pointer;
}

/* A loader that switched real mode to something of its own undoes it here. */
static void call_realmode_switch(void)
{
	if (boot_params.hdr.realmode_swtch) {
		asm volatile("lcallw *%0"
			     : : "m"(boot_params.hdr.realmode_swtch)
			     : "eax", "ebx", "ecx", "edx", "memory");
		return;
	}
	asm volatile("cli");
	outb(CMOS_NMI_OFF, CMOS_INDEX);
	io_delay();
}

static void quiet_devices(void)
{
	outb(0, FPU_CLEAR_BUSY);
	io_delay();
	outb(0, FPU_RESET);
	io_delay();
	outb(0xff, PIC2_MASK);
	io_delay();
	outb(PIC1_ALL_BUT_CASCADE, PIC1_MASK);
	io_delay();
}

static void load_tables(void)
{
	static const struct gdt_pointer no_idt;
	static struct gdt_pointer gdt;

	gdt.limit = sizeof(boot_gdt) - 1;
	gdt.base = linear(boot_gdt);
	asm volatile("lidtl %0" : : "m"(no_idt));
	asm volatile("lgdtl %0" : : "m"(gdt));
}

void go_to_protected_mode(void)
{
	if (enable_a20() < 0) {
		puts("octavo-setup: A20 gate does not open: cannot reach the kernel\n");
		die();
	}
	call_realmode_switch();
	quiet_devices();
	load_tables();
	protected_mode_jump(boot_params.hdr.code32_start, linear(&boot_params));
}
