/* SPDX-License-Identifier: MIT */
/*
 * Every loader's hand-over, made one sound struct boot_params.
 *
 * PVH and multiboot (version 1) are read only through a struct boot_memory.  So
 * the same code runs on the booted kernel, which shows itself each piece for a
 * moment, and on any buffer in a test.
 */
#ifndef _ASM_X86_BOOT_PARAMS_H
#define _ASM_X86_BOOT_PARAMS_H

#include <linux/types.h>
#include <uapi/asm/bootparam.h>

/* PVH: struct hvm_start_info, versions 0 and 1. */
#define HVM_START_MAGIC		0x336ec578u	/* "xEn3", bit 7 of E set */

struct hvm_start_info {
	u32 magic;		/* HVM_START_MAGIC */
	u32 version;		/* 1: the memory map is there */
	u32 flags;
	u32 nr_modules;
	u64 modlist_paddr;	/* struct hvm_modlist_entry[nr_modules] */
	u64 cmdline_paddr;	/* NUL-terminated, 0: none */
	u64 rsdp_paddr;		/* 0: not told */
	u64 memmap_paddr;	/* struct hvm_memmap_table_entry[] */
	u32 memmap_entries;
	u32 reserved;
};

struct hvm_modlist_entry {
	u64 paddr;		/* the first module is the initrd */
	u64 size;		/* bytes */
	u64 cmdline_paddr;
	u64 reserved;
};

struct hvm_memmap_table_entry {
	u64 addr;		/* first byte, physical */
	u64 size;		/* bytes */
	u32 type;		/* as in E820 */
	u32 reserved;
};

/* Multiboot information, as far as it is read here. */
#define MULTIBOOT_INFO_MEMORY	(1 << 0)
#define MULTIBOOT_INFO_CMDLINE	(1 << 2)
#define MULTIBOOT_INFO_MODS	(1 << 3)
#define MULTIBOOT_INFO_MMAP	(1 << 6)

struct multiboot_info {
	u32 flags;		/* which of the fields below are valid */
	u32 mem_lower;		/* KiB from 0 */
	u32 mem_upper;		/* KiB from 1 MiB */
	u32 boot_device;
	u32 cmdline;		/* NUL-terminated */
	u32 mods_count;
	u32 mods_addr;		/* struct multiboot_module[mods_count] */
	u32 syms[4];
	u32 mmap_length;	/* bytes */
	u32 mmap_addr;		/* struct multiboot_mmap, one after another */
};

struct multiboot_module {
	u32 start;		/* the first module is the initrd */
	u32 end;		/* first byte after it */
	u32 string;
	u32 reserved;
};

struct multiboot_mmap {
	u32 size;		/* bytes that follow, 20 or more */
	u64 addr;		/* first byte, physical */
	u64 len;		/* bytes */
	u32 type;		/* as in E820 */
} __attribute__((packed));

/* Physical memory, as far as the reader gets at it. */
struct boot_memory {
	/*
	 * Copies the @size bytes at physical @at; false, and nothing is
	 * copied, if they are not all there.
	 */
	bool (*read)(const struct boot_memory *m, void *to, u64 at,
		     size_t size);
	const u8 *ram;		/* of boot_buffer(): physical p is ram[p] */
	u64 limit;		/* of boot_buffer(): bytes */
};

/* The memory is the @limit bytes at @ram. */
struct boot_memory boot_buffer(const u8 *ram, u64 limit);

/*
 * Fill *bp, which the caller has cleared, from the structure at physical
 * address `at`.  Returns NULL, or a line that says what is wrong; *bp then
 * holds what was sound up to there.  Ranges beyond the 128 that fit are
 * counted in bp->scratch.  Any context; keeps no reference to memory.
 */
const char *boot_params_from_pvh(struct boot_params *bp,
				 const struct boot_memory *m, u64 at);
const char *boot_params_from_multiboot(struct boot_params *bp,
				       const struct boot_memory *m, u64 at);

/*
 * Make a page from a loader of the Linux protocol sound.  A loader that copies
 * the header sectors without clearing the rest of the page leaves the sentinel
 * of header.S in it, and stale bytes elsewhere: then only what every loader
 * fills in by itself is kept.  Returns whether that was so.
 */
bool boot_params_sanitize(struct boot_params *bp);

#endif
