/* SPDX-License-Identifier: MIT */
/* Between __init_begin and __init_end; free_initmem() gives it back. */
#ifndef _ASM_INIT_H
#define _ASM_INIT_H

#include <linux/compiler.h>

#define __init		__section(".init.text") __cold
#define __initdata	__section(".init.data")
#define __initconst	__section(".init.rodata")

#endif
