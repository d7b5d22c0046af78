/* SPDX-License-Identifier: MIT */
/*
 * void intcall(u8 nr, const struct biosregs *in, struct biosregs *out)
 *
 * Calls software interrupt `nr` with every register from `in`, and stores
 * every register and the flags into `out` (may be NULL).  The vector is read
 * from the table at 0:0 and entered as the INT instruction would do it: flags
 * pushed, interrupts off, far call.
 *
 * Arguments in %eax, %edx, %ecx (regparm).  Frame, from the top:
 * edi esi ebp (esp) ebx edx ecx eax | gs fs es ds | eflags  = 44 bytes.
 */
	.code16
	.section ".text", "ax"
	.globl intcall
	.type intcall, @function
intcall:
	pushl %ebp
	pushl %ebx
	pushl %esi
	pushl %edi
	pushw %es
	pushw %fs
	pushw %gs
	pushfl
	pushl %ecx

	movzbl %al, %eax
	xorl %ebx, %ebx
	movw %bx, %gs
	movl %gs:(, %eax, 4), %ebx
	movl %ebx, vector

	subw $44, %sp
	movw %sp, %di
	movw %dx, %si
	movw $11, %cx
	movw %ss, %ax
	movw %ax, %es
	cld
	rep movsl
	popal
	popw %gs
	popw %fs
	popw %es
	popw %ds
	popfl
	pushfw
	cli
	lcallw *%cs:vector

	pushfl
	pushw %ds
	pushw %es
	pushw %fs
	pushw %gs
	pushal
	movw %cs, %ax
	movw %ax, %ds
	movw %ax, %es
	movzwl %sp, %esp
	movl 44(%esp), %edi
	testw %di, %di
	jz 1f
	movw %sp, %si
	movw $11, %cx
	cld
	rep movsl
1:	addw $48, %sp
	popfl
	popw %gs
	popw %fs
	popw %es
	popl %edi
	popl %esi
	popl %ebx
	popl %ebp
	cld
	retl
	.size intcall, . - intcall

	.section ".data", "aw"
	.balign 4
vector:	.long 0

	.section ".note.GNU-stack", "", %progbits
