/* SPDX-License-Identifier: MIT */
/*
 * First sectors of the bzImage: boot sector, protocol header, real-mode entry.
 *
 *	0x000  boot sector: says that a loader is needed
 *	0x1ef  sentinel, non-zero in the file
 *	0x1f1  struct setup_header, read and written by the loader
 *	0x200  entry; the loader jumps to (segment + 0x20):0
 *	0x26c  end of header, code and data follow
 *
 * The loader puts these sectors at any segment below 640 KiB and the payload
 * at 1 MiB.  Everything here lives in that one 64 KiB segment:
 *
 *	0       setup_sects * 512       _end            heap_end_ptr + 0x200
 *	+-------+----------------------+---------------+
 *	| code, data | .bss            | stack grows v |
 *	+-------+----------------------+---------------+
 *
 * Fields that depend on the payload (setup_sects, syssize, init_size,
 * kernel_info_offset), and on its width (xloadflags, initrd_addr_max), are zero
 * here; tools/build/bzimage.py fills them in.
 */
#include <uapi/asm/bootparam.h>

/* Deepest call chain of the setup code is far below this (bytes). */
#define STACK_SIZE	1024

/* Where the payload is linked to run; see arch/x86/kernel/sections.lds. */
#define LOAD_PHYSICAL_ADDR	0x100000

	.code16
	.section ".bstext", "ax"
	.globl bootsect_start
bootsect_start:
	ljmp $0x07c0, $1f
1:	movw %cs, %ax
	movw %ax, %ds
	movw %ax, %ss
	movw $0x7c00, %sp
	sti
	cld
	movw $bootsect_message, %si
2:	lodsb
	testb %al, %al
	jz 3f
	movb $0x0e, %ah
	movw $7, %bx
	int $0x10
	jmp 2b
3:	xorw %ax, %ax
	int $0x16
	int $0x19
	hlt
	jmp 3b

bootsect_message:
	.asciz "Octavo needs a boot loader: QEMU -kernel, GRUB or kexec.\r\n"

	.section ".header", "a"
	.globl hdr, sentinel
sentinel:		.byte 0xff, 0xff
hdr:
setup_sects:		.byte 0
root_flags:		.word 0
syssize:		.long 0
ram_size:		.word 0
vid_mode:		.word 0xffff
root_dev:		.word 0
boot_flag:		.word 0xaa55

	.globl _start
_start:
	.byte 0xeb, start_of_setup - 1f		/* short jmp */
1:
			.ascii "HdrS"
			.word 0x020f
	.globl realmode_swtch
realmode_swtch:		.long 0
start_sys_seg:		.word 0x1000
			.word kernel_version - 0x200
type_of_loader:		.byte 0
loadflags:		.byte LOADED_HIGH
setup_move_size:	.word 0x8000
code32_start:		.long LOAD_PHYSICAL_ADDR
ramdisk_image:		.long 0
ramdisk_size:		.long 0
bootsect_kludge:	.long 0
heap_end_ptr:		.word _end + STACK_SIZE - 0x200
ext_loader_ver:		.byte 0
ext_loader_type:	.byte 0
cmd_line_ptr:		.long 0
initrd_addr_max:	.long 0
kernel_alignment:	.long 0x1000
relocatable_kernel:	.byte 1
min_alignment:		.byte 12
xloadflags:		.word 0
cmdline_size:		.long BOOT_CMDLINE_MAX
hardware_subarch:	.long 0
hardware_subarch_data:	.quad 0
payload_offset:		.long 0
payload_length:		.long 0
setup_data:		.quad 0
pref_address:		.quad LOAD_PHYSICAL_ADDR
init_size:		.long 0
handover_offset:	.long 0
kernel_info_offset:	.long 0

	.section ".entrytext", "ax"
/*
 * In: %ds is our segment, %cs is %ds + 0x20, %ss:%sp is the loader's.
 * Make all segments equal, choose a stack, clear .bss and go to C.
 */
start_of_setup:
	cli
	cld
	movw %ds, %ax
	movw %ax, %es
	movw heap_end_ptr, %dx
	testb $CAN_USE_HEAP, loadflags
	jnz 1f
	movw $_end + STACK_SIZE - 0x200, %dx
1:	addw $0x200, %dx
	jnc 2f
	movw $0xfffc, %dx		/* heap reaches the segment's end */
2:	andw $~3, %dx
	cmpw $_end + STACK_SIZE, %dx
	jae 3f
	movw $_end + STACK_SIZE, %dx	/* loader promised too little */
3:	movw %ax, %ss
	movzwl %dx, %esp
	sti

	pushw %ds
	pushw $4f
	lretw
4:
	cmpl $0x5a5aaa55, setup_signature
	jne setup_truncated

	movw $__bss_start, %di
	movw $_end + 3, %cx
	xorl %eax, %eax
	subw %di, %cx
	shrw $2, %cx
	rep stosl

	calll main

/* The loader read fewer sectors than setup_sects says. */
setup_truncated:
	movl $truncated_message, %eax
	calll puts
	.globl die
die:
	hlt
	jmp die

	.section ".rodata", "a"
truncated_message:
	.asciz "octavo-setup: setup code is truncated: the loader read too few sectors\n"
kernel_version:
	.asciz "octavo"

	.section ".note.GNU-stack", "", %progbits
