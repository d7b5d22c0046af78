/* SPDX-License-Identifier: MIT */
/*
 * Exceptions and interrupts, from the CPU into C and back.
 *
 * Each of the 256 gates leads to a stub of its own, which completes what the
 * CPU pushed to the shape of struct pt_regs: the vector, and a zero where the
 * CPU pushes no error code. All stubs then meet.
 *
 *   ss sp flags cs ip          by the CPU
 *   error code                 by the CPU, or 0 by the stub
 *   vector                     by the stub
 *   di si dx cx ax r8 .. r15   here: struct pt_regs is complete
 *   ip bp                      a frame, so that a stack trace that follows
 *                              %rbp names what was interrupted
 *
 * The CPU aligns the stack to 16 before it pushes; 22 words and the frame's
 * two keep that for the call. The base of %gs is the kernel's always: there
 * is no user mode yet.
 */
#include <asm/asm-offsets-ptrace.h>

	.text

/* Vectors for which the CPU pushes an error code: 8, 10-14, 17, 21, 29, 30. */
#define PUSHES_ERROR_CODE	0x60227d00

	.balign 16
	.globl entry_stubs
entry_stubs:
	vector = 0
	.rept 256
	.balign 16
	.if (vector >= 32) || !((PUSHES_ERROR_CODE >> (vector & 31)) & 1)
	pushq $0
	.endif
	pushq $vector
	jmp entry_common
	vector = vector + 1
	.endr

	.balign 16
	.globl entry_common
entry_common:
	cld
	pushq %rdi
	pushq %rsi
	pushq %rdx
	pushq %rcx
	pushq %rax
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	pushq %rbx
	pushq %rbp
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	movq %rsp, %rdi
	pushq PT_REGS_IP(%rdi)
	pushq %rbp
	movq %rsp, %rbp
	call x86_entry
	addq $16, %rsp
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbp
	popq %rbx
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rax
	popq %rcx
	popq %rdx
	popq %rsi
	popq %rdi
	addq $16, %rsp
	iretq

/*
 * int copy_nofault_bytes(void *dst, const void *src, size_t n)
 * Returns the bytes that were not copied.
 */
	.balign 16
	.globl copy_nofault_bytes
copy_nofault_bytes:
	movq %rdx, %rcx
1:	rep movsb
2:	movq %rcx, %rax
	ret

/*
 * int call_nofault(void (*fn)(void))
 * 0; 1 when fn's first instruction may not be executed. Then the CPU reports
 * fn's address, and the return address on the stack tells who called.
 */
	.balign 16
	.globl call_nofault
call_nofault:
	pushq %rbp
	movq %rsp, %rbp
	call *%rdi
3:	xorl %eax, %eax
	popq %rbp
	ret
4:	movl $1, %eax
	popq %rbp
	ret

	.section octavo_ex_table, "a"
	.quad 1b, 2b
	.quad 3b, 4b

	.section ".note.GNU-stack", "", @progbits
