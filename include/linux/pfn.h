/* SPDX-License-Identifier: MIT */
/* Page frame numbers and physical addresses, the same on 32 and 64 bits. */
#ifndef _LINUX_PFN_H
#define _LINUX_PFN_H

#include <linux/types.h>
#include <asm/page.h>

#define PFN_DOWN(x)	((unsigned long)((phys_addr_t)(x) >> PAGE_SHIFT))
#define PFN_UP(x)	PFN_DOWN((phys_addr_t)(x) + PAGE_SIZE - 1)
#define PFN_PHYS(x)	((phys_addr_t)(x) << PAGE_SHIFT)
#define PHYS_PFN(x)	PFN_DOWN(x)
#define PFN_ALIGN(x)	(((unsigned long)(x) + PAGE_SIZE - 1) & PAGE_MASK)

#endif
