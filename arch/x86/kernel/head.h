/* SPDX-License-Identifier: MIT */
/*
 * What head_64.S and head_32.S have in common, as assembler macros: the
 * entries, each up to start_common, and what stands at fixed places.
 *
 *	bzImage, GRUB `linux`, kexec   startup_32         %esi = boot_params
 *	PVH (QEMU -kernel, Xen)        startup_pvh        %ebx = start info
 *	multiboot v1 (GRUB)            startup_multiboot  %ebx = multiboot info
 *
 * All meet in start_common with the kind of loader in %ebp and the physical
 * address of its structure in %esi; head.c makes one boot_params.
 *
 * The kernel runs at physical 1 MiB.  A loader of the Linux protocol may put it
 * elsewhere (kexec does): the first page is copied down, and from there the
 * rest, so that an overlap does no harm.
 *
 * The first page is linked at its physical address, 1 MiB, for two reasons:
 * it runs with paging off, and GRUB wants a multiboot ELF to enter below
 * 4 GiB.  All else is linked at VMA + physical address.
 *
 *	0x000  startup_32               page at 1 MiB = start of the payload
 *	0xfd0  kernel_info              bzimage.py looks here
 *	0xfe0  multiboot header         ELF file offset 0x1fe0, 12 bytes
 *
 * Multiboot lets the header stand anywhere in the first 8192 bytes of the
 * file, and GRUB looks that far.  QEMU reads a multiboot header only where 48
 * bytes would fit (offsets below 8144), and then loads the file by it, or
 * refuses it for 64 bits; at 8160 it sees none and goes on to the PVH note.  So
 * one file serves both.
 *
 * Failure: a CPU that cannot run the kernel gets one line on the first serial
 * port, and stops.
 */
#ifndef KERNEL_HEAD_H
#define KERNEL_HEAD_H

#include <uapi/asm/bootparam.h>
#include "boot_source.h"

#define pa(symbol)		(symbol - VMA)

#define PAGE			4096

/* Offset in struct boot_params. */
#define BP_SCRATCH		0x1e4

#define EFLAGS_ID		0x00200000
#define MSR_EFER		0xc0000080
#define EFER_NXE_BIT		11
#define CPUID_EXT_NX_BIT	20

/* The CPU pushes an error code for 8, 10 to 14, 17, 21, 29 and 30. */
#define ERROR_CODE_VECTORS	0x60227d00

#define MULTIBOOT_MAGIC		0x1badb002
#define MULTIBOOT_FLAGS		0x3	/* modules on pages, memory map */
#define MULTIBOOT_LOADED	0x2badb002

#define XEN_ELFNOTE_PHYS32_ENTRY 18

/* As large as every other kernel thread's. */
#define BOOT_STACK_SIZE		16384

#define COM1			0x3f8

/* The first bytes of the payload. */
.macro HEAD_ENTRIES
	.code32
	.globl startup_32
startup_32:
	cli
	cld
	/* One word of boot_params is our stack; what it holds is put back. */
	movl BP_SCRATCH(%esi), %ebx
	leal BP_SCRATCH + 4(%esi), %esp
	call 1f
1:	popl %edx
	subl $1b - startup_32, %edx	/* where the loader put us */
	movl %ebx, BP_SCRATCH(%esi)
	movl $BOOT_SOURCE_LINUX, %ebp
	cmpl $startup_32, %edx
	je start_common

	movl %esi, %ebx
	movl %edx, %esi
	movl $startup_32, %edi
	movl $PAGE / 4, %ecx
	rep movsl
	movl $2f, %eax
	jmp *%eax
2:	movl $pa(__bss_start), %ecx	/* now in the copied page */
	subl %edi, %ecx
	shrl $2, %ecx
	rep movsl
	movl %ebx, %esi
	jmp start_common

	.globl startup_pvh
startup_pvh:
	movl %ebx, %esi
	movl $BOOT_SOURCE_PVH, %ebp
	jmp start_common

	.globl startup_multiboot
startup_multiboot:
	movl %ebx, %esi
	movl $BOOT_SOURCE_MULTIBOOT, %ebp
	cmpl $MULTIBOOT_LOADED, %eax
	je start_common
	movl $BOOT_SOURCE_UNKNOWN, %ebp
	jmp start_common
