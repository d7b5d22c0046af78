/* SPDX-License-Identifier: MIT */
/*
 * The kernel's entries, and the way from flat 32-bit mode to C in long mode.
 *
 *	bzImage, GRUB `linux`, kexec   startup_32         %esi = boot_params
 *	64-bit loaders (kexec)         startup_64 +0x200  %rsi = boot_params
 *	PVH (QEMU -kernel, Xen)        startup_pvh        %ebx = start info
 *	multiboot v1 (GRUB)            startup_multiboot  %ebx = multiboot info
 *
 * All four meet in start_common with the kind of loader in %ebp and the
 * physical address of its structure in %esi; head64.c makes one boot_params.
 *
 * The kernel runs at physical 1 MiB.  A loader of the Linux protocol may put it
 * elsewhere (kexec does, even above 4 GiB): the first page is copied down, and
 * from there the rest, so that an overlap does no harm.
 *
 * The first page is linked at its physical address, 1 MiB, for two reasons:
 * it runs with paging off, and GRUB wants a multiboot ELF to enter below
 * 4 GiB.  All else is linked at __KERNEL_VMA + physical address.
 *
 *	0x000  startup_32               page at 1 MiB = start of the payload
 *	0x200  startup_64
 *	0xfd0  kernel_info              bzimage.py looks here
 *	0xfe0  multiboot header         ELF file offset 0x1fe0, 12 bytes
 *
 * Multiboot lets the header stand anywhere in the first 8192 bytes of the
 * file, and GRUB looks that far.  QEMU reads a multiboot header only where 48
 * bytes would fit (offsets below 8144) and refuses 64-bit ELF files that have
 * one; at 8160 it sees none and goes on to the PVH note.  So one file serves
 * both.
 *
 * Early page tables, until init_mem_mapping() replaces them:
 *
 *	0                      physical 0..4 GiB   the code that turns paging on
 *	0xffff888000000000     physical 0..4 GiB   PAGE_OFFSET, never executed
 *	0xffffffff80000000     physical 0..1 GiB   the kernel image
 *
 * Failure: a CPU without long mode gets one line on the first serial port.
 */
#include <uapi/asm/bootparam.h>
#include "boot_source.h"

#define VMA			0xffffffff80000000
#define pa(symbol)		(symbol - VMA)

#define PAGE			4096

/* Offsets in struct boot_params. */
#define BP_EXT_CMD_LINE_PTR	0x0c8
#define BP_SCRATCH		0x1e4
#define BP_CMD_LINE_PTR		0x228

/* PAGE_OFFSET 0xffff888000000000, bits 39..47. */
#define PML4_DIRECT_MAP		273
#define PML4_KERNEL		511
#define PDPT_KERNEL		510

#define PTE_TABLE		0x003	/* present, writable */
#define PTE_LARGE		0x083	/* present, writable, 2 MiB */
#define PTE_NX_HIGH		0x80000000 /* bit 63 */
#define PD_ENTRIES		(4 * 512)
#define PMD_SIZE		0x200000

#define CR0_FLAT		0x00000011	/* PE, ET */
#define CR0_LONG		0x80050033	/* PG AM WP NE ET MP PE */
#define CR4_PAE			0x00000020
#define CR4_PCIDE_BIT		17

#define MSR_EFER		0xc0000080
#define EFER_LME_BIT		8
#define EFER_NXE_BIT		11
#define MSR_GS_BASE		0xc0000101

#define CPUID_EXT_LM_BIT	29
#define CPUID_EXT_NX_BIT	20
#define EFLAGS_ID		0x00200000

#define SEL_CODE32		0x08
#define SEL_CODE64		0x10
#define SEL_DATA		0x18

/* The CPU pushes an error code for 8, 10 to 14, 17, 21, 29 and 30. */
#define ERROR_CODE_VECTORS	0x60227d00

#define MULTIBOOT_MAGIC		0x1badb002
#define MULTIBOOT_FLAGS		0x3	/* modules on pages, memory map */
#define MULTIBOOT_LOADED	0x2badb002

#define XEN_ELFNOTE_PHYS32_ENTRY 18

/* As large as every other kernel thread's. */
#define BOOT_STACK_SIZE		16384

#define COM1			0x3f8

	.section ".head.text", "awx"
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

