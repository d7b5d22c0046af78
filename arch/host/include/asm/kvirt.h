/* SPDX-License-Identifier: MIT */
/* Kernel mappings of a process: arch/host/kvirt.c. */
#ifndef _ASM_KVIRT_H
#define _ASM_KVIRT_H

#include <linux/types.h>
#include <octavo/this_machine.h>

#define VMALLOC_START	(this_machine()->kvirt.start)
#define VMALLOC_END	(this_machine()->kvirt.end)

int port_kvirt_show(unsigned long start, unsigned long end);
void port_kvirt_hide(unsigned long start, unsigned long end);

#endif
