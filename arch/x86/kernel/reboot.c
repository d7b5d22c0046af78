// SPDX-License-Identifier: MIT
/*
 * The end of a booted machine, told to whoever started it.
 *
 * Under an emulator, in this order:
 *
 *	isa-debug-exit at 0xf4   QEMU ends with (value << 1) | 1: 33 or 35
 *	PM1a control at 0x604    ACPI soft-off of QEMU's q35 and pc
 *	0xb004                   the same of older ones
 *
 * On bare metal those ports belong to somebody else: there the CPU just stops.
 * Whether this is an emulator is what CPUID says (leaf 1, ECX bit 31).
 */
#include <linux/types.h>
#include <octavo/port.h>
#include <asm/desc.h>

#define DEBUG_EXIT_PORT		0xf4
#define DEBUG_EXIT_SUCCESS	0x10	/* QEMU's exit status: 33 */
#define DEBUG_EXIT_FAILURE	0x11	/* 35 */

#define PM1A_CONTROL_QEMU	0x604
#define PM1A_CONTROL_BOCHS	0xb004
#define PM1_SLEEP_ENABLE	0x2000	/* SLP_TYP 0 is S5 there */

#define RESET_CONTROL		0xcf9
#define RESET_FULL		0x06	/* CPU and devices, now */

#define CPUID_HYPERVISOR	(1u << 31)

static void reboot_outl(u32 value, u16 port)
{
	asm volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static void reboot_outw(u16 value, u16 port)
{
	asm volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static bool reboot_is_emulated(void)
{
	u32 eax = 1, ebx, ecx = 0, edx;

	asm volatile("cpuid"
		     : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
	return ecx & CPUID_HYPERVISOR;
}

void __noreturn port_poweroff(bool ok)
{
	asm volatile("cli");
	if (reboot_is_emulated()) {
		reboot_outl(ok ? DEBUG_EXIT_SUCCESS : DEBUG_EXIT_FAILURE,
			    DEBUG_EXIT_PORT);
		reboot_outw(PM1_SLEEP_ENABLE, PM1A_CONTROL_QEMU);
		reboot_outw(PM1_SLEEP_ENABLE, PM1A_CONTROL_BOCHS);
	}
	for (;;)
		asm volatile("cli; hlt");
}

/* The reset control register of PCI chipsets, then a fault with no handler. */
void __noreturn port_reboot(void)
{
	const struct desc_ptr no_idt = { 0, 0 };

	asm volatile("cli");
	asm volatile("outb %0, %1" : : "a"((u8)RESET_FULL),
		     "Nd"((u16)RESET_CONTROL));
	asm volatile("lidt %0; int3" : : "m"(no_idt));
	for (;;)
		asm volatile("hlt");
}