/*
 * A 64-bit loader's page tables are not ours, and 5-level paging can only be
 * left with paging off: go back to flat 32-bit mode and start from there.  What
 * may lie above 4 GiB is brought down first: the image, boot_params, and the
 * command line (one byte more than the kernel uses, so that it sees the cut).
 */
	.org 0x200
	.code64
	.globl startup_64
startup_64:
	cli
	cld
	movq %rsi, %rbx
	leaq startup_32(%rip), %rsi
	cmpq $startup_32, %rsi
	je 2f
	movl $startup_32, %edi
	movl $PAGE / 8, %ecx
	rep movsq
	movl $1f, %eax
	jmp *%rax
1:	movl $pa(__bss_start), %ecx	/* now in the copied page */
	subl %edi, %ecx
	shrl $3, %ecx
	rep movsq
2:	movq %rbx, %rsi
	movl $pa(loader_params), %ebx
	movl %ebx, %edi
	movl $PAGE / 8, %ecx
	rep movsq
	movl BP_EXT_CMD_LINE_PTR(%rbx), %esi
	testl %esi, %esi
	jz 3f
	shlq $32, %rsi
	movl BP_CMD_LINE_PTR(%rbx), %eax
	orq %rax, %rsi
	movl $pa(loader_cmdline), %edi
	movl %edi, BP_CMD_LINE_PTR(%rbx)
	movl $0, BP_EXT_CMD_LINE_PTR(%rbx)
	movl $BOOT_CMDLINE_MAX + 1, %ecx
	rep movsb
3:	movq %cr4, %rax
	btrq $CR4_PCIDE_BIT, %rax
	movq %rax, %cr4
	lgdt early_gdt_pointer(%rip)
	movl $early_stack_end, %esp
	pushq $SEL_CODE32
	pushq $leave_64
	lretq
	.code32
leave_64:
	movl $CR0_FLAT, %eax
	movl %eax, %cr0
	movl $MSR_EFER, %ecx
	xorl %eax, %eax
	xorl %edx, %edx
	wrmsr
	movl %ebx, %esi
	movl $BOOT_SOURCE_LINUX, %ebp
	jmp start_common

/*
 * %ebp: BOOT_SOURCE_*, %esi: its argument.  Paging off, flat segments,
 * interrupts to be turned off.  Both registers live until the call to C.
 */
start_common:
	cli
	cld
	lgdt early_gdt_pointer
	ljmp $SEL_CODE32, $1f
1:	movl $SEL_DATA, %eax
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

	call check_long_mode
	call build_page_tables

	movl $CR4_PAE, %eax
	movl %eax, %cr4
	movl $pa(early_pml4), %eax
	movl %eax, %cr3
	movl $MSR_EFER, %ecx
	rdmsr
	btsl $EFER_LME_BIT, %eax
	testl %ebx, %ebx		/* from check_long_mode: CPU has NX */
	jz 2f
	btsl $EFER_NXE_BIT, %eax
2:	wrmsr
	movl $CR0_LONG, %eax
	movl %eax, %cr0
	ljmp $SEL_CODE64, $enter_64

/* Returns %ebx = 1 if the CPU has NX; does not return without long mode. */
check_long_mode:
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
	jz no_long_mode			/* flag is stuck: no CPUID */
	movl $0x80000000, %eax
	cpuid
	cmpl $0x80000001, %eax
	jb no_long_mode
	movl $0x80000001, %eax
	cpuid
	btl $CPUID_EXT_LM_BIT, %edx
	jnc no_long_mode
	xorl %ebx, %ebx
	btl $CPUID_EXT_NX_BIT, %edx
	adcl $0, %ebx
	ret

/* In: %ebx from check_long_mode. */
build_page_tables:
	/* 2048 leaves of 2 MiB: the first 4 GiB, seen from three places. */
	movl $pa(early_pd), %edi
	movl $PTE_LARGE, %eax
	movl $PD_ENTRIES, %ecx
1:	movl %eax, (%edi)
	movl $0, 4(%edi)
	addl $8, %edi
	addl $PMD_SIZE, %eax
	loop 1b

	movl $pa(early_pdpt), %edi
	movl $pa(early_pd) + PTE_TABLE, %eax
	movl $4, %ecx
