/* SPDX-License-Identifier: MIT */
/*
 * The unit tests' jump out of a case: kunit_jump_64.S says what it is about.
 * The first argument is in %eax.
 *
 *   jmp[0..3]  ebx ebp esi edi, which calls must preserve
 *   jmp[4]     the stack pointer once kunit_setjmp has returned
 *   jmp[5]     where it returns to
 */
	.text

	.globl	kunit_setjmp
	.type	kunit_setjmp, @function
kunit_setjmp:
	movl	%ebx, 0(%eax)
	movl	%ebp, 4(%eax)
	movl	%esi, 8(%eax)
	movl	%edi, 12(%eax)
	leal	4(%esp), %edx
	movl	%edx, 16(%eax)
	movl	(%esp), %edx
	movl	%edx, 20(%eax)
	xorl	%eax, %eax
	ret
	.size	kunit_setjmp, . - kunit_setjmp

	.globl	kunit_longjmp
	.type	kunit_longjmp, @function
kunit_longjmp:
	movl	%eax, %edx
	movl	0(%edx), %ebx
	movl	4(%edx), %ebp
	movl	8(%edx), %esi
	movl	12(%edx), %edi
	movl	16(%edx), %esp
	movl	$1, %eax
	jmp	*20(%edx)
	.size	kunit_longjmp, . - kunit_longjmp

	.section .note.GNU-stack, "", @progbits
