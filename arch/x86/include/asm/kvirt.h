/* SPDX-License-Identifier: MIT */
/* Kernel mappings: octavo/port.h has the contract. The CPU reads the tables
 * itself, so there is nothing to show and nothing to hide. */
#ifndef _ASM_KVIRT_H
#define _ASM_KVIRT_H

#include <linux/types.h>
#include <asm/page.h>

#ifdef CONFIG_64BIT
/* Linux's: 32 TiB less a byte, so that readers of /proc see its figures. */
#define VMALLOC_START	0xffffc90000000000UL
#define VMALLOC_END	0xffffe8ffffffffffUL
#else
#include <octavo/this_machine.h>

/* They depend on how much low memory there is, and how many CPUs. */
#define VMALLOC_START	(this_arch()->port.map.areas.vmalloc_start)
#define VMALLOC_END	(this_arch()->port.map.areas.vmalloc_end)
#endif

static inline bool port_kvirt_has(unsigned long addr)
{
	return addr - VMALLOC_START < VMALLOC_END - VMALLOC_START;
}

static inline int port_kvirt_show(unsigned long start, unsigned long end)
{
	return 0;
}

static inline void port_kvirt_hide(unsigned long start, unsigned long end)
{
}

#endif
