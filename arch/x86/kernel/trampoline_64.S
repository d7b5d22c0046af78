/* SPDX-License-Identifier: MIT */
/*
 * Where another CPU starts: from real mode to C in long mode.
 *
 * Copied to a page below 1 MiB, so nothing here knows its address at link
 * time. A STARTUP interrupt makes %cs the page's segment, and all data is
 * reached from there; code that runs with flat segments finds the page's
 * address in %ebx. Paging and long mode come on together, on tables that map
 * the first 2 MiB at address 0 (trampoline_tables_64.c), so the next
 * instruction is there.
 */
#include <asm/desc.h>

#define CR0_PE			0x00000001
#define CR0_LONG		0x80050033	/* PG AM WP NE ET MP PE */
#define MSR_EFER		0xc0000080
#define MSR_GS_BASE		0xc0000101
#define EFER_LME		0x100

#define O(label)	(label - trampoline_start)

	.section .rodata
	.balign 16
	.globl trampoline_start, trampoline_end, trampoline_words
	.code16
trampoline_start:
	cli
	cld
	movw %cs, %ax
	movw %ax, %ds
	xorl %ebx, %ebx
	movw %ax, %bx
	shll $4, %ebx			/* address of this page */

	/* The two far pointers and the table's address depend on it. */
	leal O(protected)(%ebx), %eax
	movl %eax, O(to_protected)
	leal O(long_mode)(%ebx), %eax
	movl %eax, O(to_long)
	leal O(gdt)(%ebx), %eax
	movl %eax, O(gdt_pointer) + 2
	lgdtl O(gdt_pointer)
	movl $CR0_PE, %eax
	movl %eax, %cr0
	ljmpl *O(to_protected)

	.code32
protected:
	movl $__KERNEL_DS, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %ss
	/* CR4 has PAE; what it adds needs no paging to be on. */
	movl O(words) + 8(%ebx), %eax
	movl %eax, %cr4
	movl O(words) + 0(%ebx), %eax
	movl %eax, %cr3
	movl $MSR_EFER, %ecx
	movl O(words) + 16(%ebx), %eax
	orl $EFER_LME, %eax
	xorl %edx, %edx
	wrmsr
	movl $CR0_LONG, %eax
	movl %eax, %cr0
	ljmpl *O(to_long)(%ebx)

	.code64
long_mode:
	movl $MSR_GS_BASE, %ecx
	movl O(words) + 32(%rbx), %eax
	movl O(words) + 36(%rbx), %edx
	wrmsr
	movq O(words) + 24(%rbx), %rsp
	movq O(words) + 48(%rbx), %rdi
	movq O(words) + 40(%rbx), %rax
	xorl %ebp, %ebp			/* end of the chain of frames */
	pushq $0
	jmp *%rax

	.balign 8
gdt:
	.quad 0
	.quad GDT_CODE32_DESC
	.quad GDT_CODE64_DESC
	.quad GDT_DATA_DESC
gdt_end:
gdt_pointer:
	.word gdt_end - gdt - 1
	.long 0
	.balign 4
to_protected:
	.long 0
	.word __KERNEL32_CS
	.balign 4
to_long:
	.long 0
	.word __KERNEL_CS
	.balign 8
trampoline_words:
words:
	.fill 7, 8, 0
trampoline_end:

	.section ".note.GNU-stack", "", @progbits
