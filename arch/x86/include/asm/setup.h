/* SPDX-License-Identifier: MIT */
/*
 * What the loader handed over, after head.c made it sound.
 */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <asm/setup.h>
#elif !defined(_OCTAVO_ASM_SETUP_H)
#define _OCTAVO_ASM_SETUP_H

#include <uapi/asm/bootparam.h>

/*
 * The boot CPU's copy of the loader's page; written by head.c only, before
 * start_kernel(), whichever loader it was.  All of its pointers are physical
 * and may reach above 4 GiB.
 */
extern struct boot_params boot_params;

#endif
