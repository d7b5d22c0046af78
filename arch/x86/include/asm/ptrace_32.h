/* SPDX-License-Identifier: MIT */
/*
 * The CPU pushes its stack pointer only where it changes the stack, and there
 * is no user mode yet: the stack of who was interrupted ends where flags do.
 * entry_32.S writes that down as sp, so that readers find it where 64 bits
 * have it, and on return goes to what sp says by then.
 */
#ifndef _ASM_PTRACE_32_H
#define _ASM_PTRACE_32_H

#include <linux/types.h>

struct pt_regs {
	unsigned long sp, ss;		/* as they were; by the entry */
	unsigned long bx, cx, dx, si, di, bp, ax;
	unsigned long vector;		/* which gate; pushed by its stub */
	unsigned long error_code;	/* by the CPU, or 0 by the stub */
	unsigned long ip, cs, flags;	/* by the CPU */
};

/* The stack pointer at an exception, from what lies above its flags. */
static inline unsigned long interrupted_sp(const unsigned long *above)
{
	return (unsigned long)above;
}

#endif
