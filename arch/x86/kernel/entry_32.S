/* SPDX-License-Identifier: MIT */
/*
 * Exceptions and interrupts, from the CPU into C and back.
 *
 * Each of the 256 gates leads to a stub of its own, which completes what the
 * CPU pushed: the vector, and a zero where the CPU pushes no error code. All
 * stubs then meet.
 *
 *   flags cs ip                by the CPU
 *   error code                 by the CPU, or 0 by the stub
 *   vector                     by the stub
 *   ax bp di si dx cx bx       here
 *   ss sp                      here: what they were, since the CPU pushes them
 *                              only when it leaves user mode, of which there is
 *                              none yet; struct pt_regs is complete
 *   ip bp                      a frame, so that a stack trace that follows
 *                              %ebp names what was interrupted
 *
 * The interrupted stack is aligned to 4, and 16 words of it are used, so the
 * call finds it as it was: C code for i586 asks for no more.
 *
 * Return is to the stack that sp then names: where it was, or above, if a
 * fixup has taken what a call had pushed (extable.c). %fs is the kernel's
 * always.
 */
#include <asm/asm-offsets-ptrace.h>
#include <asm/desc.h>

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
	pushl $0
	.endif
	pushl $vector
	jmp entry_common
	vector = vector + 1
	.endr

	.balign 16
	.globl entry_common
entry_common:
	cld
	pushl %eax
	pushl %ebp
	pushl %edi
	pushl %esi
	pushl %edx
	pushl %ecx
	pushl %ebx
	pushl $__KERNEL_DS
	leal PT_REGS_SIZE - PT_REGS_SS(%esp), %eax
	pushl %eax
	movl %esp, %eax
	pushl PT_REGS_IP(%eax)
	pushl %ebp
	movl %esp, %ebp
	call x86_entry
	addl $8, %esp
	leal PT_REGS_SIZE(%esp), %eax
	movl PT_REGS_SP(%esp), %edx
	cmpl %edx, %eax
	jne 1f
	addl $8, %esp
	popl %ebx
	popl %ecx
	popl %edx
	popl %esi
	popl %edi
	popl %ebp
	popl %eax
	addl $8, %esp
	iret

/* Upwards, so from the highest word on; error_code then says where it is. */
1:	movl PT_REGS_IP + 8(%esp), %eax
	movl %eax, -4(%edx)
	movl PT_REGS_IP + 4(%esp), %eax
	movl %eax, -8(%edx)
	movl PT_REGS_IP(%esp), %eax
	movl %eax, -12(%edx)
	subl $12, %edx
	movl %edx, PT_REGS_IP - 4(%esp)
	addl $8, %esp
	popl %ebx
	popl %ecx
	popl %edx
	popl %esi
	popl %edi
	popl %ebp
	popl %eax
	movl 4(%esp), %esp
	iret

/*
 * The task of double faults, on a stack of its own. The registers of the task
 * that had one are in its task state. What the CPU pushed is an error code of
 * 0. The flag for a nested task goes: iret is to return in this one.
 */
	.globl double_fault_task
double_fault_task:
	pushl $2
	popfl
	xorl %ebp, %ebp			/* end of the chain of frames */
	call x86_double_fault
	ud2

/*
 * int copy_nofault_bytes(void *dst (eax), const void *src (edx),
 *                        size_t n (ecx))
 * Returns the bytes that were not copied.
 */
	.balign 16
	.globl copy_nofault_bytes
copy_nofault_bytes:
	pushl %esi
	pushl %edi
	movl %eax, %edi
	movl %edx, %esi
1:	rep movsb
2:	movl %ecx, %eax
	popl %edi
	popl %esi
	ret

/*
 * int call_nofault(void (*fn)(void) (eax))
 * 0; 1 when fn's first instruction may not be executed. Then the CPU reports
 * fn's address, and the return address on the stack tells who called.
 */
	.balign 16
	.globl call_nofault
call_nofault:
	pushl %ebp
	movl %esp, %ebp
	call *%eax
3:	xorl %eax, %eax
	popl %ebp
	ret
4:	movl $1, %eax
	popl %ebp
	ret

	.section octavo_ex_table, "a"
	.long 1b, 2b
	.long 3b, 4b

	.section ".note.GNU-stack", "", @progbits
