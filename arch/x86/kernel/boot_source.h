/* SPDX-License-Identifier: MIT */
/* Who loaded the kernel: what the entries tell head.c. */
#ifndef KERNEL_BOOT_SOURCE_H
#define KERNEL_BOOT_SOURCE_H

#define BOOT_SOURCE_LINUX	0	/* argument: struct boot_params */
#define BOOT_SOURCE_PVH		1	/* argument: struct hvm_start_info */
#define BOOT_SOURCE_MULTIBOOT	2	/* argument: struct multiboot_info */
#define BOOT_SOURCE_UNKNOWN	3	/* ELF entry, but not by multiboot */

#endif
