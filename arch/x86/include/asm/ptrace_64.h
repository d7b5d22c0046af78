/* SPDX-License-Identifier: MIT */
#ifndef _ASM_PTRACE_64_H
#define _ASM_PTRACE_64_H

#include <linux/types.h>

struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx;
	unsigned long r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long vector;		/* which gate; pushed by its stub */
	unsigned long error_code;	/* by the CPU, or 0 by the stub */
	unsigned long ip, cs, flags, sp, ss;	/* by the CPU */
};

/* The stack pointer at an exception, from what lies above its flags. */
static inline unsigned long interrupted_sp(const unsigned long *above)
{
	return above[0];
}

#endif
