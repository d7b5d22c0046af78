/* SPDX-License-Identifier: MIT */
/*
 * The kernel's entries, and the way from flat 32-bit mode to C in long mode.
 * The 32-bit entries are head.h's; 64-bit loaders (kexec) have one of their
 * own, which may find the kernel even above 4 GiB:
 *
 *	startup_64 +0x200  %rsi = boot_params
 *
 * Early page tables, until init_mem_mapping() replaces them:
 *
 *	0                      physical 0..4 GiB   the code that turns paging on
 *	0xffff888000000000     physical 0..4 GiB   PAGE_OFFSET, never executed
 *	0xffffffff80000000     physical 0..1 GiB   the kernel image
 *
 * Failure: a CPU without long mode gets one line on the first serial port.
 */
#define VMA			0xffffffff80000000

#include "head.h"

/* Offsets in struct boot_params. */
#define BP_EXT_CMD_LINE_PTR	0x0c8
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

#define EFER_LME_BIT		8
#define MSR_GS_BASE		0xc0000101

#define CPUID_EXT_LM_BIT	29

#define SEL_CODE32		0x08
#define SEL_CODE64		0x10
#define SEL_DATA		0x18

	.section ".head.text", "awx"
	HEAD_ENTRIES

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

	HEAD_FLAT SEL_CODE32, SEL_DATA
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
	HEAD_CPUID_OR no_long_mode
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

no_long_mode:
	movl $no_long_mode_message, %edi
	HEAD_CPU_IS_UNFIT
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

	HEAD_FIXED_PLACES

	HEAD_PVH_NOTE .quad, 8

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
	call x86_start_kernel
	ud2

	HEAD_EARLY_IDT_STUBS

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

	HEAD_BOOT_STACK

	.section ".note.GNU-stack", "", @progbits
