/* SPDX-License-Identifier: MIT */
/* Kernel mappings of a process: arch/host/kvirt.c. */
#ifndef _ASM_KVIRT_H
#define _ASM_KVIRT_H

#include <linux/types.h>
#include <octavo/machine.h>

#define VMALLOC_START	(this_machine()->kvirt.start)
#define VMALLOC_END	(this_machine()->kvirt.end)

static inline bool port_kvirt_has(unsigned long addr)
{
	return addr - VMALLOC_START < VMALLOC_END - VMALLOC_START;
}

int port_kvirt_show(unsigned long start, unsigned long end);
void port_kvirt_hide(unsigned long start, unsigned long end);

#endif
