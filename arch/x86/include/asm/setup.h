/* SPDX-License-Identifier: MIT */
/*
 * What the loader handed over, after head64.c made it sound.
 */
#ifndef _ASM_X86_SETUP_H
#define _ASM_X86_SETUP_H

#include <uapi/asm/bootparam.h>

/*
 * The boot CPU's copy of the loader's page; written by head64.c only, before
 * start_kernel(), whichever loader it was.  All of its pointers are physical
 * and may reach above 4 GiB.
 */
extern struct boot_params boot_params;

#endif
