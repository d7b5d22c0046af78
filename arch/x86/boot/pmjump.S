/* SPDX-License-Identifier: MIT */
/*
 * void protected_mode_jump(u32 entry, u32 boot_params)
 *
 * Leaves real mode for good.  The GDT is loaded (pm.c), interrupts are off.
 * At `entry`: %esi = boot_params (physical), flat 4 GiB segments, %cs = 0x10,
 * all others 0x18, paging off, other general registers zero.
 */
	.code16
	.section ".text", "ax"
	.globl protected_mode_jump
	.type protected_mode_jump, @function
protected_mode_jump:
	movl %edx, %esi
	xorl %ebx, %ebx
	movw %cs, %bx
	shll $4, %ebx
	leal flat_code(%ebx), %ecx
	pushl $0x10
	pushl %ecx
	movl %cr0, %edx
	orb $1, %dl
	movl %edx, %cr0
	lretl			/* the far return reloads %cs: now 32-bit */

	.code32
flat_code:
	movl $0x18, %ecx
	movl %ecx, %ds
	movl %ecx, %es
	movl %ecx, %fs
	movl %ecx, %gs
	movl %ecx, %ss
	addl %ebx, %esp		/* same stack, now by its linear address */
	xorl %ecx, %ecx
	xorl %edx, %edx
	xorl %ebx, %ebx
	xorl %ebp, %ebp
	xorl %edi, %edi
	jmp *%eax
	.size protected_mode_jump, . - protected_mode_jump

	.section ".note.GNU-stack", "", %progbits
