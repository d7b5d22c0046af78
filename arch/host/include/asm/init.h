/* SPDX-License-Identifier: MIT */
#ifndef _ASM_INIT_H
#define _ASM_INIT_H

/* A process starts machines again and again: nothing is given back. */
#define __init
#define __initdata
#define __initconst

#endif
