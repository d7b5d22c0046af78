/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLE_KERNEL_H
#define EXAMPLE_KERNEL_H

#include <linux/types.h>

/* What a PVH loader hands over: Xen's public ABI, as far as it is read here. */
struct pvh_start_info {
	u32 magic, version, flags, nr_modules;
	u64 modules, command_line, rsdp, memmap;
	u32 memmap_entries, reserved;
};

struct pvh_memmap_entry {
	u64 addr, size;
	u32 type, reserved;
};

#define PVH_MAGIC	0x336ec578u
#define PVH_RAM		1u

/*
 * Shuts interrupts out, measures the clock and keeps @info for setup_arch().
 * Before all else.
 */
void port_setup(const struct pvh_start_info *info);
/* Where entry.S goes on. */
void kernel_main(const struct pvh_start_info *info);

#endif
