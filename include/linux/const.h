/* SPDX-License-Identifier: MIT */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/const.h>
#elif !defined(_OCTAVO_LINUX_CONST_H)
#define _OCTAVO_LINUX_CONST_H

#define _AC(x, y)	x##y
#define _UL(x)		_AC(x, UL)
#define _ULL(x)		_AC(x, ULL)
#define UL(x)		_UL(x)
#define ULL(x)		_ULL(x)
#define _BITUL(x)	(_UL(1) << (x))
#define _BITULL(x)	(_ULL(1) << (x))

#endif
