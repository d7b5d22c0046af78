// SPDX-License-Identifier: MIT
/*
 * Two loaders that do not speak the Linux boot protocol, made to; and one that
 * speaks it carelessly, put right.
 *
 *	                 PVH                       multiboot
 *	memory map       memmap_paddr              mmap_addr, or mem_upper
 *	command line     cmdline_paddr             cmdline
 *	initrd           module 0                  module 0
 *	ACPI             rsdp_paddr                searched for later
 *
 * Both number memory types as E820 does.  The code holds no privileged
 * instruction and sees memory only through a struct boot_memory.
 */
#include <linux/string.h>
#include <asm/boot_params.h>

/* "We were loaded by something without a number of its own." */
#define LOADER_UNDEFINED	0xff

#define HDRS_MAGIC		0x53726448u	/* "HdrS" */

static bool buffer_read(const struct boot_memory *m, void *to, u64 at,
			size_t size)
{
	if (at > m->limit || size > m->limit - at)
		return false;
	memcpy(to, m->ram + at, size);
	return true;
}

struct boot_memory boot_buffer(const u8 *ram, u64 limit)
{
	return (struct boot_memory){ buffer_read, ram, limit };
}

static void header_init(struct boot_params *bp)
{
	bp->hdr.boot_flag = 0xaa55;
	bp->hdr.header = HDRS_MAGIC;
	bp->hdr.version = 0x020f;
	bp->hdr.type_of_loader = LOADER_UNDEFINED;
	bp->hdr.loadflags = LOADED_HIGH;
	bp->hdr.cmdline_size = BOOT_CMDLINE_MAX;
}

static void cmdline_set(struct boot_params *bp, u64 at)
{
	bp->hdr.cmd_line_ptr = (u32)at;
	bp->ext_cmd_line_ptr = (u32)(at >> 32);
}

static void initrd_set(struct boot_params *bp, u64 at, u64 size)
{
	bp->hdr.ramdisk_image = (u32)at;
	bp->ext_ramdisk_image = (u32)(at >> 32);
	bp->hdr.ramdisk_size = (u32)size;
	bp->ext_ramdisk_size = (u32)(size >> 32);
}

static void range_add(struct boot_params *bp, u64 addr, u64 size, u32 type)
{
	struct boot_e820_entry *entry;

	if (bp->e820_entries == E820_MAX_ENTRIES_ZEROPAGE) {
		bp->scratch++;
		return;
	}
	entry = &bp->e820_table[bp->e820_entries++];
	entry->addr = addr;
	entry->size = size;
	entry->type = type;
}

const char *boot_params_from_pvh(struct boot_params *bp,
				 const struct boot_memory *m, u64 at)
{
	struct hvm_memmap_table_entry range;
	struct hvm_modlist_entry module;
	struct hvm_start_info info;
	u32 i;

	if (!m->read(m, &info, at, sizeof(info)))
		return "PVH: start info lies outside of memory";
	if (info.magic != HVM_START_MAGIC)
		return "PVH: start info has no magic number";

	header_init(bp);
	cmdline_set(bp, info.cmdline_paddr);
	bp->acpi_rsdp_addr = info.rsdp_paddr;
	if (info.nr_modules) {
		if (!m->read(m, &module, info.modlist_paddr, sizeof(module)))
			return "PVH: module list lies outside of memory";
		initrd_set(bp, module.paddr, module.size);
	}

	/* Version 0 has no map; memmap_paddr is then somebody else's byte. */
	if (info.version < 1)
		return "PVH: start info is version 0, without a memory map";
	for (i = 0; i < info.memmap_entries; i++) {
		if (!m->read(m, &range,
			     info.memmap_paddr + (u64)i * sizeof(range),
			     sizeof(range)))
			return "PVH: memory map reaches outside of memory";
		range_add(bp, range.addr, range.size, range.type);
	}
	return NULL;
}

static const char *multiboot_ranges(struct boot_params *bp,
				    const struct boot_memory *m, u32 at,
				    u32 length)
{
	/* Bytes of an entry that `size` does not count: itself. */
	const u32 uncounted = sizeof(u32);
	struct multiboot_mmap range;
	u64 end = (u64)at + length;
	u64 next = at;

	while (next + sizeof(range) <= end) {
		if (!m->read(m, &range, next, sizeof(range)))
			return "multiboot: memory map reaches outside of memory";
		if (range.size < sizeof(range) - uncounted)
			return "multiboot: memory map entry is too short";
		range_add(bp, range.addr, range.len, range.type);
		next += (u64)range.size + uncounted;
	}
	return NULL;
}

const char *boot_params_from_multiboot(struct boot_params *bp,
				       const struct boot_memory *m, u64 at)
{
	struct multiboot_module module;
	struct multiboot_info info;

	if (!m->read(m, &info, at, sizeof(info)))
		return "multiboot: information lies outside of memory";

	header_init(bp);
	if (info.flags & MULTIBOOT_INFO_CMDLINE)
		cmdline_set(bp, info.cmdline);
	if (info.flags & MULTIBOOT_INFO_MEMORY)
		bp->alt_mem_k = info.mem_upper;
	if ((info.flags & MULTIBOOT_INFO_MODS) && info.mods_count) {
		if (!m->read(m, &module, info.mods_addr, sizeof(module)))
			return "multiboot: module list lies outside of memory";
		if (module.end < module.start)
			return "multiboot: module 0 ends before it starts";
		initrd_set(bp, module.start, module.end - module.start);
	}
	if (!(info.flags & MULTIBOOT_INFO_MMAP))
		return NULL;
	return multiboot_ranges(bp, m, info.mmap_addr, info.mmap_length);
}

/* Clear [from, to). */
static void clear(void *from, const void *to)
{
	memset(from, 0, (size_t)((const u8 *)to - (u8 *)from));
}

bool boot_params_sanitize(struct boot_params *bp)
{
	u32 alt_mem_k = bp->alt_mem_k;
	u8 entries = bp->e820_entries;

	if (!bp->sentinel)
		return false;
	clear(bp->apm_bios_info, &bp->hdr);
	bp->alt_mem_k = alt_mem_k;
	bp->e820_entries = entries;
	clear(bp->_pad7, bp->e820_table);
	clear(bp->_pad8, bp + 1);
	return true;
}
