/* SPDX-License-Identifier: MIT */
/*
 * Where another CPU starts: from real mode to C with paging on.
 *
 * trampoline_64.S says how; here nothing lies between protected mode and the
 * kernel. The tables map the first MiB at address 0 (trampoline_tables_32.c),
 * so the instruction after paging came on is there.
 */
#include <asm/desc.h>

#define CR0_PE			0x00000001
#define CR0_PAGING		0x80050033	/* PG AM WP NE ET MP PE */
#define MSR_EFER		0xc0000080

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

	/* The far pointer and the table's address depend on it. */
	leal O(protected)(%ebx), %eax
	movl %eax, O(to_protected)
	leal O(gdt)(%ebx), %eax
	movl %eax, O(gdt_pointer) + 2

	/* The base of the per-CPU segment stands in three pieces. */
	movl O(words) + 32, %eax
	movw %ax, O(gdt_percpu) + 2
	shrl $16, %eax
	movb %al, O(gdt_percpu) + 4
	movb %ah, O(gdt_percpu) + 7

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
	movl $__KERNEL_PERCPU, %eax
	movl %eax, %fs
	xorl %eax, %eax
	movl %eax, %gs
	movl O(words) + 8(%ebx), %eax
	movl %eax, %cr4
	movl O(words) + 0(%ebx), %eax
	movl %eax, %cr3
	movl O(words) + 16(%ebx), %eax
	testl %eax, %eax
	jz 1f
	movl $MSR_EFER, %ecx
	xorl %edx, %edx
	wrmsr
1:	movl $CR0_PAGING, %eax
	movl %eax, %cr0
	jmp 2f
2:	movl O(words) + 24(%ebx), %esp
	movl O(words) + 48(%ebx), %eax	/* the argument */
	movl O(words) + 40(%ebx), %edx
	xorl %ebp, %ebp			/* end of the chain of frames */
	pushl $0
	jmp *%edx

	.balign 8
gdt:
	.quad 0
	.quad GDT_CODE32_DESC
	.quad 0
	.quad GDT_DATA_DESC
	.quad 0
gdt_percpu:
	.quad GDT_DATA_DESC
gdt_end:
gdt_pointer:
	.word gdt_end - gdt - 1
	.long 0
	.balign 4
to_protected:
	.long 0
	.word __KERNEL32_CS
	.balign 8
trampoline_words:
words:
	.fill 7, 8, 0
trampoline_end:

	.section ".note.GNU-stack", "", @progbits
