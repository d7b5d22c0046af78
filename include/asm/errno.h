/* SPDX-License-Identifier: MIT */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <asm/errno.h>
#elif !defined(_OCTAVO_ASM_ERRNO_H)
#define _OCTAVO_ASM_ERRNO_H

#include <linux/errno.h>

#endif
