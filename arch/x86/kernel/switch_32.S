/* SPDX-License-Identifier: MIT */
/*
 * The switch between two kernel stacks; switch_64.S says what it is about. A
 * call keeps four registers.
 *
 *   a saved stack, from sp:  edi esi ebx ebp | return address
 */
	.text

/* void switch_stacks(unsigned long *from (eax), unsigned long to (edx)) */
	.globl switch_stacks
	.type switch_stacks, @function
switch_stacks:
	pushl	%ebp
	pushl	%ebx
	pushl	%esi
	pushl	%edi
	movl	%esp, (%eax)
	movl	%edx, %esp
	popl	%edi
	popl	%esi
	popl	%ebx
	popl	%ebp
	ret
	.size switch_stacks, . - switch_stacks

/* ebp is 0: here a stack trace ends. */
	.globl thread_begin
	.type thread_begin, @function
thread_begin:
	call	thread_enter
	ud2
	.size thread_begin, . - thread_begin

	.section .note.GNU-stack, "", @progbits
