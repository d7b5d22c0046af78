/* SPDX-License-Identifier: MIT */
/*
 * The Linux x86 boot protocol, version 2.15: what a loader hands the kernel.
 *
 * One page, `struct boot_params`, travels from whoever loaded us to
 * start_kernel():
 *
 *	our 16-bit setup ----+
 *	GRUB `linux`, kexec -+--> %esi -> struct boot_params
 *	PVH, multiboot ------+    (those two through boot_params.c)
 *
 * Offsets are fixed by the protocol; the assertions at the end hold them.
 * Areas that Octavo neither fills nor reads are kept as named padding of the
 * right size.  Included by 16, 32 and 64-bit code, so every type has one size.
 */
#ifndef _UAPI_ASM_X86_BOOTPARAM_H
#define _UAPI_ASM_X86_BOOTPARAM_H

/* setup_header.loadflags */
#define LOADED_HIGH		(1 << 0)	/* payload lives at 1 MiB */
#define KASLR_FLAG		(1 << 1)
#define QUIET_FLAG		(1 << 5)
#define KEEP_SEGMENTS		(1 << 6)
#define CAN_USE_HEAP		(1 << 7)	/* heap_end_ptr is valid */

/* setup_header.xloadflags */
#define XLF_KERNEL_64		(1 << 0)	/* 64-bit entry at +0x200 */
#define XLF_CAN_BE_LOADED_ABOVE_4G (1 << 1)

/* setup_data.type */
#define SETUP_NONE		0
#define SETUP_E820_EXT		1	/* entries that did not fit in 128 */
#define SETUP_DTB		2
#define SETUP_PCI		3
#define SETUP_EFI		4
#define SETUP_RNG_SEED		9
#define SETUP_INDIRECT		0x80000000

/* Entries that fit in boot_params.e820_table. */
#define E820_MAX_ENTRIES_ZEROPAGE	128

/* Bytes of command line the kernel keeps, without the final NUL. */
#define BOOT_CMDLINE_MAX	2047

#ifndef __ASSEMBLER__

#include <linux/types.h>

/* One range of the firmware's map, in the layout of int 0x15 AX=E820. */
struct boot_e820_entry {
	__u64 addr;	/* first byte, physical */
	__u64 size;	/* bytes */
	__u32 type;	/* 1 usable, 2 reserved, 3 ACPI data, 4 ACPI NVS, ... */
} __attribute__((packed));

/* A link of the chain that starts at setup_header.setup_data. */
struct setup_data {
	__u64 next;	/* physical address of the next link, 0: last */
	__u32 type;	/* SETUP_* */
	__u32 len;	/* bytes in data[] */
	__u8 data[];
};

/* What real mode knows of the text screen; memory size of int 0x15 AH=88h. */
struct screen_info {
	__u8 orig_x;			/* 0x00 cursor column */
	__u8 orig_y;			/* 0x01 cursor row */
	__u16 ext_mem_k;		/* 0x02 KiB above 1 MiB, from AH=88h */
	__u16 orig_video_page;		/* 0x04 */
	__u8 orig_video_mode;		/* 0x06 */
	__u8 orig_video_cols;		/* 0x07 */
	__u8 flags;			/* 0x08 */
	__u8 unused2;			/* 0x09 */
	__u16 orig_video_ega_bx;	/* 0x0a */
	__u16 unused3;			/* 0x0c */
	__u8 orig_video_lines;		/* 0x0e */
	__u8 orig_video_isVGA;		/* 0x0f */
	__u16 orig_video_points;	/* 0x10 scan lines of a character */
	__u8 lfb[46];			/* 0x12 linear frame buffer, unused */
} __attribute__((packed));

/* The part of the first sectors that loaders read and write: file 0x1f1. */
struct setup_header {
	__u8 setup_sects;		/* 0x1f1 512-byte sectors after first */
	__u16 root_flags;
	__u32 syssize;			/* 0x1f4 payload, 16-byte paragraphs */
	__u16 ram_size;
	__u16 vid_mode;
	__u16 root_dev;
	__u16 boot_flag;		/* 0x1fe 0xaa55 */
	__u16 jump;			/* 0x200 */
	__u32 header;			/* 0x202 "HdrS" */
	__u16 version;			/* 0x206 0x020f */
	__u32 realmode_swtch;		/* 0x208 seg:off called before PM */
	__u16 start_sys_seg;
	__u16 kernel_version;		/* 0x20e offset of string - 0x200 */
	__u8 type_of_loader;		/* 0x210 */
	__u8 loadflags;			/* 0x211 LOADED_HIGH ... */
	__u16 setup_move_size;
	__u32 code32_start;		/* 0x214 physical 32-bit entry */
	__u32 ramdisk_image;		/* 0x218 physical, 0: none */
	__u32 ramdisk_size;		/* 0x21c bytes */
	__u32 bootsect_kludge;
	__u16 heap_end_ptr;		/* 0x224 end of heap - 0x200 */
	__u8 ext_loader_ver;
	__u8 ext_loader_type;
	__u32 cmd_line_ptr;		/* 0x228 physical, NUL-terminated */
	__u32 initrd_addr_max;		/* 0x22c last byte an initrd may use */
	__u32 kernel_alignment;
	__u8 relocatable_kernel;
	__u8 min_alignment;
	__u16 xloadflags;		/* 0x236 XLF_* */
	__u32 cmdline_size;		/* 0x238 BOOT_CMDLINE_MAX */
	__u32 hardware_subarch;
	__u64 hardware_subarch_data;
	__u32 payload_offset;
	__u32 payload_length;
	__u64 setup_data;		/* 0x250 first struct setup_data */
	__u64 pref_address;		/* 0x258 where the payload must lie */
	__u32 init_size;		/* 0x260 bytes needed there, with bss */
	__u32 handover_offset;
	__u32 kernel_info_offset;	/* 0x268 */
} __attribute__((packed));

