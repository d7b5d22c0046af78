/* SPDX-License-Identifier: MIT */
/* A kernel that embeds the core maps what it wants itself. */
#ifndef _ASM_KVIRT_H
#define _ASM_KVIRT_H

#include <linux/types.h>

#define VMALLOC_START	0UL
#define VMALLOC_END	0UL

static inline bool port_kvirt_has(unsigned long addr)
{
	return false;
}

#endif
