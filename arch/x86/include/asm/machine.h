/* SPDX-License-Identifier: MIT */
/* The one machine of a booted kernel, at a constant address. */
#ifndef _ASM_MACHINE_H
#define _ASM_MACHINE_H

#include <asm/early_ioremap.h>
#include <asm/memtype_types.h>
#include <asm/x86_machine.h>
#include <asm/x86_port.h>

struct machine;

struct arch_machine {
	struct x86_firmware fw;		/* what the firmware said */
	struct x86_port port;		/* what the CPU can, how it is mapped */
	struct early_ioremap_state early_ioremap;	/* b: its slots */
	struct memtype_state memtype;	/* own lock: how addresses outside RAM
					 * are cached */
};

extern struct machine octavo_machine;

#define this_machine()	(&octavo_machine)

#endif