/* The page itself ("zero page"). */
struct boot_params {
	struct screen_info screen_info;	/* 0x000 */
	__u8 apm_bios_info[0x14];	/* 0x040 */
	__u8 _pad2[4];			/* 0x054 */
	__u64 tboot_addr;		/* 0x058 */
	__u8 ist_info[0x10];		/* 0x060 */
	__u64 acpi_rsdp_addr;		/* 0x070 physical, 0: search for it */
	__u8 _pad3[8];			/* 0x078 */
	__u8 hd0_info[16];		/* 0x080 */
	__u8 hd1_info[16];		/* 0x090 */
	__u8 sys_desc_table[0x10];	/* 0x0a0 */
	__u8 olpc_ofw_header[0x10];	/* 0x0b0 */
	__u32 ext_ramdisk_image;	/* 0x0c0 bits 32..63 */
	__u32 ext_ramdisk_size;		/* 0x0c4 bits 32..63 */
	__u32 ext_cmd_line_ptr;		/* 0x0c8 bits 32..63 */
	__u8 _pad4[112];		/* 0x0cc */
	__u32 cc_blob_address;		/* 0x13c */
	__u8 edid_info[0x80];		/* 0x140 */
	__u8 efi_info[0x20];		/* 0x1c0 */
	__u32 alt_mem_k;		/* 0x1e0 KiB above 1 MiB, from E801 */
	__u32 scratch;			/* 0x1e4 E820 entries not stored */
	__u8 e820_entries;		/* 0x1e8 valid in e820_table */
	__u8 eddbuf_entries;		/* 0x1e9 */
	__u8 edd_mbr_sig_buf_entries;	/* 0x1ea */
	__u8 kbd_status;		/* 0x1eb */
	__u8 secure_boot;		/* 0x1ec */
	__u8 _pad5[2];			/* 0x1ed */
	__u8 sentinel;			/* 0x1ef not 0: loader did not clear */
	__u8 _pad6[1];			/* 0x1f0 */
	struct setup_header hdr;	/* 0x1f1 */
	__u8 _pad7[0x290 - 0x1f1 - sizeof(struct setup_header)];
	__u8 edd_mbr_sig_buffer[0x40];	/* 0x290 */
	struct boot_e820_entry e820_table[E820_MAX_ENTRIES_ZEROPAGE];
	__u8 _pad8[48];			/* 0xcd0 */
	__u8 eddbuf[0x1ec];		/* 0xd00 */
	__u8 _pad9[276];		/* 0xeec */
} __attribute__((packed));

#define BOOTPARAM_AT(field, offset) \
	_Static_assert(__builtin_offsetof(struct boot_params, field) == \
		       (offset), "boot protocol: " #field " has moved")

BOOTPARAM_AT(screen_info.ext_mem_k, 0x002);
BOOTPARAM_AT(acpi_rsdp_addr, 0x070);
BOOTPARAM_AT(ext_ramdisk_image, 0x0c0);
BOOTPARAM_AT(ext_cmd_line_ptr, 0x0c8);
BOOTPARAM_AT(efi_info, 0x1c0);
BOOTPARAM_AT(alt_mem_k, 0x1e0);
BOOTPARAM_AT(scratch, 0x1e4);
BOOTPARAM_AT(e820_entries, 0x1e8);
BOOTPARAM_AT(sentinel, 0x1ef);
BOOTPARAM_AT(hdr, 0x1f1);
BOOTPARAM_AT(hdr.boot_flag, 0x1fe);
BOOTPARAM_AT(hdr.version, 0x206);
BOOTPARAM_AT(hdr.loadflags, 0x211);
BOOTPARAM_AT(hdr.code32_start, 0x214);
BOOTPARAM_AT(hdr.ramdisk_image, 0x218);
BOOTPARAM_AT(hdr.heap_end_ptr, 0x224);
BOOTPARAM_AT(hdr.cmd_line_ptr, 0x228);
BOOTPARAM_AT(hdr.cmdline_size, 0x238);
BOOTPARAM_AT(hdr.setup_data, 0x250);
BOOTPARAM_AT(hdr.init_size, 0x260);
BOOTPARAM_AT(e820_table, 0x2d0);
_Static_assert(sizeof(struct boot_params) == 0x1000,
	       "boot protocol: boot_params is one page");

#endif /* __ASSEMBLER__ */
#endif /* _UAPI_ASM_X86_BOOTPARAM_H */
