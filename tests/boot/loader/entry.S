/* SPDX-License-Identifier: MIT */
/*
 * Ways in and out of the test loader: PVH entry (32-bit, paging off), and the
 * jumps to a kernel's 32-bit and 64-bit entries.
 */
#define XEN_ELFNOTE_PHYS32_ENTRY 18
#define STACK_SIZE	4096

	.section ".note.Xen", "a", @note
	.balign 4
	.long 4, 4, XEN_ELFNOTE_PHYS32_ENTRY
	.asciz "Xen"
	.long loader_entry

	.text
	.code32
	.globl loader_entry
loader_entry:
	cld
	movl $stack_end, %esp
	pushl %ebx
	call loader_main
	hlt

/* void enter_32(u32 entry, u32 params): as the boot protocol asks. */
	.globl enter_32
enter_32:
	movl 4(%esp), %eax
	movl 8(%esp), %esi
	xorl %ebx, %ebx
	xorl %ebp, %ebp
	xorl %edi, %edi
	jmp *%eax

/*
 * void enter_64(const struct move *moves, u64 entry, u64 params): turns on
 * paging with the tables at early_pml4, carries out the moves (ended by one of
 * no length), and enters with %rsi = params.
 */
	.globl enter_64
enter_64:
	movl 4(%esp), %ebx
	movl %esp, %ebp
	lgdt gdt_pointer
	movl $0x20, %eax		/* PAE */
	movl %eax, %cr4
	movl $early_pml4, %eax
	movl %eax, %cr3
	movl $0xc0000080, %ecx		/* EFER.LME */
	rdmsr
	btsl $8, %eax
	wrmsr
	movl $0x80000001, %eax		/* PG, PE */
	movl %eax, %cr0
	ljmp $0x10, $1f
	.code64
1:	movl %ebx, %ebx
	movl %ebp, %ebp
2:	movq 16(%rbx), %rcx
	testq %rcx, %rcx
	jz 3f
	movq (%rbx), %rdi
	movq 8(%rbx), %rsi
	rep movsb
	addq $24, %rbx
	jmp 2b
3:	movq 8(%rbp), %rax
	movq 16(%rbp), %rsi
	jmp *%rax

	.data
	.balign 8
gdt:
	.quad 0, 0
	.quad 0x00af9b000000ffff	/* 0x10: 64-bit code */
	.quad 0x00cf93000000ffff	/* 0x18: data */
gdt_pointer:
	.word . - gdt - 1
	.long gdt

	.bss
	.balign 16
	.skip STACK_SIZE
stack_end:
	.section ".note.GNU-stack", "", @progbits
