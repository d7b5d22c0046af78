/* SPDX-License-Identifier: MIT */
/*
 * The unit tests' jump out of a case (lib/kunit.c): setjmp and longjmp without
 * a library. The compilers have built-in ones, but clang's loses the base
 * register of a frame that a sanitizer realigns.
 *
 *   jmp[0..5]  rbx rbp r12 r13 r14 r15, which calls must preserve
 *   jmp[6]     the stack pointer once kunit_setjmp has returned
 *   jmp[7]     where it returns to
 */
	.text

	.globl	kunit_setjmp
	.type	kunit_setjmp, @function
kunit_setjmp:
	movq	%rbx, 0(%rdi)
	movq	%rbp, 8(%rdi)
	movq	%r12, 16(%rdi)
	movq	%r13, 24(%rdi)
	movq	%r14, 32(%rdi)
	movq	%r15, 40(%rdi)
	leaq	8(%rsp), %rax
	movq	%rax, 48(%rdi)
	movq	(%rsp), %rax
	movq	%rax, 56(%rdi)
	xorl	%eax, %eax
	ret
	.size	kunit_setjmp, . - kunit_setjmp

	.globl	kunit_longjmp
	.type	kunit_longjmp, @function
kunit_longjmp:
	movq	0(%rdi), %rbx
	movq	8(%rdi), %rbp
	movq	16(%rdi), %r12
	movq	24(%rdi), %r13
	movq	32(%rdi), %r14
	movq	40(%rdi), %r15
	movq	48(%rdi), %rsp
	movl	$1, %eax
	jmp	*56(%rdi)
	.size	kunit_longjmp, . - kunit_longjmp

	.section .note.GNU-stack, "", @progbits
