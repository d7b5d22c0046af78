/* SPDX-License-Identifier: MIT */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <asm/types.h>
#elif !defined(_OCTAVO_ASM_TYPES_H)
#define _OCTAVO_ASM_TYPES_H

#include <linux/types.h>

#endif
