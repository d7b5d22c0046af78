/* SPDX-License-Identifier: MIT */
/*
 * The switch between two kernel stacks. What a C function may expect to find
 * again after a call, and nothing more, is saved: six registers. Flags need
 * not be, since both sides have interrupts off; segments and page tables are
 * the same for all threads, and nobody uses vector registers.
 *
 *   a saved stack, from sp:  r15 r14 r13 r12 rbx rbp | return address
 *
 * process.c writes the same picture for a thread that has not run yet, with
 * thread_begin as the return address.
 */
	.text

/* void switch_stacks(unsigned long *from (rdi), unsigned long to (rsi)) */
	.globl switch_stacks
	.type switch_stacks, @function
switch_stacks:
	push	%rbp
	push	%rbx
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	mov	%rsp, (%rdi)
	mov	%rsi, %rsp
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp
	ret
	.size switch_stacks, . - switch_stacks

/* rbp is 0: here a stack trace ends. */
	.globl thread_begin
	.type thread_begin, @function
thread_begin:
	call	thread_enter
	ud2
	.size thread_begin, . - thread_begin

	.section .note.GNU-stack, "", @progbits
