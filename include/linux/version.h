/* SPDX-License-Identifier: MIT */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/version.h>
#elif !defined(_OCTAVO_LINUX_VERSION_H)
#define _OCTAVO_LINUX_VERSION_H

/* The Linux whose documentation is followed. */
#define LINUX_VERSION_MAJOR		6
#define LINUX_VERSION_PATCHLEVEL	12
#define LINUX_VERSION_SUBLEVEL		0
#define KERNEL_VERSION(a, b, c)		(((a) << 16) + ((b) << 8) + (c))
#define LINUX_VERSION_CODE		KERNEL_VERSION(6, 12, 0)

#endif