.endm

/*
 * %ebp: BOOT_SOURCE_*, %esi: its argument.  Paging off, flat segments,
 * interrupts to be turned off.  Both registers live until the call to C.
 */
.macro HEAD_FLAT code, data
start_common:
	cli
	cld
	lgdt early_gdt_pointer
	ljmp $\code, $1f
1:	movl $\data, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %ss

	/* Nothing was stored in .bss before this. */
	movl $pa(__bss_start), %edi
	movl $pa(__bss_stop), %ecx
	subl %edi, %ecx
	shrl $2, %ecx
	xorl %eax, %eax
	rep stosl
	movl $pa(boot_stack_end), %esp
.endm

/* Goes to \without if the CPU has no CPUID. Uses %eax, %edx. */
.macro HEAD_CPUID_OR without
	pushfl
	popl %eax
	movl %eax, %edx
	xorl $EFLAGS_ID, %eax
	pushl %eax
	popfl
	pushfl
	popl %eax
	xorl %edx, %eax
	testl $EFLAGS_ID, %eax
	jz \without			/* flag is stuck: no CPUID */
.endm

/*
 * cpu_is_unfit: the line at %edi to the first serial port, 115200 8N1, then
 * stop.
 */
.macro HEAD_CPU_IS_UNFIT
cpu_is_unfit:
	movl $uart_setup, %esi
1:	lodsw				/* %al register, %ah value */
	cmpb $0xff, %al
	je 2f
	movzbl %al, %edx
	addl $COM1, %edx
	movb %ah, %al
	outb %al, %dx
	jmp 1b
2:	movl %edi, %esi
3:	lodsb
	testb %al, %al
	jz 5f
	movb %al, %bl
	movl $COM1 + 5, %edx
	movl $0x10000, %ecx
4:	inb %dx, %al
	testb $0x20, %al		/* transmitter takes another byte */
	loopz 4b
	movb %bl, %al
	movl $COM1, %edx
	outb %al, %dx
	jmp 3b
5:	hlt
	jmp 5b

/* Pairs of register and value: DLAB, divisor 1, 8N1, no FIFO, DTR RTS. */
uart_setup:
	.byte 3, 0x83, 0, 1, 1, 0, 3, 3, 2, 0, 4, 3, 0xff, 0xff
.endm

/* The end of the first page. */
.macro HEAD_FIXED_PLACES
	.org 0xfd0
	.globl kernel_info
kernel_info:
	.ascii "LToP"
	.long 16			/* bytes */
	.long 16			/* bytes with variable data: none */
	.long SETUP_INDIRECT | SETUP_RNG_SEED	/* largest setup_data type */

	.org 0xfe0
	.globl multiboot_header
multiboot_header:
	.long MULTIBOOT_MAGIC
	.long MULTIBOOT_FLAGS
	.long -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)
	.org 0x1000
.endm

/* \value: the directive for a word of this ELF class, of \bytes. */
.macro HEAD_PVH_NOTE value, bytes
	.section ".note.Xen", "a", @note
	.balign 4
	.long 4				/* bytes of name */
	.long \bytes			/* bytes of value */
	.long XEN_ELFNOTE_PHYS32_ENTRY
	.asciz "Xen"
	\value startup_pvh
.endm

/*
 * Exceptions until the kernel has handlers of its own: vector n enters at
 * early_idt_stubs + 16 * n, and early_idt_common has on its stack the vector,
 * the error code, and what the CPU pushed.
 */
.macro HEAD_EARLY_IDT_STUBS
	.balign 16
	.globl early_idt_stubs
early_idt_stubs:
	vector = 0
	.rept 32
	.balign 16
	.if (ERROR_CODE_VECTORS >> vector) & 1 == 0
	push $0
	.endif
	push $vector
	jmp early_idt_common
	vector = vector + 1
	.endr
.endm

/* The boot thread runs on it for ever. */
.macro HEAD_BOOT_STACK
	.section ".bss", "aw", @nobits
	.balign 4096
	.globl boot_stack, boot_stack_end
boot_stack:		.skip BOOT_STACK_SIZE
boot_stack_end:
.endm

#endif
