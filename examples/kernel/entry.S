/* SPDX-License-Identifier: MIT */
/*
 * From the PVH entry (32 bits, paging off, %ebx = start info) to kernel_main()
 * in 64 bits, with the first 4 GiB mapped at their own addresses by 2 MiB
 * leaves.
 */
#define PTE_TABLE	0x003	/* present, writable */
#define PTE_LARGE	0x083	/* present, writable, 2 MiB */
#define MSR_EFER	0xc0000080

	.section .note.Xen, "a", @note
	.long 4, 4, 18			/* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz "Xen"
	.long entry

	.text
	.code32
	.globl entry
entry:
	cli
	mov	$stack_top, %esp
	mov	%ebx, %esi

	movl	$boot_pdpt + PTE_TABLE, boot_pml4
	mov	$boot_pdpt, %edi
	mov	$boot_pd + PTE_TABLE, %eax
1:	mov	%eax, (%edi)
	add	$8, %edi
	add	$4096, %eax
	cmp	$boot_pd + 4 * 4096 + PTE_TABLE, %eax
	jne	1b
	mov	$boot_pd, %edi
	mov	$PTE_LARGE, %eax
2:	mov	%eax, (%edi)
	add	$8, %edi
	add	$0x200000, %eax
	jnc	2b			/* until 4 GiB */

	mov	$boot_pml4, %eax
	mov	%eax, %cr3
	mov	%cr4, %eax
	or	$0x20, %eax		/* PAE */
	mov	%eax, %cr4
	mov	$MSR_EFER, %ecx
	rdmsr
	or	$0x100, %eax		/* LME */
	wrmsr
	mov	%cr0, %eax
	or	$0x80000001, %eax	/* PG, PE */
	mov	%eax, %cr0
	lgdt	gdt_pointer
	ljmp	$8, $3f

	.code64
3:	mov	$16, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	xor	%ebp, %ebp
	mov	%esi, %edi
	call	kernel_main
4:	hlt
	jmp	4b

	.section .rodata
	.balign 8
gdt:	.quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff
gdt_pointer:
	.word . - gdt - 1
	.long gdt

	.bss
	.balign 4096
	.globl boot_pdpt
boot_pml4:	.skip 4096
boot_pdpt:	.skip 4096
boot_pd:	.skip 4 * 4096
	.skip 16384
stack_top:

	.section .note.GNU-stack, "", @progbits