2:	movl %eax, (%edi)
	addl $8, %edi
	addl $0x1000, %eax
	loop 2b

	movl $pa(early_pd) + PTE_TABLE, pa(early_pdpt_kernel) + 8 * PDPT_KERNEL
	movl $pa(early_pdpt) + PTE_TABLE, %eax
	movl %eax, pa(early_pml4)
	movl %eax, pa(early_pml4) + 8 * PML4_DIRECT_MAP
	movl $pa(early_pdpt_kernel) + PTE_TABLE, %eax
	movl %eax, pa(early_pml4) + 8 * PML4_KERNEL
	testl %ebx, %ebx
	jz 3f
	movl $PTE_NX_HIGH, pa(early_pml4) + 8 * PML4_DIRECT_MAP + 4
3:	ret

/* One line on the first serial port, 115200 8N1, then stop. */
no_long_mode:
	movl $uart_setup, %esi
1:	lodsw				/* %al register, %ah value */
	cmpb $0xff, %al
	je 2f
	movzbl %al, %edx
	addl $COM1, %edx
	movb %ah, %al
	outb %al, %dx
	jmp 1b
2:	movl $no_long_mode_message, %esi
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
no_long_mode_message:
	.asciz "octavo: this CPU has no long mode (64-bit); the kernel cannot run on it\r\n"

	.balign 8
early_gdt:
	.quad 0
	.quad 0x00cf9b000000ffff	/* 0x08: 32-bit code, flat */
	.quad 0x00af9b000000ffff	/* 0x10: 64-bit code */
	.quad 0x00cf93000000ffff	/* 0x18: data, flat */
early_gdt_end:
early_gdt_pointer:
	.word early_gdt_end - early_gdt - 1
	.quad early_gdt


/* Room for the one far return of startup_64. */
	.balign 16
	.fill 32, 1, 0
early_stack_end:

	.code64
enter_64:
	movq $start_high, %rax
	jmp *%rax

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

	.section ".note.Xen", "a", @note
	.balign 4
	.long 4				/* bytes of name */
	.long 8				/* bytes of value */
	.long XEN_ELFNOTE_PHYS32_ENTRY
	.asciz "Xen"
	.quad startup_pvh

/*
 * Long mode, high half.  The boot CPU gets a private copy of the per-CPU
 * template; %gs:variable reaches it because the base is the distance of the
 * copy from the template.
 */
	.section ".init.text", "ax"
	.code64
start_high:
	lgdt early_gdt_pointer_high(%rip)
	movq $boot_stack_end, %rsp
	movl $SEL_DATA, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %ss
	xorl %eax, %eax
	movl %eax, %fs
	movl %eax, %gs
	movl %esi, %r12d

	movq $__start_octavo_percpu, %rsi
	movq $__boot_percpu, %rdi
	movq $__stop_octavo_percpu, %rcx
	subq %rsi, %rcx
	movq %rdi, %rax
	subq %rsi, %rax
	movq %rax, %rdx
	rep movsb
	shrq $32, %rdx
	movl $MSR_GS_BASE, %ecx
	wrmsr

	movl %ebp, %edi
	movl %r12d, %esi
	xorl %ebp, %ebp			/* end of the chain of frames */
	call x86_64_start_kernel
	ud2

/*
 * Exceptions until the kernel has handlers of its own: vector n enters at
 * early_idt_stubs + 16 * n, and early_exception() gets the frame
 * vector, error code, %rip, %cs, flags, %rsp, %ss.
 */
	.balign 16
	.globl early_idt_stubs
early_idt_stubs:
	vector = 0
	.rept 32
	.balign 16
	.if (ERROR_CODE_VECTORS >> vector) & 1 == 0
	pushq $0
	.endif
	pushq $vector
	jmp early_idt_common
	vector = vector + 1
	.endr

early_idt_common:
	movq %rsp, %rdi
	andq $~15, %rsp
	cld
	call early_exception
	ud2

	.section ".init.data", "aw"
	.balign 8
early_gdt_pointer_high:
	.word early_gdt_end - early_gdt - 1
	.quad early_gdt + VMA

	.balign 4096
loader_params:		.fill 4096, 1, 0
loader_cmdline:		.fill BOOT_CMDLINE_MAX + 2, 1, 0
	.balign 4096
early_pml4:		.fill 4096, 1, 0
early_pdpt:		.fill 4096, 1, 0
early_pdpt_kernel:	.fill 4096, 1, 0
early_pd:		.fill 4 * 4096, 1, 0

/* The boot thread runs on it for ever. */
	.section ".bss", "aw", @nobits
	.balign 4096
	.globl boot_stack, boot_stack_end
boot_stack:		.skip BOOT_STACK_SIZE
boot_stack_end:

	.section ".note.GNU-stack", "", @progbits
