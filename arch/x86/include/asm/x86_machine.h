/* SPDX-License-Identifier: MIT */
#ifndef _ASM_X86_MACHINE_H
#define _ASM_X86_MACHINE_H

#include <linux/types.h>

/*
 * What a PC's firmware said, the same on the booted ports and on the host.
 * b: booting CPU only.
 */
struct x86_firmware {
	phys_addr_t rsdp;		/* b: of the RSDP; 0: none */
};

#endif
