/* SPDX-License-Identifier: MIT */
/*
 * The 32-bit kernel's entries (head.h), and the way from there to C with paging
 * on.
 *
 * Early page tables, until init_mem_mapping() replaces them. A CPU without PAE
 * may have no large pages, so without PAE there are base pages; with it, 2 MiB:
 *
 *	0                physical 0..EARLY_MAP_SIZE   the code that turns paging on
 *	0xc0000000       the same                     PAGE_OFFSET, with the image
 *
 * early_fixmap_init() adds those of the fixmap.
 *
 * Failure: a CPU that lacks what the kernel is compiled for gets one line on
 * the first serial port, which says what.
 */
#define VMA			0xc0000000

#include <asm/desc.h>
#include <asm/page_32_types.h>
#include "head.h"

#define PTE_TABLE		0x003	/* present, writable */
#define PTE_PAGE		0x003
#define PTE_LARGE		0x083	/* present, writable, 2 MiB */

#define CR0_PAGING		0x80050033	/* PG AM WP NE ET MP PE */
#define CR4_PAE			0x00000020

/* CPUID leaf 1, %edx. */
#define CPUID_TSC_BIT		4
#define CPUID_PAE_BIT		6
#define CPUID_CX8_BIT		8

	.section ".head.text", "awx"
	HEAD_ENTRIES
	HEAD_FLAT __KERNEL_CS, __KERNEL_DS

	call check_cpu
	call build_page_tables
#ifdef CONFIG_X86_PAE
	movl $CR4_PAE, %eax
	movl %eax, %cr4
	testl %ebx, %ebx		/* from check_cpu: it has NX */
	jz 2f
	movl $MSR_EFER, %ecx
	rdmsr
	btsl $EFER_NXE_BIT, %eax
	wrmsr
2:
#endif
	movl $pa(early_pgd), %eax
	movl %eax, %cr3
	movl $CR0_PAGING, %eax
	movl %eax, %cr0
	movl $start_high, %eax
	jmp *%eax

/* Returns %ebx = 1 if the CPU has NX; does not return from an unfit one. */
check_cpu:
	HEAD_CPUID_OR no_cpuid
	xorl %eax, %eax
	cpuid
	testl %eax, %eax
	jz no_cpuid
	movl $1, %eax
	cpuid
	movl $no_tsc_message, %edi
	btl $CPUID_TSC_BIT, %edx
	jnc cpu_is_unfit
	movl $no_cx8_message, %edi
	btl $CPUID_CX8_BIT, %edx
	jnc cpu_is_unfit
#ifdef CONFIG_X86_PAE
	movl $no_pae_message, %edi
	btl $CPUID_PAE_BIT, %edx
	jnc cpu_is_unfit
#endif
	movl $0x80000000, %eax
	cpuid
	xorl %ebx, %ebx
	cmpl $0x80000001, %eax		/* above: what an old CPU happens to say */
	jb 1f
	cmpl $0x8000ffff, %eax
	ja 1f
	movl $0x80000001, %eax
	cpuid
	xorl %ebx, %ebx
	btl $CPUID_EXT_NX_BIT, %edx
	adcl $0, %ebx
1:	ret

no_cpuid:
	movl $no_cpuid_message, %edi
	HEAD_CPU_IS_UNFIT

no_cpuid_message:
	.asciz "octavo: this CPU has no CPUID: older than a Pentium; the kernel cannot run on it\r\n"
no_tsc_message:
	.asciz "octavo: this CPU has no time-stamp counter; the kernel cannot run on it\r\n"
no_cx8_message:
	.asciz "octavo: this CPU has no CMPXCHG8B; the kernel cannot run on it\r\n"
#ifdef CONFIG_X86_PAE
no_pae_message:
	.asciz "octavo: this CPU has no PAE; use the i386 image without it\r\n"
#endif

#ifdef CONFIG_X86_PAE
/* One middle directory serves both: addresses 0 and PAGE_OFFSET. */
build_page_tables:
	movl $pa(early_pmd), %edi
	movl $PTE_LARGE, %eax
	movl $EARLY_MAP_MIB << 20 >> PMD_SHIFT, %ecx
1:	movl %eax, (%edi)
	addl $8, %edi
	addl $1 << PMD_SHIFT, %eax
	loop 1b

	/* Of what an entry of a table says, the top one knows "present". */
	movl $pa(early_pmd) + 1, %eax
	movl %eax, pa(early_pgd)
	movl %eax, pa(early_pgd) + 8 * (VMA >> 30)
	ret
#else
#define EARLY_TABLES		(EARLY_MAP_MIB << 20 >> PMD_SHIFT)
build_page_tables:
	movl $pa(early_pte), %edi
	movl $PTE_PAGE, %eax
	movl $EARLY_TABLES * PAGE / 4, %ecx
1:	stosl
	addl $PAGE, %eax
	loop 1b

	movl $pa(early_pgd), %edi
	movl $pa(early_pte) + PTE_TABLE, %eax
	movl $EARLY_TABLES, %ecx
2:	movl %eax, 4 * (VMA >> PMD_SHIFT)(%edi)
	stosl
	addl $PAGE, %eax
	loop 2b
	ret
#endif

/* asm/desc.h's order. */
	.balign 8
early_gdt:
	.quad 0
	.quad GDT_CODE32_DESC
	.quad 0
	.quad GDT_DATA_DESC
	.quad 0
early_gdt_percpu:
	.quad GDT_DATA_DESC		/* start_high tells where it starts */
early_gdt_end:
early_gdt_pointer:
	.word early_gdt_end - early_gdt - 1
	.long early_gdt

	HEAD_FIXED_PLACES

	HEAD_PVH_NOTE .long, 4

/*
 * Paging, high part.  The boot CPU gets a private copy of the per-CPU
 * template; %fs:variable reaches it because the segment starts at the distance
 * of the copy from the template.
 */
	.section ".init.text", "ax"
	.code32
start_high:
	lgdt early_gdt_pointer_high
	movl $boot_stack_end, %esp
	movl %esi, %edx			/* second argument */

	movl $__start_octavo_percpu, %esi
	movl $__boot_percpu, %edi
	movl $__stop_octavo_percpu, %ecx
	subl %esi, %ecx
	movl %edi, %eax
	subl %esi, %eax
	rep movsb
	movw %ax, early_gdt_percpu + VMA + 2
	shrl $16, %eax
	movb %al, early_gdt_percpu + VMA + 4
	movb %ah, early_gdt_percpu + VMA + 7
	movl $__KERNEL_PERCPU, %eax
	movl %eax, %fs
	xorl %eax, %eax
	movl %eax, %gs

	movl %ebp, %eax
	xorl %ebp, %ebp			/* end of the chain of frames */
	call x86_start_kernel
	ud2

	HEAD_EARLY_IDT_STUBS

early_idt_common:
	movl %esp, %eax
	cld
	call early_exception
	ud2

	.section ".init.data", "aw"
	.balign 8
early_gdt_pointer_high:
	.word early_gdt_end - early_gdt - 1
	.long early_gdt + VMA

	.balign 4096
early_pgd:		.fill 4096, 1, 0
#ifdef CONFIG_X86_PAE
early_pmd:		.fill 4096, 1, 0
#else
early_pte:		.fill EARLY_TABLES * 4096, 1, 0
#endif

	HEAD_BOOT_STACK

	.section ".note.GNU-stack", "", @progbits
