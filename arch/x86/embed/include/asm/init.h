/* SPDX-License-Identifier: MIT */
#ifndef _ASM_INIT_H
#define _ASM_INIT_H

/* The kernel's linker script need not know: nothing is given back. */
#define __init
#define __initdata
#define __initconst

#endif
