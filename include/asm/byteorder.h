/* SPDX-License-Identifier: MIT */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <asm/byteorder.h>
#elif !defined(_OCTAVO_ASM_BYTEORDER_H)
#define _OCTAVO_ASM_BYTEORDER_H

#include <linux/byteorder.h>

#endif
