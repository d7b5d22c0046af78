/* SPDX-License-Identifier: MIT */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <asm/param.h>
#elif !defined(_OCTAVO_ASM_PARAM_H)
#define _OCTAVO_ASM_PARAM_H

#include <linux/param.h>

#endif
